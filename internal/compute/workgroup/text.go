package workgroup

import (
	"bytes"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/google/uuid"
)

// shape says how the values of a column are written where the Arrow type
// leaves a choice.
type shape struct {
	digits int  // of a second's fraction
	months bool // an interval of years and months, not of days and seconds
}

// shapeOf reads the type name: "timestamp(6) with time zone" has six digits,
// and three where the name gives none.
func shapeOf(typ string) shape {
	s := shape{digits: 3, months: strings.HasPrefix(typ, "interval year")}
	if strings.HasPrefix(typ, "time") {
		if _, rest, ok := strings.Cut(typ, "("); ok {
			if n, err := strconv.Atoi(rest[:max(0, strings.IndexByte(rest, ')'))]); err == nil && n >= 0 && n <= 12 {
				s.digits = n
			}
		}
	}
	return s
}

// appendValue writes the value at i, which is not null, as the result files
// and pages show it: numbers as Java prints them, nested values without quotes.
func appendValue(b []byte, arr arrow.Array, i int, s shape) []byte {
	switch a := arr.(type) {
	case *array.Boolean:
		return strconv.AppendBool(b, a.Value(i))
	case *array.Int8:
		return strconv.AppendInt(b, int64(a.Value(i)), 10)
	case *array.Int16:
		return strconv.AppendInt(b, int64(a.Value(i)), 10)
	case *array.Int32:
		return strconv.AppendInt(b, int64(a.Value(i)), 10)
	case *array.Int64:
		return strconv.AppendInt(b, a.Value(i), 10)
	case *array.Float32:
		return appendFloat(b, float64(a.Value(i)), 32)
	case *array.Float64:
		return appendFloat(b, a.Value(i), 64)
	case *array.Decimal128:
		return append(b, a.Value(i).ToString(a.DataType().(*arrow.Decimal128Type).Scale)...)
	case *array.String:
		return append(b, a.Value(i)...)
	case *array.LargeString:
		return append(b, a.Value(i)...)
	case *array.StringView:
		return append(b, a.Value(i)...)
	case *array.Date32:
		return appendDate(b, time.Unix(int64(a.Value(i))*86400, 0).UTC())
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		b = appendTimestamp(b, a.Value(i).ToTime(t.Unit), s.digits)
		if t.TimeZone != "" {
			b = append(b, " UTC"...)
		}
		return b
	default:
		return appendRare(b, arr, i, s)
	}
}

// appendRare is appendValue for the types that few columns have.
func appendRare(b []byte, arr arrow.Array, i int, s shape) []byte {
	switch a := arr.(type) {
	case *array.Binary:
		return appendBytes(b, a.Value(i))
	case *array.LargeBinary:
		return appendBytes(b, a.Value(i))
	case *array.BinaryView:
		return appendBytes(b, a.Value(i))
	case *array.FixedSizeBinary:
		if v := a.Value(i); len(v) == 16 {
			return append(b, uuid.UUID(v).String()...)
		}
		return appendBytes(b, a.Value(i))
	case *array.Time64:
		t := a.DataType().(*arrow.Time64Type)
		return appendClock(b, a.Value(i).ToTime(t.Unit), s.digits)
	case *array.Time32:
		t := a.DataType().(*arrow.Time32Type)
		return appendClock(b, a.Value(i).ToTime(t.Unit), s.digits)
	case *array.MonthDayNanoInterval:
		return appendInterval(b, a.Value(i), s.months)
	case *array.Map: // before List: a map is stored as a list
		return appendMap(b, a, i)
	case array.ListLike:
		from, to := a.ValueOffsets(i)
		b = append(b, '[')
		for j := from; j < to; j++ {
			b = appendItem(b, "", a.ListValues(), int(j), j > from)
		}
		return append(b, ']')
	case *array.Struct:
		t := a.DataType().(*arrow.StructType)
		b = append(b, '{')
		for j := range a.NumField() {
			b = appendItem(b, t.Field(j).Name, a.Field(j), i, j > 0)
		}
		return append(b, '}')
	case array.ExtensionArray:
		return appendValue(b, a.Storage(), i, s)
	default: // unsigned integers, wide decimals, dictionaries
		return append(b, arr.ValueStr(i)...)
	}
}

// appendItem writes an element of a list, or a field of a row with its name.
func appendItem(b []byte, name string, arr arrow.Array, i int, more bool) []byte {
	if more {
		b = append(b, ", "...)
	}
	if name != "" {
		b = append(append(b, name...), '=')
	}
	if arr.IsNull(i) {
		return append(b, "null"...)
	}
	return appendValue(b, arr, i, shape{digits: 3})
}

func appendMap(b []byte, a *array.Map, i int) []byte {
	from, to := a.ValueOffsets(i)
	b = append(b, '{')
	for j := int(from); j < int(to); j++ {
		b = appendItem(b, "", a.Keys(), j, j > int(from))
		b = append(b, '=')
		b = appendItem(b, "", a.Items(), j, false)
	}
	return append(b, '}')
}

// appendFloat prints as Java's Double.toString and Float.toString do: the
// shortest digits that read back the same, always with a point, in scientific
// form outside [0.001, 10000000).
func appendFloat(b []byte, f float64, bits int) []byte {
	switch abs := math.Abs(f); {
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 0):
		if f < 0 {
			b = append(b, '-')
		}
		return append(b, "Infinity"...)
	case abs == 0 || abs >= 1e-3 && abs < 1e7:
		n := len(b)
		b = strconv.AppendFloat(b, f, 'f', -1, bits)
		if bytes.IndexByte(b[n:], '.') < 0 {
			b = append(b, ".0"...)
		}
		return b
	}
	var buf [32]byte
	mantissa, exponent, _ := bytes.Cut(strconv.AppendFloat(buf[:0], f, 'E', -1, bits), []byte("E"))
	b = append(b, mantissa...)
	if bytes.IndexByte(mantissa, '.') < 0 {
		b = append(b, ".0"...)
	}
	b = append(b, 'E')
	if exponent[0] == '-' {
		b = append(b, '-')
	}
	return append(b, bytes.TrimLeft(exponent[1:], "0")...)
}

// appendBytes writes pairs of hexadecimal digits with spaces between.
func appendBytes(b, v []byte) []byte {
	for i := range v {
		if i > 0 {
			b = append(b, ' ')
		}
		b = hex.AppendEncode(b, v[i:i+1])
	}
	return b
}

// appendDate writes an ISO 8601 date; years beyond four digits have a sign.
func appendDate(b []byte, t time.Time) []byte {
	if y := t.Year(); y < 0 || y > 9999 {
		b = append(b, "+-"[btoi(y < 0)])
		if y < 0 {
			y = -y
		}
		b = append(b, strings.Repeat("0", max(0, 4-len(strconv.Itoa(y))))...)
		b = strconv.AppendInt(b, int64(y), 10)
		return t.AppendFormat(b, "-01-02")
	}
	return t.AppendFormat(b, "2006-01-02")
}

func btoi(v bool) int {
	if v {
		return 1
	}
	return 0
}

func appendTimestamp(b []byte, t time.Time, digits int) []byte {
	t = t.UTC()
	return appendClock(append(appendDate(b, t), ' '), t, digits)
}

func appendClock(b []byte, t time.Time, digits int) []byte {
	b = t.AppendFormat(b, "15:04:05")
	if digits == 0 {
		return b
	}
	var buf [16]byte
	nanos := strconv.AppendInt(buf[:0], int64(t.Nanosecond())+1e9, 10)[1:]
	for len(nanos) < digits {
		nanos = append(nanos, '0')
	}
	return append(append(b, '.'), nanos[:digits]...)
}

// appendInterval writes "1-6" for a year and a half, "2 03:04:05.678" for days.
func appendInterval(b []byte, v arrow.MonthDayNanoInterval, months bool) []byte {
	if months {
		n := int64(v.Months)
		if n < 0 {
			b, n = append(b, '-'), -n
		}
		b = strconv.AppendInt(b, n/12, 10)
		return strconv.AppendInt(append(b, '-'), n%12, 10)
	}
	ms := int64(v.Days)*86_400_000 + int64(v.Months)*30*86_400_000 + v.Nanoseconds/1e6
	if ms < 0 {
		b, ms = append(b, '-'), -ms
	}
	b = append(strconv.AppendInt(b, ms/86_400_000, 10), ' ')
	return appendClock(b, time.UnixMilli(ms%86_400_000).UTC(), 3)
}
