package dialect

import "strings"

// TypeKind is the class of a type, the same for all dialects.
type TypeKind uint8

// The kinds of type.
const (
	Unknown TypeKind = iota // the type of NULL
	Boolean
	TinyInt
	SmallInt
	Integer
	BigInt
	HugeInt // 128 bits: only the engine has it
	UTinyInt
	USmallInt
	UInteger
	UBigInt
	UHugeInt
	Real
	Double
	Decimal // Precision, Scale
	Varchar // Length, 0 for any
	Char    // Length
	Varbinary
	Bit
	Date
	Time        // Precision
	TimeTZ      // Precision
	Timestamp   // Precision
	TimestampTZ // Precision
	IntervalMonth
	IntervalDay
	Interval // months, days and microseconds together: the engine's and the warehouse's
	JSON
	UUID
	IPAddress
	Array // Fields[0] is the element
	Map   // Fields[0] is the key, Fields[1] the value
	Row   // Fields
	Enum  // Values
	Union // Fields
	// What only the warehouse's catalog speaks of.
	SystemName   // name, 63 bytes
	InternalChar // "char", one byte
	OID
	RegClass
	RegType
	RegProc
	RegNamespace
)

// Field is a part of a nested type. Name is empty for elements, keys, values
// and unnamed fields of a row.
type Field struct {
	Name string
	Type Type
}

// Type is a type of any dialect. Precision, Scale and Length mean what the kind
// says: digits of a decimal, digits of the second's fraction of a time
// ([NoPrecision] if not said), characters.
type Type struct {
	Kind      TypeKind
	Precision int
	Scale     int
	Length    int
	Fields    []Field
	Values    []string // of an Enum
}

// The default precisions of time types, and of a DECIMAL without one.
const (
	fractionDigits    = 3 // of timestamp in the lake dialect
	microseconds      = 6
	nanoseconds       = 9
	decimalDigits     = 38
	hiveDecimal       = 10
	maxDecimal        = 38
	maxTypeDepth      = 64
	maxTextLength     = 1<<31 - 1
	maxFractionDigits = 12
)

// Of makes a type without parts.
func Of(k TypeKind) Type { return Type{Kind: k} }

// DecimalOf makes a decimal type.
func DecimalOf(precision, scale int) Type {
	return Type{Kind: Decimal, Precision: precision, Scale: scale}
}

// ArrayOf makes an array type.
func ArrayOf(elem Type) Type { return Type{Kind: Array, Fields: []Field{{Type: elem}}} }

// MapOf makes a map type.
func MapOf(key, value Type) Type {
	return Type{Kind: Map, Fields: []Field{{Type: key}, {Type: value}}}
}

// RowOf makes a row type.
func RowOf(fields ...Field) Type { return Type{Kind: Row, Fields: fields} }

// IsNested says whether the type has parts.
func (t Type) IsNested() bool {
	return t.Kind == Array || t.Kind == Map || t.Kind == Row || t.Kind == Union
}

// String is the lake dialect's name of the type.
func (t Type) String() string { return t.Trino() }

// Equal says whether two types are the same, names of fields included.
func (t Type) Equal(o Type) bool {
	if t.Kind != o.Kind || t.Precision != o.Precision || t.Scale != o.Scale || t.Length != o.Length ||
		len(t.Fields) != len(o.Fields) || strings.Join(t.Values, "\x00") != strings.Join(o.Values, "\x00") {
		return false
	}
	for i, f := range t.Fields {
		if f.Name != o.Fields[i].Name || !f.Type.Equal(o.Fields[i].Type) {
			return false
		}
	}
	return true
}
