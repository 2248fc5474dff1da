package dialect

import (
	"strings"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// cursor reads tokens one after the other. The first refusal sticks in err;
// after it every question answers no and the cursor stands at the end, so that
// readers need not look after each word.
type cursor struct {
	text string
	d    Dialect
	toks []Token
	i    int
	err  error
	hive bool // types are Hive's: decimal is decimal(10,0)
}

func newCursor(text string, d Dialect) (*cursor, error) {
	toks, err := Lex(text, d)
	if err != nil {
		return nil, err
	}
	return &cursor{text: text, d: d, toks: toks}, nil
}

func (c *cursor) peek() Token { return c.ahead(0) }

// ahead is the token n after the next one, EOF beyond the end.
func (c *cursor) ahead(n int) Token {
	if c.err != nil || c.i+n >= len(c.toks) {
		return c.toks[len(c.toks)-1]
	}
	return c.toks[c.i+n]
}

func (c *cursor) next() Token {
	t := c.peek()
	if t.Kind != EOF {
		c.i++
	}
	return t
}

func (c *cursor) done() bool { return c.peek().Kind == EOF }

// sees says whether the next tokens are these words or operators.
func (c *cursor) sees(words ...string) bool {
	if c.err != nil {
		return false
	}
	for n, w := range words {
		if !c.ahead(n).Is(w) {
			return false
		}
	}
	return true
}

// accept passes the words if they come next.
func (c *cursor) accept(words ...string) bool {
	if !c.sees(words...) {
		return false
	}
	c.i += len(words)
	return true
}

// expect passes the words or refuses.
func (c *cursor) expect(words ...string) bool {
	for _, w := range words {
		if !c.accept(w) {
			c.mismatch(w)
			return false
		}
	}
	return true
}

// acceptOne passes one of the words and returns it, or returns "".
func (c *cursor) acceptOne(words ...string) string {
	for _, w := range words {
		if c.accept(w) {
			return w
		}
	}
	return ""
}

func (c *cursor) fail(reason *fault.Reason, offset int, format string, args ...any) {
	if c.err == nil {
		c.err = refuse(reason, c.text, c.d, offset, format, args...)
	}
}

// mismatch refuses the next token. What was expected is written as the lake
// dialect's users know it: words in quotes, <identifier> and the like bare.
func (c *cursor) mismatch(expected ...string) {
	if c.err != nil {
		return
	}
	t := c.peek()
	if c.d == Warehouse {
		if t.Kind == EOF {
			c.fail(Syntax, t.Start, "syntax error at end of input")
			return
		}
		c.fail(Syntax, t.Start, "syntax error at or near \"%s\"", clip(t.Text))
		return
	}
	for i, e := range expected {
		if !strings.HasPrefix(e, "<") || len(e) < 3 {
			expected[i] = "'" + e + "'"
		}
	}
	got := t.Text
	if t.Kind == EOF {
		got = "<EOF>"
	}
	c.fail(Syntax, t.Start, "mismatched input '%s'. Expecting: %s", clip(got), strings.Join(expected, ", "))
}

// end refuses what is left, apart from a closing semicolon.
func (c *cursor) end() {
	c.accept(";")
	if !c.done() {
		c.mismatch("<EOF>")
	}
}

// identifier reads a name without dots.
func (c *cursor) identifier() string {
	t := c.peek()
	if t.Kind != Word && t.Kind != Quoted {
		c.mismatch("<identifier>")
		return ""
	}
	c.next()
	return c.fold(t)
}

// fold is an identifier as names are compared: the lake has no case, the
// warehouse folds what is not quoted.
func (c *cursor) fold(t Token) string { return Fold(t, c.d) }

// Fold is the name that an identifier token stands for: in lower case, unless
// it is quoted and the dialect tells case apart.
func Fold(t Token, d Dialect) string {
	switch {
	case t.Kind == Quoted && d == Warehouse:
		return t.Value
	case t.Kind == Quoted:
		return strings.ToLower(t.Value)
	}
	return strings.ToLower(t.Text)
}

// maxNameParts is catalog.database.table and one for a nested catalog.
const maxNameParts = 4

// name reads a dotted name.
func (c *cursor) name() Name {
	n := Name{Offset: c.peek().Start}
	n.Parts = append(n.Parts, c.identifier())
	for c.accept(".") {
		n.Parts = append(n.Parts, c.identifier())
	}
	if len(n.Parts) > maxNameParts {
		c.fail(Syntax, n.Offset, "too many parts in a name: write catalog.database.table")
	}
	return n
}

// names reads names with commas between.
func (c *cursor) names() []Name {
	out := []Name{c.name()}
	for c.accept(",") {
		out = append(out, c.name())
	}
	return out
}

// identifiers reads (a, b, c).
func (c *cursor) identifiers() []string {
	var out []string
	c.expect("(")
	for {
		out = append(out, c.identifier())
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return out
}

// string reads a string literal. The lake's DDL also takes "text".
func (c *cursor) string() string {
	t := c.peek()
	if t.Kind != String && !(c.d == Lake && t.Kind == Quoted && t.Text[0] == '"') {
		c.mismatch("<string>")
		return ""
	}
	c.next()
	return t.Value
}

// group passes a bracketed group that starts at the next token and returns the
// offsets of what is between the brackets.
func (c *cursor) group() (from, to int) {
	open := c.peek()
	if !c.expect("(") {
		return 0, 0
	}
	depth := 1
	for depth > 0 {
		t := c.next()
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
			to = t.Start
		case t.Kind == EOF:
			c.mismatch(")")
			return 0, 0
		}
	}
	return open.End, to
}

// remaining passes all that is left, without a closing semicolon, as text.
func (c *cursor) remaining() (text string, offset int) {
	if c.err != nil {
		return "", 0
	}
	from := c.peek().Start
	to := from
	for !c.done() && !(c.peek().Is(";") && c.ahead(1).Kind == EOF) {
		to = c.next().End
	}
	c.accept(";")
	return c.text[from:to], from
}
