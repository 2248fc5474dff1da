package postgres

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow/decimal128"
)

// appendFloat writes a number as PostgreSQL does: the shortest text that reads
// back the same, or with extra <= 0 the old form of 15 (6) + extra digits.
func appendFloat(b []byte, v float64, size, extra int) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, "NaN"...)
	case math.IsInf(v, 1):
		return append(b, "Infinity"...)
	case math.IsInf(v, -1):
		return append(b, "-Infinity"...)
	}
	digits, big := 15, 1e15
	if size == 32 {
		digits, big = 6, 1e6
	}
	if extra <= 0 {
		return strconv.AppendFloat(b, v, 'g', max(1, digits+extra), size)
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= big) {
		return strconv.AppendFloat(b, v, 'e', -1, size)
	}
	return strconv.AppendFloat(b, v, 'f', -1, size)
}

// uint128 is an unsigned number, divided in place.
type uint128 struct{ hi, lo uint64 }

func (u *uint128) isZero() bool { return u.hi|u.lo == 0 }

// div divides u by d and returns the remainder.
func (u *uint128) div(d uint64) uint64 {
	if u.hi == 0 {
		r := u.lo % d
		u.lo /= d
		return r
	}
	q := u.hi / d
	lo, r := bits.Div64(u.hi%d, u.lo, d)
	u.hi, u.lo = q, lo
	return r
}

// magnitude splits a decimal into its sign and absolute value.
func magnitude(n decimal128.Num) (negative bool, u uint128) {
	u = uint128{uint64(n.HighBits()), n.LowBits()}
	if n.HighBits() >= 0 {
		return false, u
	}
	lo, carry := bits.Add64(^u.lo, 1, 0)
	return true, uint128{^u.hi + carry, lo}
}

// appendDecimal writes u / 10^scale.
func appendDecimal(b []byte, negative bool, u uint128, scale int) []byte {
	var buf [80]byte
	at, digits := len(buf), 0
	for !u.isZero() || digits <= scale {
		if digits == scale && scale > 0 {
			at--
			buf[at] = '.'
		}
		at--
		buf[at] = byte('0' + u.div(10))
		digits++
	}
	if negative {
		at--
		buf[at] = '-'
	}
	return append(b, buf[at:]...)
}

var pow10 = [5]uint64{1, 10, 100, 1000, 10000}

// appendNumeric writes u / 10^scale in the binary form of numeric: digits of
// base 10,000 with the weight of the first.
func appendNumeric(b []byte, negative bool, u uint128, scale int) []byte {
	var groups [32]uint16 // least significant first
	n, fraction := 0, (scale+3)/4
	if part := scale % 4; part != 0 {
		groups[0] = uint16(u.div(pow10[part]) * pow10[4-part])
		n = 1
	}
	for !u.isZero() {
		groups[n] = uint16(u.div(10000))
		n++
	}
	first := 0
	for first < n && groups[first] == 0 {
		first++
	}
	for n > first && groups[n-1] == 0 {
		n--
	}
	weight, sign := n-fraction-1, uint16(0)
	if n == first {
		weight = 0
	}
	if negative && n > first {
		sign = 0x4000
	}
	b = binary.BigEndian.AppendUint16(b, uint16(n-first))
	b = binary.BigEndian.AppendUint16(b, uint16(int16(weight)))
	b = binary.BigEndian.AppendUint16(b, sign)
	b = binary.BigEndian.AppendUint16(b, uint16(scale))
	for i := n - 1; i >= first; i-- {
		b = binary.BigEndian.AppendUint16(b, groups[i])
	}
	return b
}

// appendBig writes v / 10^scale for numbers wider than 128 bits.
func appendBig(b []byte, v *big.Int, scale int) []byte {
	s := new(big.Int).Abs(v).String()
	if v.Sign() < 0 {
		b = append(b, '-')
	}
	for len(s) <= scale {
		s = "0" + s
	}
	b = append(b, s[:len(s)-scale]...)
	if scale > 0 {
		b = append(append(b, '.'), s[len(s)-scale:]...)
	}
	return b
}

// appendBigNumeric is appendNumeric for numbers wider than 128 bits.
func appendBigNumeric(b []byte, v *big.Int, scale int) []byte {
	u := new(big.Int).Abs(v)
	base, rest := big.NewInt(10000), new(big.Int)
	pad := (4 - scale%4) % 4
	u.Mul(u, new(big.Int).SetUint64(pow10[pad]))
	var groups []uint16
	for u.Sign() > 0 {
		u.DivMod(u, base, rest)
		groups = append(groups, uint16(rest.Uint64()))
	}
	weight, sign := len(groups)-(scale+3)/4-1, uint16(0)
	if len(groups) == 0 {
		weight = 0
	}
	if v.Sign() < 0 {
		sign = 0x4000
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(groups)))
	b = binary.BigEndian.AppendUint16(b, uint16(int16(weight)))
	b = binary.BigEndian.AppendUint16(b, sign)
	b = binary.BigEndian.AppendUint16(b, uint16(scale))
	for i := len(groups) - 1; i >= 0; i-- {
		b = binary.BigEndian.AppendUint16(b, groups[i])
	}
	return b
}
