package dialect

import "strings"

// Statement is one statement that [Parse] read: a pointer to one of the structs
// of this package.
type Statement interface {
	// Tag is the statement's command words, as in "CREATE EXTERNAL TABLE".
	Tag() string
}

// Name is a dotted name as it is compared (see [Fold]).
type Name struct {
	Parts  []string
	Offset int // of the name in the statement's text, in bytes
}

// Object is the last part of the name: the table's or view's.
func (n Name) Object() string { return n.part(0) }

// Database is the part before the object, or empty.
func (n Name) Database() string { return n.part(1) }

// Catalog is what stands before the database, or empty.
func (n Name) Catalog() string {
	if len(n.Parts) < 3 {
		return ""
	}
	return strings.Join(n.Parts[:len(n.Parts)-2], ".")
}

func (n Name) part(fromEnd int) string {
	if len(n.Parts) <= fromEnd {
		return ""
	}
	return n.Parts[len(n.Parts)-1-fromEnd]
}

// String is the name with dots.
func (n Name) String() string { return strings.Join(n.Parts, ".") }

// Query is a SELECT, WITH, VALUES, TABLE or a query in brackets. Its text is
// not read further here: see [Translate].
type Query struct {
	Text   string
	Offset int // of Text in the statement, in bytes
}

// Property is a key with a value, as in WITH (format = 'PARQUET') and
// TBLPROPERTIES ('k' = 'v').
type Property struct {
	Key    string
	Value  Value
	Offset int // of the key, in bytes
}

// Value is what a property is set to: a string, a number, a word (true), or a
// list of them.
type Value struct {
	Text string
	Kind TokenKind // String, Number, Word; EOF for a list
	List []Value
}

// Properties are in the order written; keys are unique.
type Properties []Property

// Get returns the value of a key, and whether it is there.
func (p Properties) Get(key string) (Value, bool) {
	for _, e := range p {
		if strings.EqualFold(e.Key, key) {
			return e.Value, true
		}
	}
	return Value{}, false
}

// Map is the properties as strings; lists are left out.
func (p Properties) Map() map[string]string {
	m := map[string]string{}
	for _, e := range p {
		if e.Value.Kind != EOF {
			m[e.Key] = e.Value.Text
		}
	}
	return m
}

// ColumnDef is a column of a CREATE or ALTER TABLE.
type ColumnDef struct {
	Name    string
	Type    Type
	Comment string
	NotNull bool
	Offset  int // of the name, in bytes
}

// CreateDatabase is CREATE DATABASE|SCHEMA.
type CreateDatabase struct {
	Name        Name
	IfNotExists bool
	Comment     string
	Location    string
	Properties  Properties
}

// DropDatabase is DROP DATABASE|SCHEMA.
type DropDatabase struct {
	Name     Name
	IfExists bool
	Cascade  bool
}

// AlterDatabase is ALTER DATABASE|SCHEMA name SET DBPROPERTIES or LOCATION.
type AlterDatabase struct {
	Name       Name
	Properties Properties
	Location   string
}

// CreateTable is CREATE [EXTERNAL] TABLE with columns.
type CreateTable struct {
	Name        Name
	External    bool
	IfNotExists bool
	Columns     []ColumnDef
	Comment     string
	Partitions  []ColumnDef // PARTITIONED BY (c type)
	Transforms  []Transform // PARTITIONED BY (c, bucket(8, d)) of a table format
	ClusteredBy []string
	Buckets     int
	SortedBy    []SortColumn
	RowFormat   RowFormat
	// StoredAs is the format's name in upper case ("PARQUET"); InputFormat and
	// OutputFormat are set instead when classes are named.
	StoredAs     string
	InputFormat  string
	OutputFormat string
	Location     string
	Properties   Properties // TBLPROPERTIES
	Like         *Name      // CREATE TABLE a LIKE b
}

// Transform is a partition of a table format: a column as it is, or a function
// of it.
type Transform struct {
	Function string // "" , "year", "month", "day", "hour", "bucket", "truncate"
	Argument int    // of bucket and truncate
	Column   string
}

// SortColumn is a column of SORTED BY.
type SortColumn struct {
	Column     string
	Descending bool
}

// RowFormat says how rows lie in text files.
type RowFormat struct {
	Serde      string // the class, or empty
	Properties Properties
	Delimited  bool
	// What DELIMITED names, decoded: '\t' and '\001' are one character.
	Fields, Escape, Collection, MapKeys, Lines, Null string
}

// CreateTableAs is CREATE TABLE ... AS query.
type CreateTableAs struct {
	Name        Name
	IfNotExists bool
	Temporary   bool
	Columns     []string
	Comment     string
	Properties  Properties // WITH (...)
	Query       Query
	NoData      bool
}

// Insert is INSERT INTO.
type Insert struct {
	Table   Name
	Columns []string
	Query   Query
}

// DropTable is DROP TABLE.
type DropTable struct {
	Names    []Name
	IfExists bool
	Cascade  bool
	Purge    bool
}

// CreateView is CREATE [OR REPLACE] VIEW.
type CreateView struct {
	Name        Name
	OrReplace   bool
	IfNotExists bool
	Columns     []string
	Comment     string
	Query       Query
}

// DropView is DROP VIEW.
type DropView struct {
	Names    []Name
	IfExists bool
	Cascade  bool
}

// PartitionSpec is PARTITION (a = '1', b = 2).
type PartitionSpec []PartitionValue

// PartitionValue is one column of a partition. Operator is "=" but in DROP
// PARTITION, where it may be any comparison.
type PartitionValue struct {
	Column   string
	Operator string
	Value    string
	Quoted   bool // the value was a string
}

// AddedPartition is one partition of ADD PARTITION.
type AddedPartition struct {
	Spec     PartitionSpec
	Location string
}

// AlterTable is ALTER TABLE name action.
type AlterTable struct {
	Name   Name
	Action AlterAction
}

// AlterAction is what an ALTER TABLE does: one of the structs below.
type AlterAction interface{ alter() string }

// AddPartitions is ADD [IF NOT EXISTS] PARTITION (...) [LOCATION '...'] ...
type AddPartitions struct {
	IfNotExists bool
	Partitions  []AddedPartition
}

// DropPartitions is DROP [IF EXISTS] PARTITION (...), ...
type DropPartitions struct {
	IfExists   bool
	Partitions []PartitionSpec
	Purge      bool
}

// RenamePartition is PARTITION (...) RENAME TO PARTITION (...).
type RenamePartition struct{ From, To PartitionSpec }

// AddColumns is ADD COLUMNS (...).
type AddColumns struct {
	Columns     []ColumnDef
	IfNotExists bool
}

// ReplaceColumns is REPLACE COLUMNS (...).
type ReplaceColumns struct{ Columns []ColumnDef }

// ChangeColumn is CHANGE [COLUMN] old new type [COMMENT] [FIRST|AFTER c].
type ChangeColumn struct {
	Old    string
	Column ColumnDef
	First  bool
	After  string
}

// DropColumns is DROP COLUMN c or DROP COLUMNS (a, b).
type DropColumns struct {
	Columns  []string
	IfExists bool
}

// RenameColumn is RENAME COLUMN a TO b.
type RenameColumn struct{ From, To string }

// RenameTable is RENAME TO name.
type RenameTable struct{ To Name }

// SetLocation is [PARTITION (...)] SET LOCATION '...'.
type SetLocation struct {
	Partition PartitionSpec
	Location  string
}

// SetProperties is SET TBLPROPERTIES (...).
type SetProperties struct{ Properties Properties }

// UnsetProperties is UNSET TBLPROPERTIES [IF EXISTS] ('k', ...).
type UnsetProperties struct {
	Keys     []string
	IfExists bool
}

// SetSerde is [PARTITION (...)] SET SERDE 'class' [WITH SERDEPROPERTIES (...)]
// or SET SERDEPROPERTIES (...).
type SetSerde struct {
	Partition  PartitionSpec
	Serde      string
	Properties Properties
}

func (*AddPartitions) alter() string   { return "ADD PARTITION" }
func (*DropPartitions) alter() string  { return "DROP PARTITION" }
func (*RenamePartition) alter() string { return "RENAME PARTITION" }
func (*AddColumns) alter() string      { return "ADD COLUMNS" }
func (*ReplaceColumns) alter() string  { return "REPLACE COLUMNS" }
func (*ChangeColumn) alter() string    { return "CHANGE COLUMN" }
func (*DropColumns) alter() string     { return "DROP COLUMN" }
func (*RenameColumn) alter() string    { return "RENAME COLUMN" }
func (*RenameTable) alter() string     { return "RENAME" }
func (*SetLocation) alter() string     { return "SET LOCATION" }
func (*SetProperties) alter() string   { return "SET TBLPROPERTIES" }
func (*UnsetProperties) alter() string { return "UNSET TBLPROPERTIES" }
func (*SetSerde) alter() string        { return "SET SERDE" }

// RepairTable is MSCK REPAIR TABLE [ADD|DROP|SYNC PARTITIONS].
type RepairTable struct {
	Name      Name
	Add, Drop bool
}

// Show is one of the lake's SHOW statements.
type Show struct {
	What      ShowKind
	Name      *Name  // the table, view or database it is about
	Pattern   string // Hive's: * for any text, | between choices; both forms mean it
	Escape    string
	IsLike    bool // the word LIKE was written
	Partition PartitionSpec
	Key       string // SHOW TBLPROPERTIES t ('key')
}

// ShowKind is what a SHOW shows.
type ShowKind string

// What can be shown.
const (
	ShowDatabases   ShowKind = "DATABASES"
	ShowTables      ShowKind = "TABLES"
	ShowViews       ShowKind = "VIEWS"
	ShowColumns     ShowKind = "COLUMNS"
	ShowPartitions  ShowKind = "PARTITIONS"
	ShowProperties  ShowKind = "TBLPROPERTIES"
	ShowCreateTable ShowKind = "CREATE TABLE"
	ShowCreateView  ShowKind = "CREATE VIEW"
	ShowFunctions   ShowKind = "FUNCTIONS"
	ShowCatalogs    ShowKind = "CATALOGS"
	ShowSession     ShowKind = "SESSION"
	ShowStats       ShowKind = "STATS"
)

// Describe is DESCRIBE [EXTENDED|FORMATTED] name [PARTITION (...)] [column].
type Describe struct {
	Name                Name
	Extended, Formatted bool
	Partition           PartitionSpec
	Column              string
}

// DescribeDatabase is DESCRIBE DATABASE|SCHEMA name.
type DescribeDatabase struct {
	Name     Name
	Extended bool
}

// DescribePrepared is DESCRIBE INPUT|OUTPUT name.
type DescribePrepared struct {
	Name  string
	Input bool
}

// Explain is EXPLAIN [ANALYZE] [VERBOSE] [(options)] statement.
type Explain struct {
	Analyze   bool
	Verbose   bool
	Options   Properties // FORMAT text|graphviz|json|yaml, TYPE logical|distributed|validate|io, ...
	Statement Statement
	Offset    int // of the inner statement, in bytes
}

// Unload is UNLOAD (query) TO 'location' WITH (...).
type Unload struct {
	Query      Query
	To         string
	Properties Properties
}

// Use is USE [catalog.]database.
type Use struct{ Name Name }

// Prepare is PREPARE name FROM statement, or PREPARE name (types) AS statement.
type Prepare struct {
	Name      string
	Types     []Type
	Statement Statement
	Text      string // of the inner statement
	Offset    int
}

// Execute is EXECUTE name USING a, b, or EXECUTE name (a, b); arguments are
// text.
type Execute struct {
	Name string
	Args []Query
}

// Deallocate is DEALLOCATE [PREPARE] name; an empty name is ALL.
type Deallocate struct{ Name string }

// Unsupported is a statement of another engine or one that is not built.
type Unsupported struct {
	Name   string // its leading words: "CREATE INDEX"
	Offset int
}

// Empty is a text without a statement.
type Empty struct{}

// Tag of each statement.
func (*Query) Tag() string          { return "SELECT" }
func (*CreateDatabase) Tag() string { return "CREATE DATABASE" }
func (*DropDatabase) Tag() string   { return "DROP DATABASE" }
func (*AlterDatabase) Tag() string  { return "ALTER DATABASE" }
func (s *CreateTable) Tag() string {
	if s.External {
		return "CREATE EXTERNAL TABLE"
	}
	return "CREATE TABLE"
}
func (*CreateTableAs) Tag() string    { return "CREATE TABLE AS SELECT" }
func (*Insert) Tag() string           { return "INSERT" }
func (*DropTable) Tag() string        { return "DROP TABLE" }
func (*CreateView) Tag() string       { return "CREATE VIEW" }
func (*DropView) Tag() string         { return "DROP VIEW" }
func (s *AlterTable) Tag() string     { return "ALTER TABLE " + s.Action.alter() }
func (*RepairTable) Tag() string      { return "MSCK REPAIR TABLE" }
func (s *Show) Tag() string           { return "SHOW " + string(s.What) }
func (*Describe) Tag() string         { return "DESCRIBE" }
func (*DescribeDatabase) Tag() string { return "DESCRIBE DATABASE" }
func (s *DescribePrepared) Tag() string {
	if s.Input {
		return "DESCRIBE INPUT"
	}
	return "DESCRIBE OUTPUT"
}
func (*Explain) Tag() string       { return "EXPLAIN" }
func (*Unload) Tag() string        { return "UNLOAD" }
func (*Use) Tag() string           { return "USE" }
func (*Prepare) Tag() string       { return "PREPARE" }
func (*Execute) Tag() string       { return "EXECUTE" }
func (*Deallocate) Tag() string    { return "DEALLOCATE" }
func (s *Unsupported) Tag() string { return s.Name }
func (*Empty) Tag() string         { return "EMPTY" }
