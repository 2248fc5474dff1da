package dialect

import (
	"regexp"
	"strings"
)

// lakeWords are the words of the lake's queries that are not said the same way
// to the engine.
func lakeWords() map[string]wordRule {
	return map[string]wordRule{
		"SELECT": selectList, "VALUES": values, "TABLESAMPLE": tablesample, "FETCH": fetch, "UNNEST": unnest,
		"CASE": caseWord, "END": endWord, "CAST": cast, "TRY_CAST": cast, "TRY": try, "IF": ifWord, "EXTRACT": extract,
		"ARRAY": array, "ROW": row, "INTERVAL": interval, "AT": atTimeZone, "CURRENT_TIME": constant, "LOCALTIME": constant,
		"CURRENT_TIMESTAMP": constant, "LOCALTIMESTAMP": constant, "CURRENT_DATE": constant, "NULL": constant, "TRUE": constant,
		"FALSE": constant, "CURRENT_USER": noWord, "CURRENT_CATALOG": noWord, "CURRENT_SCHEMA": noWord,
		"CURRENT_PATH": noWord, "MATCH_RECOGNIZE": noWord, "FOR": timeTravel, "TRIM": trim, "POSITION": position,
		"SUBSTRING": substring, "GROUPING": grouping, "NORMALIZE": normalize, "LISTAGG": listagg, "ONLY": frameWord,
		"DATE": typedLiteral, "TIMESTAMP": typedLiteral, "TIME": typedLiteral, "DECIMAL": typedLiteral,
		"CHAR": typedLiteral, "VARCHAR": typedLiteral, "DOUBLE": typedLiteral, "BIGINT": typedLiteral, "INTEGER": typedLiteral,
		"SMALLINT": typedLiteral, "TINYINT": typedLiteral, "REAL": typedLiteral, "JSON": typedLiteral, "UUID": typedLiteral,
		"BOOLEAN": typedLiteral, "VARBINARY": typedLiteral, "IPADDRESS": noLiteral,
	}
}

// caseWord and endWord make CASE ... END one operand.
func caseWord(t *translator, i, end int) int {
	depth := 1
	for n := i + 1; n < end; n++ {
		k := t.toks[n]
		switch {
		case k.Is("("), k.Is("["):
			n = t.match[n]
		case t.isMember(n):
		case k.Is("CASE"):
			depth++
		case k.Is("END"):
			if depth--; depth == 0 {
				mark := t.mark()
				t.verbatim(i)
				t.prim = -1
				t.gap(i + 1)
				t.span(i+1, n)
				t.gap(n)
				t.verbatim(n)
				t.prim = mark
				return n + 1
			}
		}
	}
	t.mismatch(end, "END")
	return end
}

func endWord(t *translator, i, _ int) int { return i }

// typedLiteral translates DATE '...', DECIMAL '1.2' and the like.
func typedLiteral(t *translator, i, end int) int {
	k := t.toks[i]
	next := i + 1
	if k.Value == "DOUBLE" && t.is(next, end, "PRECISION") {
		next++
	}
	if next >= end || t.toks[next].Kind != String {
		return i
	}
	value := t.toks[next].Value
	text := QuoteString(value)
	mark := t.operand()
	switch k.Value {
	case "DATE", "TIME", "BIGINT", "INTEGER", "SMALLINT", "TINYINT", "REAL", "DOUBLE", "JSON", "UUID", "BOOLEAN":
		name := k.Value
		t.put("CAST("+text+" AS "+name+")", k.Start)
	case "TIMESTAMP":
		name := "TIMESTAMP"
		if zoned.MatchString(strings.TrimSpace(value)) {
			name = "TIMESTAMPTZ"
		}
		t.put("CAST("+text+" AS "+name+")", k.Start)
	case "DECIMAL":
		whole, fraction, _ := strings.Cut(strings.TrimLeft(strings.TrimSpace(value), "+-0"), ".")
		typ := DecimalOf(max(1, min(maxDecimal, len(whole)+len(fraction))), min(maxDecimal, len(fraction)))
		t.put("CAST("+text+" AS "+typ.Engine()+")", k.Start)
	default:
		t.put(text, k.Start)
	}
	t.prim = mark
	return next + 1
}

// zoned finds a time zone at the end of a timestamp's text.
var zoned = regexp.MustCompile(`:?\d\d?(\.\d+)?\s*([+-]\d\d?(:\d\d)?|Z|[A-Za-z_]+(/[A-Za-z_+\-0-9/]+)?|UTC[+-].*)$`)

func noLiteral(t *translator, i, end int) int {
	if i+1 < end && t.toks[i+1].Kind == String {
		t.refuse(i, "the type %s is not supported", strings.ToLower(t.toks[i].Text))
	}
	return i
}

// noWord refuses a word that means something we do not have.
func noWord(t *translator, i, end int) int {
	if t.isMember(i) || t.is(i-1, end, "AS") || t.is(i+1, end, ".") || t.prim >= 0 && t.toks[i].Value != "MATCH_RECOGNIZE" {
		return i
	}
	t.refuse(i, "%s is not supported", strings.ToLower(t.toks[i].Text))
	return end
}

// timeTravel refuses FOR TIMESTAMP|VERSION AS OF.
func timeTravel(t *translator, i, end int) int {
	for _, w := range []string{"TIMESTAMP", "VERSION", "SYSTEM_TIME", "SYSTEM_VERSION"} {
		if t.is(i+1, end, w, "AS", "OF") {
			t.refuse(i, "FOR %s AS OF is not supported yet", w)
		}
	}
	return i
}

// constant translates the words that are values.
func constant(t *translator, i, end int) int {
	k := t.toks[i]
	text := map[string]string{
		"CURRENT_TIME": "CAST(current_timestamp AS TIMETZ)", "LOCALTIME": "CAST(localtimestamp AS TIME)",
		"CURRENT_TIMESTAMP": "current_timestamp", "LOCALTIMESTAMP": "localtimestamp", "CURRENT_DATE": "current_date",
		"NULL": "NULL", "TRUE": "TRUE", "FALSE": "FALSE",
	}[k.Value]
	if t.prim >= 0 && t.is(i-1, end, "AS") {
		return i
	}
	mark := t.operand()
	t.put(text, k.Start)
	t.prim = mark
	if t.is(i+1, end, "(") && strings.HasPrefix(k.Value, "CURRENT_T") || t.is(i+1, end, "(") && strings.HasPrefix(k.Value, "LOCALT") {
		return t.match[i+1] + 1 // digits of the fraction
	}
	return i + 1
}

// array translates ARRAY[...].
func array(t *translator, i, end int) int {
	if !t.is(i+1, end, "[") {
		return i
	}
	mark := t.operand()
	shut := t.match[i+1]
	t.copy("[", t.toks[i+1].Start)
	t.prim = -1
	t.span(i+2, shut)
	t.copy("]", t.toks[shut].Start)
	t.prim = mark
	return shut + 1
}

// frameWord leaves ROW and ONLY alone where they belong to a frame or to FETCH.
func frameWord(t *translator, i, end int) int {
	if before := t.tok(i - 1); before.Kind != Number && before.Kind != Parameter && !before.Is("CURRENT") && !before.Is("ROW") &&
		!before.Is("ROWS") && !before.Is("FIRST") && !before.Is("NEXT") {
		return i
	}
	t.verbatim(i)
	t.prim = -1
	return i + 1
}

// row translates ROW(...).
func row(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return frameWord(t, i, end)
	}
	mark := t.operand()
	t.put("row", t.toks[i].Start)
	shut := t.match[i+1]
	t.verbatim(i + 1)
	t.list(t.split(i+2, shut))
	t.verbatim(shut)
	t.prim = mark
	return shut + 1
}

// interval translates INTERVAL [-] '1' DAY and INTERVAL '1 12:00' DAY TO SECOND.
func interval(t *translator, i, end int) int {
	at, n, minus := t.toks[i].Start, i+1, false
	if t.is(n, end, "-") || t.is(n, end, "+") {
		minus = t.toks[n].Value == "-"
		n++
	}
	if n+1 >= end || t.toks[n].Kind != String {
		return i
	}
	value, unit := strings.TrimSpace(t.toks[n].Value), t.toks[n+1].Value
	next := n + 2
	to := ""
	if t.is(next, end, "TO") && next+1 < end {
		to = t.toks[next+1].Value
		next += 2
	}
	text, ok := intervalText(value, unit, to)
	if !ok {
		t.fail(refuse(Syntax, t.text, t.d, at, "Invalid INTERVAL value: '%s' %s", clip(value), strings.TrimSpace(unit+" "+to)))
		return end
	}
	mark := t.operand()
	if minus {
		t.put("(- "+text+")", at)
	} else {
		t.put(text, at)
	}
	t.prim = mark
	return next
}

var (
	wholeNumber = regexp.MustCompile(`^[+-]?\d+$`)
	dayToSecond = regexp.MustCompile(`^([+-]?)(\d+)(?: (\d+)(?::(\d+)(?::(\d+(?:\.\d+)?))?)?)?$`)
	yearToMonth = regexp.MustCompile(`^([+-]?)(\d+)-(\d+)$`)
)

// intervalText is an interval in the engine's words.
func intervalText(value, unit, to string) (string, bool) {
	switch {
	case to == "" && unit == "SECOND" && secondsText.MatchString(value):
		return "to_seconds(" + value + ")", true
	case to == "" && wholeNumber.MatchString(value) && contains([]string{"YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "QUARTER"}, unit):
		return "INTERVAL '" + value + "' " + unit, true
	case unit == "YEAR" && to == "MONTH":
		m := yearToMonth.FindStringSubmatch(value)
		if m == nil {
			return "", false
		}
		return "(INTERVAL '" + m[1] + m[2] + "' YEAR + INTERVAL '" + m[1] + m[3] + "' MONTH)", true
	case unit == "DAY" && to != "":
		m := dayToSecond.FindStringSubmatch(value)
		if m == nil {
			return "", false
		}
		text := "INTERVAL '" + m[1] + m[2] + " days"
		for n, u := range []string{" hours", " minutes", " seconds"} {
			if m[n+3] != "" {
				text += " " + m[1] + m[n+3] + u
			}
		}
		return text + "'", true
	}
	return "", false
}

var secondsText = regexp.MustCompile(`^[+-]?\d+(\.\d+)?$`)

// atTimeZone translates operand AT TIME ZONE zone.
func atTimeZone(t *translator, i, end int) int {
	if t.prim < 0 || !t.is(i+1, end, "TIME", "ZONE") {
		return i
	}
	mark, from, next := t.prim, t.primToken, t.primaryEnd(i+3, end)
	if t.isOpaque(from, i) || t.isOpaque(i+3, next) {
		left := t.cut(mark)
		t.guarded("lake.at_timezone($1, $2)", t.toks[i].Start, func() { t.out = append(t.out, left...) },
			func() { t.part(tokenRange{i + 3, next}) })
	} else {
		t.insert(mark, "lake.at_timezone(")
		t.put(", ", t.toks[i].Start)
		t.part(tokenRange{i + 3, next})
		t.put(")", t.toks[i].Start)
	}
	t.prim, t.primToken = mark, from
	return next
}

// primaryEnd is the index after the operand that starts at i: a literal, a name,
// a call, a bracket.
func (t *translator) primaryEnd(i, end int) int {
	if i >= end {
		return i
	}
	if t.is(i, end, "(") {
		return t.match[i] + 1
	}
	if t.toks[i].Kind == Word && i+1 < end && t.toks[i+1].Kind == String { // DATE '...', INTERVAL '1' HOUR
		if t.toks[i].Is("INTERVAL") {
			return min(i+3, end)
		}
		return i + 2
	}
	i++
	for i < end {
		switch {
		case t.is(i, end, ".") && i+1 < end:
			i += 2
		case t.is(i, end, "("), t.is(i, end, "["):
			i = t.match[i] + 1
		default:
			return i
		}
	}
	return i
}
