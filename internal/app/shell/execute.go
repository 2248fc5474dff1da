package shell

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/term"
)

// lineMax bounds one line of a file of statements.
const lineMax = 64 << 20

// feed runs the statements and commands of a text; it stops at the first that
// fails. name is the file's, for messages.
func (s *shell) feed(ctx context.Context, r io.Reader, name string) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, lineMax)
	var split splitter
	for in.Scan() {
		line := in.Text()
		if !split.open() && strings.HasPrefix(strings.TrimSpace(line), `\`) {
			split.line++
			if err := s.command(ctx, strings.TrimSpace(line)); err != nil {
				return at(name, split.line, err)
			}
			continue
		}
		for _, st := range split.add(line) {
			if err := s.execute(ctx, st); err != nil {
				return at(name, st.line, err)
			}
		}
	}
	if err := in.Err(); err != nil {
		return at(name, split.line, err)
	}
	if st, ok := split.rest(); ok {
		return at(name, st.line, s.execute(ctx, st))
	}
	return nil
}

func at(name string, line int, err error) error {
	if err == nil || name == "" || errors.Is(err, errQuit) {
		return err
	}
	return fmt.Errorf("%s:%d: %w", name, line, err)
}

// copyOut are statements whose result is a stream of lines of its own.
var copyOut = regexp.MustCompile(`(?is)^\s*copy\b.*\bto\s+stdout\b`)

// execute runs one statement and shows what it returns.
func (s *shell) execute(ctx context.Context, st statement) error {
	start := time.Now()
	if copyOut.MatchString(st.text) {
		_, err := s.conn.CopyTo(ctx, s.out, st.text)
		return explain(err, st)
	}
	results := s.conn.Exec(ctx, st.text)
	var failed error
	for results.NextResult() {
		if err := s.show(results.ResultReader(), start); err != nil && failed == nil {
			failed = err
		}
	}
	if err := results.Close(); err != nil {
		return explain(err, st)
	}
	return failed
}

// show writes one result. Rows that cannot be written are read all the same:
// the connection must be left ready for the next statement.
func (s *shell) show(r *pgconn.ResultReader, start time.Time) error {
	columns := r.FieldDescriptions()
	if columns == nil {
		tag, err := r.Close()
		if err == nil && (s.cfg.Format == "table" || s.cfg.Format == "expanded") {
			_, err = fmt.Fprintln(s.out, strings.TrimSpace(tag.String()+s.took(" (%s)", start)))
		}
		return err
	}
	sh, failed := newSheet(s.format(), s.out, columns, s.screen())
	rows := 0
	for r.NextRow() {
		rows++
		if failed == nil {
			failed = sh.row(r.Values())
		}
	}
	if _, err := r.Close(); err != nil || failed != nil {
		return errors.Join(failed, err)
	}
	plural := "s"
	if rows == 1 {
		plural = ""
	}
	return sh.end(fmt.Sprintf("(%d row%s%s)", rows, plural, s.took(", %s", start)))
}

// took is the time since start, if the user wants to know.
func (s *shell) took(format string, start time.Time) string {
	if !s.timing {
		return ""
	}
	d := time.Since(start)
	if d >= time.Second {
		return fmt.Sprintf(format, fmt.Sprintf("%.2f s", d.Seconds()))
	}
	return fmt.Sprintf(format, fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000))
}

func (s *shell) format() string {
	if s.cfg.Format == "table" {
		switch s.sideways {
		case "on":
			return "expanded"
		case "auto":
			return "auto"
		}
	}
	return s.cfg.Format
}

// screen is the width of the terminal that results go to, 0 for a file.
func (s *shell) screen() int {
	f, ok := s.out.(*os.File)
	if !ok {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// explain turns the server's refusal into lines for people, with a caret under
// the place it speaks of.
func explain(err error, st statement) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s (%s)", pg.Severity, printable(pg.Message), pg.Code)
	b.WriteString(caret(st.text, int(pg.Position)))
	for _, more := range [][2]string{{"DETAIL", pg.Detail}, {"HINT", pg.Hint}} {
		if more[1] != "" {
			fmt.Fprintf(&b, "\n%s: %s", more[0], printable(more[1]))
		}
	}
	return errors.New(b.String())
}

// caretWindow is how much of a long line is shown around a caret.
const caretWindow = 60

// caret shows the line of text that holds character position, from 1, with a
// mark below it; nothing when there is no such place.
func caret(text string, position int) string {
	runes := []rune(text)
	if position < 1 || position > len(runes)+1 {
		return ""
	}
	i := position - 1
	start, line := 0, 1
	for j, r := range runes[:i] {
		if r == '\n' {
			start, line = j+1, line+1
		}
	}
	end := start
	for end < len(runes) && runes[end] != '\n' {
		end++
	}
	before, after := "", ""
	if i-start > caretWindow {
		start, before = i-caretWindow, "…"
	}
	if end-i > caretWindow {
		end, after = i+caretWindow, "…"
	}
	head := fmt.Sprintf("LINE %d: %s", line, before)
	shown := printable(strings.ReplaceAll(string(runes[start:end]), "\t", " "))
	lead := cells(head) + cells(printable(strings.ReplaceAll(string(runes[start:i]), "\t", " ")))
	return "\n" + head + shown + after + "\n" + pad(lead) + "^"
}
