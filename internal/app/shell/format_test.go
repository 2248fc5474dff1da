package shell

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

var someColumns = []pgconn.FieldDescription{
	{Name: "n", DataTypeOID: pgtype.Int8OID}, {Name: "text", DataTypeOID: pgtype.TextOID}, {Name: "ok", DataTypeOID: pgtype.BoolOID},
}

func render(t *testing.T, format string, screen int, rows ...[]string) string {
	t.Helper()
	var out bytes.Buffer
	s, err := newSheet(format, &out, someColumns, screen)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		values := make([][]byte, len(r))
		for i, v := range r {
			if v != "NULL" {
				values[i] = []byte(v)
			}
		}
		if err := s.row(values); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.end("(end)"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestFormats(t *testing.T) {
	rows := [][]string{{"1", "日本", "t"}, {"-20", "a\"b,\x1b[2J\nc", "f"}, {"NULL", "NULL", "NULL"}}
	for format, want := range map[string]string{
		"table": `    n │ text       │ ok
──────┼────────────┼──────
    1 │ 日本       │ t
  -20 │ a"b,�[2J⏎c │ f
 NULL │ NULL       │ NULL
(end)
`,
		"expanded": `─[ row 1 ]──────
n    │ 1
text │ 日本
ok   │ t
─[ row 2 ]──────
n    │ -20
text │ a"b,�[2J⏎c
ok   │ f
─[ row 3 ]──────
n    │ NULL
text │ NULL
ok   │ NULL
(end)
`,
		"csv": "n,text,ok\n1,日本,t\n-20,\"a\"\"b,\x1b[2J\nc\",f\n,,\n",
		"json": `[{"n":1,"text":"日本","ok":true},
 {"n":-20,"text":"a\"b,\u001b[2J\nc","ok":false},
 {"n":null,"text":null,"ok":null}]
`,
		"jsonl": `{"n":1,"text":"日本","ok":true}
{"n":-20,"text":"a\"b,\u001b[2J\nc","ok":false}
{"n":null,"text":null,"ok":null}
`,
	} {
		if got := render(t, format, 0, rows...); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", format, got, want)
		}
	}
}

func TestEmptyResults(t *testing.T) {
	for format, want := range map[string]string{
		"table": " n │ text │ ok\n───┼──────┼────\n(end)\n", "csv": "n,text,ok\n", "json": "[]\n", "jsonl": "", "expanded": "(end)\n",
	} {
		if got := render(t, format, 0); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
}

func TestColumnsLineUp(t *testing.T) {
	lines := strings.Split(render(t, "table", 0, []string{"1", "日本", "t"}, []string{"1000", "e\u0301", "f"}, []string{"2", "plain", "t"}), "\n")
	for _, l := range lines[:5] {
		if i := strings.LastIndexAny(l, "│┼"); cells(l[:i]) != 14 {
			t.Errorf("%q: the last column begins at %d", l, cells(l[:i]))
		}
	}
}

func TestWideRowsTurn(t *testing.T) {
	long := strings.Repeat("x", 90)
	if got := render(t, "auto", 80, []string{"1", long, "t"}); !strings.HasPrefix(got, "─[ row 1 ]") {
		t.Errorf("a wide row stays:\n%s", got)
	}
	if got := render(t, "auto", 200, []string{"1", long, "t"}); strings.HasPrefix(got, "─[ row 1 ]") {
		t.Errorf("a row that fits is turned:\n%s", got)
	}
}

// A later page is written when it is full; nothing waits for the end.
func TestPagesStream(t *testing.T) {
	var out bytes.Buffer
	s, err := newSheet("table", &out, someColumns[:1], 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2*pageRows + 1 {
		if err := s.row([][]byte{fmt.Append(nil, i*i)}); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(out.String(), "\n"); n != 2*pageRows+2 {
		t.Errorf("%d lines before the end, want %d", n, 2*pageRows+2)
	}
}

func TestCaret(t *testing.T) {
	for _, tt := range []struct {
		text string
		at   int
		want string
	}{
		{"select x", 8, "\nLINE 1: select x\n               ^"},
		{"select\n 日本, x", 13, "\nLINE 2:  日本, x\n               ^"},
		{"select", 0, ""},
		{"select", 99, ""},
		{"select 2 +", 11, "\nLINE 1: select 2 +\n                  ^"},
	} {
		if got := caret(tt.text, tt.at); got != tt.want {
			t.Errorf("caret(%q, %d) is\n%s\nwant\n%s", tt.text, tt.at, got, tt.want)
		}
	}
	long := strings.Repeat("a ", 200) + "X" + strings.Repeat(" b", 200)
	lines := strings.Split(caret(long, 401), "\n")
	if i := len(lines[2]) - 1; []rune(lines[1])[i] != 'X' {
		t.Errorf("the mark is not under the X:\n%s\n%s", lines[1], lines[2])
	}
}

func TestPatterns(t *testing.T) {
	for in, want := range map[string]string{"a*": "'a%'", "x_?": `'x\__'`, "o'k": "'o''k'", `100%`: `'100\%'`} {
		if got := like(in); got != want {
			t.Errorf("like(%q) = %s, want %s", in, got, want)
		}
	}
	for in, want := range map[string][2]string{"T": {"", "t"}, "S.T": {"s", "t"}, `s."T"`: {"s", "T"}, `"A""b"`: {"", `A"b`}} {
		if schema, table := splitName(in); [2]string{schema, table} != want {
			t.Errorf("splitName(%q) = %q %q", in, schema, table)
		}
	}
}

func TestToggle(t *testing.T) {
	for _, tt := range []struct{ now, arg, want string }{{"off", "", "on"}, {"on", "", "off"}, {"auto", "", "on"}, {"on", "auto", "auto"}, {"on", "loud", "on"}} {
		got, err := toggle(tt.now, tt.arg, "auto")
		if got != tt.want || (err != nil) != (tt.arg == "loud") {
			t.Errorf("toggle(%s, %s) = %s, %v", tt.now, tt.arg, got, err)
		}
	}
}
