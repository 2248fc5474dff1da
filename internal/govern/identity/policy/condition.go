package policy

import (
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// condition is one key under one operator: it holds when one of the request's
// values for the key matches one of the policy's.
type condition struct {
	key    string // in lower case
	op     operator
	values []value
	// Qualifiers of the operator.
	ifExists bool
	all, any bool // ForAllValues, ForAnyValue
}

// value is one value of the policy, read for its operator.
type value struct {
	text    pattern
	arn     arn
	number  float64
	time    time.Time
	network netip.Prefix
	truth   bool
	folded  bool // compare in lower case
}

// operator is one row of the table of condition operators.
type operator struct {
	negated bool // StringNotEquals: holds when no value matches
	null    bool // Null: asks for the key itself
	read    func(text string, variables bool) (value, bool)
	match   func(have string, want *value, context map[string][]string) bool
}

// operators is the table of condition operators by name.
// Source: "IAM JSON policy elements: Condition operators".
func operators() map[string]operator {
	number := func(cmp func(have, want float64) bool) operator {
		return operator{read: readNumber, match: func(have string, want *value, _ map[string][]string) bool {
			n, err := strconv.ParseFloat(have, 64)
			return err == nil && cmp(n, want.number)
		}}
	}
	date := func(cmp func(have, want time.Time) bool) operator {
		return operator{read: readDate, match: func(have string, want *value, _ map[string][]string) bool {
			t, ok := parseDate(have)
			return ok && cmp(t, want.time)
		}}
	}
	not := func(o operator) operator { o.negated = true; return o }
	equals := operator{read: readText(false), match: matchText}
	like := operator{read: readText(true), match: matchText}
	fold := operator{read: readFolded, match: func(have string, want *value, c map[string][]string) bool {
		return matchText(strings.ToLower(have), want, c)
	}}
	arns := operator{read: readARN, match: func(have string, want *value, c map[string][]string) bool {
		return want.arn.match(have, c)
	}}
	ip := operator{read: readNetwork, match: matchNetwork}
	numEq := number(func(a, b float64) bool { return a == b })
	dateEq := date(func(a, b time.Time) bool { return a.Equal(b) })
	truth := operator{read: readTruth, match: func(have string, want *value, _ map[string][]string) bool {
		return strings.EqualFold(have, strconv.FormatBool(want.truth))
	}}
	return map[string]operator{
		"StringEquals": equals, "StringNotEquals": not(equals),
		"StringEqualsIgnoreCase": fold, "StringNotEqualsIgnoreCase": not(fold),
		"StringLike": like, "StringNotLike": not(like),
		"NumericEquals": numEq, "NumericNotEquals": not(numEq),
		"NumericLessThan":          number(func(a, b float64) bool { return a < b }),
		"NumericLessThanEquals":    number(func(a, b float64) bool { return a <= b }),
		"NumericGreaterThan":       number(func(a, b float64) bool { return a > b }),
		"NumericGreaterThanEquals": number(func(a, b float64) bool { return a >= b }),
		"DateEquals":               dateEq, "DateNotEquals": not(dateEq),
		"DateLessThan":          date(func(a, b time.Time) bool { return a.Before(b) }),
		"DateLessThanEquals":    date(func(a, b time.Time) bool { return !a.After(b) }),
		"DateGreaterThan":       date(func(a, b time.Time) bool { return a.After(b) }),
		"DateGreaterThanEquals": date(func(a, b time.Time) bool { return !a.Before(b) }),
		"Bool":                  truth,
		"BinaryEquals":          {read: readBinary, match: matchText},
		"IpAddress":             ip, "NotIpAddress": not(ip),
		"ArnEquals": arns, "ArnNotEquals": not(arns), "ArnLike": arns, "ArnNotLike": not(arns),
		"Null": {null: true, read: readTruth},
	}
}

// readOperator splits "ForAllValues:StringLikeIfExists" into its parts.
func readOperator(name string) (condition, bool) {
	var c condition
	name, c.all = strings.CutPrefix(name, "ForAllValues:")
	if !c.all {
		name, c.any = strings.CutPrefix(name, "ForAnyValue:")
	}
	op, ok := operators()[name]
	if !ok {
		name, c.ifExists = strings.CutSuffix(name, "IfExists")
		op, ok = operators()[name]
		ok = ok && c.ifExists && !op.null
	}
	c.op = op
	return c, ok
}

func (c *condition) holds(context map[string][]string) bool {
	have, exists := context[c.key]
	if c.op.null {
		for i := range c.values {
			if c.values[i].truth == !exists {
				return true
			}
		}
		return false
	}
	if !exists || len(have) == 0 {
		// A negated operator holds of what is not there; so does "for all".
		return c.ifExists || c.all || c.op.negated && !c.any
	}
	if c.all {
		for _, h := range have {
			if !c.one(h, context) {
				return false
			}
		}
		return true
	}
	if c.op.negated && !c.any { // none of the request's values may match
		for _, h := range have {
			if !c.one(h, context) {
				return false
			}
		}
		return true
	}
	for _, h := range have {
		if c.one(h, context) {
			return true
		}
	}
	return false
}

// one judges one value of the request against all of the policy's.
func (c *condition) one(have string, context map[string][]string) bool {
	for i := range c.values {
		if c.op.match(have, &c.values[i], context) {
			return !c.op.negated
		}
	}
	return c.op.negated
}

func readText(wild bool) func(string, bool) (value, bool) {
	return func(s string, variables bool) (value, bool) {
		return value{text: compile(s, wild, variables)}, true
	}
}

func readFolded(s string, variables bool) (value, bool) {
	return value{text: compile(s, false, variables).lower(), folded: true}, true
}

func matchText(have string, want *value, context map[string][]string) bool {
	p, ok := want.text.fill(context)
	if ok && want.folded { // a variable's value is not in lower case yet
		p = p.lower()
	}
	return ok && p.match(have)
}

func readBinary(s string, _ bool) (value, bool) {
	_, err := base64.StdEncoding.DecodeString(s)
	return value{text: compile(s, false, false)}, err == nil
}

func readARN(s string, variables bool) (value, bool) {
	return value{arn: compileARN(s, variables)}, true
}

func readNumber(s string, _ bool) (value, bool) {
	n, err := strconv.ParseFloat(s, 64)
	return value{number: n}, err == nil
}

func readTruth(s string, _ bool) (value, bool) {
	b := strings.EqualFold(s, "true")
	return value{truth: b}, b || strings.EqualFold(s, "false")
}

func readDate(s string, _ bool) (value, bool) {
	t, ok := parseDate(s)
	return value{time: t}, ok
}

// parseDate reads the W3C profile of ISO 8601, or seconds since 1970.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006"} {
		if layout == "2006" && len(s) != 4 {
			break
		}
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return time.Unix(n, 0), err == nil
}

func readNetwork(s string, _ bool) (value, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return value{network: p.Masked()}, true
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return value{}, false
	}
	return value{network: netip.PrefixFrom(a, a.BitLen())}, true
}

func matchNetwork(have string, want *value, _ map[string][]string) bool {
	a, err := netip.ParseAddr(have)
	return err == nil && want.network.Contains(a.Unmap().WithZone(""))
}
