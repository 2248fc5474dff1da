package workgroup

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// build makes an array of one value.
func build(t *testing.T, typ arrow.DataType, fill func(array.Builder)) arrow.Array {
	t.Helper()
	b := array.NewBuilder(memory.DefaultAllocator, typ)
	defer b.Release()
	fill(b)
	return b.NewArray()
}

// from makes an array of JSON text.
func from(t *testing.T, typ arrow.DataType, json string) arrow.Array {
	t.Helper()
	a, _, err := array.FromJSON(memory.DefaultAllocator, typ, strings.NewReader(json))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestValuesAsText(t *testing.T) {
	us := func(s string) int64 {
		at, err := time.Parse("2006-01-02 15:04:05.999999", s)
		if err != nil {
			t.Fatal(err)
		}
		return at.UnixMicro()
	}
	stamp := func(tz, s string) arrow.Array {
		return build(t, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: tz}, func(b array.Builder) {
			b.(*array.TimestampBuilder).Append(arrow.Timestamp(us(s)))
		})
	}
	day := func(d int32) arrow.Array {
		return build(t, arrow.FixedWidthTypes.Date32, func(b array.Builder) { b.(*array.Date32Builder).Append(arrow.Date32(d)) })
	}
	float := func(f float64) arrow.Array {
		return build(t, arrow.PrimitiveTypes.Float64, func(b array.Builder) { b.(*array.Float64Builder).Append(f) })
	}
	interval := func(m, d int32, ns int64) arrow.Array {
		return build(t, arrow.FixedWidthTypes.MonthDayNanoInterval, func(b array.Builder) {
			b.(*array.MonthDayNanoIntervalBuilder).Append(arrow.MonthDayNanoInterval{Months: m, Days: d, Nanoseconds: ns})
		})
	}
	for _, tt := range []struct {
		name, typ string
		value     arrow.Array
		want      string
	}{
		{"true", "boolean", from(t, arrow.FixedWidthTypes.Boolean, "[true]"), "true"},
		{"tinyint", "tinyint", from(t, arrow.PrimitiveTypes.Int8, "[-128]"), "-128"},
		{"bigint", "bigint", from(t, arrow.PrimitiveTypes.Int64, "[9223372036854775807]"), "9223372036854775807"},
		{"decimal", "decimal(10,2)", build(t, &arrow.Decimal128Type{Precision: 10, Scale: 2}, func(b array.Builder) {
			b.(*array.Decimal128Builder).Append(decimal128.FromI64(-1205))
		}), "-12.05"},
		{"double", "double", float(1.5), "1.5"},
		{"whole", "double", float(10), "10.0"},
		{"sum", "double", float(math.Nextafter(0.3, 1)), "0.30000000000000004"},
		{"large", "double", float(1e10), "1.0E10"},
		{"edge of plain", "double", float(9999999), "9999999.0"},
		{"ten million", "double", float(1e7), "1.0E7"},
		{"small", "double", float(0.001), "0.001"},
		{"smaller", "double", float(1.25e-7), "1.25E-7"},
		{"minus zero", "double", float(math.Copysign(0, -1)), "-0.0"},
		{"nan", "double", float(math.NaN()), "NaN"},
		{"infinity", "double", float(math.Inf(-1)), "-Infinity"},
		{"real", "real", from(t, arrow.PrimitiveTypes.Float32, "[0.1]"), "0.1"},
		{"varchar", "varchar", from(t, arrow.BinaryTypes.String, `["a\"b"]`), `a"b`},
		{"varbinary", "varbinary", build(t, arrow.BinaryTypes.Binary, func(b array.Builder) { b.(*array.BinaryBuilder).Append([]byte{1, 0xab}) }), "01 ab"},
		{"date", "date", day(18262), "2020-01-01"},
		{"late date", "date", day(2932897), "+10000-01-01"},
		{"timestamp", "timestamp(3)", stamp("", "2020-01-01 12:34:56.789123"), "2020-01-01 12:34:56.789"},
		{"timestamp without digits in its name", "timestamp", stamp("", "2020-01-01 00:00:00"), "2020-01-01 00:00:00.000"},
		{"timestamp(6)", "timestamp(6)", stamp("", "2020-01-01 12:34:56.000123"), "2020-01-01 12:34:56.000123"},
		{"timestamp(0)", "timestamp(0)", stamp("", "2020-01-01 12:34:56"), "2020-01-01 12:34:56"},
		{"before 1970", "timestamp(3)", stamp("", "1969-12-31 23:59:59.5"), "1969-12-31 23:59:59.500"},
		{"with time zone", "timestamp(3) with time zone", stamp("UTC", "2026-09-17 12:34:56.789"), "2026-09-17 12:34:56.789 UTC"},
		{"time", "time(3)", build(t, arrow.FixedWidthTypes.Time64us, func(b array.Builder) { b.(*array.Time64Builder).Append(arrow.Time64(45296789000)) }), "12:34:56.789"},
		{"days", "interval day to second", interval(0, 1, 0), "1 00:00:00.000"},
		{"negative days", "interval day to second", interval(0, -2, -3_600_000_000_000), "-2 01:00:00.000"},
		{"months", "interval year to month", interval(18, 0, 0), "1-6"},
		{"list", "array(integer)", from(t, arrow.ListOf(arrow.PrimitiveTypes.Int32), "[[1,null,3]]"), "[1, null, 3]"},
		{"list of lists", "array(array(varchar))", from(t, arrow.ListOf(arrow.ListOf(arrow.BinaryTypes.String)), `[[["a, b"],[]]]`), "[[a, b], []]"},
		{"row", `row(a integer, b varchar)`, from(t, arrow.StructOf(arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int32},
			arrow.Field{Name: "b", Type: arrow.BinaryTypes.String, Nullable: true}), `[{"a":1,"b":null}]`), "{a=1, b=null}"},
		{"map", "map(varchar, double)", build(t, arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64), func(b array.Builder) {
			m := b.(*array.MapBuilder)
			m.Append(true)
			m.KeyBuilder().(*array.StringBuilder).AppendValues([]string{"k", "l"}, nil)
			m.ItemBuilder().(*array.Float64Builder).AppendValues([]float64{1, 2}, []bool{true, false})
		}), "{k=1.0, l=null}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(appendValue(nil, tt.value, 0, shapeOf(tt.typ))); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCSV(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "i", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
		{Name: `q"uote`, Type: arrow.BinaryTypes.String, Nullable: true}}, nil)
	rec, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema,
		strings.NewReader(`[{"i":1,"q\"uote":"a\"b"},{"i":null,"q\"uote":""},{"i":2,"q\"uote":"two\nlines, one"},{"i":null,"q\"uote":null}]`))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := newCSVWriter(&b, []query.Column{{Name: "i", Type: "bigint"}, {Name: `q"uote`, Type: "varchar"}})
	if err := w.batch(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.flush(); err != nil {
		t.Fatal(err)
	}
	want := "\"i\",\"q\"\"uote\"\n\"1\",\"a\"\"b\"\n,\"\"\n\"2\",\"two\nlines, one\"\n,\n"
	if b.String() != want {
		t.Errorf("wrote\n%s\nwant\n%s", b.String(), want)
	}
	r := newCSVReader(strings.NewReader(want))
	var got []string
	for {
		row, err := r.row()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range row {
			if v == nil {
				got = append(got, "NULL")
			} else {
				got = append(got, *v)
			}
		}
	}
	if s := strings.Join(got, "|"); s != "i|q\"uote|1|a\"b|NULL||2|two\nlines, one|NULL|NULL" {
		t.Errorf("read %q", s)
	}
	if r.offset != int64(len(want)) {
		t.Errorf("stands at %d of %d", r.offset, len(want))
	}
}

// Whatever lies at the result's key, reading it ends in rows or a refusal.
func FuzzCSVReader(f *testing.F) {
	f.Add([]byte("\"a\",,\"b\"\"c\"\n"))
	f.Add([]byte("\"a"))
	f.Add([]byte(",\n\n,"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newCSVReader(bytes.NewReader(b))
		for {
			before := r.offset
			_, err := r.row()
			if err != nil {
				if !errors.Is(err, io.EOF) && !errors.Is(err, Gone) {
					t.Fatal(err)
				}
				return
			}
			if r.offset <= before || r.offset > int64(len(b)) {
				t.Fatalf("from %d to %d of %d", before, r.offset, len(b))
			}
		}
	})
}

func TestLines(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "a\nb": 2, "a\n": 2, "\n": 2} {
		r, n := newLineReader(strings.NewReader(text)), 0
		for {
			if _, err := r.row(); err != nil {
				break
			}
			n++
		}
		if n != want {
			t.Errorf("%q has %d rows, want %d", text, n, want)
		}
	}
}

// The bytes of a file that the real service wrote for a column of arrays,
// published in a question about the format (Stack Overflow 55991018).
func TestMetadataFileIsTheRealOne(t *testing.T) {
	want := "\x0a\x1b20190423_125128_00001_ehtur\"\x19\x0a\x04hive\"\x03ary*\x03ary2\x05arrayH\x03"
	got := metadataFile("20190423_125128_00001_ehtur", selectClass, []Column{{Name: "ary", Type: "array"}}, 0)
	if string(got) != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	// The count of a statement that writes: fields 2 and 3, then the column of
	// counts, 75 bytes with an id of 27 characters.
	got = metadataFile("20190423_125128_00001_ehtur", classes["INSERT"], []Column{countColumn}, 1)
	if tail := "\x12\x06INSERT\x18\x01\"\"\x0a\x04hive\"\x04rows*\x04rows2\x06bigint8\x13@\x00H\x03P\x00"; !strings.HasSuffix(string(got), tail) || len(got) != 75 {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}

func TestColumns(t *testing.T) {
	for _, tt := range []struct {
		typ  string
		want Column
	}{
		{"bigint", Column{"c", "bigint", 19, 0, false}},
		{"int", Column{"c", "integer", 10, 0, false}},
		{"real", Column{"c", "float", 17, 0, false}},
		{"decimal(10,2)", Column{"c", "decimal", 10, 2, false}},
		{"varchar", Column{"c", "varchar", varcharMax, 0, true}},
		{"varchar(7)", Column{"c", "varchar", 7, 0, true}},
		{"timestamp(6)", Column{"c", "timestamp", 3, 0, false}},
		{"timestamp(3) with time zone", Column{"c", "timestamp with time zone", 3, 0, false}},
		{"array(varchar(3))", Column{"c", "array", 0, 0, false}},
		{"row(a bigint, b decimal(3,1))", Column{"c", "row", 0, 0, false}},
		{"map(varchar, array(bigint))", Column{"c", "map", 0, 0, false}},
		{"date", Column{"c", "date", 0, 0, false}},
	} {
		if got := columnOf(query.Column{Name: "c", Type: tt.typ}); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.typ, got, tt.want)
		}
	}
}

func TestDescribedLines(t *testing.T) {
	for _, tt := range []struct {
		values []string
		want   string
	}{
		{[]string{"id", "bigint", ""}, "id                  \tbigint              \t                    "},
		{[]string{"", "", ""}, "\t \t "},
		{[]string{"# Partition Information", "", ""}, "# Partition Information\t \t "},
		{[]string{"# col_name", "data_type", "comment"}, "# col_name            \tdata_type           \tcomment             "},
		{[]string{"a_name_of_twenty_one_", "struct<aa:int,bb:int>", "c"}, "a_name_of_twenty_one_\tstruct<aa:int,bb:int>\tc                   "},
	} {
		if got := described(tt.values); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.values, got, tt.want)
		}
	}
}
