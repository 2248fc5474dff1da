package query

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
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
	b, err := s.bind(ctx, c, p.src, q, p.database, nil)
	if err != nil {
		return "", err
	}
	b.casts = p.casts
	text, err := r.filled(ctx, c, b, args)
	if err != nil {
		return "", err
	}
	b.objects = r.objects
	head := "EXPLAIN (FORMAT JSON) "
	if analyze {
		head = "EXPLAIN (ANALYZE, FORMAT JSON) "
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
			return b.plan(out.String())
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

// planNode is an operator of the engine's plan. The names of its members differ
// between a plan and a plan that ran.
type planNode struct {
	Name     string         `json:"name"`
	Operator string         `json:"operator_name"`
	Info     map[string]any `json:"extra_info"`
	Seconds  *float64       `json:"operator_timing"`
	Rows     *int64         `json:"operator_cardinality"`
	Children []planNode     `json:"children"`
}

// plan writes the engine's plan as lines, an operator each with its settings
// below it. The engine's own drawing breaks long texts: local paths could not
// be told from others in it.
func (b *bound) plan(doc string) (string, error) {
	var top []planNode
	if err := json.Unmarshal([]byte(doc), &top); err != nil {
		var one planNode
		if err := json.Unmarshal([]byte(doc), &one); err != nil {
			return "", err
		}
		top = one.Children
	}
	var out strings.Builder
	for _, n := range top {
		b.operator(&out, n, 0)
	}
	return out.String(), nil
}

func (b *bound) operator(out *strings.Builder, n planNode, depth int) {
	if n.Operator == "EXPLAIN_ANALYZE" {
		for _, c := range n.Children {
			b.operator(out, c, depth)
		}
		return
	}
	indent := strings.Repeat("    ", depth)
	fmt.Fprintf(out, "%s- %s", indent, strings.TrimSpace(n.Name+n.Operator))
	if n.Rows != nil && n.Seconds != nil {
		fmt.Fprintf(out, " (%d rows, %.3f s)", *n.Rows, *n.Seconds)
	}
	out.WriteByte('\n')
	for _, k := range slices.Sorted(maps.Keys(n.Info)) {
		var values []string
		switch v := n.Info[k].(type) {
		case []any:
			for _, e := range v {
				values = append(values, fmt.Sprint(e))
			}
		default:
			values = append(values, fmt.Sprint(v))
		}
		text := strings.ReplaceAll(strings.Join(values, ", "), "\n", " ")
		fmt.Fprintf(out, "%s      %s: %s\n", indent, k, b.local(text))
	}
	for _, c := range n.Children {
		b.operator(out, c, depth+1)
	}
}
