package catalog

import (
	"fmt"
	"strings"
)

type tokenKind uint8

const (
	tokenEnd    tokenKind = iota
	tokenWord             // a name or keyword
	tokenName             // a name in "" or ``, never a keyword
	tokenString           // '...'
	tokenNumber           // with its sign
	tokenSign             // an operator or punctuation
)

// token is a piece of an expression.
type token struct {
	kind tokenKind
	text string // without quotes
	at   int    // bytes from the start
}

func (t token) is(what string) bool {
	return t.kind == tokenWord && strings.EqualFold(t.text, what) || t.kind == tokenSign && t.text == what
}

// bad refuses the expression because of this token.
func (t token) bad(why string) error {
	found := "the end"
	if t.kind != tokenEnd {
		found = fmt.Sprintf("%q", t.text)
	}
	return BadExpression.New(fmt.Sprintf("at character %d, %s: %s", t.at+1, found, why))
}

// signs are the operators, longer ones before their beginnings.
var signs = []string{"<>", "!=", "<=", ">=", "<", ">", "=", "(", ")", ","}

// lex cuts an expression into tokens, the last of which is tokenEnd.
func lex(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		c := s[i]
		t := token{at: i}
		n := 0
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
			continue
		case c == '\'' || c == '"' || c == '`':
			if t.text, n = quoted(s[i:]); n == 0 {
				return nil, BadExpression.New(fmt.Sprintf("at character %d: the %c is not closed", i+1, c))
			}
			t.kind = tokenName
			if c == '\'' {
				t.kind = tokenString
			}
		case numberLen(s[i:]) > 0:
			n = numberLen(s[i:])
			t.kind, t.text = tokenNumber, s[i:i+n]
		case wordByte(c):
			for n < len(s)-i && wordByte(s[i+n]) {
				n++
			}
			t.kind, t.text = tokenWord, s[i:i+n]
		default:
			for _, sign := range signs {
				if strings.HasPrefix(s[i:], sign) {
					t.kind, t.text, n = tokenSign, sign, len(sign)
					break
				}
			}
			if n == 0 {
				return nil, BadExpression.New(fmt.Sprintf("at character %d: %q is not understood here", i+1, firstRune(s[i:])))
			}
		}
		out = append(out, t)
		i += n
	}
	return append(out, token{kind: tokenEnd, at: len(s)}), nil
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// quoted reads a quoted text in which a doubled quote stands for itself, and
// returns it and its length with the quotes; 0 when it is not closed.
func quoted(s string) (string, int) {
	var b strings.Builder
	q := s[0]
	for i := 1; i < len(s); i++ {
		if s[i] != q {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == q {
			b.WriteByte(q)
			i++
			continue
		}
		return b.String(), i + 1
	}
	return "", 0
}

// numberLen returns the length of the number at the start of s:
// [+-] digits [. digits] [e [+-] digits], 0 when there is none.
func numberLen(s string) int {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	whole := digits(s[i:])
	i += whole
	frac := 0
	if i < len(s) && s[i] == '.' {
		if frac = digits(s[i+1:]); whole+frac > 0 {
			i += 1 + frac
		}
	}
	if whole+frac == 0 {
		return 0
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		if n := digits(s[j:]); n > 0 {
			i = j + n
		}
	}
	if i < len(s) && wordByte(s[i]) {
		return 0 // a name such as 2020_sales
	}
	return i
}

func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c >= 0x80
}
