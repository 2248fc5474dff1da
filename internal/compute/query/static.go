package query

import (
	"context"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// static is rows that are in memory already, as SHOW and DESCRIBE answer.
type static struct {
	kind    Kind
	tag     string
	columns []Column
	batches []arrow.RecordBatch
	stats   Stats
}

// StaticRows returns rows that are known. A value is nil or what its column's
// Arrow type takes: string, bool, int64, int32, int16, float64, []string.
func StaticRows(kind Kind, tag string, columns []Column, rows [][]any) (Rows, error) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Arrow, Nullable: true}
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for _, row := range rows {
		for i, v := range row {
			if err := appendValue(b.Field(i), v); err != nil {
				return nil, fmt.Errorf("column %s: %w", columns[i].Name, err)
			}
		}
	}
	if len(rows) == 0 {
		return BatchRows(kind, tag, columns), nil
	}
	return BatchRows(kind, tag, columns, b.NewRecordBatch()), nil
}

// BatchRows returns the rows of batches, which it takes over.
func BatchRows(kind Kind, tag string, columns []Column, batches ...arrow.RecordBatch) Rows {
	return &static{kind: kind, tag: tag, columns: columns, batches: batches}
}

func appendValue(b array.Builder, v any) error {
	if v == nil {
		b.AppendNull()
		return nil
	}
	switch b := b.(type) {
	case *array.StringBuilder:
		if s, ok := v.(string); ok {
			b.Append(s)
			return nil
		}
	case *array.BooleanBuilder:
		if t, ok := v.(bool); ok {
			b.Append(t)
			return nil
		}
	case *array.Float64Builder:
		if f, ok := v.(float64); ok {
			b.Append(f)
			return nil
		}
	case *array.ListBuilder:
		if list, ok := v.([]string); ok {
			b.Append(true)
			for _, s := range list {
				b.ValueBuilder().(*array.StringBuilder).Append(s)
			}
			return nil
		}
	default:
		if appendInteger(b, v) {
			return nil
		}
	}
	return fmt.Errorf("a %T does not fit %s", v, b.Type())
}

func appendInteger(b array.Builder, v any) bool {
	var n int64
	switch v := v.(type) {
	case int64:
		n = v
	case int32:
		n = int64(v)
	case int16:
		n = int64(v)
	case int:
		n = int64(v)
	default:
		return false
	}
	switch b := b.(type) {
	case *array.Int64Builder:
		b.Append(n)
	case *array.Int32Builder:
		b.Append(int32(n))
	case *array.Int16Builder:
		b.Append(int16(n))
	default:
		return false
	}
	return true
}

func (s *static) Kind() Kind        { return s.kind }
func (s *static) Tag() string       { return s.tag }
func (s *static) Columns() []Column { return s.columns }
func (s *static) Stats() Stats      { return s.stats }
func (s *static) Target() *Target   { return nil }

func (s *static) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(s.batches) == 0 {
		return nil, io.EOF
	}
	b := s.batches[0]
	s.batches = s.batches[1:]
	return b, nil
}

func (s *static) Close() error {
	for _, b := range s.batches {
		b.Release()
	}
	s.batches = nil
	return nil
}
