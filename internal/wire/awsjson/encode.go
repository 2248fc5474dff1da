package awsjson

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/smithy-go"
)

// appender writes a value that is there.
type appender func(b []byte, v reflect.Value) []byte

// structEncoder is how one type of struct is written.
type structEncoder struct{ fields []fieldEncoder }

type fieldEncoder struct {
	index  int
	key    string // `"Name":`
	absent func(reflect.Value) bool
	write  appender
}

func (c *Codec) structEncoder(t reflect.Type) *structEncoder {
	if s, ok := c.encoders.Load(t); ok {
		return s.(*structEncoder)
	}
	s := &structEncoder{}
	for _, m := range members(t, c.cfg.LowerCamel) {
		s.fields = append(s.fields, fieldEncoder{m.index, string(appendString(nil, m.name)) + ":", absent(m.typ), c.appender(m.typ, m.schema)})
	}
	c.encoders.Store(t, s)
	return s
}

// absent tells which values of a type are left out: what is nil, and an empty
// name of an enumeration. Numbers and booleans that are no pointers have a
// default and are always written.
func absent(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return reflect.Value.IsNil
	case reflect.String:
		return reflect.Value.IsZero
	}
	return func(reflect.Value) bool { return false }
}

func (s *structEncoder) encode(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	start := len(b)
	for i := range s.fields {
		f := &s.fields[i]
		x := v.Field(f.index)
		if f.absent(x) {
			continue
		}
		if len(b) > start {
			b = append(b, ',')
		}
		b = append(b, f.key...)
		b = f.write(b, x)
	}
	return append(b, '}')
}

func (c *Codec) appender(t reflect.Type, s *smithy.Schema) appender {
	switch t {
	case timeType:
		format := timeFormatOf(s)
		return func(b []byte, v reflect.Value) []byte { return appendTime(b, v.Interface().(time.Time), format) }
	case bytesType:
		return func(b []byte, v reflect.Value) []byte {
			b = append(b, '"')
			b = base64.StdEncoding.AppendEncode(b, v.Bytes())
			return append(b, '"')
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) }
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendBool(b, v.Bool()) }
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) []byte { return strconv.AppendInt(b, v.Int(), 10) }
	case reflect.Float32, reflect.Float64:
		bits := t.Bits()
		return func(b []byte, v reflect.Value) []byte { return appendFloat(b, v.Float(), bits) }
	case reflect.Pointer:
		write := c.appender(t.Elem(), s)
		return func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(b, "null"...)
			}
			return write(b, v.Elem())
		}
	case reflect.Slice:
		return appendList(c.appender(t.Elem(), listMember(s)))
	case reflect.Map:
		return appendMap(c.appender(t.Elem(), mapValue(s)))
	case reflect.Struct:
		// Looked up when used, because types may contain themselves.
		return func(b []byte, v reflect.Value) []byte { return c.structEncoder(t).encode(b, v) }
	case reflect.Interface:
		return c.appendUnion(t, s)
	}
	// The SDK's types have no others; a handler cannot make one.
	return func([]byte, reflect.Value) []byte { panic(fmt.Sprintf("awsjson: %s has no JSON form", t)) }
}

func appendList(write appender) appender {
	return func(b []byte, v reflect.Value) []byte {
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = write(b, v.Index(i))
		}
		return append(b, ']')
	}
}

// appendMap writes a map in the order of its keys, so that equal answers are
// equal bytes.
func appendMap(write appender) appender {
	return func(b []byte, v reflect.Value) []byte {
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		b = append(b, '{')
		for i, k := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendString(b, k.String()), ':')
			b = write(b, v.MapIndex(k))
		}
		return append(b, '}')
	}
}

// appendUnion writes a union: an object whose one member names the variant.
func (c *Codec) appendUnion(t reflect.Type, s *smithy.Schema) appender {
	return func(b []byte, v reflect.Value) []byte {
		variant := v.Elem().Elem()
		value := variant.FieldByName("Value")
		if !value.IsValid() {
			panic(fmt.Sprintf("awsjson: %s is no union and has no JSON form", variant.Type()))
		}
		name, schema := variantName(t, variant.Type()), (*smithy.Schema)(nil)
		if s != nil {
			for n, m := range s.Members() {
				if strings.EqualFold(n, name) {
					name, schema = n, m
				}
			}
		}
		b = append(appendString(append(b, '{'), name), ':')
		return append(c.appender(value.Type(), schema)(b, value), '}')
	}
}

func appendFloat(b []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(b, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(b, `"-Infinity"`...)
	}
	return strconv.AppendFloat(b, f, 'g', -1, bits)
}

// appendTime writes a time in milliseconds, as the services do.
func appendTime(b []byte, t time.Time, format timeFormat) []byte {
	switch format {
	case dateTime:
		return appendString(b, t.UTC().Format("2006-01-02T15:04:05.999Z"))
	case httpDate:
		return appendString(b, t.UTC().Format(http.TimeFormat))
	}
	return strconv.AppendFloat(b, float64(t.UnixMilli())/1000, 'f', -1, 64)
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string; bytes that are not UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(b, s[start:]...), '"')
}
