package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// The transaction's state, as ReadyForQuery says it.
const (
	idle    byte = 'I'
	inBlock byte = 'T'
	failed  byte = 'E'
)

// session is one connection. Its goroutine owns everything but mu.
type session struct {
	server    *Server
	conn      net.Conn
	tls       *tls.Conn
	in        *pgproto3.Backend
	out       output
	startup   map[string]string
	user      string
	principal *identity.Principal
	pid       uint32
	key       [4]byte
	settings  *settings

	ctx        context.Context // of the session: carries the principal, ends when a stop is out of patience
	status     byte
	readOnly   bool // of the open transaction block
	savepoints []string
	statements map[string]*statement
	portals    map[string]*portal
	skipping   bool // after an error in the extended protocol, until Sync

	mu struct {
		sync.Mutex
		stop context.CancelCauseFunc // of the running statement; nil between statements
	}
}

// run answers messages until the client leaves or the server stops.
func (x *session) run(ctx context.Context) {
	x.ctx = identity.NewContext(ctx, x.principal)
	x.status = idle
	x.statements, x.portals = map[string]*statement{}, map[string]*portal{}
	x.ready()
	for x.out.flush() == nil {
		x.out.rest()
		m, err := x.receive()
		if err != nil {
			x.leave(err)
			return
		}
		if !x.dispatch(m) {
			return
		}
	}
}

// receive waits for a message; what is gathered stays unsent unless the
// protocol says that the client waits for it.
func (x *session) receive() (pgproto3.FrontendMessage, error) {
	deadline := time.Time{}
	if limit := x.settings.idleLimit(x.status); limit > 0 {
		deadline = time.Now().Add(limit)
	}
	x.conn.SetReadDeadline(deadline)
	if x.server.stopping.Load() { // looked at after the deadline is set: drain sets it the other way round
		x.conn.SetReadDeadline(time.Unix(1, 0))
	}
	return x.in.Receive()
}

// leave says why the session ends, if the client is still there to hear it.
func (x *session) leave(err error) {
	var long *pgproto3.ExceededMaxBodyLenErr
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
	case x.server.stopping.Load():
		x.die(errShutdown)
	case errors.Is(err, os.ErrDeadlineExceeded) && x.status == idle:
		x.die(fatal("57P05", "terminating connection due to idle-session timeout"))
	case errors.Is(err, os.ErrDeadlineExceeded):
		x.die(fatal("25P03", "terminating connection due to idle-in-transaction timeout"))
	case errors.As(err, &long):
		x.die(fatal("54000", "a message of %d bytes is longer than the %d that are allowed", long.ActualBodyLen, long.MaxExpectedBodyLen))
	default:
		var op net.Error
		if !errors.As(err, &op) {
			x.die(fatal("08P01", "protocol violation: %s", err))
		}
	}
}

// dispatch acts on one message and reports whether the session goes on.
func (x *session) dispatch(m pgproto3.FrontendMessage) bool {
	switch m.(type) {
	case *pgproto3.Terminate:
		return false
	case *pgproto3.Sync:
		x.skipping = false
		x.endImplicit()
		x.ready()
		return true
	case *pgproto3.Flush:
		x.out.flush()
		return true
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return true // left over from a COPY that was refused: the protocol says to ignore them
	}
	if x.skipping {
		return true
	}
	if err := x.revoked(); err != nil {
		x.die(err)
		return false
	}
	switch m := m.(type) {
	case *pgproto3.Query:
		x.simple(m.String)
		x.endImplicit()
		x.ready()
		return true
	case *pgproto3.FunctionCall:
		x.fail(notServed("the function call message").with("Call the function in a SELECT."))
		x.ready()
		return true
	}
	do, ok := x.extended(m)
	if !ok {
		x.die(fatal("08P01", "unexpected message %T", m))
		return false
	}
	if err := do(); err != nil {
		if x.fail(err) {
			return false
		}
		x.skipping = true
	}
	return true
}

// ready tells the client that it may speak.
func (x *session) ready() {
	x.out.send(&pgproto3.ReadyForQuery{TxStatus: x.status})
	x.out.flush()
}

// fail sends an error, ends a transaction block's use, and reports whether the
// session is over.
func (x *session) fail(err error) bool {
	r := refusalOf(context.Background(), err, "")
	if r.cause != nil {
		x.server.Log.Error("statement failed", "door", "postgres", "user", x.user, "error", r.cause)
	}
	x.out.send(r.response())
	if x.status == inBlock {
		x.status = failed
	}
	if r.fatal {
		x.out.flush()
	}
	return r.fatal
}

// endImplicit closes what lives no longer than a transaction, when there is no block.
func (x *session) endImplicit() {
	if x.status == idle {
		x.closePortals(false)
	}
}

func (x *session) closePortals(held bool) {
	for name, p := range x.portals {
		if held || !p.hold {
			p.close()
			delete(x.portals, name)
		}
	}
}

// close ends what the session still holds.
func (x *session) close() {
	x.closePortals(true)
	for _, st := range x.statements {
		st.close()
	}
	x.statements = nil
	x.out.rest()
}

// running makes stop the way to end the statement that runs now, and applies
// statement_timeout. The caller calls the function it returns when the
// statement is done or suspended.
func (x *session) running(stop context.CancelCauseFunc) (done func()) {
	x.mu.Lock()
	x.mu.stop = stop
	x.mu.Unlock()
	var timer *time.Timer
	if limit := x.settings.duration("statement_timeout"); limit > 0 {
		timer = time.AfterFunc(limit, func() { stop(errTimeout) })
	}
	finished := make(chan struct{})
	watch := time.AfterFunc(watchEvery, func() { x.watch(stop, finished) })
	return func() {
		close(finished)
		watch.Stop()
		if timer != nil {
			timer.Stop()
		}
		x.mu.Lock()
		x.mu.stop = nil
		x.mu.Unlock()
	}
}

// watchEvery is how often a running statement looks whether its client is there.
const watchEvery = time.Second

// watch stops a statement whose client has left: nobody wants its rows, and it
// holds a place that others wait for.
func (x *session) watch(stop context.CancelCauseFunc, finished chan struct{}) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for !gone(x.conn) {
		select {
		case <-finished:
			return
		case <-tick.C:
		}
	}
	stop(errGone)
}

// revoked refuses to go on when the key that the session began with is no more.
func (x *session) revoked() *refusal {
	if key := x.principal.AccessKey; key != "" {
		if err := x.server.Logins.KnowsKey(x.ctx, key); err != nil && fault.KindOf(err) == fault.Unauthenticated {
			return errRevoked
		}
	}
	return nil
}

// interrupt stops the running statement; between statements it does nothing.
func (x *session) interrupt(why error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.mu.stop != nil {
		x.mu.stop(why)
	}
}

// style is how values are written now.
func (x *session) style() style { return style{floatDigits: x.settings.integer("extra_float_digits")} }

func (x *session) statement(sql string) query.Statement {
	return query.Statement{SQL: sql, Dialect: query.Warehouse, Database: x.settings.schema()}
}

// describeSession is what the catalog's relations and functions say of this
// session. It is made anew for each statement, since it remembers the catalog
// as that statement sees it.
func (x *session) describeSession() *syscat.Session {
	s := &syscat.Session{
		Database: x.server.cfg.Database, User: x.user, ProcessID: int64(x.pid), Schemas: x.settings.schemas(),
		Settings: make([]syscat.Setting, len(x.settings.list)),
	}
	for i, e := range x.settings.list {
		s.Settings[i] = syscat.Setting{Name: e.name, Value: x.settings.now[i], Initial: x.settings.initial[i], About: e.about}
	}
	return s
}
