package dialect

import (
	"regexp"
	"strings"
)

// format writes an argument that is a date format in the engine's letters. A
// literal is translated here, what is computed by a macro.
func (t *translator) format(c call, n int, kind byte) {
	if n >= len(c.args) {
		t.mismatch(c.next-1, "<expression>")
		return
	}
	r := c.args[n]
	name, translate := "lake.mysql_format(", mysqlFormat
	switch kind {
	case 'Y':
		name, translate = "lake.joda_format(", jodaFormat
	case 'G':
		name, translate = "", postgresFormat
	}
	k := t.toks[r.from]
	literal := r.to-r.from == 1 && k.Kind == String
	if !literal && name == "" {
		t.refuse(r.from, "a date format that is not a literal is not supported")
		return
	}
	if !literal {
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

// postgresLetters are the letters of to_char and to_date in the engine's, those
// that begin with others' first.
var postgresLetters = [][2]string{
	{"FMYYYY", "%Y"}, {"FMMonth", "%B"}, {"FMDay", "%A"}, {"FMMM", "%-m"}, {"FMDD", "%-d"}, {"FMHH24", "%-H"},
	{"FMHH12", "%-I"}, {"FMHH", "%-I"}, {"FMMI", "%-M"}, {"FMSS", "%-S"}, {"YYYY", "%Y"}, {"IYYY", "%G"}, {"YY", "%y"},
	{"MM", "%m"}, {"Mon", "%b"}, {"DDD", "%j"}, {"DD", "%d"}, {"Dy", "%a"}, {"ID", "%u"}, {"IW", "%V"}, {"HH24", "%H"},
	{"HH12", "%I"}, {"HH", "%I"}, {"MI", "%M"}, {"SS", "%S"}, {"MS", "%g"}, {"US", "%f"}, {"AM", "%p"}, {"PM", "%p"}, {"TZ", "%Z"},
}

func postgresFormat(f string) (out, bad string) {
	var b strings.Builder
next:
	for i := 0; i < len(f); {
		if f[i] == '"' {
			end := strings.IndexByte(f[i+1:], '"')
			if end < 0 {
				end = len(f) - i - 1
			}
			b.WriteString(strings.ReplaceAll(f[i+1:i+1+end], "%", "%%"))
			i += end + 2
			continue
		}
		for _, l := range postgresLetters {
			if strings.HasPrefix(f[i:], l[0]) || strings.HasPrefix(f[i:], strings.ToLower(l[0])) && l[0] == strings.ToUpper(l[0]) && l[0] != "AM" && l[0] != "PM" {
				b.WriteString(l[1])
				i += len(l[0])
				continue next
			}
		}
		if c := f[i]; c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return "", "the pattern " + f[i:]
		} else if c == '%' {
			b.WriteByte('%')
		}
		b.WriteByte(f[i])
		i++
	}
	return b.String(), ""
}

// decode writes DECODE(x, a, 1, b, 2, 3) as a CASE in which NULL equals NULL.
func (t *translator) decode(c call) {
	src := t.toks[c.at].Start
	t.put("CASE", src)
	n := 1
	for ; n+1 < len(c.args); n += 2 {
		t.put(" WHEN ", src)
		t.part(c.args[0])
		t.put(" IS NOT DISTINCT FROM ", src)
		t.part(c.args[n])
		t.put(" THEN ", src)
		t.part(c.args[n+1])
	}
	if n < len(c.args) {
		t.put(" ELSE ", src)
		t.part(c.args[n])
	}
	t.put(" END", src)
}
