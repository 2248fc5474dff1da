package demo

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"
)

// screen is what is known about the place that out leads to.
type screen struct {
	out    io.Writer
	live   bool // a line can be written over
	colour bool
	width  int // of drawings, in characters
	steps  int
	began  time.Time
}

func newScreen(out io.Writer) *screen {
	s := &screen{out: out, width: 100, began: time.Now()}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		s.live = os.Getenv("TERM") != "dumb"
		s.colour = s.live && os.Getenv("NO_COLOR") == ""
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.width = w
		}
	} else if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil {
		s.width = n
	}
	if os.Getenv("CLICOLOR_FORCE") == "1" {
		s.colour = true
	}
	s.width = min(max(s.width, 60), 120)
	return s
}

func (s *screen) paint(code, text string) string {
	if !s.colour {
		return text
	}
	return code + text + "\x1b[0m"
}

func (s *screen) bold(text string) string { return s.paint("\x1b[1m", text) }
func (s *screen) dim(text string) string  { return s.paint("\x1b[2m", text) }
func (s *screen) good(text string) string { return s.paint("\x1b[32m", text) }

// step does one step and writes a line with how long it took. f may tell how
// far it is, and returns what came of it.
func (s *screen) step(what string, f func(progress func(string)) (string, error)) error {
	s.steps++
	head := fmt.Sprintf("%3d  %-38s", s.steps, what)
	progress := func(note string) {
		if s.live {
			fmt.Fprintf(s.out, "\r\x1b[K%s         %s", head, s.dim(note))
		}
	}
	progress("…")
	start := time.Now()
	result, err := f(progress)
	if s.live {
		fmt.Fprint(s.out, "\r\x1b[K")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	fmt.Fprintf(s.out, "%s%7.2f s  %s\n", head, time.Since(start).Seconds(), s.dim(result))
	return nil
}

// total closes the table of steps.
func (s *screen) total() {
	fmt.Fprintf(s.out, "%5s%-38s%7s\n", "", "", strings.Repeat("─", 9))
	fmt.Fprintf(s.out, "%5s%-38s%7.2f s\n", "", "altogether", time.Since(s.began).Seconds())
}

// thousands writes a number the way people read it.
func thousands(n int64) string {
	t := strconv.FormatInt(n, 10)
	for i := len(t) - 3; i > 0 && t[i-1] != '-'; i -= 3 {
		t = t[:i] + "," + t[i:]
	}
	return t
}
