package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

func listAll(t testing.TB, s *catalog.Service, q catalog.PartitionQuery) (out []catalog.Partition) {
	t.Helper()
	for {
		ps, next, err := s.QueryPartitions(context.Background(), q)
		must(t, err)
		out = append(out, ps...)
		if q.Token = next; next == "" {
			return out
		}
	}
}

func TestPartitions(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	weather(t, s)
	st := catalog.Storage{Location: "s3://lake/weather/2020/x", InputFormat: "f", Columns: []catalog.Column{{Name: "value", Type: "int"}}}
	in := catalog.Partition{Values: []string{"2020", "x"}, Storage: st, Parameters: map[string]string{"a": "b"}}
	must(t, s.CreatePartitions(ctx, "DB", "Weather", []catalog.Partition{in}, false))
	refuses(t, s.CreatePartitions(ctx, "db", "weather", []catalog.Partition{{Values: []string{"2021", "y"}}, in}, false), catalog.PartitionExists)
	got, err := s.GetPartition(ctx, "db", "weather", in.Values)
	must(t, err)
	want := in
	want.Database, want.Table, want.Created = "db", "weather", got.Created
	if !reflect.DeepEqual(got, want) || got.Created.IsZero() {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if n, err := s.CountPartitions(ctx, "db", "weather"); n != 1 || err != nil {
		t.Errorf("%d partitions, want 1: nothing stays of a refused call (%v)", n, err)
	}
	must(t, s.CreatePartitions(ctx, "db", "weather", []catalog.Partition{{Values: []string{"2021", "y"}}, in}, true))
	errs, err := s.AddPartitions(ctx, "db", "weather", []catalog.Partition{in, {Values: []string{"2022", "z"}}, {Values: []string{"1"}}})
	must(t, err)
	refuses(t, errs[0], catalog.PartitionExists)
	refuses(t, errs[2], catalog.BadValue)
	if errs[1] != nil {
		t.Error(errs[1])
	}
	// Rename one; statistics go along.
	_, err = s.PutStatistics(ctx, "db", "weather", in.Values, []catalog.Statistic{{Column: "Value", ColumnType: "int", Kind: catalog.LongStatistic, Maximum: "9"}})
	must(t, err)
	moved := got
	moved.Values, moved.Parameters = []string{"2020", "moved"}, nil
	must(t, s.UpdatePartition(ctx, "db", "weather", in.Values, moved))
	again, err := s.GetPartition(ctx, "db", "weather", moved.Values)
	must(t, err)
	if !reflect.DeepEqual(again, moved) {
		t.Errorf("got  %+v\nwant %+v", again, moved)
	}
	stats, _, err := s.GetStatistics(ctx, "db", "weather", moved.Values, []string{"value"})
	must(t, err)
	if len(stats) != 1 || stats[0].Maximum != "9" {
		t.Errorf("%+v", stats)
	}
	refuses(t, s.UpdatePartition(ctx, "db", "weather", in.Values, moved), catalog.PartitionExists)
	refuses(t, s.UpdatePartition(ctx, "db", "weather", in.Values, in), catalog.PartitionNotFound)
	refuses(t, s.UpdatePartition(ctx, "db", "weather", moved.Values, catalog.Partition{Values: []string{"2022", "z"}}), catalog.PartitionExists)

	found, missing, err := s.GetPartitions(ctx, "db", "weather", [][]string{{"2022", "z"}, {"0", "0"}, {"2021", "y"}})
	must(t, err)
	if len(found) != 2 || found[0].Values[0] != "2022" || len(missing) != 1 {
		t.Errorf("%v %v", found, missing)
	}
	refuses(t, s.DeletePartitions(ctx, "db", "weather", [][]string{{"2022", "z"}, {"0", "0"}}), catalog.PartitionNotFound)
	errs, err = s.DropPartitions(ctx, "db", "weather", [][]string{{"2022", "z"}, {"0", "0"}})
	must(t, err)
	refuses(t, errs[1], catalog.PartitionNotFound)
	if n, err := s.CountPartitions(ctx, "db", "weather"); n != 2 || err != nil {
		t.Errorf("%d partitions, %v", n, err)
	}
}

func TestStatistics(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	weather(t, s)
	st := catalog.Statistic{Column: "value", ColumnType: "int", Kind: catalog.LongStatistic, Nulls: 1, Distinct: 2, Minimum: "-3", Maximum: "4"}
	errs, err := s.PutStatistics(ctx, "db", "weather", nil, []catalog.Statistic{st, {Column: "none"}, {Column: "value", Nulls: -1}, {Column: "value", LengthMean: math.NaN()}, {Column: "value", Analyzed: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}})
	must(t, err)
	refuses(t, errs[1], catalog.ColumnNotFound)
	for _, err := range errs[2:] {
		refuses(t, err, catalog.BadValue)
	}
	found, missing, err := s.GetStatistics(ctx, "db", "weather", nil, []string{"element", "value"})
	must(t, err)
	if len(found) != 1 || found[0] != st || !slices.Equal(missing, []string{"element"}) {
		t.Errorf("%+v %v", found, missing)
	}
	must(t, s.DeleteStatistics(ctx, "db", "weather", nil, "VALUE"))
	refuses(t, s.DeleteStatistics(ctx, "db", "weather", nil, "value"), catalog.StatisticNotFound)
	_, _, err = s.GetStatistics(ctx, "db", "weather", []string{"1", "2"}, nil)
	refuses(t, err, catalog.PartitionNotFound)
}

// TestPartitionsModel runs random operations against a map. Values have the
// bytes that the stored order must get right.
func TestPartitionsModel(t *testing.T) {
	ctx := context.Background()
	s := open(t, catalog.Default())
	weather(t, s, catalog.Column{Name: "a", Type: "string"}, catalog.Column{Name: "b", Type: "string"})
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := []string{"a", "a\x01", "a\x02", "a\x020", "a0", "aa", "b", "\x01", "é", "A", " ", "%", "/"}
	model := map[[2]string]string{}
	value := func() []string { return []string{pick[rnd.IntN(len(pick))], pick[rnd.IntN(len(pick))]} }
	for i := range 2000 {
		v := value()
		k := [2]string(v)
		loc := fmt.Sprint("s3://b/", i)
		p := catalog.Partition{Values: v, Storage: catalog.Storage{Location: loc, Compressed: i%3 == 0}}
		_, there := model[k]
		switch op := rnd.IntN(4); op {
		case 0:
			err := s.CreatePartitions(ctx, "db", "weather", []catalog.Partition{p}, false)
			if (err == nil) == there || there && !errors.Is(err, catalog.PartitionExists) {
				t.Fatalf("create %q: %v", v, err)
			}
			if !there {
				model[k] = loc
			}
		case 1:
			err := s.DeletePartitions(ctx, "db", "weather", [][]string{v})
			if (err == nil) != there {
				t.Fatalf("delete %q: %v", v, err)
			}
			delete(model, k)
		case 2:
			to := [2]string(value())
			p.Values = to[:]
			_, taken := model[to]
			err := s.UpdatePartition(ctx, "db", "weather", v, p)
			if ok := there && (!taken || to == k); (err == nil) != ok {
				t.Fatalf("update %q to %q: %v", v, to, err)
			} else if ok {
				delete(model, k)
				model[to] = loc
			}
		case 3:
			got, err := s.GetPartition(ctx, "db", "weather", v)
			if (err == nil) != there || there && got.Storage.Location != model[k] {
				t.Fatalf("get %q: %v %v", v, got, err)
			}
		}
		if i%100 == 0 {
			checkModel(t, s, model, 1+rnd.IntN(9))
		}
	}
	checkModel(t, s, model, 1000)
}

func checkModel(t *testing.T, s *catalog.Service, model map[[2]string]string, max int) {
	t.Helper()
	keys := slices.SortedFunc(maps.Keys(model), func(a, b [2]string) int {
		if c := strings.Compare(a[0], b[0]); c != 0 {
			return c
		}
		return strings.Compare(a[1], b[1])
	})
	var got [][2]string
	for _, p := range listAll(t, s, catalog.PartitionQuery{Database: "db", Table: "weather", Max: max}) {
		got = append(got, [2]string(p.Values))
		if p.Storage.Location != model[[2]string(p.Values)] {
			t.Errorf("%q at %s", p.Values, p.Storage.Location)
		}
	}
	if !slices.Equal(got, keys) {
		t.Fatalf("got  %q\nwant %q", got, keys)
	}
	if n, err := s.CountPartitions(context.Background(), "db", "weather"); int(n) != len(model) || err != nil {
		t.Fatalf("count %d, want %d (%v)", n, len(model), err)
	}
	var some int
	for k := range model {
		if k[0] == "a" || k[0] == "b" && k[1] > "a" {
			some++
		}
	}
	if n := len(listAll(t, s, catalog.PartitionQuery{Database: "db", Table: "weather", Max: max, Expression: "a = 'a' or a = 'b' and b > 'a'"})); n != some {
		t.Fatalf("expression selects %d, want %d", n, some)
	}
	n := 0
	for i := range 3 {
		n += len(listAll(t, s, catalog.PartitionQuery{Database: "db", Table: "weather", Max: max, Segment: i, Segments: 3}))
	}
	if n != len(model) {
		t.Fatalf("segments have %d, want %d", n, len(model))
	}
}

// fill makes n partitions of year, month, day and hour, by the hundred.
func fill(t testing.TB, s *catalog.Service, n int) {
	t.Helper()
	key := func(name, typ string) catalog.Column { return catalog.Column{Name: name, Type: typ} }
	weather(t, s, key("year", "int"), key("month", "string"), key("day", "string"), key("hour", "int"))
	columns := make([]catalog.Column, 30)
	for i := range columns {
		columns[i] = catalog.Column{Name: fmt.Sprint("column_", i), Type: "decimal(18,2)", Comment: "what it means"}
	}
	batch := make([]catalog.Partition, 0, 100)
	for i := range n {
		v := []string{fmt.Sprint(2000 + i/24/31/12), fmt.Sprintf("%02d", i/24/31%12+1), fmt.Sprintf("%02d", i/24%31+1), fmt.Sprintf("%02d", i%24)}
		batch = append(batch, catalog.Partition{Values: v, Parameters: map[string]string{"classification": "parquet"},
			Storage: catalog.Storage{Location: "s3://lake/weather/" + strings.Join(v, "/"), Columns: columns, Serde: catalog.Serde{Library: "x"}}})
		if len(batch) == cap(batch) || i == n-1 {
			must(t, s.CreatePartitions(context.Background(), "db", "weather", batch, false))
			batch = batch[:0]
		}
	}
}

// Expressions select the same whether ranges are left out or every row is read.
func TestExpressionsOverManyPartitions(t *testing.T) {
	s := open(t, catalog.Default())
	fill(t, s, 20_000)
	every := listAll(t, s, catalog.PartitionQuery{Database: "db", Table: "weather", Max: 100_000})
	for expr, want := range map[string]int{
		"year = 2001":                              8928,
		"year = '2001' and month = '02'":           744,
		"year > 2000 and day = '31' and hour = 23": 12 + 2,
		"month in ('03','04') and hour < 2":        304,
		"not (year < 2002)":                        20_000 - 2*8928,
		"hour = 5":                                 20_000 / 24,
		"year = 1999":                              0,
	} {
		got := listAll(t, s, catalog.PartitionQuery{Database: "db", Table: "weather", Max: 1000, Expression: expr})
		pred, err := catalog.ParsePredicate(expr, []catalog.Column{{Name: "year", Type: "int"}, {Name: "month", Type: "string"}, {Name: "day", Type: "string"}, {Name: "hour", Type: "int"}})
		must(t, err)
		all := 0
		for _, p := range every {
			if pred.Match(p.Values) {
				all++
			}
		}
		if len(got) != all || all < want-2 || all > want+2 {
			t.Errorf("%s: %d of %d, want about %d", expr, len(got), all, want)
		}
	}
}

func BenchmarkGetTable(b *testing.B) {
	s := open(b, catalog.Default())
	fill(b, s, 10)
	for b.Loop() {
		if _, err := s.GetTable(context.Background(), "db", "weather"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkListPartitions reads a table of 100,000 partitions.
func BenchmarkListPartitions(b *testing.B) {
	s := open(b, catalog.Default())
	fill(b, s, 100_000)
	for _, expr := range []string{"", "year = 2005 and month = '03' and day = '04'", "hour = 5", "year = 2005"} {
		b.Run("expr="+expr, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n = len(listAll(b, s, catalog.PartitionQuery{Database: "db", Table: "weather", Max: 1_000_000, Expression: expr}))
			}
			b.ReportMetric(float64(n), "partitions")
		})
	}
}

func BenchmarkCreatePartitions(b *testing.B) {
	s := open(b, catalog.Default())
	b.ReportMetric(100, "partitions/op")
	weather(b, s)
	i := 0
	for b.Loop() {
		batch := make([]catalog.Partition, 100)
		for j := range batch {
			batch[j] = catalog.Partition{Values: []string{fmt.Sprint(i), fmt.Sprint(j)}, Storage: catalog.Storage{Location: "s3://b/x"}}
		}
		i++
		must(b, s.CreatePartitions(context.Background(), "db", "weather", batch, false))
	}
}
