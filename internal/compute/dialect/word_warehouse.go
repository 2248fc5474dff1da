package dialect

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// warehouseWords are the words of the warehouse's queries that are not said the
// same way to the engine.
func warehouseWords() map[string]wordRule {
	return map[string]wordRule{
		"SELECT": selectTop, "CAST": warehouseCast, "ARRAY": warehouseArray, "OPERATOR": operatorWord, "COLLATE": collate,
		"SIMILAR": similar, "NOT": notSimilar, "CASE": caseWord, "ONLY": frameWord, "ROW": row, "INTERVAL": plainWord,
		"SYSDATE": sysdate, "APPROXIMATE": approximate, "EXTRACT": plainCall, "POSITION": plainCall, "SUBSTRING": plainCall, "TRIM": plainCall,
		"OVERLAY": noCall, "FOR": locking, "DESC": descending,
		"LAMBDA": engineLambda,
	}
}

// engineLambda leaves lambda x: body, which what expands the catalog's functions
// writes.
func engineLambda(t *translator, i, end int) int {
	for n := i + 1; n < end; n++ {
		switch k := t.toks[n]; {
		case k.Is(":"):
			for m := i; m <= n; m++ {
				if m > i {
					t.gap(m)
				}
				t.verbatim(m)
			}
			t.prim = -1
			return n + 1
		case k.Kind != Word && !k.Is(","):
			return i
		}
	}
	return i
}

// plainWord leaves a word that begins an operand of several words.
func plainWord(t *translator, i, end int) int {
	if t.tok(i+1).Kind != String || i+1 >= end {
		return i
	}
	mark := t.operand()
	t.verbatim(i)
	t.gap(i + 1)
	t.verbatim(i + 1)
	next := i + 2
	if intervalWords(t.tok(next).Value) && next < end {
		t.gap(next)
		t.verbatim(next)
		next++
	}
	t.prim = mark
	return next
}

// plainCall leaves a call with words between its arguments.
func plainCall(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	mark := t.operand()
	t.verbatim(i)
	t.verbatim(i + 1)
	for n := i + 2; n < shut && t.err == nil; {
		if k := t.toks[n]; k.Kind == Word && (n == i+2 || k.Is("FROM") || k.Is("FOR") || k.Is("IN")) && !t.is(n+1, shut, "(") &&
			!t.is(n+1, shut, ".") && !t.is(n+1, shut, ",") && n+1 < shut && (t.tok(n+1).Kind != Operator || t.is(n+1, shut, "(")) {
			t.verbatim(n) // YEAR FROM, BOTH, FOR
			t.prim = -1
			n++
		} else {
			n = t.step(n, shut)
		}
		if n < shut {
			t.gap(n)
		}
	}
	t.verbatim(shut)
	t.prim = mark
	return shut + 1
}

func noCall(t *translator, i, end int) int {
	if t.is(i+1, end, "(") {
		t.refuse(i, "the function %s is not supported", strings.ToLower(t.toks[i].Text))
	}
	return i
}

// locking refuses FOR UPDATE and its like, which would promise a lock.
func locking(t *translator, i, end int) int {
	for _, w := range []string{"UPDATE", "SHARE", "NO", "KEY"} {
		if t.is(i+1, end, w) {
			t.refuse(i, "FOR %s is not supported: rows are not locked here", w)
		}
	}
	return i
}

// descending puts NULLs first where the order says nothing of them: they count
// as larger than any value. The engine puts them last.
func descending(t *translator, i, end int) int {
	if t.is(i+1, end, "NULLS") || t.isMember(i) || t.is(i+1, end, "(") {
		return i
	}
	t.verbatim(i)
	t.put(" NULLS FIRST", t.toks[i].Start)
	t.prim = -1
	return i + 1
}

// selectTop translates SELECT TOP n: a LIMIT at the end.
func selectTop(t *translator, i, end int) int {
	if !t.is(i+1, end, "TOP") || i+2 >= end || t.toks[i+2].Kind != Number {
		return i
	}
	if stop := t.clauseEnd(i+3, end, set("UNION", "INTERSECT", "EXCEPT", "LIMIT", "FETCH", "OFFSET")); stop < end {
		t.refuse(i+1, "TOP with %s is not supported: use LIMIT", t.toks[stop].Text)
		return end
	}
	t.verbatim(i)
	t.prim = -1
	t.gap(i + 3)
	t.span(i+3, end)
	t.put(" LIMIT "+t.toks[i+2].Text, t.toks[i+2].Start)
	return end
}

// warehouseType reads the type that starts at i and returns the index after it.
func (t *translator) warehouseType(i, end int) (Type, int, bool) {
	c := t.sub(i, end)
	typ := c.typeName(0)
	if c.err != nil {
		return Type{}, i, false
	}
	if c.i == 1 && typ.Kind == Decimal { // NUMERIC without digits
		typ.Precision, typ.Scale = warehouseDecimal, 0
	}
	return typ, i + c.i, true
}

// warehouseDecimal is the precision of a NUMERIC without digits.
const warehouseDecimal = 18

// around is what stands before and after the operand of a cast.
func around(typ Type) (before, after string) {
	switch typ.Kind {
	case Varchar:
		if typ.Length > 0 {
			return "left(CAST(", " AS VARCHAR), " + itoa(typ.Length) + ")"
		}
	case Char:
		n := itoa(typ.Length)
		return "rpad(left(CAST(", " AS VARCHAR), " + n + "), " + n + ", ' ')"
	}
	return "CAST(", " AS " + typ.Engine() + ")"
}

// castSuffix translates operand::type. A type that is not known is left to the
// engine.
func (t *translator) castSuffix(i, end int) int {
	mark := t.prim
	typ, next, ok := t.warehouseType(i+1, end)
	if blob, is := bytesLiteral(t.tok(i - 1)); ok && is && typ.Kind == Varbinary {
		t.cut(mark)
		t.put(blob, t.toks[i].Start)
		t.prim = mark
		return next
	}
	if !ok || mark < 0 {
		t.verbatim(i)
		t.prim = mark
		return i + 1
	}
	before, after := around(typ)
	t.insert(mark, before)
	t.put(after, t.toks[i].Start)
	t.prim = mark
	return next
}

// bytesLiteral is a string literal in the hex form of bytea, '\x00ff', as the
// engine's literal, in which each byte has a \x of its own.
func bytesLiteral(k Token) (string, bool) {
	digits, ok := strings.CutPrefix(k.Value, `\x`)
	if b, err := hex.DecodeString(digits); ok && err == nil && k.Kind == String {
		var out strings.Builder
		for _, c := range b {
			fmt.Fprintf(&out, `\x%02X`, c)
		}
		return "'" + out.String() + "'::BLOB", true
	}
	return "", false
}

// warehouseCast translates CAST(x AS type).
func warehouseCast(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	as := t.castType(i+2, shut)
	if as == 0 {
		t.mismatch(shut, "AS")
		return end
	}
	typ, next, ok := t.warehouseType(as+1, shut)
	if !ok || next != shut {
		t.fail(refuse(BadType, t.text, t.d, t.toks[as+1].Start, "type \"%s\" does not exist", strings.ToLower(t.toks[as+1].Text)))
		return end
	}
	if blob, is := bytesLiteral(t.toks[as-1]); is && as == i+3 && typ.Kind == Varbinary {
		mark := t.operand()
		t.put(blob, t.toks[i].Start)
		t.prim = mark
		return shut + 1
	}
	before, after := around(typ)
	mark := t.operand()
	t.put(before, t.toks[i].Start)
	t.part(tokenRange{i + 2, as})
	t.put(after, t.toks[as].Start)
	t.prim = mark
	return shut + 1
}

// warehouseArray translates ARRAY[...]; ARRAY(query) is left.
func warehouseArray(t *translator, i, end int) int {
	if t.is(i+1, end, "[") {
		return array(t, i, end)
	}
	if !t.is(i+1, end, "(") {
		return i
	}
	mark := t.operand()
	t.verbatim(i)
	next := t.bracket(i+1, end)
	t.prim = mark
	return next
}

// operatorWord translates OPERATOR(pg_catalog.~) to the operator.
func operatorWord(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	n := i + 2
	if t.is(n+1, shut, ".") {
		n += 2
	}
	if n != shut-1 {
		t.mismatch(n, "<operator>")
		return end
	}
	t.verbatim(n)
	t.prim = -1
	return shut + 1
}

// collate drops the collations that order by bytes, which is how the engine
// does; others are refused.
func collate(t *translator, i, end int) int {
	n := i + 1
	if t.is(n+1, end, ".") {
		n += 2
	}
	if n >= end {
		return i
	}
	switch strings.ToLower(Fold(t.toks[n], Warehouse)) {
	case "c", "posix", "default", "ucs_basic":
		return n + 1
	}
	t.refuse(n, "the collation %s is not supported", t.toks[n].Text)
	return end
}

// similar translates SIMILAR TO with a pattern that is a literal.
func similar(t *translator, i, end int) int {
	if !t.is(i, end, "SIMILAR", "TO") || i+2 >= end {
		return i
	}
	if t.toks[i+2].Kind != String {
		t.refuse(i, "SIMILAR TO needs a literal pattern: use ~ with a regular expression")
		return end
	}
	op := "~"
	if t.is(i-1, end, "NOT") {
		op = "!~"
	}
	t.put(op+" "+QuoteString(similarPattern(t.toks[i+2].Value)), t.toks[i].Start)
	t.prim = -1
	return i + 3
}

// notSimilar drops the NOT before SIMILAR TO, which takes it in.
func notSimilar(t *translator, i, end int) int {
	if !t.is(i+1, end, "SIMILAR", "TO") {
		return i
	}
	return similar(t, i+1, end)
}

// similarPattern is a pattern of SIMILAR TO as a regular expression.
func similarPattern(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		switch c := p[i]; c {
		case '%':
			b.WriteString(".*")
		case '_':
			b.WriteByte('.')
		case '.', '^', '$':
			b.WriteString(`\` + string(c))
		case '\\':
			b.WriteByte(c)
			if i++; i < len(p) {
				b.WriteByte(p[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "^(?s:" + b.String() + ")$"
}

func sysdate(t *translator, i, end int) int {
	if t.is(i+1, end, "(") || t.is(i+1, end, ".") || t.prim >= 0 || t.is(i-1, end, "AS") {
		return i
	}
	mark := t.operand()
	t.put("localtimestamp", t.toks[i].Start)
	t.prim = mark
	return i + 1
}

// approximate translates APPROXIMATE COUNT(DISTINCT x).
func approximate(t *translator, i, end int) int {
	if !t.is(i+1, end, "COUNT", "(", "DISTINCT") {
		return i
	}
	c := t.readCall(i+1, end)
	mark := t.operand()
	t.fill("approx_count_distinct($*)$S", c)
	t.prim = mark
	return c.next
}

// warehouseCall translates a call whose name ends at i; from is where the name
// begins. A function that is not in the table is the engine's or a macro's.
func (t *translator) warehouseCall(i, end int) int {
	k := t.toks[i]
	name := Fold(k, Warehouse)
	f, ok := warehouseFunctions()[name]
	if ok && f.Status == No {
		t.refuse(i, "the function %s is not supported: %s", name, f.Note)
		return end
	}
	if name == "generate_series" && !t.inFrom(i) && !t.is(i-1, end, "LATERAL") {
		t.refuse(i, "generate_series outside of FROM is not supported: write SELECT ... FROM generate_series(...) AS t(i)")
		return end
	}
	c := t.readCall(i, end)
	form, has := f.form(len(c.args))
	mark := t.operand()
	if ok && has {
		if strings.Contains(form, "$P") {
			form = t.datePart(c, form)
		}
		t.fill(form, c)
		t.prim = mark
		return c.next
	}
	t.identifier(i)
	t.put("(", t.toks[i+1].Start)
	t.clause(c, 'A')
	if c.within.to > c.within.from {
		t.put(") WITHIN GROUP (", k.Start)
		t.part(c.within)
	}
	t.put(")", t.toks[t.match[i+1]].Start)
	t.suffix(c)
	t.prim = mark
	return c.next
}

// dateParts are the parts of dates that the engine calls otherwise.
var dateParts = map[string]string{
	"yr": "year", "yrs": "year", "y": "year", "years": "year", "qtr": "quarter", "qtrs": "quarter", "quarters": "quarter",
	"mon": "month", "mons": "month", "months": "month", "w": "week", "weeks": "week", "d": "day", "days": "day",
	"h": "hour", "hr": "hour", "hrs": "hour", "hours": "hour", "m": "minute", "min": "minute", "mins": "minute",
	"minutes": "minute", "s": "second", "sec": "second", "secs": "second", "seconds": "second", "ms": "millisecond",
	"msec": "millisecond", "milliseconds": "millisecond", "us": "microsecond", "microseconds": "microsecond",
}

// datePart writes the first argument of dateadd and its like, which may be a
// bare word, into the form.
func (t *translator) datePart(c call, form string) string {
	r := c.args[0]
	k := t.toks[r.from]
	if r.to-r.from != 1 || k.Kind != Word && k.Kind != String {
		return strings.ReplaceAll(form, "$P", "$1")
	}
	part := strings.ToLower(k.Value)
	if to, ok := dateParts[part]; ok {
		part = to
	}
	return strings.ReplaceAll(form, "$P", QuoteString(part))
}
