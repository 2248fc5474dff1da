package duck

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	dk "github.com/duckdb/duckdb-go-bindings"
)

// Column is a column of a result.
type Column struct {
	Name string
	Type Type // Kind is empty while a parameter's type is unknown
}

// Stmt is a prepared statement. It belongs to its connection, runs once at a
// time, and the next statement on the connection ends its open Result.
type Stmt struct {
	conn    *Conn
	ps      dk.PreparedStatement
	columns []Column
	params  []Type
}

// Prepare parses, binds and plans one statement.
func (c *Conn) Prepare(ctx context.Context, sql string) (*Stmt, error) {
	s := &Stmt{conn: c}
	err := c.guard(ctx, func() error {
		if dk.Prepare(c.c, sql, &s.ps) == dk.StateError {
			return parseError(dk.PrepareError(s.ps))
		}
		return nil
	})
	if err != nil {
		dk.DestroyPrepare(&s.ps)
		return nil, err
	}
	for i := range dk.PreparedStatementColumnCount(s.ps) {
		s.columns = append(s.columns, Column{dk.PreparedStatementColumnName(s.ps, i), typeOf(dk.PreparedStatementColumnLogicalType(s.ps, i))})
	}
	for i := range dk.NParams(s.ps) {
		s.params = append(s.params, typeOf(dk.ParamLogicalType(s.ps, i+1)))
	}
	return s, nil
}

// Columns are the columns of the result.
func (s *Stmt) Columns() []Column { return s.columns }

// Params are the types of the parameters; Kind is empty when any will do.
func (s *Stmt) Params() []Type { return s.params }

// Close frees the statement; its Result must be closed.
func (s *Stmt) Close() { dk.DestroyPrepare(&s.ps) }

func (s *Stmt) bind(args []any) error {
	if len(args) != len(s.params) {
		return &Error{Class: InvalidInput, Position: -1, Message: fmt.Sprintf("the statement has %d parameters and %d values were given", len(s.params), len(args))}
	}
	dk.ClearBindings(s.ps)
	for i, arg := range args {
		at := dk.IdxT(i + 1)
		var state dk.State
		switch v := arg.(type) {
		case nil:
			state = dk.BindNull(s.ps, at)
		case bool:
			state = dk.BindBoolean(s.ps, at, v)
		case int64:
			state = dk.BindInt64(s.ps, at, v)
		case float64:
			state = dk.BindDouble(s.ps, at, v)
		case string:
			state = dk.BindVarcharLength(s.ps, at, v, dk.IdxT(len(v)))
		case []byte:
			state = dk.BindBlob(s.ps, at, v)
		case time.Time:
			state = dk.BindTimestampTZ(s.ps, at, dk.NewTimestamp(v.UnixMicro()))
		default:
			return &Error{Class: InvalidInput, Position: -1, Message: fmt.Sprintf("parameter %d has the type %T: use nil, bool, int64, float64, string, []byte or time.Time", i+1, arg)}
		}
		if state == dk.StateError {
			return &Error{Class: InvalidInput, Position: -1, Message: fmt.Sprintf("parameter %d is not accepted: %s", i+1, dk.PrepareError(s.ps))}
		}
	}
	return nil
}

// Query starts the statement and returns when its first rows are there. With
// out set, column i of the batches is carried as out(i, its type) says: a wider
// or plainer kind, see Result.
func (s *Stmt) Query(ctx context.Context, args []any, out func(i int, t Type) Type) (*Result, error) {
	if err := s.bind(args); err != nil {
		return nil, err
	}
	r := &Result{conn: s.conn}
	if err := s.conn.compute(ctx, func() error { return r.start(s.ps) }); err != nil {
		r.Close()
		return nil, err
	}
	fields := make([]arrow.Field, 0, len(s.columns))
	for i := range dk.ColumnCount(&r.res) {
		from := typeOf(dk.ColumnLogicalType(&r.res, i))
		to := from
		if out != nil {
			to = out(int(i), from)
		}
		at := to.Arrow()
		name := dk.ColumnName(&r.res, i)
		if at == nil {
			r.Close()
			return nil, &Error{Class: NotImplemented, Position: -1, Message: fmt.Sprintf("column %q has the type %s, which results cannot carry: cast it", name, to.Kind)}
		}
		r.from, r.to = append(r.from, from), append(r.to, to)
		fields = append(fields, arrow.Field{Name: name, Type: at, Nullable: true})
	}
	r.schema = arrow.NewSchema(fields, nil)
	return r, nil
}

// Run runs the statement to its end and returns how many rows it changed or
// wrote.
func (s *Stmt) Run(ctx context.Context, args []any) (rows int64, err error) {
	if err := s.bind(args); err != nil {
		return 0, err
	}
	err = s.conn.compute(ctx, func() error {
		var r dk.Result
		defer dk.DestroyResult(&r)
		if dk.ExecutePrepared(s.ps, &r) == dk.StateError {
			return parseError(dk.ResultError(&r))
		}
		rows = int64(dk.RowsChanged(&r))
		return nil
	})
	return rows, err
}

// Result is a running statement. Its rows are made while they are read, at
// most about 1 MB ahead of the reader.
//
// Values may be carried as a neighbour of their kind: HUGEINT, UHUGEINT and
// UBIGINT as BIGINT or DECIMAL(38,0), the small unsigned kinds as the next
// larger signed one; a value that does not fit ends the result with OutOfRange.
type Result struct {
	conn     *Conn
	pending  dk.PendingResult
	res      dk.Result
	ready    bool
	from, to []Type
	schema   *arrow.Schema
	rows     int64
}

func (r *Result) start(ps dk.PreparedStatement) error {
	if dk.PendingPreparedStreaming(ps, &r.pending) == dk.StateError {
		return parseError(dk.PendingError(r.pending))
	}
	r.ready = true
	if dk.ExecutePending(r.pending, &r.res) == dk.StateError {
		return parseError(dk.ResultError(&r.res))
	}
	return nil
}

// Schema describes the batches.
func (r *Result) Schema() *arrow.Schema { return r.schema }

// Next returns the next rows, up to 2,048 of them, or io.EOF. The batch is the
// caller's: it does not depend on the engine any more. Release it.
func (r *Result) Next(ctx context.Context) (arrow.RecordBatch, error) {
	var batch arrow.RecordBatch
	err := r.conn.compute(ctx, func() error {
		chunk := dk.FetchChunk(r.res)
		if chunk.Ptr == nil {
			if msg := dk.ResultError(&r.res); msg != "" {
				return parseError(msg)
			}
			return io.EOF
		}
		defer dk.DestroyDataChunk(&chunk)
		var err error
		batch, err = r.batch(chunk)
		return err
	})
	if err == nil {
		r.rows += batch.NumRows()
	}
	return batch, err
}

// Close stops the statement if it still runs.
func (r *Result) Close() {
	dk.DestroyResult(&r.res)
	dk.DestroyPending(&r.pending)
}

// textsMax bounds the prepared statements that a connection keeps for Text.
const textsMax = 16

// text returns a statement for Text: those that come again stay prepared.
func (c *Conn) text(ctx context.Context, sql string) (s *Stmt, done func(), err error) {
	if s := c.texts[sql]; s != nil {
		return s, func() {}, nil
	}
	if s, err = c.Prepare(ctx, sql); err != nil {
		return nil, nil, err
	}
	if len(c.texts) >= textsMax || len(sql) > 200 {
		return s, s.Close, nil
	}
	if c.texts == nil {
		c.texts = map[string]*Stmt{}
	}
	c.texts[sql] = s
	return s, func() {}, nil
}

// Text runs a query that answers with one text, given one.
func (c *Conn) Text(ctx context.Context, sql, arg string) (out string, err error) {
	s, done, err := c.text(ctx, sql)
	if err != nil {
		return "", err
	}
	defer done()
	if err := s.bind([]any{arg}); err != nil {
		return "", err
	}
	err = c.guard(ctx, func() error {
		var r dk.Result
		defer dk.DestroyResult(&r)
		if dk.ExecutePrepared(s.ps, &r) == dk.StateError {
			return parseError(dk.ResultError(&r))
		}
		chunk := dk.FetchChunk(r)
		if chunk.Ptr == nil {
			return nil
		}
		defer dk.DestroyDataChunk(&chunk)
		out = string(stringAt(dk.VectorGetData(dk.DataChunkGetVector(chunk, 0)), 0))
		return nil
	})
	return out, err
}
