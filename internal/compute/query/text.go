package query

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// delimited reads text with a delimiter: Hive's lazy text or CSV with quotes.
// Missing fields are null, surplus ones are dropped.
type delimited struct {
	delim, quote, escape string
	null                 string // the text that is null
	skip                 int    // lines at the start of each file
	items, pairs         string // between elements and between key and value
	strict               bool   // a field that is not of its type is an error, not null
}

// openText reads what LazySimpleSerDe reads: no quotes, \N is null, what does
// not parse is null.
func openText(t *catalog.Table, st catalog.Storage) (format, error) {
	f := delimited{delim: "\x01", null: `\N`, items: "\x02", pairs: "\x03"}
	if v, ok := property(t, st, "serialization.format"); ok {
		f.delim = control(v)
	}
	for key, to := range map[string]*string{"field.delim": &f.delim, "escape.delim": &f.escape, "collection.delim": &f.items,
		"colelction.delim": &f.items, "mapkey.delim": &f.pairs} { // Hive's own misspelling
		if v, ok := property(t, st, key); ok && v != "" {
			*to = control(v)
		}
	}
	if v, ok := property(t, st, "serialization.null.format"); ok {
		f.null = v
	}
	if v, ok := property(t, st, "line.delim"); ok && control(v) != "\n" {
		return nil, Unsupported.New(fmt.Sprintf("table %s.%s: lines end with a newline, line.delim %q is not supported", t.Database, t.Name, v))
	}
	return f.checked(t, st)
}

// openCSV reads what OpenCSVSerde reads: quoted fields, all of them text that
// is then cast.
func openCSV(t *catalog.Table, st catalog.Storage) (format, error) {
	f := delimited{delim: ",", quote: `"`, escape: `\`, strict: true}
	for key, to := range map[string]*string{"separatorChar": &f.delim, "quoteChar": &f.quote, "escapeChar": &f.escape} {
		if v, ok := property(t, st, key); ok && v != "" {
			*to = control(v)
		}
	}
	if v, ok := property(t, st, "field.delim"); ok && st.Serde.Library == "" {
		f.delim = control(v)
	}
	return f.checked(t, st)
}

func (f delimited) checked(t *catalog.Table, st catalog.Storage) (format, error) {
	if v, ok := property(t, st, "skip.header.line.count"); ok {
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || n < 0 || n > 1000 {
			return nil, BadTable.New(fmt.Sprintf("table %s.%s: skip.header.line.count %q is not a number of lines from 0 to 1000", t.Database, t.Name, v))
		}
		f.skip = n
	}
	if v, ok := property(t, st, "skip.footer.line.count"); ok && strings.TrimSpace(v) != "0" {
		return nil, Unsupported.New(fmt.Sprintf("table %s.%s: skip.footer.line.count is not supported", t.Database, t.Name))
	}
	if len(f.quote) > 1 || len(f.escape) > 1 || len(f.delim) > 4 {
		return nil, BadTable.New(fmt.Sprintf("table %s.%s: the quote and escape characters have one byte, the delimiter up to four", t.Database, t.Name))
	}
	return f, nil
}

// control reads a delimiter as Hive does: a character, a number ("1", "001") or
// an escape ("\t", "\001", "\u0001").
func control(v string) string {
	switch {
	case len(v) == 1 && (v[0] < '0' || v[0] > '9'), v == "":
		return v
	case v[0] == '\\' && len(v) == 2:
		if c, ok := map[byte]string{'t': "\t", 'n': "\n", 'r': "\r", '\\': `\`, 'b': "\b", 'f': "\f"}[v[1]]; ok {
			return c
		}
	case v[0] == '\\' && (v[1] == 'u' || v[1] == 'x'):
		if n, err := strconv.ParseUint(v[2:], 16, 8); err == nil {
			return string(rune(n))
		}
	case v[0] == '\\':
		if n, err := strconv.ParseUint(v[1:], 8, 8); err == nil {
			return string(rune(n))
		}
	}
	if n, err := strconv.ParseInt(v, 10, 16); err == nil && n > 0 && n < 128 {
		return string(rune(n))
	}
	return v
}

func (f delimited) read(columns []column, paths string) string {
	if f.strict {
		return f.readQuoted(columns, paths)
	}
	fields, values := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		name := "c" + strconv.Itoa(i)
		fields[i] = fmt.Sprintf("'%s': 'VARCHAR'", name)
		values[i] = f.value(name, c) + " AS " + duck.Name(c.name)
	}
	if len(columns) == 0 {
		fields, values = []string{"'c0': 'VARCHAR'"}, []string{"NULL"}
	}
	return fmt.Sprintf("(SELECT %s, %s FROM read_csv([%s], auto_detect = false, header = false, skip = %d, columns = {%s}, delim = %s, quote = '', escape = %s, null_padding = true, strict_mode = false, filename = %s, nullstr = %s))",
		strings.Join(values, ", "), duck.Name(fileColumn), paths, f.skip, strings.Join(fields, ", "), literal(f.delim), literal(f.escape), duck.Quote(fileColumn), duck.Quote(f.null))
}

// readQuoted reads whole lines and takes them apart itself, see csvFunction.
func (f delimited) readQuoted(columns []column, paths string) string {
	values := []string{}
	for i, c := range columns {
		values = append(values, f.value(fmt.Sprintf("f[%d]", i+1), c)+" AS "+duck.Name(c.name))
	}
	if len(columns) == 0 {
		values = []string{"NULL"}
	}
	spec := csvSpec{Separator: f.delim, Quote: f.quote, Escape: f.escape}
	return fmt.Sprintf("(SELECT %s, %s FROM (SELECT from_json(%s(c0, %s), '[\"VARCHAR\"]') AS f, %s FROM read_csv([%s], auto_detect = false, header = false, skip = %d, columns = {'c0': 'VARCHAR'}, "+
		"delim = '', quote = '', escape = '', nullstr = %s, max_line_size = %d, buffer_size = %d, filename = %s)))",
		strings.Join(values, ", "), duck.Name(fileColumn), csvFunction, duck.Quote(quoteJSON(spec)), duck.Name(fileColumn), paths, f.skip,
		literal(neverText), jsonLineMax, 4*jsonLineMax, duck.Quote(fileColumn))
}

// neverText stands for a null text that no field is.
const neverText = "\x1a\x1a"

// literal writes a text that may hold control characters.
func literal(s string) string {
	for i := range len(s) {
		if s[i] < 0x20 {
			parts := make([]string, len(s))
			for j := range len(s) {
				parts[j] = fmt.Sprintf("chr(%d)", s[j])
			}
			return strings.Join(parts, " || ")
		}
	}
	return duck.Quote(s)
}

// value reads a field as its column's type.
func (f delimited) value(field string, c column) string {
	switch c.kind.Kind {
	case dialect.Varchar, dialect.Char:
		return field
	}
	if f.strict {
		return f.strictValue(field, c)
	}
	return f.lazyValue(field, c.kind)
}

func isInteger(k dialect.TypeKind) bool {
	return k == dialect.TinyInt || k == dialect.SmallInt || k == dialect.Integer || k == dialect.BigInt
}

// lazyValue is null for what does not parse.
func (f delimited) lazyValue(field string, kind dialect.Type) string {
	switch k := kind.Kind; {
	case k == dialect.Varchar || k == dialect.Char:
		return field
	case isInteger(k):
		// The engine rounds "1.5" and takes "1e3"; text with more than digits is no integer here.
		return fmt.Sprintf("CASE WHEN contains(%[1]s, '.') OR contains(%[1]s, 'e') OR contains(%[1]s, 'E') OR contains(%[1]s, '_') THEN NULL ELSE TRY_CAST(%[1]s AS %[2]s) END", field, kind.Engine())
	case k == dialect.Boolean:
		return fmt.Sprintf("CASE lower(%s) WHEN 'true' THEN true WHEN 'false' THEN false END", field)
	case k == dialect.Varbinary:
		return fmt.Sprintf("coalesce(TRY(from_base64(%[1]s)), encode(%[1]s))", field)
	case k == dialect.Array:
		elem := f.lazyValue("x", kind.Fields[0].Type)
		return fmt.Sprintf("CASE WHEN %[1]s = '' THEN [] ELSE list_transform(string_split(%[1]s, %[2]s), lambda x: %[3]s) END", field, literal(f.items), elem)
	case k == dialect.Map:
		key := f.lazyValue("split_part(x, "+literal(f.pairs)+", 1)", kind.Fields[0].Type)
		val := f.lazyValue("split_part(x, "+literal(f.pairs)+", 2)", kind.Fields[1].Type)
		return fmt.Sprintf("CASE WHEN %[1]s = '' THEN MAP {} ELSE map_from_entries(list_transform(string_split(%[1]s, %[2]s), lambda x: {k: %[3]s, v: %[4]s})) END", field, literal(f.items), key, val)
	case k == dialect.Row:
		parts := make([]string, len(kind.Fields))
		for i, m := range kind.Fields {
			parts[i] = duck.Name(m.Name) + ": " + f.lazyValue(fmt.Sprintf("string_split(%s, %s)[%d]", field, literal(f.items), i+1), m.Type)
		}
		return fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN {%s} END", field, strings.Join(parts, ", "))
	}
	return fmt.Sprintf("TRY_CAST(%s AS %s)", field, kind.Engine())
}

// badData begins the engine error of a field that is not of its type.
const badData = "bad data: "

// strictValue fails for what does not parse. As Hive's class has it, timestamps
// are milliseconds since 1970 and dates are days, but the usual forms do too.
func (f delimited) strictValue(field string, c column) string {
	cast := fmt.Sprintf("TRY_CAST(%s AS %s)", field, c.engine())
	switch c.kind.Kind {
	case dialect.Timestamp:
		cast = fmt.Sprintf("coalesce(make_timestamp(TRY_CAST(%[1]s AS BIGINT) * 1000), %[2]s)", field, cast)
	case dialect.Date:
		cast = fmt.Sprintf("coalesce(date '1970-01-01' + TRY_CAST(%[1]s AS INTEGER), %[2]s)", field, cast)
	case dialect.Boolean:
		cast = fmt.Sprintf("lower(%s) = 'true'", field)
	default:
		if isInteger(c.kind.Kind) {
			cast = f.lazyValue(field, c.kind)
		}
	}
	return fmt.Sprintf("CASE WHEN %[1]s IS NOT NULL THEN coalesce(%[2]s, error(%[3]s || %[1]s || %[4]s || \"%[5]s\")) END",
		field, cast, duck.Quote(badData+"column "+c.name+" is "+c.kind.Hive()+" and the field is '"), duck.Quote("' in "), fileColumn)
}
