package demo

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/app/demo/weather"
)

func TestGroup(t *testing.T) {
	days, err := group(strings.NewReader(`"dt","temperature"
"1888-01-02 00:00:00.000","-3.3"
"1887-05-01 00:00:00.000","20.1"
"1888-01-02 00:00:00.000","-3.4"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []weather.Day{
		{Date: time.Date(1887, 5, 1, 0, 0, 0, 0, time.UTC), SumTenths: 201, Count: 1},
		{Date: time.Date(1888, 1, 2, 0, 0, 0, 0, time.UTC), SumTenths: -67, Count: 2},
	}
	if err := same(days, want); err != nil {
		t.Error(err)
	}
	want[1].SumTenths++
	if err := same(days, want); err == nil || !strings.Contains(err.Error(), "1888-01-02") {
		t.Errorf("a wrong sum: %v", err)
	}
	if err := same(days[:1], want); err == nil {
		t.Error("a missing day is not noticed")
	}
}

func TestGroupRefuses(t *testing.T) {
	for _, text := range []string{"", "a,b\n1880-01-01,3\n", "a,b\nx,3\n", "a,b\n1888-01-01,warm\n", "a,b\n1888-01-01,1,2\n"} {
		if days, err := group(strings.NewReader(text)); err == nil {
			t.Errorf("%q gives %v", text, days)
		}
	}
}

func TestRolling(t *testing.T) {
	got := rolling([]float64{1, 2, 3, 4, 5, 6}, 4)
	want := []float64{math.NaN(), math.NaN(), 2.5, 3.5, 4.5, math.NaN()} // what pandas 3.1 gives
	for i := range want {
		if got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func TestShow(t *testing.T) {
	g := weather.New(weather.Config{Seed: 1, FirstYear: 1887, Years: 3, Stations: 60})
	for {
		if _, err := g.Next(io.Discard); err == io.EOF {
			break
		}
	}
	facts := g.Facts()
	var out bytes.Buffer
	f := &frames{screen: newScreen(&out), out: &out, facts: facts, answer: facts.Daily}
	f.screen.width = 90
	f.show()
	for _, want := range []string{"SELECT dt,", "1888", "30 days around each", "Jan 1889", "✓ "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	t.Log(out.String())
}

func TestGenerateWritesTheYears(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "csv")
	if err := Run(t.Context(), Config{Generate: dir}, io.Discard); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 10 || files[0].Name() != "1880.csv" || files[9].Name() != "1889.csv" {
		t.Errorf("%v, %v", files, err)
	}
}

func TestUnknownName(t *testing.T) {
	if err := Run(t.Context(), Config{Name: "21"}, io.Discard); err == nil || !strings.Contains(err.Error(), "19-data-frames") {
		t.Error(err)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", -123: "-123"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

func ExampleConfig_Validate() {
	fmt.Println(Config{Name: "21"}.Validate())
	// Output: there is no demo "21": 19-data-frames is the one there is
}
