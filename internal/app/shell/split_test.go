package shell

import (
	"slices"
	"strings"
	"testing"
)

func split(text string) (out []string, rest string) {
	var s splitter
	for _, line := range strings.Split(text, "\n") {
		for _, st := range s.add(line) {
			out = append(out, st.text)
		}
	}
	if st, ok := s.rest(); ok {
		rest = st.text
	}
	return out, rest
}

func TestSplit(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
		rest string
	}{
		{"select 1;", []string{"select 1"}, ""},
		{"select 1; select 2", []string{"select 1"}, "select 2"},
		{";;", nil, ""},
		{"select\n 1\n;", []string{"select\n 1"}, ""},
		{"select ';', 'it''s;';", []string{"select ';', 'it''s;'"}, ""},
		{`select "a;b";`, []string{`select "a;b"`}, ""},
		{`select E'\';' ;`, []string{`select E'\';'`}, ""},
		{`select 'a\' ; select 2;`, []string{`select 'a\'`, "select 2"}, ""},
		{"select 1 -- no; end\n;", []string{"select 1 -- no; end"}, ""},
		{"select 1 /* a; /* b; */ c; */;", []string{"select 1 /* a; /* b; */ c; */"}, ""},
		{"select $$ a; $$, $x$ ; $$ ; $x$;", []string{"select $$ a; $$, $x$ ; $$ ; $x$"}, ""},
		{"select a$b$c; select $1;", []string{"select a$b$c", "select $1"}, ""},
		{"-- only a comment\n", nil, ""},
		{"select 'open", nil, "select 'open"},
		{"select 'two\nlines;';", []string{"select 'two\nlines;'"}, ""},
	} {
		got, rest := split(tt.text)
		if !slices.Equal(got, tt.want) || rest != tt.rest {
			t.Errorf("%q:\n got %q, rest %q\nwant %q, rest %q", tt.text, got, rest, tt.want, tt.rest)
		}
	}
}

func TestSplitKnowsLines(t *testing.T) {
	var s splitter
	var lines []int
	for _, l := range []string{"", "select 1;", "-- c", "  select", "2; select 3;"} {
		for _, st := range s.add(l) {
			lines = append(lines, st.line)
		}
	}
	if !slices.Equal(lines, []int{2, 4, 5}) {
		t.Errorf("statements begin in lines %v", lines)
	}
}

// Nothing is lost and nothing is made up, whatever the text.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"select 1;select 'a;'", "$x$;$x$;", "/*;/*;*/;*/;", "E'\\';", "\";\n;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\v\f\u0085\u00a0") {
			t.Skip("white space that trimming takes away")
		}
		stmts, rest := split(text)
		at := 0
		for _, s := range append(stmts, rest) {
			i := strings.Index(text[at:], s)
			if i < 0 {
				t.Fatalf("%q is not in the rest of %q", s, text)
			}
			at += i + len(s)
		}
	})
}
