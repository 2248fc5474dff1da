package query_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

func BenchmarkStart(b *testing.B) {
	l := newLake(b, nil)
	for b.Loop() {
		cfg, needs := query.Default(), query.Needs{Catalog: l.catalog, Objects: l.objects, Folder: l.folder}
		s, err := query.Open(cfg, needs)
		if err != nil {
			b.Fatal(err)
		}
		l.query.Close()
		l.query = s
		l.must("SELECT 1")
	}
}

// BenchmarkPoint is what a small query costs: without a table, with a table of
// one small file, and the same in the engine alone.
func BenchmarkPoint(b *testing.B) {
	l := newLake(b, nil)
	l.numbers("n", 10_000)
	for _, sql := range []string{"SELECT 1", "SELECT s FROM n WHERE id = 7", "SELECT k, count(*) AS c FROM n GROUP BY k ORDER BY k"} {
		b.Run(sql[:min(20, len(sql))], func(b *testing.B) {
			for b.Loop() {
				l.must(sql)
			}
		})
	}
	b.Run("engine alone", func(b *testing.B) {
		cfg := duck.Default()
		cfg.AllowedDirs = []string{l.folder}
		e, err := duck.Open(cfg)
		if err != nil {
			b.Fatal(err)
		}
		defer e.Close()
		c, err := e.Acquire(context.Background(), "")
		if err != nil {
			b.Fatal(err)
		}
		defer c.Release()
		pin, err := l.objects.Pin()
		if err != nil {
			b.Fatal(err)
		}
		defer pin.Close()
		file, _, err := pin.Link(context.Background(), "lake", l.list("n/")[0], "x.parquet")
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := c.Exec(context.Background(), "SELECT s FROM read_parquet('"+file+"') WHERE id = 7"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkScan(b *testing.B) {
	l := newLake(b, nil)
	l.numbers("n", 2_000_000)
	l.must("CREATE TABLE c WITH (format = 'TEXTFILE', write_compression = 'NONE', external_location = 's3://lake/c/') AS SELECT * FROM n")
	l.must("CREATE TABLE j WITH (format = 'JSON', write_compression = 'NONE', external_location = 's3://lake/j/') AS SELECT * FROM n")
	for _, x := range []struct{ name, sql string }{
		{"parquet aggregate", "SELECT k, count(*) AS n, sum(id) AS s FROM n GROUP BY k"},
		{"parquet stream", "SELECT id, k, s FROM n"},
		{"text aggregate", "SELECT k, count(*) AS n, sum(id) AS s FROM c GROUP BY k"},
		{"json aggregate", "SELECT k, count(*) AS n, sum(id) AS s FROM j GROUP BY k"},
		{"create table as", "CREATE TABLE w%d WITH (external_location = 's3://lake/w/%[1]d/') AS SELECT * FROM n"},
	} {
		b.Run(x.name, func(b *testing.B) {
			ctx := context.Background()
			for b.Loop() {
				sql := x.sql
				if x.name == "create table as" {
					sql = fmt.Sprintf(sql, time.Now().UnixNano())
				}
				rows, err := l.query.Execute(ctx, query.Statement{SQL: sql, Dialect: query.Lake})
				if err != nil {
					b.Fatal(err)
				}
				for {
					batch, err := rows.Next(ctx)
					if err != nil {
						break
					}
					batch.Release()
				}
				rows.Close()
			}
			b.ReportMetric(2e6*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkPartitions(b *testing.B) {
	l := newLake(b, nil)
	l.must("CREATE EXTERNAL TABLE p (v int) PARTITIONED BY (day string, k int) LOCATION 's3://lake/p/'")
	t, err := l.catalog.GetTable(context.Background(), "default", "p")
	if err != nil {
		b.Fatal(err)
	}
	var parts []catalog.Partition
	for i := range 5000 {
		day, k := fmt.Sprintf("2020-%02d-%02d", i/10/28%12+1, i/10%28+1), fmt.Sprint(i%10+i/3360*10)
		st := t.Storage
		st.Location = fmt.Sprintf("s3://lake/p/day=%s/k=%s/", day, k)
		parts = append(parts, catalog.Partition{Values: []string{day, k}, Storage: st})
		l.put(fmt.Sprintf("p/day=%s/k=%s/a.csv", day, k), "1\n")
	}
	if err := l.catalog.CreatePartitions(context.Background(), "default", "p", parts, true); err != nil {
		b.Fatal(err)
	}
	for _, sql := range []string{"SELECT count(*) FROM p WHERE day = '2020-03-04' AND k = 5", "SELECT count(*) FROM p WHERE day LIKE '2020-03%'", "SELECT count(*) FROM p"} {
		b.Run(fmt.Sprint(len(sql)), func(b *testing.B) {
			var planning time.Duration
			for b.Loop() {
				planning += l.must(sql).stats.Planning
			}
			b.ReportMetric(float64(planning.Microseconds())/1000/float64(b.N), "plan-ms")
		})
	}
}
