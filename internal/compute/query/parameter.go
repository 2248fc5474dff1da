package query

import (
	"context"
	"fmt"
	"strconv"

	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// A parameter whose type does not follow from where it stands makes the types
// of all columns unknown to the engine. It is then cast: to text where it is a
// column itself, to bigint where it is an operand, to text where that makes no
// sense. Its values are given as text and cast again.

// guesses are the casts that are tried in turn.
func (b *bound) guesses(open []int) []map[int]string {
	items := map[int]bool{}
	b.tree.parameterItems(b.tree.root, items)
	mixed, texts := map[int]string{}, map[int]string{}
	for _, i := range open {
		texts[i] = "VARCHAR"
		if mixed[i] = "BIGINT"; items[i] {
			mixed[i] = "VARCHAR"
		}
	}
	return []map[int]string{mixed, texts}
}

// parameterItems finds the parameters that are columns of a SELECT or VALUES.
func (t *tree) parameterItems(v any, out map[int]bool) {
	mark := func(list []any) {
		for _, e := range list {
			n, _ := e.(node)
			if i, err := strconv.Atoi(text(n, "identifier")); err == nil && text(n, "class") == "PARAMETER" {
				out[i] = true
			}
		}
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			t.parameterItems(e, out)
		}
	case node:
		mark(list(v, "select_list"))
		for _, row := range list(v, "values") {
			cells, _ := row.([]any)
			mark(cells)
		}
		for _, e := range v {
			t.parameterItems(e, out)
		}
	}
}

// untyped are the parameters, from 1, that the engine finds no type for.
func untyped(params []duck.Type) (out []int) {
	for i, t := range params {
		if t.Kind == "" {
			out = append(out, i+1)
		}
	}
	return out
}

// shape prepares the query over relations without rows. When the types of its
// columns depend on parameters it casts those.
func (b *bound) shape(ctx context.Context, c *duck.Conn) (*duck.Stmt, error) {
	stmt, err := b.tryShape(ctx, c)
	if err != nil || len(stmt.Columns()) == 0 || stmt.Columns()[0].Type.Kind != "" {
		return stmt, err
	}
	for _, casts := range b.guesses(untyped(stmt.Params())) {
		b.casts = casts
		typed, err := b.tryShape(ctx, c)
		if err == nil && len(typed.Columns()) > 0 && typed.Columns()[0].Type.Kind != "" {
			stmt.Close()
			return typed, nil
		}
		if err == nil {
			typed.Close()
		}
	}
	b.casts = nil
	return stmt, nil
}

func (b *bound) tryShape(ctx context.Context, c *duck.Conn) (*duck.Stmt, error) {
	text, err := b.assemble(emptyRelation)
	if err != nil {
		return nil, err
	}
	stmt, err := c.Prepare(ctx, text.String())
	if err != nil {
		return nil, b.explain(ctx, text, err)
	}
	return stmt, nil
}

// cast puts the casts of parameters into the text.
func (b *bound) cast(out *splices) {
	if len(b.casts) == 0 {
		return
	}
	for _, p := range parameterPlaces(b.text) {
		if kind := b.casts[p.number]; kind != "" {
			out.replace(p.at, p.end, fmt.Sprintf("CAST(%s AS %s)", b.text[p.at:p.end], kind))
		}
	}
}

type parameterPlace struct{ number, at, end int }

// parameterPlaces finds ? and $1 outside of quotes and comments.
func parameterPlaces(text string) (out []parameterPlace) {
	count := 0
	for at := skipSpace(text, 0); at < len(text); at = skipSpace(text, at) {
		switch c := text[at]; {
		case c == '\'' || c == '"':
			if at = wordEnd(text, at); at < 0 {
				return out
			}
		case c == '?':
			count++
			out = append(out, parameterPlace{count, at, at + 1})
			at++
		case c == '$':
			end := at + 1
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			if n, err := strconv.Atoi(text[at+1 : end]); err == nil {
				out = append(out, parameterPlace{n, at, end})
			}
			at = end
		case isWord(c):
			for at < len(text) && isWord(text[at]) {
				at++
			}
		default:
			at++
		}
	}
	return out
}
