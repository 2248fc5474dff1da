package postgres

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// stack is the whole server below the door, on a temporary folder.
type stack struct {
	*door
	catalog *catalog.Service
	objects *object.Service
}

const csvSerde = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"

// startStack has two databases with tables over CSV files.
func startStack(t testing.TB, change ...func(*Config, *Parts)) *stack {
	t.Helper()
	ctx, folder, log := context.Background(), t.TempDir(), slog.New(slog.DiscardHandler)
	db, err := meta.Open(ctx, meta.Default(), filepath.Join(folder, "meta.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	s := &stack{}
	if s.objects, err = object.Open(object.Default(), db, folder, log); err != nil {
		t.Fatal(err)
	}
	if s.catalog, err = catalog.Open(catalog.Default(), db); err != nil {
		t.Fatal(err)
	}
	cfg := query.Default()
	cfg.Engine.MemoryMaxBytes = 512 << 20
	system := syscat.Open(syscat.Needs{Catalog: s.catalog, Meta: db, Version: "0.0.0"})
	engine, err := query.Open(cfg, query.Needs{Catalog: s.catalog, Objects: s.objects, Log: log, Folder: folder, System: system})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		engine.Close()
		s.objects.Close()
		db.Close()
	})
	s.fill(t)
	s.door = startDoor(t, engine, append([]func(*Config, *Parts){func(_ *Config, p *Parts) { p.System = system }}, change...)...)
	return s
}

func (s *stack) fill(t testing.TB) {
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.objects.CreateBucket(ctx, "lake"))
	for _, d := range []catalog.Database{{Name: "default"}, {Name: "sales", Description: "what was sold"}} {
		must(s.catalog.CreateDatabase(ctx, d))
	}
	put := func(key, body string) {
		_, err := s.objects.Put(ctx, object.PutInput{Bucket: "lake", Key: key, Body: strings.NewReader(body), Size: int64(len(body))})
		must(err)
	}
	put("people/a.csv", "1,Anna,2001-02-03,1.50\n2,Bert,,\n3,Čeněk \"the third\",1999-12-31,-0.25\n")
	put("orders/day=2026-01-01/a.csv", "1,10.00\n2,20.50\n")
	put("orders/day=2026-01-02/a.csv", "1,5.00\n")
	table := func(database, name, key, comment string, keys []catalog.Column, columns ...catalog.Column) {
		must(s.catalog.CreateTable(ctx, catalog.Table{Database: database, Name: name, Type: "EXTERNAL_TABLE", Description: comment, PartitionKeys: keys,
			Storage: catalog.Storage{Location: "s3://lake/" + key, Columns: columns, InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
				Serde: catalog.Serde{Library: csvSerde, Parameters: map[string]string{"field.delim": ","}}}}))
	}
	table("default", "people", "people", "who there is", nil, catalog.Column{Name: "id", Type: "int", Comment: "number"},
		catalog.Column{Name: "name", Type: "string"}, catalog.Column{Name: "born", Type: "date"}, catalog.Column{Name: "score", Type: "decimal(10,2)"})
	table("sales", "orders", "orders", "", []catalog.Column{{Name: "day", Type: "date"}},
		catalog.Column{Name: "person", Type: "bigint"}, catalog.Column{Name: "amount", Type: "double"})
	var parts []catalog.Partition
	for _, day := range []string{"2026-01-01", "2026-01-02"} {
		parts = append(parts, catalog.Partition{Database: "sales", Table: "orders", Values: []string{day}, Storage: catalog.Storage{
			Location: "s3://lake/orders/day=" + day, InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
			Columns: []catalog.Column{{Name: "person", Type: "bigint"}, {Name: "amount", Type: "double"}},
			Serde:   catalog.Serde{Library: csvSerde, Parameters: map[string]string{"field.delim": ","}}}})
	}
	must(s.catalog.CreatePartitions(ctx, "sales", "orders", parts, false))
	must(s.catalog.CreateTable(ctx, catalog.Table{Database: "sales", Name: "totals", Type: "VIRTUAL_VIEW",
		ViewOriginal: "SELECT person, sum(amount) total FROM sales.orders GROUP BY person",
		Storage:      catalog.Storage{Columns: []catalog.Column{{Name: "person", Type: "bigint"}, {Name: "total", Type: "double"}}}}))
}
