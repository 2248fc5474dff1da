package awsjson

import (
	"encoding/base64"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"time"
)

// assign reads the next value into v.
type assign func(d *decoder, v reflect.Value) error

// structDecoder is how one type of struct is read.
type structDecoder struct {
	fields map[string]fieldDecoder // by wire name
}

type fieldDecoder struct {
	index int
	name  string
	read  assign // nil for what cannot be read: a union or document that the codec was not told of
}

func (c *Codec) structDecoder(t reflect.Type) *structDecoder {
	if s, ok := c.decoders.Load(t); ok {
		return s.(*structDecoder)
	}
	s := &structDecoder{fields: map[string]fieldDecoder{}}
	for _, m := range members(t, c.cfg.LowerCamel) {
		s.fields[m.name] = fieldDecoder{m.index, m.name, c.assigner(m.typ)}
	}
	c.decoders.Store(t, s)
	return s
}

func (s *structDecoder) decode(d *decoder, v reflect.Value) error {
	if d.peek() != '{' {
		return d.mismatch("a Structure")
	}
	return d.object(func(name []byte) error {
		f, known := s.fields[string(name)]
		if !known || f.read == nil {
			return d.surplus(string(name))
		}
		d.path = append(d.path, step{name: f.name})
		if err := f.read(d, v.Field(f.index)); err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
		return nil
	})
}

// surplus takes a member that is not known; null is as good as left out.
func (d *decoder) surplus(name string) error {
	if null, err := d.null(); null || err != nil {
		return err
	}
	d.path = append(d.path, step{name: name})
	d.unknown = append(d.unknown, d.where())
	d.path = d.path[:len(d.path)-1]
	return d.skip()
}

// assigner makes the reader of a type; null leaves a value as it is.
func (c *Codec) assigner(t reflect.Type) assign {
	read := c.reader(t)
	if read == nil {
		return nil
	}
	return func(d *decoder, v reflect.Value) error {
		if null, err := d.null(); null || err != nil {
			return err
		}
		return read(d, v)
	}
}

func (c *Codec) reader(t reflect.Type) assign {
	switch t {
	case timeType:
		return readTime
	case bytesType:
		return readBlob
	}
	switch t.Kind() {
	case reflect.String:
		return readString
	case reflect.Bool:
		return readBool
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return readInt
	case reflect.Float32, reflect.Float64:
		return readFloat
	case reflect.Pointer:
		return c.readPointer(t)
	case reflect.Slice:
		return c.readList(t)
	case reflect.Map:
		return c.readMap(t)
	case reflect.Struct:
		// Looked up when used, because types may contain themselves.
		return func(d *decoder, v reflect.Value) error { return c.structDecoder(t).decode(d, v) }
	case reflect.Interface:
		if u, ok := c.unions[t]; ok {
			return c.readUnion(u)
		}
	}
	return nil
}

func (c *Codec) readPointer(t reflect.Type) assign {
	read := c.reader(t.Elem())
	if read == nil {
		return nil
	}
	return func(d *decoder, v reflect.Value) error {
		p := reflect.New(t.Elem())
		v.Set(p)
		return read(d, p.Elem())
	}
}

func (c *Codec) readList(t reflect.Type) assign {
	read := c.reader(t.Elem())
	if read == nil {
		return nil
	}
	return func(d *decoder, v reflect.Value) error {
		if d.peek() != '[' {
			return d.mismatch("a List")
		}
		list := reflect.New(t).Elem()
		list.Set(reflect.MakeSlice(t, 0, 0)) // an empty list is not an absent one
		d.path = append(d.path, step{})
		err := d.list(func(i int) error {
			d.path[len(d.path)-1].index = i
			if i == list.Cap() {
				list.Grow(max(4, i))
			}
			list.SetLen(i + 1)
			return read(d, list.Index(i))
		})
		if err != nil {
			return err
		}
		d.path = d.path[:len(d.path)-1]
		v.Set(list)
		return nil
	}
}

func (c *Codec) readMap(t reflect.Type) assign {
	read := c.reader(t.Elem())
	if read == nil {
		return nil
	}
	return func(d *decoder, v reflect.Value) error {
		if d.peek() != '{' {
			return d.mismatch("a Map")
		}
		m := reflect.MakeMap(t)
		d.path = append(d.path, step{})
		at := len(d.path) - 1
		err := d.object(func(name []byte) error {
			key := string(name)
			d.path[at].name = key
			if null, err := d.null(); null || err != nil {
				return err
			}
			value := reflect.New(t.Elem()).Elem()
			if err := read(d, value); err != nil {
				return err
			}
			m.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), value)
			return nil
		})
		if err != nil {
			return err
		}
		d.path = d.path[:at]
		v.Set(m)
		return nil
	}
}

func (c *Codec) readUnion(u Union) assign {
	return func(d *decoder, v reflect.Value) error {
		if d.peek() != '{' {
			return d.mismatch("a Union")
		}
		return d.object(func(name []byte) error {
			variant := u.variants[string(name)]
			if variant == nil {
				return d.surplus(string(name))
			}
			if null, err := d.null(); null || err != nil {
				return err
			}
			if !v.IsNil() {
				return d.bad("a union takes exactly one member")
			}
			p := reflect.New(variant)
			value := p.Elem().FieldByName("Value")
			read := c.reader(value.Type())
			if read == nil {
				return d.surplus(string(name))
			}
			d.path = append(d.path, step{name: string(name)})
			if err := read(d, value); err != nil {
				return err
			}
			d.path = d.path[:len(d.path)-1]
			v.Set(p)
			return nil
		})
	}
}

func readString(d *decoder, v reflect.Value) error {
	if d.peek() != '"' {
		return d.mismatch("a String")
	}
	b, err := d.text()
	if err == nil {
		v.SetString(string(b))
	}
	return err
}

func readBool(d *decoder, v reflect.Value) error {
	switch d.peek() {
	case 't':
		v.SetBool(true)
		return d.word("true")
	case 'f':
		v.SetBool(false)
		return d.word("false")
	}
	return d.mismatch("a Boolean")
}

func readInt(d *decoder, v reflect.Value) error {
	want := map[reflect.Kind]string{reflect.Int64: "a Long", reflect.Int32: "an Integer", reflect.Int16: "a Short", reflect.Int8: "a Byte"}
	if c := d.peek(); c != '-' && (c < '0' || c > '9') {
		return d.mismatch(want[v.Kind()])
	}
	b, err := d.number()
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil { // some clients write 5.0 or 5e3
		f, _ := strconv.ParseFloat(string(b), 64)
		if f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return d.bad(string(b) + " can not be converted to " + want[v.Kind()])
		}
		n = int64(f)
	}
	if v.OverflowInt(n) {
		return d.bad(string(b) + " is too large for " + want[v.Kind()])
	}
	v.SetInt(n)
	return nil
}

// floats are the numbers that JSON has no form for.
var floats = map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}

func readFloat(d *decoder, v reflect.Value) error {
	switch c := d.peek(); {
	case c == '"':
		b, err := d.text()
		if err != nil {
			return err
		}
		f, ok := floats[string(b)]
		if !ok {
			return d.bad(`a string can only be "NaN", "Infinity" or "-Infinity" here`)
		}
		v.SetFloat(f)
		return nil
	case c == '-' || '0' <= c && c <= '9':
		b, err := d.number()
		if err != nil {
			return err
		}
		f, err := strconv.ParseFloat(string(b), v.Type().Bits())
		if err != nil {
			return d.bad(string(b) + " is too large")
		}
		v.SetFloat(f)
		return nil
	}
	return d.mismatch("a Double")
}

func readBlob(d *decoder, v reflect.Value) error {
	if d.peek() != '"' {
		return d.mismatch("a Blob")
	}
	b, err := d.text()
	if err != nil {
		return err
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	n, err := base64.StdEncoding.Decode(out, b)
	if err != nil {
		return d.bad("it is not base64")
	}
	v.SetBytes(out[:n])
	return nil
}

// The years 1 to 9999, which other forms can write too.
const secondsMin, secondsMax = -62135596800, 253402300799

// readTime takes seconds since 1970 with up to nine digits of a second, an
// RFC 3339 text, or an HTTP date, whatever the member says it writes.
func readTime(d *decoder, v reflect.Value) error {
	switch c := d.peek(); {
	case c == '"':
		b, err := d.text()
		if err != nil {
			return err
		}
		t, err := time.Parse(time.RFC3339Nano, string(b))
		if err != nil {
			if t, err = http.ParseTime(string(b)); err != nil {
				return d.bad("it is not a Timestamp: give seconds since 1970 or 2006-01-02T15:04:05Z")
			}
		}
		v.Set(reflect.ValueOf(t.UTC()))
		return nil
	case c == '-' || '0' <= c && c <= '9':
		b, err := d.number()
		if err != nil {
			return err
		}
		f, err := strconv.ParseFloat(string(b), 64)
		if err != nil || f < secondsMin || f > secondsMax {
			return d.bad("the Timestamp is not within the years 1 to 9999")
		}
		sec, frac := math.Modf(f)
		// A double has microseconds at this size, and no more.
		v.Set(reflect.ValueOf(time.Unix(int64(sec), int64(math.Round(frac*1e6))*1000).UTC()))
		return nil
	}
	return d.mismatch("a Timestamp")
}
