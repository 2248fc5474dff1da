package plot

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestChart(t *testing.T) {
	values := make([]float64, 365)
	for i := range values {
		values[i] = 10 - 15*math.Cos(2*math.Pi*float64(i)/365)
	}
	values[100] = math.NaN()
	var b bytes.Buffer
	c := Chart{Title: "a year", Unit: "°C", From: time.Date(1887, 1, 1, 0, 0, 0, 0, time.UTC), Values: values, Width: 40, Height: 8}
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	const want = `  a year
    30 °C ┤
          │               ⣠⠴⠒⠋⠉⠉⠉⠓⠲⢤⡀
    20 °C ┤            ⣀⡴⠋⠁         ⠉⠳⣄
          │          ⣠⠞⠁              ⠈⠓⢦⡀
    10 °C ┤       ⢀⣠⠞⠁                   ⠙⢦⡀`
	if got := b.String(); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s", got)
	}
	lines := strings.Split(b.String(), "\n")
	if !strings.HasPrefix(strings.TrimSpace(lines[10]), "Jan 1887 Apr") {
		t.Errorf("names are %q", lines[10])
	}
	for _, l := range lines {
		if utf8.RuneCountInString(l) > 11+40+12 {
			t.Errorf("too wide: %q", l)
		}
	}
}

func TestChartsWithoutAShape(t *testing.T) {
	for name, values := range map[string][]float64{
		"none": nil, "only NaN": {math.NaN()}, "one": {3}, "flat": {3, 3, 3}, "zero": {0}, "infinite": {math.Inf(1), 1},
	} {
		var b bytes.Buffer
		if err := (Chart{Title: name, Values: values, Width: 10, Height: 4}).Write(&b); err != nil || b.Len() == 0 {
			t.Errorf("%s: %q, %v", name, b.String(), err)
		}
	}
}

func TestNiceStep(t *testing.T) {
	for _, tt := range []struct {
		span float64
		n    int
		want float64
	}{{40, 6, 10}, {1, 5, .2}, {0, 4, 1}, {7, 7, 1}, {100, 3, 50}} {
		if got := niceStep(tt.span, tt.n); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("niceStep(%v, %d) = %v, want %v", tt.span, tt.n, got, tt.want)
		}
	}
}
