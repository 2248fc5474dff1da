package awsjson

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// nestingMax bounds how deep objects and lists may nest.
const nestingMax = 128

// decoder reads one JSON text from left to right.
type decoder struct {
	codec   *Codec
	data    []byte
	pos     int
	depth   int
	path    []step   // where we are, for messages
	unknown []string // dotted names of members that the structs do not have
}

// step is one part of a path: a member, or with an empty name an index.
type step struct {
	name  string
	index int
}

func (d *decoder) where() string {
	var b strings.Builder
	for _, s := range d.path {
		if s.name == "" {
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.name)
	}
	return b.String()
}

// syntax refuses a text that is not JSON.
func (d *decoder) syntax(why string) error {
	return fmt.Errorf("not valid JSON at byte %d: %s", d.pos, why)
}

// mismatch refuses a value that is not what the member takes.
func (d *decoder) mismatch(want string) error {
	found := "STRING_VALUE"
	switch c := d.peek(); {
	case c == '{':
		found = "START_OBJECT"
	case c == '[':
		found = "START_ARRAY"
	case c == 't':
		found = "TRUE_VALUE"
	case c == 'f':
		found = "FALSE_VALUE"
	case c == 'n':
		found = "NULL_VALUE"
	case c == '-' || '0' <= c && c <= '9':
		found = "NUMBER_VALUE"
	case c != '"':
		return d.syntax("expected a value")
	}
	return d.bad(fmt.Sprintf("%s can not be converted to %s", found, want))
}

// bad refuses a value of the right type with a wrong content.
func (d *decoder) bad(why string) error {
	if where := d.where(); where != "" {
		return fmt.Errorf("%s: %s", where, why)
	}
	return fmt.Errorf("%s", why)
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return
		}
	}
}

// peek returns the next byte that is no space; 0 at the end.
func (d *decoder) peek() byte {
	d.space()
	if d.pos == len(d.data) {
		return 0
	}
	return d.data[d.pos]
}

// accept takes the next byte if it is c.
func (d *decoder) accept(c byte) bool {
	if d.peek() != c {
		return false
	}
	d.pos++
	return true
}

// word takes a literal name: true, false, null.
func (d *decoder) word(w string) error {
	if len(d.data)-d.pos < len(w) || string(d.data[d.pos:d.pos+len(w)]) != w {
		return d.syntax("expected " + w)
	}
	d.pos += len(w)
	return nil
}

// null takes a null if one is next.
func (d *decoder) null() (bool, error) {
	if d.peek() != 'n' {
		return false, nil
	}
	return true, d.word("null")
}

// text takes a string. The bytes are valid until the next call.
func (d *decoder) text() ([]byte, error) {
	d.pos++ // the caller saw the quote
	start := d.pos
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '"':
			d.pos++
			return valid(d.data[start : d.pos-1]), nil
		case c == '\\':
			return d.escaped(start)
		case c < ' ':
			return nil, d.syntax("a control character in a string must be escaped")
		}
		d.pos++
	}
	return nil, d.syntax("a string is not closed")
}

func valid(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return []byte(strings.ToValidUTF8(string(b), "\ufffd"))
}

// escaped goes on with a string at its first backslash.
func (d *decoder) escaped(start int) ([]byte, error) {
	out := append([]byte(nil), d.data[start:d.pos]...)
	for d.pos < len(d.data) {
		c := d.data[d.pos]
		d.pos++
		switch {
		case c == '"':
			return valid(out), nil
		case c < ' ':
			return nil, d.syntax("a control character in a string must be escaped")
		case c != '\\':
			out = append(out, c)
			continue
		}
		if d.pos == len(d.data) {
			break
		}
		e := d.data[d.pos]
		d.pos++
		if i := strings.IndexByte(`"\/bfnrt`, e); i >= 0 {
			out = append(out, "\"\\/\b\f\n\r\t"[i])
			continue
		}
		if e != 'u' {
			return nil, d.syntax("an unknown escape in a string")
		}
		r, ok := d.hex4()
		if !ok {
			return nil, d.syntax("\\u needs four hexadecimal digits")
		}
		if utf16.IsSurrogate(r) {
			r = d.surrogate(r)
		}
		out = utf8.AppendRune(out, r)
	}
	return nil, d.syntax("a string is not closed")
}

// surrogate completes a pair; half a pair becomes U+FFFD.
func (d *decoder) surrogate(r rune) rune {
	at := d.pos
	if at+1 < len(d.data) && d.data[at] == '\\' && d.data[at+1] == 'u' {
		d.pos += 2
		if low, ok := d.hex4(); ok {
			if full := utf16.DecodeRune(r, low); full != utf8.RuneError {
				return full
			}
		}
	}
	d.pos = at
	return utf8.RuneError
}

func (d *decoder) hex4() (rune, bool) {
	if len(d.data)-d.pos < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(string(d.data[d.pos:d.pos+4]), 16, 32)
	if err != nil {
		return 0, false
	}
	d.pos += 4
	return rune(n), true
}

// number takes a number and returns its text.
func (d *decoder) number() ([]byte, error) {
	start := d.pos
	d.take('-')
	if !d.take('0') && d.digits() == 0 {
		return nil, d.syntax("expected a number")
	}
	if d.take('.') && d.digits() == 0 {
		return nil, d.syntax("a number needs digits behind its point")
	}
	if d.take('e') || d.take('E') {
		if !d.take('-') {
			d.take('+')
		}
		if d.digits() == 0 {
			return nil, d.syntax("a number needs digits in its exponent")
		}
	}
	return d.data[start:d.pos], nil
}

func (d *decoder) take(c byte) bool {
	if d.pos < len(d.data) && d.data[d.pos] == c {
		d.pos++
		return true
	}
	return false
}

func (d *decoder) digits() (n int) {
	for d.pos < len(d.data) && '0' <= d.data[d.pos] && d.data[d.pos] <= '9' {
		d.pos++
		n++
	}
	return n
}

// object takes an object and calls f at each member's value.
func (d *decoder) object(f func(name []byte) error) error {
	if err := d.open(); err != nil {
		return err
	}
	for first := true; !d.accept('}'); first = false {
		if !first && !d.accept(',') {
			return d.syntax("expected , or }")
		}
		if d.peek() != '"' {
			return d.syntax("expected a member's name in quotes")
		}
		name, err := d.text()
		if err != nil {
			return err
		}
		if !d.accept(':') {
			return d.syntax("expected : behind a member's name")
		}
		if err := f(name); err != nil {
			return err
		}
	}
	d.depth--
	return nil
}

// list takes a list and calls f at each value.
func (d *decoder) list(f func(i int) error) error {
	if err := d.open(); err != nil {
		return err
	}
	for i := 0; !d.accept(']'); i++ {
		if i > 0 && !d.accept(',') {
			return d.syntax("expected , or ]")
		}
		if err := f(i); err != nil {
			return err
		}
	}
	d.depth--
	return nil
}

func (d *decoder) open() error {
	d.pos++ // the caller saw the bracket
	if d.depth++; d.depth > nestingMax {
		return d.syntax(fmt.Sprintf("nested more than %d deep", nestingMax))
	}
	return nil
}

// skip takes any value.
func (d *decoder) skip() error {
	var err error
	switch c := d.peek(); {
	case c == '{':
		return d.object(func([]byte) error { return d.skip() })
	case c == '[':
		return d.list(func(int) error { return d.skip() })
	case c == '"':
		_, err = d.text()
	case c == 't':
		err = d.word("true")
	case c == 'f':
		err = d.word("false")
	case c == 'n':
		err = d.word("null")
	default:
		_, err = d.number()
	}
	return err
}
