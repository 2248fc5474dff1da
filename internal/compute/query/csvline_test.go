package query

import (
	"strings"
	"testing"
)

func TestCSVLine(t *testing.T) {
	plain := csvSpec{Separator: ",", Quote: `"`, Escape: `\`}
	for _, tt := range []struct {
		spec       csvSpec
		line, want string // fields between bars
	}{
		{plain, `1,a,2`, `1|a|2`},
		{plain, ``, ``},
		{plain, `,,`, `||`},
		{plain, `1,"a,b",2`, `1|a,b|2`},
		{plain, `1,"said ""hi""",2`, `1|said "hi"|2`},
		{plain, `1,"""",2`, `1|"|2`},
		{plain, `1,"a\"b\\c",2`, `1|a"b\c|2`},
		{plain, `1,"",2`, `1||2`},
		{plain, `5,12" pipe,v`, `5`}, // a quote that is not closed
		{plain, `2,"unterminated,y`, `2`},
		{plain, `6,it's,"u"`, `6|it's|u`},
		{plain, "7,\"unterminated", `7`},
		{plain, "8,\"crlf\"\r", `8|crlf`},
		{csvSpec{";", "'", `"`}, `1;'a;b';"x"`, `1|a;b|"x"`},
		{csvSpec{",", `"`, `"`}, `1,"a""b"`, `1|a"b`},
		{csvSpec{"\t", `"`, `\`}, "1\t\"a\tb\"", "1|a\tb"},
	} {
		if got := strings.Join(tt.spec.fields(tt.line), "|"); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

func FuzzCSVLine(f *testing.F) {
	f.Add(`1,"a""b",c\"d`, ",", `"`, `\`)
	f.Fuzz(func(t *testing.T, line, separator, quote, escape string) {
		if len(separator) < 1 || len(separator) > 4 || len(quote) > 1 || len(escape) > 1 {
			return
		}
		if n := len(csvSpec{separator, quote, escape}.fields(line)); n > len(line)+1 {
			t.Errorf("%d fields of %d bytes", n, len(line))
		}
	})
}
