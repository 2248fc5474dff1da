package query

import (
	"context"
	"slices"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// alterTable plans ALTER TABLE.
func (p *prepared) alterTable(st *dialect.AlterTable) error {
	switch a := st.Action.(type) {
	case *dialect.AddPartitions:
		return p.planAction(func(ctx context.Context) error { return p.addPartitions(ctx, st.Name, a) })
	case *dialect.DropPartitions:
		return p.planAction(func(ctx context.Context) error { return p.dropPartitions(ctx, st.Name, a) })
	case *dialect.RenamePartition:
		return p.planAction(func(ctx context.Context) error { return p.renamePartition(ctx, st.Name, a) })
	case *dialect.SetLocation:
		if len(a.Partition) > 0 {
			return p.planAction(func(ctx context.Context) error { return p.movePartition(ctx, st.Name, a) })
		}
	case *dialect.RenameTable:
		return p.planAction(func(ctx context.Context) error { return p.renameTable(ctx, st.Name, a) })
	case *dialect.SetSerde:
		if len(a.Partition) > 0 {
			return p.src.fail(Unsupported, st.Name.Offset, "SET SERDE of a partition is not supported: set it for the table")
		}
	}
	if a, ok := st.Action.(*dialect.SetLocation); ok {
		return p.planAction(func(ctx context.Context) error {
			if err := p.s.allowLocation(ctx, "read", a.Location); err != nil {
				return err
			}
			return p.change(ctx, st.Name, p.edit(st))
		})
	}
	edit := p.edit(st)
	if edit == nil {
		return p.src.fail(Unsupported, st.Name.Offset, "%s is not supported", st.Tag())
	}
	return p.planAction(func(ctx context.Context) error { return p.change(ctx, st.Name, edit) })
}

// edit is what an action does to the table's description; nil for those that
// are not edits.
func (p *prepared) edit(st *dialect.AlterTable) func(t *catalog.Table) error {
	at := st.Name.Offset
	switch a := st.Action.(type) {
	case *dialect.AddColumns:
		return func(t *catalog.Table) error { return p.addColumns(t, a) }
	case *dialect.ReplaceColumns:
		return func(t *catalog.Table) error { t.Storage.Columns = catalogColumns(a.Columns); return nil }
	case *dialect.ChangeColumn:
		return func(t *catalog.Table) error { return p.changeColumn(t, a) }
	case *dialect.DropColumns:
		return func(t *catalog.Table) error { return p.dropColumns(t, a, at) }
	case *dialect.RenameColumn:
		return func(t *catalog.Table) error {
			i := columnIndex(t.Storage.Columns, a.From)
			if i < 0 {
				return p.badColumn(at, t, a.From)
			}
			t.Storage.Columns[i].Name = strings.ToLower(a.To)
			return nil
		}
	case *dialect.SetLocation:
		return func(t *catalog.Table) error {
			if _, _, err := splitLocation(a.Location); err != nil {
				return err
			}
			t.Storage.Location = a.Location
			return nil
		}
	case *dialect.SetProperties:
		return func(t *catalog.Table) error { t.Parameters = merge(t.Parameters, a.Properties.Map()); return nil }
	case *dialect.UnsetProperties:
		return func(t *catalog.Table) error {
			for _, k := range a.Keys {
				delete(t.Parameters, k)
			}
			return nil
		}
	case *dialect.SetSerde:
		return func(t *catalog.Table) error {
			if a.Serde != "" {
				t.Storage.Serde.Library = a.Serde
			}
			t.Storage.Serde.Parameters = merge(t.Storage.Serde.Parameters, a.Properties.Map())
			_, err := formatOf(t, t.Storage, len(t.Storage.Columns))
			return err
		}
	}
	return nil
}

func (p *prepared) addColumns(t *catalog.Table, a *dialect.AddColumns) error {
	for i, c := range a.Columns {
		if columnIndex(t.Storage.Columns, c.Name) >= 0 || columnIndex(t.PartitionKeys, c.Name) >= 0 {
			if a.IfNotExists {
				continue
			}
			return p.src.fail(AlreadyExists, c.Offset, "Column '%s' already exists", c.Name)
		}
		t.Storage.Columns = append(t.Storage.Columns, catalogColumns(a.Columns[i:i+1])...)
	}
	return nil
}

func (p *prepared) changeColumn(t *catalog.Table, a *dialect.ChangeColumn) error {
	i := columnIndex(t.Storage.Columns, a.Old)
	if i < 0 {
		return p.badColumn(a.Column.Offset, t, a.Old)
	}
	c := catalogColumns([]dialect.ColumnDef{a.Column})[0]
	cols := slices.Delete(slices.Clone(t.Storage.Columns), i, i+1)
	switch {
	case a.First:
		i = 0
	case a.After != "":
		if i = columnIndex(cols, a.After) + 1; i == 0 {
			return p.badColumn(a.Column.Offset, t, a.After)
		}
	}
	t.Storage.Columns = slices.Insert(cols, i, c)
	return nil
}

func (p *prepared) dropColumns(t *catalog.Table, a *dialect.DropColumns, at int) error {
	for _, name := range a.Columns {
		i := columnIndex(t.Storage.Columns, name)
		if i < 0 {
			if a.IfExists {
				continue
			}
			return p.badColumn(at, t, name)
		}
		t.Storage.Columns = slices.Delete(t.Storage.Columns, i, i+1)
	}
	return nil
}

// renameTable gives a table another name in its database.
func (p *prepared) renameTable(ctx context.Context, n dialect.Name, a *dialect.RenameTable) error {
	return p.src.fail(Unsupported, n.Offset, "ALTER TABLE RENAME is not supported: create the table under its new name over the same location, and drop the old one")
}

// partitioned gets a table that the caller may change the partitions of.
func (p *prepared) partitioned(ctx context.Context, n dialect.Name) (catalog.Table, error) {
	db, name, err := p.object(n)
	if err != nil {
		return catalog.Table{}, err
	}
	if err := p.s.allowTable(ctx, "alter", db, name); err != nil {
		return catalog.Table{}, err
	}
	t, err := p.s.table(ctx, p.src.fail, n.Offset, db, name)
	if err == nil && len(t.PartitionKeys) == 0 {
		err = p.src.fail(Semantic, n.Offset, "Table '%s.%s' is not partitioned", db, name)
	}
	return t, err
}

// specValues are the values of a full partition specification in the order of
// the keys.
func (p *prepared) specValues(t *catalog.Table, spec dialect.PartitionSpec, at int) ([]string, error) {
	values := make([]string, len(t.PartitionKeys))
	seen := 0
	for _, v := range spec {
		i := columnIndex(t.PartitionKeys, v.Column)
		if i < 0 {
			return nil, p.src.fail(ColumnNotFound, at, "%s is not a partition key of %s.%s", v.Column, t.Database, t.Name)
		}
		if v.Operator != "" && v.Operator != "=" {
			return nil, p.src.fail(Syntax, at, "give a value to each partition key with =")
		}
		values[i] = v.Value
		seen++
	}
	if seen != len(values) {
		return nil, p.src.fail(Semantic, at, "the partition needs a value for each of the keys of %s.%s: %s", t.Database, t.Name, joinNames(t.PartitionKeys))
	}
	return values, nil
}

func joinNames(columns []catalog.Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// newPartition describes a partition that is stored as its table is.
func newPartition(t *catalog.Table, values []string, location string) catalog.Partition {
	st := t.Storage
	if st.Location = location; location == "" {
		st.Location = strings.TrimSuffix(t.Storage.Location, "/") + "/" + partitionPath(t.PartitionKeys, values) + "/"
	}
	return catalog.Partition{Database: t.Database, Table: t.Name, Values: values, Storage: st}
}

// partitionPath is a partition's name and folder: "year=2020/month=1".
func partitionPath(keys []catalog.Column, values []string) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		v := values[i]
		if v == "" {
			v = nullPartition
		}
		parts[i] = escapePath(k.Name) + "=" + escapePath(v)
	}
	return strings.Join(parts, "/")
}

const hexDigits = "0123456789ABCDEF"

// escapePath escapes what Hive's FileUtils.escapePathName escapes.
func escapePath(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c == 0x7f || strings.IndexByte("\"#%'*/:=?\\{[]^", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// unescapePath undoes escapePath; a % that escapes nothing stays.
func unescapePath(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := strings.IndexByte(hexDigits, upper(s[i+1])), strings.IndexByte(hexDigits, upper(s[i+2]))
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}

func (p *prepared) addPartitions(ctx context.Context, n dialect.Name, a *dialect.AddPartitions) error {
	t, err := p.partitioned(ctx, n)
	if err != nil {
		return err
	}
	var parts []catalog.Partition
	for _, add := range a.Partitions {
		values, err := p.specValues(&t, add.Spec, n.Offset)
		if err != nil {
			return err
		}
		if add.Location != "" {
			if _, _, err := splitLocation(add.Location); err != nil {
				return err
			}
		}
		part := newPartition(&t, values, add.Location)
		if err := p.s.allowLocation(ctx, "read", part.Storage.Location); err != nil {
			return err
		}
		parts = append(parts, part)
	}
	err = p.s.needs.Catalog.CreatePartitions(ctx, t.Database, t.Name, parts, a.IfNotExists)
	if fault.ReasonOf(err) == catalog.PartitionExists {
		return p.src.wrap(AlreadyExists, err, n.Offset, "Partition already exists: add IF NOT EXISTS to leave it as it is")
	}
	return err
}

func (p *prepared) dropPartitions(ctx context.Context, n dialect.Name, a *dialect.DropPartitions) error {
	t, err := p.partitioned(ctx, n)
	if err != nil {
		return err
	}
	var gone [][]string
	for _, spec := range a.Partitions {
		found, err := p.matching(ctx, &t, spec, n.Offset)
		if err != nil {
			return err
		}
		if len(found) == 0 && !a.IfExists {
			return p.src.fail(TableNotFound, n.Offset, "Partition not found: %s has none like that; add IF EXISTS to go on", t.Name)
		}
		for _, f := range found {
			gone = append(gone, f.Values)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return p.s.needs.Catalog.DeletePartitions(ctx, t.Database, t.Name, gone)
}

// matching lists the partitions that a specification, which need not name all
// keys, is true for.
func (p *prepared) matching(ctx context.Context, t *catalog.Table, spec dialect.PartitionSpec, at int) (out []catalog.Partition, err error) {
	var terms []string
	for _, v := range spec {
		if columnIndex(t.PartitionKeys, v.Column) < 0 {
			return nil, p.src.fail(ColumnNotFound, at, "%s is not a partition key of %s.%s", v.Column, t.Database, t.Name)
		}
		op, value := v.Operator, v.Value
		if op == "" {
			op = "="
		}
		if op == "!=" {
			op = "<>"
		}
		if v.Quoted {
			value = dialect.QuoteString(value)
		}
		terms = append(terms, strings.ToLower(v.Column)+" "+op+" "+value)
	}
	token := ""
	for {
		page, next, err := p.s.needs.Catalog.ListPartitions(ctx, t.Database, t.Name, strings.Join(terms, " AND "), token, 1000)
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
		if token = next; token == "" {
			return out, nil
		}
	}
}

func (p *prepared) renamePartition(ctx context.Context, n dialect.Name, a *dialect.RenamePartition) error {
	return p.changePartition(ctx, n, a.From, func(t *catalog.Table, part *catalog.Partition) (err error) {
		part.Values, err = p.specValues(t, a.To, n.Offset)
		return err
	})
}

func (p *prepared) movePartition(ctx context.Context, n dialect.Name, a *dialect.SetLocation) error {
	if _, _, err := splitLocation(a.Location); err != nil {
		return err
	}
	if err := p.s.allowLocation(ctx, "read", a.Location); err != nil {
		return err
	}
	return p.changePartition(ctx, n, a.Partition, func(_ *catalog.Table, part *catalog.Partition) error {
		part.Storage.Location = a.Location
		return nil
	})
}

func (p *prepared) changePartition(ctx context.Context, n dialect.Name, spec dialect.PartitionSpec, edit func(*catalog.Table, *catalog.Partition) error) error {
	t, err := p.partitioned(ctx, n)
	if err != nil {
		return err
	}
	values, err := p.specValues(&t, spec, n.Offset)
	if err != nil {
		return err
	}
	part, err := p.s.needs.Catalog.GetPartition(ctx, t.Database, t.Name, values)
	if err != nil {
		return err
	}
	if err := edit(&t, &part); err != nil {
		return err
	}
	return p.s.needs.Catalog.UpdatePartition(ctx, t.Database, t.Name, values, part)
}
