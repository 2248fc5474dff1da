package query_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// lake is a server's data parts over a temporary folder.
type lake struct {
	t       testing.TB
	folder  string
	catalog *catalog.Service
	objects *object.Service
	query   *query.Service
}

func newLake(t testing.TB, change func(*query.Config, *query.Needs)) *lake {
	t.Helper()
	ctx := context.Background()
	l := &lake{t: t, folder: filepath.Join(t.TempDir(), "a folder's name")} // paths with spaces and quotes
	if err := os.Mkdir(l.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	db, err := meta.Open(ctx, meta.Default(), filepath.Join(l.folder, "m.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	if l.objects, err = object.Open(object.Default(), db, l.folder, log); err != nil {
		t.Fatal(err)
	}
	if l.catalog, err = catalog.Open(catalog.Default(), db); err != nil {
		t.Fatal(err)
	}
	cfg, needs := query.Default(), query.Needs{Catalog: l.catalog, Objects: l.objects, Log: log, Folder: l.folder}
	cfg.Engine.MemoryMaxBytes, cfg.Engine.Threads = 512<<20, 2
	if change != nil {
		change(&cfg, &needs)
	}
	if l.query, err = query.Open(cfg, needs); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.query.Close()
		l.objects.Close()
		db.Close()
	})
	for _, err := range []error{l.objects.CreateBucket(ctx, "lake"), l.catalog.CreateDatabase(ctx, catalog.Database{Name: "default"})} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func (l *lake) put(key, body string) {
	l.t.Helper()
	_, err := l.objects.Put(context.Background(), object.PutInput{Bucket: "lake", Key: key, Body: strings.NewReader(body), Size: int64(len(body))})
	if err != nil {
		l.t.Fatal(err)
	}
}

// result is a statement's rows as text.
type result struct {
	columns []string
	rows    []string
	stats   query.Stats
	target  *query.Target
}

func (l *lake) run(sql string, args ...any) (result, error) {
	return l.as(query.Lake, "default", sql, args...)
}

func (l *lake) as(d query.Dialect, database, sql string, args ...any) (out result, err error) {
	ctx := context.Background()
	rows, err := l.query.Execute(ctx, query.Statement{SQL: sql, Dialect: d, Database: database}, args...)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	for _, c := range rows.Columns() {
		out.columns = append(out.columns, c.Name+" "+c.Type)
	}
	for {
		b, err := rows.Next(ctx)
		if err == io.EOF {
			out.stats, out.target = rows.Stats(), rows.Target()
			return out, nil
		}
		if err != nil {
			return out, err
		}
		for i := range int(b.NumRows()) {
			cells := make([]string, b.NumCols())
			for j, col := range b.Columns() {
				if cells[j] = col.ValueStr(i); col.IsNull(i) {
					cells[j] = "NULL"
				}
			}
			out.rows = append(out.rows, strings.Join(cells, " | "))
		}
		b.Release()
	}
}

func (l *lake) must(sql string, args ...any) result {
	l.t.Helper()
	r, err := l.run(sql, args...)
	if err != nil {
		l.t.Fatalf("%s: %v", sql, err)
	}
	return r
}

func (l *lake) list(prefix string) (keys []string) {
	l.t.Helper()
	out, err := l.objects.List(context.Background(), object.ListInput{Bucket: "lake", Prefix: prefix, Max: 1000})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, o := range out.Objects {
		keys = append(keys, o.Key)
	}
	return keys
}

func faultName(err error) string {
	if r := fault.ReasonOf(err); r != nil {
		return r.Name
	}
	return "none"
}

func messageOf(err error) string { return fault.Message(err) }

func sortStrings(s []string) { slices.Sort(s) }

func TestSlice(t *testing.T) {
	l := newLake(t, nil)
	l.put("csv/a.csv", "1,a,2020-01-01\n2,b\n3,\\N,x,y\nz,d,2020-01-02\n")
	l.put("csv/_hidden", "9,a\n")
	err := l.catalog.CreateTable(context.Background(), catalog.Table{Database: "default", Name: "t", Type: "EXTERNAL_TABLE", Storage: catalog.Storage{
		Location: "s3://lake/csv", Columns: []catalog.Column{{Name: "id", Type: "int"}, {Name: "s", Type: "string"}, {Name: "d", Type: "date"}},
		Serde: catalog.Serde{Library: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", Parameters: map[string]string{"field.delim": ","}}}})
	if err != nil {
		t.Fatal(err)
	}
	r := l.must("SELECT * FROM t")
	if got, want := fmt.Sprint(r.columns, r.rows), "[id integer s varchar d date] [1 | a | 2020-01-01 2 | b | NULL 3 | NULL | NULL NULL | d | 2020-01-02]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if r.stats.FilesRead != 1 || r.stats.BytesScanned != 43 {
		t.Error(r.stats)
	}
	pins, err := filepath.Glob(filepath.Join(l.folder, "tmp", "pin-*"))
	if err != nil || len(pins) > 0 {
		t.Error("left behind:", pins, err)
	}
}
