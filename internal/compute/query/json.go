package query

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// jsonLines reads one JSON object per line. A value that is not of its column's
// type is null.
type jsonLines struct{ spec foldSpec }

// openOpenX reads as the OpenX class does, whose settings are a few.
func openOpenX(t *catalog.Table, st catalog.Storage) (format, error) {
	spec := foldSpec{Fold: true, Names: map[string]string{}}
	for key, to := range map[string]*bool{"case.insensitive": &spec.Fold, "dots.in.keys": &spec.Dots, "ignore.malformed.json": &spec.Malformed} {
		if v, ok := property(t, st, key); ok {
			*to = strings.EqualFold(strings.TrimSpace(v), "true")
		}
	}
	for k, v := range st.Serde.Parameters {
		column, ok := strings.CutPrefix(k, "mapping.")
		if !ok {
			continue
		}
		if spec.Fold {
			v = strings.ToLower(v)
		}
		spec.Names[v] = strings.ToLower(column)
	}
	return jsonLines{spec}, nil
}

// openHiveJSON reads as Hive's own class does: keys in any case.
func openHiveJSON(t *catalog.Table, st catalog.Storage) (format, error) {
	spec := foldSpec{Fold: true}
	if v, ok := property(t, st, "ignore.malformed.json"); ok {
		spec.Malformed = strings.EqualFold(strings.TrimSpace(v), "true")
	}
	if v, ok := property(t, st, "timestamp.formats"); ok && v != "" {
		return nil, Unsupported.New(fmt.Sprintf("table %s.%s: timestamp.formats is not supported: timestamps are read as 2006-01-02 15:04:05", t.Database, t.Name))
	}
	return jsonLines{spec}, nil
}

func (f jsonLines) read(columns []column, paths string) string {
	spec := f.spec
	spec.Row = &jsonType{Fields: map[string]*jsonType{}}
	fields := make([]string, len(columns))
	values := make([]string, len(columns))
	for i, c := range columns {
		spec.Row.Fields[c.name] = newJSONType(c.kind)
		fields[i] = quoteJSON(c.name) + ":" + jsonShape(c.kind)
		values[i] = jsonValue("j."+duck.Name(c.name), c.kind) + " AS " + duck.Name(c.name)
	}
	if len(columns) == 0 {
		values = []string{"NULL"}
	}
	return fmt.Sprintf("(SELECT %s, %s FROM (SELECT json_transform(%s(c0, %s), %s) AS j, %s FROM read_csv([%s], auto_detect = false, header = false, columns = {'c0': 'VARCHAR'}, "+
		"delim = '', quote = '', escape = '', nullstr = %s, max_line_size = %d, buffer_size = %d, filename = %s) WHERE trim(c0) <> ''))",
		strings.Join(values, ", "), duck.Name(fileColumn), foldFunction, duck.Quote(quoteJSON(spec)), duck.Quote("{"+strings.Join(fields, ",")+"}"),
		duck.Name(fileColumn), paths,
		literal(neverText), jsonLineMax, 4*jsonLineMax, duck.Quote(fileColumn))
}

// jsonLineMax bounds a line, in bytes.
const jsonLineMax = 16 << 20

func quoteJSON(v any) string {
	b, _ := json.Marshal(v) // strings and specs always have a JSON form
	return string(b)
}

// newJSONType reads a column's type; nil for one without parts.
func newJSONType(kind dialect.Type) *jsonType {
	switch kind.Kind {
	case dialect.Array:
		if elem := newJSONType(kind.Fields[0].Type); elem != nil {
			return &jsonType{Elem: elem}
		}
	case dialect.Map:
		if elem := newJSONType(kind.Fields[1].Type); elem != nil {
			return &jsonType{Elem: elem}
		}
	case dialect.Row:
		t := &jsonType{Fields: map[string]*jsonType{}}
		for _, f := range kind.Fields {
			t.Fields[strings.ToLower(f.Name)] = newJSONType(f.Type)
		}
		return t
	}
	return nil
}

// jsonShape is a type in the form of json_transform.
func jsonShape(kind dialect.Type) string {
	switch kind.Kind {
	case dialect.Array:
		return "[" + jsonShape(kind.Fields[0].Type) + "]"
	case dialect.Row:
		fields := make([]string, len(kind.Fields))
		for i, f := range kind.Fields {
			fields[i] = quoteJSON(strings.ToLower(f.Name)) + ":" + jsonShape(f.Type)
		}
		return "{" + strings.Join(fields, ",") + "}"
	case dialect.Map:
		return quoteJSON("MAP(VARCHAR, " + shapeType(kind.Fields[1].Type) + ")")
	case dialect.Varbinary:
		return `"VARCHAR"`
	}
	return quoteJSON(kind.Engine())
}

// shapeType is the type that a map's values are read as.
func shapeType(kind dialect.Type) string {
	if kind.Kind == dialect.Varbinary {
		return "VARCHAR"
	}
	return kind.Engine()
}

// jsonValue turns what json_transform gives into the column's type.
func jsonValue(v string, kind dialect.Type) string {
	switch kind.Kind {
	case dialect.Varbinary:
		return fmt.Sprintf("TRY(from_base64(%s))", v)
	case dialect.Map, dialect.Row, dialect.Array:
		return fmt.Sprintf("CAST(%s AS %s)", v, kind.Engine())
	}
	return v
}

// writer makes JSON lines.
func (f jsonLines) writer() (outForm, error) {
	return options{form: "JSON", compression: "GZIP"}.outForm(), nil
}
