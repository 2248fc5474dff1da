package postgres

import (
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// Object ids of PostgreSQL's built-in types, from its pg_type.dat. Clients
// have them compiled in, so they are part of the protocol.
const (
	oidBool        uint32 = 16
	oidBytea       uint32 = 17
	oidInt8        uint32 = 20
	oidInt2        uint32 = 21
	oidInt4        uint32 = 23
	oidText        uint32 = 25
	oidOid         uint32 = 26
	oidJSON        uint32 = 114
	oidFloat4      uint32 = 700
	oidFloat8      uint32 = 701
	oidUnknown     uint32 = 705
	oidBpchar      uint32 = 1042
	oidVarchar     uint32 = 1043
	oidDate        uint32 = 1082
	oidTime        uint32 = 1083
	oidTimestamp   uint32 = 1114
	oidTimestampTZ uint32 = 1184
	oidInterval    uint32 = 1186
	oidTimeTZ      uint32 = 1266
	oidNumeric     uint32 = 1700
	oidUUID        uint32 = 2950
	oidJSONB       uint32 = 3802
)

// kind is how one column or parameter looks on the wire.
type kind struct {
	oid  uint32
	size int16 // bytes of the binary form; -1 when it varies
	mod  int32 // the type modifier, such as the length of a varchar; -1 for none
	elem *kind // of an array's elements
}

// arrays maps an element type to its array type.
var arrays = map[uint32]uint32{
	oidBool: 1000, oidBytea: 1001, oidInt2: 1005, oidInt4: 1007, oidText: 1009, oidBpchar: 1014,
	oidVarchar: 1015, oidInt8: 1016, oidFloat4: 1021, oidFloat8: 1022, oidOid: 1028,
	oidTimestamp: 1115, oidDate: 1182, oidTime: 1183, oidTimestampTZ: 1185, oidInterval: 1187,
	oidNumeric: 1231, oidUUID: 2951, oidJSON: 199, oidJSONB: 3807,
}

// elements is the other way around.
var elements = func() map[uint32]uint32 {
	m := make(map[uint32]uint32, len(arrays))
	for e, a := range arrays {
		m[a] = e
	}
	return m
}()

// fixed lists the Arrow types that need no look at their parameters.
var fixed = map[arrow.Type]kind{
	arrow.NULL:                    {oidText, -1, -1, nil},
	arrow.BOOL:                    {oidBool, 1, -1, nil},
	arrow.INT8:                    {oidInt2, 2, -1, nil},
	arrow.UINT8:                   {oidInt2, 2, -1, nil},
	arrow.INT16:                   {oidInt2, 2, -1, nil},
	arrow.UINT16:                  {oidInt4, 4, -1, nil},
	arrow.INT32:                   {oidInt4, 4, -1, nil},
	arrow.UINT32:                  {oidInt8, 8, -1, nil},
	arrow.INT64:                   {oidInt8, 8, -1, nil},
	arrow.UINT64:                  {oidNumeric, -1, -1, nil},
	arrow.FLOAT32:                 {oidFloat4, 4, -1, nil},
	arrow.FLOAT64:                 {oidFloat8, 8, -1, nil},
	arrow.BINARY:                  {oidBytea, -1, -1, nil},
	arrow.LARGE_BINARY:            {oidBytea, -1, -1, nil},
	arrow.BINARY_VIEW:             {oidBytea, -1, -1, nil},
	arrow.FIXED_SIZE_BINARY:       {oidBytea, -1, -1, nil},
	arrow.DATE32:                  {oidDate, 4, -1, nil},
	arrow.DATE64:                  {oidDate, 4, -1, nil},
	arrow.TIME32:                  {oidTime, 8, -1, nil},
	arrow.TIME64:                  {oidTime, 8, -1, nil},
	arrow.INTERVAL_MONTHS:         {oidInterval, 16, -1, nil},
	arrow.INTERVAL_DAY_TIME:       {oidInterval, 16, -1, nil},
	arrow.INTERVAL_MONTH_DAY_NANO: {oidInterval, 16, -1, nil},
	arrow.DURATION:                {oidInterval, 16, -1, nil},
	arrow.STRUCT:                  {oidJSON, -1, -1, nil},
	arrow.MAP:                     {oidJSON, -1, -1, nil},
}

// texts maps the names of types that Arrow carries as strings.
var texts = map[string]kind{
	"uuid": {oidUUID, 16, -1, nil}, "json": {oidJSON, -1, -1, nil},
	"text": {oidText, -1, -1, nil}, "interval": {oidInterval, 16, -1, nil},
}

// kindOf returns how a column is shown. Strings are text, or varchar when their
// length is limited; structs, maps and arrays of anything but plain values are
// json.
func kindOf(c query.Column) kind {
	if c.Arrow == nil {
		return kind{oidText, -1, -1, nil}
	}
	return kindOfArrow(strings.ToLower(c.Type), c.Arrow)
}

func kindOfArrow(name string, t arrow.DataType) kind {
	switch t := t.(type) {
	case *arrow.StringType, *arrow.LargeStringType, *arrow.StringViewType:
		return kindOfText(name)
	case arrow.DecimalType:
		p, s := t.GetPrecision(), t.GetScale()
		if p == 38 && s == 0 { // the engine's widest integers
			return kind{oidNumeric, -1, -1, nil}
		}
		return kind{oidNumeric, -1, p<<16 | s&0xffff + 4, nil}
	case *arrow.TimestampType:
		if t.TimeZone != "" {
			return kind{oidTimestampTZ, 8, -1, nil}
		}
		return kind{oidTimestamp, 8, -1, nil}
	case *arrow.FixedSizeBinaryType:
		if name == "uuid" && t.ByteWidth == 16 {
			return texts["uuid"]
		}
	case *arrow.DictionaryType:
		return kindOfArrow(name, t.ValueType)
	case arrow.ExtensionType:
		if strings.Contains(t.ExtensionName(), "uuid") {
			return texts["uuid"]
		}
		return kindOfArrow(name, t.StorageType())
	case *arrow.MapType:
	case arrow.ListLikeType:
		return kindOfList(name, t.Elem())
	}
	if k, ok := fixed[t.ID()]; ok {
		return k
	}
	return kind{oidText, -1, -1, nil}
}

func kindOfText(name string) kind {
	if k, ok := texts[name]; ok {
		return k
	}
	base, rest, ok := strings.Cut(name, "(")
	oid := oidVarchar
	if base == "char" {
		oid = oidBpchar
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(rest, ")")); ok && err == nil {
		return kind{oid, -1, int32(n) + 4, nil}
	}
	return kind{oidText, -1, -1, nil}
}

func kindOfList(name string, elem arrow.DataType) kind {
	inner := strings.TrimSuffix(strings.TrimPrefix(name, "array("), ")")
	e := kindOfArrow(inner, elem)
	array, ok := arrays[e.oid]
	if !ok || e.elem != nil || e.oid == oidJSON {
		return kind{oidJSON, -1, -1, nil} // arrays of arrays need not be rectangular, as PostgreSQL's must
	}
	return kind{array, -1, e.mod, &e}
}
