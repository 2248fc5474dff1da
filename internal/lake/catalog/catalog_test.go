package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta/metatest"
)

// open returns an empty catalog.
func open(t testing.TB, cfg catalog.Config) *catalog.Service {
	t.Helper()
	s, err := catalog.Open(cfg, metatest.Open(t))
	must(t, err)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refuses(t testing.TB, err error, want *fault.Reason) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Name)
	}
}

// weather makes database "db" with the partitioned table "weather".
func weather(t testing.TB, s *catalog.Service, keys ...catalog.Column) {
	t.Helper()
	if keys == nil {
		keys = []catalog.Column{{Name: "year", Type: "int"}, {Name: "station", Type: "string"}}
	}
	ctx := context.Background()
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "db"}))
	must(t, s.CreateTable(ctx, catalog.Table{Database: "db", Name: "weather", Type: "EXTERNAL_TABLE", PartitionKeys: keys,
		Storage: catalog.Storage{Location: "s3://lake/weather/", Columns: []catalog.Column{{Name: "element", Type: "string"}, {Name: "value", Type: "int"}}}}))
}

func TestDatabases(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "Sales", Description: "a\nb", LocationURI: "s3://b/p", Parameters: map[string]string{"k": "v"}}))
	refuses(t, s.CreateDatabase(ctx, catalog.Database{Name: "SALES"}), catalog.DatabaseExists)
	d, err := s.GetDatabase(ctx, "sALES")
	must(t, err)
	if d.Name != "sales" || d.Description != "a\nb" || d.Parameters["k"] != "v" || d.Created.IsZero() {
		t.Errorf("%+v", d)
	}
	must(t, s.UpdateDatabase(ctx, "sales", catalog.Database{Name: "sales", Description: "c"}))
	u, err := s.GetDatabase(ctx, "sales")
	must(t, err)
	if u.Description != "c" || u.LocationURI != "" || !u.Created.Equal(d.Created) {
		t.Errorf("%+v", u)
	}
	refuses(t, s.UpdateDatabase(ctx, "nope", catalog.Database{Name: "nope"}), catalog.DatabaseNotFound)
	refuses(t, s.UpdateDatabase(ctx, "sales", catalog.Database{Name: "other"}), catalog.BadName)
	for _, name := range []string{"", "a\nb", strings.Repeat("x", 256)} {
		refuses(t, s.CreateDatabase(ctx, catalog.Database{Name: name}), catalog.BadName)
	}
	must(t, s.CreateTable(ctx, catalog.Table{Database: "sales", Name: "t"}))
	must(t, s.DeleteDatabase(ctx, "Sales"))
	refuses(t, s.DeleteDatabase(ctx, "sales"), catalog.DatabaseNotFound)
	_, err = s.GetTable(ctx, "sales", "t")
	refuses(t, err, catalog.DatabaseNotFound)
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "sales"}))
	_, err = s.GetTable(ctx, "sales", "t")
	refuses(t, err, catalog.TableNotFound)
}

func TestListingsPage(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	var want []string
	for i := range 25 {
		name := fmt.Sprintf("d%02d", i)
		must(t, s.CreateDatabase(ctx, catalog.Database{Name: name}))
		must(t, s.CreateTable(ctx, catalog.Table{Database: name, Name: "t1"}))
		must(t, s.CreateTable(ctx, catalog.Table{Database: name, Name: "t2"}))
		want = append(want, name)
	}
	var got []string
	for token := ""; ; {
		ds, next, err := s.ListDatabases(ctx, token, 7)
		must(t, err)
		for _, d := range ds {
			got = append(got, d.Name)
		}
		if token = next; token == "" {
			break
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	var tables []string
	for token := ""; ; {
		ts, next, err := s.QueryTables(ctx, catalog.TableQuery{Token: token, Max: 4, Match: func(t *catalog.Table) bool { return t.Name == "t2" }})
		must(t, err)
		for _, x := range ts {
			tables = append(tables, x.Database)
		}
		if token = next; token == "" {
			break
		}
	}
	if !reflect.DeepEqual(tables, want) {
		t.Errorf("got %v", tables)
	}
	_, _, err := s.ListDatabases(ctx, "rubbish!", 7)
	refuses(t, err, page.BadToken)
	_, next, err := s.ListDatabases(ctx, "", 7)
	must(t, err)
	_, _, err = s.ListTables(ctx, "d00", "", next, 7)
	refuses(t, err, page.BadToken)
}

func TestListTablesByPattern(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "db"}))
	for _, n := range []string{"orders", "orders_2024", "customers"} {
		must(t, s.CreateTable(ctx, catalog.Table{Database: "db", Name: n}))
	}
	for pattern, want := range map[string]int{"": 3, "orders": 1, "orders.*": 2, ".*ers": 2, "ORDERS|customers": 2, "x": 0, "order*": 2, "*ers": 2, "*": 3, "*d*2*": 1, "[a-z]*": 2, `orders\*`: 0, `[a-z_]*\d*`: 3} {
		ts, _, err := s.ListTables(ctx, "DB", pattern, "", 10)
		must(t, err)
		if len(ts) != want {
			t.Errorf("%q: %d tables, want %d", pattern, len(ts), want)
		}
	}
	_, _, err := s.ListTables(ctx, "db", "(", "", 10)
	refuses(t, err, catalog.BadPattern)
	_, _, err = s.ListTables(ctx, "none", "", "", 10)
	refuses(t, err, catalog.DatabaseNotFound)
}

func TestTableKeepsEverything(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "db"}))
	in := catalog.Table{Database: "db", Name: "t", Description: "d", Owner: "o", Type: "VIRTUAL_VIEW", RetentionSeconds: 3,
		PartitionKeys: []catalog.Column{{Name: "p", Type: "date", Comment: "c"}},
		ViewOriginal:  "SELECT 1", ViewExpanded: "/* x */", Parameters: map[string]string{"a": "b"}, CreatedBy: "arn:x",
		Storage: catalog.Storage{Columns: []catalog.Column{{Name: "C", Type: "int", Comment: "k", Parameters: map[string]string{"x": "y"}}},
			Location: "s3://b/p", AdditionalLocations: []string{"s3://c"}, InputFormat: "in", OutputFormat: "out", Compressed: true,
			Buckets: 4, Serde: catalog.Serde{Name: "n", Library: "l", Parameters: map[string]string{"q": "r"}},
			BucketColumns: []string{"C"}, Sort: []catalog.Order{{Column: "C", Descending: true}},
			Skew:       &catalog.Skew{Columns: []string{"C"}, Values: []string{"1"}, Locations: map[string]string{"1": "s3://d"}},
			Parameters: map[string]string{"s": "t"}, StoredAsSubDirectories: true}}
	must(t, s.CreateTable(ctx, in))
	got, err := s.GetTable(ctx, "DB", "T")
	must(t, err)
	want := in
	want.Created, want.Updated, want.Version = got.Created, got.Updated, "0"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got.Created.IsZero() {
		t.Error("no creation time")
	}
	refuses(t, s.CreateTable(ctx, in), catalog.TableExists)
	in.Database = "none"
	refuses(t, s.CreateTable(ctx, in), catalog.DatabaseNotFound)
}

func TestTableVersions(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "db"}))
	tab := catalog.Table{Database: "db", Name: "t", Description: "0", CreatedBy: "me"}
	must(t, s.CreateTable(ctx, tab))
	for i := 1; i <= 4; i++ {
		tab.Description, tab.CreatedBy = fmt.Sprint(i), ""
		must(t, s.UpdateTable(ctx, tab, fmt.Sprint(i-1), i != 3)) // version 2 is not kept
	}
	refuses(t, s.UpdateTable(ctx, tab, "2", true), catalog.TableChanged)
	got, err := s.GetTable(ctx, "db", "t")
	must(t, err)
	if got.Version != "4" || got.Description != "4" || got.CreatedBy != "me" {
		t.Errorf("%+v", got)
	}
	var seen []string
	for token := ""; ; {
		vs, next, err := s.ListTableVersions(ctx, "db", "t", token, 1)
		must(t, err)
		for _, v := range vs {
			seen = append(seen, v.Version+"="+v.Description)
		}
		if token = next; token == "" {
			break
		}
	}
	if fmt.Sprint(seen) != "[4=4 3=3 1=1 0=0]" {
		t.Errorf("versions %v", seen)
	}
	v, err := s.GetTableVersion(ctx, "db", "t", "1")
	must(t, err)
	if v.Description != "1" || v.Version != "1" {
		t.Errorf("%+v", v)
	}
	for _, bad := range []string{"2", "9", "x"} {
		_, err = s.GetTableVersion(ctx, "db", "t", bad)
		refuses(t, err, catalog.VersionNotFound)
	}
	errs, err := s.DeleteTableVersions(ctx, "db", "t", []string{"1", "2", "4"})
	must(t, err)
	if len(errs) != 3 || errs[0] != nil {
		t.Fatalf("%v", errs)
	}
	refuses(t, errs[1], catalog.VersionNotFound)
	refuses(t, errs[2], catalog.VersionCurrent)
	errs, err = s.DeleteTables(ctx, "db", []string{"t", "u"})
	must(t, err)
	if errs[0] != nil {
		t.Error(errs)
	}
	refuses(t, errs[1], catalog.TableNotFound)
}

func TestBadTables(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	must(t, s.CreateDatabase(ctx, catalog.Database{Name: "db"}))
	for what, tab := range map[string]catalog.Table{
		"column twice":  {Storage: catalog.Storage{Columns: []catalog.Column{{Name: "a"}, {Name: "A"}}}},
		"key is column": {PartitionKeys: []catalog.Column{{Name: "a"}}, Storage: catalog.Storage{Columns: []catalog.Column{{Name: "A"}}}},
		"long comment":  {Storage: catalog.Storage{Columns: []catalog.Column{{Name: "a", Comment: strings.Repeat("x", 256)}}}},
		"retention":     {RetentionSeconds: -1},
		"nul":           {ViewOriginal: "a\x00b"},
	} {
		tab.Database, tab.Name = "db", "t"
		if err := s.CreateTable(ctx, tab); !errors.Is(err, catalog.BadValue) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestLimits(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Config{DatabasesMax: 1, TablesMax: 1, VersionsMax: 1, PartitionsMax: 2})
	weather(t, s)
	refuses(t, s.CreateDatabase(ctx, catalog.Database{Name: "two"}), catalog.TooMany)
	refuses(t, s.CreateTable(ctx, catalog.Table{Database: "db", Name: "two"}), catalog.TooMany)
	p := func(v string) catalog.Partition { return catalog.Partition{Values: []string{"2020", v}} }
	refuses(t, s.CreatePartitions(ctx, "db", "weather", []catalog.Partition{p("a"), p("b"), p("c")}, false), catalog.TooMany)
	if n, err := s.CountPartitions(ctx, "db", "weather"); n != 0 || err != nil {
		t.Errorf("%d partitions after a refusal, %v", n, err)
	}
	must(t, s.CreatePartitions(ctx, "db", "weather", []catalog.Partition{p("a"), p("b")}, false))
	tab, err := s.GetTable(ctx, "db", "weather")
	must(t, err)
	must(t, s.UpdateTable(ctx, tab, "", true))
	refuses(t, s.UpdateTable(ctx, tab, "", true), catalog.TooMany)
	must(t, s.UpdateTable(ctx, tab, "", false))
	tab.PartitionKeys = nil
	refuses(t, s.UpdateTable(ctx, tab, "", false), catalog.BadValue)
}

// Writers that name the version they read never lose each other's work.
func TestConcurrentUpdates(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	weather(t, s)
	const writers, each = 8, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for n := 0; n < each; {
				tab, err := s.GetTable(ctx, "db", "weather")
				if err != nil {
					t.Error(err)
					return
				}
				tab.RetentionSeconds++
				switch err := s.UpdateTable(ctx, tab, tab.Version, false); {
				case err == nil:
					n++
				case !errors.Is(err, catalog.TableChanged):
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	tab, err := s.GetTable(ctx, "db", "weather")
	must(t, err)
	if tab.RetentionSeconds != writers*each || tab.Version != fmt.Sprint(writers*each) {
		t.Errorf("%d of %d updates are there, version %s", tab.RetentionSeconds, writers*each, tab.Version)
	}
}
