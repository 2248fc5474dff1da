package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
)

// portal is a statement with its arguments, running or about to. Its context
// is its own, because it may be read in several messages.
type portal struct {
	st      *statement
	args    []any
	formats []int16
	cursor  bool // made by DECLARE
	hold    bool // WITH HOLD: outlives its transaction, if that commits
	born    byte // the transaction's state when it was made

	ctx  context.Context
	stop context.CancelCauseFunc
	rows query.Rows // nil until it runs
	open []kind     // of the rows
	left arrow.RecordBatch
	at   int   // the next row of left
	sent int64 // rows so far
	done bool  // no row is left
}

func newPortal(ctx context.Context, st *statement, args []any, formats []int16) *portal {
	p := &portal{st: st, args: args, formats: formats}
	p.ctx, p.stop = context.WithCancelCause(ctx)
	st.hold()
	return p
}

func (p *portal) close() {
	if p.left != nil {
		p.left.Release()
		p.left = nil
	}
	if p.rows != nil {
		p.rows.Close()
		p.rows = nil
	}
	p.stop(nil)
	if p.st != nil {
		p.st.release()
		p.st = nil
	}
	p.done = true
}

// start runs the statement, unless it runs already.
func (p *portal) start(x *session) error {
	if p.rows != nil || p.done {
		return nil
	}
	prepared, args := p.st.prepared, p.args
	if p.st.late != nil {
		st, err := x.prepareNow(p)
		if err != nil {
			return p.failure(err)
		}
		defer st.free()
		prepared, args = st.prepared, nil
	}
	rows, err := prepared.Execute(syscat.NewContext(p.ctx, x.describeSession()), args)
	if err != nil {
		return p.failure(err)
	}
	p.rows = rows
	columns := rows.Columns()
	p.open = make([]kind, len(columns))
	for i, c := range columns {
		p.open[i] = kindOf(c)
	}
	if !sameKinds(p.open, p.st.kinds) {
		return refuse("0A000", "cached plan must not change result type").with("Prepare the statement again: a table that it reads has changed.")
	}
	return nil
}

func sameKinds(a, b []kind) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].oid != b[i].oid {
			return false
		}
	}
	return true
}

func (p *portal) failure(err error) error {
	return p.st.edited.back(refusalOf(p.ctx, err, p.st.edited.to))
}

// form makes the writer of one batch's rows.
type form func(columns []value) appender

// stream writes up to limit rows (0: all) and returns how many.
func (p *portal) stream(x *session, limit int64, formats []int16, write form) (int64, error) {
	n := int64(0)
	for !p.done && (limit == 0 || n < limit) {
		if p.left == nil {
			if err := p.next(); err != nil || p.done {
				return n, err
			}
		}
		m, err := p.batch(x, limit, n, write(p.bind(formats, x.style())))
		n += m
		p.sent += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// next fetches a batch that is not empty.
func (p *portal) next() error {
	b, err := p.rows.Next(p.ctx)
	switch {
	case errors.Is(err, io.EOF):
		p.done = true
		return nil
	case err != nil:
		p.done = true
		return p.failure(err)
	}
	p.left, p.at = b, 0
	return nil
}

func (p *portal) bind(formats []int16, st style) []value {
	out := make([]value, len(p.open))
	for i := range out {
		out[i] = bind(&p.open[i], p.left.Column(i), formatAt(formats, i), st)
	}
	return out
}

// formatAt applies the protocol's rule: no code is text for all, one is for
// all, else one each.
func formatAt(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return formatText
	case 1:
		return formats[0]
	}
	return formats[i]
}

// batch writes rows of the batch at hand while the limit allows.
func (p *portal) batch(x *session, limit, n int64, write appender) (int64, error) {
	end := int(p.left.NumRows())
	if limit > 0 {
		end = min(end, p.at+int(limit-n))
	}
	first := p.at
	for ; p.at < end; p.at++ {
		b := x.out.bytes()
		before := len(b)
		b = write(b, p.at)
		if len(b)-before > rowBytesMax {
			*x.out.buf = b[:before]
			return int64(p.at - first), refuse("54000", "a row of %d bytes is longer than the protocol allows", len(b)-before)
		}
		x.out.set(b)
		if x.out.err != nil {
			return int64(p.at - first), x.out.err
		}
	}
	m := int64(p.at - first)
	if p.at == int(p.left.NumRows()) {
		p.left.Release()
		p.left = nil
	}
	if err := context.Cause(p.ctx); err != nil { // canceled while the client was slow to read
		return m, err
	}
	return m, nil
}

// drain runs a statement without rows to its end.
func (p *portal) drain() error {
	for !p.done {
		if err := p.next(); err != nil {
			return err
		}
		if p.left != nil {
			p.left.Release()
			p.left = nil
		}
	}
	return nil
}

// tag is the end of CommandComplete for the rows of this execution.
func (p *portal) tag(n int64) string {
	switch p.rows.Kind() {
	case query.KindSelect:
		return fmt.Sprintf("SELECT %d", n)
	case query.KindInsert:
		return fmt.Sprintf("INSERT 0 %d", p.rows.Stats().RowsWritten)
	case query.KindCTAS:
		return fmt.Sprintf("SELECT %d", p.rows.Stats().RowsWritten)
	}
	return p.rows.Tag()
}

// dataRow is the form of rows in a query's answer.
func dataRow(columns []value) appender {
	return func(b []byte, row int) []byte {
		at := len(b)
		b = append(b, 'D', 0, 0, 0, 0, byte(len(columns)>>8), byte(len(columns)))
		for i := range columns {
			b = appendField(b, &columns[i], row)
		}
		return seal(b, at)
	}
}

// seal writes the length of the message that begins at b[at:].
func seal(b []byte, at int) []byte {
	n := uint32(len(b) - at - 1)
	b[at+1], b[at+2], b[at+3], b[at+4] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
	return b
}

// execute runs a portal for up to limit rows and sends its answer: rows, then
// PortalSuspended or CommandComplete.
func (x *session) execute(p *portal, limit int64) error {
	defer x.running(p.stop)()
	text := p.st.text // COMMIT may close the portal that it runs in
	tag, err := x.perform(p, limit)
	switch {
	case err != nil:
		p.done = true
		return refusalOf(p.ctx, err, text)
	case tag == "":
		x.out.send(&pgproto3.PortalSuspended{})
	default:
		x.out.send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	}
	return nil
}

// perform returns the statement's tag, or "" when rows are left.
func (x *session) perform(p *portal, limit int64) (string, error) {
	if p.st.own != nil {
		return x.performOwn(p, limit)
	}
	if err := x.mayRun(p.st); err != nil {
		return "", err
	}
	if err := p.start(x); err != nil {
		return "", err
	}
	if p.rows == nil { // it failed before
		return "", refuse("55000", "portal cannot be run")
	}
	if len(p.open) == 0 {
		if p.done {
			return "", refuse("55000", "portal cannot be run").with("It has run: bind the statement again.")
		}
		if err := p.drain(); err != nil {
			return "", err
		}
		return p.tag(0), nil
	}
	n, err := p.stream(x, limit, p.formats, dataRow)
	if err != nil || limit > 0 && n == limit {
		return "", err
	}
	return p.tag(n), nil
}
