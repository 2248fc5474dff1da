package query

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// planDescribe plans DESCRIBE: rows of three fields, each filled up to 20
// characters, as Hive writes them.
func (p *prepared) planDescribe(st *dialect.Describe) error {
	rows := p.aboutTable(&st.Name, func(t *catalog.Table) ([][]string, error) {
		if st.Column != "" {
			return p.describeColumn(st, t)
		}
		return describeTable(t, st.Formatted || st.Extended), nil
	})
	if len(st.Partition) == 0 {
		return p.planRows(textColumns("col_name", "data_type", "comment"), rows)
	}
	return p.planRows(textColumns("col_name", "data_type", "comment"), func(ctx context.Context) ([][]string, error) {
		db, name, err := p.object(st.Name)
		if err != nil {
			return nil, err
		}
		if err := p.s.allowTable(ctx, "read", db, name); err != nil {
			return nil, err
		}
		t, err := p.s.table(ctx, p.src.fail, st.Name.Offset, db, name)
		if err != nil {
			return nil, err
		}
		values, err := p.specValues(&t, st.Partition, st.Name.Offset)
		if err != nil {
			return nil, err
		}
		part, err := p.s.needs.Catalog.GetPartition(ctx, db, name, values)
		if err != nil {
			return nil, err
		}
		t.Storage, t.Parameters = part.Storage, part.Parameters
		return describeTable(&t, st.Formatted || st.Extended), nil
	})
}

func (p *prepared) describeColumn(st *dialect.Describe, t *catalog.Table) ([][]string, error) {
	for _, c := range append(slices.Clone(t.Storage.Columns), t.PartitionKeys...) {
		if strings.EqualFold(c.Name, st.Column) {
			return [][]string{described(c)}, nil
		}
	}
	return nil, p.badColumn(st.Name.Offset, t, st.Column)
}

func described(c catalog.Column) []string { return []string{pad(c.Name), pad(c.Type), pad(c.Comment)} }

func describeTable(t *catalog.Table, more bool) (out [][]string) {
	blank := []string{"", " ", " "}
	title := func(s string) { out = append(out, []string{s, " ", " "}) }
	head := []string{pad("# col_name"), pad("data_type"), pad("comment")}
	if more {
		out = append(out, head, blank)
	}
	for _, c := range t.Storage.Columns {
		out = append(out, described(c))
	}
	if !more {
		for _, c := range t.PartitionKeys {
			out = append(out, described(c))
		}
	}
	if len(t.PartitionKeys) > 0 {
		out = append(out, blank)
		title("# Partition Information")
		out = append(out, head, blank)
		for _, c := range t.PartitionKeys {
			out = append(out, described(c))
		}
	}
	if !more {
		return out
	}
	field := func(name, value string) { out = append(out, []string{pad(name), pad(value), " "}) }
	setting := func(name, value string) { out = append(out, []string{"", pad(name), pad(value)}) }
	out = append(out, blank)
	title("# Detailed Table Information")
	field("Database:", t.Database)
	field("Owner:", t.Owner)
	field("CreateTime:", t.Created.UTC().Format(time.UnixDate))
	field("Location:", t.Storage.Location)
	field("Table Type:", t.Type)
	title("Table Parameters:")
	for _, k := range slices.Sorted(maps.Keys(t.Parameters)) {
		setting(k, t.Parameters[k])
	}
	out = append(out, blank)
	title("# Storage Information")
	field("SerDe Library:", t.Storage.Serde.Library)
	field("InputFormat:", t.Storage.InputFormat)
	field("OutputFormat:", t.Storage.OutputFormat)
	field("Compressed:", map[bool]string{true: "Yes", false: "No"}[t.Storage.Compressed])
	field("Num Buckets:", fmt.Sprint(t.Storage.Buckets))
	title("Storage Desc Params:")
	for _, k := range slices.Sorted(maps.Keys(t.Storage.Serde.Parameters)) {
		setting(k, quoteControl(t.Storage.Serde.Parameters[k]))
	}
	return out
}

// planDescribeDatabase plans DESCRIBE DATABASE.
func (p *prepared) planDescribeDatabase(st *dialect.DescribeDatabase) error {
	return p.planRows(textColumns("db_name", "comment", "location"), func(ctx context.Context) ([][]string, error) {
		name, err := p.databaseName(st.Name)
		if err != nil {
			return nil, err
		}
		if err := p.s.allowTable(ctx, "read", name, ""); err != nil {
			return nil, err
		}
		d, err := p.s.needs.Catalog.GetDatabase(ctx, name)
		if err != nil {
			return nil, p.src.wrap(DatabaseNotFound, err, st.Name.Offset, "Schema '%s' does not exist", name)
		}
		return [][]string{{d.Name, d.Description, d.LocationURI}}, nil
	})
}
