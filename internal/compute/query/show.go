package query

import (
	"context"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// textColumns describes rows of text.
func textColumns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, n := range names {
		out[i] = Column{Name: n, Type: "varchar", Arrow: arrow.BinaryTypes.String, Nullable: true}
	}
	return out
}

// planRows makes a statement of what gives rows of text.
func (p *prepared) planRows(columns []Column, rows func(ctx context.Context) ([][]string, error)) error {
	p.kind, p.columns = KindUtility, columns
	p.run = func(ctx context.Context, _ []any) (Rows, error) {
		list, err := rows(ctx)
		if err != nil {
			return nil, err
		}
		out := make([][]any, len(list))
		for i, row := range list {
			for _, v := range row {
				out[i] = append(out[i], v)
			}
		}
		return StaticRows(p.kind, p.tag, p.columns, out)
	}
	return nil
}

// lines makes rows of one column.
func lines(list []string) [][]string {
	out := make([][]string, len(list))
	for i, l := range list {
		out[i] = []string{l}
	}
	return out
}

// planShow plans SHOW. The columns are named as Hive names them.
func (p *prepared) planShow(st *dialect.Show) error {
	switch st.What {
	case dialect.ShowDatabases:
		return p.planRows(textColumns("database_name"), func(ctx context.Context) ([][]string, error) { return p.showDatabases(ctx, st) })
	case dialect.ShowTables:
		return p.planRows(textColumns("tab_name"), func(ctx context.Context) ([][]string, error) { return p.showTables(ctx, st, false) })
	case dialect.ShowViews:
		return p.planRows(textColumns("views"), func(ctx context.Context) ([][]string, error) { return p.showTables(ctx, st, true) })
	case dialect.ShowColumns:
		return p.planRows(textColumns("field"), p.aboutTable(st.Name, showColumns))
	case dialect.ShowPartitions:
		return p.planRows(textColumns("partition"), func(ctx context.Context) ([][]string, error) { return p.showPartitions(ctx, st) })
	case dialect.ShowProperties:
		return p.planRows(textColumns("prpt_name", "prpt_value"), p.aboutTable(st.Name, func(t *catalog.Table) ([][]string, error) { return p.showProperties(t, st) }))
	case dialect.ShowCreateTable:
		return p.planRows(textColumns("createtab_stmt"), p.aboutTable(st.Name, func(t *catalog.Table) ([][]string, error) {
			if isView(t) {
				return nil, p.src.fail(Semantic, st.Name.Offset, "%s.%s is a view: use SHOW CREATE VIEW", t.Database, t.Name)
			}
			return lines(strings.Split(createStatement(t), "\n")), nil
		}))
	case dialect.ShowCreateView:
		return p.planRows(textColumns("Create View"), p.aboutTable(st.Name, func(t *catalog.Table) ([][]string, error) {
			v, err := readView(t)
			if err != nil {
				return nil, p.src.wrap(Semantic, err, st.Name.Offset, "%s.%s is not a view: use SHOW CREATE TABLE", t.Database, t.Name)
			}
			return lines(strings.Split("CREATE VIEW "+t.Database+"."+t.Name+" AS\n"+v.SQL, "\n")), nil
		}))
	case dialect.ShowCatalogs:
		return p.planRows(textColumns("Catalog"), func(context.Context) ([][]string, error) { return [][]string{{"awsdatacatalog"}}, nil })
	}
	return p.src.fail(Unsupported, 0, "%s is not supported", st.Tag())
}

// matcher tests names by a pattern: SQL's LIKE, or Hive's, where * stands for
// anything and | for a choice.
func (p *prepared) matcher(st *dialect.Show) (func(string) bool, error) {
	if st.Pattern == "" {
		return func(string) bool { return true }, nil
	}
	var b strings.Builder
	b.WriteString("(?is)^(?:")
	if st.IsLike {
		escape := rune(-1)
		if st.Escape != "" {
			escape = []rune(st.Escape)[0]
		}
		escaped := false
		for _, r := range st.Pattern {
			switch {
			case !escaped && r == escape:
				escaped = true
				continue
			case !escaped && r == '%':
				b.WriteString(".*")
			case !escaped && r == '_':
				b.WriteByte('.')
			case r == '*': // Hive's wildcard is understood here too
				b.WriteString(".*")
			default:
				b.WriteString(regexp.QuoteMeta(string(r)))
			}
			escaped = false
		}
	} else {
		b.WriteString(strings.ReplaceAll(st.Pattern, "*", ".*"))
	}
	b.WriteString(")$")
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil, p.src.wrap(Syntax, err, 0, "the pattern %q is not one: use * for anything and | for a choice", st.Pattern)
	}
	return re.MatchString, nil
}

func (p *prepared) showDatabases(ctx context.Context, st *dialect.Show) (out [][]string, err error) {
	match, err := p.matcher(st)
	if err != nil {
		return nil, err
	}
	token := ""
	for {
		page, next, err := p.s.needs.Catalog.ListDatabases(ctx, token, 1000)
		if err != nil {
			return nil, err
		}
		for _, d := range page {
			if match(d.Name) && p.s.allowTable(ctx, "read", d.Name, "") == nil { // the others are not shown
				out = append(out, []string{d.Name})
			}
		}
		if token = next; token == "" {
			return out, nil
		}
	}
}

func (p *prepared) showTables(ctx context.Context, st *dialect.Show, views bool) (out [][]string, err error) {
	db := strings.ToLower(p.database)
	if st.Name != nil {
		if db, err = p.databaseName(*st.Name); err != nil {
			return nil, err
		}
	}
	match, err := p.matcher(st)
	if err != nil {
		return nil, err
	}
	if err := p.s.allowTable(ctx, "read", db, ""); err != nil {
		return nil, err
	}
	token := ""
	for {
		page, next, err := p.s.needs.Catalog.ListTables(ctx, db, "", token, 1000)
		if err != nil {
			return nil, err
		}
		for _, t := range page {
			if match(t.Name) && (!views || isView(&t)) && p.s.allowTable(ctx, "read", db, t.Name) == nil { // the others are not shown
				out = append(out, []string{t.Name})
			}
		}
		if token = next; token == "" {
			return out, nil
		}
	}
}

// aboutTable gets the table that a statement is about.
func (p *prepared) aboutTable(n *dialect.Name, rows func(*catalog.Table) ([][]string, error)) func(context.Context) ([][]string, error) {
	return func(ctx context.Context) ([][]string, error) {
		db, name, err := p.object(*n)
		if err != nil {
			return nil, err
		}
		if err := p.s.allowTable(ctx, "read", db, name); err != nil {
			return nil, err
		}
		t, err := p.s.table(ctx, p.src.fail, n.Offset, db, name)
		if err != nil {
			return nil, err
		}
		return rows(&t)
	}
}

func showColumns(t *catalog.Table) (out [][]string, err error) {
	for _, c := range append(slices.Clone(t.Storage.Columns), t.PartitionKeys...) {
		out = append(out, []string{pad(c.Name)})
	}
	return out, nil
}

// pad fills a field of a description up to 20 characters, as Hive does.
func pad(s string) string { return fmt.Sprintf("%-20s", s) }

func (p *prepared) showPartitions(ctx context.Context, st *dialect.Show) (out [][]string, err error) {
	return p.aboutTable(st.Name, func(t *catalog.Table) ([][]string, error) {
		if len(t.PartitionKeys) == 0 {
			return nil, p.src.fail(Semantic, st.Name.Offset, "Table %s.%s is not a partitioned table", t.Database, t.Name)
		}
		found, err := p.matching(ctx, t, st.Partition, st.Name.Offset)
		for _, f := range found {
			out = append(out, []string{partitionPath(t.PartitionKeys, f.Values)})
		}
		return out, err
	})(ctx)
}

func (p *prepared) showProperties(t *catalog.Table, st *dialect.Show) (out [][]string, err error) {
	if st.Key != "" {
		v, ok := t.Parameters[st.Key]
		if !ok {
			v = fmt.Sprintf("Table %s.%s does not have property: %s", t.Database, t.Name, st.Key)
		}
		return [][]string{{st.Key, v}}, nil
	}
	for _, k := range slices.Sorted(maps.Keys(t.Parameters)) {
		out = append(out, []string{k, t.Parameters[k]})
	}
	return out, nil
}

// createStatement writes the statement that makes a table.
func createStatement(t *catalog.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE EXTERNAL TABLE `%s`(\n%s)", path.Base(t.Name), columnLines(t.Storage.Columns))
	if c := t.Parameters["comment"]; c != "" {
		fmt.Fprintf(&b, "\nCOMMENT %s", dialect.QuoteString(c))
	}
	if len(t.PartitionKeys) > 0 {
		fmt.Fprintf(&b, "\nPARTITIONED BY ( \n%s)", columnLines(t.PartitionKeys))
	}
	b.WriteString(rowFormat(t.Storage.Serde))
	fmt.Fprintf(&b, "\nSTORED AS INPUTFORMAT \n  '%s' \nOUTPUTFORMAT \n  '%s'", t.Storage.InputFormat, t.Storage.OutputFormat)
	fmt.Fprintf(&b, "\nLOCATION\n  '%s'", t.Storage.Location)
	params := maps.Clone(t.Parameters)
	delete(params, "comment")
	delete(params, "EXTERNAL")
	if len(params) > 0 {
		fmt.Fprintf(&b, "\nTBLPROPERTIES (\n%s)", propertyLines(params))
	}
	return b.String()
}

func columnLines(columns []catalog.Column) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = fmt.Sprintf("  `%s` %s", c.Name, c.Type)
		if c.Comment != "" {
			out[i] += " COMMENT " + dialect.QuoteString(c.Comment)
		}
	}
	return strings.Join(out, ", \n")
}

func propertyLines(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("  %s=%s", dialect.QuoteString(k), quoteControl(m[k])))
	}
	return strings.Join(out, ", \n")
}

// quoteControl writes a string literal with control characters as Hive's \u0001.
func quoteControl(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\n':
			b.WriteString(`\n`)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return dialect.QuoteString(b.String())
}

func rowFormat(s catalog.Serde) string {
	delims := []struct{ key, words string }{{"field.delim", "FIELDS TERMINATED BY"}, {"escape.delim", "ESCAPED BY"},
		{"collection.delim", "COLLECTION ITEMS TERMINATED BY"}, {"mapkey.delim", "MAP KEYS TERMINATED BY"},
		{"line.delim", "LINES TERMINATED BY"}, {"serialization.null.format", "NULL DEFINED AS"}}
	if s.Library != lazySerde {
		out := fmt.Sprintf("\nROW FORMAT SERDE \n  '%s' ", s.Library)
		if len(s.Parameters) > 0 {
			out += "\nWITH SERDEPROPERTIES ( \n" + propertyLines(s.Parameters) + ") "
		}
		return out
	}
	out := "\nROW FORMAT DELIMITED "
	for _, d := range delims {
		if v, ok := s.Parameters[d.key]; ok {
			out += "\n  " + d.words + " " + quoteControl(v) + " "
		}
	}
	return out
}
