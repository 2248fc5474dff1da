package postgres

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgproto3"
)

// arguments reads the parameters of a Bind. The result keeps nothing of m.
func (st *statement) arguments(m *pgproto3.Bind) ([]any, error) {
	out := make([]any, len(m.Parameters))
	for i, raw := range m.Parameters {
		if raw == nil {
			continue
		}
		read := readText
		switch formatAt(m.ParameterFormatCodes, i) {
		case formatText:
		case formatBinary:
			read = readBinary
		default:
			return nil, refuse("22023", "invalid format code of parameter $%d", i+1)
		}
		v, err := read(&st.params[i], raw)
		if err != nil {
			r := refuse("22P02", "parameter $%d: %s", i+1, err)
			if read := formatAt(m.ParameterFormatCodes, i); read == formatBinary {
				r.code = "22P03"
			}
			return nil, r
		}
		out[i] = v
	}
	return out, nil
}

// readText reads a parameter in text form. What the engine casts by itself
// stays text.
func readText(k *kind, raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("invalid byte sequence for encoding \"UTF8\"")
	}
	text := string(raw)
	switch k.oid {
	case oidBool:
		return readBool(text)
	case oidInt2, oidInt4, oidInt8, oidOid:
		v, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("invalid input syntax for type %s: %q", integerNames[k.oid], text)
		}
		return v, nil
	case oidBytea:
		return readBytes(text)
	case oidNumeric:
		if text = strings.TrimSpace(text); !decimalText(text) {
			return nil, fmt.Errorf("invalid input syntax for type numeric: %q", text)
		}
	}
	if k.elem != nil {
		return readArrayText(k, text)
	}
	return text, nil
}

var integerNames = map[uint32]string{oidInt2: "smallint", oidInt4: "integer", oidInt8: "bigint", oidOid: "oid"}

// readBool reads the words that PostgreSQL knows, and their beginnings.
func readBool(text string) (any, error) {
	w := strings.ToLower(strings.TrimSpace(text))
	for _, word := range []struct {
		text  string
		least int
		v     bool
	}{{"true", 1, true}, {"yes", 1, true}, {"on", 2, true}, {"1", 1, true},
		{"false", 1, false}, {"no", 1, false}, {"off", 2, false}, {"0", 1, false}} {
		if len(w) >= word.least && strings.HasPrefix(word.text, w) {
			return word.v, nil
		}
	}
	return nil, fmt.Errorf("invalid input syntax for type boolean: %q", text)
}

// readBytes reads bytea: \x and hex digits, or the older form with octal escapes.
func readBytes(text string) (any, error) {
	if digits, ok := strings.CutPrefix(text, `\x`); ok {
		b, err := hex.DecodeString(digits)
		if err != nil {
			return nil, fmt.Errorf("invalid hexadecimal data")
		}
		return b, nil
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '\\':
			out = append(out, text[i])
		case strings.HasPrefix(text[i:], `\\`):
			out = append(out, '\\')
			i++
		default:
			n, err := strconv.ParseUint(text[i+1:min(i+4, len(text))], 8, 8)
			if err != nil || i+4 > len(text) {
				return nil, fmt.Errorf("invalid input syntax for type bytea")
			}
			out = append(out, byte(n))
			i += 3
		}
	}
	return out, nil
}

// readBinary reads a parameter in binary form. Dates and times become text,
// which the engine reads exactly.
func readBinary(k *kind, raw []byte) (any, error) {
	if k.elem != nil {
		return readArrayBinary(k, raw)
	}
	if k.size > 0 && len(raw) != int(k.size) {
		return nil, fmt.Errorf("incorrect binary data format: %d bytes where %d are needed", len(raw), k.size)
	}
	switch k.oid {
	case oidBool:
		return raw[0] != 0, nil
	case oidInt2:
		return int64(int16(binary.BigEndian.Uint16(raw))), nil
	case oidInt4:
		return int64(int32(binary.BigEndian.Uint32(raw))), nil
	case oidOid:
		return int64(binary.BigEndian.Uint32(raw)), nil
	case oidInt8:
		return int64(binary.BigEndian.Uint64(raw)), nil
	case oidFloat4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(raw))), nil
	case oidFloat8:
		return math.Float64frombits(binary.BigEndian.Uint64(raw)), nil
	case oidNumeric:
		return readNumeric(raw)
	case oidBytea:
		return append([]byte{}, raw...), nil
	case oidUUID:
		return uuid.UUID(raw).String(), nil
	case oidJSONB:
		if len(raw) == 0 || raw[0] != 1 {
			return nil, fmt.Errorf("unsupported jsonb version")
		}
		raw = raw[1:]
	}
	if v, ok := readMoment(k.oid, raw); ok {
		return v, nil
	}
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("invalid byte sequence for encoding \"UTF8\"")
	}
	return string(raw), nil
}

func readMoment(oid uint32, raw []byte) (string, bool) {
	switch oid {
	case oidDate:
		d := int32(binary.BigEndian.Uint32(raw))
		switch d {
		case math.MaxInt32:
			return "infinity", true
		case math.MinInt32:
			return "-infinity", true
		}
		return string(appendDate(nil, d+epochDays)), true
	case oidTime:
		return string(appendClock(nil, int64(binary.BigEndian.Uint64(raw)))), true
	case oidTimestamp, oidTimestampTZ:
		us := int64(binary.BigEndian.Uint64(raw))
		switch us {
		case math.MaxInt64:
			return "infinity", true
		case math.MinInt64:
			return "-infinity", true
		}
		return string(appendTimestamp(nil, us+epochMicros, oid == oidTimestampTZ)), true
	case oidInterval:
		v := interval{
			micros: int64(binary.BigEndian.Uint64(raw)),
			days:   int32(binary.BigEndian.Uint32(raw[8:])), months: int32(binary.BigEndian.Uint32(raw[12:])),
		}
		return fmt.Sprintf("%d months %d days %d microseconds", v.months, v.days, v.micros), true
	}
	return "", false
}

// readNumeric reads digits of base 10,000 into decimal text.
func readNumeric(raw []byte) (any, error) {
	bad := fmt.Errorf("incorrect binary data format for type numeric")
	if len(raw) < 8 {
		return nil, bad
	}
	n := int(binary.BigEndian.Uint16(raw))
	weight, sign := int(int16(binary.BigEndian.Uint16(raw[2:]))), binary.BigEndian.Uint16(raw[4:])
	scale := int(binary.BigEndian.Uint16(raw[6:]))
	switch sign {
	case 0, 0x4000:
	case 0xc000:
		return nil, fmt.Errorf("the numeric NaN is not supported: use double precision")
	default:
		return nil, bad
	}
	if len(raw) != 8+2*n || n > 1000 || scale > 1000 || weight > 1000 || weight < -1000 {
		return nil, bad
	}
	v, base := new(big.Int), big.NewInt(10000)
	digits := weight + 1 + (scale+3)/4 // groups up to the last of the fraction
	for i := range max(0, digits) {
		v.Mul(v, base)
		if i < n {
			d := binary.BigEndian.Uint16(raw[8+2*i:])
			if d > 9999 {
				return nil, bad
			}
			v.Add(v, big.NewInt(int64(d)))
		}
	}
	if rest := scale % 4; rest != 0 {
		v.Quo(v, new(big.Int).SetUint64(pow10[4-rest]))
	}
	if sign == 0x4000 {
		v.Neg(v)
	}
	return string(appendBig(nil, v, scale)), nil
}

// list gathers an array's elements as the engine's text of a list.
type list struct{ b strings.Builder }

func (l *list) add(k *kind, v any) {
	if l.b.Len() == 0 {
		l.b.WriteByte('[')
	} else {
		l.b.WriteString(", ")
	}
	switch v := v.(type) {
	case nil:
		l.b.WriteString("NULL")
	case string:
		l.b.WriteString("'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(v) + "'")
	case []byte:
		for _, c := range v {
			fmt.Fprintf(&l.b, `\x%02X`, c)
		}
	default:
		fmt.Fprint(&l.b, v)
	}
}

func (l *list) String() string {
	if l.b.Len() == 0 {
		return "[]"
	}
	return l.b.String() + "]"
}

func readArrayBinary(k *kind, raw []byte) (any, error) {
	bad := fmt.Errorf("incorrect binary data format of an array")
	if len(raw) < 12 {
		return nil, bad
	}
	switch dims := binary.BigEndian.Uint32(raw); {
	case dims == 0:
		return "[]", nil
	case dims != 1 || len(raw) < 20:
		return nil, fmt.Errorf("arrays of %d dimensions are not supported", dims)
	}
	elem := kindOfOID(binary.BigEndian.Uint32(raw[8:]))
	n := int(int32(binary.BigEndian.Uint32(raw[12:])))
	raw = raw[20:]
	var l list
	for range n {
		if len(raw) < 4 {
			return nil, bad
		}
		size := int(int32(binary.BigEndian.Uint32(raw)))
		raw = raw[4:]
		if size < 0 {
			l.add(&elem, nil)
			continue
		}
		if size > len(raw) {
			return nil, bad
		}
		v, err := readBinary(&elem, raw[:size])
		if err != nil {
			return nil, err
		}
		l.add(&elem, v)
		raw = raw[size:]
	}
	return l.String(), nil
}

// readArrayText reads {1,2,NULL,"a b"}.
func readArrayText(k *kind, text string) (any, error) {
	bad := fmt.Errorf("malformed array literal: %q", text)
	s := strings.TrimSpace(text)
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, bad
	}
	s = strings.TrimSpace(s[1 : len(s)-1])
	var l list
	for s != "" {
		word, quoted, rest, ok := element(s)
		if !ok {
			return nil, bad
		}
		if s = rest; !quoted && strings.EqualFold(word, "null") {
			l.add(k.elem, nil)
			continue
		}
		v, err := readText(k.elem, []byte(word))
		if err != nil {
			return nil, err
		}
		l.add(k.elem, v)
	}
	return l.String(), nil
}

// element cuts the first element off an array's text.
func element(s string) (word string, quoted bool, rest string, ok bool) {
	var b strings.Builder
	i := 0
	if s[0] == '"' {
		quoted = true
		for i = 1; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' {
				i++
			}
			if i < len(s) {
				b.WriteByte(s[i])
			}
		}
		if i >= len(s) {
			return "", true, "", false
		}
		i++
		s = strings.TrimSpace(s[i:])
		i = 0
		word = b.String()
	} else {
		for i < len(s) && s[i] != ',' {
			if s[i] == '{' || s[i] == '}' || s[i] == '"' {
				return "", false, "", false
			}
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			b.WriteByte(s[i])
			i++
		}
		word = strings.TrimSpace(b.String())
		if word == "" {
			return "", false, "", false
		}
	}
	if i == len(s) {
		return word, quoted, "", true
	}
	if s[i] != ',' {
		return "", quoted, "", false
	}
	rest = strings.TrimSpace(s[i+1:])
	return word, quoted, rest, rest != ""
}
