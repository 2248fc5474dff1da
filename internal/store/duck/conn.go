package duck

import (
	"context"
	"time"

	dk "github.com/duckdb/duckdb-go-bindings"
)

// Conn is a connection in the hands of one goroutine. Release it.
type Conn struct {
	engine *Engine
	schema string
	c      dk.Connection
	texts  map[string]*Stmt // of Text
}

// Acquire returns a connection whose unqualified names are looked up in the
// schema ("" for main). It waits while OpenMax connections are in use.
func (e *Engine) Acquire(ctx context.Context, schema string) (*Conn, error) {
	select {
	case e.conns <- struct{}{}:
	case <-ctx.Done():
		return nil, Busy.Wrap(ctx.Err(), cap(e.conns))
	}
	c, err := e.take(schema)
	if err != nil {
		<-e.conns
	}
	return c, err
}

func (e *Engine) take(schema string) (*Conn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.mu.closed {
		return nil, Closed.New()
	}
	if err := e.start(); err != nil {
		return nil, err
	}
	if list := e.mu.idle[schema]; len(list) > 0 {
		e.mu.idle[schema] = list[:len(list)-1]
		e.mu.inUse++
		return list[len(list)-1], nil
	}
	c, err := e.connect(schema)
	if err == nil {
		e.mu.inUse++
	}
	return c, err
}

// connect makes a connection. Called with the lock held.
func (e *Engine) connect(schema string) (*Conn, error) {
	c := &Conn{engine: e, schema: schema}
	if dk.Connect(e.mu.db, &c.c) == dk.StateError {
		return nil, &Error{Class: Internal, Message: "no connection", Position: -1}
	}
	if schema != "" {
		if err := c.Exec(context.Background(), "SET search_path = "+Quote(schema)); err != nil {
			c.disconnect()
			return nil, err
		}
	}
	return c, nil
}

func (c *Conn) disconnect() {
	for _, s := range c.texts {
		s.Close()
	}
	dk.Disconnect(&c.c)
}

// idleMax bounds the connections kept for later, per schema.
const idleMax = 8

// Release gives the connection back. Its statements must be closed.
func (c *Conn) Release() {
	e := c.engine
	e.mu.Lock()
	e.mu.inUse--
	if e.mu.closed || len(e.mu.idle[c.schema]) >= idleMax {
		c.disconnect()
		e.shut()
	} else {
		e.mu.idle[c.schema] = append(e.mu.idle[c.schema], c)
	}
	e.mu.Unlock()
	<-e.conns
}

// compute runs f, which calls the engine, in a slot and under ctx: when ctx is
// done the engine is interrupted.
func (c *Conn) compute(ctx context.Context, f func() error) error {
	select {
	case c.engine.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.engine.slots }()
	return c.guard(ctx, f)
}

func (c *Conn) guard(ctx context.Context, f func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if ctx.Done() == nil {
		return f()
	}
	finished, interrupted := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		c.interrupt(finished)
	})
	err := f()
	close(finished)
	if !stop() {
		<-interrupted // or it would hit the connection's next statement
	}
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// interrupt stops what the connection computes. The engine forgets an
// interrupt that comes just before a statement begins, so it is repeated until
// the call is back.
func (c *Conn) interrupt(finished <-chan struct{}) {
	for {
		dk.Interrupt(c.c)
		select {
		case <-finished:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Exec runs a statement whose rows are of no interest.
func (c *Conn) Exec(ctx context.Context, sql string) error {
	return c.guard(ctx, func() error {
		var r dk.Result
		defer dk.DestroyResult(&r)
		if dk.Query(c.c, sql, &r) == dk.StateError {
			return parseError(dk.ResultError(&r))
		}
		return nil
	})
}

// Progress is how much of the running statement is done, in percent; -1 when
// the engine does not know. It may be called while another goroutine computes.
func (c *Conn) Progress() float64 {
	p := dk.QueryProgress(c.c)
	percent, _, _ := dk.QueryProgressTypeMembers(&p)
	return percent
}
