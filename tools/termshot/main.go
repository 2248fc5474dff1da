// Command termshot turns the output of a terminal program into an SVG picture:
//
//	CLICOLOR_FORCE=1 COLUMNS=100 bin/boathouse demo --once | go run ./tools/termshot > docs/demo.svg
//
// as `make picture` does.
//
// It knows the colours and the bold and dim styles of ANSI sequences. Lines of
// tables and the dots of charts are drawn as shapes, so that the picture is the
// same with every font.
package main

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sizes in SVG units.
const (
	cellW, cellH = 8.4, 18.0
	margin       = 18.0
	bar          = 30.0 // above the text
	fontSize     = 14
)

var palette = map[string]string{
	"": "#d7dae0", "1": "#ffffff", "2": "#8b93a3", "31": "#ff7b72", "32": "#7ee787", "33": "#f2cc60", "34": "#79c0ff", "35": "#d2a8ff", "36": "#56d4dd",
}

// piece is text of one style that stands at a column.
type piece struct {
	x     int
	text  string
	style string
}

func main() {
	lines, err := read(os.Stdin)
	if err == nil {
		err = write(os.Stdout, lines)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "termshot:", err)
		os.Exit(1)
	}
}

func read(r io.Reader) (lines [][]piece, err error) {
	in := bufio.NewScanner(r)
	for in.Scan() {
		lines = append(lines, split(in.Text()))
	}
	for len(lines) > 0 && len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}
	return lines, in.Err()
}

// split cuts a line at its ANSI sequences.
func split(line string) (out []piece) {
	x, style := 0, ""
	for line != "" {
		text, rest, found := strings.Cut(line, "\x1b[")
		if text != "" {
			out = append(out, piece{x, text, style})
			x += utf8.RuneCountInString(text)
		}
		if !found {
			break
		}
		code, after, _ := strings.Cut(rest, "m")
		style, line = code, after
		if code == "0" {
			style = ""
		}
	}
	return out
}

func write(w io.Writer, lines [][]piece) error {
	columns := 0
	for _, l := range lines {
		for _, p := range l {
			columns = max(columns, p.x+utf8.RuneCountInString(p.text))
		}
	}
	width, height := 2*margin+float64(columns)*cellW, bar+margin+float64(len(lines))*cellH+margin/2
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img">`+"\n", num(width), num(height), num(width), num(height))
	fmt.Fprintf(out, `<rect width="100%%" height="100%%" rx="8" fill="#14181f"/>`+"\n")
	for i, c := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(out, `<circle cx="%s" cy="16" r="5" fill="%s"/>`+"\n", num(margin+float64(i)*18), c)
	}
	fmt.Fprintf(out, `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="%d" xml:space="preserve">`+"\n", fontSize)
	shapes := map[string]*strings.Builder{}
	for y, l := range lines {
		for _, p := range l {
			drawPiece(out, shapes, p, y)
		}
	}
	fmt.Fprintln(out, "</g>")
	for _, style := range []string{"", "1", "2", "31", "32", "33", "34", "35", "36"} {
		if s := shapes[style]; s != nil {
			fmt.Fprintf(out, `<path d="%s" fill="%s"/>`+"\n", s.String(), palette[style])
		}
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

// drawPiece writes words as text, each at its place, and adds the rest to the
// shapes of its style.
func drawPiece(out io.Writer, shapes map[string]*strings.Builder, p piece, y int) {
	top := bar + float64(y)*cellH
	if shapes[p.style] == nil {
		shapes[p.style] = &strings.Builder{}
	}
	word, start := "", 0
	flush := func() {
		if strings.TrimSpace(word) != "" {
			n := utf8.RuneCountInString(word)
			weight := ""
			if p.style == "1" {
				weight = ` font-weight="bold"`
			}
			fmt.Fprintf(out, `<text x="%s" y="%s" fill="%s"%s textLength="%s" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
				num(margin+float64(start)*cellW), num(top+fontSize), palette[p.style], weight, num(float64(n)*cellW), html.EscapeString(word))
		}
		word = ""
	}
	x := p.x
	for _, r := range p.text {
		left := margin + float64(x)*cellW
		if drawRune(shapes[p.style], r, left, top) || r == ' ' {
			flush()
		} else {
			if word == "" {
				start = x
			}
			word += string(r)
		}
		x++
	}
	flush()
}

// arms are the directions in which a line of a box goes: left right up down.
var arms = map[rune]string{'─': "lr", '│': "ud", '┤': "lud", '├': "rud", '┬': "lrd", '┴': "lru", '┼': "lrud", '└': "ru", '┘': "lu", '┌': "rd", '┐': "ld"}

// drawRune adds a character's shape to a path, if it is one that is drawn.
func drawRune(path *strings.Builder, r rune, left, top float64) bool {
	if r >= '\u2800' && r <= '\u28ff' {
		drawDots(path, byte(r-'\u2800'), left, top)
		return true
	}
	where, ok := arms[r]
	if !ok {
		return false
	}
	const thin = 1.1
	midX, midY := left+cellW/2-thin/2, top+cellH/2-thin/2
	for _, a := range where {
		switch a {
		case 'l':
			box(path, left, midY, cellW/2+thin/2, thin)
		case 'r':
			box(path, midX, midY, cellW/2+thin/2, thin)
		case 'u':
			box(path, midX, top, thin, cellH/2+thin/2)
		case 'd':
			box(path, midX, midY, thin, cellH/2+thin/2)
		}
	}
	return true
}

// drawDots adds the dots of a braille pattern, which fill the cell.
func drawDots(path *strings.Builder, pattern byte, left, top float64) {
	const size = 2.7
	at := [8][2]float64{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}
	for bit, p := range at {
		if pattern&(1<<bit) != 0 {
			box(path, left+cellW/4+p[0]*cellW/2-size/2, top+cellH/8+p[1]*cellH/4-size/2, size, size)
		}
	}
}

func box(path *strings.Builder, x, y, w, h float64) {
	fmt.Fprintf(path, "M%s %sh%sv%sh-%sz", num(x), num(y), num(w), num(h), num(w))
}

func num(v float64) string { return strconv.FormatFloat(float64(int64(v*10+0.5))/10, 'f', -1, 64) }
