package dialect

import "strconv"

// statement translates a query: the parts of one SELECT after the other.
func (t *translator) statement(i, end int) {
	t.prim = -1
	if t.is(i, end, "VALUES") && t.d == Lake {
		t.namedValues(i, end)
		return
	}
	if t.is(i, end, "TABLE") {
		t.put("SELECT * FROM", t.toks[i].Start)
		t.gap(i + 1)
		i++
	}
	t.span(i, end)
}

// clauseEnd finds the first of the words at this bracket level, or end.
func (t *translator) clauseEnd(i, end int, words map[string]struct{}) int {
	for ; i < end; i++ {
		k := t.toks[i]
		if k.Is("(") || k.Is("[") || k.Is("{") {
			i = t.match[i]
			continue
		}
		if _, ok := words[k.Value]; ok && k.Kind == Word && !t.isMember(i) && !t.tok(i-1).Is("WITHIN") &&
			!(k.Value == "FROM" && t.tok(i-1).Is("DISTINCT")) {
			return i
		}
	}
	return end
}

var afterSelectList = set("FROM", "WHERE", "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET",
	"FETCH", "WINDOW", "QUALIFY", "INTO")

// selectList translates SELECT [DISTINCT] and its items. Columns without a name
// are named _col0, _col1 ... by their place, as the lake's users know them. After
// a * the place is not known here: the planner names those.
func selectList(t *translator, i, end int) int {
	t.verbatim(i)
	t.prim = -1
	i++
	for t.is(i, end, "DISTINCT") || t.is(i, end, "ALL") {
		t.gap(i)
		t.verbatim(i)
		i++
	}
	stop, star := t.clauseEnd(i, end, afterSelectList), false
	for n, item := range t.split(i, stop) {
		if n > 0 {
			t.put(",", t.toks[item.from-1].Start)
		}
		t.gap(item.from)
		t.prim = -1
		t.span(item.from, item.to)
		star = star || item.to > item.from && t.toks[item.to-1].Is("*") && t.isNamed(item)
		if !star && !t.isNamed(item) {
			t.put(" AS \"_col"+strconv.Itoa(n)+"\"", t.toks[item.from].Start)
		}
	}
	t.prim = -1
	return stop
}

// isNamed says whether a select item names its column: an alias, a column's
// name, or all columns.
func (t *translator) isNamed(r tokenRange) bool {
	if r.from >= r.to {
		return true
	}
	last := t.toks[r.to-1]
	if last.Is("*") && (r.to-r.from == 1 || t.toks[r.to-2].Is(".")) {
		return true
	}
	if last.Is(")") && r.to-r.from > 2 && t.is(t.match[r.to-1]-1, r.to, "AS") {
		return true // (row).* AS (a, b)
	}
	if last.Kind != Word && last.Kind != Quoted || last.Kind == Word && last.Value == "END" {
		return last.Kind == Word && r.to-r.from > 1 && t.is(r.to-2, r.to, "AS")
	}
	if r.to-r.from == 1 {
		return !isConstantWord(last)
	}
	before := t.toks[r.to-2]
	switch {
	case before.Is("AS"), before.Is("."):
		return true
	case before.Kind == Operator && !before.Is(")") && !before.Is("]"):
		return false
	case before.Kind == Word && (isKeyword(before.Value, t.d) || intervalWords(before.Value)) && before.Value != "END":
		return false
	}
	return !isConstantWord(last) && !intervalWords(last.Value) || before.Kind == Word && before.Value == "END" ||
		before.Is(")")
}

func isConstantWord(k Token) bool {
	switch k.Value {
	case "NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIMESTAMP", "CURRENT_TIME", "LOCALTIMESTAMP", "LOCALTIME",
		"CURRENT_USER", "CURRENT_SCHEMA", "CURRENT_CATALOG":
		return k.Kind == Word
	}
	return false
}

func intervalWords(w string) bool {
	switch w {
	case "YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "NULL", "TRUE", "FALSE", "ZONE":
		return true
	}
	return false
}

// tokenRange is the tokens from..to-1.
type tokenRange struct{ from, to int }

// split cuts a range at its commas.
func (t *translator) split(i, end int) []tokenRange {
	if i >= end {
		return nil
	}
	var out []tokenRange
	from := i
	for ; i < end; i++ {
		k := t.toks[i]
		switch {
		case k.Is("("), k.Is("["), k.Is("{"):
			i = t.match[i]
		case k.Is(","):
			out = append(out, tokenRange{from, i})
			from = i + 1
		}
	}
	return append(out, tokenRange{from, end})
}

// namedValues translates a query that is VALUES alone: its columns are _col0,
// _col1 ...
func (t *translator) namedValues(i, end int) {
	stop := t.clauseEnd(i+1, end, set("ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT"))
	t.put("SELECT * FROM (", t.toks[i].Start)
	columns := 1
	if rows := t.split(i+1, stop); len(rows) > 0 && t.isRow(rows[0]) {
		columns = len(t.split(rows[0].from+1, rows[0].to-1))
	}
	t.span(i, stop)
	names := ""
	for n := range columns {
		if n > 0 {
			names += ", "
		}
		names += `"_col` + strconv.Itoa(n) + `"`
	}
	t.put(") AS _values("+names+")", t.toks[i].Start)
	if stop < end {
		t.gap(stop)
		t.prim = -1
		t.span(stop, end)
	}
}

// isRow says whether a range is one bracket.
func (t *translator) isRow(r tokenRange) bool {
	return r.from < r.to && t.toks[r.from].Is("(") && t.match[r.from] == r.to-1
}

// values puts brackets around the rows of VALUES 1, 2.
func values(t *translator, i, end int) int {
	if t.isMember(i) || t.prim >= 0 {
		return i
	}
	t.verbatim(i)
	stop := t.clauseEnd(i+1, end, set("ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT"))
	for n, r := range t.split(i+1, stop) {
		if r.from >= r.to {
			t.mismatch(r.to, "<expression>")
			return stop
		}
		if n > 0 {
			t.put(",", t.toks[r.from-1].Start)
		}
		t.gap(r.from)
		bare := !t.isRow(r)
		if bare {
			t.put("(", t.toks[r.from].Start)
		}
		t.prim = -1
		t.span(r.from, r.to)
		if bare {
			t.put(")", t.toks[r.from].Start)
		}
	}
	t.prim = -1
	return stop
}

// tablesample writes TABLESAMPLE BERNOULLI (10) with the word PERCENT.
func tablesample(t *translator, i, end int) int {
	if !t.is(i+2, end, "(") {
		return i
	}
	shut := t.match[i+2]
	t.put("TABLESAMPLE "+t.toks[i+1].Value+" (", t.toks[i].Start)
	t.span(i+3, shut)
	t.put(" PERCENT)", t.toks[i].Start)
	t.prim = -1
	return shut + 1
}

// fetch refuses WITH TIES; the rest the engine knows.
func fetch(t *translator, i, end int) int {
	for n := i + 1; n < end && n < i+6; n++ {
		if t.is(n, end, "WITH", "TIES") {
			t.refuse(n, "FETCH FIRST ... WITH TIES is not supported: use rank() in a subquery")
		}
	}
	return i
}

// unnest translates UNNEST(a, b) [WITH ORDINALITY] [AS t (x, y)] to a lateral
// query. When more columns are named than arrays given, an array is one of rows
// or a map, and its parts become columns.
func unnest(t *translator, i, end int) int {
	if !t.is(i+1, end, "(") {
		return i
	}
	at, shut := t.toks[i].Start, t.match[i+1]
	args := t.split(i+2, shut)
	next := shut + 1
	ordinality := t.is(next, end, "WITH", "ORDINALITY")
	if ordinality {
		next += 2
	}
	alias, columns, next := t.alias(next, end)
	parts := true
	if named := len(columns); named > 0 {
		if ordinality {
			named--
		}
		parts = named != len(args)
	}
	kept := t.correlated
	t.correlated = true
	t.put("LATERAL (SELECT ", at)
	for n, a := range args {
		if n > 0 {
			t.put(", ", at)
		}
		t.put("unnest(", at)
		if parts {
			t.guarded("lake.unnest_parts($1)", at, func() { t.part(a) })
			t.put(", max_depth := 2", at)
		} else {
			t.part(a)
		}
		t.put(")", at)
	}
	if ordinality {
		t.ordinality(args, at)
	}
	t.correlated = kept
	t.put(")", at)
	if alias != "" {
		t.put(" AS "+alias, at)
	}
	for n, c := range columns {
		t.put(map[bool]string{true: "(", false: ", "}[n == 0]+c, at)
	}
	if len(columns) > 0 {
		t.put(")", at)
	}
	t.operand()
	return next
}

// ordinality writes the column that counts the rows of UNNEST from 1.
func (t *translator) ordinality(args []tokenRange, at int) {
	t.put(", unnest(range(1, greatest(0", at)
	for _, a := range args {
		t.put(", ", at)
		t.guarded("lake.cardinality($1)", at, func() { t.part(a) })
	}
	t.put(") + 1)) AS ordinality", at)
}

// alias reads [AS] name [(columns)] and returns them as the engine writes them.
func (t *translator) alias(i, end int) (name string, columns []string, next int) {
	if t.is(i, end, "AS") {
		i++
	}
	k := t.tok(i)
	if i >= end || k.Kind != Quoted && (k.Kind != Word || isKeyword(k.Value, t.d)) {
		return "", nil, i
	}
	name = quoted(k)
	if !t.is(i+1, end, "(") {
		return name, nil, i + 1
	}
	for n := i + 2; n < t.match[i+1]; n++ {
		if c := t.toks[n]; c.Kind == Word || c.Kind == Quoted {
			columns = append(columns, quoted(c))
		}
	}
	return name, columns, t.match[i+1] + 1
}

func quoted(k Token) string {
	if k.Kind == Quoted {
		return QuoteIdentifier(k.Value)
	}
	return QuoteIdentifier(k.Text)
}
