package catalog

import (
	"errors"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

var testKeys = []Column{{Name: "s", Type: "string"}, {Name: "i", Type: "int"}, {Name: "d", Type: "date"}, {Name: "ts", Type: "timestamp"},
	{Name: "dec", Type: "decimal(10,2)"}, {Name: "f", Type: "double"}, {Name: "b", Type: "boolean"}, {Name: "date", Type: "varchar(10)"}, {Name: "a", Type: "array<int>"}}

func TestPredicate(t *testing.T) {
	row := []string{"abc", "07", "2024-02-29", "2024-02-29 10:00:00.5", "1.50", "1e3", "true", "x'y", "[1]"}
	for expr, want := range map[string]truth{
		"": yes, "  ": yes,
		"s = 'abc'": yes, "S = 'abc'": yes, "`s` = 'abc'": yes, `"s" = 'abc'`: yes, "s='ABC'": no, "'abc' = s": yes,
		"s <> 'abc'": no, "s != 'x'": yes, "s < 'abd'": yes, "s >= 'abc' and s <= 'abc'": yes, "'b' > s": yes, "'a' > s": no,
		"i = 7": yes, "i = '7'": yes, "i = '007'": yes, "i > 10": no, "i < 10": yes, "i = 7.0": yes, "i < 7.5": yes, "i > -1": yes, "i=+7": yes,
		"d = '2024-02-29'": yes, "d = date '2024-02-29'": yes, "d > DATE '2024-03-01'": no,
		"ts > '2024-02-29 10:00:00'": yes, "ts = timestamp '2024-02-29 10:00:00.500'": yes, "ts < '2024-03-01'": yes, "ts >= '2024-02-29T10:00'": unknown,
		"dec = 1.5": yes, "dec = 1.51": no, "dec > 1": yes, "f = 1000": yes, "f < 1e4": yes, "b = true": yes, "b = 'FALSE'": no, "b <> false": yes,
		"date = 'x''y'": yes, "`date` like 'x_y'": yes, "date = '2'": no,
		"s in ('x', 'abc')": yes, "s not in ('x','abc')": no, "i in (1,7)": yes, "i IN (1)": no,
		"i between 1 and 7": yes, "i not between 1 and 7": no, "i between 8 and 9 or s = 'abc'": yes,
		"s like 'a%'": yes, "s like '%b%'": yes, "s like '_b_'": yes, "s not like 'a%c'": no, "s like 'a'": no, "s like '%%%'": yes, "s like 'a!%' escape '!'": no,
		"s is null": no, "s is not null": yes, "not s is null": yes,
		"not s = 'abc'": no, "not not s = 'abc'": yes, "(s = 'abc')": yes, "((s = 'x') or (i = 7))": yes,
		"s = 'x' or s = 'y' or i = 7 and b = true": yes, "(s = 'x' or i = 7) and b = false": no,
	} {
		p, err := ParsePredicate(expr, testKeys)
		if err != nil {
			if want != unknown {
				t.Errorf("%s: %v", expr, err)
			}
			continue
		}
		if got := p.Match(row); got != (want == yes) {
			t.Errorf("%s: %v", expr, got)
		}
	}
}

func TestPredicateOfNulls(t *testing.T) {
	row := []string{nullValue, nullValue, "not a date", "", "", "", "", "", ""}
	for expr, want := range map[string]bool{
		"s is null": true, "i is null": true, "i is not null": false, "d is null": false,
		"i = 1": false, "i <> 1": false, "not i = 1": false, "i = 1 or s is null": true,
		"d > '2000-01-01'": false, "not (d > '2000-01-01')": false, "not (i = 1 and d = '2000-01-01')": false,
		"s = '__HIVE_DEFAULT_PARTITION__'": true,
	} {
		p, err := ParsePredicate(expr, testKeys)
		if err != nil {
			t.Errorf("%s: %v", expr, err)
		} else if got := p.Match(row); got != want {
			t.Errorf("%s: %v", expr, got)
		}
	}
}

func TestBadPredicates(t *testing.T) {
	for expr, want := range map[string]string{
		"s":                       "expected a comparison, IN, BETWEEN, LIKE or IS",
		"s =":                     "at character 4, the end: expected a value",
		"s = 'abc":                "at character 5: the ' is not closed",
		"(s = 'a'":                "expected )",
		"s = 'a')":                "expected AND, OR or the end",
		"s = 'a' i = 1":           "expected AND, OR or the end",
		"x = 1":                   "there is no such partition key; the keys are s, i, d",
		"i = 'x'":                 "the partition key i is of type int and the value is no number",
		"i = 1e2":                 "is no number",
		"d = '2024-02-30'":        "is no date",
		"d = 5":                   "is no date",
		"b = 3":                   "not true or false",
		"a = '[1]'":               "cannot be compared",
		"s = null":                "write IS NULL",
		"s in ()":                 "expected a value",
		"s in ('a'":               "expected )",
		"s between 1":             "expected AND",
		"s like 5":                "expected a pattern",
		"s like 'a!b' escape '!'": "the escape character",
		"s is 5":                  "expected NULL",
		"s ; drop":                `at character 3: ";" is not understood here`,
		"s == 'a'":                "expected a value",
		"'a' = 'b'":               "expected a partition key",
		strings.Repeat("(", 300):  "nested more than",
		"s = '" + strings.Repeat("x", expressionMax) + "'": "longer than",
	} {
		_, err := ParsePredicate(expr, testKeys)
		if !errors.Is(err, BadExpression) || !strings.Contains(fault.Message(err), want) {
			t.Errorf("%.40s: %v, want %s", expr, err, want)
		}
	}
}

func TestPlaceOrder(t *testing.T) {
	rows := [][]string{{"", "z"}, {"\x00", "a"}, {"\x01", "a"}, {"\x02", "b"}, {"a", "\x01"}, {"a", "\x02"}, {"a", "z"}, {"a\x00", "a"}, {"a\x02", "a"}, {"a0", "a"}, {"b", ""}}
	for i, r := range rows {
		p := place(r)
		if back := values(p); len(back) != 2 || back[0] != r[0] || back[1] != r[1] {
			t.Errorf("%q becomes %q", r, back)
		}
		if i > 0 && place(rows[i-1]) >= p {
			t.Errorf("%q is not before %q", rows[i-1], r)
		}
		for _, other := range rows {
			if in, want := place(other) > placeAfter(r[:1]), other[0] > r[0]; in != want {
				t.Errorf("%q behind all of %q: %v", other, r[0], in)
			}
		}
	}
}

// FuzzPredicate: no input panics, and leaving out by the first values never
// loses a match.
func FuzzPredicate(f *testing.F) {
	for _, s := range []string{"s = 'a' and i in (1, 2.5)", "not (d between date '2024-01-01' and '2024-02-01') or b is null", "s like '%a_' escape '!'", "i <> -1e9 or f >= .5", "\"date\" != `x`"} {
		f.Add(s, "a", "1", "2024-01-01")
	}
	f.Fuzz(func(t *testing.T, expr, s, i, d string) {
		p, err := ParsePredicate(expr, testKeys[:3])
		if err != nil {
			if fault.ReasonOf(err) != BadExpression {
				t.Fatal(err)
			}
			return
		}
		row := []string{s, i, d}
		if n := p.Excludes(row); n > 0 && p.Match(row) {
			t.Errorf("%q matches %q but is left out by its first %d", expr, row, n)
		}
	})
}
