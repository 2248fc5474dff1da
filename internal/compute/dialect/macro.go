package dialect

import (
	_ "embed"
	"strings"
)

//go:embed macro_lake.sql
var lakeMacros string

//go:embed macro_warehouse.sql
var warehouseMacros string

// Macros are the statements that make the functions [Translate] counts on: run
// them once in each instance of the engine, in order. They create the schemas
// "lake" and "lake_operators", or "warehouse", in the current database.
func Macros(d Dialect) []string {
	text := lakeMacros
	if d == Warehouse {
		text = warehouseMacros
	}
	parts, err := Split(text, Warehouse)
	if err != nil {
		panic("dialect: macros: " + err.Error())
	}
	out := make([]string, 0, len(parts))
	for _, p := range parts {
		out = append(out, p.Text)
	}
	if d == Lake {
		out = append(out, integerCasts()...)
	}
	return out
}

// SearchPath is what search_path has to be, apart from the schemas of tables
// that may follow it, where a translated query runs: the operators of the
// dialect are found through it.
func SearchPath(d Dialect) []string {
	if d == Warehouse {
		return []string{"warehouse", "main"}
	}
	return []string{"lake_operators", "main"}
}

// failure is how a macro's refusal begins; see macro_lake.sql.
const failure = "!! "

// EngineMessage finds the message of a refusal that a macro of this package
// made in the text of the engine's error, and whether there is one:
// "Division by zero".
func EngineMessage(text string) (string, bool) {
	_, after, ok := strings.Cut(text, failure)
	if !ok {
		return "", false
	}
	message, _, ok := strings.Cut(after, " !!")
	return message, ok
}

// integerCasts makes lake.cast_bigint and its like: text must be digits, and
// fractions are rounded half away from zero.
func integerCasts() []string {
	var out []string
	for _, typ := range []string{"TINYINT", "SMALLINT", "INTEGER", "BIGINT"} {
		out = append(out, integerCast("cast_", "CAST", typ)...)
		out = append(out, integerCast("try_cast_", "TRY_CAST", typ)...)
	}
	return out
}

func integerCast(prefix, word, typ string) []string {
	name := "lake." + prefix + strings.ToLower(typ)
	message := "'" + failure + "Cannot cast ''' || a || ''' to " + typ + " !!'"
	forms := []string{"(p VARCHAR[], a) AS " + word + "(CASE WHEN regexp_full_match(a, '[+-]?[0-9]+') THEN a ELSE " + message + " END AS " + typ + ")"}
	for _, t := range []string{"DOUBLE", "FLOAT"} {
		forms = append(forms, "(p "+t+"[], a) AS "+word+"(round(a) AS "+typ+")")
	}
	for _, t := range []string{"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"} {
		forms = append(forms, "(p "+t+"[], a) AS "+word+"(a AS "+typ+")")
	}
	forms = append(forms, "(p, a) AS "+word+"(a AS "+typ+")")
	return []string{
		"CREATE OR REPLACE MACRO " + name + "_of" + strings.Join(forms, ", "),
		"CREATE OR REPLACE MACRO " + name + "(a) AS " + name + "_of([a], a)",
	}
}
