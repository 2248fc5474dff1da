package syscat

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// field is a column of a relation: its type in the warehouse's words and how
// the engine keeps it.
type field struct {
	name string
	kind dialect.Type
}

// parse reads "oid oid, relname name, relacl text[]".
func (r *relation) parse() []field {
	if r.fields != nil {
		return r.fields
	}
	var out []field
	for _, c := range strings.Split(r.columns, ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(c), " ")
		t, ok := plainTypes()[strings.TrimSuffix(kind, "[]")]
		if !ok {
			panic("syscat: " + r.name + "." + name + " has no type")
		}
		if strings.HasSuffix(kind, "[]") {
			t = dialect.ArrayOf(t)
		}
		out = append(out, field{name, t})
	}
	return out
}

func plainTypes() map[string]dialect.Type {
	return map[string]dialect.Type{
		"oid": dialect.Of(dialect.OID), "name": dialect.Of(dialect.SystemName), "char": dialect.Of(dialect.InternalChar),
		"text": dialect.Of(dialect.Varchar), "bool": dialect.Of(dialect.Boolean), "int2": dialect.Of(dialect.SmallInt),
		"int4": dialect.Of(dialect.Integer), "int8": dialect.Of(dialect.BigInt), "float4": dialect.Of(dialect.Real),
		"float8": dialect.Of(dialect.Double), "timestamptz": dialect.Of(dialect.TimestampTZ), "regproc": dialect.Of(dialect.RegProc),
		"bytea": dialect.Of(dialect.Varbinary),
	}
}

// sql writes the relation with its rows. A column that has one value is written
// once; the others travel together in one JSON text, which the engine reads
// faster than it parses a VALUES list.
func (r *relation) sql(rows []row) (string, error) {
	fields := r.parse()
	if r.kind == "r" && r.oid != 0 { // a system column: every table has it
		fields = append(fields[:len(fields):len(fields)], field{"tableoid", dialect.Of(dialect.OID)})
		for _, row := range rows {
			row["tableoid"] = r.oid
		}
	}
	list := make([]string, len(fields))
	data, shape := map[string][]any{}, map[string][]string{}
	for i, f := range fields {
		engine := f.kind.Engine()
		if constant(f.name, rows) {
			var v any
			if len(rows) > 0 {
				v = rows[0][f.name]
			}
			text, err := literal(v)
			if err != nil {
				return "", fmt.Errorf("%s.%s: %w", r.name, f.name, err)
			}
			list[i] = fmt.Sprintf("CAST(%s AS %s) AS %s", text, engine, dialect.QuoteIdentifier(f.name))
			continue
		}
		key := fmt.Sprintf("c%d", i)
		values := make([]any, len(rows))
		for j, row := range rows {
			values[j] = row[f.name]
		}
		data[key], shape[key] = values, []string{engine}
		if f.kind.Kind == dialect.Array {
			shape[key] = nil
		}
		list[i] = fmt.Sprintf("unnest(j.%s) AS %s", key, dialect.QuoteIdentifier(f.name))
	}
	switch {
	case len(rows) == 0:
		return "SELECT " + strings.Join(list, ", ") + " WHERE false", nil
	case len(data) == 0:
		return fmt.Sprintf("SELECT %s FROM range(%d)", strings.Join(list, ", "), len(rows)), nil
	}
	text, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("SELECT %s FROM (SELECT from_json(%s, %s) AS j)", strings.Join(list, ", "),
		dialect.QuoteString(string(text)), dialect.QuoteString(shapeOf(fields, shape))), nil
}

// shapeOf is the JSON structure that from_json reads.
func shapeOf(fields []field, shape map[string][]string) string {
	var parts []string
	for i, f := range fields {
		key := fmt.Sprintf("c%d", i)
		if _, ok := shape[key]; !ok {
			continue
		}
		inner := `"` + f.kind.Engine() + `"`
		if f.kind.Kind == dialect.Array {
			inner = `["` + f.kind.Fields[0].Type.Engine() + `"]`
		}
		parts = append(parts, fmt.Sprintf(`"%s":[%s]`, key, inner))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// constant says whether a column has the same value in all rows.
func constant(name string, rows []row) bool {
	for _, row := range rows {
		if !reflect.DeepEqual(row[name], rows[0][name]) {
			return false
		}
	}
	return true
}

// literal writes a value as SQL.
func literal(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "NULL", nil
	case string:
		return dialect.QuoteString(v), nil
	case bool, int, int64, float64:
		return fmt.Sprint(v), nil
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = dialect.QuoteString(s)
		}
		return "[" + strings.Join(parts, ", ") + "]", nil
	}
	return "", fmt.Errorf("a %T has no literal", v)
}
