package duck

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
)

func open(t testing.TB, change func(*Config)) (*Engine, string) {
	t.Helper()
	dir := t.TempDir()
	cfg := Default()
	cfg.Threads, cfg.TempDir, cfg.AllowedDirs = 2, filepath.Join(dir, "spill"), []string{filepath.Join(dir, "in")}
	if err := os.Mkdir(cfg.AllowedDirs[0], 0o700); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e, cfg.AllowedDirs[0]
}

func acquire(t testing.TB, e *Engine) *Conn {
	t.Helper()
	c, err := e.Acquire(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Release)
	return c
}

// rows runs sql and returns each row as text.
func rows(t testing.TB, c *Conn, sql string, args ...any) []string {
	t.Helper()
	out, err := tryRows(c, sql, nil, args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

func tryRows(c *Conn, sql string, as func(int, Type) Type, args ...any) (out []string, err error) {
	ctx := context.Background()
	s, err := c.Prepare(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r, err := s.Query(ctx, args, as)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for {
		b, err := r.Next(ctx)
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		for i := range int(b.NumRows()) {
			var cells []string
			for _, col := range b.Columns() {
				cells = append(cells, col.ValueStr(i))
			}
			out = append(out, strings.Join(cells, "|"))
		}
		b.Release()
	}
}

// Every type, with nulls and at its limits, arrives as Arrow says it.
func TestTypes(t *testing.T) {
	e, _ := open(t, nil)
	c := acquire(t, e)
	for _, x := range []struct{ sql, arrow, want string }{
		{"true", "bool", "true"},
		{"(-128)::tinyint", "int8", "-128"},
		{"(-32768)::smallint", "int16", "-32768"},
		{"2147483647", "int32", "2147483647"},
		{"9223372036854775807", "int64", "9223372036854775807"},
		{"255::utinyint", "uint8", "255"},
		{"18446744073709551615::ubigint", "uint64", "18446744073709551615"},
		{"1.5::float", "float32", "1.5"},
		{"'nan'::double", "float64", "NaN"},
		{"99.9::decimal(3,1)", "decimal(3, 1)", "99.9"},
		{"-12345.678::decimal(9,3)", "decimal(9, 3)", "-12345.678"},
		{"-1234567890.12::decimal(18,2)", "decimal(18, 2)", "-1234567890.12"},
		{"-99999999999999999999999999999999999999::decimal(38,0)", "decimal(38, 0)", "-99999999999999999999999999999999999999"},
		{"(-5)::hugeint", "decimal(38, 0)", "-5"},
		{"'grüße, a text longer than twelve bytes'", "utf8", "grüße, a text longer than twelve bytes"},
		{"''", "utf8", ""},
		{"'\\xAA\\x00'::blob", "binary", "qgA="},
		{"date '1969-12-31'", "date32", "1969-12-31"},
		{"time '23:59:59.123456'", "time64[us]", "23:59:59.123456"},
		{"timestamp '2020-02-29 12:34:56.789012'", "timestamp[us]", "2020-02-29T12:34:56.789012"},
		{"timestamp_s '1969-12-31 23:59:59'", "timestamp[us]", "1969-12-31T23:59:59"},
		{"timestamp_ns '1969-12-31 23:59:59.999999999'", "timestamp[us]", "1969-12-31T23:59:59.999999"},
		{"timestamptz '2020-02-29 12:00:00+02'", "timestamp[us, tz=UTC]", "2020-02-29T10:00:00Z"},
		{"interval '1 month 2 days 3 seconds'", "month_day_nano_interval", `{"months":1,"days":2,"nanoseconds":3000000000}`},
		{"'00112233-4455-6677-8899-aabbccddeeff'::uuid", "utf8", "00112233-4455-6677-8899-aabbccddeeff"},
		{"'b'::enum('a','b')", "utf8", "b"},
		{"'{\"a\":1}'::json", "utf8", `{"a":1}`},
		{"timetz '12:00:00-01:30'", "utf8", "12:00:00.000000-01:30"},
		{"[1,null,3]", "list<item: int32, nullable>", "[1,null,3]"},
		{"[]::int[]", "list<item: int32, nullable>", "[]"},
		{"[['a'],null,[],['b','c']]", "list<item: list<item: utf8, nullable>, nullable>", `[["a"],null,[],["b","c"]]`},
		{"[[1,2,3]::int[3]]", "list<item: list<item: int32, nullable>, nullable>", "[[1,2,3]]"},
		{"{'a':1,'b':{'c':[true,null]}}", "struct<a: int32 nullable, b: struct<c: list<item: bool, nullable> nullable> nullable>", `{"a":1,"b":{"c":[true,null]}}`},
		{"map {'k':1,'l':null}", "map<utf8, int32, items_nullable>", `[{"key":"k","value":1},{"key":"l","value":null}]`},
	} {
		t.Run(x.sql, func(t *testing.T) {
			// The nulls between and the filter make the engine's vectors sparse.
			sql := fmt.Sprintf("SELECT CASE WHEN i %% 3 = 0 THEN %s END AS v FROM range(10) r(i) WHERE i %% 2 = 0", x.sql)
			s, err := c.Prepare(context.Background(), sql)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Columns()[0].Type.Arrow().String(); got != x.arrow {
				t.Errorf("type %s, want %s", got, x.arrow)
			}
			s.Close()
			null := "(null)"
			if got, want := fmt.Sprint(rows(t, c, sql)), fmt.Sprint([]string{x.want, null, null, x.want, null}); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestNullType(t *testing.T) {
	e, _ := open(t, nil)
	c := acquire(t, e)
	if got := rows(t, c, "SELECT NULL, [NULL], 1"); fmt.Sprint(got) != "[(null)|[null]|1]" {
		t.Error(got)
	}
}

// A kind that clients do not know is carried as its neighbour, or refused when
// the value does not fit.
func TestCarriedAs(t *testing.T) {
	e, _ := open(t, nil)
	c := acquire(t, e)
	as := func(kind string) func(int, Type) Type {
		return func(_ int, t Type) Type {
			if t.Kind == "LIST" {
				return Type{Kind: "LIST", Elem: &Type{Kind: kind}}
			}
			return Type{Kind: kind}
		}
	}
	for _, x := range []struct{ sql, as, want string }{
		{"sum(i)", "BIGINT", "[45]"},
		{"[sum(i)]", "BIGINT", "[[45]]"},
		{"min(-7)::hugeint", "BIGINT", "[-7]"},
		{"max(i)::ubigint", "BIGINT", "[9]"},
		{"9223372036854775808::hugeint", "BIGINT", "Out of Range: the value 9223372036854775808 is out of the range of BIGINT"},
		{"18446744073709551615::ubigint", "BIGINT", "Out of Range: the value 18446744073709551615 is out of the range of BIGINT"},
		{"max(200)::utinyint", "SMALLINT", "[200]"},
		{"max(4000000000)::uinteger", "BIGINT", "[4000000000]"},
		{"170141183460469231731687303715884105727::hugeint", "", "Out of Range: the value 170141183460469231731687303715884105727 is out of the range of HUGEINT"},
	} {
		var f func(int, Type) Type
		if x.as != "" {
			f = as(x.as)
		}
		got, err := tryRows(c, "SELECT "+x.sql+" FROM range(10) t(i)", f)
		text := fmt.Sprint(got)
		if err != nil {
			text = strings.TrimPrefix(err.Error(), `column "v": `)
			if i := strings.Index(text, "Out of"); i > 0 {
				text = text[i:]
			}
		}
		if text != x.want {
			t.Errorf("%s as %s: got %s, want %s", x.sql, x.as, text, x.want)
		}
	}
}

func TestParameters(t *testing.T) {
	e, _ := open(t, nil)
	c := acquire(t, e)
	at := time.Date(2024, 1, 2, 3, 4, 5, 6000, time.UTC)
	got := rows(t, c, "SELECT $1::int, $2::varchar, $3::double, $4::boolean, $5::blob, $6::timestamptz, $7::varchar",
		"42", "it's", 1.5, true, []byte{1, 2}, at, nil)
	if fmt.Sprint(got) != "[42|it's|1.5|true|AQI=|2024-01-02T03:04:05.000006Z|(null)]" {
		t.Error(got)
	}
	if _, err := tryRows(c, "SELECT $1", nil); err == nil {
		t.Error("a missing value is accepted")
	}
}

func TestErrors(t *testing.T) {
	e, _ := open(t, nil)
	c := acquire(t, e)
	for _, x := range []struct {
		sql, want string
		pos       int
	}{
		{"SELECT 1 FROM WHERE", "Parser/SYNTAX_ERROR/", 14},
		{"SELECT 'é', nosuch FROM (SELECT 1 AS a)", "Binder/COLUMN_NOT_FOUND/nosuch", 13},
		{"SELECT * FROM nosuch", "Catalog/MISSING_ENTRY/nosuch", 14},
		{"SELECT nosuch(1)", "Catalog/MISSING_ENTRY/nosuch", 7},
		{"SELECT 'x'::int", "Conversion//", 10},
		{"SELECT error('stop')", "Invalid Input//", -1},
	} {
		_, err := tryRows(c, x.sql, nil)
		var de *Error
		if !errors.As(err, &de) {
			t.Errorf("%s: %v", x.sql, err)
			continue
		}
		if got := fmt.Sprintf("%s/%s/%s", de.Class, de.Subtype, de.Name); got != x.want || de.Position != x.pos {
			t.Errorf("%s: %s at %d, want %s at %d", x.sql, got, de.Position, x.want, x.pos)
		}
	}
}

// The second fence holds without the caller's check.
func TestFence(t *testing.T) {
	e, dir := open(t, nil)
	c := acquire(t, e)
	out := filepath.Join(filepath.Dir(dir), "out")
	for _, sql := range []string{
		"SELECT * FROM read_csv('/etc/passwd')",
		"SELECT * FROM read_text('" + dir + "/../secret')",
		"SELECT * FROM 'https://example.com/x.parquet'",
		"COPY (SELECT 1) TO '" + out + "'",
		"ATTACH '" + out + "' AS x",
		"INSTALL httpfs",
		"LOAD httpfs",
		"SET memory_limit = '1TB'",
		"SET GLOBAL enable_external_access = true",
		"SET allowed_directories = ['/']",
		"RESET lock_configuration",
		"PRAGMA enable_external_access",
		"EXPORT DATABASE '" + out + "'",
		"SELECT * FROM glob('/*')",
	} {
		if _, err := tryRows(c, sql, nil); err == nil {
			t.Errorf("%s is allowed", sql)
		}
	}
	if err := c.Exec(context.Background(), "COPY (SELECT 1 AS a) TO '"+dir+"/a.parquet'"); err != nil {
		t.Error(err)
	}
	if got := rows(t, c, "SELECT * FROM read_parquet('"+dir+"/a.parquet')"); fmt.Sprint(got) != "[1]" {
		t.Error(got)
	}
}

func TestCancel(t *testing.T) {
	e, _ := open(t, nil)
	c := acquire(t, e)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	s, err := c.Prepare(ctx, "SELECT count(*) FROM range(100000000000) a(i) WHERE hash(i) = 1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Query(ctx, nil, nil)
	if err == nil {
		_, err = r.Next(ctx)
		r.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if got := rows(t, c, "SELECT 7"); fmt.Sprint(got) != "[7]" {
		t.Error("after a cancel: ", got)
	}
}

// A statement that is read slowly keeps no place in the queue.
func TestSlowReaderHoldsNoSlot(t *testing.T) {
	e, _ := open(t, func(c *Config) { c.QueriesMax = 1 })
	slow := acquire(t, e)
	ctx := context.Background()
	s, err := slow.Prepare(ctx, "SELECT i, 'text' || i FROM range(1000000) t(i)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Query(ctx, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := r.Next(ctx); err != nil {
		t.Fatal(err)
	} else {
		b.Release()
	}
	if got := rows(t, acquire(t, e), "SELECT sum(i) FROM range(10) t(i)"); fmt.Sprint(got) != "[45]" {
		t.Error(got)
	}
}

func TestOpenMax(t *testing.T) {
	e, _ := open(t, func(c *Config) { c.OpenMax = 1 })
	acquire(t, e)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := e.Acquire(ctx, ""); !errors.Is(err, Busy) {
		t.Error(err)
	}
}

func TestMemoryLimit(t *testing.T) {
	e, _ := open(t, func(c *Config) { c.MemoryMaxBytes, c.TempMaxBytes = 64<<20, 16<<20 })
	c := acquire(t, e)
	_, err := tryRows(c, "SELECT * FROM (SELECT md5(i::varchar) || sha256(i::varchar) AS v FROM range(2000000) t(i)) ORDER BY v LIMIT 1999999", nil)
	var de *Error
	if !errors.As(err, &de) || de.Class != OutOfMemory {
		t.Fatal(err)
	}
	if got := rows(t, c, "SELECT 7"); fmt.Sprint(got) != "[7]" {
		t.Error(got)
	}
}

func TestConcurrent(t *testing.T) {
	e, _ := open(t, nil)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			c, err := e.Acquire(context.Background(), "")
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Release()
			got, err := tryRows(c, fmt.Sprintf("SELECT sum(i) + %d FROM range(100000) t(i)", i), nil)
			if want := fmt.Sprintf("[%d]", 4999950000+i); err != nil || fmt.Sprint(got) != want {
				t.Error(got, err)
			}
		})
	}
	wg.Wait()
}

func TestTextFunction(t *testing.T) {
	e, _ := open(t, func(c *Config) {
		c.Functions = []TextFunction{{Name: "shout", Make: func(spec string) func(dst, in []byte) ([]byte, error) {
			return func(dst, in []byte) ([]byte, error) {
				switch string(in) {
				case "none":
					return nil, nil
				case "bad":
					return nil, errors.New("bad text")
				case "panic":
					panic("oh")
				}
				return append(append(dst, bytes.ToUpper(in)...), spec...), nil
			}
		}}}
	})
	c := acquire(t, e)
	if got := rows(t, c, "SELECT shout(x, '!') FROM (VALUES ('a'), (NULL), ('none'), ('a longer text than twelve')) t(x)"); fmt.Sprint(got) != "[A! (null) (null) A LONGER TEXT THAN TWELVE!]" {
		t.Error(got)
	}
	if got := rows(t, c, "SELECT count(shout('x' || i, '!')) FROM range(100000) t(i)"); fmt.Sprint(got) != "[100000]" {
		t.Error(got)
	}
	for _, x := range []string{"bad", "panic"} {
		if _, err := tryRows(c, "SELECT shout('"+x+"', '')", nil); err == nil {
			t.Error(x, "succeeds")
		}
	}
}

func TestCloseWhileInUse(t *testing.T) {
	e, _ := open(t, nil)
	c, err := e.Acquire(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	e.Close()
	if got := rows(t, c, "SELECT 1"); fmt.Sprint(got) != "[1]" {
		t.Error(got)
	}
	c.Release()
	if _, err := e.Acquire(context.Background(), ""); !errors.Is(err, Closed) {
		t.Error(err)
	}
}

func BenchmarkStream(b *testing.B) {
	e, _ := open(b, nil)
	c := acquire(b, e)
	ctx := context.Background()
	for _, x := range []struct{ name, sql string }{
		{"numbers", "SELECT i, i::double, i::int, i::timestamp_ms::timestamp FROM range(1000000) t(i)"},
		{"text", "SELECT 'value number ' || i FROM range(1000000) t(i)"},
	} {
		b.Run(x.name, func(b *testing.B) {
			for b.Loop() {
				s, err := c.Prepare(ctx, strings.ReplaceAll(x.sql, "i::timestamp_ms::timestamp", "make_timestamp(i)"))
				if err != nil {
					b.Fatal(err)
				}
				r, err := s.Query(ctx, nil, nil)
				if err != nil {
					b.Fatal(err)
				}
				n := int64(0)
				for {
					var batch arrow.RecordBatch
					if batch, err = r.Next(ctx); err != nil {
						break
					}
					n += batch.NumRows()
					batch.Release()
				}
				r.Close()
				s.Close()
				if err != io.EOF || n != 1000000 {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkSelectOne(b *testing.B) {
	e, _ := open(b, nil)
	c := acquire(b, e)
	for b.Loop() {
		rows(b, c, "SELECT 1")
	}
}
