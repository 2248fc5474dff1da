package shell

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// pageRows is how many rows are looked at to find a table's column widths.
// Memory is bounded by a page however long the result is; a later page may
// widen a column.
const pageRows = 1000

// nullText stands for NULL, which is not the empty text.
const nullText = "NULL"

// table writes columns of equal width under a head.
type table struct {
	w       *bufio.Writer
	columns []pgconn.FieldDescription
	widths  []int
	page    [][]string
	headed  bool
	screen  int // width above which rows are turned on their side; 0 is never
	turned  *expanded
}

func newTable(w *bufio.Writer, columns []pgconn.FieldDescription) *table {
	t := &table{w: w, columns: columns}
	for _, c := range columns {
		t.widths = append(t.widths, cells(printable(c.Name)))
	}
	return t
}

func (t *table) row(values [][]byte) error {
	line := make([]string, len(values))
	for i, v := range values {
		line[i] = show(v)
		t.widths[i] = max(t.widths[i], cells(line[i]))
	}
	t.page = append(t.page, line)
	if len(t.page) < pageRows {
		return nil
	}
	return t.print()
}

func show(v []byte) string {
	if v == nil {
		return nullText
	}
	return printable(string(v))
}

// print writes the page at hand.
func (t *table) print() error {
	if !t.headed && t.screen > 0 && t.wide() > t.screen {
		t.turned = &expanded{w: t.w, columns: t.columns}
	}
	if t.turned != nil {
		for _, line := range t.page {
			t.turned.print(line)
		}
		t.headed, t.page = true, t.page[:0]
		return t.w.Flush()
	}
	if !t.headed {
		t.head()
	}
	for _, line := range t.page {
		t.line(line, func(i int) bool { return isNumeric(t.columns[i]) })
	}
	t.headed, t.page = true, t.page[:0]
	return t.w.Flush()
}

func (t *table) wide() (n int) {
	for _, w := range t.widths {
		n += w + 3
	}
	return n - 1
}

func (t *table) head() {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = printable(c.Name)
	}
	t.line(names, func(i int) bool { return isNumeric(t.columns[i]) })
	for i, w := range t.widths {
		if i > 0 {
			t.w.WriteString("┼")
		}
		t.w.WriteString(strings.Repeat("─", w+2))
	}
	t.w.WriteByte('\n')
}

func (t *table) line(values []string, right func(i int) bool) {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString("│")
		}
		fill := pad(t.widths[i] - cells(v))
		if right(i) {
			b.WriteString(" " + fill + v + " ")
		} else {
			b.WriteString(" " + v + fill + " ")
		}
	}
	t.w.WriteString(strings.TrimRight(b.String(), " "))
	t.w.WriteByte('\n')
}

func (t *table) end(footer string) error {
	if len(t.page) > 0 || !t.headed {
		if err := t.print(); err != nil {
			return err
		}
	}
	fmt.Fprintln(t.w, footer)
	return t.w.Flush()
}

// expanded writes a row as lines of name and value.
type expanded struct {
	w       *bufio.Writer
	columns []pgconn.FieldDescription
	rows    int
}

func (e *expanded) row(values [][]byte) error {
	line := make([]string, len(values))
	for i, v := range values {
		line[i] = show(v)
	}
	e.print(line)
	return nil // the writer keeps its first error for Flush
}

func (e *expanded) print(values []string) {
	e.rows++
	w := 0
	for _, c := range e.columns {
		w = max(w, cells(printable(c.Name)))
	}
	head := fmt.Sprintf("─[ row %d ]", e.rows)
	fmt.Fprintf(e.w, "%s%s\n", head, strings.Repeat("─", max(4, w+12-cells(head))))
	for i, v := range values {
		name := printable(e.columns[i].Name)
		fmt.Fprintf(e.w, "%s%s │ %s\n", name, pad(w-cells(name)), v)
	}
}

func (e *expanded) end(footer string) error {
	fmt.Fprintln(e.w, footer)
	return e.w.Flush()
}
