package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// Some statements have no type before their parameters have values, such as
// SELECT $1: the engine then knows no column at all. Others have a numeric
// parameter, whose digits the engine would round to those of the type it
// guesses. Both are described with nulls in place of the parameters, and run with the values written into their
// text as literals.

// isLate says whether the engine asked for the types of parameters.
func isLate(err error, p *piece) bool {
	return errors.Is(err, query.TypeMismatch) && lastParameter(p) > 0
}

// decimalText says whether text is a plain decimal number.
func decimalText(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	whole, fraction, _ := strings.Cut(digits, ".")
	return len(text)-len(digits) <= 1 && whole+fraction != "" && strings.Trim(whole+fraction, "0123456789") == ""
}

// lastParameter is the highest n of the $n in a statement.
func lastParameter(p *piece) int {
	last := 0
	for _, t := range p.tokens {
		last = max(last, parameterNumber(t))
	}
	return last
}

// prepareLate describes such a statement. Parameters have the types that the
// client gave them, or are text.
func (x *session) prepareLate(ctx context.Context, p piece, types []uint32) (*statement, error) {
	n := lastParameter(&p)
	if n > 65535 {
		return nil, refuse("54000", "a statement may have 65535 parameters")
	}
	params := make([]kind, n)
	for i := range params {
		params[i] = kindOfOID(oidText)
		if i < len(types) && types[i] != 0 && types[i] != oidUnknown {
			params[i] = kindOfOID(types[i])
		}
	}
	var null any = nullText{}
	st, err := x.prepareWith(ctx, p, params, slices.Repeat([]any{null}, n))
	if err != nil { // a null of type text does not fit everywhere
		null = nil
		st, err = x.prepareWith(ctx, p, params, make([]any, n))
	}
	if err != nil {
		return nil, err
	}
	st.text, st.late, st.null, st.params = p.text, &p, null, params
	return st, nil
}

// nullText stands for a text that is not known yet.
type nullText struct{}

// prepareNow prepares a late statement with its arguments.
func (x *session) prepareNow(p *portal) (*statement, error) {
	args := slices.Clone(p.args)
	for i, a := range args {
		if a == nil {
			args[i] = p.st.null // of the type that it was described with
		}
	}
	return x.prepareWith(p.ctx, *p.st.late, p.st.params, args)
}

// prepareWith prepares a statement with values for its parameters.
func (x *session) prepareWith(ctx context.Context, p piece, params []kind, args []any) (*statement, error) {
	var b strings.Builder
	last := 0
	for _, t := range p.tokens {
		n := parameterNumber(t)
		if n < 1 || n > len(args) {
			continue
		}
		b.WriteString(p.text[last:t.Start])
		b.WriteString(literal(params[n-1], args[n-1]))
		last = t.End
	}
	b.WriteString(p.text[last:])
	list, err := split(b.String())
	if err != nil {
		return nil, err
	}
	st := &statement{text: list[0].text}
	return st, x.planned(ctx, st, list[0], nil)
}

// literal writes a value as the warehouse's SQL, with its type.
func literal(k kind, v any) string {
	text := "NULL"
	switch v := v.(type) {
	case bool:
		text = strconv.FormatBool(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	case float64:
		text = strconv.FormatFloat(v, 'g', -1, 64)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			text = "'" + text + "'"
		}
	case string:
		text = dialect.QuoteString(v)
	case []byte:
		return "unhex('" + hex.EncodeToString(v) + "')"
	}
	if k.oid == oidNumeric && text != "NULL" {
		return "(" + strings.Trim(text, "'") + ")" // with as many digits as it has
	}
	kind := declared[k.oid]
	switch {
	case k.oid == oidNumeric:
		kind = "numeric(38,9)" // of a null
	case kind == "" && v == any(nullText{}):
		kind = "text"
	case kind == "":
		return text // its place says what it is read as
	}
	return fmt.Sprintf("(%s::%s)", text, kind)
}
