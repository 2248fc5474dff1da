package query_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// escapes are queries that would reach files, settings, the network or the
// engine's own catalog.
var escapes = []string{
	"SELECT * FROM read_csv('/etc/passwd')",
	"SELECT * FROM read_csv_auto('/etc/passwd')",
	"SELECT * FROM READ_TEXT('/etc/passwd')",
	"SELECT * FROM read_blob('/etc/passwd')",
	"SELECT * FROM read_parquet('SECRET')",
	"SELECT * FROM parquet_scan('SECRET')",
	"SELECT * FROM parquet_metadata('SECRET')",
	"SELECT * FROM parquet_schema('SECRET')",
	"SELECT * FROM read_json('SECRET')",
	"SELECT * FROM read_ndjson_objects('SECRET')",
	"SELECT * FROM glob('/*')",
	"SELECT * FROM sniff_csv('/etc/passwd')",
	"SELECT * FROM '/etc/passwd'",
	`SELECT * FROM "/etc/passwd"`,
	`SELECT * FROM "SECRET"`,
	"SELECT * FROM 'SECRET'",
	"SELECT * FROM 'https://example.com/x.parquet'",
	"SELECT * FROM 's3://lake/x.parquet'",
	"SELECT * FROM read_csv('https://example.com/x.csv')",
	`SELECT * FROM main."SECRET"`,
	`SELECT * FROM memory.main."SECRET"`,
	"SELECT getenv('HOME')",
	"SELECT current_setting('temp_directory')",
	"SELECT * FROM duckdb_settings()",
	"SELECT * FROM duckdb_secrets()",
	"SELECT * FROM duckdb_extensions()",
	"SELECT * FROM duckdb_tables",
	"SELECT * FROM sqlite_master",
	"SELECT * FROM system.main.duckdb_views",
	"SELECT * FROM pragma_version()",
	"SELECT * FROM pragma_table_info('t')",
	"SELECT * FROM query('SELECT 1')",
	"SELECT * FROM query_table('SECRET')",
	"SELECT * FROM query_table(['SECRET'])",
	"SELECT json_execute_serialized_sql('{}')",
	"SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
	"SELECT json_serialize_plan('SELECT * FROM read_csv(''/etc/passwd'')')",
	"SELECT * FROM which_secret('x', 's3')",
	"SELECT write_log('x')",
	"SELECT * FROM enable_logging()",
	"SELECT * FROM enable_profiling()",
	"SELECT * FROM checkpoint()",
	"SELECT * FROM read_duckdb('SECRET')",
	"SELECT sleep_ms(10)",
	"SELECT nextval('s')",
	"SELECT boathouse_json_row('{}', '{}')",
	"SELECT * FROM test_all_types()",
	"SELECT * FROM sql_auto_complete('SEL')",
	"DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
	"SUMMARIZE t",
	"FROM read_csv('/etc/passwd')",
	"TABLE 'SECRET'",
	"SELECT * FROM (DESCRIBE t)",
	"SELECT * FROM (SHOW TABLES)",
	"SELECT * FROM (SUMMARIZE t)",
	"SELECT * FROM (PIVOT 'SECRET' ON a IN (1) USING sum(b))",
	"SELECT 1; COPY (SELECT 1) TO 'OUT'",
	"COPY (SELECT 1) TO 'OUT'",
	"COPY t FROM '/etc/passwd'",
	"ATTACH 'OUT' AS x",
	"DETACH memory",
	"INSTALL httpfs",
	"LOAD httpfs",
	"SET memory_limit = '1TB'",
	"SET GLOBAL enable_external_access = true",
	"RESET memory_limit",
	"PRAGMA database_list",
	"PRAGMA enable_profiling = 'json'",
	"EXPORT DATABASE 'OUT'",
	"IMPORT DATABASE 'OUT'",
	"CALL pragma_version()",
	"CREATE MACRO m() AS TABLE SELECT * FROM read_csv('/etc/passwd')",
	"CREATE TEMP TABLE x AS SELECT * FROM read_csv('/etc/passwd')",
	"CREATE SECRET x (TYPE s3)",
	"USE memory",
	"VACUUM",
	"CHECKPOINT",
	"EXECUTE x",
	"EXPLAIN ANALYZE SELECT * FROM read_csv('/etc/passwd')",
	"UPDATE t SET a = 1",
	"DELETE FROM t",
	"CREATE VIEW v AS SELECT * FROM read_csv('/etc/passwd')",
	"CREATE TABLE x WITH (external_location = 's3://lake/x/') AS SELECT * FROM read_csv('/etc/passwd')",
	"INSERT INTO t SELECT * FROM read_csv('/etc/passwd')",
	"UNLOAD (SELECT * FROM read_csv('/etc/passwd')) TO 's3://lake/u/' WITH (format = 'PARQUET')",
	"UNLOAD (SELECT 1 AS a) TO 'OUT' WITH (format = 'PARQUET')",
	"CREATE EXTERNAL TABLE x (a string) LOCATION 'file:///etc/'",
	"CREATE EXTERNAL TABLE x (a string) LOCATION '/etc/'",
}

// nests puts a query into places where a walker might not look.
var nests = []string{
	"%s",
	"SELECT * FROM (%s) q",
	"WITH q AS (%s) SELECT * FROM q",
	"WITH RECURSIVE q AS (SELECT 1 AS a UNION ALL (%s)) SELECT * FROM q",
	"SELECT (%s)",
	"SELECT 1 WHERE 1 IN (%s)",
	"SELECT 1 WHERE EXISTS (%s)",
	"SELECT * FROM t, LATERAL (%s) q",
	"SELECT * FROM t JOIN (%s) q ON true",
	"SELECT 1 UNION ALL (%s)",
	"SELECT a FROM t ORDER BY (%s)",
	"SELECT a FROM t LIMIT (%s)",
	"SELECT sum(a) FILTER (WHERE EXISTS (%s)) FROM t",
	"SELECT sum(a) OVER (ORDER BY (%s)) FROM t",
	"SELECT a FROM t GROUP BY a HAVING EXISTS (%s)",
	"SELECT a FROM t QUALIFY EXISTS (%s)",
	"SELECT CASE WHEN EXISTS (%s) THEN 1 END",
	"SELECT list_transform([1], lambda x: (%s))",
	"VALUES ((%s))",
	"SELECT * FROM unnest((%s)) u",
}

func TestSandbox(t *testing.T) {
	l := newLake(t, nil)
	l.put("t/a.csv", "1\n")
	l.must("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'")
	secret := filepath.Join(l.folder, "tmp", "secret.parquet")
	if err := os.WriteFile(secret, []byte("PAR1"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(l.folder, "tmp", "out")
	for _, e := range escapes {
		e = strings.NewReplacer("SECRET", secret, "OUT", out).Replace(e)
		list := nests
		if !strings.HasPrefix(e, "SELECT") || strings.Contains(e, ";") {
			list = nests[:1]
		}
		for _, n := range list {
			sql := fmt.Sprintf(n, e)
			for _, d := range []query.Dialect{query.Lake, query.Warehouse} {
				_, err := l.as(d, "default", sql)
				if err == nil {
					t.Errorf("%s: %s is allowed", d, sql)
				} else if k := fault.KindOf(err); k == fault.Internal {
					t.Errorf("%s: %s: %v", d, sql, err)
				}
			}
		}
		if _, err := l.query.Prepare(context.Background(), query.Statement{SQL: e, Dialect: query.Lake}); err == nil && !strings.HasPrefix(e, "UNLOAD") && !strings.HasPrefix(e, "CREATE EXTERNAL") {
			t.Errorf("%s can be prepared", e)
		}
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Error("something was written: ", err)
	}
	if got := l.must("SELECT a FROM t").rows; fmt.Sprint(got) != "[1]" {
		t.Error(got)
	}
}

// A name that a common table expression hides may not come back outside of it.
func TestSandboxScopes(t *testing.T) {
	l := newLake(t, nil)
	secret := filepath.Join(l.folder, "tmp", "secret.csv")
	if err := os.WriteFile(secret, []byte("a\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`SELECT * FROM (WITH "SECRET" AS (SELECT 1) SELECT * FROM "SECRET") x, "SECRET"`,
		`WITH x AS (SELECT * FROM "SECRET"), "SECRET" AS (SELECT 1 AS a) SELECT * FROM x`,
		`WITH "SECRET" AS (SELECT * FROM "SECRET") SELECT * FROM "SECRET"`,
		`SELECT (WITH "SECRET" AS (SELECT 1 AS a) SELECT a FROM "SECRET"), (SELECT a FROM "SECRET")`,
		`(WITH "SECRET" AS (SELECT 1 AS a) SELECT * FROM "SECRET") UNION ALL SELECT * FROM "SECRET"`,
		`WITH "SECRET" AS (SELECT 1 AS a) SELECT * FROM main."SECRET"`,
		`WITH "SECRET" AS (SELECT 7 AS a) SELECT * FROM "SECRET"`,
		`WITH RECURSIVE "SECRET" AS (SELECT * FROM "SECRET" UNION ALL SELECT * FROM "SECRET" WHERE false) SELECT * FROM "SECRET"`,
		`WITH RECURSIVE duckdb_tables AS (SELECT * FROM duckdb_tables UNION ALL SELECT * FROM duckdb_tables) SELECT * FROM duckdb_tables`,
		`WITH RECURSIVE sqlite_master AS (SELECT * FROM (SELECT * FROM sqlite_master) q UNION SELECT * FROM sqlite_master) SELECT * FROM sqlite_master`,
		"WITH \"duckdb_table\u017f\" AS (SELECT 1) SELECT * FROM duckdb_tables", // a long s folds to s
		"WITH \"\u017fqlite_master\" AS (SELECT 1) SELECT * FROM sqlite_master",
	} {
		sql = strings.ReplaceAll(sql, "SECRET", secret)
		if r, err := l.run(sql); err == nil {
			t.Errorf("%s: %v", sql, r)
		}
	}
	for _, sql := range []string{
		`WITH Cte AS (SELECT 7 AS a) SELECT * FROM "cTE"`,
		`WITH duckdb_tables AS (SELECT 7 AS a) SELECT * FROM (WITH RECURSIVE duckdb_tables AS (SELECT * FROM duckdb_tables UNION ALL SELECT a FROM duckdb_tables WHERE a < 7) SELECT * FROM duckdb_tables) q`,
	} {
		if got := l.must(sql).rows; fmt.Sprint(got) != "[7]" {
			t.Error(sql, got)
		}
	}
}

// Every function of the engine is either on the list or known to be hidden: a
// new engine's new functions are looked at before they are allowed.
func TestFunctionsAreReviewed(t *testing.T) {
	e, err := duck.Open(duck.Default())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	c, err := e.Acquire(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	all, err := c.Text(context.Background(), "SELECT string_agg(DISTINCT function_name, chr(10)) FROM duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') AND ?::VARCHAR IS NOT NULL", "")
	if err != nil {
		t.Fatal(err)
	}
	have := strings.Split(all, "\n")
	for _, name := range have {
		if !query.Reviewed(name) {
			t.Errorf("function %s is new: put it into functions.txt or hide it", name)
		}
	}
	for _, name := range query.Allowed() {
		if name != "unnest" && !slices.Contains(have, name) {
			t.Errorf("functions.txt allows %s, which the engine does not have", name)
		}
	}
}

func FuzzSandbox(f *testing.F) {
	for _, e := range escapes {
		f.Add(e)
	}
	f.Add("WITH RECURSIVE a(b) AS (SELECT 1 UNION ALL SELECT b + 1 FROM a) SELECT a.*, t.a[1] FROM a LEFT JOIN t USING (b) WHERE x = $1 ORDER BY 1")
	l := newLake(f, nil)
	l.put("t/a.csv", "1\n")
	l.must("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'")
	f.Fuzz(func(t *testing.T, sql string) {
		p, err := l.query.Prepare(context.Background(), query.Statement{SQL: sql, Dialect: query.Lake})
		if err != nil {
			if fault.ReasonOf(err) == query.Failed {
				t.Errorf("%q: %v", sql, err)
			}
			return
		}
		p.Close()
	})
}
