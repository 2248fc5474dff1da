package dialect

import (
	"reflect"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []Part
	}{
		{"", nil},
		{" ;; -- x\n", nil},
		{"SELECT 1", []Part{{"SELECT 1", 0}}},
		{"a; b 'x;y' ; -- c;\n c /* ; */ d;", []Part{{"a", 0}, {"b 'x;y'", 3}, {"c /* ; */ d", 20}}},
	} {
		got, err := Split(c.in, Lake)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("Split(%q) = %v, %v; want %v", c.in, got, err, c.want)
		}
	}
}

func TestPositions(t *testing.T) {
	_, err := Parse("-- é\nSHOW é ü", Lake)
	if at, ok := PositionOf(err); ok {
		t.Errorf("a statement that is refused by name has no position, got %v", at)
	}
	_, err = Parse("-- é\nMSCK 'é' x", Lake)
	at, ok := PositionOf(err)
	if want := (Position{Line: 2, Column: 6, Offset: 11}); !ok || at != want {
		t.Errorf("position %v, want %v (%v)", at, want, err)
	}
}

func seeds(f *testing.F) {
	for _, s := range []string{"SELECT 1", "U&'\\0061'", "x'00'", "$a$ b $a$", "E'\\x41\\u0041\\101'", "/* /* */ */", "1e5.5.x", "a.1",
		"CREATE EXTERNAL TABLE t (a array<struct<b:int>>) PARTITIONED BY (c int)", "EXPLAIN (ANALYZE) EXPLAIN SELECT 1",
		"COPY t TO STDOUT (FORCE_QUOTE (a, b))", "UNLOAD (SELECT 1) TO 'x'", "ALTER TABLE t ADD PARTITION (a=1) LOCATION 'x'",
		"CREATE TABLE t AS SELECT 1 WITH NO DATA", "EXECUTE p USING (1, [2", "PREPARE p FROM PREPARE q FROM SELECT 1", "FETCH -"} {
		f.Add(s)
	}
}

func FuzzLex(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []Dialect{Lake, Warehouse} {
			toks, err := Lex(s, d)
			if err != nil {
				continue
			}
			end := 0
			for _, k := range toks {
				if k.Start < end || k.End < k.Start || k.End > len(s) || k.Kind != EOF && (k.Start == k.End || s[k.Start:k.End] != k.Text) {
					t.Fatalf("%q: token %+v after %d", s, k, end)
				}
				end = k.End
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []Dialect{Lake, Warehouse} {
			st, err := Parse(s, d)
			if err != nil {
				if at, ok := PositionOf(err); ok && at.Offset > len(s) {
					t.Fatalf("%q: %v", s, at)
				}
				continue
			}
			st.Tag()
			if q, ok := st.(*Query); ok && s[q.Offset:q.Offset+len(q.Text)] != q.Text {
				t.Fatalf("%q: query %+v", s, q)
			}
		}
	})
}

func FuzzParseType(f *testing.F) {
	for _, s := range []string{"array<struct<a:int>>", "map(varchar, row(a integer, b double precision))", "decimal(10,2)", "ENUM('a')",
		"INTEGER[3][]", "timestamp(3) with time zone", `"char"`, "pg_catalog.int4", "row(", "varchar(99999999999)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		typ, err := ParseType(s)
		if err != nil {
			return
		}
		typ.Hive()
		typ.Postgres()
		FromArrow(typ.Arrow())
		if again, err := ParseType(typ.Engine()); err != nil {
			t.Fatalf("%q: the engine's name %s: %v", s, typ.Engine(), err)
		} else if again.Engine() != typ.Engine() {
			t.Fatalf("%q: %s, then %s", s, typ.Engine(), again.Engine())
		}
	})
}

func FuzzTranslate(f *testing.F) {
	seeds(f)
	for _, s := range []string{"SELECT a[1], x -> y FROM UNNEST(a) WITH ORDINALITY AS t(x, n)", "SELECT CAST(a AS row(x int)), TRY(1/0)",
		"SELECT listagg(x, ',') WITHIN GROUP (ORDER BY y) OVER (PARTITION BY z)", "VALUES 1, (2)", "SELECT CASE WHEN a THEN b END",
		"SELECT a::int[], $1::regclass OPERATOR(pg_catalog.~) E'x' COLLATE pg_catalog.default", "SELECT x AT TIME ZONE 'u', INTERVAL '1' DAY",
		"SELECT transform_values(m, (k, v) -> v), date_format(a, '%Y'), f(", "SELECT EXTRACT(DOW FROM d), TRIM(BOTH 'x' FROM a)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range []Dialect{Lake, Warehouse} {
			text, edits, err := Translate(s, d)
			if err != nil {
				continue
			}
			if _, err := Lex(text, Warehouse); err != nil {
				t.Fatalf("%q: %q: %v", s, text, err)
			}
			for _, at := range []int{-1, 0, 1, len(text) / 2, len(text), len(text) + 9} {
				if n := edits.Back(at); n < 0 || n > len(s) {
					t.Fatalf("%q: Back(%d) = %d", s, at, n)
				}
			}
		}
	})
}
