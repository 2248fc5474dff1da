package dialect

import "strings"

// The engine chooses among a macro's forms by the types of its arguments, but
// it does not know the type of an aggregate, of a window function or of a column
// of an outer query when it chooses: it would take any form. Such arguments are
// first bound to a name by list_transform([x], lambda "v->": f("v->"))[1], where
// their types are known (and struct_extract, not a dot, takes them apart: in a
// HAVING the engine would take "v->".a for a column). That costs about a microsecond a row, so arguments of
// known type are given directly.

// guardName is what guarded arguments are bound to.
const guardName = `"v->"`

// isOpaque says whether the engine may not know the type of what the tokens from
// i to end say.
func (t *translator) isOpaque(i, end int) bool {
	if t.correlated {
		return true
	}
	for n := i; n < end; n++ {
		if t.toks[n].Is("OVER") {
			return true
		}
	}
	return t.hasAggregate(i, end)
}

// guarded writes a call over arguments that are bound to names first. form has
// $1, $2 ... for them.
func (t *translator) guarded(form string, src int, args ...func()) {
	if len(args) == 1 {
		t.put("list_transform([", src)
		args[0]()
		t.put("], lambda "+guardName+": "+strings.ReplaceAll(form, "$1", guardName)+")[1]", src)
		return
	}
	t.put("list_transform([{", src)
	for n, arg := range args {
		if n > 0 {
			t.put(", ", src)
		}
		letter := string(rune('a' + n))
		t.put("'"+letter+"': ", src)
		arg()
		form = strings.ReplaceAll(form, "$"+itoa(n+1), "struct_extract("+guardName+", '"+letter+"')")
	}
	t.put("}], lambda "+guardName+": "+form+")[1]", src)
}

// typed are the macros that have one form per type.
var typed = set("subscript", "length", "reverse", "at_timezone", "date_add", "date_trunc", "to_iso8601", "cardinality", "sequence",
	"cast_varchar", "cast_tinyint", "cast_smallint", "cast_integer", "cast_bigint", "try_cast_tinyint", "try_cast_smallint",
	"try_cast_integer", "try_cast_bigint", "unnest_parts")

// isTyped says whether a form calls a macro that has one form per type.
func isTyped(form string) bool {
	for {
		_, after, ok := strings.Cut(form, "lake.")
		if !ok {
			return strings.Contains(form, ") % (")
		}
		name, _, _ := strings.Cut(after, "(")
		if _, ok := typed[name]; ok {
			return true
		}
		form = after
	}
}

// guardedCall writes a form of a call whose arguments are opaque.
func (t *translator) guardedCall(form string, c call) {
	names := make([]string, len(c.args))
	args := make([]func(), len(c.args))
	for n, r := range c.args {
		names[n] = "$" + itoa(n+1)
		args[n] = func() { t.part(r) }
	}
	form = strings.ReplaceAll(form, "$*", strings.Join(names, ", "))
	t.guarded(strings.ReplaceAll(form, "$S", ""), t.toks[c.at].Start, args...)
}

// anyOpaque says whether one of the arguments is opaque.
func (t *translator) anyOpaque(ranges []tokenRange) bool {
	for _, r := range ranges {
		if t.isOpaque(r.from, r.to) {
			return true
		}
	}
	return false
}

// division translates / and %, whose left side is what stands since the term
// began.
func (t *translator) division(i, end int) int {
	op := t.toks[i].Value
	if op == "/" && t.lenient {
		op = "//"
	}
	next := t.factorEnd(i+1, end)
	if t.prim < 0 || t.term < 0 || !t.isOpaque(t.termToken, i) && !t.isOpaque(i+1, next) &&
		!t.divides(t.termToken, i) && !t.divides(i+1, next) {
		t.put(op, t.toks[i].Start)
		t.prim = -1
		return i + 1
	}
	mark, from, src := t.term, t.termToken, t.toks[i].Start
	left := t.cut(mark)
	t.guarded("($1 "+op+" $2)", src, func() { t.out = append(t.out, left...) }, func() { t.part(tokenRange{i + 1, next}) })
	t.prim, t.term, t.termToken, t.primToken = mark, mark, from, from
	return next
}

// divides says whether a range divides: the macro repeats its operands, so that
// division in division would grow without bound if it were not guarded.
func (t *translator) divides(i, end int) bool {
	for ; i < end; i++ {
		if t.toks[i].Is("/") || t.toks[i].Is("%") {
			return true
		}
	}
	return false
}

// addition translates + and - of an interval, which leave a date a date.
func (t *translator) addition(i, end int) int {
	next := t.termEnd(i+1, end)
	name := map[string]string{"+": "lake.plus(", "-": "lake.minus("}[t.toks[i].Value]
	left := t.sum >= 0 && t.prim >= 0 && t.hasInterval(t.sumToken, i)
	if t.prim < 0 || t.sum < 0 || !t.hasInterval(i+1, next) && !left {
		t.verbatim(i)
		t.prim = -1
		return i + 1
	}
	if left && !t.hasInterval(i+1, next) {
		name = map[string]string{"+": "lake.plus_left(", "-": "lake.minus("}[t.toks[i].Value]
	}
	mark, from := t.sum, t.sumToken
	t.insert(mark, name)
	t.put(", ", t.toks[i].Start)
	t.part(tokenRange{i + 1, next})
	t.put(")", t.toks[i].Start)
	t.prim, t.term, t.sum = mark, mark, mark
	t.primToken, t.termToken, t.sumToken = from, from, from
	return next
}

// hasInterval says whether an INTERVAL literal stands in a range, outside of
// brackets.
func (t *translator) hasInterval(i, end int) bool {
	for ; i < end; i++ {
		k := t.toks[i]
		if k.Is("(") || k.Is("[") {
			i = t.match[i]
		} else if k.Is("INTERVAL") && !t.isMember(i) && i+1 < end && (t.toks[i+1].Kind == String || t.toks[i+1].Kind == Operator) {
			return true
		}
	}
	return false
}

// factorEnd is the index after the operand at i with its signs and what follows
// a call (FILTER, OVER).
func (t *translator) factorEnd(i, end int) int {
	for t.is(i, end, "-") || t.is(i, end, "+") {
		i++
	}
	if t.is(i, end, "CASE") {
		depth := 0
		for ; i < end; i++ {
			switch {
			case t.is(i, end, "CASE"):
				depth++
			case t.is(i, end, "END"):
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return end
	}
	i = t.primaryEnd(i, end)
	i = t.readSuffix(&call{}, i, end)
	for t.is(i, end, "AT", "TIME", "ZONE") {
		i = t.primaryEnd(i+3, end)
	}
	return i
}

// termEnd is the index after the product that starts at i.
func (t *translator) termEnd(i, end int) int {
	i = t.factorEnd(i, end)
	for t.is(i, end, "*") || t.is(i, end, "/") || t.is(i, end, "%") {
		i = t.factorEnd(i+1, end)
	}
	return i
}
