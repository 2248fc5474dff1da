package workgroup

import (
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// bind writes values in place of the ? of a statement. Values for a statement
// without any ? are left aside, as the real service does; otherwise refuses
// with BadParameters when there are more or fewer than ?.
func bind(sql string, values []string) (string, error) {
	tokens, err := dialect.Lex(sql, dialect.Lake)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	at, n := 0, 0
	for _, t := range tokens {
		if t.Kind != dialect.Parameter {
			continue
		}
		if n < len(values) {
			b.WriteString(sql[at:t.Start])
			b.WriteString(values[n])
			at = t.End
		}
		n++
	}
	if n != len(values) && n > 0 {
		return "", BadParameters.New(fmt.Sprintf("Incorrect number of parameters: expected %d but found %d", n, len(values)))
	}
	b.WriteString(sql[at:])
	return b.String(), nil
}

// literals makes SQL of the values of execution parameters: what reads as an
// expression without names of columns stands as it is, anything else is text.
// 'abc', 1 + 1, DATE '2020-01-01' and now() are expressions; abc, it's and a
// UUID are text.
func literals(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		if isExpression(v) {
			out[i] = bracketed(v)
		} else {
			out[i] = dialect.QuoteString(v)
		}
	}
	return out
}

// bracketed keeps an expression of several tokens together where it is put.
func bracketed(text string) string {
	if tokens, err := dialect.Lex(text, dialect.Lake); err == nil && len(tokens) == 2 { // one and EOF
		return text
	}
	return "(" + text + ")"
}

func isExpression(text string) bool {
	tokens, err := dialect.Lex(text, dialect.Lake)
	if err != nil {
		return false
	}
	end := 0
	for _, t := range tokens { // a comment would swallow what follows the value
		if strings.TrimSpace(text[end:t.Start]) != "" {
			return false
		}
		end = t.End
	}
	e := expression{tokens: tokens}
	return e.sum(0) && e.peek().Kind == dialect.EOF
}

// expression recognises expressions of constants and calls.
type expression struct {
	tokens []dialect.Token
	i      int
}

const expressionDepthMax = 50

func (e *expression) peek() dialect.Token { return e.tokens[e.i] }

func (e *expression) accept(words ...string) bool {
	for _, w := range words {
		if e.peek().Is(w) {
			e.i++
			return true
		}
	}
	return false
}

var (
	binaryOperators = []string{"+", "-", "*", "/", "%", "||", "=", "<>", "!=", "<", ">", "<=", ">=", "AND", "OR"}
	typedLiterals   = []string{"DATE", "TIME", "TIMESTAMP", "DECIMAL", "DOUBLE", "REAL", "BIGINT", "INTEGER", "VARCHAR", "CHAR", "JSON", "UUID", "IPADDRESS", "BOOLEAN"}
)

// sum reads operands with operators between.
func (e *expression) sum(depth int) bool {
	if depth > expressionDepthMax {
		return false
	}
	for {
		e.accept("+", "-", "NOT")
		if !e.operand(depth + 1) {
			return false
		}
		if !e.accept(binaryOperators...) {
			return true
		}
	}
}

func (e *expression) operand(depth int) bool {
	t := e.peek()
	switch {
	case t.Kind == dialect.Number, t.Kind == dialect.String, t.Kind == dialect.Bytes:
		e.i++
		return true
	case e.accept("NULL", "TRUE", "FALSE"):
		return true
	case e.accept("("):
		return e.list(depth, ")")
	case e.accept("CAST", "TRY_CAST"):
		return e.cast(depth)
	case e.accept("INTERVAL"):
		e.accept("-", "+")
		return e.literal() && e.accept("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
	case e.accept("ARRAY"):
		return e.accept("[") && (e.accept("]") || e.list(depth, "]"))
	case t.Kind != dialect.Word:
		return false
	}
	typed := e.accept(typedLiterals...)
	if typed && e.literal() {
		return true
	}
	if !typed {
		e.i++
	}
	return e.accept("(") && (e.accept(")") || e.list(depth, ")")) // a call
}

func (e *expression) literal() bool {
	if e.peek().Kind != dialect.String {
		return false
	}
	e.i++
	return true
}

// list reads expressions with commas between, and what closes them.
func (e *expression) list(depth int, end string) bool {
	for e.sum(depth) {
		if e.accept(end) {
			return true
		}
		if !e.accept(",") {
			return false
		}
	}
	return false
}

// cast reads (expression AS type).
func (e *expression) cast(depth int) bool {
	if !e.accept("(") || !e.sum(depth) || !e.accept("AS") {
		return false
	}
	for open := 1; e.peek().Kind != dialect.EOF; e.i++ {
		switch {
		case e.peek().Is("("):
			open++
		case e.peek().Is(")"):
			if open--; open == 0 {
				e.i++
				return true
			}
		}
	}
	return false
}
