package catalog

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// nullValue is what writers of Hive-style folders put for a NULL.
const nullValue = "__HIVE_DEFAULT_PARTITION__"

// literal is a value in an expression; typed is "date" or "timestamp" when it
// was written so.
type literal struct {
	token
	typed string
}

// key is a partition key in an expression.
type key struct {
	index    int
	name     string
	kind     kind
	typeName string
	token    token
}

// kind is how values of a type compare.
type kind uint8

const (
	kindOther kind = iota
	kindText
	kindInteger
	kindDecimal
	kindFloat
	kindDate
	kindTimestamp
	kindBool
)

var kinds = map[string]kind{
	"string": kindText, "char": kindText, "varchar": kindText,
	"tinyint": kindInteger, "smallint": kindInteger, "int": kindInteger, "integer": kindInteger,
	"bigint": kindInteger, "long": kindInteger, "decimal": kindDecimal, "float": kindFloat,
	"real": kindFloat, "double": kindFloat, "date": kindDate, "timestamp": kindTimestamp, "boolean": kindBool,
}

func typeOf(name string) kind {
	base, _, _ := strings.Cut(strings.ToLower(name), "(")
	return kinds[strings.TrimSpace(base)]
}

// flip turns a comparison around, for a literal on the left.
var flip = map[string]string{"=": "=", "<>": "<>", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// holds says for which orders of value and literal a comparison is true.
var holds = map[string]func(order int) bool{
	"=":  func(o int) bool { return o == 0 },
	"<>": func(o int) bool { return o != 0 },
	"!=": func(o int) bool { return o != 0 },
	"<":  func(o int) bool { return o < 0 },
	"<=": func(o int) bool { return o <= 0 },
	">":  func(o int) bool { return o > 0 },
	">=": func(o int) bool { return o >= 0 },
}

func not(a node) node {
	return func(v []string) truth {
		switch a(v) {
		case yes:
			return no
		case no:
			return yes
		}
		return unknown
	}
}

func inverted(negate bool, a node) node {
	if negate {
		return not(a)
	}
	return a
}

func and(a, b node) node {
	return func(v []string) truth {
		x := a(v)
		if x == no {
			return no
		}
		return min(x, b(v))
	}
}

func or(a, b node) node {
	return func(v []string) truth {
		x := a(v)
		if x == yes {
			return yes
		}
		return max(x, b(v))
	}
}

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// compare makes a comparison of the key with a literal.
func (k key) compare(op string, lit literal) (node, error) {
	order, why := orders[k.kind](lit)
	if why != "" {
		return nil, lit.bad("the partition key " + k.name + " is of type " + k.typeName + why)
	}
	holds := holds[op]
	return func(v []string) truth {
		if k.index >= len(v) {
			return unknown
		}
		o, ok := order(v[k.index])
		if !ok {
			return unknown
		}
		return truthOf(holds(o))
	}, nil
}

func (k key) null() node {
	return func(v []string) truth {
		if k.index >= len(v) {
			return unknown
		}
		return truthOf(v[k.index] == nullValue)
	}
}

func (k key) like(pattern []likePart) node {
	return func(v []string) truth {
		if k.index >= len(v) {
			return unknown
		}
		return truthOf(likeMatch(pattern, []rune(v[k.index])))
	}
}

// order compares a partition's value with a literal; ok is false when the
// value is not of the key's type.
type order func(value string) (o int, ok bool)

// orders makes for each kind the order of a literal, or says why the literal
// does not fit.
var orders = map[kind]func(literal) (order, string){
	kindOther: func(literal) (order, string) {
		return nil, ", which cannot be compared; only string, date, timestamp, int, bigint, smallint, tinyint, decimal, float, double and boolean keys can"
	},
	kindText: func(l literal) (order, string) {
		return func(v string) (int, bool) { return strings.Compare(v, l.text), true }, ""
	},
	kindInteger:   number,
	kindDecimal:   number,
	kindFloat:     typed(parseFloat, cmp.Compare[float64], " and the value is no number"),
	kindDate:      typed(parseDate, time.Time.Compare, " and the value is no date; write it as '2006-01-02'"),
	kindTimestamp: typed(parseTimestamp, time.Time.Compare, " and the value is no time; write it as '2006-01-02 15:04:05'"),
	kindBool:      typed(parseBool, cmp.Compare[int], " and the value is not true or false"),
}

// typed makes the orders of a type from its parser and comparison.
func typed[T any](parse func(string) (T, bool), compare func(a, b T) int, why string) func(literal) (order, string) {
	return func(l literal) (order, string) {
		want, ok := parse(l.text)
		if !ok {
			return nil, why
		}
		return func(v string) (int, bool) {
			have, ok := parse(v)
			if !ok {
				return 0, false
			}
			return compare(have, want), true
		}, ""
	}
}

// number compares whole and decimal numbers exactly.
func number(l literal) (order, string) {
	exact, why := typed(parseDecimal, (*big.Rat).Cmp, " and the value is no number")(l)
	if why != "" {
		return nil, why
	}
	whole, err := strconv.ParseInt(l.text, 10, 64)
	if err != nil {
		return exact, ""
	}
	return func(v string) (int, bool) {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return cmp.Compare(n, whole), true
		}
		return exact(v)
	}, ""
}

// parseDecimal reads a number without an exponent, so that its size is bounded
// by the length of its text.
func parseDecimal(s string) (*big.Rat, bool) {
	if numberLen(s) != len(s) || s == "" || strings.ContainsAny(s, "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func parseFloat(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

func parseBool(s string) (int, bool) {
	switch strings.ToLower(s) {
	case "true":
		return 1, true
	case "false":
		return 0, true
	}
	return 0, false
}

func parseDate(s string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return t, err == nil
}

// parseTimestamp reads the forms that Hive writes, with up to nine digits of
// a second.
func parseTimestamp(s string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// likePart is a character of a LIKE pattern, or one of its two wildcards.
type likePart struct {
	char rune
	wild rune // '%', '_' or 0
}

// likePattern reads a pattern; escape is -1 for none. ok is false when the
// escape character stands before anything but a wildcard or itself.
func likePattern(s string, escape rune) (out []likePart, ok bool) {
	escaped := false
	for _, r := range s {
		switch {
		case escaped && r != '%' && r != '_' && r != escape:
			return nil, false
		case escaped:
			out = append(out, likePart{char: r})
			escaped = false
		case r == escape:
			escaped = true
		case r == '%' || r == '_':
			out = append(out, likePart{wild: r})
		default:
			out = append(out, likePart{char: r})
		}
	}
	return out, !escaped
}

// likeMatch matches in time len(p)*len(s): on a mismatch only the last % is
// tried again.
func likeMatch(p []likePart, s []rune) bool {
	i, j, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case j < len(p) && p[j].wild == '%':
			star, mark = j, i
			j++
		case j < len(p) && (p[j].wild == '_' || p[j].wild == 0 && p[j].char == s[i]):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(p) && p[j].wild == '%' {
		j++
	}
	return j == len(p)
}
