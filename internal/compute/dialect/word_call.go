package dialect

import "strings"

// This file has the calls with words between their arguments.

// cast translates CAST(x AS type) and TRY_CAST.
func cast(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	as := t.castType(i+2, shut)
	if as == 0 {
		t.mismatch(shut, "AS")
		return end
	}
	typ, ok := t.typeAt(as+1, shut)
	if !ok {
		return end
	}
	mark := t.operand()
	try := t.toks[i].Value == "TRY_CAST" || t.lenient
	before, after, ok := lakeCast(typ, try)
	if !ok {
		t.refuse(as+1, "a cast to %s is not supported", typ)
		return end
	}
	if isTyped(before) && t.isOpaque(i+2, as) {
		t.guarded(before+"$1"+after, t.toks[i].Start, func() { t.part(tokenRange{i + 2, as}) })
	} else {
		t.put(before, t.toks[i].Start)
		t.part(tokenRange{i + 2, as})
		t.put(after, t.toks[as].Start)
	}
	t.prim = mark
	return shut + 1
}

// castType is the index of the AS before the type, or 0.
func (t *translator) castType(i, end int) int {
	at := 0
	for ; i < end; i++ {
		k := t.toks[i]
		if k.Is("(") || k.Is("[") {
			i = t.match[i]
		} else if k.Is("AS") {
			at = i
		}
	}
	return at
}

// typeAt reads the type in the tokens from i to end.
func (t *translator) typeAt(i, end int) (Type, bool) {
	c := t.sub(i, end)
	typ := c.typeName(0)
	if c.err == nil && !c.done() {
		c.mismatch(")")
	}
	if c.err != nil {
		t.fail(c.err)
	}
	return typ, c.err == nil
}

// sub is a cursor over the tokens from i to end.
func (t *translator) sub(i, end int) *cursor {
	toks := append(append([]Token{}, t.toks[i:end]...), Token{Kind: EOF, Start: t.tok(end).Start, End: t.tok(end).Start})
	return &cursor{text: t.text, d: t.d, toks: toks}
}

// lakeCast is what stands before and after the operand of a cast to a type.
// Casts whose rules differ from the engine's are macros.
func lakeCast(typ Type, try bool) (before, after string, ok bool) {
	prefix := "lake.cast_"
	if try {
		prefix = "lake.try_cast_"
	}
	switch typ.Kind {
	case TinyInt, SmallInt, Integer, BigInt:
		return prefix + strings.ToLower(typ.Engine()) + "(", ")", true
	case Varchar:
		if typ.Length > 0 {
			return "left(lake.cast_varchar(", "), " + itoa(typ.Length) + ")", true
		}
		return "lake.cast_varchar(", ")", true
	case Char:
		n := itoa(typ.Length)
		return "rpad(left(lake.cast_varchar(", "), " + n + "), " + n + ", ' ')", true
	case JSON:
		return "to_json(", ")", true
	case IPAddress, Unknown, HugeInt, Bit, Union, Enum:
		return "", "", false
	}
	word := "CAST("
	if try {
		word = "TRY_CAST("
	}
	return word, " AS " + typ.Engine() + ")", true
}

// try translates TRY(expression). Over aggregates, where the engine has no TRY,
// divisions and casts give NULL one by one.
func try(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	mark := t.operand()
	if t.hasAggregate(i+2, shut) {
		kept := t.lenient
		t.lenient = true
		t.put("(", t.toks[i].Start)
		t.part(tokenRange{i + 2, shut})
		t.lenient = kept
	} else {
		t.put("TRY(", t.toks[i].Start)
		t.part(tokenRange{i + 2, shut})
	}
	t.put(")", t.toks[shut].Start)
	t.prim = mark
	return shut + 1
}

// ifWord translates IF(condition, a[, b]).
func ifWord(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut, at := t.match[i+1], t.toks[i].Start
	args := t.split(i+2, shut)
	if len(args) < 2 || len(args) > 3 {
		t.fail(refuse(Syntax, t.text, t.d, at, "Invalid number of arguments for 'if' function"))
		return end
	}
	mark := t.operand()
	t.put("CASE WHEN ", at)
	t.part(args[0])
	t.put(" THEN ", at)
	t.part(args[1])
	if len(args) == 3 {
		t.put(" ELSE ", at)
		t.part(args[2])
	}
	t.put(" END", at)
	t.prim = mark
	return shut + 1
}

// extractFields are the fields that the engine calls otherwise.
var extractFields = map[string]string{
	"DAY_OF_MONTH": "DAY", "DAY_OF_WEEK": "ISODOW", "DOW": "ISODOW", "DAY_OF_YEAR": "DOY", "YEAR_OF_WEEK": "ISOYEAR", "YOW": "ISOYEAR",
	"YEAR": "YEAR", "QUARTER": "QUARTER", "MONTH": "MONTH", "WEEK": "WEEK", "DAY": "DAY", "DOY": "DOY", "HOUR": "HOUR", "MINUTE": "MINUTE",
	"SECOND": "SECOND", "TIMEZONE_HOUR": "TIMEZONE_HOUR", "TIMEZONE_MINUTE": "TIMEZONE_MINUTE",
}

func extract(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") || !t.is(i+3, end, "FROM") {
		return i
	}
	field, ok := extractFields[t.toks[i+2].Value]
	if !ok {
		t.fail(refuse(Syntax, t.text, t.d, t.toks[i+2].Start, "Invalid EXTRACT field: %s", t.toks[i+2].Text))
		return end
	}
	shut := t.match[i+1]
	mark := t.operand()
	t.put("extract("+field+" FROM ", t.toks[i].Start)
	t.part(tokenRange{i + 4, shut})
	t.put(")", t.toks[shut].Start)
	t.prim = mark
	return shut + 1
}

// trim translates TRIM([BOTH|LEADING|TRAILING] [chars] FROM x); TRIM(x) is a
// function like others.
func trim(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	from := t.clauseEnd(i+2, shut, set("FROM"))
	if from == shut {
		return i
	}
	name, n := "trim", i+2
	switch t.toks[n].Value {
	case "BOTH":
		n++
	case "LEADING":
		name = "ltrim"
		n++
	case "TRAILING":
		name = "rtrim"
		n++
	}
	mark := t.operand()
	t.put(name+"(", t.toks[i].Start)
	t.part(tokenRange{from + 1, shut})
	if n < from {
		t.put(", ", t.toks[n].Start)
		t.part(tokenRange{n, from})
	}
	t.put(")", t.toks[shut].Start)
	t.prim = mark
	return shut + 1
}

// position translates POSITION(a IN b).
func position(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	in := t.clauseEnd(i+2, shut, set("IN"))
	if in == shut {
		t.mismatch(shut, "IN")
		return end
	}
	mark := t.operand()
	t.put("strpos(", t.toks[i].Start)
	t.part(tokenRange{in + 1, shut})
	t.put(", ", t.toks[in].Start)
	t.part(tokenRange{i + 2, in})
	t.put(")", t.toks[shut].Start)
	t.prim = mark
	return shut + 1
}

// substring translates SUBSTRING(x FROM a [FOR b]).
func substring(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	from := t.clauseEnd(i+2, shut, set("FROM"))
	if from == shut {
		return i
	}
	stop := t.clauseEnd(from+1, shut, set("FOR"))
	mark := t.operand()
	t.put("lake.substr(", t.toks[i].Start)
	t.part(tokenRange{i + 2, from})
	t.put(", ", t.toks[from].Start)
	t.part(tokenRange{from + 1, stop})
	if stop < shut {
		t.put(", ", t.toks[stop].Start)
		t.part(tokenRange{stop + 1, shut})
	}
	t.put(")", t.toks[shut].Start)
	t.prim = mark
	return shut + 1
}

// grouping leaves GROUP BY GROUPING SETS alone; GROUPING(a) is a call.
func grouping(t *translator, i, end int) int {
	if t.is(i+1, end, "SETS") {
		t.verbatim(i)
		t.gap(i + 1)
		t.verbatim(i + 1)
		t.prim = -1
		return i + 2
	}
	return i
}

func normalize(t *translator, i, end int) int {
	if t.is(i+1, end, "(") && len(t.split(i+2, t.match[i+1])) > 1 &&
		!t.is(t.split(i+2, t.match[i+1])[1].from, end, "NFC") {
		t.refuse(i, "normalize with a form other than NFC is not supported")
	}
	if t.is(i+1, end, "(") && len(t.split(i+2, t.match[i+1])) == 2 {
		shut := t.match[i+1]
		mark := t.operand()
		t.put("nfc_normalize(", t.toks[i].Start)
		t.part(t.split(i+2, shut)[0])
		t.put(")", t.toks[shut].Start)
		t.prim = mark
		return shut + 1
	}
	return i
}

// listagg refuses what ON OVERFLOW says: there is no limit to overflow.
func listagg(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	shut := t.match[i+1]
	if on := t.clauseEnd(i+2, shut, set("ON")); on < shut && !t.is(on, shut, "ON", "OVERFLOW", "ERROR") {
		t.refuse(on, "LISTAGG with ON OVERFLOW TRUNCATE is not supported: use array_join(array_agg(x ORDER BY y), separator)")
	}
	return i
}
