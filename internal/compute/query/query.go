// Package query answers SQL over the tables of the catalog.
//
// A SELECT goes through six steps. Translate: compute/dialect writes it in the
// engine's words. Check: the engine parses it and the parse tree is walked;
// what could reach files, settings, the network or the engine's own catalog is
// refused by name (sandbox.go). Bind: every table in the tree is looked up in
// the catalog (bind.go). Prune: conditions on partition keys choose partitions
// (prune.go). Files: the objects of the chosen partitions get local names that
// stay readable whatever happens to the objects (files.go). Run: each table in
// the text is replaced by a sub-query that reads its files as the catalog says
// (relation.go, parquet.go, text.go, json.go), and the engine streams the rows.
//
// Statements that write let the engine write files to a folder of their own;
// the files become objects in one transaction and then partitions, so that
// nothing is visible of a statement that failed or was killed (write.go).
// Statements about the catalog are in ddl.go, alter.go, show.go.
//
// The caller is the context's principal; [Access] is asked for every table and
// every location.
package query

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// Dialect is the SQL that a statement is written in.
type Dialect = dialect.Dialect

// The dialects.
const (
	Lake      = dialect.Lake      // Trino's, with Hive DDL: what the query-in-place doors speak
	Warehouse = dialect.Warehouse // PostgreSQL's: what the warehouse door speaks
)

// Statement is one SQL statement and what it is read against. The caller is
// the context's principal.
type Statement struct {
	SQL      string
	Dialect  Dialect
	Database string // the database of unqualified names; empty for "default" ("public" in the warehouse)
	// Output is "s3://bucket/prefix/" for the files of a CREATE TABLE AS that
	// names no location; empty for a folder of the database's location.
	Output string
	// BytesMax refuses with ScanLimit a statement that would open more bytes of
	// files, before it reads them; 0 is no bound.
	BytesMax int64
}

// Kind is the class of a statement.
type Kind string

// The kinds of statement.
const (
	KindSelect  Kind = "SELECT"
	KindInsert  Kind = "INSERT"
	KindCTAS    Kind = "CREATE TABLE AS"
	KindUnload  Kind = "UNLOAD"
	KindDDL     Kind = "DDL"     // creates, drops, alters
	KindUtility Kind = "UTILITY" // SHOW, DESCRIBE, EXPLAIN: rows about things
)

// Column is a column of a result.
type Column struct {
	Name     string
	Type     string         // Trino's name of the type: "bigint", "decimal(10,2)", "array(varchar)"
	Arrow    arrow.DataType // how Next's batches carry it
	Nullable bool
}

// Stats says what a statement cost.
type Stats struct {
	BytesScanned int64 // of files opened for it
	RowsWritten  int64
	Planning     time.Duration
	Execution    time.Duration
	FilesRead    int
	Partitions   int // matched
}

// Target is where a CREATE TABLE AS, INSERT or UNLOAD wrote.
type Target struct {
	Database, Table string   // empty for UNLOAD
	Location        string   // "s3://bucket/prefix/"
	Files           []string // "s3://..." of each file written
}

// Rows is a running statement. It is read by one goroutine; Close it always.
type Rows interface {
	Kind() Kind
	// Tag is the statement's command word, as in "CREATE EXTERNAL TABLE", "SHOW".
	Tag() string
	// Columns describes the batches; empty for statements without rows.
	Columns() []Column
	// Next returns the next batch, which the caller releases, or io.EOF.
	Next(ctx context.Context) (arrow.RecordBatch, error)
	// Stats is complete after Next returned io.EOF.
	Stats() Stats
	// Target is set for statements that write.
	Target() *Target
	Close() error
}

// Prepared is a statement whose types are known. It may run several times,
// one Rows open at a time or more. Close it.
type Prepared interface {
	Kind() Kind
	Tag() string
	Columns() []Column
	// Parameters are the types of $1, $2 ... or ? in order; a nil Arrow type
	// says that any text will do.
	Parameters() []Column
	// Execute runs the statement. An argument is nil, bool, int64, float64,
	// string (cast to the parameter's type), []byte or time.Time.
	Execute(ctx context.Context, args []any) (Rows, error)
	Close() error
}

// Access says whether the context's principal may do something. verb is "read",
// "write", "create", "alter" or "drop". An error ends the statement.
type Access interface {
	// Table asks for a table, or with an empty name for a database.
	Table(ctx context.Context, verb, database, table string) error
	// Data asks for the object of that key, or with a key that is empty or
	// ends in a slash for all below it. It is asked for the location of every
	// table, and again for each object that is read or written: a partition
	// may lie elsewhere, and a policy may leave out a part of the location.
	Data(ctx context.Context, verb, bucket, key string) error
}

// System answers for the relations that describe the catalog itself, such as
// information_schema.tables. found is false for a relation it does not know; a
// schema that it knows no relation of may still be a database.
type System interface {
	Relation(ctx context.Context, d Dialect, database, schema, table string) (sql string, found bool, err error)
}

// Needs are the parts that the service works with.
type Needs struct {
	Catalog *catalog.Service
	Objects *object.Service
	Access  Access // nil: everything is allowed
	System  System // nil: no relation
	Log     *slog.Logger
	Folder  string // the data folder; its tmp holds the pins and what is written
}

// Service plans and runs statements; safe for concurrent use.
type Service struct {
	cfg    Config
	needs  Needs
	engine *duck.Engine
	allow  map[Dialect]*allowance
	tmp    string
}

// Open makes the service. The engine starts with the first statement.
func Open(cfg Config, needs Needs) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	tmp, err := filepath.Abs(filepath.Join(needs.Folder, "tmp"))
	if err != nil {
		return nil, err
	}
	if tmp, err = filepath.EvalSymlinks(tmp); err != nil {
		return nil, err
	}
	ec := cfg.Engine
	ec.TempDir, ec.AllowedDirs = filepath.Join(tmp, "spill"), []string{tmp}
	ec.Setup, ec.Functions = setup(), []duck.TextFunction{jsonFunction(), csvLines()}
	engine, err := duck.Open(ec)
	if err != nil {
		return nil, err
	}
	allow := map[Dialect]*allowance{Lake: newAllowance(Lake), Warehouse: newAllowance(Warehouse)}
	return &Service{cfg: cfg, needs: needs, engine: engine, allow: allow, tmp: tmp}, nil
}

// SetSystem joins the relations that describe the catalog, which need the
// service themselves. Call it before the first statement.
func (s *Service) SetSystem(sys System) { s.needs.System = sys }

// Close ends the engine when the running statements are closed.
func (s *Service) Close() error { return s.engine.Close() }

// allowTable asks whether the caller may do something with a table.
func (s *Service) allowTable(ctx context.Context, verb, database, table string) error {
	if s.needs.Access == nil {
		return nil
	}
	return s.needs.Access.Table(ctx, verb, database, table)
}

// allowData asks whether the caller may do something with objects.
func (s *Service) allowData(ctx context.Context, verb, bucket, key string) error {
	if s.needs.Access == nil {
		return nil
	}
	return s.needs.Access.Data(ctx, verb, bucket, key)
}
