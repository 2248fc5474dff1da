package dialect

import (
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// ParseType reads a type name of any dialect: the catalog's (struct<a:int>,
// array<string>, decimal(10,2)), the lake's (row(a integer), map(varchar,
// double), timestamp(3) with time zone), the warehouse's (character varying(8),
// int4[], "char") and the engine's (STRUCT(a INTEGER), HUGEINT, INTEGER[]).
// Where a word means different things the dialects agree on one here: timestamp
// without digits has 3, decimal without digits is decimal(38,0) (but in the
// lake's DDL, where it is decimal(10,0)).
func ParseType(text string) (Type, error) {
	c, err := newCursor(text, Lake)
	if err != nil {
		return Type{}, badType(text, err)
	}
	t := c.typeName(0)
	if c.err == nil && !c.done() {
		c.mismatch("<EOF>")
	}
	if c.err != nil {
		return Type{}, badType(text, c.err)
	}
	return t, nil
}

func badType(text string, cause error) error {
	return BadType.Wrap(cause, "cannot read the type "+strconv.Quote(clip(text))+": "+fault.Message(cause))
}

// plainTypes are the names of one word that take no digits.
var plainTypes = map[string]TypeKind{
	"BOOLEAN": Boolean, "BOOL": Boolean, "LOGICAL": Boolean,
	"TINYINT": TinyInt, "INT1": TinyInt, "BYTE": TinyInt,
	"SMALLINT": SmallInt, "INT2": SmallInt, "SHORT": SmallInt,
	"INTEGER": Integer, "INT": Integer, "INT4": Integer, "SIGNED": Integer,
	"BIGINT": BigInt, "INT8": BigInt, "LONG": BigInt,
	"HUGEINT": HugeInt, "INT128": HugeInt,
	"UTINYINT": UTinyInt, "USMALLINT": USmallInt, "UINTEGER": UInteger, "UBIGINT": UBigInt, "UHUGEINT": UHugeInt,
	"REAL": Real, "FLOAT4": Real, "FLOAT8": Double,
	"STRING": Varchar, "TEXT": Varchar, "BPCHAR": Varchar,
	"BINARY": Varbinary, "VARBINARY": Varbinary, "BLOB": Varbinary, "BYTEA": Varbinary,
	"DATE": Date, "DATETIME": Timestamp, "TIMESTAMPTZ": TimestampTZ, "TIMETZ": TimeTZ,
	"TIMESTAMP_LTZ": TimestampTZ,
	"JSON":          JSON, "JSONB": JSON, "UUID": UUID, "IPADDRESS": IPAddress, "BIT": Bit,
	"UNKNOWN": Unknown, "NULL": Unknown,
	"NAME": SystemName, "OID": OID, "REGCLASS": RegClass, "REGTYPE": RegType, "REGPROC": RegProc, "REGNAMESPACE": RegNamespace,
}

// typeReader finds the reader of a type word. It is a function and not a table
// because the readers call each other.
func typeReader(word string) func(c *cursor, depth int) Type {
	switch word {
	case "DECIMAL", "NUMERIC", "DEC":
		return (*cursor).decimalType
	case "VARCHAR", "NVARCHAR", "CHARACTER", "CHAR", "NCHAR":
		return func(c *cursor, _ int) Type { return c.textType(word) }
	case "FLOAT":
		return func(c *cursor, _ int) Type {
			if p := c.digits(); p > 24 {
				return Of(Double)
			}
			return Of(Real)
		}
	case "DOUBLE":
		return func(c *cursor, _ int) Type { c.accept("PRECISION"); return Of(Double) }
	case "TIME":
		return func(c *cursor, _ int) Type { return c.timeType(Time, TimeTZ) }
	case "TIMESTAMP":
		return func(c *cursor, _ int) Type { return c.timeType(Timestamp, TimestampTZ) }
	case "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS":
		digits := map[string]int{"TIMESTAMP_S": 0, "TIMESTAMP_MS": fractionDigits, "TIMESTAMP_NS": nanoseconds}[word]
		return func(*cursor, int) Type { return Type{Kind: Timestamp, Precision: digits} }
	case "INTERVAL":
		return func(c *cursor, _ int) Type { return c.intervalType() }
	case "ARRAY", "LIST":
		return (*cursor).arrayType
	case "MAP":
		return (*cursor).mapType
	case "ROW", "STRUCT", "UNION":
		return func(c *cursor, depth int) Type { return c.rowType(word, depth) }
	case "ENUM":
		return func(c *cursor, _ int) Type { return c.enumType() }
	}
	return nil
}

// typeName reads a type.
func (c *cursor) typeName(depth int) Type {
	t := c.peek()
	if depth > maxTypeDepth {
		c.fail(TooDeep, t.Start, "types may be nested at most %d deep", maxTypeDepth)
		return Type{}
	}
	if t.Kind == Quoted && t.Value == "char" {
		c.next()
		return c.suffixes(Of(InternalChar), depth)
	}
	if t.Kind == Quoted && t.Value == "NULL" {
		c.next()
		return c.suffixes(Of(Unknown), depth)
	}
	if t.Kind != Word {
		c.mismatch("<type>")
		return Type{}
	}
	if t.Value == "PG_CATALOG" && c.ahead(1).Is(".") {
		c.i += 2
		return c.typeName(depth + 1)
	}
	if read := typeReader(t.Value); read != nil {
		c.next()
		return c.suffixes(read(c, depth), depth)
	}
	kind, ok := plainTypes[t.Value]
	if !ok {
		c.fail(BadType, t.Start, "Unknown type: '%s'", strings.ToLower(t.Text))
		return Type{}
	}
	c.next()
	out := Of(kind)
	if kind == Timestamp || kind == TimestampTZ || kind == TimeTZ {
		out.Precision = fractionDigits
	}
	if kind == Varchar || kind == Varbinary || kind == Bit || kind == Integer || kind == BigInt || kind == TimestampTZ {
		c.digits() // string(10), int(11), binary(16): digits that mean nothing
	}
	return c.suffixes(out, depth)
}

// suffixes reads [] and [3] after a type, and "array" after the warehouse's.
func (c *cursor) suffixes(t Type, depth int) Type {
	for n := depth; c.sees("["); n++ {
		if n > maxTypeDepth {
			c.fail(TooDeep, c.peek().Start, "types may be nested at most %d deep", maxTypeDepth)
			return t
		}
		c.next()
		if c.peek().Kind == Number {
			c.next()
		}
		c.expect("]")
		t = ArrayOf(t)
	}
	return t
}

// digits reads (n) if it is there; -1 says that it is not.
func (c *cursor) digits() int {
	if !c.sees("(") || c.ahead(1).Kind != Number || !c.ahead(2).Is(")") {
		return -1
	}
	c.next()
	n := c.integer()
	c.next()
	return n
}

// integer reads a whole number that is not negative.
func (c *cursor) integer() int {
	t := c.peek()
	n, err := strconv.Atoi(t.Text)
	if t.Kind != Number || err != nil || n < 0 || n > maxTextLength {
		c.mismatch("<integer>")
		return 0
	}
	c.next()
	return n
}

func (c *cursor) decimalType(int) Type {
	t := DecimalOf(decimalDigits, 0)
	if c.hive {
		t.Precision = hiveDecimal
	}
	at := c.peek().Start
	if !c.accept("(") {
		return t
	}
	t.Precision = c.integer()
	if c.accept(",") {
		t.Scale = c.integer()
	}
	c.expect(")")
	if t.Precision < 1 || t.Precision > maxDecimal {
		c.fail(BadType, at, "DECIMAL precision must be in range [1, %d]: %d", maxDecimal, t.Precision)
	}
	if t.Scale > t.Precision {
		c.fail(BadType, at, "DECIMAL scale must be in range [0, precision (%d)]: %d", t.Precision, t.Scale)
	}
	return t
}

func (c *cursor) textType(word string) Type {
	t := Of(Varchar)
	if (word == "CHARACTER" || word == "CHAR" || word == "NCHAR") && !c.accept("VARYING") {
		t = Type{Kind: Char, Length: 1}
	}
	at := c.peek().Start
	if c.sees("(", "MAX", ")") {
		c.i += 3
		return t
	}
	if n := c.digits(); n == 0 {
		c.fail(BadType, at, "a length of characters must be at least 1")
	} else if n > 0 {
		t.Length = n
	}
	if t.Length == maxTextLength {
		t.Length = 0
	}
	return t
}

// timeType reads (p) and WITH|WITHOUT [LOCAL] TIME ZONE.
func (c *cursor) timeType(plain, zoned TypeKind) Type {
	t := Type{Kind: plain, Precision: fractionDigits}
	at := c.peek().Start
	if n := c.digits(); n >= 0 {
		t.Precision = n
	}
	if t.Precision > maxFractionDigits {
		c.fail(BadType, at, "TIMESTAMP precision must be in range [0, %d]: %d", maxFractionDigits, t.Precision)
	}
	switch {
	case c.accept("WITH", "TIME", "ZONE"), c.accept("WITH", "LOCAL", "TIME", "ZONE"):
		t.Kind = zoned
	default:
		c.accept("WITHOUT", "TIME", "ZONE")
	}
	return t
}

func (c *cursor) intervalType() Type {
	switch {
	case c.accept("YEAR", "TO", "MONTH"), c.accept("YEAR"), c.accept("MONTH"):
		return Of(IntervalMonth)
	case c.accept("DAY", "TO", "SECOND"), c.accept("DAY"), c.accept("HOUR"), c.accept("MINUTE"), c.accept("SECOND"):
		return Of(IntervalDay)
	}
	c.digits()
	return Of(Interval)
}

// brackets reads the opening bracket of a nested type and returns the closing.
func (c *cursor) brackets() string {
	switch {
	case c.accept("("):
		return ")"
	case c.accept("<"):
		return ">"
	}
	c.mismatch("<", "(")
	return ")"
}

func (c *cursor) arrayType(depth int) Type {
	end := c.brackets()
	elem := c.typeName(depth + 1)
	c.expect(end)
	return ArrayOf(elem)
}

func (c *cursor) mapType(depth int) Type {
	end := c.brackets()
	key := c.typeName(depth + 1)
	c.expect(",")
	value := c.typeName(depth + 1)
	c.expect(end)
	return MapOf(key, value)
}

// rowType reads row(a integer, varchar), struct<a:int,b:string> with comments,
// STRUCT(a INTEGER) and UNION(a INTEGER).
func (c *cursor) rowType(word string, depth int) Type {
	t := Of(Row)
	if word == "UNION" {
		t.Kind = Union
	}
	end := c.brackets()
	for c.err == nil && !c.sees(end) {
		t.Fields = append(t.Fields, c.field(depth+1))
		if c.accept("COMMENT") {
			c.string()
		}
		if !c.accept(",") {
			break
		}
	}
	c.expect(end)
	return t
}

// field reads "a integer", "a:int" or a type alone. A word with a bracket,
// comma or end after it is a type; any other word is a name.
func (c *cursor) field(depth int) Field {
	first, after := c.peek(), c.ahead(1)
	named := first.Kind == Quoted && first.Value != "NULL" || first.Kind == Number || after.Is(":") ||
		after.Kind == Quoted || after.Kind == Word && !c.typeContinues(first, after)
	if !named {
		return Field{Type: c.typeName(depth)}
	}
	c.next()
	name := first.Text
	if first.Kind == Quoted {
		name = first.Value
	}
	c.accept(":")
	return Field{Name: name, Type: c.typeName(depth)}
}

// typeContinues says whether two words begin a type of several words.
func (c *cursor) typeContinues(first, after Token) bool {
	switch first.Value {
	case "DOUBLE":
		return after.Value == "PRECISION"
	case "CHARACTER":
		return after.Value == "VARYING"
	case "TIME", "TIMESTAMP":
		return after.Value == "WITH" || after.Value == "WITHOUT"
	case "INTERVAL":
		return after.Value == "YEAR" || after.Value == "DAY" || after.Value == "MONTH"
	}
	return after.Value == "COMMENT" && plainTypes[first.Value] != Unknown
}

func (c *cursor) enumType() Type {
	t := Of(Enum)
	c.expect("(")
	for {
		t.Values = append(t.Values, c.string())
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return t
}
