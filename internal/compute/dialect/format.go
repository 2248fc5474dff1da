package dialect

import (
	"regexp"
	"strings"
)

// format writes an argument that is a date format in the engine's letters. A
// literal is translated here, what is computed by a macro.
func (t *translator) format(c call, n int, joda bool) {
	if n >= len(c.args) {
		t.mismatch(c.next-1, "<expression>")
		return
	}
	r := c.args[n]
	name, translate := "lake.mysql_format(", mysqlFormat
	if joda {
		name, translate = "lake.joda_format(", jodaFormat
	}
	k := t.toks[r.from]
	if r.to-r.from != 1 || k.Kind != String {
		t.put(name, t.toks[c.at].Start)
		t.part(r)
		t.put(")", t.toks[c.at].Start)
		return
	}
	out, bad := translate(k.Value)
	if bad != "" {
		t.refuse(r.from, "%s is not supported in a date format", bad)
		return
	}
	t.put(QuoteString(out), k.Start)
}

// mysqlLetters are the letters of date_format and date_parse in the engine's.
var mysqlLetters = map[byte]string{
	'a': "%a", 'b': "%b", 'c': "%-m", 'd': "%d", 'e': "%-d", 'f': "%f", 'H': "%H", 'h': "%I", 'I': "%I", 'i': "%M", 'j': "%j",
	'k': "%-H", 'l': "%-I", 'M': "%B", 'm': "%m", 'p': "%p", 'r': "%I:%M:%S %p", 'S': "%S", 's': "%S", 'T': "%H:%M:%S",
	'v': "%V", 'W': "%A", 'x': "%G", 'Y': "%Y", 'y': "%y", '%': "%%",
}

func mysqlFormat(f string) (out, bad string) {
	var b strings.Builder
	for i := 0; i < len(f); i++ {
		if f[i] != '%' || i+1 == len(f) {
			b.WriteByte(f[i])
			continue
		}
		i++
		if letter, ok := mysqlLetters[f[i]]; ok {
			b.WriteString(letter)
			continue
		}
		if strings.IndexByte("DUuVwX", f[i]) >= 0 {
			return "", "%" + string(f[i])
		}
		b.WriteByte(f[i])
	}
	return b.String(), ""
}

// jodaLetters are the letters of format_datetime and parse_datetime in the
// engine's.
var jodaLetters = map[string]string{
	"y": "%Y", "yyy": "%Y", "yyyy": "%Y", "Y": "%Y", "YYYY": "%Y", "u": "%Y", "uuuu": "%Y", "yy": "%y", "x": "%G", "xxxx": "%G",
	"M": "%-m", "MM": "%m", "MMM": "%b", "MMMM": "%B", "d": "%-d", "dd": "%d", "D": "%-j", "DDD": "%j",
	"E": "%a", "EE": "%a", "EEE": "%a", "EEEE": "%A", "e": "%u", "ww": "%V",
	"H": "%-H", "HH": "%H", "h": "%-I", "hh": "%I", "a": "%p", "m": "%-M", "mm": "%M", "s": "%-S", "ss": "%S",
	"SSS": "%g", "SSSSSS": "%f", "z": "%Z", "Z": "%z", "ZZ": "%z",
}

// jodaParts cuts a format into quoted text, runs of one letter, and the rest.
var jodaParts = regexp.MustCompile(`'(?:[^']|'')*'|` + runs("yYuxMdDEewHhamsSzZ") + `|(?s:.)`)

func runs(letters string) string {
	parts := make([]string, len(letters))
	for i := range letters {
		parts[i] = letters[i:i+1] + "+"
	}
	return strings.Join(parts, "|")
}

func jodaFormat(f string) (out, bad string) {
	var b strings.Builder
	for _, p := range jodaParts.FindAllString(f, -1) {
		letter, ok := jodaLetters[p]
		switch {
		case ok:
			b.WriteString(letter)
		case p == "''":
			b.WriteString("'")
		case len(p) > 1 && p[0] == '\'':
			b.WriteString(strings.ReplaceAll(strings.ReplaceAll(p[1:len(p)-1], "''", "'"), "%", "%%"))
		case p == "%":
			b.WriteString("%%")
		case p[0] >= 'A' && p[0] <= 'Z' || p[0] >= 'a' && p[0] <= 'z':
			return "", "the letter " + p
		default:
			b.WriteString(p)
		}
	}
	return b.String(), ""
}
