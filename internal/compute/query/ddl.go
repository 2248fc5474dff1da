package query

import (
	"context"
	"errors"

	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// action is what a statement about the catalog does.
type action func(ctx context.Context) error

// planAction makes a statement without rows of an action.
func (p *prepared) planAction(do action) error {
	p.kind = KindDDL
	p.run = func(ctx context.Context, _ []any) (Rows, error) {
		if err := do(ctx); err != nil {
			return nil, err
		}
		return BatchRows(p.kind, p.tag, nil), nil
	}
	return nil
}

// object reads the name of a table: its database is the statement's unless said.
func (p *prepared) object(n dialect.Name) (database, name string, err error) {
	if !ownCatalog(n.Catalog()) {
		return "", "", p.src.fail(TableNotFound, n.Offset, "Catalog '%s' does not exist", n.Catalog())
	}
	database = n.Database()
	if database == "" {
		database = p.database
	}
	return strings.ToLower(database), strings.ToLower(n.Object()), nil
}

// databaseName reads the name of a database.
func (p *prepared) databaseName(n dialect.Name) (string, error) {
	if len(n.Parts) > 2 || len(n.Parts) == 2 && !ownCatalog(n.Parts[0]) {
		return "", p.src.fail(DatabaseNotFound, n.Offset, "Schema '%s' does not exist", n)
	}
	return strings.ToLower(n.Object()), nil
}

func (p *prepared) createDatabase(st *dialect.CreateDatabase) action {
	return func(ctx context.Context) error {
		name, err := p.databaseName(st.Name)
		if err != nil {
			return err
		}
		if err := p.s.allowTable(ctx, "create", name, ""); err != nil {
			return err
		}
		if st.Location != "" {
			if _, _, err := splitLocation(st.Location); err != nil {
				return err
			}
		}
		err = p.s.needs.Catalog.CreateDatabase(ctx, catalog.Database{Name: name, Description: st.Comment, LocationURI: st.Location, Parameters: st.Properties.Map()})
		if errors.Is(err, catalog.DatabaseExists) {
			if st.IfNotExists {
				return nil
			}
			return p.src.fail(AlreadyExists, st.Name.Offset, "Schema '%s' already exists", name)
		}
		return err
	}
}

func (p *prepared) dropDatabase(st *dialect.DropDatabase) action {
	return func(ctx context.Context) error {
		name, err := p.databaseName(st.Name)
		if err != nil {
			return err
		}
		if err := p.s.allowTable(ctx, "drop", name, ""); err != nil {
			return err
		}
		if !st.Cascade {
			tables, _, err := p.s.needs.Catalog.ListTables(ctx, name, "", "", 1)
			if err == nil && len(tables) > 0 {
				return p.src.fail(NotEmpty, st.Name.Offset, "Database %s is not empty. One or more tables exist: drop them first, or add CASCADE", name)
			}
		}
		err = p.s.needs.Catalog.DeleteDatabase(ctx, name)
		if errors.Is(err, catalog.DatabaseNotFound) {
			if st.IfExists {
				return nil
			}
			return p.src.fail(DatabaseNotFound, st.Name.Offset, "Schema '%s' does not exist", name)
		}
		return err
	}
}

func (p *prepared) alterDatabase(st *dialect.AlterDatabase) action {
	return func(ctx context.Context) error {
		name, err := p.databaseName(st.Name)
		if err != nil {
			return err
		}
		if err := p.s.allowTable(ctx, "alter", name, ""); err != nil {
			return err
		}
		d, err := p.s.needs.Catalog.GetDatabase(ctx, name)
		if errors.Is(err, catalog.DatabaseNotFound) {
			return p.src.fail(DatabaseNotFound, st.Name.Offset, "Schema '%s' does not exist", name)
		}
		if err != nil {
			return err
		}
		if st.Location != "" {
			d.LocationURI = st.Location
		}
		d.Parameters = merge(d.Parameters, st.Properties.Map())
		return p.s.needs.Catalog.UpdateDatabase(ctx, name, d)
	}
}

func merge(to, from map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range []map[string]string{to, from} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

func (p *prepared) dropTables(names []dialect.Name, ifExists, views bool) action {
	return func(ctx context.Context) error {
		for _, n := range names {
			if err := p.dropTable(ctx, n, ifExists, views); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p *prepared) dropTable(ctx context.Context, n dialect.Name, ifExists, view bool) error {
	db, name, err := p.object(n)
	if err != nil {
		return err
	}
	if err := p.s.allowTable(ctx, "drop", db, name); err != nil {
		return err
	}
	t, err := p.s.table(ctx, p.src.fail, n.Offset, db, name)
	if err != nil {
		if ifExists && fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}
	if isView(&t) != view {
		what, verb := "a table", "DROP TABLE"
		if !view {
			what, verb = "a view", "DROP VIEW"
		}
		return p.src.fail(Semantic, n.Offset, "%s.%s is %s: use %s", db, name, what, verb)
	}
	err = p.s.needs.Catalog.DeleteTable(ctx, db, name)
	if ifExists && errors.Is(err, catalog.TableNotFound) {
		return nil
	}
	return err
}

func (p *prepared) createTable(st *dialect.CreateTable) action {
	return func(ctx context.Context) error {
		db, name, err := p.object(st.Name)
		if err != nil {
			return err
		}
		t, err := p.describeTable(ctx, st, db, name)
		if err != nil {
			return err
		}
		if err := p.s.allowTable(ctx, "create", db, name); err != nil {
			return err
		}
		if err := p.s.allowLocation(ctx, "read", t.Storage.Location); err != nil {
			return err
		}
		return p.addTable(ctx, t, st.Name.Offset, st.IfNotExists)
	}
}

// addTable puts a table into the catalog.
func (p *prepared) addTable(ctx context.Context, t catalog.Table, at int, ifNotExists bool) error {
	err := p.s.needs.Catalog.CreateTable(ctx, t)
	if ifNotExists && errors.Is(err, catalog.TableExists) {
		return nil
	}
	return p.notAdded(err, t, at)
}

// notAdded says in the statement's words why a table was not added.
func (p *prepared) notAdded(err error, t catalog.Table, at int) error {
	switch {
	case errors.Is(err, catalog.TableExists):
		return p.src.fail(AlreadyExists, at, "Table '%s.%s' already exists", t.Database, t.Name)
	case errors.Is(err, catalog.DatabaseNotFound):
		return p.src.fail(DatabaseNotFound, at, "Schema '%s' does not exist", t.Database)
	}
	return err
}

// describeTable makes the catalog's description of a CREATE EXTERNAL TABLE.
func (p *prepared) describeTable(ctx context.Context, st *dialect.CreateTable, db, name string) (catalog.Table, error) {
	if err := p.refuseTable(st); err != nil {
		return catalog.Table{}, err
	}
	if st.Like != nil {
		return p.likeTable(ctx, st, db, name)
	}
	storage, err := p.storageOf(st)
	if err != nil {
		return catalog.Table{}, err
	}
	t := catalog.Table{Database: db, Name: name, Type: "EXTERNAL_TABLE", Storage: storage, PartitionKeys: catalogColumns(st.Partitions),
		Parameters: merge(map[string]string{"EXTERNAL": "TRUE", "transient_lastDdlTime": strconv.FormatInt(time.Now().Unix(), 10)}, st.Properties.Map())}
	if st.Comment != "" {
		t.Parameters["comment"] = st.Comment
	}
	seen := map[string]bool{}
	for _, c := range append(append([]dialect.ColumnDef{}, st.Columns...), st.Partitions...) {
		if seen[strings.ToLower(c.Name)] {
			return t, p.src.fail(Semantic, c.Offset, "Column name '%s' specified more than once", c.Name)
		}
		seen[strings.ToLower(c.Name)] = true
	}
	_, err = formatOf(&t, t.Storage, len(t.Storage.Columns)) // refuse now what could not be read later
	return t, err
}

func (p *prepared) refuseTable(st *dialect.CreateTable) error {
	kind, _ := st.Properties.Get("table_type")
	switch {
	case kind.Text != "":
		return p.src.fail(Unsupported, st.Name.Offset, "tables of the type %s are not supported: use CREATE EXTERNAL TABLE", kind.Text)
	case !st.External:
		return p.src.fail(Unsupported, st.Name.Offset, "CREATE TABLE makes no table of files: use CREATE EXTERNAL TABLE with a LOCATION, or CREATE TABLE AS SELECT")
	case len(st.Transforms) > 0:
		return p.src.fail(Unsupported, st.Name.Offset, "PARTITIONED BY takes columns with their types: partition transforms are not supported")
	case st.Location == "":
		return p.src.fail(Semantic, st.Name.Offset, "no location was given: add LOCATION 's3://bucket/prefix/'")
	case len(st.ClusteredBy) > 0:
		return p.src.fail(Unsupported, st.Name.Offset, "CLUSTERED BY is not supported: buckets would not be used")
	}
	_, _, err := splitLocation(st.Location)
	return err
}

func (p *prepared) likeTable(ctx context.Context, st *dialect.CreateTable, db, name string) (catalog.Table, error) {
	fromDB, from, err := p.object(*st.Like)
	if err != nil {
		return catalog.Table{}, err
	}
	if err := p.s.allowTable(ctx, "read", fromDB, from); err != nil {
		return catalog.Table{}, err
	}
	t, err := p.s.table(ctx, p.src.fail, st.Like.Offset, fromDB, from)
	t.Database, t.Name, t.Storage.Location, t.Version = db, name, st.Location, ""
	return t, err
}

func catalogColumns(in []dialect.ColumnDef) []catalog.Column {
	out := make([]catalog.Column, len(in))
	for i, c := range in {
		out[i] = catalog.Column{Name: strings.ToLower(c.Name), Type: c.Type.Hive(), Comment: c.Comment}
	}
	return out
}

// fileFormat is the classes that other engines load for a format.
type fileFormat struct{ input, output, serde string }

const textInput, textOutput = "org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

// fileFormats are the names that STORED AS takes.
func fileFormats() map[string]fileFormat {
	return map[string]fileFormat{
		"PARQUET": {"org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
			"org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat", parquetSerde},
		"TEXTFILE": {textInput, textOutput, lazySerde},
		"JSONFILE": {textInput, textOutput, hiveJSON2},
	}
}

func (p *prepared) storageOf(st *dialect.CreateTable) (catalog.Storage, error) {
	as := st.StoredAs
	if as == "" {
		as = "TEXTFILE"
	}
	f, ok := fileFormats()[as]
	if !ok {
		return catalog.Storage{}, p.src.fail(Unsupported, st.Name.Offset, "STORED AS %s is not supported: use PARQUET, TEXTFILE or JSONFILE", as)
	}
	if st.InputFormat != "" {
		f.input, f.output = st.InputFormat, st.OutputFormat
	}
	out := catalog.Storage{Columns: catalogColumns(st.Columns), Location: st.Location, InputFormat: f.input, OutputFormat: f.output,
		Serde: catalog.Serde{Library: f.serde, Parameters: map[string]string{}}}
	if st.RowFormat.Serde != "" {
		out.Serde.Library = st.RowFormat.Serde
	}
	out.Serde.Parameters = merge(delimiters(st.RowFormat), st.RowFormat.Properties.Map())
	return out, nil
}

// delimiters are the serde's parameters for ROW FORMAT DELIMITED.
func delimiters(r dialect.RowFormat) map[string]string {
	out := map[string]string{"serialization.format": "1"}
	for k, v := range map[string]string{"field.delim": r.Fields, "escape.delim": r.Escape, "collection.delim": r.Collection,
		"mapkey.delim": r.MapKeys, "line.delim": r.Lines, "serialization.null.format": r.Null} {
		if v != "" {
			out[k] = v
		}
	}
	if r.Fields != "" {
		out["serialization.format"] = r.Fields
	}
	return out
}

// change edits a table and puts it back, if it is still what was read.
func (p *prepared) change(ctx context.Context, n dialect.Name, edit func(t *catalog.Table) error) error {
	db, name, err := p.object(n)
	if err != nil {
		return err
	}
	if err := p.s.allowTable(ctx, "alter", db, name); err != nil {
		return err
	}
	t, err := p.s.table(ctx, p.src.fail, n.Offset, db, name)
	if err != nil {
		return err
	}
	if isView(&t) {
		return p.src.fail(Semantic, n.Offset, "%s.%s is a view: use CREATE OR REPLACE VIEW", db, name)
	}
	if err := edit(&t); err != nil {
		return err
	}
	t.Parameters = merge(t.Parameters, map[string]string{"transient_lastDdlTime": strconv.FormatInt(time.Now().Unix(), 10)})
	return p.s.needs.Catalog.UpdateTable(ctx, t, t.Version, true)
}

// badColumn refuses a column that the table does not have.
func (p *prepared) badColumn(at int, t *catalog.Table, name string) error {
	return p.src.fail(ColumnNotFound, at, "Column '%s' of table %s.%s does not exist", name, t.Database, t.Name)
}

func columnIndex(columns []catalog.Column, name string) int {
	for i, c := range columns {
		if strings.EqualFold(c.Name, name) {
			return i
		}
	}
	return -1
}
