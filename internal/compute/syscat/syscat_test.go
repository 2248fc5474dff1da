package syscat

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/duck"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

func open(t testing.TB, file string, access Access) (*Service, *catalog.Service) {
	t.Helper()
	db, err := meta.Open(context.Background(), meta.Default(), file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c, err := catalog.Open(catalog.Default(), db)
	if err != nil {
		t.Fatal(err)
	}
	return Open(Needs{Catalog: c, Meta: db, Access: access, Version: "0.0.0"}), c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func populate(t testing.TB, c *catalog.Service) {
	ctx := context.Background()
	for _, d := range []string{"default", "sales"} {
		must(t, c.CreateDatabase(ctx, catalog.Database{Name: d}))
	}
	for _, name := range []string{"default.people", "sales.orders", "sales.o'clock"} {
		d, n, _ := strings.Cut(name, ".")
		must(t, c.CreateTable(ctx, catalog.Table{Database: d, Name: n, Type: "EXTERNAL_TABLE", Description: `it's "quoted"`,
			Storage: catalog.Storage{Columns: []catalog.Column{{Name: "id", Type: "int"}, {Name: "tags", Type: "array<string>"},
				{Name: "bad", Type: "no such type"}, {Name: "amount", Type: "decimal(12,3)"}}}}))
	}
}

// denyOrders hides one table.
type denyOrders struct{}

func (denyOrders) Table(_ context.Context, _, _, table string) error {
	if table == "orders" {
		return fault.Define("test.denied", fault.Denied, "no").New()
	}
	return nil
}

// TestRelations runs every relation in the engine: its SQL must be sound and
// its columns what it says.
func TestRelations(t *testing.T) {
	s, c := open(t, filepath.Join(t.TempDir(), "m.db"), denyOrders{})
	populate(t, c)
	engine, err := duck.Open(duck.Default())
	must(t, err)
	defer engine.Close()
	conn, err := engine.Acquire(context.Background(), "")
	must(t, err)
	defer conn.Release()
	for d, list := range map[dialect.Dialect]map[string]*relation{dialect.Warehouse: s.relations, dialect.Lake: s.lake} {
		for name, r := range list {
			sql, found, err := s.Relation(context.Background(), d, "default", r.schema, r.name)
			if err != nil || !found {
				t.Fatalf("%s: %v, %v", name, found, err)
			}
			if strings.Contains(sql, `"orders"`) {
				t.Errorf("%s shows a table that may not be read", name)
			}
			st, err := conn.Prepare(context.Background(), "SELECT * FROM "+sql+" x")
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			for i, f := range r.parse() {
				if got := st.Columns()[i]; got.Name != f.name || got.Type.SQL() != f.kind.Engine() && !strings.Contains(f.kind.Engine(), got.Type.SQL()[:4]) {
					t.Errorf("%s column %d: %s %s, want %s %s", name, i, got.Name, got.Type.SQL(), f.name, f.kind.Engine())
				}
			}
			rows, err := st.Query(context.Background(), nil, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else {
				if b, err := rows.Next(context.Background()); err == nil {
					b.Release()
				} else if err.Error() != "EOF" {
					t.Errorf("%s: %v", name, err)
				}
				rows.Close()
			}
			st.Close()
		}
	}
	if _, found, _ := s.Relation(context.Background(), dialect.Warehouse, "default", "sales", "orders"); found {
		t.Error("a table of the catalog is taken for one of ours")
	}
	if _, found, _ := s.Relation(context.Background(), dialect.Warehouse, "default", "pg_catalog", "pg_authid"); found {
		t.Error("pg_authid is shown")
	}
}

// TestNumbers: numbers are different, and the same after a restart and after
// things are dropped and made again.
func TestNumbers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.db")
	look := func(s *Service) map[string]int64 {
		v, err := s.view(context.Background())
		must(t, err)
		out, seen := map[string]int64{}, map[int64]string{}
		note := func(name string, oid int64) {
			if seen[oid] != "" || oid <= 0 || oid > lastOID {
				t.Errorf("%s has the number %d, as %q has", name, oid, seen[oid])
			}
			out[name], seen[oid] = oid, name
		}
		for _, sc := range v.schemas {
			note(sc.name, sc.oid)
			for _, tb := range sc.tables {
				note(sc.name+"."+tb.name, tb.oid)
				note(sc.name+"."+tb.name+" type", tb.rowType)
			}
		}
		return out
	}
	s, c := open(t, file, nil)
	populate(t, c)
	before := look(s)
	must(t, c.DeleteTable(context.Background(), "sales", "orders"))
	look(s)
	must(t, c.CreateTable(context.Background(), catalog.Table{Database: "sales", Name: "orders", Type: "EXTERNAL_TABLE"}))
	again := Open(s.needs) // remembers nothing
	if after := look(again); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("numbers changed:\n%v\n%v", before, after)
	}
}

func expand(t *testing.T, s *Service, sql string) (string, error) {
	t.Helper()
	tokens, err := dialect.Lex(sql, dialect.Warehouse)
	must(t, err)
	ctx := NewContext(context.Background(), &Session{Database: "boathouse", User: "anna", ProcessID: 7, Schemas: []string{"public"},
		Settings: []Setting{{Name: "TimeZone", Value: "UTC"}}})
	edits, err := s.Expand(ctx, sql, tokens, func(tok dialect.Token) string { return map[string]string{"$9": "integer"}[tok.Text] })
	if err != nil {
		return "", err
	}
	var b strings.Builder
	last := 0
	for _, e := range edits {
		if e.Start < last || e.End < e.Start {
			t.Fatalf("%s: edits overlap", sql)
		}
		b.WriteString(sql[last:e.Start] + e.Text)
		last = e.End
	}
	return b.String() + sql[last:], nil
}

func TestExpand(t *testing.T) {
	s, c := open(t, filepath.Join(t.TempDir(), "m.db"), nil)
	populate(t, c)
	for _, e := range []struct{ in, want string }{
		{"select a, b from t", "select a, b from t"},
		{"select pg_catalog.lower(a) from pg_catalog.pg_class c", `select lower(a) AS "lower" from pg_catalog.pg_class c`},
		{"select a::pg_catalog.text", `select a::text AS "a"`},
		{"select 1 where a OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default", `select 1 AS "?column?" where a ~ '^(x)$' `},
		{"select current_user, current_schema(), current_database() d", `select 'anna' AS "current_user", 'public' AS "current_schema", 'boathouse' d`},
		{"select 'pg_class'::regclass, 'pg_catalog.pg_type'::pg_catalog.regclass::oid x", `select 1259 AS "regclass", 1247::oid x`},
		{"select 'int4'::regtype t, 'text[]'::regtype u, 'array_in'::regproc v, 'pg_catalog'::regnamespace w", "select 23 t, 1009 u, 'array_in' v, 11 w"},
		{"select $9, $1", `select ($9::integer) AS "?column?", $1 AS "?column?"`},
		{"select $9::bigint", `select $9::bigint AS "int8"`},
		{"select current_setting('timezone') a, current_setting('nope', true) b", "select 'UTC' a, CAST(NULL AS varchar) b"},
		{"select pg_get_expr($1, 2) a", "select CASE WHEN CAST(($1) AS varchar) IS NULL THEN CAST(NULL AS varchar) ELSE CAST(NULL AS varchar) END a"},
		{"select has_table_privilege('t', 'SELECT') a, has_table_privilege('t', 'INSERT') b", "select true a, false b"},
		{"select * from generate_series(1, 3) s", "select * from generate_series(1, 3) s(s)"},
		{"select * from generate_series(1, 3) where true", "select * from generate_series(1, 3) where true"},
		{`select '{a,"b c",NULL}'::text[] x`, "select ARRAY['a', 'b c', NULL]::text[] x"},
		{"select '{}'::int[] x, '{a'::text x, '{{1}}'::int[] y", "select ARRAY[]::int[] x, '{a'::text x, '{{1}}'::int[] y"},
		{"select x.current_user, \"user\", a as user from x", "select x.current_user, \"user\", a as user from x"},
		{"select count(*), count(*) n, max(a) over (order by b), a[1], -a, (a), (select max(b) from t), case when a then b end, cast(a as text), cast(1 as text), date '2026-01-01', true, array[1]",
			`select count(*) AS "count", count(*) n, max(a) over (order by b) AS "max", a[1] AS "a", -a AS "?column?", (a) AS "a", (select max(b) AS "max" from t) AS "max", case when a then b end AS "case", cast(a as text) AS "a", cast(1 as text) AS "text", date '2026-01-01' AS "date", true AS "bool", array[1] AS "array"`},
		{"select a is distinct from b, a between 1 and 2, a::double precision, a::double precision d, a or b from t", `select a is distinct from b AS "?column?", a between 1 and 2 AS "?column?", a::double precision AS "a", a::double precision d, a or b AS "?column?" from t`},
		{"select distinct on (a) a + 1, b from t union select 1, 2", `select distinct on (a) a + 1 AS "?column?", b from t union select 1 AS "?column?", 2 AS "?column?"`},
	} {
		got, err := expand(t, s, e.in)
		if err != nil || got != e.want {
			t.Errorf("%s\n got %s, %v\nwant %s", e.in, got, err, e.want)
		}
	}
	for in, want := range map[string]*fault.Reason{
		"select 'nope'::regclass": NoRelation, "select 'nope'::regtype": NoType, "select 'nope'::regnamespace": NoSchema,
		"select current_setting('nope')": NoSetting, "select set_config('a', 'b', false)": NotServed,
		"select " + strings.Repeat("format_type(1, ", 1000) + "1" + strings.Repeat(")", 1000): TooDeep,
		"select " + strings.Repeat("format_type(1, ", 20) + "1" + strings.Repeat(")", 20):     TooDeep,
		"select " + strings.Repeat("(", 1000) + "a" + strings.Repeat(")::regclass", 1000):     TooDeep,
		strings.Repeat("select ", 20000): TooDeep,
	} {
		if _, err := expand(t, s, in); fault.ReasonOf(err) != want {
			t.Errorf("%.60s: %v, want %s", in, err, want.Name)
		}
	}
}

func FuzzExpand(f *testing.F) {
	s, c := open(f, filepath.Join(f.TempDir(), "m.db"), nil)
	populate(f, c)
	for _, seed := range []string{"select format_type(a, b), 'x'::regclass from pg_catalog.pg_class", "select cast($1 as regclass), '{a}'::text[], a[1], {'a': 1}", "select count(*) over (", "select distinct on (", "select OPERATOR(pg_catalog.", "select a::", "collate pg_catalog."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		tokens, err := dialect.Lex(sql, dialect.Warehouse)
		if err != nil {
			return
		}
		edits, err := s.Expand(context.Background(), sql, tokens, func(dialect.Token) string { return "integer" })
		last := 0
		for _, e := range edits {
			if e.Start < last || e.End < e.Start || e.End > len(sql) {
				t.Fatalf("%q: edits overlap: %v", sql, edits)
			}
			last = e.End
		}
		_ = err
	})
}
