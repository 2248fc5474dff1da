package dialect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// engine opens the real engine with a dialect's macros.
func engine(t *testing.T, d dialect.Dialect) *duck.Conn {
	t.Helper()
	cfg := duck.Default()
	cfg.MemoryMaxBytes, cfg.Threads = 256<<20, 1
	cfg.Setup = dialect.Macros(d)
	e, err := duck.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Acquire(context.Background(), strings.Join(dialect.SearchPath(d), ","))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Release()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// run translates a query and runs it; all columns are read as text.
func run(c *duck.Conn, query string, d dialect.Dialect, wrap string) ([]string, error) {
	text, _, err := dialect.Translate(query, d)
	if err != nil {
		return nil, errors.New(fault.Message(err))
	}
	ctx := context.Background()
	s, err := c.Prepare(ctx, fmt.Sprintf(wrap, text))
	if err != nil {
		return nil, plain(err)
	}
	defer s.Close()
	r, err := s.Query(ctx, nil, nil)
	if err != nil {
		return nil, plain(err)
	}
	defer r.Close()
	var rows []string
	for {
		b, err := r.Next(ctx)
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, plain(err)
		}
		for i := range int(b.NumRows()) {
			cells := make([]string, b.NumCols())
			for k := range cells {
				cells[k] = "NULL"
				if col := b.Column(k); !col.IsNull(i) {
					cells[k] = col.ValueStr(i)
				}
			}
			rows = append(rows, strings.Join(cells, " | "))
		}
		b.Release()
	}
}

// plain is the message of a macro's refusal, or the engine's.
func plain(err error) error {
	if msg, ok := dialect.EngineMessage(err.Error()); ok {
		return errors.New(msg)
	}
	msg, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(msg)
}

// TestValues evaluates the expressions of testdata/eval_*.txt on the engine.
func TestValues(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.Lake, dialect.Warehouse} {
		c := engine(t, d)
		name := "eval_" + string(d) + ".txt"
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		typeOf := map[dialect.Dialect]string{dialect.Lake: "lake.typeof(v)", dialect.Warehouse: "typeof(v)"}[d]
		for n, line := range strings.Split(string(raw), "\n") {
			expr, want, ok := strings.Cut(line, " => ")
			if !ok {
				continue
			}
			want, wantType, typed := strings.Cut(want, " : ")
			rows, err := run(c, "SELECT "+expr+" AS v", d, "SELECT CAST(v AS VARCHAR), "+typeOf+" FROM (%s)")
			got, gotType := "", ""
			if err != nil {
				got = "!" + err.Error()
			} else {
				cut := strings.LastIndex(rows[0], " | ")
				got, gotType = rows[0][:cut], rows[0][cut+3:]
			}
			if got != want || typed && gotType != wantType {
				t.Errorf("%s:%d: %s = %s : %s, want %s : %s", name, n+1, expr, got, gotType, want, wantType)
			}
		}
	}
}

// TestQueries runs the queries of testdata/query_*.txt: a query, "----", its
// rows, a blank line.
func TestQueries(t *testing.T) {
	for _, d := range []dialect.Dialect{dialect.Lake, dialect.Warehouse} {
		c := engine(t, d)
		name := "query_" + string(d) + ".txt"
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range strings.Split(strings.TrimSpace(string(raw)), "\n\n") {
			query, want, ok := strings.Cut(block, "\n----\n")
			if !ok || strings.HasPrefix(block, "#") {
				continue
			}
			rows, err := run(c, query, d, "SELECT COLUMNS(*)::VARCHAR FROM (%s)")
			got := strings.Join(rows, "\n")
			if err != nil {
				got = "!" + err.Error()
			}
			if got != strings.TrimSpace(want) {
				t.Errorf("%s: %s\ngot:\n%s\nwant:\n%s", name, query, got, want)
			}
		}
	}
}

// TestTable says that each function that is served has a value in the tests,
// and that each form is one the engine knows.
func TestTable(t *testing.T) {
	var all strings.Builder
	for _, f := range []string{"eval_lake.txt", "query_lake.txt"} {
		raw, err := os.ReadFile(filepath.Join("testdata", f))
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(strings.ToLower(string(raw)))
	}
	for _, f := range dialect.Functions() {
		switch f.Status {
		case dialect.Yes, dialect.Partly:
			if !strings.Contains(all.String(), f.Name+"(") {
				t.Errorf("%s: no test calls it", f.Name)
			}
		case dialect.No:
			if f.Note == "" {
				t.Errorf("%s: refused without a word", f.Name)
			}
		default:
			t.Errorf("%s: status %q", f.Name, f.Status)
		}
		if f.Status == dialect.Partly && f.Note == "" {
			t.Errorf("%s: partly, but what?", f.Name)
		}
	}
}
