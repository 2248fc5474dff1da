package restxml

import (
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// Encode writes the header fields of out, a pointer to a struct of the plan's
// type, into h and returns its document, nil if it has none. namespace is the
// root's xmlns; empty for none. Header names are kept in lower case: some
// clients give metadata names to their users as they came.
func (p *Plan) Encode(h http.Header, out any, namespace string) []byte {
	var body []byte
	v := reflect.ValueOf(out).Elem()
	for _, f := range p.fields {
		fv := v.FieldByIndex(f.index)
		switch f.where {
		case "header":
			if s, ok := headerText(fv); ok {
				h[f.name] = []string{s}
			}
		case "headers":
			for it := fv.MapRange(); it.Next(); {
				h[f.name+it.Key().String()] = []string{it.Value().String()}
			}
		case "body":
			if fv.Kind() == reflect.Pointer {
				if fv.IsNil() {
					continue
				}
				fv = fv.Elem()
			}
			body = f.doc.encode(fv, f.name, namespace)
		}
	}
	return body
}

// headerText is a header's value; ok is false when it is left out: a nil
// pointer, an empty string, a zero time, false.
func headerText(v reflect.Value) (s string, ok bool) {
	pointer := v.Kind() == reflect.Pointer
	if pointer {
		if v.IsNil() {
			return "", false
		}
		v = v.Elem()
	}
	if t, is := v.Interface().(time.Time); is {
		return t.UTC().Format(http.TimeFormat), !t.IsZero()
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), v.Len() > 0 || pointer
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), v.Bool() || pointer
	}
	return strconv.FormatInt(v.Int(), 10), v.Int() != 0 || pointer
}

// Marshal writes a document alone.
func Marshal(doc any, root, namespace string) []byte {
	v := reflect.ValueOf(doc)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return newDocument(v.Type()).encode(v, root, namespace)
}

func (d *document) encode(v reflect.Value, root, namespace string) []byte {
	b := make([]byte, 0, 1024+d.lists(v)*elementBytes)
	b = append(b, head...)
	b = append(b, '<')
	b = append(b, root...)
	if namespace != "" {
		b = append(b, ` xmlns="`+namespace+`"`...)
	}
	b = d.appendAttrs(b, v)
	b = append(b, '>')
	b = d.appendChildren(b, v)
	return append(b, "</"+root+">"...)
}

// elementBytes is about what an entry of a listing takes.
const elementBytes = 320

// lists is how many elements a document's lists have.
func (d *document) lists(v reflect.Value) (n int) {
	for i := range d.elements {
		if e := &d.elements[i]; e.repeated {
			n += v.FieldByIndex(e.index).Len()
		}
	}
	return n
}

func (d *document) appendAttrs(b []byte, v reflect.Value) []byte {
	for _, e := range d.attrs {
		b = append(b, ' ')
		b = append(b, e.name...)
		b = append(b, `="`...)
		b = appendScalar(b, v.FieldByIndex(e.index))
		b = append(b, '"')
	}
	return b
}

func (d *document) appendChildren(b []byte, v reflect.Value) []byte {
	if d.text != nil {
		b = appendScalar(b, v.FieldByIndex(d.text))
	}
	for i := range d.elements {
		e := &d.elements[i]
		f := v.FieldByIndex(e.index)
		if e.omitEmpty && f.IsZero() || f.Kind() == reflect.Pointer && f.IsNil() {
			continue
		}
		if e.wrap != "" {
			b = append(b, "<"+e.wrap+">"...)
		}
		if e.repeated {
			for j := range f.Len() {
				b = e.append(b, f.Index(j))
			}
		} else {
			b = e.append(b, f)
		}
		if e.wrap != "" {
			b = append(b, "</"+e.wrap+">"...)
		}
	}
	return b
}

func (e *element) append(b []byte, v reflect.Value) []byte {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if e.sub == nil {
		b = append(b, e.open...)
		b = appendScalar(b, v)
		return append(b, e.shut...)
	}
	if len(e.sub.attrs) > 0 {
		b = append(b, e.open[:len(e.open)-1]...)
		b = e.sub.appendAttrs(b, v)
		b = append(b, '>')
	} else {
		b = append(b, e.open...)
	}
	b = e.sub.appendChildren(b, v)
	return append(b, e.shut...)
}

// stamp is how times are written in documents.
const stamp = "2006-01-02T15:04:05.000Z"

func appendScalar(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		return appendText(b, v.String())
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Struct:
		return v.Interface().(time.Time).UTC().AppendFormat(b, stamp)
	}
	return strconv.AppendInt(b, v.Int(), 10)
}

// appendText escapes text. Control characters have no place in XML 1.0; they
// are written as the numbers that the real service writes, and clients that
// keep such keys ask for URL encoding.
func appendText(b []byte, s string) []byte {
	from := 0 // of what is written as it is
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		b = append(b, s[from:i]...)
		n := 1
		switch {
		case c >= utf8.RuneSelf:
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r) // U+FFFD for what is not UTF-8
		case c == '&':
			b = append(b, "&amp;"...)
		case c == '<':
			b = append(b, "&lt;"...)
		case c == '>':
			b = append(b, "&gt;"...)
		case c == '"':
			b = append(b, "&quot;"...)
		default:
			b = append(b, "&#x"+strings.ToUpper(strconv.FormatUint(uint64(c), 16))+";"...)
		}
		i += n
		from = i
	}
	return append(b, s[from:]...)
}

// plain says which bytes are written as they are.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '&' && c != '<' && c != '>' && c != '"'
	}
	return t
}()
