package query

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// planInsert plans INSERT INTO: files with a query's rows beside those that the
// table has, and partitions for those it has not.
func (s *Service) planInsert(ctx context.Context, p *prepared, st *dialect.Insert) error {
	p.kind = KindInsert
	db, name, err := p.object(st.Table)
	if err != nil {
		return err
	}
	if err := s.allowTable(ctx, "write", db, name); err != nil {
		return err
	}
	t, err := s.table(ctx, p.src.fail, st.Table.Offset, db, name)
	if err != nil {
		return err
	}
	if isView(&t) {
		return p.src.fail(Unsupported, st.Table.Offset, "Inserting into views is not supported")
	}
	probe, err := p.probe(ctx, st.Query)
	if err != nil {
		return err
	}
	order, err := p.insertOrder(&t, st, probe.columns)
	if err != nil {
		return err
	}
	p.params, p.casts = probe.params, probe.casts
	p.run = func(ctx context.Context, args []any) (Rows, error) { return s.runInsert(ctx, p, st, args, order) }
	return nil
}

// insertOrder says which column of the query goes into which of the table's, -1
// for null, and checks that they fit.
func (p *prepared) insertOrder(t *catalog.Table, st *dialect.Insert, from []Column) ([]int, error) {
	all := append(slices.Clone(t.Storage.Columns), t.PartitionKeys...)
	named := st.Columns
	if len(named) == 0 {
		for _, c := range all {
			named = append(named, c.Name)
		}
	}
	if len(named) != len(from) {
		return nil, p.mismatched(all, named, from, st.Table.Offset)
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = -1
	}
	for j, name := range named {
		i := columnIndex(all, name)
		if i < 0 {
			return nil, p.badColumn(st.Table.Offset, t, name)
		}
		if order[i] >= 0 {
			return nil, p.src.fail(Semantic, st.Table.Offset, "Insert column name is specified more than once: %s", name)
		}
		to, err := dialect.ParseType(all[i].Type)
		if err != nil {
			return nil, err
		}
		is, err := dialect.ParseType(from[j].Type)
		if err != nil {
			return nil, err
		}
		if !fits(is, to) {
			return nil, p.mismatched(all, named, from, st.Table.Offset)
		}
		order[i] = j
	}
	return order, nil
}

func (p *prepared) mismatched(all []catalog.Column, named []string, from []Column, at int) error {
	var want, got []string
	for _, n := range named {
		if i := columnIndex(all, n); i >= 0 {
			if kind, err := dialect.ParseType(all[i].Type); err == nil {
				want = append(want, kind.Trino())
			}
		}
	}
	for _, c := range from {
		got = append(got, c.Type)
	}
	return p.src.fail(TypeMismatch, at, "Insert query has mismatched column types: Table: [%s], Query: [%s]", strings.Join(want, ", "), strings.Join(got, ", "))
}

// rank orders the numeric types: one fits those that come after it.
func rank(k dialect.TypeKind) int {
	return slices.Index([]dialect.TypeKind{dialect.TinyInt, dialect.SmallInt, dialect.Integer, dialect.BigInt, dialect.Decimal, dialect.Real, dialect.Double}, k)
}

// fits says whether a value of a type may be stored in a column of another
// without a cast, as Trino has it.
func fits(from, to dialect.Type) bool {
	switch {
	case from.Kind == dialect.Unknown:
		return true
	case from.Kind == dialect.Decimal && to.Kind == dialect.Decimal:
		return from.Precision-from.Scale <= to.Precision-to.Scale && from.Scale <= to.Scale
	case from.Kind == to.Kind && len(from.Fields) == len(to.Fields):
		for i := range from.Fields {
			if !fits(from.Fields[i].Type, to.Fields[i].Type) {
				return false
			}
		}
		return true
	case isText(from.Kind) && isText(to.Kind):
		return true
	case from.Kind == dialect.Date && to.Kind == dialect.Timestamp:
		return true
	}
	a, b := rank(from.Kind), rank(to.Kind)
	return a >= 0 && b >= 0 && a <= b
}

func isText(k dialect.TypeKind) bool { return k == dialect.Varchar || k == dialect.Char }

func (s *Service) runInsert(ctx context.Context, p *prepared, st *dialect.Insert, args []any, order []int) (Rows, error) {
	db, name, err := p.object(st.Table)
	if err != nil {
		return nil, err
	}
	if err := s.allowTable(ctx, "write", db, name); err != nil {
		return nil, err
	}
	t, err := s.table(ctx, p.src.fail, st.Table.Offset, db, name)
	if err != nil {
		return nil, err
	}
	to, err := insertSink(&t, order)
	if err != nil {
		return nil, err
	}
	if err := s.allowData(ctx, "write", to.bucket, to.prefix); err != nil {
		return nil, err
	}
	out, err := s.output(ctx, p, st.Query, args, to)
	if err != nil {
		return nil, err
	}
	defer out.done()
	places, fresh, err := s.insertPlaces(ctx, &t, out.files, to)
	if err != nil {
		return nil, err
	}
	files, err := s.adopt(ctx, to, out.files, func(values []string) (string, string) {
		place := places[strings.Join(values, "\x00")]
		return place.bucket, place.prefix
	}, func(tx *meta.Tx) error {
		if len(fresh) == 0 {
			return nil
		}
		return s.needs.Catalog.CreatePartitionsIn(tx, db, name, fresh, true)
	})
	if err != nil {
		return nil, err
	}
	return wrote(p, out.stats, &Target{Database: db, Table: name, Location: t.Storage.Location, Files: files}), nil
}

// insertSink writes as the table is read.
func insertSink(t *catalog.Table, order []int) (*sink, error) {
	to := &sink{keys: len(t.PartitionKeys), order: order}
	var err error
	if to.bucket, to.prefix, err = splitLocation(t.Storage.Location); err != nil {
		return nil, err
	}
	columns, err := readColumns(t, append(slices.Clone(t.Storage.Columns), t.PartitionKeys...))
	if err != nil {
		return nil, err
	}
	for _, c := range columns {
		to.columns = append(to.columns, outColumn{c.name, c.kind})
	}
	f, err := formatOf(t, t.Storage, len(t.Storage.Columns))
	if err != nil {
		return nil, err
	}
	w, ok := f.(interface{ writer() (outForm, error) })
	if !ok {
		return nil, Unsupported.New(fmt.Sprintf("table %s.%s is read by %s, which rows cannot be written with", t.Database, t.Name, t.Storage.Serde.Library))
	}
	to.form, err = w.writer()
	return to, err
}

func (parquet) writer() (outForm, error) {
	return options{form: "PARQUET", compression: "GZIP"}.outForm(), nil
}

// writer makes lazy text; quoted text is not what Hive's class for it writes.
func (f delimited) writer() (outForm, error) {
	if f.strict {
		return outForm{}, Unsupported.New("rows cannot be written to a table that OpenCSVSerde reads: use a table of Parquet or of delimited text")
	}
	if f.skip > 0 {
		return outForm{}, Unsupported.New("rows cannot be written to a table with skip.header.line.count: its files begin with lines that are no rows")
	}
	return outForm{options: textOptions(f.delim, f.null, "GZIP"), extension: textExtension("GZIP"), delims: f}, nil
}

// insertPlaces finds where the files of each partition go, and describes the
// partitions that the table does not have yet.
func (s *Service) insertPlaces(ctx context.Context, t *catalog.Table, files []written, to *sink) (map[string]part, []catalog.Partition, error) {
	if to.keys == 0 {
		return map[string]part{"": {bucket: to.bucket, prefix: to.prefix}}, nil, nil
	}
	all := partitionsWritten(files)
	if len(all) > s.cfg.WritePartitionsMax {
		return nil, nil, TooMuch.New("HIVE_TOO_MANY_OPEN_PARTITIONS: the statement writes to " + strconv.Itoa(len(all)) + " partitions, more than the " +
			strconv.Itoa(s.cfg.WritePartitionsMax) + " that are allowed: write fewer at once, or raise write-partitions-max in the server's configuration")
	}
	known, missing, err := s.needs.Catalog.GetPartitions(ctx, t.Database, t.Name, all)
	if err != nil {
		return nil, nil, err
	}
	var fresh []catalog.Partition
	for _, values := range missing {
		fresh = append(fresh, newPartition(t, values, ""))
	}
	places := map[string]part{}
	for _, k := range append(known, fresh...) {
		bucket, prefix, err := splitLocation(k.Storage.Location)
		if err != nil {
			return nil, nil, err
		}
		places[strings.Join(k.Values, "\x00")] = part{bucket: bucket, prefix: prefix}
	}
	return places, fresh, nil
}
