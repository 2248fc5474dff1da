package dialect

import "strings"

// call is a function call as it was read.
type call struct {
	at       int // index of the last token of the name
	distinct bool
	args     []tokenRange
	order    tokenRange // ORDER BY inside the brackets
	within   tokenRange // ORDER BY of WITHIN GROUP
	nulls    string     // "IGNORE NULLS" or "RESPECT NULLS"
	suffix   []tokenRange
	next     int // index after the call
}

// readCall reads the call whose name ends at i and whose bracket is at i+1.
func (t *translator) readCall(i, end int) call {
	c := call{at: i}
	from, shut := i+2, t.match[i+1]
	if t.is(from, shut, "DISTINCT") {
		c.distinct = true
		from++
	} else if t.is(from, shut, "ALL") {
		from++
	}
	stop := t.clauseEnd(from, shut, set("ORDER", "IGNORE", "RESPECT"))
	if stop < shut && t.is(stop, shut, "ORDER", "BY") {
		c.order = tokenRange{stop, t.clauseEnd(stop, shut, set("IGNORE", "RESPECT"))}
		if c.order.to < shut {
			c.nulls = t.nullTreatment(c.order.to, shut)
		}
	} else if c.nulls = t.nullTreatment(stop, shut); c.nulls == "" {
		stop = shut
	}
	c.args = t.split(from, stop)
	c.next = t.readSuffix(&c, shut+1, end)
	return c
}

func (t *translator) nullTreatment(i, end int) string {
	if t.is(i, end, "IGNORE", "NULLS") || t.is(i, end, "RESPECT", "NULLS") {
		return t.toks[i].Value + " NULLS"
	}
	return ""
}

// readSuffix reads FILTER, WITHIN GROUP, IGNORE NULLS and OVER after a call.
func (t *translator) readSuffix(c *call, i, end int) int {
	for {
		switch {
		case t.is(i, end, "FILTER", "("):
			c.suffix = append(c.suffix, tokenRange{i, t.match[i+1] + 1})
			i = t.match[i+1] + 1
		case t.is(i, end, "WITHIN", "GROUP", "("):
			c.within = tokenRange{i + 3, t.match[i+2]}
			i = t.match[i+2] + 1
		case t.nullTreatment(i, end) != "":
			c.nulls = t.nullTreatment(i, end)
			i += 2
		case t.is(i, end, "OVER", "("):
			c.suffix = append(c.suffix, tokenRange{i, t.match[i+1] + 1})
			i = t.match[i+1] + 1
		case t.is(i, end, "OVER") && i+1 < end:
			c.suffix = append(c.suffix, tokenRange{i, i + 2})
			i += 2
		default:
			return i
		}
	}
}

// call translates a call of a function of the lake dialect, or any call of the
// warehouse's.
func (t *translator) call(i, end int) int {
	if t.d == Warehouse {
		return t.warehouseCall(i, end)
	}
	k := t.toks[i]
	name := Fold(k, Lake)
	f, ok := LookUp(name)
	if !ok {
		t.fail(refuse(NoFunction, t.text, t.d, k.Start, "Function '%s' not registered", name))
		return end
	}
	if f.Status == No {
		t.refuse(i, "the function %s is not supported: %s", name, f.Note)
		return end
	}
	c := t.readCall(i, end)
	form, ok := f.form(len(c.args))
	if !ok {
		t.fail(refuse(NoFunction, t.text, t.d, k.Start,
			"Unexpected parameters for function %s: it has %d arguments. Expected: %s", name, len(c.args), f.Arity()))
		return end
	}
	mark := t.operand()
	if isTyped(form) && t.anyOpaque(c.args) {
		t.guardedCall(form, c)
	} else {
		t.fill(form, c)
	}
	t.prim = mark
	return c.next
}

// fill writes a form of a call. In it, $1 to $9 are arguments, $* all of them,
// $A all with what DISTINCT, ORDER BY and IGNORE NULLS say inside the brackets,
// $W the order of WITHIN GROUP, $O the order inside the brackets, $D DISTINCT,
// $J all of them with || between, $S what follows the brackets (FILTER, OVER), $L1{k; v} the body of the lambda
// that is argument 1 with its parameters written as k and v, $F1 a format of
// MySQL's letters, $Y1 of Joda's and $G1 of PostgreSQL's in the engine's, $C the
// CASE that DECODE stands for.
func (t *translator) fill(form string, c call) {
	src := t.toks[c.at].Start
	suffixed := false
	for form != "" {
		n := strings.IndexByte(form, '$')
		if n < 0 || n+1 >= len(form) {
			t.put(form, src)
			break
		}
		t.put(form[:n], src)
		what := form[n+1]
		form = form[n+2:]
		switch {
		case what >= '1' && what <= '9':
			t.argument(c, int(what-'1'))
		case what == 'L':
			form = t.lambdaBody(c, form)
		case what == 'F' || what == 'Y' || what == 'G':
			n := int(form[0] - '1')
			form = form[1:]
			t.format(c, n, what)
		case what == 'C':
			t.decode(c)
		case what == 'S':
			suffixed = true
			t.suffix(c)
		default:
			t.clause(c, what)
		}
	}
	if !suffixed {
		t.suffix(c)
	}
}

// clause writes one of the parts of a call that a form names with a letter.
func (t *translator) clause(c call, what byte) {
	src := t.toks[c.at].Start
	switch what {
	case '*':
		t.list(c.args)
	case 'J':
		for n, r := range c.args {
			t.put(map[bool]string{true: "(", false: " || ("}[n == 0], src)
			t.part(r)
			t.put(")", src)
		}
	case 'A':
		t.clause(c, 'D')
		t.list(c.args)
		t.clause(c, 'O')
		if c.nulls != "" {
			t.put(" "+c.nulls, src)
		}
	case 'D':
		if c.distinct {
			t.put("DISTINCT ", src)
		}
	case 'O':
		if c.order.to > c.order.from {
			t.put(" ", src)
			t.part(c.order)
		}
	case 'W':
		if c.within.to > c.within.from {
			t.put(" ", src)
			t.part(c.within)
		}
	}
}

func (t *translator) argument(c call, n int) {
	if n >= len(c.args) {
		t.mismatch(c.next-1, "<expression>")
		return
	}
	t.part(c.args[n])
}

// part translates a range as an expression of its own.
func (t *translator) part(r tokenRange) {
	if r.from >= r.to {
		t.mismatch(r.to, "<expression>")
		return
	}
	t.prim = -1
	t.span(r.from, r.to)
	t.prim = -1
}

func (t *translator) list(ranges []tokenRange) {
	for n, r := range ranges {
		if n > 0 {
			t.put(", ", t.toks[r.from-1].Start)
		}
		t.part(r)
	}
}

func (t *translator) suffix(c call) {
	for _, r := range c.suffix {
		t.put(" ", t.toks[r.from].Start)
		t.verbatim(r.from)
		t.gap(r.from + 1)
		t.part(tokenRange{r.from + 1, r.to})
	}
}

// lambdaBody reads "2{k; v} rest" of a form and writes the body of
// the lambda that is the call's second argument, its parameters named so.
func (t *translator) lambdaBody(c call, form string) (rest string) {
	n := int(form[0] - '1')
	shut := strings.IndexByte(form, '}')
	as := strings.Split(form[2:shut], "; ")
	rest = form[shut+1:]
	if n >= len(c.args) {
		t.mismatch(c.next-1, "<lambda>")
		return rest
	}
	params, body, ok := t.readLambda(c.args[n])
	if !ok || len(params) != len(as) {
		t.fail(refuse(Syntax, t.text, t.d, t.toks[c.args[n].from].Start,
			"argument %d must be a lambda with %d parameters", n+1, len(as)))
		return rest
	}
	t.put("(", t.toks[body].Start)
	t.body(params, as, body, c.args[n].to)
	t.put(")", t.toks[body].Start)
	return rest
}

// readLambda reads "x ->" or "(x, y) ->" at the start of a range.
func (t *translator) readLambda(r tokenRange) (params []string, body int, ok bool) {
	switch {
	case r.from < r.to && t.is(r.from+1, r.to, "->"):
		return []string{t.toks[r.from].Value}, r.from + 2, r.from+2 < r.to
	case t.is(r.from, r.to, "(") && t.is(t.match[r.from]+1, r.to, "->"):
		for n := r.from + 1; n < t.match[r.from]; n++ {
			if t.toks[n].Kind == Word || t.toks[n].Kind == Quoted {
				params = append(params, t.toks[n].Value)
			}
		}
		body = t.match[r.from] + 2
		return params, body, body < r.to
	}
	return nil, 0, false
}

// hasAggregate says whether a range calls an aggregate at its level.
func (t *translator) hasAggregate(i, end int) bool {
	for ; i < end; i++ {
		k := t.toks[i]
		if (k.Kind == Word || k.Kind == Quoted) && t.is(i+1, end, "(") {
			if f, ok := LookUp(Fold(k, Lake)); ok && f.Aggregate {
				return true
			}
		}
	}
	return false
}
