package weather

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"regexp"
	"testing"
)

var layout = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]{9},18[89]\d[01]\d[0-3]\d,[A-Z0-9]{4},-?\d{1,5},[A-Z]?,[A-Z]?,[A-Za-z0-9],(\d{4})?$`)

func small() Config { return Config{Seed: 7, FirstYear: 1886, Years: 3, Stations: 40} }

func TestSameSeedGivesSameBytes(t *testing.T) {
	a, b := sum(t, small()), sum(t, small())
	if a != b {
		t.Error("two runs with one seed differ")
	}
	other := small()
	other.Seed++
	if sum(t, other) == a {
		t.Error("another seed gives the same bytes")
	}
}

func sum(t *testing.T, cfg Config) [32]byte {
	t.Helper()
	h := sha256.New()
	if _, err := all(New(cfg), func(int) io.Writer { return h }); err != nil {
		t.Fatal(err)
	}
	return [32]byte(h.Sum(nil))
}

func all(g *Generator, open func(year int) io.Writer) (years int, err error) {
	for {
		_, err := g.Next(open(years))
		if err == io.EOF {
			return years, nil
		}
		if err != nil {
			return years, err
		}
		years++
	}
}

func TestLayoutAndFacts(t *testing.T) {
	g := New(small())
	var counted Facts
	rows := map[string]int{}
	ids := map[string]bool{}
	for {
		var file bytes.Buffer
		year, err := g.Next(&file)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(file.Bytes()) {
			line = bytes.TrimSuffix(line, []byte("\n"))
			if !layout.Match(line) {
				t.Fatalf("%d: %q is not in the layout", year, line)
			}
			f := bytes.Split(line, []byte(","))
			ids[string(f[0])] = true
			rows[string(f[2])]++
			for i, name := range []string{4: "m_flag", 5: "q_flag", 7: "obs_time"} {
				if name != "" && len(f[i]) > 0 {
					rows[name]++
				}
			}
			rows[""]++
		}
		if err := Count(&file, &counted); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"TMAX", "TMIN", "PRCP", "SNOW", "SNWD", "TAVG", "m_flag", "q_flag", "obs_time"} {
		if n := rows[want]; n == 0 || n > rows[""]/2 {
			t.Errorf("%d of %d rows have %s", n, rows[""], want)
		}
	}
	if len(ids) < small().Stations*3/4 {
		t.Errorf("only %d stations", len(ids))
	}
	f := g.Facts()
	if f.Rows != counted.Rows || f.Matching() != counted.Matching() || len(f.Daily) != len(counted.Daily) {
		t.Errorf("generator counts %d rows, %d matching, %d days; its files hold %d, %d, %d",
			f.Rows, f.Matching(), len(f.Daily), counted.Rows, counted.Matching(), len(counted.Daily))
	}
	for i, d := range f.Daily {
		if d != counted.Daily[i] {
			t.Fatalf("%v: generator counts %+v, its files hold %+v", d.Date, d, counted.Daily[i])
		}
	}
}

func TestDefaultIsADecadeOfTwoMillionRows(t *testing.T) {
	g := New(Default())
	if years, err := all(g, func(int) io.Writer { return io.Discard }); err != nil || years != 10 {
		t.Fatal(years, err)
	}
	f := g.Facts()
	if f.Rows < 2_000_000 || len(f.Daily) != 1096 || f.Years[0].Year != 1880 || f.Years[9].Year != 1889 {
		t.Errorf("%d rows, %d days, years %v", f.Rows, len(f.Daily), f.Years)
	}
	hot, cold := f.Daily[200].Mean(), f.Daily[10].Mean()
	if hot < 20 || hot > 35 || cold > 10 || cold < -15 {
		t.Errorf("July 1887 %.1f, January 1887 %.1f", hot, cold)
	}
	for _, y := range f.Years {
		t.Log(y)
	}
	t.Log(f.Rows, f.Matching())
}

func TestWriteErrorIsReported(t *testing.T) {
	full := errors.New("disk full")
	if _, err := New(small()).Next(failing{full}); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func BenchmarkYear(b *testing.B) {
	for b.Loop() {
		g := New(Config{Seed: 1, FirstYear: 1889, Years: 1, Stations: 620})
		if _, err := g.Next(io.Discard); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(g.Facts().Years[0].Bytes)
	}
}
