// Package plot draws a line of values over time with characters.
//
// A character cell holds two by four dots (Unicode braille patterns), so that
// a chart of 90 by 12 characters has 180 by 48 points. Where several values
// fall on one column of dots, the column is drawn from the least to the
// greatest of them, as a printed line would be.
package plot

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
)

// Chart is one line. Values are a day apart; NaN is a day without one.
type Chart struct {
	Title         string
	Unit          string // at the axis: "°C"
	From          time.Time
	Values        []float64
	Width, Height int    // of the drawing itself, in characters
	Colour        string // an ANSI sequence, or "" for none
}

// Write draws the chart.
func (c Chart) Write(w io.Writer) error {
	low, high, ok := bounds(c.Values)
	if !ok {
		_, err := fmt.Fprintf(w, "%s\n(no values)\n", c.Title)
		return err
	}
	step := niceStep(high-low, c.Height/2)
	low, high = math.Floor(low/step)*step, math.Ceil(high/step)*step
	if low == high {
		high = low + step
	}
	d := newDots(c.Width, c.Height)
	d.draw(c.Values, low, high)
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", c.Title)
	labels := c.yLabels(low, high, step)
	reset := ""
	if c.Colour != "" {
		reset = "\x1b[0m"
	}
	for y := range c.Height {
		mark := "│"
		if labels[y] != "" {
			mark = "┤"
		}
		fmt.Fprintf(&b, "%9s %s%s%s%s\n", labels[y], mark, c.Colour, strings.TrimRight(d.line(y), " "), reset)
	}
	axis, names := c.xLabels()
	fmt.Fprintf(&b, "%9s └%s\n%9s  %s\n", "", axis, "", names)
	_, err := io.WriteString(w, b.String())
	return err
}

// yLabels are the numbers beside the lines, by line.
func (c Chart) yLabels(low, high, step float64) []string {
	labels := make([]string, c.Height)
	decimals := max(0, -int(math.Floor(math.Log10(step))))
	for v := low; v <= high+step/2; v += step {
		y := int(math.Round((high-v)/(high-low)*float64(4*c.Height-1))) / 4
		labels[y] = fmt.Sprintf("%.*f %s", decimals, v, c.Unit)
	}
	return labels
}

// xLabels are the axis with a tick at the start of each quarter, and the names
// of those that have room.
func (c Chart) xLabels() (axis, names string) {
	ticks := []rune(strings.Repeat("─", c.Width))
	text := []rune(strings.Repeat(" ", c.Width+12))
	free := 0
	for i := range c.Values {
		d := c.From.AddDate(0, 0, i)
		if d.Day() != 1 || (d.Month()-1)%3 != 0 {
			continue
		}
		x := i * c.Width / len(c.Values)
		ticks[x] = '┬'
		name := d.Format("Jan")
		if d.Month() == time.January {
			name = d.Format("Jan 2006")
		}
		if x >= free && x+len(name) <= len(text) {
			copy(text[x:], []rune(name))
			free = x + len(name) + 1
		}
	}
	return string(ticks), strings.TrimRight(string(text), " ")
}

func bounds(values []float64) (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			low, high, ok = math.Min(low, v), math.Max(high, v), true
		}
	}
	return low, high, ok
}

// niceStep is the least of 1, 2, 5, 10, 20 ... that cuts span into at most n.
func niceStep(span float64, n int) float64 {
	if span <= 0 || n < 1 {
		return 1
	}
	base := math.Pow(10, math.Floor(math.Log10(span/float64(n))))
	for _, m := range []float64{1, 2, 5} {
		if span <= base*m*float64(n) {
			return base * m
		}
	}
	return base * 10
}

// dots is a drawing, one byte of eight dots a character.
type dots struct {
	w, h  int
	cells []byte
}

func newDots(w, h int) *dots { return &dots{w, h, make([]byte, w*h)} }

// bits are the dots of a braille pattern by row and column.
var bits = [4][2]byte{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}

func (d *dots) set(x, y int) {
	if x >= 0 && x < 2*d.w && y >= 0 && y < 4*d.h {
		d.cells[y/4*d.w+x/2] |= bits[y%4][x%2]
	}
}

func (d *dots) line(y int) string {
	var b strings.Builder
	for _, c := range d.cells[y*d.w : (y+1)*d.w] {
		if c == 0 {
			b.WriteByte(' ') // the empty pattern is as wide only in some fonts
			continue
		}
		b.WriteRune('\u2800' + rune(c))
	}
	return b.String()
}

// draw puts the values between the bottom, low, and the top, high.
func (d *dots) draw(values []float64, low, high float64) {
	columns := 2 * d.w
	at := func(v float64) int { return int(math.Round((high - v) / (high - low) * float64(4*d.h-1))) }
	last := math.NaN() // the value before, so that the line has no gaps
	for x := range columns {
		from, to := x*len(values)/columns, (x+1)*len(values)/columns
		l, h, ok := bounds(append([]float64{last}, values[from:max(to, min(from+1, len(values)))]...))
		if !ok {
			continue
		}
		for y := at(h); y <= at(l); y++ {
			d.set(x, y)
		}
		if to > from {
			last = values[to-1]
		}
	}
}
