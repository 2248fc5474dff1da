package syscat

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// function is how a function of the catalog is written out: a text per number
// of arguments, in which $1 stands for the first.
type function struct {
	text map[int]string
	// make is for those that need the session; it gets the arguments' texts and,
	// of arguments that are string literals, their values.
	make func(e *expander, args []argument) (string, error)
}

type argument struct {
	text    string
	literal bool
	value   string
}

const formatType = `(SELECT bt.b_name || CASE WHEN bt.b_modifier = 'l' AND ($2) > 3 THEN '(' || CAST(($2) - 4 AS varchar) || ')' ` +
	`WHEN bt.b_modifier = 'n' AND ($2) > 3 THEN '(' || CAST((($2) - 4) >> 16 AS varchar) || ',' || CAST((($2) - 4) & 65535 AS varchar) || ')' ` +
	`ELSE '' END || bt.b_suffix FROM pg_catalog.boathouse_type bt WHERE bt.b_oid = ($1))`

const (
	comment   = "(SELECT bd.b_text FROM pg_catalog.boathouse_comment bd WHERE bd.b_object = ($1) AND bd.b_column = 0)"
	commentOf = "(SELECT bd.b_text FROM pg_catalog.boathouse_comment bd WHERE bd.b_object = ($1) AND bd.b_column = ($2) AND bd.b_class = 1259)"
	viewDef   = "(SELECT br.b_definition FROM pg_catalog.boathouse_relation br WHERE br.b_oid = ($1) AND br.b_definition <> '')"
	nothing   = "CAST(NULL AS varchar)" // of an index, a constraint, a default: there are none
	unknown   = "CAST(NULL AS bigint)"  // of a size: not kept
)

// fixedText makes a function with the same text for the given numbers of arguments.
func fixedText(text string, counts ...int) function {
	f := function{text: map[int]string{}}
	for _, n := range counts {
		f.text[n] = text
	}
	return f
}

// functions are the functions that are written out.
func functions() map[string]function {
	m := map[string]function{
		"format_type":     {text: map[int]string{2: formatType, 1: strings.ReplaceAll(formatType, "$2", "NULL")}},
		"obj_description": {text: map[int]string{1: comment, 2: comment}}, "col_description": {text: map[int]string{2: commentOf}},
		"shobj_description": fixedText(nothing, 2),
		"pg_get_userbyid":   fixedText("(SELECT br.b_name FROM pg_catalog.boathouse_role br WHERE br.b_oid = ($1))", 1),
		"pg_get_viewdef":    fixedText(viewDef, 1, 2),
		"pg_get_expr":       fixedText(nothing, 2, 3), "pg_get_indexdef": fixedText(nothing, 1, 3),
		"pg_get_constraintdef": fixedText(nothing, 1, 2), "pg_get_triggerdef": fixedText(nothing, 1, 2),
		"pg_get_ruledef": fixedText(nothing, 1, 2), "pg_get_partkeydef": fixedText(nothing, 1),
		"pg_get_partition_constraintdef": fixedText(nothing, 1), "pg_get_statisticsobjdef": fixedText(nothing, 1),
		"pg_get_statisticsobjdef_columns": fixedText(nothing, 1), "pg_get_serial_sequence": fixedText(nothing, 2),
		"pg_get_functiondef": fixedText(nothing, 1), "pg_get_function_result": fixedText(nothing, 1),
		"pg_get_function_arguments": fixedText(nothing, 1), "pg_get_function_identity_arguments": fixedText(nothing, 1),
		"pg_table_is_visible":        fixedText("(($1) IN (SELECT br.b_oid FROM pg_catalog.boathouse_relation br WHERE br.b_visible))", 1),
		"pg_type_is_visible":         fixedText("(($1) IN (SELECT bt.b_oid FROM pg_catalog.boathouse_type bt))", 1),
		"pg_relation_size":           fixedText(unknown, 1, 2),
		"pg_table_size":              fixedText(unknown, 1),
		"pg_indexes_size":            fixedText(unknown, 1),
		"pg_database_size":           fixedText(unknown, 1),
		"pg_tablespace_size":         fixedText(unknown, 1),
		"pg_encoding_to_char":        fixedText("CASE ($1) WHEN 6 THEN 'UTF8' WHEN 0 THEN 'SQL_ASCII' ELSE '' END", 1),
		"pg_char_to_encoding":        fixedText("CASE upper($1) WHEN 'UTF8' THEN 6 WHEN 'SQL_ASCII' THEN 0 ELSE -1 END", 1),
		"pg_is_in_recovery":          fixedText("false", 0),
		"pg_is_other_temp_schema":    fixedText("false", 1),
		"pg_my_temp_schema":          fixedText("0", 0),
		"pg_get_keywords":            fixedText("pg_catalog.boathouse_keyword", 0),
		"pg_relation_is_publishable": fixedText("false", 1),
		"pg_tablespace_location":     fixedText("''", 1),
		"inet_server_addr":           fixedText(nothing, 0),
		"inet_client_addr":           fixedText(nothing, 0),
		"inet_server_port":           fixedText("CAST(NULL AS integer)", 0),
		"has_database_privilege":     fixedText("true", 2, 3),
		"pg_has_role":                fixedText("true", 2, 3),
		"array_upper":                fixedText("array_length($1, $2)", 2),
		"array_lower":                fixedText("CASE WHEN array_length($1, $2) > 0 THEN 1 END", 2),
		"quote_ident":                fixedText(`CASE WHEN regexp_matches(($1), '^[a-z_][a-z0-9_]*$') THEN ($1) ELSE '"' || replace(($1), '"', '""') || '"' END`, 1),
		"to_regclass":                fixedText("(SELECT br.b_oid FROM pg_catalog.boathouse_relation br WHERE br.b_name = ($1) OR br.b_full = ($1) LIMIT 1)", 1),
		"getdatabaseencoding":        fixedText("'UTF8'", 0),
		"pg_size_pretty":             fixedText("CASE WHEN abs($1) < 10240 THEN ($1) || ' bytes' WHEN abs($1) < 10485760 THEN round(($1) / 1024.0) || ' kB' WHEN abs($1) < 10737418240 THEN round(($1) / 1048576.0) || ' MB' ELSE round(($1) / 1073741824.0) || ' GB' END", 1),
		"array_remove":               fixedText("list_filter(($1), lambda bx: bx IS DISTINCT FROM ($2))", 2),
		"_pg_expandarray":            fixedText("struct_pack(x := unnest($1), n := unnest(generate_series(1, len($1))))", 1),
		"to_regtype":                 fixedText("(SELECT bt.b_oid FROM pg_catalog.boathouse_type bt WHERE bt.b_name = ($1) OR bt.b_short = ($1) LIMIT 1)", 1),
		"pg_total_relation_size":     fixedText(unknown, 1),
	}
	for _, kind := range []string{"function", "operator", "opclass", "opfamily", "conversion", "collation", "ts_config", "ts_dict", "ts_parser", "ts_template", "statistics_obj"} {
		m["pg_"+kind+"_is_visible"] = fixedText("true", 1)
	}
	for name, privilege := range map[string]string{"table": "SELECT", "any_column": "SELECT", "column": "SELECT", "schema": "USAGE", "tablespace": "CREATE", "type": "USAGE", "language": "USAGE"} {
		m["has_"+name+"_privilege"] = privileges(privilege)
	}
	for name, of := range sessionFunctions() {
		m[name] = function{make: of}
	}
	return m
}

// privileges answers what is listed can be read, and nothing else can be done
// to it through this door.
func privileges(allowed string) function {
	return function{make: func(_ *expander, args []argument) (string, error) {
		if len(args) == 0 {
			return "", NotServed.New("a privilege function without arguments")
		}
		last := args[len(args)-1]
		if !last.literal {
			return fmt.Sprintf("(upper(%s) = '%s')", last.text, allowed), nil
		}
		for _, p := range strings.Split(last.value, ",") {
			if strings.EqualFold(strings.TrimSpace(p), allowed) {
				return "true", nil
			}
		}
		return "false", nil
	}}
}

// sessionFunctions are those whose value is known before the statement runs.
func sessionFunctions() map[string]func(*expander, []argument) (string, error) {
	text := func(get func(*Session) string) func(*expander, []argument) (string, error) {
		return func(e *expander, _ []argument) (string, error) { return dialect.QuoteString(get(e.session)), nil }
	}
	return map[string]func(*expander, []argument) (string, error){
		"current_database": text(func(s *Session) string { return s.Database }),
		"current_schema":   func(e *expander, _ []argument) (string, error) { return e.currentSchema(), nil },
		"current_schemas":  func(e *expander, args []argument) (string, error) { return e.currentSchemas(args), nil },
		"current_setting":  (*expander).currentSetting,
		"set_config": func(*expander, []argument) (string, error) {
			return "", NotServed.New("set_config inside of a query: send it as a SELECT of its own, or use SET; it")
		},
		"pg_backend_pid": func(e *expander, _ []argument) (string, error) {
			return strconv.FormatInt(e.session.ProcessID, 10), nil
		},
		"version": func(e *expander, _ []argument) (string, error) { return dialect.QuoteString(e.service.version()), nil },
	}
}

// version says first what clients look for and then what this is.
func (s *Service) version() string {
	return "PostgreSQL 15.0 (Boathouse " + s.needs.Version + ", which speaks this protocol and is not PostgreSQL)"
}

// currentSchema is the first schema of the path that exists.
func (e *expander) currentSchema() string {
	v := e.view()
	if v == nil {
		return ""
	}
	for _, name := range e.session.Schemas {
		for _, s := range v.schemas {
			if s.name == name {
				return dialect.QuoteString(name)
			}
		}
	}
	return nothing
}

func (e *expander) currentSchemas(args []argument) string {
	var list []string
	if len(args) == 1 && strings.EqualFold(args[0].text, "true") {
		list = append(list, "'pg_catalog'")
	}
	for _, name := range e.session.Schemas {
		list = append(list, dialect.QuoteString(name))
	}
	return "CAST(ARRAY[" + strings.Join(list, ", ") + "] AS varchar[])"
}

func (e *expander) currentSetting(args []argument) (string, error) {
	if len(args) == 0 {
		return "", NotServed.New("current_setting without a name")
	}
	if !args[0].literal {
		return "(SELECT bs.b_value FROM pg_catalog.boathouse_setting bs WHERE bs.b_name = lower(CAST((" + args[0].text + ") AS varchar)))", nil
	}
	if v, ok := e.session.Get(args[0].value); ok {
		return dialect.QuoteString(v), nil
	}
	if len(args) == 2 && strings.EqualFold(args[1].text, "true") {
		return nothing, nil
	}
	return "", NoSetting.New(args[0].value)
}

// value is what a word without brackets stands for, if it is one of SQL's
// words for the session.
func (e *expander) value(i int) (string, bool) {
	if e.at(i+1).Is(".") || e.isWord(i-1, "AS") {
		return "", false
	}
	switch e.toks[i].Value {
	case "CURRENT_USER", "SESSION_USER", "USER", "CURRENT_ROLE":
		return dialect.QuoteString(e.session.User), true
	case "CURRENT_CATALOG":
		return dialect.QuoteString(e.session.Database), true
	case "CURRENT_SCHEMA":
		return e.currentSchema(), true
	}
	return "", false
}

// call expands a call whose name is at name; the call begins at i, where the
// name's schema may stand. A call that stays loses its schema.
func (e *expander) call(i, name int) (string, int) {
	t := e.at(name)
	if !e.at(name+1).Is("(") || e.closing[name+1] < 0 || t.Kind != dialect.Word && t.Kind != dialect.Quoted {
		return "", i
	}
	end := e.closing[name+1]
	lower := strings.ToLower(t.Value)
	if to := renamed[lower]; to != "" {
		return to + e.span(name+1, end+1), end + 1
	}
	f, ok := e.functions[lower]
	if !ok {
		if i == name {
			return "", i
		}
		return t.Text + e.span(name+1, end+1), end + 1
	}
	list := e.split(name+2, end)
	text, ok := f.text[len(list)]
	if f.make == nil && !ok {
		return "", i // the engine says what is wrong
	}
	args := e.arguments(list)
	if f.make != nil {
		out, err := f.make(e, args)
		if err != nil && e.err == nil {
			e.err = err
		}
		return e.keep(out, out, list, args), end + 1
	}
	texts, size := make([]string, len(args)), 0
	for i, a := range args {
		texts[i] = a.text
		size += len(a.text) * strings.Count(text, "$"+strconv.Itoa(i+1))
	}
	if size > textMax {
		e.err = TooDeep.New()
		return "", end + 1
	}
	return e.keep(fill(text, texts...), text, list, args), end + 1
}

// keep makes sure that parameters in arguments that the text does not use stay
// in the statement: the client sends values for them.
func (e *expander) keep(out, text string, list [][2]int, args []argument) string {
	for i, a := range list {
		if strings.Contains(text, "$"+strconv.Itoa(i+1)) || text == out && strings.Contains(out, args[i].text) {
			continue
		}
		for at := a[0]; at < a[1]; at++ {
			if e.toks[at].Kind == dialect.Parameter {
				out = "CASE WHEN CAST((" + args[i].text + ") AS varchar) IS NULL THEN " + out + " ELSE " + out + " END"
				break
			}
		}
	}
	return out
}

// split cuts the tokens from i to end at the commas between arguments.
func (e *expander) split(i, end int) (out [][2]int) {
	first := i
	for at := i; at <= end; at++ {
		if at < end && e.toks[at].Is("(") && e.closing[at] > 0 {
			at = e.closing[at]
			continue
		}
		if at < end && !e.toks[at].Is(",") {
			continue
		}
		if at > first {
			out = append(out, [2]int{first, at})
		}
		first = at + 1
	}
	return out
}

func (e *expander) arguments(list [][2]int) []argument {
	out := make([]argument, len(list))
	for i, a := range list {
		out[i].text = e.span(a[0], a[1])
		if t := e.toks[a[0]]; a[1] == a[0]+1 && t.Kind == dialect.String {
			out[i].literal, out[i].value = true, t.Value
		}
	}
	return out
}

// renamed are functions that the engine has under another name.
var renamed = map[string]string{"json_build_object": "json_object", "json_build_array": "json_array"}

// fill puts the arguments into a text.
func fill(text string, args ...string) string {
	pairs := make([]string, 0, 2*len(args))
	for i, a := range args { // in one pass: an argument may hold a $1 of its own
		pairs = append(pairs, "$"+strconv.Itoa(i+1), a)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
