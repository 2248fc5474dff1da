package query

import (
	"context"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// stream is the rows of a running query.
type stream struct {
	kind    Kind
	tag     string
	columns []Column
	conn    *duck.Conn
	reading *reading
	bound   *bound
	text    *splices
	stmt    *duck.Stmt
	result  *duck.Result
	began   time.Time
	done    bool
}

// open plans the query over its files.
func (r *stream) open(ctx context.Context, p *prepared, q dialect.Query, args []any) (err error) {
	if r.bound, err = p.s.bind(ctx, r.conn, p.src, q, p.database, nil); err != nil {
		return err
	}
	r.bound.casts = p.casts
	if r.text, err = r.reading.filled(ctx, r.conn, r.bound, args); err != nil {
		return err
	}
	r.bound.objects = r.reading.objects
	if r.stmt, err = r.conn.Prepare(ctx, r.text.String()); err != nil {
		return r.bound.explain(ctx, r.text, err)
	}
	r.columns, err = r.bound.describe(r.stmt.Columns())
	return err
}

// first starts the engine.
func (r *stream) first(ctx context.Context, args []any) (err error) {
	as := func(_ int, t duck.Type) duck.Type { return carried(r.bound.src.dialect, t) }
	if r.result, err = r.stmt.Query(ctx, args, as); err != nil {
		err = r.bound.explain(ctx, r.text, err)
		r.Close()
	}
	return err
}

func (r *stream) Kind() Kind        { return r.kind }
func (r *stream) Tag() string       { return r.tag }
func (r *stream) Columns() []Column { return r.columns }
func (r *stream) Target() *Target   { return nil }

func (r *stream) Next(ctx context.Context) (arrow.RecordBatch, error) {
	if r.done {
		return nil, io.EOF
	}
	batch, err := r.result.Next(ctx)
	if err != nil {
		r.finish()
		if err != io.EOF {
			err = r.bound.explain(ctx, r.text, err)
		}
	}
	return batch, err
}

func (r *stream) finish() {
	if !r.done && !r.began.IsZero() {
		r.reading.stats.Execution = time.Since(r.began)
	}
	r.done = true
}

func (r *stream) Stats() Stats { return r.reading.stats }

// Close stops the query if it still runs and lets go of its files.
func (r *stream) Close() error {
	r.finish()
	if r.conn == nil {
		return nil
	}
	if r.result != nil {
		r.result.Close()
	}
	if r.stmt != nil {
		r.stmt.Close()
	}
	r.conn.Release()
	r.conn = nil
	r.reading.close()
	return nil
}
