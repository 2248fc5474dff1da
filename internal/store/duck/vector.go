package duck

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/memory"
	dk "github.com/duckdb/duckdb-go-bindings"
)

// The engine's vectors are copied into Arrow arrays in Go memory. The engine
// can export Arrow itself, but then every batch holds C memory that lives until
// someone releases it, types come as the engine likes them, and the bindings
// want a build tag. Copying costs about as much: most columns are one memmove.

// batch copies a chunk.
func (r *Result) batch(chunk dk.DataChunk) (arrow.RecordBatch, error) {
	n := int(dk.DataChunkGetSize(chunk))
	cols := make([]arrow.Array, len(r.to))
	for i := range r.to {
		v := source{vec: dk.DataChunkGetVector(chunk, dk.IdxT(i)), from: &r.from[i], to: &r.to[i], n: n}
		data, err := v.data()
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", r.schema.Field(i).Name, err)
		}
		cols[i] = array.MakeFromData(data)
	}
	return array.NewRecordBatch(r.schema, cols, int64(n)), nil
}

// source is n values of a vector: the first n, or those that pick names.
type source struct {
	vec      dk.Vector
	from, to *Type
	n        int
	pick     []uint32
}

func (s *source) at(i int) int {
	if s.pick != nil {
		return int(s.pick[i])
	}
	return i
}

func outOfRange(format string, args ...any) error {
	return &Error{Class: OutOfRange, Position: -1, Message: fmt.Sprintf(format, args...)}
}

// data builds the Arrow array of the values.
func (s *source) data() (arrow.ArrayData, error) {
	base := dk.VectorGetData(s.vec)
	valid := s.validity()
	one := func(values []byte) arrow.ArrayData {
		return array.NewData(s.to.Arrow(), s.n, buffers(valid, values), nil, s.nulls(valid), 0)
	}
	switch s.from.Kind {
	case "LIST", "ARRAY", "MAP":
		return s.list(base, valid)
	case "STRUCT":
		return s.fields(valid)
	case "VARCHAR", "JSON", "BLOB":
		offsets, bytes, err := s.strings(base, valid)
		if err != nil {
			return nil, err
		}
		return array.NewData(s.to.Arrow(), s.n, append(buffers(valid, offsets), memory.NewBufferBytes(bytes)), nil, s.nulls(valid), 0), nil
	case "UUID", "ENUM", "TIMETZ":
		offsets, bytes := s.texts(base, valid)
		return array.NewData(s.to.Arrow(), s.n, append(buffers(valid, offsets), memory.NewBufferBytes(bytes)), nil, s.nulls(valid), 0), nil
	case "NULL":
		none := make([]byte, bitutil.BytesForBits(int64(s.n)))
		return array.NewData(s.to.Arrow(), s.n, append(buffers(none, make([]byte, 4*(s.n+1))), memory.NewBufferBytes(nil)), nil, s.n, 0), nil
	case "BOOLEAN":
		bits := make([]byte, bitutil.BytesForBits(int64(s.n)))
		for i := range s.n {
			if *(*byte)(unsafe.Add(base, s.at(i))) != 0 {
				bits[i>>3] |= 1 << (i & 7)
			}
		}
		return one(bits), nil
	case "DECIMAL":
		return one(s.decimals(base)), nil
	case "INTERVAL":
		return one(s.intervals(base)), nil
	}
	if s.from.Kind != s.to.Kind || scaled[s.from.Kind].mul != 0 || s.from.Kind == "HUGEINT" || s.from.Kind == "UHUGEINT" {
		values, err := s.convert(base, valid)
		if err != nil {
			return nil, err
		}
		return one(values), nil
	}
	width := widths[s.from.Kind]
	if width == 0 {
		return nil, &Error{Class: NotImplemented, Position: -1, Message: "values of the type " + s.from.Kind + " cannot be carried: cast them"}
	}
	return one(s.fixed(base, width)), nil
}

func buffers(valid, values []byte) []*memory.Buffer {
	var v *memory.Buffer
	if valid != nil {
		v = memory.NewBufferBytes(valid)
	}
	return []*memory.Buffer{v, memory.NewBufferBytes(values)}
}

// validity returns the bitmap of values that are not null; nil for all.
func (s *source) validity() []byte {
	mask := dk.VectorGetValidity(s.vec)
	if mask == nil {
		return nil
	}
	out := make([]byte, bitutil.BytesForBits(int64(s.n)))
	bits := unsafe.Slice((*byte)(mask), len(out))
	if s.pick == nil {
		copy(out, bits) // 64-bit words, little-endian: the same layout
		return out
	}
	words := (*byte)(mask)
	for i, p := range s.pick {
		if *(*byte)(unsafe.Add(unsafe.Pointer(words), p>>3))>>(p&7)&1 != 0 {
			out[i>>3] |= 1 << (i & 7)
		}
	}
	return out
}

// nulls counts them.
func (s *source) nulls(valid []byte) int {
	if valid == nil {
		return 0
	}
	return s.n - bitutil.CountSetBits(valid, 0, s.n)
}

func isNull(valid []byte, i int) bool { return valid != nil && valid[i>>3]>>(i&7)&1 == 0 }

// widths are the bytes of values that Arrow lays out as the engine does.
var widths = map[string]int{
	"TINYINT": 1, "SMALLINT": 2, "INTEGER": 4, "BIGINT": 8, "UTINYINT": 1, "USMALLINT": 2, "UINTEGER": 4, "UBIGINT": 8,
	"FLOAT": 4, "DOUBLE": 8, "DATE": 4, "TIME": 8, "TIMESTAMP": 8, "TIMESTAMPTZ": 8, "TIMESTAMP_S": 8, "TIMESTAMP_MS": 8,
	"TIMESTAMP_NS": 8, "HUGEINT": 16, "UHUGEINT": 16,
}

func (s *source) fixed(base unsafe.Pointer, width int) []byte {
	out := make([]byte, s.n*width)
	if s.pick == nil {
		copy(out, unsafe.Slice((*byte)(base), len(out)))
		return out
	}
	for i, p := range s.pick {
		copy(out[i*width:(i+1)*width], unsafe.Slice((*byte)(unsafe.Add(base, int(p)*width)), width))
	}
	return out
}

// stringAt reads the engine's 16-byte string: up to 12 bytes are in place.
func stringAt(base unsafe.Pointer, i int) []byte {
	p := unsafe.Add(base, i*16)
	n := *(*uint32)(p)
	if n <= 12 {
		return unsafe.Slice((*byte)(unsafe.Add(p, 4)), n)
	}
	return unsafe.Slice(*(**byte)(unsafe.Add(p, 8)), n)
}

func (s *source) strings(base unsafe.Pointer, valid []byte) (offsets, bytes []byte, err error) {
	total := 0
	for i := range s.n {
		if !isNull(valid, i) {
			total += int(*(*uint32)(unsafe.Add(base, s.at(i)*16)))
		}
	}
	if total > math.MaxInt32 {
		return nil, nil, outOfRange("2,048 rows hold %d bytes of text, more than the 2 GiB that a batch carries", total)
	}
	offsets, bytes = make([]byte, 4*(s.n+1)), make([]byte, 0, total)
	for i := range s.n {
		if !isNull(valid, i) {
			bytes = append(bytes, stringAt(base, s.at(i))...)
		}
		binary.LittleEndian.PutUint32(offsets[4*(i+1):], uint32(len(bytes)))
	}
	return offsets, bytes, nil
}

// texts writes values that are carried as text.
func (s *source) texts(base unsafe.Pointer, valid []byte) (offsets, bytes []byte) {
	offsets = make([]byte, 4*(s.n+1))
	for i := range s.n {
		if !isNull(valid, i) {
			bytes = s.appendText(bytes, base, s.at(i))
		}
		binary.LittleEndian.PutUint32(offsets[4*(i+1):], uint32(len(bytes)))
	}
	return offsets, bytes
}

func (s *source) appendText(b []byte, base unsafe.Pointer, i int) []byte {
	switch s.from.Kind {
	case "UUID":
		var u [16]byte
		p := (*[2]uint64)(unsafe.Add(base, i*16))
		binary.BigEndian.PutUint64(u[:8], p[1]^(1<<63)) // stored so that it sorts as a signed number
		binary.BigEndian.PutUint64(u[8:], p[0])
		h := hex.EncodeToString(u[:])
		return append(b, h[:8]+"-"+h[8:12]+"-"+h[12:16]+"-"+h[16:20]+"-"+h[20:]...)
	case "ENUM":
		return append(b, s.from.values[unsigned(base, i, s.from.store)]...)
	default: // TIMETZ: 40 bits of microseconds, 24 bits of offset counted down from +15:59:59
		bits := *(*uint64)(unsafe.Add(base, i*8))
		us, off := int64(bits>>24), int64(15*3600+59*60+59)-int64(bits&(1<<24-1))
		b = fmt.Appendf(b, "%02d:%02d:%02d.%06d", us/3600e6, us/60e6%60, us/1e6%60, us%1e6)
		sign := byte('+')
		if off < 0 {
			sign, off = '-', -off
		}
		return fmt.Appendf(b, "%c%02d:%02d", sign, off/3600, off/60%60)
	}
}

func unsigned(base unsafe.Pointer, i int, t dk.Type) uint64 {
	switch t {
	case dk.TypeUTinyInt:
		return uint64(*(*uint8)(unsafe.Add(base, i)))
	case dk.TypeUSmallInt:
		return uint64(*(*uint16)(unsafe.Add(base, i*2)))
	case dk.TypeUInteger:
		return uint64(*(*uint32)(unsafe.Add(base, i*4)))
	}
	return *(*uint64)(unsafe.Add(base, i*8))
}

func (s *source) decimals(base unsafe.Pointer) []byte {
	if s.from.store == dk.TypeHugeInt {
		return s.fixed(base, 16)
	}
	out := make([]byte, s.n*16)
	for i := range s.n {
		var v int64
		switch at := s.at(i); s.from.store {
		case dk.TypeSmallInt:
			v = int64(*(*int16)(unsafe.Add(base, at*2)))
		case dk.TypeInteger:
			v = int64(*(*int32)(unsafe.Add(base, at*4)))
		default:
			v = *(*int64)(unsafe.Add(base, at*8))
		}
		binary.LittleEndian.PutUint64(out[i*16:], uint64(v))
		binary.LittleEndian.PutUint64(out[i*16+8:], uint64(v>>63))
	}
	return out
}

// intervals: months and days as 32 bits, then microseconds; Arrow wants nanoseconds.
func (s *source) intervals(base unsafe.Pointer) []byte {
	out := s.fixed(base, 16)
	for i := 8; i < len(out); i += 16 {
		us := int64(binary.LittleEndian.Uint64(out[i:]))
		binary.LittleEndian.PutUint64(out[i:], uint64(us*1000))
	}
	return out
}

// scaled are the timestamps that are not microseconds.
var scaled = map[string]struct{ mul, div int64 }{
	"TIMESTAMP_S": {1e6, 1}, "TIMESTAMP_MS": {1e3, 1}, "TIMESTAMP_NS": {1, 1e3},
}

// convert carries values as another kind.
func (s *source) convert(base unsafe.Pointer, valid []byte) ([]byte, error) {
	width := widths[s.to.Kind]
	if s.to.Kind == "DECIMAL" {
		width = 16
	}
	if widths[s.from.Kind] == 0 || width == 0 {
		return nil, &Error{Class: NotImplemented, Position: -1, Message: "values of the type " + s.from.Kind + " cannot be carried as " + s.to.Kind + ": cast them"}
	}
	out := make([]byte, s.n*width)
	for i := range s.n {
		if isNull(valid, i) {
			continue
		}
		lo, hi := s.whole(base, s.at(i))
		fits := hi == int64(lo)>>63
		if width == 16 {
			fits = withinDecimal(lo, hi)
			binary.LittleEndian.PutUint64(out[i*16+8:], uint64(hi))
		}
		if !fits {
			return nil, outOfRange("the value %s is out of the range of %s", wideText(lo, hi), s.to.SQL())
		}
		switch width {
		case 2:
			binary.LittleEndian.PutUint16(out[i*2:], uint16(lo))
		case 4:
			binary.LittleEndian.PutUint32(out[i*4:], uint32(lo))
		default:
			binary.LittleEndian.PutUint64(out[i*width:], lo)
		}
	}
	return out, nil
}

// whole reads a whole number or timestamp as 128 bits.
func (s *source) whole(base unsafe.Pointer, i int) (lo uint64, hi int64) {
	if f := scaled[s.from.Kind]; f.mul != 0 {
		v := *(*int64)(unsafe.Add(base, i*8))
		if v > math.MinInt64+1 && v < math.MaxInt64 { // not an infinity
			v = floorDiv(v*f.mul, f.div)
		}
		return uint64(v), v >> 63
	}
	switch s.from.Kind {
	case "HUGEINT":
		p := (*[2]uint64)(unsafe.Add(base, i*16))
		return p[0], int64(p[1])
	case "UHUGEINT":
		p := (*[2]uint64)(unsafe.Add(base, i*16))
		if p[1]>>63 != 0 {
			return math.MaxUint64, math.MaxInt64 // fits nowhere
		}
		return p[0], int64(p[1])
	case "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT":
		return unsigned(base, i, s.from.store), 0
	case "TINYINT":
		v := int64(*(*int8)(unsafe.Add(base, i)))
		return uint64(v), v >> 63
	case "SMALLINT":
		v := int64(*(*int16)(unsafe.Add(base, i*2)))
		return uint64(v), v >> 63
	case "INTEGER":
		v := int64(*(*int32)(unsafe.Add(base, i*4)))
		return uint64(v), v >> 63
	}
	v := *(*int64)(unsafe.Add(base, i*8))
	return uint64(v), v >> 63
}

func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	}
	return a/b - 1
}

var decimalMax = new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil)

func wide(lo uint64, hi int64) *big.Int {
	v := new(big.Int).Lsh(big.NewInt(hi), 64)
	return v.Add(v, new(big.Int).SetUint64(lo))
}

func withinDecimal(lo uint64, hi int64) bool {
	const safe = 1 << 62 // 2^126 < 10^38
	if hi < safe && hi > -safe {
		return true
	}
	return new(big.Int).Abs(wide(lo, hi)).Cmp(decimalMax) < 0
}

func wideText(lo uint64, hi int64) string { return wide(lo, hi).String() }
