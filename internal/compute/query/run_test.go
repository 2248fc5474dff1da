package query_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// numbers makes a table of n rows by the engine itself.
func (l *lake) numbers(name string, n int) {
	l.t.Helper()
	l.must(fmt.Sprintf(`CREATE TABLE %s WITH (external_location = 's3://lake/%[1]s/') AS
SELECT x + 1000 * y AS id, x %% 7 AS k, 'text ' || CAST(x AS varchar) AS s FROM UNNEST(sequence(0, 999)) a(x), UNNEST(sequence(0, %[2]d)) b(y)`, name, n/1000-1))
}

func TestCancel(t *testing.T) {
	l := newLake(t, nil)
	l.numbers("n", 100_000)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	rows, err := l.query.Execute(ctx, query.Statement{SQL: "SELECT count(*) FROM n a, n b WHERE a.id * b.id % 1000003 = 7", Dialect: query.Lake})
	if err == nil {
		_, err = rows.Next(ctx)
		rows.Close()
	}
	if !errors.Is(err, query.Canceled) || time.Since(began) > 5*time.Second {
		t.Fatal(err, time.Since(began))
	}
	if got := l.must("SELECT count(*) FROM n").rows; fmt.Sprint(got) != "[100000]" {
		t.Error(got)
	}
}

func TestCancelWrite(t *testing.T) {
	l := newLake(t, nil)
	l.numbers("n", 100_000)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := l.query.Execute(ctx, query.Statement{SQL: "CREATE TABLE c WITH (external_location = 's3://lake/c/') AS SELECT a.id AS i, b.id AS j FROM n a, n b", Dialect: query.Lake})
	if !errors.Is(err, query.Canceled) {
		t.Fatal(err)
	}
	if keys := l.list("c/"); len(keys) > 0 {
		t.Error(keys)
	}
	if left, _ := filepath.Glob(filepath.Join(l.folder, "tmp", "*-*")); len(left) > 0 {
		t.Error("left behind: ", left)
	}
	if _, err := l.run("SELECT * FROM c"); !errors.Is(err, query.TableNotFound) {
		t.Error(err)
	}
}

func TestMemoryLimit(t *testing.T) {
	l := newLake(t, func(c *query.Config, _ *query.Needs) { c.Engine.MemoryMaxBytes, c.Engine.TempMaxBytes = 64<<20, 1<<20 })
	l.numbers("n", 1_000_000)
	_, err := l.run("SELECT * FROM (SELECT sha256(to_utf8(s || CAST(id AS varchar))) AS h, s, id FROM n) ORDER BY h")
	if !errors.Is(err, query.TempLimit) && !errors.Is(err, query.MemoryLimit) {
		t.Fatal(err)
	}
	if got := l.must("SELECT count(*) FROM n").rows; fmt.Sprint(got) != "[1000000]" {
		t.Error(got)
	}
}

// A query reads what was there when it was planned.
func TestDeleteWhileReading(t *testing.T) {
	l := newLake(t, nil)
	l.numbers("n", 500_000)
	ctx := context.Background()
	rows, err := l.query.Execute(ctx, query.Statement{SQL: "SELECT id, s FROM n", Dialect: query.Lake})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for _, k := range l.list("n/") {
		if err := l.objects.Delete(ctx, "lake", k); err != nil {
			t.Fatal(err)
		}
	}
	n := int64(0)
	for {
		b, err := rows.Next(ctx)
		if err != nil {
			break
		}
		n += b.NumRows()
		b.Release()
	}
	if n != 500_000 {
		t.Error(n, "rows")
	}
	if got := l.must("SELECT count(*) FROM n").rows; fmt.Sprint(got) != "[0]" {
		t.Error(got)
	}
}

func TestConcurrent(t *testing.T) {
	l := newLake(t, nil)
	l.numbers("n", 50_000)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			for j := range 5 {
				r, err := l.run(fmt.Sprintf("SELECT count(*) AS n FROM n WHERE k = %d", (i+j)%7))
				if err != nil || len(r.rows) != 1 {
					t.Error(r, err)
				}
				if i%4 == 0 {
					if _, err := l.run(fmt.Sprintf("CREATE TABLE w%d_%d WITH (external_location = 's3://lake/w/%[1]d/%[2]d/') AS SELECT * FROM n LIMIT 10", i, j)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestParameters(t *testing.T) {
	l := newLake(t, nil)
	l.put("p/k=1/a.csv", "1,a\n")
	l.put("p/k=2/a.csv", "2,b\n")
	l.must("CREATE EXTERNAL TABLE p (id int, s string) PARTITIONED BY (k int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/p/'")
	l.must("MSCK REPAIR TABLE p")
	ctx := context.Background()
	p, err := l.query.Prepare(ctx, query.Statement{SQL: "SELECT id, s, ? AS given FROM p WHERE k = ? AND s <> ?", Dialect: query.Lake})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if len(p.Parameters()) != 3 || p.Parameters()[1].Type != "integer" {
		t.Errorf("%+v", p.Parameters())
	}
	for k, want := range map[any]string{"2": "2 b", int64(1): "1 a"} {
		rows, err := p.Execute(ctx, []any{"x", k, "zz"})
		if err != nil {
			t.Fatal(err)
		}
		b, err := rows.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.Column(0).ValueStr(0) + " " + b.Column(1).ValueStr(0); got != want {
			t.Errorf("%v: got %s, want %s", k, got, want)
		}
		if st := rows.Stats(); st.FilesRead != 1 || st.Partitions != 1 {
			t.Errorf("%v: %+v", k, st)
		}
		b.Release()
		rows.Close()
	}
	if _, err := p.Execute(ctx, []any{"x"}); !errors.Is(err, query.BadParameter) {
		t.Error(err)
	}
}

// Conditions on partition keys choose what is listed; those that an outer join
// could make true again do not.
func TestPruning(t *testing.T) {
	l := newLake(t, nil)
	for y := 2000; y < 2020; y++ {
		for _, e := range []string{"TMAX", "TMIN"} {
			l.put(fmt.Sprintf("w/year=%d/element=%s/a.csv", y, e), fmt.Sprintf("%d\n", y))
		}
	}
	l.must("CREATE EXTERNAL TABLE w (v int) PARTITIONED BY (year int, element string) LOCATION 's3://lake/w/'")
	l.must("MSCK REPAIR TABLE w")
	l.must("CREATE VIEW wv AS SELECT * FROM w WHERE element = 'TMAX'")
	for _, x := range []struct {
		sql        string
		files      int
		rows       string
		partitions int
	}{
		{"SELECT count(*) FROM w", 40, "40", 40},
		{"SELECT count(*) FROM w WHERE year = 2005", 2, "2", 2},
		{"SELECT count(*) FROM w WHERE year BETWEEN 2005 AND 2006 AND element LIKE '%MAX'", 2, "2", 2},
		{"SELECT count(*) FROM w x WHERE x.year IN (2001, 2002) AND v > 0", 4, "4", 4},
		{"SELECT count(*) FROM default.w WHERE default.w.year = 2001 OR w.year = 2002", 4, "4", 4},
		{"SELECT count(*) FROM w WHERE year + 1 = 2001 AND v = 2000", 2, "2", 2},
		{"SELECT count(*) FROM w WHERE year = 1999", 0, "0", 0},
		{"SELECT count(*) FROM w WHERE year = v", 40, "40", 40},
		{"SELECT count(*) FROM w a JOIN w b ON a.v = b.v AND a.year = 2001 WHERE b.year = 2002", 4, "0", 4},
		{"SELECT count(*) FROM w a LEFT JOIN w b ON a.v = b.v AND b.year = 2002 WHERE a.year = 2001 AND b.year IS NULL", 42, "2", 42},
		{"SELECT count(*) FROM w WHERE year = (SELECT max(year) FROM w)", 40, "2", 80},
		{"WITH q AS (SELECT * FROM w WHERE year = 2003) SELECT count(*) FROM q WHERE element = 'TMIN'", 2, "1", 2},
		{"SELECT count(*) FROM wv", 20, "20", 20},
		{"SELECT count(*) FROM w WHERE random() >= 0 AND year = 2001", 2, "2", 2},
	} {
		r, err := l.run(x.sql)
		if err != nil {
			t.Errorf("%s: %v", x.sql, err)
			continue
		}
		if strings.Join(r.rows, ",") != x.rows || r.stats.Partitions != x.partitions {
			t.Errorf("%s: rows %v of %d partitions, want %s of %d", x.sql, r.rows, r.stats.Partitions, x.rows, x.partitions)
		}
	}
}

type onlyTable struct{ name string }

func (o onlyTable) Table(_ context.Context, verb, database, table string) error {
	if table != o.name && table != "" {
		return query.Forbidden.New(verb + " " + database + "." + table)
	}
	return nil
}

func (o onlyTable) Data(_ context.Context, verb, bucket, key string) error {
	if !strings.HasPrefix(key, o.name+"/") {
		return query.Forbidden.New(verb + " " + bucket + "/" + key)
	}
	return nil
}

func TestAccess(t *testing.T) {
	l := newLake(t, func(_ *query.Config, n *query.Needs) { n.Access = onlyTable{"mine"} })
	for _, k := range []string{"mine/a.csv", "other/a.csv"} {
		if _, err := l.objects.Put(context.Background(), object.PutInput{Bucket: "lake", Key: k, Body: strings.NewReader("1\n"), Size: 2}); err != nil {
			t.Fatal(err)
		}
	}
	l.must("CREATE EXTERNAL TABLE mine (a int) LOCATION 's3://lake/mine/'")
	l.must("SELECT * FROM mine")
	for _, sql := range []string{
		"CREATE EXTERNAL TABLE other (a int) LOCATION 's3://lake/mine/'",
		"ALTER TABLE mine SET LOCATION 's3://lake/other/'",
		"UNLOAD (SELECT * FROM mine) TO 's3://lake/other/x/' WITH (format = 'PARQUET')",
		"CREATE VIEW v AS SELECT * FROM mine",
		"INSERT INTO other SELECT 1, 2", // and not the types of its columns
		"DROP TABLE other",
		"DESCRIBE other PARTITION (p = '1')",
	} {
		if _, err := l.run(sql); !errors.Is(err, query.Forbidden) {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// denied is a principal that may do everything but with some keys and tables.
type denied struct{ key, table string }

func (d denied) Table(_ context.Context, verb, _, table string) error {
	if table == d.table {
		return query.Forbidden.New(verb + " " + table)
	}
	return nil
}

func (d denied) Data(_ context.Context, verb, _, key string) error {
	if strings.HasPrefix(key, d.key) {
		return query.Forbidden.New(verb + " " + key)
	}
	return nil
}

// Partitions lie where the catalog says, and a policy may leave out a part of a
// table's location: each object is asked for.
func TestAccessToObjects(t *testing.T) {
	l := newLake(t, func(_ *query.Config, n *query.Needs) { n.Access = denied{"secret/", "secret"} })
	for _, k := range []string{"p/p=1/a.csv", "secret/a.csv"} {
		l.put(k, "1\n")
	}
	l.must("CREATE EXTERNAL TABLE whole (a int) LOCATION 's3://lake/'")
	l.must("CREATE EXTERNAL TABLE p (a int) PARTITIONED BY (p string) LOCATION 's3://lake/p/'")
	l.must("ALTER TABLE p ADD PARTITION (p = '1')")
	if err := l.catalog.CreatePartitions(context.Background(), "default", "p", []catalog.Partition{{Values: []string{"2"},
		Storage: catalog.Storage{Location: "s3://lake/secret/"}}}, false); err != nil { // as the catalog's own door does
		t.Fatal(err)
	}
	if err := l.catalog.CreateTable(context.Background(), catalog.Table{Database: "default", Name: "secret", Type: "EXTERNAL_TABLE",
		Storage: catalog.Storage{Location: "s3://lake/x/", Columns: []catalog.Column{{Name: "a", Type: "int"}}}}); err != nil {
		t.Fatal(err)
	}
	l.must("SELECT * FROM p WHERE p = '1'")
	for _, sql := range []string{
		"SELECT * FROM whole",
		"SELECT * FROM p",
		"EXPLAIN ANALYZE SELECT * FROM p",
		"INSERT INTO p SELECT 1, '2'",
		"CREATE EXTERNAL TABLE mine LIKE secret LOCATION 's3://lake/p/'",
	} {
		if _, err := l.run(sql); !errors.Is(err, query.Forbidden) {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if keys := l.list("secret/"); len(keys) != 1 {
		t.Error("written: ", keys)
	}
}

// The engine plans deep expressions in cubic time and cannot be interrupted
// meanwhile: they are refused before.
func TestDeepExpressions(t *testing.T) {
	l := newLake(t, nil)
	began := time.Now()
	for _, sql := range []string{
		"SELECT 'a'" + strings.Repeat("||'a'", 800),
		"SELECT date '2020-01-01'" + strings.Repeat(" + interval '1' day", 900),
		"SELECT " + strings.Repeat("NOT ", 900) + "true",
	} {
		if _, err := l.run(sql); !errors.Is(err, query.TooMuch) {
			t.Errorf("%.40s...: %v", sql, err)
		}
	}
	l.must("SELECT 1 WHERE 1 = 1" + strings.Repeat(" OR 2 = 2", 5000))
	l.must("SELECT 'a'" + strings.Repeat("||'a'", 200))
	if took := time.Since(began); took > 20*time.Second {
		t.Error(took)
	}
}

// A distance takes the product of the lengths, and nothing stops it.
func TestDistanceOfLongTexts(t *testing.T) {
	l := newLake(t, nil)
	if got := l.must("SELECT levenshtein_distance('kitten', 'sitting'), levenshtein_distance(rpad('', 1000, 'a'), rpad('', 900, 'b'))").rows; fmt.Sprint(got) != "[3 | 1000]" {
		t.Error(got)
	}
	if _, err := l.run("SELECT levenshtein_distance(rpad('', 100000, 'a'), rpad('', 1000000, 'b'))"); !errors.Is(err, query.InvalidArgument) {
		t.Error(err)
	}
	for _, f := range []string{"levenshtein", "damerau_levenshtein", "jaro_similarity", "jaro_winkler_similarity", "editdist3"} {
		if _, err := l.as(query.Warehouse, "default", "SELECT "+f+"('a', 'b')"); err == nil {
			t.Errorf("%s can be called", f)
		}
	}
}

func TestViewsOfViews(t *testing.T) {
	l := newLake(t, nil)
	l.must("CREATE VIEW v0 AS SELECT 1 AS a")
	for i := range 6 {
		sql := "SELECT a FROM v%[2]d UNION ALL SELECT a FROM v%[2]d UNION ALL SELECT a FROM v%[2]d UNION ALL SELECT a FROM v%[2]d"
		_, err := l.run(fmt.Sprintf("CREATE VIEW v%[1]d AS "+sql, i+1, i))
		if i < 4 && err != nil || i == 5 && !errors.Is(err, query.TableNotFound) && !errors.Is(err, query.TooMuch) {
			t.Fatal(i, err)
		}
	}
	if got := l.must("SELECT sum(a) FROM v4").rows; fmt.Sprint(got) != "[256]" {
		t.Error(got)
	}
	if _, err := l.run("SELECT * FROM v4 a, v4 b, v4 c, v4 d"); err == nil || !strings.Contains(err.Error(), "more than 1000 tables") {
		t.Error(err)
	}
}

// A partition's value becomes part of a path, whose elements have 255 bytes.
func TestLongPartitionValues(t *testing.T) {
	l := newLake(t, nil)
	l.put("t/a.csv", "1\n")
	l.must("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (p string) LOCATION 's3://lake/t/'")
	for _, v := range []string{strings.Repeat("x", 1024), strings.Repeat("山", 300), strings.Repeat("a/b+", 100), "+", "/+", "a+/", strings.Repeat("x", 200), strings.Repeat("x", 199) + "/"} {
		if err := l.catalog.CreatePartitions(context.Background(), "default", "t", []catalog.Partition{{Values: []string{v}, Storage: catalog.Storage{Location: "s3://lake/t/"}}}, false); err != nil {
			t.Fatal(err)
		}
		r, err := l.run("SELECT p, a FROM t WHERE p = " + dialect.QuoteString(v))
		if err != nil || len(r.rows) != 1 || r.rows[0] != v+" | 1" {
			t.Errorf("%.20s: %v %v", v, r.rows, err)
		}
		if err := l.catalog.DeletePartitions(context.Background(), "default", "t", [][]string{{v}}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNumberOutOfRange(t *testing.T) {
	l := newLake(t, nil)
	for _, sql := range []string{"SELECT 1e999", "SELECT -1e999", "SELECT * FROM (VALUES 1e400) v"} {
		if _, err := l.run(sql); !errors.Is(err, query.Syntax) {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// What the engine says of files is said of objects: the server's folders are
// nobody's business, whatever they are called.
func TestNoLocalPaths(t *testing.T) {
	l := newLake(t, nil)
	l.put("t/a.csv", "1\n2\n")
	l.put("bad/a.csv", "x\n")
	l.put("p/a.parquet", "no such thing")
	l.must("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/t/'")
	l.must("CREATE EXTERNAL TABLE bad (a int) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://lake/bad/'")
	l.must("CREATE EXTERNAL TABLE p (a int) STORED AS PARQUET LOCATION 's3://lake/p/'")
	for sql, want := range map[string]string{
		"EXPLAIN SELECT a FROM t WHERE a > 1":                      "READ_CSV",
		"EXPLAIN ANALYZE SELECT a FROM t WHERE a > 1":              "s3://lake/t/a.csv",
		`EXPLAIN SELECT a FROM t WHERE "$path" LIKE '%x'`:          "s3://lake/t/a.csv",
		`EXPLAIN ANALYZE SELECT "$path" FROM t ORDER BY 1 LIMIT 1`: "s3://lake/t/a.csv",
		"SELECT * FROM bad":                                        "s3://lake/bad/a.csv",
		"SELECT * FROM p":                                          "s3://lake/p/a.parquet",
	} {
		r, err := l.run(sql)
		said := strings.Join(r.rows, "\n")
		if err != nil {
			said = fault.Message(err)
		}
		if !strings.Contains(said, want) || strings.Contains(said, "pin-") || strings.Contains(said, l.folder) {
			t.Errorf("%s says\n%s", sql, said)
		}
	}
}
