package catalog

import (
	"fmt"
	"strings"
)

// Predicate is a test of partition values, read from an SQL expression over
// the partition keys of a table:
//
//	expression = term { OR term } .
//	term       = factor { AND factor } .
//	factor     = NOT factor | "(" expression ")" | test .
//	test       = operand compare operand
//	           | key [NOT] IN "(" literal { "," literal } ")"
//	           | key [NOT] BETWEEN literal AND literal
//	           | key [NOT] LIKE string [ ESCAPE string ]
//	           | key IS [NOT] NULL .
//	operand    = key | literal .   (one of each)
//	compare    = "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=" .
//	literal    = string | number | TRUE | FALSE | DATE string | TIMESTAMP string .
//
// Comparisons are by the key's type: numbers by value, dates and times by
// time, texts by bytes. A value that is not of its key's type compares as
// unknown, as NULL does in SQL, and so is not selected by comparisons.
type Predicate struct{ root node }

// node evaluates a part of an expression. values may be only the first ones of
// a partition: what depends on the others is unknown.
type node func(values []string) truth

// truth is SQL's logic of three values, in such an order that AND is the
// smaller and OR the larger one.
type truth uint8

const (
	no truth = iota
	unknown
	yes
)

// Always tells that every partition satisfies p.
func (p *Predicate) Always() bool { return p.root == nil }

// Match tells whether a partition satisfies p.
func (p *Predicate) Match(values []string) bool { return p.root == nil || p.root(values) == yes }

// Excludes returns the smallest n for which no partition that shares the first
// n values satisfies p; 0 when there is none below len(values).
func (p *Predicate) Excludes(values []string) int {
	for n := 1; p.root != nil && n < len(values); n++ {
		if p.root(values[:n]) == no {
			return n
		}
	}
	return 0
}

// Bounds of an expression, in bytes and in nested parentheses and NOTs.
const (
	expressionMax = 64 << 10
	nestingMax    = 200
)

// ParsePredicate reads an expression over keys; empty (or blank) accepts all.
// Refuses with BadExpression, saying where.
func ParsePredicate(expression string, keys []Column) (*Predicate, error) {
	if strings.TrimSpace(expression) == "" {
		return &Predicate{}, nil
	}
	if len(expression) > expressionMax {
		return nil, BadExpression.New(fmt.Sprintf("it is longer than %d bytes", expressionMax))
	}
	tokens, err := lex(expression)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, keys: keys}
	root, err := p.expression()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, t.bad("expected AND, OR or the end")
	}
	return &Predicate{root: root}, nil
}

type parser struct {
	tokens  []token
	at      int
	keys    []Column
	nesting int
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

// accept takes the next token if it is this keyword or sign.
func (p *parser) accept(what string) bool {
	if !p.peek().is(what) {
		return false
	}
	p.next()
	return true
}

func (p *parser) expect(what string) error {
	if !p.accept(what) {
		return p.peek().bad("expected " + what)
	}
	return nil
}

func (p *parser) expression() (node, error) {
	left, err := p.term()
	for err == nil && p.accept("OR") {
		var right node
		if right, err = p.term(); err == nil {
			left = or(left, right)
		}
	}
	return left, err
}

func (p *parser) term() (node, error) {
	left, err := p.factor()
	for err == nil && p.accept("AND") {
		var right node
		if right, err = p.factor(); err == nil {
			left = and(left, right)
		}
	}
	return left, err
}

func (p *parser) factor() (node, error) {
	if p.nesting++; p.nesting > nestingMax {
		return nil, p.peek().bad(fmt.Sprintf("nested more than %d deep", nestingMax))
	}
	defer func() { p.nesting-- }()
	switch {
	case p.accept("NOT"):
		n, err := p.factor()
		if err != nil {
			return nil, err
		}
		return not(n), nil
	case p.accept("("):
		n, err := p.expression()
		if err != nil {
			return nil, err
		}
		return n, p.expect(")")
	}
	return p.test()
}

func (p *parser) test() (node, error) {
	if lit, ok, err := p.literal(); err != nil {
		return nil, err
	} else if ok {
		op := p.next()
		flipped, ok := flip[op.text]
		if !ok || op.kind != tokenSign {
			return nil, op.bad("expected a comparison")
		}
		k, err := p.key()
		if err != nil {
			return nil, err
		}
		return k.compare(flipped, lit)
	}
	k, err := p.key()
	if err != nil {
		return nil, err
	}
	op := p.peek()
	if op.kind == tokenSign {
		if _, ok := flip[op.text]; ok {
			p.next()
			lit, err := p.needLiteral()
			if err != nil {
				return nil, err
			}
			return k.compare(op.text, lit)
		}
	}
	return p.testWord(k)
}

// testWord is a test whose operator is a word.
func (p *parser) testWord(k key) (node, error) {
	if p.accept("IS") {
		negate := p.accept("NOT")
		return inverted(negate, k.null()), p.expect("NULL")
	}
	negate := p.accept("NOT")
	var n node
	var err error
	switch {
	case p.accept("IN"):
		n, err = p.in(k)
	case p.accept("BETWEEN"):
		n, err = p.between(k)
	case p.accept("LIKE"):
		n, err = p.like(k)
	default:
		return nil, p.peek().bad("expected a comparison, IN, BETWEEN, LIKE or IS")
	}
	if err != nil {
		return nil, err
	}
	return inverted(negate, n), nil
}

func (p *parser) in(k key) (node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var either node
	for {
		lit, err := p.needLiteral()
		if err != nil {
			return nil, err
		}
		n, err := k.compare("=", lit)
		if err != nil {
			return nil, err
		}
		if either == nil {
			either = n
		} else {
			either = or(either, n)
		}
		if !p.accept(",") {
			return either, p.expect(")")
		}
	}
}

func (p *parser) between(k key) (node, error) {
	low, err := p.needLiteral()
	if err != nil {
		return nil, err
	}
	if err := p.expect("AND"); err != nil {
		return nil, err
	}
	high, err := p.needLiteral()
	if err != nil {
		return nil, err
	}
	from, err := k.compare(">=", low)
	if err != nil {
		return nil, err
	}
	to, err := k.compare("<=", high)
	if err != nil {
		return nil, err
	}
	return and(from, to), nil
}

func (p *parser) like(k key) (node, error) {
	t := p.next()
	if t.kind != tokenString {
		return nil, t.bad("expected a pattern in quotes")
	}
	escape := rune(-1)
	if p.accept("ESCAPE") {
		e := p.next()
		r := []rune(e.text)
		if e.kind != tokenString || len(r) != 1 {
			return nil, e.bad("expected one character in quotes")
		}
		escape = r[0]
	}
	pattern, ok := likePattern(t.text, escape)
	if !ok {
		return nil, t.bad("the escape character must stand before %, _ or itself")
	}
	return k.like(pattern), nil
}

// key reads the name of a partition key.
func (p *parser) key() (key, error) {
	t := p.next()
	if t.kind != tokenWord && t.kind != tokenName {
		return key{}, t.bad("expected a partition key")
	}
	for i, c := range p.keys {
		if strings.EqualFold(c.Name, t.text) {
			return key{i, c.Name, typeOf(c.Type), c.Type, t}, nil
		}
	}
	return key{}, t.bad("there is no such partition key; the keys are " + strings.Join(names(p.keys), ", "))
}

func names(columns []Column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.Name
	}
	return out
}

// literal reads a literal if one is next.
func (p *parser) literal() (literal, bool, error) {
	t := p.peek()
	switch {
	case t.kind == tokenString, t.kind == tokenNumber, t.is("TRUE"), t.is("FALSE"):
		p.next()
		return literal{token: t}, true, nil
	case (t.is("DATE") || t.is("TIMESTAMP")) && p.tokens[p.at+1].kind == tokenString:
		p.next()
		return literal{token: p.next(), typed: strings.ToLower(t.text)}, true, nil
	case t.is("NULL"):
		return literal{}, false, t.bad("nothing compares with NULL; write IS NULL or IS NOT NULL")
	}
	return literal{}, false, nil
}

func (p *parser) needLiteral() (literal, error) {
	lit, ok, err := p.literal()
	if err == nil && !ok {
		err = p.peek().bad("expected a value")
	}
	return lit, err
}
