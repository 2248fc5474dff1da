package duck

import (
	"fmt"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	dk "github.com/duckdb/duckdb-go-bindings"
)

// Type is one of the engine's types.
type Type struct {
	Kind   string // the engine's name: "BIGINT", "DECIMAL", "LIST", "JSON"
	Width  int    // of DECIMAL, in digits; of ARRAY, in elements
	Scale  int    // of DECIMAL
	Elem   *Type  // of LIST and ARRAY; the value of MAP
	Key    *Type  // of MAP
	Fields []Field
	values []string // of ENUM
	store  dk.Type  // what the vector holds
}

// Field is a field of a STRUCT.
type Field struct {
	Name string
	Type Type
}

var kinds = map[dk.Type]string{
	dk.TypeBoolean: "BOOLEAN", dk.TypeTinyInt: "TINYINT", dk.TypeSmallInt: "SMALLINT", dk.TypeInteger: "INTEGER",
	dk.TypeBigInt: "BIGINT", dk.TypeUTinyInt: "UTINYINT", dk.TypeUSmallInt: "USMALLINT", dk.TypeUInteger: "UINTEGER",
	dk.TypeUBigInt: "UBIGINT", dk.TypeFloat: "FLOAT", dk.TypeDouble: "DOUBLE", dk.TypeTimestamp: "TIMESTAMP",
	dk.TypeDate: "DATE", dk.TypeTime: "TIME", dk.TypeInterval: "INTERVAL", dk.TypeHugeInt: "HUGEINT",
	dk.TypeUHugeInt: "UHUGEINT", dk.TypeVarchar: "VARCHAR", dk.TypeBlob: "BLOB", dk.TypeDecimal: "DECIMAL",
	dk.TypeTimestampS: "TIMESTAMP_S", dk.TypeTimestampMS: "TIMESTAMP_MS", dk.TypeTimestampNS: "TIMESTAMP_NS",
	dk.TypeEnum: "ENUM", dk.TypeList: "LIST", dk.TypeStruct: "STRUCT", dk.TypeMap: "MAP", dk.TypeArray: "ARRAY",
	dk.TypeUUID: "UUID", dk.TypeUnion: "UNION", dk.TypeBit: "BIT", dk.TypeTimeTZ: "TIMETZ",
	dk.TypeTimestampTZ: "TIMESTAMPTZ", dk.TypeBigNum: "BIGNUM", dk.TypeSQLNull: "NULL", dk.TypeTimeNS: "TIME_NS",
	dk.TypeGeometry: "GEOMETRY", dk.TypeVariant: "VARIANT",
}

// typeOf reads and destroys a logical type.
func typeOf(lt dk.LogicalType) Type {
	defer dk.DestroyLogicalType(&lt)
	id := dk.GetTypeId(lt)
	t := Type{Kind: kinds[id], store: id}
	switch id {
	case dk.TypeDecimal:
		t.Width, t.Scale = int(dk.DecimalWidth(lt)), int(dk.DecimalScale(lt))
		t.store = dk.DecimalInternalType(lt)
	case dk.TypeEnum:
		t.store = dk.EnumInternalType(lt)
		for i := range dk.EnumDictionarySize(lt) {
			t.values = append(t.values, dk.EnumDictionaryValue(lt, dk.IdxT(i)))
		}
	case dk.TypeList:
		t.Elem = pointer(typeOf(dk.ListTypeChildType(lt)))
	case dk.TypeArray:
		t.Elem, t.Width = pointer(typeOf(dk.ArrayTypeChildType(lt))), int(dk.ArrayTypeArraySize(lt))
	case dk.TypeMap:
		t.Key, t.Elem = pointer(typeOf(dk.MapTypeKeyType(lt))), pointer(typeOf(dk.MapTypeValueType(lt)))
	case dk.TypeStruct:
		for i := range dk.StructTypeChildCount(lt) {
			t.Fields = append(t.Fields, Field{dk.StructTypeChildName(lt, i), typeOf(dk.StructTypeChildType(lt, i))})
		}
	case dk.TypeVarchar:
		if dk.LogicalTypeGetAlias(lt) == "JSON" {
			t.Kind = "JSON"
		}
	}
	return t
}

func pointer(t Type) *Type { return &t }

// SQL is the type as the engine's SQL writes it.
func (t Type) SQL() string {
	switch t.Kind {
	case "DECIMAL":
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Width, t.Scale)
	case "LIST":
		return t.Elem.SQL() + "[]"
	case "ARRAY":
		return fmt.Sprintf("%s[%d]", t.Elem.SQL(), t.Width)
	case "MAP":
		return "MAP(" + t.Key.SQL() + ", " + t.Elem.SQL() + ")"
	case "STRUCT":
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = Name(f.Name) + " " + f.Type.SQL()
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	case "ENUM":
		values := make([]string, len(t.values))
		for i, v := range t.values {
			values[i] = Quote(v)
		}
		return "ENUM(" + strings.Join(values, ", ") + ")"
	case "NULL":
		return `"NULL"`
	}
	return t.Kind
}

// fixed are the Arrow types of kinds without parameters. Kinds that Arrow or
// clients do not know have a neighbour: see Result.
var fixed = map[string]arrow.DataType{
	"BOOLEAN": arrow.FixedWidthTypes.Boolean, "TINYINT": arrow.PrimitiveTypes.Int8, "SMALLINT": arrow.PrimitiveTypes.Int16,
	"INTEGER": arrow.PrimitiveTypes.Int32, "BIGINT": arrow.PrimitiveTypes.Int64, "UTINYINT": arrow.PrimitiveTypes.Uint8,
	"USMALLINT": arrow.PrimitiveTypes.Uint16, "UINTEGER": arrow.PrimitiveTypes.Uint32, "UBIGINT": arrow.PrimitiveTypes.Uint64,
	"FLOAT": arrow.PrimitiveTypes.Float32, "DOUBLE": arrow.PrimitiveTypes.Float64, "VARCHAR": arrow.BinaryTypes.String,
	"JSON": arrow.BinaryTypes.String, "UUID": arrow.BinaryTypes.String, "ENUM": arrow.BinaryTypes.String,
	"NULL": arrow.BinaryTypes.String, "TIMETZ": arrow.BinaryTypes.String, "BLOB": arrow.BinaryTypes.Binary, "DATE": arrow.FixedWidthTypes.Date32,
	"TIME": arrow.FixedWidthTypes.Time64us, "TIMESTAMP": &arrow.TimestampType{Unit: arrow.Microsecond},
	"TIMESTAMP_S": &arrow.TimestampType{Unit: arrow.Microsecond}, "TIMESTAMP_MS": &arrow.TimestampType{Unit: arrow.Microsecond},
	"TIMESTAMP_NS": &arrow.TimestampType{Unit: arrow.Microsecond},
	"TIMESTAMPTZ":  &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, "INTERVAL": arrow.FixedWidthTypes.MonthDayNanoInterval,
	"HUGEINT": &arrow.Decimal128Type{Precision: 38}, "UHUGEINT": &arrow.Decimal128Type{Precision: 38},
}

// Arrow is the type of the arrays that carry t; nil when there is none (BIT,
// BIGNUM, UNION, VARIANT, GEOMETRY, TIME_NS): such a column must be cast.
//
// Timestamps are microseconds whatever their kind; HUGEINT is decimal(38,0);
// UUID, ENUM, JSON and TIMETZ are text.
func (t Type) Arrow() arrow.DataType {
	switch t.Kind {
	case "DECIMAL":
		return &arrow.Decimal128Type{Precision: int32(t.Width), Scale: int32(t.Scale)}
	case "LIST", "ARRAY":
		if elem := t.Elem.Arrow(); elem != nil {
			return arrow.ListOf(elem)
		}
		return nil
	case "MAP":
		key, elem := t.Key.Arrow(), t.Elem.Arrow()
		if key == nil || elem == nil {
			return nil
		}
		return arrow.MapOf(key, elem)
	case "STRUCT":
		fields := make([]arrow.Field, len(t.Fields))
		for i, f := range t.Fields {
			ft := f.Type.Arrow()
			if ft == nil {
				return nil
			}
			fields[i] = arrow.Field{Name: f.Name, Type: ft, Nullable: true}
		}
		return arrow.StructOf(fields...)
	}
	return fixed[t.Kind]
}
