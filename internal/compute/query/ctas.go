package query

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// planCTAS plans CREATE TABLE ... AS: a table over the files of a query's rows.
func (s *Service) planCTAS(ctx context.Context, p *prepared, st *dialect.CreateTableAs) error {
	p.kind = KindCTAS
	if st.Temporary {
		return p.src.fail(Unsupported, st.Name.Offset, "temporary tables are not supported")
	}
	o, err := p.readOptions(st.Properties, false)
	if err != nil {
		return err
	}
	probe, err := p.probe(ctx, st.Query)
	if err != nil {
		return err
	}
	to := &sink{form: o.outForm(), keys: len(o.partitions)}
	if to.columns, err = p.outColumns(probe.columns, st.Columns, true); err != nil {
		return err
	}
	if err := p.keysLast(to.columns, o.partitions); err != nil {
		return err
	}
	p.params, p.casts = probe.params, probe.casts
	p.run = func(ctx context.Context, args []any) (Rows, error) {
		rows, err := s.runCTAS(ctx, p, st, args, o, *to)
		if err != nil {
			return nil, err
		}
		return rows, nil
	}
	return nil
}

// probe plans a query that stands inside a statement.
func (p *prepared) probe(ctx context.Context, q dialect.Query) (*prepared, error) {
	probe := &prepared{s: p.s, src: p.src, database: p.database}
	return probe, p.s.planSelect(ctx, probe, q)
}

// outColumns are the columns of files with a query's rows. strict is for
// tables, whose columns need names and types that the catalog knows.
func (p *prepared) outColumns(in []Column, names []string, strict bool) ([]outColumn, error) {
	if len(names) > 0 && len(names) != len(in) {
		return nil, p.src.fail(Semantic, -1, "Column alias list has %d entries but relation has %d columns", len(names), len(in))
	}
	out := make([]outColumn, len(in))
	seen := map[string]bool{}
	for i, c := range in {
		kind, err := dialect.ParseType(c.Type)
		if err != nil {
			return nil, err
		}
		name := strings.ToLower(c.Name)
		if len(names) > 0 {
			name = strings.ToLower(names[i])
		}
		if seen[name] {
			return nil, p.src.fail(Semantic, -1, "Column name '%s' specified more than once", name)
		}
		seen[name] = true
		out[i] = outColumn{name, kind}
		if !strict {
			continue
		}
		if len(names) == 0 && strings.HasPrefix(name, "_col") {
			if _, err := strconv.Atoi(name[4:]); err == nil {
				return nil, p.src.fail(Semantic, -1, "Column name not specified at position %d: give the expression a name with AS", i+1)
			}
		}
		if err := p.storable(name, kind); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// storable refuses types that a table's files do not have.
func (p *prepared) storable(name string, kind dialect.Type) error {
	switch kind.Kind {
	case dialect.Unknown:
		return p.src.fail(TypeMismatch, -1, "Column type is unknown: %s: cast it", name)
	case dialect.Time, dialect.TimeTZ, dialect.TimestampTZ, dialect.Interval, dialect.IntervalDay, dialect.IntervalMonth, dialect.JSON,
		dialect.UUID, dialect.IPAddress, dialect.Bit, dialect.Union:
		return p.src.fail(Unsupported, -1, "Unsupported Hive type: %s of column %s: cast it, as in CAST(%s AS varchar)", kind.Trino(), name, name)
	}
	for _, f := range kind.Fields {
		if err := p.storable(name, f.Type); err != nil {
			return err
		}
	}
	return nil
}

// keysLast checks that the partition keys are the last columns in their order.
func (p *prepared) keysLast(columns []outColumn, keys []string) error {
	if len(keys) >= len(columns) {
		return p.src.fail(Semantic, -1, "Table contains only partition columns")
	}
	for i, k := range keys {
		c := columns[len(columns)-len(keys)+i]
		if c.name != k {
			return p.src.fail(Semantic, -1, "Partition keys must be the last columns in the table and in the same order as the table properties: [%s]", strings.Join(keys, ", "))
		}
		if c.kind.IsNested() || c.kind.Kind == dialect.Varbinary {
			return p.src.fail(Unsupported, -1, "a partition key of the type %s is not supported", c.kind.Trino())
		}
	}
	return nil
}

func (s *Service) runCTAS(ctx context.Context, p *prepared, st *dialect.CreateTableAs, args []any, o options, to sink) (Rows, error) {
	db, name, err := p.object(st.Name)
	if err != nil {
		return nil, err
	}
	if err := s.allowTable(ctx, "create", db, name); err != nil {
		return nil, err
	}
	if _, err := s.needs.Catalog.GetTable(ctx, db, name); err == nil {
		if st.IfNotExists {
			return BatchRows(p.kind, p.tag, nil), nil
		}
		return nil, p.src.fail(AlreadyExists, st.Name.Offset, "Table '%s.%s' already exists", db, name)
	} else if errors.Is(err, catalog.DatabaseNotFound) {
		return nil, p.src.fail(DatabaseNotFound, st.Name.Offset, "Schema '%s' does not exist", db)
	}
	location, err := p.newLocation(ctx, st.Name, o.location, db, name)
	if err != nil {
		return nil, err
	}
	if to.bucket, to.prefix, err = s.emptyPlace(ctx, location); err != nil {
		return nil, err
	}
	location = "s3://" + to.bucket + "/" + to.prefix
	t := newTable(db, name, location, o, to)
	out := outcome{done: func() {}}
	if !st.NoData {
		if out, err = s.output(ctx, p, st.Query, args, &to); err != nil {
			return nil, err
		}
	}
	defer out.done()
	parts, err := s.newPartitions(&t, out.files)
	if err != nil {
		return nil, err
	}
	files, err := s.adopt(ctx, &to, out.files, func(values []string) (string, string) {
		return to.bucket, to.prefix + folderOf(t.PartitionKeys, values)
	}, s.register(t, parts))
	if err != nil {
		return nil, p.notAdded(err, t, st.Name.Offset)
	}
	return wrote(p, out.stats, &Target{Database: db, Table: name, Location: location, Files: files}), nil
}

// register puts a new table with its partitions into the catalog.
func (s *Service) register(t catalog.Table, parts []catalog.Partition) func(tx *meta.Tx) error {
	return func(tx *meta.Tx) error {
		if err := s.needs.Catalog.CreateTableIn(tx, t); err != nil || len(parts) == 0 {
			return err
		}
		return s.needs.Catalog.CreatePartitionsIn(tx, t.Database, t.Name, parts, true)
	}
}

// newLocation is where a new table's files go: where the statement says, where
// the caller puts tables that say nothing, or below the database's location.
func (p *prepared) newLocation(ctx context.Context, at dialect.Name, said, db, name string) (string, error) {
	if said != "" {
		return said, nil
	}
	if p.output != "" {
		return p.output, nil
	}
	d, err := p.s.needs.Catalog.GetDatabase(ctx, db)
	if err != nil {
		return "", err
	}
	if d.LocationURI == "" {
		return "", p.src.fail(Semantic, at.Offset, "no location was given for %s.%s: add WITH (external_location = 's3://bucket/prefix/')", db, name)
	}
	return strings.TrimSuffix(d.LocationURI, "/") + "/" + name + "/", nil
}

func newTable(db, name, location string, o options, to sink) catalog.Table {
	f := fileFormats()[map[string]string{"PARQUET": "PARQUET", "TEXTFILE": "TEXTFILE", "JSON": "JSONFILE"}[o.form]]
	t := catalog.Table{Database: db, Name: name, Type: "EXTERNAL_TABLE", Parameters: map[string]string{"EXTERNAL": "TRUE", "has_encrypted_data": "false",
		"classification": map[string]string{"PARQUET": "parquet", "TEXTFILE": "csv", "JSON": "json"}[o.form], "transient_lastDdlTime": strconv.FormatInt(time.Now().Unix(), 10)},
		Storage: catalog.Storage{Location: location, InputFormat: f.input, OutputFormat: f.output, Compressed: o.compression != "NONE",
			Serde: catalog.Serde{Library: f.serde, Parameters: map[string]string{"serialization.format": "1"}}}}
	if o.form == "TEXTFILE" && o.delimiter != "" {
		t.Storage.Serde.Parameters["field.delim"], t.Storage.Serde.Parameters["serialization.format"] = o.delimiter, o.delimiter
	}
	cut := len(to.columns) - to.keys
	t.Storage.Columns, t.PartitionKeys = hiveColumns(to.columns[:cut]), hiveColumns(to.columns[cut:])
	return t
}

func hiveColumns(in []outColumn) []catalog.Column {
	var out []catalog.Column
	for _, c := range in {
		out = append(out, catalog.Column{Name: c.name, Type: c.kind.Hive()})
	}
	return out
}

// folderOf is the folder of a partition in its table's, ending in a slash.
func folderOf(keys []catalog.Column, values []string) string {
	if len(keys) == 0 {
		return ""
	}
	return partitionPath(keys, values) + "/"
}

// newPartitions describes the partitions that files were written for.
func (s *Service) newPartitions(t *catalog.Table, files []written) (out []catalog.Partition, err error) {
	if len(t.PartitionKeys) == 0 {
		return nil, nil
	}
	all := partitionsWritten(files)
	if len(all) > s.cfg.WritePartitionsMax {
		return nil, TooMuch.New("HIVE_TOO_MANY_OPEN_PARTITIONS: the statement writes to " + strconv.Itoa(len(all)) + " partitions, more than the " +
			strconv.Itoa(s.cfg.WritePartitionsMax) + " that are allowed: write fewer at once, or raise write-partitions-max in the server's configuration")
	}
	for _, values := range all {
		out = append(out, newPartition(t, values, ""))
	}
	return out, nil
}

// wrote is the end of a statement that wrote.
func wrote(p *prepared, stats Stats, target *Target) Rows {
	return &finished{static: static{kind: p.kind, tag: p.tag, stats: stats}, target: target}
}

// finished is a statement that wrote and has no rows.
type finished struct {
	static
	target *Target
}

func (f *finished) Target() *Target { return f.target }

// planUnload plans UNLOAD: files with a query's rows, and no table.
func (s *Service) planUnload(ctx context.Context, p *prepared, st *dialect.Unload) error {
	p.kind = KindUnload
	o, err := p.readOptions(st.Properties, true)
	if err != nil {
		return err
	}
	probe, err := p.probe(ctx, st.Query)
	if err != nil {
		return err
	}
	to := sink{form: o.outForm(), keys: len(o.partitions)}
	if to.columns, err = p.outColumns(probe.columns, nil, o.form == "PARQUET"); err != nil {
		return err
	}
	if err := p.keysLast(to.columns, o.partitions); err != nil {
		return err
	}
	p.params, p.casts = probe.params, probe.casts
	p.run = func(ctx context.Context, args []any) (Rows, error) { return s.runUnload(ctx, p, st, args, to) }
	return nil
}

func (s *Service) runUnload(ctx context.Context, p *prepared, st *dialect.Unload, args []any, to sink) (_ Rows, err error) {
	if to.bucket, to.prefix, err = s.emptyPlace(ctx, st.To); err != nil {
		return nil, err
	}
	out, err := s.output(ctx, p, st.Query, args, &to)
	if err != nil {
		return nil, err
	}
	defer out.done()
	keys := hiveColumns(to.columns[len(to.columns)-to.keys:])
	files, err := s.adopt(ctx, &to, out.files, func(values []string) (string, string) {
		return to.bucket, to.prefix + folderOf(keys, values)
	}, nil)
	if err != nil {
		return nil, err
	}
	return wrote(p, out.stats, &Target{Location: st.To, Files: files}), nil
}
