package dialect

import (
	"github.com/apache/arrow-go/v18/arrow"
)

// Arrow is how values of the type travel in record batches. Decimals are 128
// bits wide, times are microseconds (nanoseconds beyond six digits), zoned
// timestamps are UTC, JSON, UUID and enumerations are text.
func (t Type) Arrow() arrow.DataType {
	if plain, ok := arrowTypes()[t.Kind]; ok {
		return plain
	}
	switch t.Kind {
	case Decimal:
		return &arrow.Decimal128Type{Precision: int32(t.Precision), Scale: int32(t.Scale)}
	case Timestamp:
		if t.Precision > microseconds {
			return &arrow.TimestampType{Unit: arrow.Nanosecond}
		}
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	case TimestampTZ:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case Array:
		return arrow.ListOf(t.Fields[0].Type.Arrow())
	case Map:
		return arrow.MapOf(t.Fields[0].Type.Arrow(), t.Fields[1].Type.Arrow())
	case Row, Union:
		fields := make([]arrow.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = arrow.Field{Name: f.Name, Type: f.Type.Arrow(), Nullable: true}
		}
		return arrow.StructOf(fields...)
	}
	return arrow.BinaryTypes.String
}

func arrowTypes() map[TypeKind]arrow.DataType {
	return map[TypeKind]arrow.DataType{
		Unknown: arrow.Null, Boolean: arrow.FixedWidthTypes.Boolean, TinyInt: arrow.PrimitiveTypes.Int8,
		SmallInt: arrow.PrimitiveTypes.Int16, Integer: arrow.PrimitiveTypes.Int32, BigInt: arrow.PrimitiveTypes.Int64,
		HugeInt: &arrow.Decimal128Type{Precision: maxDecimal}, UTinyInt: arrow.PrimitiveTypes.Uint8,
		USmallInt: arrow.PrimitiveTypes.Uint16, UInteger: arrow.PrimitiveTypes.Uint32,
		UBigInt: arrow.PrimitiveTypes.Uint64, UHugeInt: &arrow.Decimal128Type{Precision: maxDecimal},
		Real: arrow.PrimitiveTypes.Float32, Double: arrow.PrimitiveTypes.Float64, Varbinary: arrow.BinaryTypes.Binary,
		Date: arrow.PrimitiveTypes.Date32, Time: arrow.FixedWidthTypes.Time64us, TimeTZ: arrow.FixedWidthTypes.Time64us,
		IntervalMonth: arrow.FixedWidthTypes.MonthDayNanoInterval, IntervalDay: arrow.FixedWidthTypes.MonthDayNanoInterval,
		Interval: arrow.FixedWidthTypes.MonthDayNanoInterval, OID: arrow.PrimitiveTypes.Int64,
	}
}

// plainArrow are the Arrow types without parameters.
func plainArrow() map[arrow.Type]TypeKind {
	return map[arrow.Type]TypeKind{
		arrow.NULL: Unknown, arrow.BOOL: Boolean, arrow.INT8: TinyInt, arrow.INT16: SmallInt, arrow.INT32: Integer,
		arrow.INT64: BigInt, arrow.UINT8: UTinyInt, arrow.UINT16: USmallInt, arrow.UINT32: UInteger,
		arrow.UINT64: UBigInt, arrow.FLOAT16: Real, arrow.FLOAT32: Real, arrow.FLOAT64: Double,
		arrow.STRING: Varchar, arrow.LARGE_STRING: Varchar, arrow.STRING_VIEW: Varchar, arrow.BINARY: Varbinary,
		arrow.LARGE_BINARY: Varbinary, arrow.BINARY_VIEW: Varbinary, arrow.FIXED_SIZE_BINARY: Varbinary,
		arrow.DATE32: Date, arrow.DATE64: Date, arrow.INTERVAL_MONTHS: IntervalMonth,
		arrow.INTERVAL_DAY_TIME: IntervalDay, arrow.INTERVAL_MONTH_DAY_NANO: Interval, arrow.DURATION: IntervalDay,
	}
}

// FromArrow is the type that an Arrow type carries; Unknown for one that none
// does. Timestamps of microseconds or coarser are the lake's timestamp(3).
func FromArrow(dt arrow.DataType) Type {
	if k, ok := plainArrow()[dt.ID()]; ok {
		return Of(k)
	}
	switch a := dt.(type) {
	case *arrow.TimestampType:
		t := Type{Kind: Timestamp, Precision: fractionDigits}
		if a.Unit == arrow.Nanosecond {
			t.Precision = nanoseconds
		}
		if a.TimeZone != "" {
			t.Kind = TimestampTZ
		}
		return t
	case *arrow.Time32Type, *arrow.Time64Type:
		return Type{Kind: Time, Precision: fractionDigits}
	case arrow.DecimalType:
		return DecimalOf(int(a.GetPrecision()), int(a.GetScale()))
	case *arrow.DictionaryType:
		return FromArrow(a.ValueType)
	case *arrow.MapType:
		return MapOf(FromArrow(a.KeyType()), FromArrow(a.ItemType()))
	case *arrow.StructType:
		t := Of(Row)
		for _, f := range a.Fields() {
			t.Fields = append(t.Fields, Field{Name: f.Name, Type: FromArrow(f.Type)})
		}
		return t
	case arrow.ListLikeType:
		return ArrayOf(FromArrow(a.Elem()))
	case arrow.ExtensionType:
		if a.ExtensionName() == "arrow.uuid" {
			return Of(UUID)
		}
		if a.ExtensionName() == "arrow.json" {
			return Of(JSON)
		}
		return FromArrow(a.StorageType())
	}
	return Of(Unknown)
}
