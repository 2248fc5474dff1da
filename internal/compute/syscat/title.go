package syscat

import (
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// The names of result columns that a statement does not name, by the rules of
// the warehouse: a function's name, the operand's or the type's name of a cast,
// "case", "array", "exists", and "?column?" for everything else.

const noTitle = "?column?"

// title finds the columns without a name in every SELECT.
func (e *expander) title() {
	e.titles = map[int]string{}
	for i := range e.toks {
		if e.toks[i].Kind != dialect.Word || e.toks[i].Value != "SELECT" || e.at(i-1).Is(".") {
			continue
		}
		for _, item := range e.items(i + 1) {
			if name := e.itemTitle(item[0], item[1]); name != "" {
				e.titles[item[1]-1] = " AS " + dialect.QuoteIdentifier(name)
			}
		}
	}
}

// listEnds are the words after a SELECT's list.
var listEnds = map[string]bool{
	"FROM": true, "WHERE": true, "GROUP": true, "HAVING": true, "ORDER": true, "LIMIT": true, "OFFSET": true, "UNION": true,
	"EXCEPT": true, "INTERSECT": true, "INTO": true, "WINDOW": true, "QUALIFY": true, "FETCH": true, "FOR": true,
}

// items cuts the list of a SELECT that begins at i.
func (e *expander) items(i int) (out [][2]int) {
	if e.isWord(i, "ALL") || e.isWord(i, "DISTINCT") {
		if i++; e.isWord(i, "ON") && e.at(i+1).Is("(") && e.closing[i+1] > 0 {
			i = e.closing[i+1] + 1
		}
	}
	first, depth := i, 0
	for at := i; e.step(); at++ {
		t := e.at(at)
		if at < len(e.toks) && t.Is("(") && e.closing[at] > 0 {
			at = e.closing[at]
			continue
		}
		switch {
		case t.Is("["), t.Is("{"):
			depth++
		case t.Is("]"), t.Is("}"):
			depth--
		}
		end := at >= len(e.toks) || t.Is(")") || t.Is(";") || t.Kind == dialect.EOF ||
			t.Kind == dialect.Word && listEnds[t.Value] && !e.at(at-1).Is(".") && !e.isWord(at-1, "DISTINCT") && !e.isWord(at-1, "AS")
		if end || t.Is(",") && depth == 0 {
			if at > first {
				out = append(out, [2]int{first, at})
			}
			first = at + 1
		}
		if end {
			return out
		}
	}
	return nil
}

// itemTitle is the name of the column from i to end, or "" when it has one.
func (e *expander) itemTitle(i, end int) string {
	if e.toks[end-1].Is("*") || e.namedItem(i, end) {
		return ""
	}
	name, column := e.expressionTitle(i, end)
	if column {
		return ""
	}
	return name
}

// namedItem says whether the item ends with a name of its own.
func (e *expander) namedItem(i, end int) bool {
	for at := i; at < end && e.step(); at++ {
		switch {
		case e.toks[at].Is("(") && e.closing[at] > 0:
			at = e.closing[at]
		case e.isWord(at, "AS") && e.toks[at].Kind == dialect.Word:
			return true
		}
	}
	last := e.toks[end-1]
	if end-i < 2 || last.Kind != dialect.Word && last.Kind != dialect.Quoted || last.Kind == dialect.Word && last.Value == "END" {
		return false
	}
	before := e.toks[end-2]
	switch before.Kind {
	case dialect.Operator:
		return before.Is(")") || before.Is("]")
	case dialect.Word:
		return !operatorWords[before.Value] && !e.typeContinues(i, end-1)
	}
	return true
}

// operatorWords take an operand after them.
var operatorWords = map[string]bool{
	"AND": true, "OR": true, "NOT": true, "IS": true, "IN": true, "LIKE": true, "ILIKE": true, "BETWEEN": true, "SIMILAR": true, "TO": true,
	"CASE": true, "WHEN": true, "THEN": true, "ELSE": true, "ISNULL": true, "NOTNULL": true, "COLLATE": true, "ZONE": true, "OVER": true, "FROM": true,
}

// typeContinues says whether the word at at is the second of a type's words.
func (e *expander) typeContinues(i, at int) bool {
	switch e.toks[at].Value {
	case "PRECISION":
		return e.isWord(at-1, "DOUBLE")
	case "VARYING":
		return e.isWord(at-1, "CHARACTER")
	case "ZONE":
		return e.isWord(at-1, "TIME")
	}
	return false
}

// expressionTitle is the name of an expression, and whether it is a column,
// which has its name already.
func (e *expander) expressionTitle(i, end int) (name string, column bool) {
	if e.depth++; e.depth > depthMax || end <= i {
		e.depth--
		return noTitle, false
	}
	defer func() { e.depth-- }()
	if at := e.lastCast(i, end); at > 0 {
		name, _ := e.expressionTitle(i, at)
		if name == noTitle {
			name = e.typeTitle(at+1, end)
		}
		return name, false
	}
	switch t := e.toks[i]; {
	case t.Is("(") && e.closing[i] == end-1:
		if e.isWord(i+1, "SELECT") {
			if list := e.items(i + 2); len(list) > 0 {
				return e.subqueryTitle(list[0][0], list[0][1]), false
			}
			return noTitle, false
		}
		name, _ := e.expressionTitle(i+1, end-1)
		return name, false
	case t.Kind == dialect.Word || t.Kind == dialect.Quoted:
		return e.wordTitle(i, end)
	}
	return noTitle, false
}

// subqueryTitle is the name of a sub-query's column.
func (e *expander) subqueryTitle(i, end int) string {
	if e.namedItem(i, end) {
		return strings.ToLower(e.toks[end-1].Value)
	}
	name, _ := e.expressionTitle(i, end)
	return name
}

// lastCast is the index of the :: that the whole expression ends with, or 0.
func (e *expander) lastCast(i, end int) int {
	found := 0
	for at := i; at < end && e.step(); at++ {
		t := e.toks[at]
		switch {
		case t.Is("(") && e.closing[at] > 0 && e.closing[at] < end:
			at = e.closing[at]
		case t.Is("::"):
			found = at
		case t.Kind == dialect.Operator && !t.Is(".") && !t.Is("[") && !t.Is("]"):
			return 0 // an operator: the cast is of a part
		case t.Kind == dialect.Word && operatorWords[t.Value] && t.Value != "ZONE":
			return 0
		}
	}
	return found
}

// typeTitle is the internal name of a type.
func (e *expander) typeTitle(i, end int) string {
	if e.isWord(i, "PG_CATALOG") && e.at(i+1).Is(".") {
		i += 2
	}
	var words []string
	for ; i < end && (e.toks[i].Kind == dialect.Word || e.toks[i].Kind == dialect.Quoted); i++ {
		words = append(words, strings.ToLower(e.toks[i].Value))
	}
	shown := strings.Join(words, " ")
	for _, t := range builtin() {
		if t.shown == shown || t.name == shown || shown != "" && strings.HasPrefix(t.shown, shown+" without") {
			return t.name
		}
	}
	switch shown {
	case "int":
		return "int4"
	case "decimal":
		return "numeric"
	case "":
		return noTitle
	}
	return shown
}

// wordTitle is the name of what begins with a word: a column, a call, CASE, a
// typed literal or one of SQL's values.
func (e *expander) wordTitle(i, end int) (name string, column bool) {
	t := e.toks[i]
	value := strings.ToLower(t.Value)
	if t.Kind == dialect.Word {
		switch t.Value {
		case "CASE":
			if e.isWord(end-1, "END") {
				return "case", false
			}
			return noTitle, false
		case "CAST", "TRY_CAST":
			if e.at(i+1).Is("(") && e.closing[i+1] == end-1 {
				return e.castTitle(i+2, end-1), false
			}
		case "ARRAY":
			if e.at(i + 1).Is("[") {
				return "array", false
			}
		case "TRUE", "FALSE":
			if end == i+1 {
				return "bool", false
			}
		case "NULL", "NOT":
			return noTitle, false
		}
		if end == i+2 && e.toks[i+1].Kind == dialect.String { // DATE '2026-01-01'
			return e.typeTitle(i, i+1), false
		}
	}
	at := i
	for e.at(at+1).Is(".") && at+2 < end {
		at += 2
	}
	switch {
	case at == end-1:
		if at == i && valueWords[t.Value] && t.Kind == dialect.Word {
			return value, false
		}
		return strings.ToLower(e.toks[at].Value), true
	case e.at(at+1).Is("(") && e.callEnd(e.closing[at+1]+1, end) == end:
		return strings.ToLower(e.toks[at].Value), false
	case e.at(at + 1).Is("["):
		return strings.ToLower(e.toks[at].Value), false
	}
	return noTitle, false
}

// valueWords are SQL's words for values.
var valueWords = map[string]bool{
	"CURRENT_USER": true, "SESSION_USER": true, "USER": true, "CURRENT_ROLE": true, "CURRENT_CATALOG": true, "CURRENT_SCHEMA": true,
	"CURRENT_DATE": true, "CURRENT_TIME": true, "CURRENT_TIMESTAMP": true, "LOCALTIME": true, "LOCALTIMESTAMP": true,
}

func (e *expander) castTitle(i, end int) string {
	for at := end - 1; at > i; at-- {
		if e.isWord(at, "AS") {
			name, _ := e.expressionTitle(i, at)
			if name == noTitle {
				name = e.typeTitle(at+1, end)
			}
			return name
		}
	}
	return noTitle
}

// callEnd passes what may follow a call's brackets: WITHIN GROUP, FILTER, OVER.
func (e *expander) callEnd(at, end int) int {
	for at < end {
		switch {
		case e.isWord(at, "WITHIN") && e.isWord(at+1, "GROUP") && e.closing[min(at+2, len(e.toks)-1)] > 0:
			at = e.closing[at+2] + 1
		case (e.isWord(at, "FILTER") || e.isWord(at, "OVER")) && at+1 < end && e.closing[at+1] > 0:
			at = e.closing[at+1] + 1
		case e.isWord(at, "OVER") && at+1 < end:
			at += 2
		default:
			return at
		}
	}
	return at
}
