package dialect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// TokenKind is the class of a token.
type TokenKind uint8

// The kinds of token.
const (
	EOF       TokenKind = iota
	Word                // identifier or key word
	Quoted              // "identifier" or `identifier`
	String              // 'text', E'text', U&'text', $$text$$
	Bytes               // X'00ff' or B'01'
	Number              // 1, 1.5, .5, 1e0, 0x1f
	Parameter           // ? or $1
	Operator            // one of the dialect's operators or a mark such as ( , ;
)

// Token is a piece of a text. Text is the piece as written, Value what it
// stands for: an identifier or string without its quotes and escapes, a word
// in upper case.
type Token struct {
	Kind       TokenKind
	Text       string
	Value      string
	Start, End int // byte offsets
}

// Is says whether the token is the word (in upper case) or the operator.
func (t Token) Is(text string) bool {
	return (t.Kind == Word || t.Kind == Operator) && t.Value == text
}

// maxText bounds a statement's text, in bytes. The lake's service allows
// 262,144; scripts of the warehouse may be longer.
const maxText = 16 << 20

// operators lists what is longer than one character, longest first.
var operators = map[Dialect][]string{
	Lake: {"<>", "!=", "<=", ">=", "||", "->", "=>"},
	Warehouse: {"!~~*", "<->", "!~~", "~~*", "!~*", "->>", "#>>", "||/",
		"<>", "!=", "<=", ">=", "||", "->", "=>", "::", ":=", "~~", "~*", "!~",
		"#>", "@>", "<@", "&&", "<<", ">>", "|/", "^@", "@@", "#-"},
}

// marks lists the operators of one character.
var marks = map[Dialect]string{
	Lake:      "()[]{},;.:=<>+-*/%&|^~!",
	Warehouse: "()[]{},;.:=<>+-*/%&|^~!@#$",
}

type lexer struct {
	text string
	d    Dialect
	pos  int
	out  []Token
}

// Lex cuts text into tokens, without comments and blanks, ended by one EOF.
func Lex(text string, d Dialect) ([]Token, error) {
	l := &lexer{text: text, d: d}
	if len(text) > maxText {
		return nil, refuse(TooDeep, text, d, 0, "a statement may have at most %d bytes; this one has %d", maxText, len(text))
	}
	for {
		if err := l.skip(); err != nil {
			return nil, err
		}
		if l.pos >= len(text) {
			l.out = append(l.out, Token{Kind: EOF, Start: l.pos, End: l.pos})
			return l.out, nil
		}
		if err := l.token(); err != nil {
			return nil, err
		}
	}
}

func (l *lexer) fail(at int, format string, args ...any) error {
	return refuse(Syntax, l.text, l.d, at, format, args...)
}

func (l *lexer) rest() string { return l.text[l.pos:] }

// skip passes blanks and comments.
func (l *lexer) skip() error {
	for l.pos < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.rest())
		switch {
		case unicode.IsSpace(r) || r == '\ufeff':
			l.pos += n
		case strings.HasPrefix(l.rest(), "--"):
			end := strings.IndexByte(l.rest(), '\n')
			if end < 0 {
				end = len(l.rest())
			}
			l.pos += end
		case strings.HasPrefix(l.rest(), "/*"):
			if err := l.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

// comment passes a bracketed comment; only the warehouse's may be nested.
func (l *lexer) comment() error {
	start, depth := l.pos, 0
	for l.pos < len(l.text) {
		switch {
		case strings.HasPrefix(l.rest(), "/*") && (depth == 0 || l.d == Warehouse):
			depth++
			l.pos += 2
		case strings.HasPrefix(l.rest(), "*/"):
			l.pos += 2
			if depth--; depth == 0 {
				return nil
			}
		default:
			l.pos++
		}
	}
	return l.fail(start, "unterminated /* comment")
}

func (l *lexer) emit(kind TokenKind, start int, value string) {
	l.out = append(l.out, Token{Kind: kind, Text: l.text[start:l.pos], Value: value, Start: start, End: l.pos})
}

func (l *lexer) token() error {
	start, c := l.pos, l.text[l.pos]
	r, _ := utf8.DecodeRuneInString(l.rest())
	switch {
	case c == '\'':
		return l.string(start, false)
	case c == '"' || c == '`':
		return l.quoted(start, c)
	case c >= '0' && c <= '9', c == '.' && l.pos+1 < len(l.text) && isDigit(l.text[l.pos+1]) && !l.afterName():
		return l.number()
	case c == '$' && l.d == Warehouse && l.pos+1 < len(l.text):
		return l.dollar()
	case c == '?':
		l.pos++
		l.emit(Parameter, start, "?")
		return nil
	case isWordStart(r) || c == '#' && l.d == Warehouse && l.tempName():
		return l.word()
	}
	return l.operator(r)
}

// afterName says whether the text just before is a name or a closed bracket,
// so that a dot is a separator (t.1) and not the start of a number.
func (l *lexer) afterName() bool {
	if len(l.out) == 0 {
		return false
	}
	last := l.out[len(l.out)-1]
	if last.End != l.pos {
		return false
	}
	return last.Kind == Word || last.Kind == Quoted || last.Is(")") || last.Is("]")
}

// tempName says whether # starts a temporary table's name: at a blank or dot.
func (l *lexer) tempName() bool {
	if l.pos+1 >= len(l.text) || !isWordStart(rune(l.text[l.pos+1])) {
		return false
	}
	return l.pos == 0 || strings.ContainsRune(" \t\r\n.(,", rune(l.text[l.pos-1]))
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWordStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }

func (l *lexer) isWordPart(r rune) bool {
	return isWordStart(r) || unicode.IsDigit(r) || r == '$' || r == '@' && l.d == Lake
}

// word reads an identifier or key word, or a string with a prefix (X”, E”).
func (l *lexer) word() error {
	start := l.pos
	if l.text[l.pos] == '#' {
		l.pos++
	}
	for l.pos < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.rest())
		if !l.isWordPart(r) || r == utf8.RuneError && n <= 1 {
			break
		}
		l.pos += n
	}
	word := strings.ToUpper(l.text[start:l.pos])
	if l.pos < len(l.text) && l.text[l.pos] == '\'' {
		switch {
		case word == "X" || word == "B" && l.d == Warehouse:
			return l.bytes(start)
		case word == "E" && l.d == Warehouse:
			return l.string(start, true)
		case word == "N" && l.d == Warehouse:
			return l.string(start, false)
		}
	}
	if word == "U" && strings.HasPrefix(l.rest(), "&'") {
		return l.unicode(start)
	}
	l.emit(Word, start, word)
	return nil
}

// body reads up to the closing quote, a doubled quote standing for one, and
// returns what is between.
func (l *lexer) body(start int, quote byte, escapes bool) (string, error) {
	var b strings.Builder
	for l.pos++; l.pos < len(l.text); l.pos++ {
		c := l.text[l.pos]
		switch {
		case c == quote && l.pos+1 < len(l.text) && l.text[l.pos+1] == quote:
			l.pos++
			b.WriteByte(quote)
		case c == quote:
			l.pos++
			return b.String(), nil
		case c == '\\' && escapes:
			l.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	what := "string"
	if quote != '\'' {
		what = "quoted identifier"
	}
	if l.d == Warehouse {
		return "", l.fail(start, "unterminated %s at or near %q", what, clip(l.text[start:]))
	}
	return "", l.fail(start, "unterminated %s: close it with %c", what, quote)
}

var escapes = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads one backslash escape of an E” string.
func (l *lexer) escape(b *strings.Builder) {
	l.pos++
	if l.pos >= len(l.text) {
		return
	}
	c := l.text[l.pos]
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	switch {
	case digits > 0:
		n, used := 0, 0
		for used < digits && l.pos+1 < len(l.text) && hexValue(l.text[l.pos+1]) >= 0 {
			n = n<<4 | hexValue(l.text[l.pos+1])
			l.pos++
			used++
		}
		if used == 0 {
			b.WriteByte(c)
		} else {
			b.WriteRune(rune(n))
		}
	case c >= '0' && c <= '7':
		n := int(c - '0')
		for i := 0; i < 2 && l.pos+1 < len(l.text) && l.text[l.pos+1] >= '0' && l.text[l.pos+1] <= '7'; i++ {
			l.pos++
			n = n<<3 | int(l.text[l.pos]-'0')
		}
		b.WriteByte(byte(n))
	case escapes[c] != 0:
		b.WriteByte(escapes[c])
	default:
		b.WriteByte(c)
	}
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (l *lexer) string(start int, escapes bool) error {
	v, err := l.body(start, '\'', escapes)
	if err != nil {
		return err
	}
	l.emit(String, start, v)
	return nil
}

func (l *lexer) bytes(start int) error {
	v, err := l.body(start, '\'', false)
	if err != nil {
		return err
	}
	v = strings.ToLower(strings.Join(strings.Fields(v), ""))
	hex := l.text[start] == 'X' || l.text[start] == 'x'
	for i := range len(v) {
		if n := hexValue(v[i]); n < 0 || !hex && n > 1 {
			return l.fail(start, "%q is no %s literal: use the digits %s", l.text[start:l.pos],
				map[bool]string{true: "binary", false: "bit"}[hex], map[bool]string{true: "0-9 and A-F", false: "0 and 1"}[hex])
		}
	}
	if hex && len(v)%2 != 0 {
		return l.fail(start, "a binary literal needs an even number of digits")
	}
	l.emit(Bytes, start, v)
	return nil
}

// unicode reads U&'d\0061t\+000061' with the default escape character.
func (l *lexer) unicode(start int) error {
	l.pos++ // &
	raw, err := l.body(start, '\'', false)
	if err != nil {
		return err
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			i++
			continue
		}
		from, digits := i+1, 4
		if from < len(raw) && raw[from] == '\\' {
			b.WriteByte('\\')
			i += 2
			continue
		}
		if from < len(raw) && raw[from] == '+' {
			from, digits = from+1, 6
		}
		n := 0
		for k := from; k < from+digits; k++ {
			if k >= len(raw) || hexValue(raw[k]) < 0 {
				return l.fail(start, "incomplete escape sequence in a unicode string: write \\XXXX or \\+XXXXXX")
			}
			n = n<<4 | hexValue(raw[k])
		}
		b.WriteRune(rune(n))
		i = from + digits
	}
	l.emit(String, start, b.String())
	return nil
}

func (l *lexer) quoted(start int, quote byte) error {
	v, err := l.body(start, quote, false)
	if err != nil {
		return err
	}
	if v == "" {
		return l.fail(start, "zero-length delimited identifier")
	}
	l.emit(Quoted, start, v)
	return nil
}

// number reads an integer, decimal or scientific number. A word right after it
// is left to the parser.
func (l *lexer) number() error {
	start := l.pos
	if l.text[l.pos] == '0' && l.pos+1 < len(l.text) && strings.IndexByte("xXbBoO", l.text[l.pos+1]) >= 0 &&
		l.pos+2 < len(l.text) && hexValue(l.text[l.pos+2]) >= 0 {
		l.pos += 2
		for l.pos < len(l.text) && (hexValue(l.text[l.pos]) >= 0 || l.text[l.pos] == '_') {
			l.pos++
		}
		l.emit(Number, start, l.text[start:l.pos])
		return nil
	}
	l.digits()
	if l.pos < len(l.text) && l.text[l.pos] == '.' {
		l.pos++
		l.digits()
	}
	if l.pos < len(l.text) && (l.text[l.pos] == 'e' || l.text[l.pos] == 'E') {
		end := l.pos + 1
		if end < len(l.text) && (l.text[end] == '+' || l.text[end] == '-') {
			end++
		}
		if end < len(l.text) && isDigit(l.text[end]) {
			l.pos = end
			l.digits()
		}
	}
	l.emit(Number, start, l.text[start:l.pos])
	return nil
}

func (l *lexer) digits() {
	for l.pos < len(l.text) && (isDigit(l.text[l.pos]) ||
		l.text[l.pos] == '_' && l.pos+1 < len(l.text) && isDigit(l.text[l.pos+1]) && isDigit(l.text[l.pos-1])) {
		l.pos++
	}
}

// dollar reads $1 or $tag$text$tag$.
func (l *lexer) dollar() error {
	start := l.pos
	if isDigit(l.text[l.pos+1]) {
		l.pos++
		for l.pos < len(l.text) && isDigit(l.text[l.pos]) {
			l.pos++
		}
		l.emit(Parameter, start, l.text[start:l.pos])
		return nil
	}
	end := l.pos + 1
	for end < len(l.text) && l.text[end] != '$' {
		if r := rune(l.text[end]); !isWordStart(r) && !unicode.IsDigit(r) {
			return l.operator('$')
		}
		end++
	}
	if end >= len(l.text) {
		return l.operator('$')
	}
	tag := l.text[start : end+1]
	n := strings.Index(l.text[end+1:], tag)
	if n < 0 {
		return l.fail(start, "unterminated dollar-quoted string at or near %q", clip(l.text[start:]))
	}
	l.pos = end + 1 + n + len(tag)
	l.emit(String, start, l.text[end+1:end+1+n])
	return nil
}

func (l *lexer) operator(r rune) error {
	start := l.pos
	for _, op := range operators[l.d] {
		if strings.HasPrefix(l.rest(), op) {
			l.pos += len(op)
			l.emit(Operator, start, op)
			return nil
		}
	}
	if r < utf8.RuneSelf && strings.IndexByte(marks[l.d], byte(r)) >= 0 {
		l.pos++
		l.emit(Operator, start, string(r))
		return nil
	}
	if l.d == Warehouse {
		return l.fail(start, "syntax error at or near %q", string(r))
	}
	return l.fail(start, "no statement has the character %q here; put text into '...' and names into \"...\"", r)
}

// clip shortens what an error repeats of the user's text.
func clip(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

// Part is one statement of a script.
type Part struct {
	Text   string
	Offset int // of Text in the script, in bytes
}

// Split cuts a script at its semicolons. Parts without a token are left out.
func Split(script string, d Dialect) ([]Part, error) {
	toks, err := Lex(script, d)
	if err != nil {
		return nil, err
	}
	var parts []Part
	first := -1
	for i, t := range toks {
		end := t.Kind == EOF || t.Is(";")
		switch {
		case end && first >= 0:
			from, to := toks[first].Start, toks[i-1].End
			parts = append(parts, Part{Text: script[from:to], Offset: from})
			first = -1
		case !end && first < 0:
			first = i
		}
	}
	return parts, nil
}
