package query

import (
	"context"
	"io"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// planExplain plans EXPLAIN of a query: the engine's plan over the files that
// the query would read, as text.
func (s *Service) planExplain(ctx context.Context, p *prepared, st *dialect.Explain) error {
	q, ok := st.Statement.(*dialect.Query)
	if !ok {
		return p.src.fail(Unsupported, st.Offset, "EXPLAIN of %s is not supported: explain its query", st.Statement.Tag())
	}
	inner := *q

	validate := false
	for _, o := range st.Options {
		switch key, value := strings.ToUpper(o.Key), strings.ToUpper(o.Value.Text); {
		case key == "FORMAT" && value == "TEXT", key == "TYPE" && (value == "LOGICAL" || value == "DISTRIBUTED"):
		case key == "TYPE" && value == "VALIDATE":
			validate = true
		case p.src.dialect == Warehouse && (key == "ANALYZE" || key == "VERBOSE" || key == "COSTS" || key == "TIMING"):
		default:
			return p.src.fail(Unsupported, o.Offset, "EXPLAIN (%s %s) is not supported: the plan is text", key, value)
		}
	}
	probe, err := p.probe(ctx, inner)
	if err != nil {
		return err
	}
	p.params, p.casts = probe.params, probe.casts
	if validate {
		p.kind, p.columns = KindUtility, []Column{{Name: "Valid", Type: "boolean", Arrow: arrow.FixedWidthTypes.Boolean}}
		p.run = func(context.Context, []any) (Rows, error) {
			return StaticRows(p.kind, p.tag, p.columns, [][]any{{true}})
		}
		return nil
	}
	p.kind, p.columns = KindUtility, textColumns("Query Plan")
	if p.src.dialect == Warehouse {
		p.columns = textColumns("QUERY PLAN")
	}
	p.run = func(ctx context.Context, args []any) (Rows, error) {
		text, err := s.explain(ctx, p, inner, args, st.Analyze)
		if err != nil {
			return nil, err
		}
		var rows [][]any
		for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
			rows = append(rows, []any{line})
		}
		return StaticRows(p.kind, p.tag, p.columns, rows)
	}
	return nil
}

func (s *Service) explain(ctx context.Context, p *prepared, q dialect.Query, args []any, analyze bool) (string, error) {
	c, err := s.engine.Acquire(ctx, searchPath(p.src.dialect))
	if err != nil {
		return "", err
	}
	defer c.Release()
	r := s.newReading(p)
	defer r.close()
	b, err := s.bind(ctx, c, p.src, q, p.database, 0)
	if err != nil {
		return "", err
	}
	b.casts = p.casts
	text, err := r.filled(ctx, c, b, args)
	if err != nil {
		return "", err
	}
	b.objects = r.objects
	head := "EXPLAIN "
	if analyze {
		head += "ANALYZE "
	}
	text.lead = len(head)
	stmt, err := c.Prepare(ctx, head+text.String())
	if err != nil {
		return "", b.explain(ctx, text, err)
	}
	defer stmt.Close()
	result, err := stmt.Query(ctx, args, nil)
	if err != nil {
		return "", b.explain(ctx, text, err)
	}
	defer result.Close()
	var out strings.Builder
	for {
		batch, err := result.Next(ctx)
		if err == io.EOF {
			return b.local(planOnly(out.String())), nil
		}
		if err != nil {
			return "", b.explain(ctx, text, err)
		}
		values, _ := batch.Column(int(batch.NumCols()) - 1).(*array.String)
		for i := 0; values != nil && i < values.Len(); i++ {
			out.WriteString(values.Value(i))
		}
		batch.Release()
	}
}

// planOnly leaves out the statement that the engine repeats before the plan:
// it holds local paths.
func planOnly(text string) string {
	if i := strings.Index(text, "EXPLAIN ANALYZE "); i >= 0 {
		if j := strings.Index(text[i:], "\n┌"); j >= 0 {
			return text[i+j+1:]
		}
	}
	return text
}
