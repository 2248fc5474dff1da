package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/google/uuid"
)

// The two formats of values.
const (
	formatText   int16 = 0
	formatBinary int16 = 1
)

// appender appends the value of one row to b. It is bound to one column of one
// batch, so that the inner loop looks at no type.
type appender func(b []byte, row int) []byte

// style is how the session wants its values written.
type style struct {
	floatDigits int // extra_float_digits
}

// value is a column's appender with its nulls.
type value struct {
	append appender
	nulls  []byte // the validity bitmap; nil when no row is null
	offset int
	always bool // every row is null
}

func (v *value) isNull(row int) bool {
	return v.always || v.nulls != nil && !bitutil.BitIsSet(v.nulls, v.offset+row)
}

// bind prepares the column a, shown as k, for writing.
func bind(k *kind, a arrow.Array, format int16, st style) value {
	if d, ok := a.(*array.Dictionary); ok {
		return bindDictionary(k, d, format, st)
	}
	if e, ok := a.(array.ExtensionArray); ok {
		a = e.Storage()
	}
	v := value{offset: a.Data().Offset()}
	if a.NullN() > 0 {
		v.nulls = a.NullBitmapBytes()
	}
	if _, ok := a.(*array.Null); ok {
		v.always = true
		return v
	}
	switch {
	case k.oid == oidJSON && isNested(a):
		v.append = bindJSON(a, st)
	case k.elem != nil && format == formatBinary:
		v.append = bindArrayBinary(k, a.(array.ListLike), st)
	case k.elem != nil:
		v.append = bindArrayText(k, a.(array.ListLike), st)
	case format == formatBinary:
		v.append = bindBinary(k, a)
	default:
		v.append = bindText(k, a, st)
	}
	return v
}

func bindDictionary(k *kind, d *array.Dictionary, format int16, st style) value {
	words := bind(k, d.Dictionary(), format, st)
	v := value{offset: d.Data().Offset()}
	if d.NullN() > 0 {
		v.nulls = d.NullBitmapBytes()
	}
	v.append = func(b []byte, row int) []byte { return words.append(b, d.GetValueIndex(row)) }
	return v
}

// integers reads whole numbers of the rarer widths.
func integers(a arrow.Array) func(row int) int64 {
	switch a := a.(type) {
	case *array.Int8:
		v := a.Values()
		return func(i int) int64 { return int64(v[i]) }
	case *array.Uint8:
		v := a.Values()
		return func(i int) int64 { return int64(v[i]) }
	case *array.Int16:
		v := a.Values()
		return func(i int) int64 { return int64(v[i]) }
	case *array.Uint16:
		v := a.Values()
		return func(i int) int64 { return int64(v[i]) }
	case *array.Uint32:
		v := a.Values()
		return func(i int) int64 { return int64(v[i]) }
	}
	return nil
}

// stringsOf reads texts of any width.
func stringsOf(a arrow.Array) func(row int) string {
	switch a := a.(type) {
	case *array.String:
		return a.Value
	case *array.LargeString:
		return a.Value
	case *array.StringView:
		return a.Value
	}
	return nil
}

// blobs reads byte strings of any width.
func blobs(a arrow.Array) func(row int) []byte {
	switch a := a.(type) {
	case *array.Binary:
		return a.Value
	case *array.LargeBinary:
		return a.Value
	case *array.BinaryView:
		return a.Value
	case *array.FixedSizeBinary:
		return a.Value
	}
	return nil
}

// days reads dates as days since 1970.
func days(a arrow.Array) func(row int) int32 {
	switch a := a.(type) {
	case *array.Date32:
		v := a.Values()
		return func(i int) int32 { return int32(v[i]) }
	case *array.Date64:
		v := a.Values()
		return func(i int) int32 { d, _ := floor(int64(v[i]), 86_400_000); return int32(d) }
	}
	return nil
}

// micros reads times of day and timestamps of any unit as microseconds.
func micros(a arrow.Array) func(row int) int64 {
	switch a := a.(type) {
	case *array.Timestamp:
		v := a.Values()
		return scaled(a.DataType().(*arrow.TimestampType).Unit, func(i int) int64 { return int64(v[i]) })
	case *array.Time64:
		v := a.Values()
		return scaled(a.DataType().(*arrow.Time64Type).Unit, func(i int) int64 { return int64(v[i]) })
	case *array.Time32:
		v := a.Values()
		return scaled(a.DataType().(*arrow.Time32Type).Unit, func(i int) int64 { return int64(v[i]) })
	}
	return nil
}

func scaled(u arrow.TimeUnit, get func(int) int64) func(int) int64 {
	switch u {
	case arrow.Second:
		return func(i int) int64 { return get(i) * microsPerSecond }
	case arrow.Millisecond:
		return func(i int) int64 { return get(i) * 1000 }
	case arrow.Nanosecond:
		return func(i int) int64 { us, _ := floor(get(i), 1000); return us }
	}
	return get
}

func intervals(a arrow.Array) func(row int) interval {
	switch a := a.(type) {
	case *array.MonthInterval:
		return func(i int) interval { return interval{months: int32(a.Value(i))} }
	case *array.DayTimeInterval:
		return func(i int) interval {
			v := a.Value(i)
			return interval{days: v.Days, micros: int64(v.Milliseconds) * 1000}
		}
	case *array.MonthDayNanoInterval:
		return func(i int) interval {
			v := a.Value(i)
			return interval{months: v.Months, days: v.Days, micros: v.Nanoseconds / 1000}
		}
	case *array.Duration:
		v := a.Values()
		get := scaled(a.DataType().(*arrow.DurationType).Unit, func(i int) int64 { return int64(v[i]) })
		return func(i int) interval { return interval{micros: get(i)} }
	}
	return nil
}

// decimals reads decimals of up to 128 bits and their scale.
func decimals(a arrow.Array) (get func(row int) decimal128.Num, scale int) {
	switch a := a.(type) {
	case *array.Decimal128:
		v := a.Values()
		get = func(i int) decimal128.Num { return v[i] }
	case *array.Decimal64:
		v := a.Values()
		get = func(i int) decimal128.Num { return decimal128.FromI64(int64(v[i])) }
	case *array.Decimal32:
		v := a.Values()
		get = func(i int) decimal128.Num { return decimal128.FromI64(int64(v[i])) }
	case *array.Uint64:
		v := a.Values()
		return func(i int) decimal128.Num { return decimal128.FromU64(v[i]) }, 0
	default:
		return nil, 0
	}
	return get, int(a.DataType().(arrow.DecimalType).GetScale())
}

// bindText returns the text form of plain values.
func bindText(k *kind, a arrow.Array, st style) appender {
	switch a := a.(type) {
	case *array.Boolean:
		return func(b []byte, i int) []byte {
			if a.Value(i) {
				return append(b, 't')
			}
			return append(b, 'f')
		}
	case *array.Int32:
		v := a.Values()
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, int64(v[i]), 10) }
	case *array.Int64:
		v := a.Values()
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, v[i], 10) }
	case *array.Float32:
		v := a.Values()
		return func(b []byte, i int) []byte { return appendFloat(b, float64(v[i]), 32, st.floatDigits) }
	case *array.Float64:
		v := a.Values()
		return func(b []byte, i int) []byte { return appendFloat(b, v[i], 64, st.floatDigits) }
	case *array.String:
		return func(b []byte, i int) []byte { return append(b, a.Value(i)...) }
	case *array.Decimal256:
		scale := int(a.DataType().(arrow.DecimalType).GetScale())
		return func(b []byte, i int) []byte { return appendBig(b, a.Value(i).BigInt(), scale) }
	}
	if get := integers(a); get != nil {
		return func(b []byte, i int) []byte { return strconv.AppendInt(b, get(i), 10) }
	}
	if get := stringsOf(a); get != nil {
		return func(b []byte, i int) []byte { return append(b, get(i)...) }
	}
	if get := blobs(a); get != nil {
		return blobText(k, get)
	}
	if get, scale := decimals(a); get != nil {
		return func(b []byte, i int) []byte {
			negative, u := magnitude(get(i))
			return appendDecimal(b, negative, u, scale)
		}
	}
	return momentText(k, a)
}

func blobText(k *kind, get func(int) []byte) appender {
	if k.oid == oidUUID {
		return func(b []byte, i int) []byte { return append(b, uuid.UUID(get(i)).String()...) }
	}
	return func(b []byte, i int) []byte { return hex.AppendEncode(append(b, '\\', 'x'), get(i)) }
}

func momentText(k *kind, a arrow.Array) appender {
	if get := days(a); get != nil {
		return func(b []byte, i int) []byte { return appendDate(b, get(i)) }
	}
	if get := intervals(a); get != nil {
		return func(b []byte, i int) []byte { return appendInterval(b, get(i)) }
	}
	if get := micros(a); get != nil {
		switch k.oid {
		case oidTime:
			return func(b []byte, i int) []byte { return appendClock(b, get(i)) }
		default:
			zoned := k.oid == oidTimestampTZ
			return func(b []byte, i int) []byte { return appendTimestamp(b, get(i), zoned) }
		}
	}
	return func(b []byte, i int) []byte { return append(b, a.ValueStr(i)...) }
}

// bindBinary returns the binary form of plain values.
func bindBinary(k *kind, a arrow.Array) appender {
	switch a := a.(type) {
	case *array.Boolean:
		return func(b []byte, i int) []byte {
			if a.Value(i) {
				return append(b, 1)
			}
			return append(b, 0)
		}
	case *array.Int32:
		v := a.Values()
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint32(b, uint32(v[i])) }
	case *array.Int64:
		v := a.Values()
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint64(b, uint64(v[i])) }
	case *array.Float32:
		v := a.Values()
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint32(b, math.Float32bits(v[i])) }
	case *array.Float64:
		v := a.Values()
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint64(b, math.Float64bits(v[i])) }
	case *array.Decimal256:
		scale := int(a.DataType().(arrow.DecimalType).GetScale())
		return func(b []byte, i int) []byte { return appendBigNumeric(b, a.Value(i).BigInt(), scale) }
	}
	if get := integers(a); get != nil {
		return integerBinary(k.size, get)
	}
	if get := stringsOf(a); get != nil {
		return textBinary(k, get)
	}
	if get := blobs(a); get != nil {
		return func(b []byte, i int) []byte { return append(b, get(i)...) }
	}
	if get, scale := decimals(a); get != nil {
		return func(b []byte, i int) []byte {
			negative, u := magnitude(get(i))
			return appendNumeric(b, negative, u, scale)
		}
	}
	return momentBinary(k, a)
}

func integerBinary(size int16, get func(int) int64) appender {
	switch size {
	case 2:
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint16(b, uint16(get(i))) }
	case 4:
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint32(b, uint32(get(i))) }
	}
	return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint64(b, uint64(get(i))) }
}

// textBinary is the binary form of what Arrow carries as a string.
func textBinary(k *kind, get func(int) string) appender {
	if k.oid == oidUUID {
		return func(b []byte, i int) []byte {
			id, err := uuid.Parse(get(i))
			if err != nil { // the engine wrote it: it cannot be anything else
				id = uuid.Nil
			}
			return append(b, id[:]...)
		}
	}
	return func(b []byte, i int) []byte { return append(b, get(i)...) }
}

func momentBinary(k *kind, a arrow.Array) appender {
	if get := days(a); get != nil {
		return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint32(b, uint32(dayOf2000(get(i)))) }
	}
	if get := intervals(a); get != nil {
		return func(b []byte, i int) []byte {
			v := get(i)
			b = binary.BigEndian.AppendUint64(b, uint64(v.micros))
			b = binary.BigEndian.AppendUint32(b, uint32(v.days))
			return binary.BigEndian.AppendUint32(b, uint32(v.months))
		}
	}
	if get := micros(a); get != nil {
		if k.oid == oidTime {
			return func(b []byte, i int) []byte { return binary.BigEndian.AppendUint64(b, uint64(get(i))) }
		}
		return func(b []byte, i int) []byte {
			return binary.BigEndian.AppendUint64(b, uint64(microOf2000(get(i))))
		}
	}
	return func(b []byte, i int) []byte { return append(b, a.ValueStr(i)...) }
}

// dayOf2000 moves a day to PostgreSQL's epoch and its infinities.
func dayOf2000(d int32) int32 {
	switch d {
	case infiniteDay:
		return math.MaxInt32
	case -infiniteDay:
		return math.MinInt32
	}
	return d - epochDays
}

func microOf2000(us int64) int64 {
	switch us {
	case infiniteMicros:
		return math.MaxInt64
	case -infiniteMicros:
		return math.MinInt64
	}
	return us - epochMicros
}
