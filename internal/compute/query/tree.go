package query

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// node is an object of the engine's parse tree, as json_serialize_sql writes it.
type node = map[string]any

// tree is a query's parse tree with what was found in it.
type tree struct {
	root    node
	tables  []*tableRef
	columns []columnRef
	calls   []call
	odd     []call // kinds of nodes that queries may not have
}

// tableRef is a table's name in a FROM that is not a common table expression.
type tableRef struct {
	catalog, schema, name string
	alias                 string
	at                    int  // byte offset of the name
	inner                 bool // no outer join makes nulls of its rows
	from                  *scope
	time                  bool // has FOR VERSION or the like
}

// scope is one SELECT: its tables and the conditions its rows must meet.
type scope struct {
	tables     []*tableRef
	opaque     bool // some rows come from sub-queries, functions or expressions
	conditions []node
}

type columnRef struct {
	names []string
	at    int
}

// call is a function's name, or the name of something else that must be allowed.
type call struct {
	name  string
	table bool // in a FROM
	at    int
}

// parseTree lets the engine parse text. Anything but one SELECT fails.
func parseTree(ctx context.Context, c *duck.Conn, text string) (*tree, *duck.Error, error) {
	doc, err := c.Text(ctx, "SELECT json_serialize_sql(?::VARCHAR)", text)
	if err != nil {
		return nil, nil, err
	}
	var out struct {
		Error      bool   `json:"error"`
		Type       string `json:"error_type"`
		Message    string `json:"error_message"`
		Subtype    string `json:"error_subtype"`
		Position   string `json:"position"`
		Statements []node `json:"statements"`
	}
	dec := json.NewDecoder(strings.NewReader(doc))
	dec.UseNumber()
	if err := dec.Decode(&out); err != nil { // it writes 1e999 as a word that JSON has not
		return nil, &duck.Error{Class: duck.Parser, Position: -1, Message: "a number is out of range, or expressions nest too deep"}, nil
	}
	if out.Error {
		e := &duck.Error{Class: duck.Class(out.Type), Subtype: out.Subtype, Message: out.Message, Position: -1}
		if n, err := strconv.Atoi(out.Position); err == nil {
			e.Position = n
		}
		return nil, e, nil
	}
	if len(out.Statements) != 1 {
		return nil, &duck.Error{Class: "several", Position: -1, Message: "one statement at a time"}, nil
	}
	root, _ := out.Statements[0]["node"].(node)
	t := &tree{root: root}
	t.query(root, nil)
	return t, nil, nil
}

// mentions says whether a column is asked for by name.
func (t *tree) mentions(column string) bool {
	for _, c := range t.columns {
		if n := len(c.names); n > 0 && strings.EqualFold(c.names[n-1], column) {
			return true
		}
	}
	return false
}

// deparse writes an expression of a tree as the engine's SQL.
func deparse(ctx context.Context, c *duck.Conn, expr any) (string, error) {
	var b bytes.Buffer
	b.WriteString(`{"error":false,"statements":[{"node":{"type":"SELECT_NODE","modifiers":[],"cte_map":{"map":[]},"select_list":[`)
	if err := json.NewEncoder(&b).Encode(expr); err != nil {
		return "", err
	}
	b.WriteString(`],"from_table":{"type":"EMPTY","alias":"","sample":null,"query_location":0},"where_clause":null,"group_expressions":[],"group_sets":[],` +
		`"aggregate_handling":"STANDARD_HANDLING","having":null,"sample":null,"qualify":null},"named_param_map":[]}]}`)
	text, err := c.Text(ctx, "SELECT json_deserialize_sql(?::JSON)", b.String())
	return strings.TrimPrefix(text, "SELECT "), err
}

// names is the common table expressions that can be seen, inner ones first.
type names struct {
	name  string
	outer *names
}

// Only ASCII letters have no case, as in the engine: what is a common table
// expression here and none there would be looked for among the engine's own.
func (n *names) has(name string) bool {
	for ; n != nil; n = n.outer {
		if foldASCII(n.name) == foldASCII(name) {
			return true
		}
	}
	return false
}

func foldASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// query walks a query node: SELECT, a set operation or a recursive step.
func (t *tree) query(q node, seen *names) {
	if q == nil {
		return
	}
	seen = t.ctes(q, seen)
	switch text(q, "type") {
	case "SELECT_NODE":
		s := &scope{}
		t.from(child(q, "from_table"), seen, s, true)
		if w := child(q, "where_clause"); w != nil {
			s.conditions = conjuncts(s.conditions, w)
		}
		t.rest(q, seen, "cte_map", "from_table")
	case "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE":
		t.query(child(q, "left"), seen)
		if name := text(q, "cte_name"); name != "" { // the recursive step sees itself, what it begins with does not
			seen = &names{name, seen}
		}
		t.query(child(q, "right"), seen)
		for _, e := range list(q, "children") {
			c, _ := e.(node)
			t.query(c, seen)
		}
		t.rest(q, seen, "cte_map", "left", "right", "children")
	default:
		t.odd = append(t.odd, call{name: text(q, "type"), at: offset(q)})
		t.rest(q, seen, "cte_map")
	}
}

// ctes walks the common table expressions of a node: each sees those before
// it, and itself when it is recursive.
func (t *tree) ctes(q node, seen *names) *names {
	for _, e := range list(child(q, "cte_map"), "map") {
		entry, _ := e.(node)
		inner := child(child(child(entry, "value"), "query"), "node")
		t.query(inner, seen)
		seen = &names{text(entry, "key"), seen}
	}
	return seen
}

// rest walks all parts of a node but those that were walked.
func (t *tree) rest(n node, seen *names, walked ...string) {
next:
	for k, v := range n {
		for _, w := range walked {
			if k == w {
				continue next
			}
		}
		t.any(v, seen)
	}
}

func (t *tree) any(v any, seen *names) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			t.any(e, seen)
		}
	case node:
		t.expression(v, seen)
	}
}

// expression walks whatever is not a table: expressions, modifiers, samples.
func (t *tree) expression(n node, seen *names) {
	switch class := text(n, "class"); class {
	case "FUNCTION":
		t.calls = append(t.calls, call{name: text(n, "function_name"), at: offset(n)})
	case "WINDOW":
		t.calls = append(t.calls, call{name: text(n, "function_name"), at: offset(n)})
	case "COLUMN_REF":
		c := columnRef{at: offset(n)}
		for _, s := range list(n, "column_names") {
			part, _ := s.(string)
			c.names = append(c.names, part)
		}
		t.columns = append(t.columns, c)
	case "SUBQUERY":
		t.query(child(child(n, "subquery"), "node"), seen)
		t.rest(n, seen, "subquery")
		return
	case "", "CONSTANT", "COMPARISON", "CONJUNCTION", "OPERATOR", "CASE", "CAST", "BETWEEN", "LAMBDA", "PARAMETER", "STAR",
		"COLLATE", "POSITIONAL_REFERENCE", "LAMBDA_REF":
	default:
		t.odd = append(t.odd, call{name: class, at: offset(n)})
	}
	switch text(n, "type") {
	case "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE":
		t.query(n, seen)
		return
	case "BASE_TABLE", "TABLE_FUNCTION", "SHOW_REF", "JOIN", "EXPRESSION_LIST", "PIVOT":
		if text(n, "class") == "" {
			t.from(n, seen, &scope{opaque: true}, false)
			return
		}
	case "SUBQUERY":
		if text(n, "class") == "" {
			t.from(n, seen, &scope{opaque: true}, false)
			return
		}
	}
	t.rest(n, seen)
}

// from walks a table reference. inner says that no outer join above it makes
// nulls of its rows.
func (t *tree) from(n node, seen *names, s *scope, inner bool) {
	if n == nil {
		return
	}
	switch kind := text(n, "type"); kind {
	case "BASE_TABLE":
		t.base(n, seen, s, inner)
	case "JOIN":
		t.join(n, seen, s, inner)
	case "SUBQUERY":
		s.opaque = true
		t.query(child(child(n, "subquery"), "node"), seen)
		t.rest(n, seen, "subquery")
	case "TABLE_FUNCTION":
		s.opaque = true
		f := child(n, "function")
		t.calls = append(t.calls, call{name: text(f, "function_name"), table: true, at: offset(f)})
		t.rest(f, seen)
		t.rest(n, seen, "function")
	case "EXPRESSION_LIST", "EMPTY":
		s.opaque = true
		t.rest(n, seen)
	case "PIVOT":
		s.opaque = true
		t.from(child(n, "source"), seen, &scope{opaque: true}, false)
		t.rest(n, seen, "source")
	default:
		t.odd = append(t.odd, call{name: kind, at: offset(n)})
		t.rest(n, seen)
	}
}

func (t *tree) base(n node, seen *names, s *scope, inner bool) {
	ref := &tableRef{catalog: text(n, "catalog_name"), schema: text(n, "schema_name"), name: text(n, "table_name"),
		alias: text(n, "alias"), at: offset(n), inner: inner, from: s, time: n["at_clause"] != nil}
	t.rest(n, seen)
	if ref.catalog == "" && ref.schema == "" && seen.has(ref.name) {
		s.opaque = true
		// The second fence: a name that the engine could take for a file's is never left to it.
		if strings.ContainsAny(ref.name, `/\`) {
			t.odd = append(t.odd, call{name: "a path as a table's name", at: ref.at})
		}
		return
	}
	t.tables = append(t.tables, ref)
	s.tables = append(s.tables, ref)
}

func (t *tree) join(n node, seen *names, s *scope, inner bool) {
	left, right := inner, inner
	switch text(n, "join_type") {
	case "INNER":
		if c := child(n, "condition"); c != nil && inner {
			s.conditions = conjuncts(s.conditions, c)
		}
	case "LEFT":
		right = false
	case "RIGHT":
		left = false
	default: // FULL, SEMI, ANTI, ...
		left, right = false, false
	}
	t.from(child(n, "left"), seen, s, left)
	t.from(child(n, "right"), seen, s, right)
	t.rest(n, seen, "left", "right")
}

// conjuncts adds the parts of a condition that must all be true.
func conjuncts(to []node, c node) []node {
	if text(c, "type") != "CONJUNCTION_AND" {
		return append(to, c)
	}
	for _, e := range list(c, "children") {
		if n, ok := e.(node); ok {
			to = conjuncts(to, n)
		}
	}
	return to
}

func text(n node, key string) string {
	s, _ := n[key].(string)
	return s
}

func child(n node, key string) node {
	o, _ := n[key].(node)
	return o
}

func list(n node, key string) []any {
	l, _ := n[key].([]any)
	return l
}

// offset is where a node stands in the text, -1 when the engine does not say.
func offset(n node) int {
	num, _ := n["query_location"].(json.Number)
	if v, err := strconv.ParseInt(string(num), 10, 64); err == nil {
		return int(v)
	}
	return -1
}
