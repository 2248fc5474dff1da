package dialect

import "strings"

// Translate says a query of the dialect in the engine's SQL. Edits leads from
// the result back to the query. The functions of [Macros] have to be there and
// [SearchPath] has to be set where the result runs.
//
// The translation works on tokens and does not know the tables: names are left
// for the planner, and what depends on a type is left to macros that have one
// form per type. Functions that the lake dialect does not have, or that cannot
// be made right, are refused by name with their place.
func Translate(query string, d Dialect) (text string, edits Edits, err error) {
	toks, err := Lex(query, d)
	if err != nil {
		return "", Edits{}, err
	}
	t := &translator{text: query, d: d, toks: toks, prim: -1, term: -1, sum: -1}
	if err := t.pair(); err != nil {
		return "", Edits{}, err
	}
	if d == Warehouse {
		t.words = warehouseWords()
	} else {
		t.words = lakeWords()
	}
	t.statement(0, len(t.toks)-1)
	if t.err != nil {
		return "", Edits{}, t.err
	}
	text, edits = t.finish(len(query))
	return text, edits, nil
}

// translator walks the tokens once, in order, and writes pieces. prim is the
// mark where the last complete operand began, or -1 after an operator or key
// word: what is written behind an operand (a subscript, AT TIME ZONE) can so be
// put around it.
type translator struct {
	writer
	text  string
	d     Dialect
	toks  []Token
	match []int // of a bracket: the index of its partner
	err   error
	prim  int
	words map[string]wordRule
	// names are the lambda parameters in scope that are written as something
	// else, innermost last.
	names []renaming
	// Where the operand, the product and the sum that are being read began: marks
	// (-1 for none) and tokens.
	primToken, term, termToken, sum, sumToken int
	at                                        int  // the token that step reads
	correlated                                bool // columns may be those of an outer query
	// lenient is set inside TRY over aggregates: failures give NULL one by one.
	lenient bool
	depth   int
}

type renaming struct{ from, to string }

// wordRule translates from the word at i and returns the index after what it
// read; i itself says that the rule does not apply.
type wordRule func(t *translator, i, end int) int

func (t *translator) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

func (t *translator) refuse(i int, format string, args ...any) {
	t.fail(refuse(NotSupported, t.text, t.d, t.toks[i].Start, format, args...))
}

func (t *translator) mismatch(i int, expected ...string) {
	c := &cursor{text: t.text, d: t.d, toks: t.toks, i: i}
	c.mismatch(expected...)
	t.fail(c.err)
}

// pair finds the partner of each bracket and refuses those without.
func (t *translator) pair() error {
	c := &cursor{text: t.text, d: t.d, toks: t.toks, i: len(t.toks) - 1}
	end := len(t.toks) - 1
	for end > 0 && t.toks[end-1].Is(";") {
		end--
	}
	t.toks = append(t.toks[:end:end], t.toks[len(t.toks)-1])
	c.balanced(t.toks[:end])
	if c.err != nil {
		return c.err
	}
	t.match = make([]int, len(t.toks))
	var open []int
	for i, k := range t.toks {
		switch {
		case k.Is("("), k.Is("["), k.Is("{"):
			open = append(open, i)
		case k.Is(")"), k.Is("]"), k.Is("}"):
			t.match[i] = open[len(open)-1]
			t.match[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
	}
	return nil
}

// tok is a token, the last one beyond the end.
func (t *translator) tok(i int) Token {
	if i < 0 {
		return Token{}
	}
	return t.toks[min(i, len(t.toks)-1)]
}

// is says whether the tokens from i on, before end, are these words.
func (t *translator) is(i, end int, words ...string) bool {
	for n, w := range words {
		if i+n < 0 || i+n >= end || !t.toks[i+n].Is(w) {
			return false
		}
	}
	return true
}

// gap writes the blank before a token; comments become one blank.
func (t *translator) gap(i int) {
	if i == 0 || i >= len(t.toks) {
		return
	}
	from, to := t.toks[i-1].End, t.toks[i].Start
	blank := t.text[from:to]
	if strings.TrimSpace(blank) != "" || blank == "" && t.toks[i].Kind == String && t.toks[i-1].Kind == Word {
		blank = " " // a comment, or what the engine would take for E'text'
	}
	t.copy(blank, from)
}

// verbatim writes a token as it stands.
func (t *translator) verbatim(i int) {
	t.copy(t.toks[i].Text, t.toks[i].Start)
}

// maxTranslateDepth bounds the recursion of the walk. What is written is bounded
// too: forms that repeat an argument, one in the other, would grow without end.
const (
	maxTranslateDepth = 2000
	piecesMin         = 100_000
	piecesPerToken    = 50
)

// span translates the tokens from i to end.
func (t *translator) span(i, end int) {
	if t.depth++; t.depth > maxTranslateDepth || len(t.out) > piecesMin+piecesPerToken*len(t.toks) {
		t.fail(refuse(TooDeep, t.text, t.d, t.tok(i).Start, "the query is nested too deep: split it with WITH"))
	}
	term, termToken, sum, sumToken, at, primToken := t.term, t.termToken, t.sum, t.sumToken, t.at, t.primToken
	t.term, t.sum = -1, -1
	first := i
	for i < end && t.err == nil {
		if i > first {
			t.gap(i)
		}
		t.at = i
		i = t.step(i, end)
	}
	t.term, t.termToken, t.sum, t.sumToken, t.at = term, termToken, sum, sumToken, at
	if primToken < first {
		t.primToken = primToken
	}
	t.depth--
}

// step translates from one token and returns the index after what it read.
func (t *translator) step(i, end int) int {
	k := t.toks[i]
	switch k.Kind {
	case Word:
		if rule, ok := t.words[k.Value]; ok && !t.isMember(i) {
			if next := rule(t, i, end); next > i || t.err != nil {
				return next
			}
		}
		return t.name(i, end)
	case Quoted:
		return t.name(i, end)
	case Number, String, Bytes, Parameter:
		return t.literal(i)
	}
	return t.operator(i, end)
}

// isMember says whether a dot stands before the token.
func (t *translator) isMember(i int) bool { return i > 0 && t.toks[i-1].Is(".") }

// operand marks the start of an operand that ends with what is written next. A
// product goes on behind * / %, a sum behind + and - too.
func (t *translator) operand() int {
	t.prim, t.primToken = t.mark(), t.at
	before := t.tok(t.at - 1)
	product := t.term >= 0 && (before.Is("*") || before.Is("/") || before.Is("%"))
	if !product {
		t.term, t.termToken = t.prim, t.at
	}
	if !product && !(t.sum >= 0 && (before.Is("+") || before.Is("-"))) {
		t.sum, t.sumToken = t.prim, t.at
	}
	return t.prim
}

func (t *translator) literal(i int) int {
	k := t.toks[i]
	t.operand()
	switch {
	case k.Kind == Bytes && (k.Text[0] == 'X' || k.Text[0] == 'x'):
		t.put("unhex('"+k.Value+"')", k.Start)
	case k.Kind == Bytes:
		t.put("CAST('"+k.Value+"' AS BIT)", k.Start)
	case k.Kind == String && k.Text[0] != '\'':
		t.put(QuoteString(k.Value), k.Start)
	case k.Kind == Number:
		t.put(strings.ReplaceAll(k.Text, "_", ""), k.Start)
	default:
		t.verbatim(i)
	}
	return i + 1
}

// operator translates an operator or mark.
func (t *translator) operator(i, end int) int {
	k := t.toks[i]
	switch k.Value {
	case "(":
		return t.bracket(i, end)
	case "[":
		if t.prim >= 0 {
			return t.subscript(i)
		}
		t.operand()
		mark := t.prim
		t.verbatim(i)
		t.span(i+1, t.match[i])
		t.gap(t.match[i])
		t.verbatim(t.match[i])
		t.prim = mark
		return t.match[i] + 1
	case ".":
		prim := t.prim
		t.verbatim(i)
		t.prim = prim
		if i+1 < end && t.toks[i+1].Is("*") {
			t.verbatim(i + 1)
			return i + 2
		}
		return i + 1
	case "::":
		return t.castSuffix(i, end)
	case ":", "{", "}", "&", "|", "^", "~", "!", ";":
		if t.d == Lake {
			t.mismatch(i, "<expression>")
			return end
		}
	case "/", "%":
		return t.division(i, end)
	case "+", "-":
		if t.d == Lake {
			return t.addition(i, end)
		}
	}
	if k.Value != "*" {
		t.term, t.sum = -1, -1
	}
	t.verbatim(i)
	t.prim = -1
	return i + 1
}

// bracket translates ( ... ) that is no argument list: a subquery, a row, an
// expression or the parameters of a lambda.
func (t *translator) bracket(i, end int) int {
	shut := t.match[i]
	if t.is(shut+1, end, "->") {
		return t.lambda(i, end)
	}
	mark := t.operand()
	t.verbatim(i)
	inner := i + 1
	if inner < shut && startsQuery(t.toks[inner]) && !t.toks[inner].Is("(") {
		kept := t.correlated
		t.correlated = kept || !t.inFrom(i)
		t.statement(inner, shut)
		t.correlated = kept
	} else {
		t.prim = -1
		t.span(inner, shut)
	}
	t.gap(shut)
	t.verbatim(shut)
	t.prim = mark
	return shut + 1
}

// inFrom says whether the bracket at i holds a query that stands by itself: in a
// FROM, after AS of a WITH, at a statement's start or in a set operation. Others
// may use columns of the query around them.
func (t *translator) inFrom(i int) bool {
	for i > 0 && t.toks[i-1].Is("(") {
		i--
	}
	before := t.tok(i - 1)
	for _, w := range []string{"FROM", "JOIN", "AS", "UNION", "ALL", "EXCEPT", "INTERSECT", "DISTINCT", "MATERIALIZED"} {
		if before.Is(w) {
			return w != "ALL" || !isComparison(t.tok(i-2))
		}
	}
	return i == 0 || before.Is(",") && t.inFromList(i-1)
}

func isComparison(k Token) bool {
	return k.Kind == Operator && (k.Value == "=" || k.Value == "<>" || k.Value == "!=" || strings.ContainsAny(k.Value, "<>"))
}

// inFromList says whether the comma at i stands in a FROM: that word comes before
// SELECT, looking backwards at this bracket level.
func (t *translator) inFromList(i int) bool {
	for i--; i >= 0; i-- {
		k := t.toks[i]
		switch {
		case k.Is(")"), k.Is("]"):
			i = t.match[i]
		case k.Is("("), k.Is("["), k.Is("SELECT"), k.Is("WHERE"), k.Is("BY"), k.Is("ON"):
			return false
		case k.Is("FROM") && !t.tok(i-1).Is("DISTINCT"):
			return true
		}
	}
	return false
}

// subscript translates operand[index].
func (t *translator) subscript(i int) int {
	shut, mark := t.match[i], t.prim
	if t.d == Warehouse {
		t.verbatim(i)
		t.prim = -1
		t.span(i+1, shut)
		t.verbatim(shut)
		t.prim = mark
		return shut + 1
	}
	from := t.primToken
	if t.isOpaque(from, i) || t.isOpaque(i+1, shut) {
		left := t.cut(mark)
		t.guarded("lake.subscript($1, $2)", t.toks[i].Start, func() { t.out = append(t.out, left...) },
			func() { t.part(tokenRange{i + 1, shut}) })
	} else {
		t.insert(mark, "lake.subscript(")
		t.put(", ", t.toks[i].Start)
		t.part(tokenRange{i + 1, shut})
		t.put(")", t.toks[shut].Start)
	}
	t.prim, t.primToken = mark, from
	return shut + 1
}

// name translates an identifier: a column, a table, a function's name, an
// alias.
func (t *translator) name(i, end int) int {
	k := t.toks[i]
	if k.Kind == Word && t.is(i+1, end, "->") {
		return t.lambda(i, end)
	}
	if k.Kind == Word && !t.isMember(i) && isKeyword(k.Value, t.d) {
		t.verbatim(i)
		t.prim = -1
		return i + 1
	}
	if t.d == Warehouse && k.Is("PG_CATALOG") && t.is(i+1, end, ".") && t.is(i+3, end, "(") {
		return i + 2 // pg_catalog.f(...)
	}
	if t.isMember(i) && t.prim >= 0 {
		prim := t.prim
		t.identifier(i)
		t.prim = prim
		if t.is(i+1, end, "(") && t.d == Lake {
			t.fail(refuse(NoFunction, t.text, t.d, t.toks[i].Start, "Function '%s' not registered", Fold(t.toks[i], Lake)))
			return end
		}
		return i + 1
	}
	alias := t.prim >= 0 || t.is(i-1, end, "AS")
	if t.is(i+1, end, "(") && !alias && !t.isHeader(i, end) {
		return t.call(i, end)
	}
	t.operand()
	mark := t.prim
	if to, ok := t.renamed(k); ok && !alias {
		t.put(to, k.Start)
	} else {
		t.identifier(i)
	}
	if t.is(i+1, end, "(") { // the columns of an alias or of a WITH query
		shut := t.match[i+1]
		for n := i + 1; n <= shut; n++ {
			t.gap(n)
			if t.toks[n].Kind == Word {
				t.identifier(n)
			} else {
				t.verbatim(n)
			}
		}
		t.prim = mark
		return shut + 1
	}
	t.prim = mark
	return i + 1
}

// identifier writes a name, in quotes if the engine reserves it.
func (t *translator) identifier(i int) {
	k := t.toks[i]
	switch {
	case k.Kind == Quoted && k.Text[0] == '`':
		t.put(QuoteIdentifier(k.Value), k.Start)
	case k.Kind == Word && (engineReserved(k.Value) || strings.ContainsAny(k.Text, "@#$")):
		t.put(QuoteIdentifier(k.Text), k.Start)
	default:
		t.verbatim(i)
	}
}

// renamed is what a lambda parameter is written as.
func (t *translator) renamed(k Token) (string, bool) {
	for n := len(t.names) - 1; n >= 0; n-- {
		if strings.EqualFold(t.names[n].from, k.Value) {
			return t.names[n].to, true
		}
	}
	return "", false
}

// isHeader says whether name(a, b) is the head of a WITH query: ") AS (" comes
// after it.
func (t *translator) isHeader(i, end int) bool {
	shut := t.match[i+1]
	return t.is(shut+1, end, "AS", "(") || t.is(shut+1, end, "AS", "MATERIALIZED", "(") ||
		t.is(shut+1, end, "AS", "NOT", "MATERIALIZED", "(")
}

// lambda translates x -> body and (x, y) -> body. The body reaches to the end
// of the argument, which is where span's end is.
func (t *translator) lambda(i, end int) int {
	var params []string
	arrow := i + 1
	if t.toks[i].Is("(") {
		arrow = t.match[i] + 1
		for n := i + 1; n < t.match[i]; n++ {
			switch {
			case t.toks[n].Kind == Word || t.toks[n].Kind == Quoted:
				params = append(params, t.toks[n].Value)
			case !t.toks[n].Is(","):
				t.mismatch(n, "<identifier>")
			}
		}
	} else {
		params = []string{t.toks[i].Value}
	}
	t.put("lambda "+strings.Join(lambdaNames(params), ", ")+": ", t.toks[i].Start)
	t.body(params, lambdaNames(params), arrow+1, end)
	return end
}

// lambdaNames are the names of lambda parameters in the engine. They are made
// unlike any column, because the engine would take a column of the same name.
func lambdaNames(params []string) []string {
	out := make([]string, len(params))
	for n, p := range params {
		out[n] = QuoteIdentifier(strings.ToLower(p) + "->")
	}
	return out
}

// body translates a lambda's body with its parameters written as something.
func (t *translator) body(params, as []string, from, end int) {
	if from >= end {
		t.mismatch(end, "<expression>")
		return
	}
	kept := len(t.names)
	for n, p := range params {
		t.names = append(t.names, renaming{p, as[n]})
	}
	t.prim = -1
	t.span(from, end)
	t.names = t.names[:kept]
	t.prim = -1
}
