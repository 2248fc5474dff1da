package dialect

import (
	"fmt"
	"strings"
)

// namer writes types in one dialect: plain names by kind, and how the others
// are put together.
type namer struct {
	plain  map[TypeKind]string
	varies func(n *namer, t Type) string // kinds that are not plain
}

func (n *namer) write(t Type) string {
	if s, ok := n.plain[t.Kind]; ok {
		return s
	}
	return n.varies(n, t)
}

// fields writes the parts of a nested type.
func (n *namer) fields(t Type, colon string, quote func(string) string) string {
	parts := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		parts[i] = n.write(f.Type)
		if f.Name != "" {
			parts[i] = quote(f.Name) + colon + parts[i]
		}
	}
	return strings.Join(parts, ", ")
}

// Trino is the lake dialect's name: "row(a integer)", "timestamp(3)".
func (t Type) Trino() string { return trinoNames().write(t) }

// Hive is the catalog's name: "struct<a:int>", "timestamp". Types that the
// catalog does not know get the nearest name that holds every value.
func (t Type) Hive() string { return hiveNames().write(t) }

// Engine is the engine's name: "STRUCT(a INTEGER)", "TIMESTAMP".
func (t Type) Engine() string { return engineNames().write(t) }

// Postgres is the warehouse's name as format_type writes it:
// "character varying(8)", "timestamp without time zone", "integer[]".
func (t Type) Postgres() string { return postgresNames().write(t) }

func trinoNames() *namer {
	return &namer{
		plain: map[TypeKind]string{
			Unknown: "unknown", Boolean: "boolean", TinyInt: "tinyint", SmallInt: "smallint", Integer: "integer",
			BigInt: "bigint", HugeInt: "decimal(38,0)", UTinyInt: "smallint", USmallInt: "integer",
			UInteger: "bigint", UBigInt: "decimal(20,0)", UHugeInt: "decimal(38,0)", Real: "real", Double: "double",
			Varbinary: "varbinary", Bit: "varchar", Date: "date", IntervalMonth: "interval year to month",
			IntervalDay: "interval day to second", Interval: "interval day to second", JSON: "json", UUID: "uuid",
			IPAddress: "ipaddress", Enum: "varchar", SystemName: "varchar", InternalChar: "char(1)", OID: "bigint",
			RegClass: "varchar", RegType: "varchar", RegProc: "varchar", RegNamespace: "varchar",
		},
		varies: func(n *namer, t Type) string {
			switch t.Kind {
			case Decimal:
				return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
			case Varchar:
				return "varchar" + length(t)
			case Char:
				return "char" + length(t)
			case Time:
				return fmt.Sprintf("time(%d)", t.Precision)
			case TimeTZ:
				return fmt.Sprintf("time(%d) with time zone", t.Precision)
			case Timestamp:
				return fmt.Sprintf("timestamp(%d)", t.Precision)
			case TimestampTZ:
				return fmt.Sprintf("timestamp(%d) with time zone", t.Precision)
			case Array:
				return "array(" + n.fields(t, "", keep) + ")"
			case Map:
				return "map(" + n.fields(t, "", keep) + ")"
			}
			return "row(" + n.fields(t, " ", quoteOdd) + ")"
		},
	}
}

func hiveNames() *namer {
	return &namer{
		plain: map[TypeKind]string{
			Unknown: "string", Boolean: "boolean", TinyInt: "tinyint", SmallInt: "smallint", Integer: "int",
			BigInt: "bigint", HugeInt: "decimal(38,0)", UTinyInt: "smallint", USmallInt: "int", UInteger: "bigint",
			UBigInt: "decimal(20,0)", UHugeInt: "decimal(38,0)", Real: "float", Double: "double",
			Varbinary: "binary", Bit: "string", Date: "date", Time: "string", TimeTZ: "string",
			Timestamp: "timestamp", TimestampTZ: "timestamp", IntervalMonth: "string", IntervalDay: "string",
			Interval: "string", JSON: "string", UUID: "string", IPAddress: "string", Enum: "string", SystemName: "string",
			InternalChar: "char(1)", OID: "bigint", RegClass: "string", RegType: "string", RegProc: "string",
			RegNamespace: "string",
		},
		varies: func(n *namer, t Type) string {
			switch t.Kind {
			case Decimal:
				return fmt.Sprintf("decimal(%d,%d)", t.Precision, t.Scale)
			case Varchar:
				if t.Length == 0 || t.Length > maxHiveVarchar {
					return "string"
				}
				return fmt.Sprintf("varchar(%d)", t.Length)
			case Char:
				return fmt.Sprintf("char(%d)", max(1, t.Length))
			case Array:
				return "array<" + n.write(t.Fields[0].Type) + ">"
			case Map:
				return "map<" + n.write(t.Fields[0].Type) + "," + n.write(t.Fields[1].Type) + ">"
			}
			parts := make([]string, len(t.Fields))
			for i, f := range t.Fields {
				name := f.Name
				if name == "" {
					name = fmt.Sprintf("col%d", i)
				}
				parts[i] = name + ":" + n.write(f.Type)
			}
			return "struct<" + strings.Join(parts, ",") + ">"
		},
	}
}

// maxHiveVarchar is the longest varchar(n) of the catalog, in characters.
const maxHiveVarchar = 65535

func engineNames() *namer {
	return &namer{
		plain: map[TypeKind]string{
			Unknown: `"NULL"`, Boolean: "BOOLEAN", TinyInt: "TINYINT", SmallInt: "SMALLINT", Integer: "INTEGER",
			BigInt: "BIGINT", HugeInt: "HUGEINT", UTinyInt: "UTINYINT", USmallInt: "USMALLINT", UInteger: "UINTEGER",
			UBigInt: "UBIGINT", UHugeInt: "UHUGEINT", Real: "FLOAT", Double: "DOUBLE", Varchar: "VARCHAR",
			Char: "VARCHAR", Varbinary: "BLOB", Bit: "BIT", Date: "DATE", Time: "TIME", TimeTZ: "TIMETZ",
			TimestampTZ: "TIMESTAMP WITH TIME ZONE", IntervalMonth: "INTERVAL", IntervalDay: "INTERVAL",
			Interval: "INTERVAL", JSON: "JSON", UUID: "UUID", IPAddress: "VARCHAR", SystemName: "VARCHAR",
			InternalChar: "VARCHAR", OID: "BIGINT", RegClass: "VARCHAR", RegType: "VARCHAR", RegProc: "VARCHAR",
			RegNamespace: "VARCHAR",
		},
		varies: func(n *namer, t Type) string {
			switch t.Kind {
			case Decimal:
				return fmt.Sprintf("DECIMAL(%d,%d)", t.Precision, t.Scale)
			case Timestamp:
				if t.Precision > microseconds {
					return "TIMESTAMP_NS"
				}
				return "TIMESTAMP"
			case Array:
				return n.write(t.Fields[0].Type) + "[]"
			case Map:
				return "MAP(" + n.fields(t, "", keep) + ")"
			case Union:
				return "UNION(" + n.fields(t, " ", QuoteIdentifier) + ")"
			case Enum:
				parts := make([]string, len(t.Values))
				for i, v := range t.Values {
					parts[i] = QuoteString(v)
				}
				return "ENUM(" + strings.Join(parts, ", ") + ")"
			}
			return "STRUCT(" + n.fields(t, " ", QuoteIdentifier) + ")"
		},
	}
}

func postgresNames() *namer {
	return &namer{
		plain: map[TypeKind]string{
			Unknown: "text", Boolean: "boolean", TinyInt: "smallint", SmallInt: "smallint", Integer: "integer",
			BigInt: "bigint", HugeInt: "numeric(38,0)", UTinyInt: "smallint", USmallInt: "integer", UInteger: "bigint",
			UBigInt: "numeric(20,0)", UHugeInt: "numeric(38,0)", Real: "real", Double: "double precision",
			Varbinary: "bytea", Bit: "bit varying", Date: "date", Time: "time without time zone",
			TimeTZ: "time with time zone", Timestamp: "timestamp without time zone",
			TimestampTZ: "timestamp with time zone", IntervalMonth: "interval", IntervalDay: "interval",
			Interval: "interval", JSON: "json", UUID: "uuid", IPAddress: "text", Enum: "text", SystemName: "name",
			InternalChar: `"char"`, OID: "oid", RegClass: "regclass", RegType: "regtype", RegProc: "regproc",
			RegNamespace: "regnamespace", Map: "json", Row: "json", Union: "json",
		},
		varies: func(n *namer, t Type) string {
			switch t.Kind {
			case Decimal:
				return fmt.Sprintf("numeric(%d,%d)", t.Precision, t.Scale)
			case Varchar:
				if t.Length == 0 {
					return "text"
				}
				return "character varying" + length(t)
			case Char:
				return "character" + length(t)
			}
			elem := n.write(t.Fields[0].Type)
			if t.Fields[0].Type.Kind == Array {
				return elem // arrays of arrays are arrays there
			}
			return elem + "[]"
		},
	}
}

func length(t Type) string {
	if t.Length == 0 {
		return ""
	}
	return fmt.Sprintf("(%d)", t.Length)
}

func keep(s string) string { return s }

// quoteOdd puts a name into quotes if it is no plain word.
func quoteOdd(s string) string {
	for i, r := range s {
		if !(r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9') {
			return QuoteIdentifier(s)
		}
	}
	return s
}

// QuoteIdentifier writes a name so that every dialect but Hive's reads it back.
func QuoteIdentifier(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// QuoteString writes a string literal that every dialect reads back.
func QuoteString(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
