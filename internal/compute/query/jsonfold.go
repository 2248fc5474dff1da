package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// foldSpec says how the keys of JSON rows become columns.
type foldSpec struct {
	Fold      bool              `json:"fold"`      // keys in any case
	Dots      bool              `json:"dots"`      // a dot in a key is an underscore in the column
	Names     map[string]string `json:"names"`     // column by key
	Malformed bool              `json:"malformed"` // a line that is no object is a row of nulls
	Row       *jsonType         `json:"row"`
}

// jsonType is what a column's type says of JSON: the keys of a row are columns,
// those of a map are data.
type jsonType struct {
	Fields map[string]*jsonType `json:"fields,omitempty"` // of a row; nil for none
	Elem   *jsonType            `json:"elem,omitempty"`   // of a list or map
}

// foldFunction is the engine's name of the function that writes a line of JSON
// again with its keys as the table's columns are called.
const foldFunction = "boathouse_json_row"

func jsonFunction() duck.TextFunction {
	return duck.TextFunction{Name: foldFunction, Make: func(spec string) func(dst, in []byte) ([]byte, error) {
		f := &jsonRow{}
		if err := json.Unmarshal([]byte(spec), &f.foldSpec); err != nil {
			return func(_, _ []byte) ([]byte, error) { return nil, err }
		}
		return f.row
	}}
}

// jsonRow copies JSON.
type jsonRow struct {
	foldSpec
	in  []byte
	at  int
	out []byte
}

var errJSON = errors.New("not JSON")

// jsonDepthMax bounds nesting.
const jsonDepthMax = 500

// row copies one line, which must hold one object.
func (f *jsonRow) row(dst, in []byte) ([]byte, error) {
	f.in, f.at, f.out = in, 0, dst
	f.space()
	err := errJSON
	if f.at < len(in) && in[f.at] == '{' {
		if err = f.value(0, f.Row); err == nil {
			if f.space(); f.at < len(in) {
				err = errJSON
			}
		}
	}
	if err == nil {
		return f.out, nil
	}
	if f.Malformed {
		return append(dst, "{}"...), nil
	}
	return nil, fmt.Errorf("%sRow is not a valid JSON Object: %s: correct the line, or set ignore.malformed.json to true for the table", badData, clip(in))
}

func clip(in []byte) string {
	const most = 100
	s := strings.ToValidUTF8(string(in[:min(most, len(in))]), "?")
	return strconv.Quote(s)
}

func (f *jsonRow) space() {
	for f.at < len(f.in) && (f.in[f.at] == ' ' || f.in[f.at] == '\t' || f.in[f.at] == '\r' || f.in[f.at] == '\n') {
		f.at++
	}
}

func (f *jsonRow) value(depth int, t *jsonType) error {
	f.space()
	if f.at >= len(f.in) || depth > jsonDepthMax {
		return errJSON
	}
	switch c := f.in[f.at]; c {
	case '{':
		return f.members(depth, '}', t)
	case '[':
		return f.members(depth, ']', t)
	case '"':
		s, err := f.text()
		f.out = append(f.out, s...)
		return err
	}
	return f.word()
}

// word copies a number, true, false or null.
func (f *jsonRow) word() error {
	from := f.at
	for f.at < len(f.in) && bytes.IndexByte([]byte(",]} \t\r\n"), f.in[f.at]) < 0 {
		f.at++
	}
	w := f.in[from:f.at]
	switch string(w) {
	case "true", "false", "null":
	default:
		if !json.Valid(w) {
			return errJSON
		}
	}
	f.out = append(f.out, w...)
	return nil
}

func (f *jsonRow) members(depth int, end byte, t *jsonType) error {
	f.out = append(f.out, f.in[f.at])
	f.at++
	for n := 0; ; n++ {
		f.space()
		if f.at >= len(f.in) {
			return errJSON
		}
		if n == 0 && f.in[f.at] == end {
			break
		}
		inner, err := t.elem(), error(nil)
		if end == '}' {
			if inner, err = f.key(t); err != nil {
				return err
			}
		}
		if err := f.value(depth+1, inner); err != nil {
			return err
		}
		f.space()
		if f.at < len(f.in) && f.in[f.at] == end {
			break
		}
		if f.at >= len(f.in) || f.in[f.at] != ',' {
			return errJSON
		}
		f.out = append(f.out, ',')
		f.at++
	}
	f.out = append(f.out, end)
	f.at++
	return nil
}

func (t *jsonType) elem() *jsonType {
	if t == nil {
		return nil
	}
	return t.Elem
}

// key copies a member's name, as a column is called if it is one's, and returns
// the type of the member.
func (f *jsonRow) key(t *jsonType) (*jsonType, error) {
	s, err := f.text()
	if err != nil {
		return nil, err
	}
	f.space()
	if f.at >= len(f.in) || f.in[f.at] != ':' {
		return nil, errJSON
	}
	f.at++
	inner := t.elem()
	if t != nil && t.Fields != nil {
		s = f.rename(s)
		inner = t.Fields[string(s[1:len(s)-1])]
	}
	f.out = append(append(f.out, s...), ':')
	return inner, nil
}

// text passes a string and returns it with its quotes.
func (f *jsonRow) text() ([]byte, error) {
	if f.at >= len(f.in) || f.in[f.at] != '"' {
		return nil, errJSON
	}
	from := f.at
	for f.at++; f.at < len(f.in); f.at++ {
		switch c := f.in[f.at]; {
		case c == '\\':
			f.at++
		case c < 0x20:
			return nil, errJSON
		case c == '"':
			f.at++
			if s := f.in[from:f.at]; bytes.IndexByte(s, '\\') < 0 || json.Valid(s) {
				return s, nil
			}
			return nil, errJSON
		}
	}
	return nil, errJSON
}

func (f *jsonRow) rename(quoted []byte) []byte {
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		return quoted // a key with escapes is no column's
	}
	if f.Fold && hasUpper(name) {
		name = bytes.ToLower(name)
		quoted = append(append([]byte{'"'}, name...), '"')
	}
	if len(f.Names) > 0 {
		if to, ok := f.Names[string(name)]; ok {
			return strconv.AppendQuote(nil, to)
		}
	}
	if f.Dots && bytes.IndexByte(name, '.') >= 0 {
		return bytes.ReplaceAll(quoted, []byte("."), []byte("_"))
	}
	return quoted
}

func hasUpper(s []byte) bool {
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf {
			if s[i] >= 'A' && s[i] <= 'Z' {
				return true
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(s[i:])
		if unicode.IsUpper(r) {
			return true
		}
		i += n
	}
	return false
}
