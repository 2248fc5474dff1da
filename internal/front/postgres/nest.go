package postgres

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

func isNested(a arrow.Array) bool { return arrow.IsNested(a.DataType().ID()) }

// bindArrayText returns PostgreSQL's text form of arrays: {1,2,NULL,"a b"}.
func bindArrayText(k *kind, a array.ListLike, st style) appender {
	e := bind(k.elem, a.ListValues(), formatText, st)
	return func(b []byte, row int) []byte {
		b = append(b, '{')
		from, to := a.ValueOffsets(row)
		for i := int(from); i < int(to); i++ {
			if i > int(from) {
				b = append(b, ',')
			}
			if e.isNull(i) {
				b = append(b, "NULL"...)
				continue
			}
			start := len(b)
			b = quoteElement(e.append(b, i), start)
		}
		return append(b, '}')
	}
}

// quoteElement puts b[start:] into quotes where an array's text needs them.
func quoteElement(b []byte, start int) []byte {
	text := string(b[start:])
	if text != "" && !strings.ContainsAny(text, "{},\"\\ \t\n\r\v\f") && !strings.EqualFold(text, "null") {
		return b
	}
	b = append(b[:start], '"')
	for i := range len(text) {
		if c := text[i]; c == '"' || c == '\\' {
			b = append(b, '\\')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}

// bindArrayBinary returns the binary form of arrays of one dimension.
func bindArrayBinary(k *kind, a array.ListLike, st style) appender {
	e := bind(k.elem, a.ListValues(), formatBinary, st)
	return func(b []byte, row int) []byte {
		from, to := a.ValueOffsets(row)
		if from == to {
			b = binary.BigEndian.AppendUint32(b, 0) // an empty array has no dimension
			b = binary.BigEndian.AppendUint32(b, 0)
			return binary.BigEndian.AppendUint32(b, k.elem.oid)
		}
		nulls := uint32(0)
		for i := int(from); i < int(to) && nulls == 0; i++ {
			if e.isNull(i) {
				nulls = 1
			}
		}
		for _, v := range []uint32{1, nulls, k.elem.oid, uint32(to - from), 1} {
			b = binary.BigEndian.AppendUint32(b, v)
		}
		for i := int(from); i < int(to); i++ {
			b = appendField(b, &e, i)
		}
		return b
	}
}

// appendField writes a value with its length before it, -1 for null.
func appendField(b []byte, v *value, row int) []byte {
	if v.isNull(row) {
		return append(b, 0xff, 0xff, 0xff, 0xff)
	}
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	b = v.append(b, row)
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b
}

// bindJSON returns a column as JSON text: numbers and booleans as they are,
// bytes in base 64, everything else as strings.
func bindJSON(a arrow.Array, st style) appender {
	switch a := a.(type) {
	case *array.Struct:
		return jsonStruct(a, st)
	case *array.Map:
		return jsonMap(a, st)
	case array.ListLike:
		return jsonList(a, st)
	}
	k := kindOfArrow("", a.DataType())
	v := bind(&k, a, formatText, style{floatDigits: 1})
	switch k.oid {
	case oidBool:
		return orNull(v, func(b []byte, row int) []byte {
			if a.(*array.Boolean).Value(row) {
				return append(b, "true"...)
			}
			return append(b, "false"...)
		})
	case oidInt2, oidInt4, oidInt8, oidNumeric:
		return orNull(v, v.append)
	case oidFloat4, oidFloat8:
		return orNull(v, func(b []byte, row int) []byte {
			start := len(b)
			if b = v.append(b, row); strings.ContainsAny(string(b[start:]), "NI") { // NaN, Infinity
				return quoteJSON(b, start)
			}
			return b
		})
	case oidBytea:
		if get := blobs(a); get != nil {
			return orNull(v, func(b []byte, row int) []byte {
				return append(base64.StdEncoding.AppendEncode(append(b, '"'), get(row)), '"')
			})
		}
	}
	return orNull(v, func(b []byte, row int) []byte {
		start := len(b)
		return quoteJSON(v.append(b, row), start)
	})
}

func orNull(v value, write appender) appender {
	return func(b []byte, row int) []byte {
		if v.isNull(row) {
			return append(b, "null"...)
		}
		return write(b, row)
	}
}

func quoteJSON(b []byte, start int) []byte {
	text, _ := json.Marshal(string(b[start:])) // a string cannot fail
	return append(b[:start], text...)
}

func nullable(a arrow.Array, write appender) appender {
	return func(b []byte, row int) []byte {
		if a.IsNull(row) {
			return append(b, "null"...)
		}
		return write(b, row)
	}
}

func jsonStruct(a *array.Struct, st style) appender {
	t := a.DataType().(*arrow.StructType)
	names, fields := make([]string, a.NumField()), make([]appender, a.NumField())
	for i := range fields {
		name, _ := json.Marshal(t.Field(i).Name)
		names[i], fields[i] = string(name)+":", bindJSON(a.Field(i), st)
	}
	return nullable(a, func(b []byte, row int) []byte {
		b = append(b, '{')
		for i, f := range fields {
			if i > 0 {
				b = append(b, ',')
			}
			b = f(append(b, names[i]...), row)
		}
		return append(b, '}')
	})
}

func jsonList(a array.ListLike, st style) appender {
	e := bindJSON(a.ListValues(), st)
	return nullable(a, func(b []byte, row int) []byte {
		b = append(b, '[')
		from, to := a.ValueOffsets(row)
		for i := from; i < to; i++ {
			if i > from {
				b = append(b, ',')
			}
			b = e(b, int(i))
		}
		return append(b, ']')
	})
}

// jsonMap writes a map as an object; its keys are written as text.
func jsonMap(a *array.Map, st style) appender {
	k := kindOfArrow("", a.Keys().DataType())
	keys, items := bind(&k, a.Keys(), formatText, st), bindJSON(a.Items(), st)
	return nullable(a, func(b []byte, row int) []byte {
		b = append(b, '{')
		from, to := a.ValueOffsets(row)
		for i := from; i < to; i++ {
			if i > from {
				b = append(b, ',')
			}
			start := len(b)
			b = append(quoteJSON(keys.append(b, int(i)), start), ':')
			b = items(b, int(i))
		}
		return append(b, '}')
	})
}
