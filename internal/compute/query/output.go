package query

import (
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// The engine names a column without a name by its expression and gives NULL the
// type INTEGER. What the dialects say instead is read from the parse tree.

// first is the SELECT that gives a query's columns their names.
func (t *tree) first() node {
	q := t.root
	for q != nil && text(q, "type") != "SELECT_NODE" {
		q = child(q, "left")
	}
	return q
}

// items are the select list with the place of each item among n columns. A star
// stands for several: with more than one of them no places are known.
func (t *tree) items(n int) map[int]node {
	q := t.first()
	all := list(q, "select_list")
	out := map[int]node{}
	shift, stars := 0, 0
	for i, e := range all {
		item, _ := e.(node)
		if text(item, "class") == "STAR" {
			stars++
			shift = n - len(all)
			continue
		}
		out[i+shift] = item
	}
	if stars > 1 || stars == 0 && len(all) != n {
		return nil
	}
	return out
}

// outputNames are the names of the query's columns in its dialect.
func (b *bound) outputNames(in []duck.Column) []string {
	t, d := b.tree, b.src.dialect
	out := make([]string, len(in))
	items := t.items(len(in))
	for i, c := range in {
		out[i] = c.Name
		if item := items[i]; item != nil && text(item, "alias") == "" {
			out[i] = b.unnamed(item, i, c.Name)
		}
	}
	if from := child(t.first(), "from_table"); text(from, "type") == "EXPRESSION_LIST" && text(from, "alias") == "valueslist" {
		for i := range out { // VALUES as a statement
			if out[i] = fmt.Sprintf("_col%d", i); d == Warehouse {
				out[i] = fmt.Sprintf("column%d", i+1)
			}
		}
	}
	return out
}

// unnamed is the name of an expression that the query gives none.
func (b *bound) unnamed(item node, i int, name string) string {
	class := text(item, "class")
	if class == "COLUMN_REF" {
		return name
	}
	if b.src.dialect == Lake {
		return fmt.Sprintf("_col%d", i)
	}
	switch class {
	case "FUNCTION", "WINDOW":
		if operator, _ := item["is_operator"].(bool); operator {
			return "?column?"
		}
		return b.wordAt(item, strings.TrimSuffix(strings.ToLower(text(item, "function_name")), "_star"))
	case "CASE":
		return "case"
	case "CAST":
		inner := child(item, "child")
		if text(inner, "class") == "COLUMN_REF" {
			names := list(inner, "column_names")
			last, _ := names[len(names)-1].(string)
			return last
		}
		return b.unnamed(inner, i, name)
	case "SUBQUERY":
		if text(item, "subquery_type") == "EXISTS" {
			return "exists"
		}
	}
	return "?column?"
}

// wordAt is the word that the user wrote where an item stands, for what the
// translation calls otherwise; or else.
func (b *bound) wordAt(item node, or string) string {
	at := b.at(offset(item))
	if end := wordEnd(b.src.text, at); at >= 0 && end > at && b.src.text[at] != '\'' {
		return strings.ToLower(unquote(b.src.text[at:end]))
	}
	return or
}

// nulls are the columns that are NULL without a type, out of n.
func (t *tree) nulls(n int) (out []int) {
	if text(t.root, "type") != "SELECT_NODE" {
		return nil
	}
	for i, item := range t.items(n) {
		if isNullConstant(item) {
			out = append(out, i)
		}
	}
	from := child(t.root, "from_table")
	if text(from, "type") != "EXPRESSION_LIST" || text(from, "alias") != "valueslist" {
		return out
	}
	for i := range n {
		all := true
		for _, r := range list(from, "values") {
			row, _ := r.([]any)
			cell, _ := row[i].(node)
			all = all && isNullConstant(cell)
		}
		if all {
			out = append(out, i)
		}
	}
	return out
}

func isNullConstant(n node) bool {
	null, _ := child(n, "value")["is_null"].(bool)
	return text(n, "class") == "CONSTANT" && null
}
