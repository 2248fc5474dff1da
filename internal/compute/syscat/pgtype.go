package syscat

import "github.com/boathouse-data/boathouse/internal/compute/dialect"

// typ is one of the warehouse's types: a line of pg_type.
type typ struct {
	oid, array int64
	name       string
	shown      string // by format_type
	size       int
	category   string
	delimiter  string
	modifier   string // how format_type shows it: "l" length, "n" precision and scale, "" not at all
}

// builtin lists the types with PostgreSQL's numbers, names and sizes.
func builtin() []typ {
	return []typ{
		{16, 1000, "bool", "boolean", 1, "B", ",", ""},
		{17, 1001, "bytea", "bytea", -1, "U", ",", ""},
		{18, 1002, "char", `"char"`, 1, "Z", ",", ""},
		{19, 1003, "name", "name", 64, "S", ",", ""},
		{20, 1016, "int8", "bigint", 8, "N", ",", ""},
		{21, 1005, "int2", "smallint", 2, "N", ",", ""},
		{23, 1007, "int4", "integer", 4, "N", ",", ""},
		{24, 1008, "regproc", "regproc", 4, "N", ",", ""},
		{25, 1009, "text", "text", -1, "S", ",", ""},
		{26, 1028, "oid", "oid", 4, "N", ",", ""},
		{114, 199, "json", "json", -1, "U", ",", ""},
		{700, 1021, "float4", "real", 4, "N", ",", ""},
		{701, 1022, "float8", "double precision", 8, "N", ",", ""},
		{705, 0, "unknown", "unknown", -2, "X", ",", ""},
		{1042, 1014, "bpchar", "character", -1, "S", ",", "l"},
		{1043, 1015, "varchar", "character varying", -1, "S", ",", "l"},
		{1082, 1182, "date", "date", 4, "D", ",", ""},
		{1083, 1183, "time", "time without time zone", 8, "D", ",", ""},
		{1114, 1115, "timestamp", "timestamp without time zone", 8, "D", ",", ""},
		{1184, 1185, "timestamptz", "timestamp with time zone", 8, "D", ",", ""},
		{1186, 1187, "interval", "interval", 16, "T", ",", ""},
		{1266, 1270, "timetz", "time with time zone", 12, "D", ",", ""},
		{1700, 1231, "numeric", "numeric", -1, "N", ",", "n"},
		{2205, 2210, "regclass", "regclass", 4, "N", ",", ""},
		{2206, 2211, "regtype", "regtype", 4, "N", ",", ""},
		{2249, 2287, "record", "record", -1, "P", ",", ""},
		{2278, 0, "void", "void", 4, "P", ",", ""},
		{2950, 2951, "uuid", "uuid", 16, "U", ",", ""},
		{4089, 4090, "regnamespace", "regnamespace", 4, "N", ",", ""},
	}
}

// shape is a column's type as pg_attribute has it.
type shape struct {
	oid      int64
	modifier int64 // -1 for none
	size     int
	dims     int
}

// shapeOfType maps a type to its number. Nested types but arrays are json.
func shapeOfType(t dialect.Type) shape {
	plain := func(oid int64, size int) shape { return shape{oid, -1, size, 0} }
	switch t.Kind {
	case dialect.Boolean:
		return plain(16, 1)
	case dialect.TinyInt, dialect.SmallInt, dialect.UTinyInt:
		return plain(21, 2)
	case dialect.Integer, dialect.USmallInt:
		return plain(23, 4)
	case dialect.BigInt, dialect.UInteger:
		return plain(20, 8)
	case dialect.HugeInt, dialect.UHugeInt, dialect.UBigInt:
		return plain(1700, -1)
	case dialect.Real:
		return plain(700, 4)
	case dialect.Double:
		return plain(701, 8)
	case dialect.Decimal:
		return shape{1700, int64(t.Precision)<<16 + int64(t.Scale) + 4, -1, 0}
	case dialect.Varchar:
		return withLength(1043, t.Length)
	case dialect.Char:
		return withLength(1042, t.Length)
	case dialect.Array:
		return arrayShape(t.Fields[0].Type)
	}
	if oid, ok := plainOIDs()[t.Kind]; ok {
		for _, b := range builtin() {
			if b.oid == oid {
				return plain(oid, b.size)
			}
		}
	}
	return plain(25, -1)
}

func plainOIDs() map[dialect.TypeKind]int64 {
	return map[dialect.TypeKind]int64{
		dialect.Varbinary: 17, dialect.Date: 1082, dialect.Time: 1083, dialect.TimeTZ: 1266, dialect.Timestamp: 1114,
		dialect.TimestampTZ: 1184, dialect.Interval: 1186, dialect.IntervalDay: 1186, dialect.IntervalMonth: 1186,
		dialect.JSON: 114, dialect.UUID: 2950, dialect.Map: 114, dialect.Row: 114, dialect.Union: 114,
		dialect.SystemName: 19, dialect.InternalChar: 18, dialect.OID: 26, dialect.RegProc: 24, dialect.RegClass: 2205,
		dialect.RegType: 2206, dialect.RegNamespace: 4089,
	}
}

func withLength(oid int64, n int) shape {
	if n == 0 {
		return shape{25, -1, -1, 0} // no limit: text
	}
	return shape{oid, int64(n) + 4, -1, 0}
}

// arrayShape is an array of plain values; anything deeper is json.
func arrayShape(elem dialect.Type) shape {
	e := shapeOfType(elem)
	for _, b := range builtin() {
		if b.oid == e.oid && b.array != 0 && e.dims == 0 && e.oid != 114 {
			return shape{b.array, e.modifier, -1, 1}
		}
	}
	return shape{114, -1, -1, 0}
}
