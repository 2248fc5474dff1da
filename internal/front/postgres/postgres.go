// Package postgres is the warehouse's door: it speaks the PostgreSQL frontend
// and backend protocol, version 3.0, to psql, drivers and BI tools.
//
// A connection is one goroutine that reads a message, acts and writes: nothing
// is queued, so a slow client stops its own query and nobody else's. Rows go
// from the engine's Arrow batches straight into the write buffer, without a
// value in between. What a connection keeps (prepared statements, portals, the
// transaction's state, settings) lives in its session and ends with it; the
// package itself keeps only the table of sessions, for CancelRequest and stop.
//
// Statements about the session itself (BEGIN, SET, SHOW, DECLARE, COPY TO
// STDOUT ...) are answered here, from the table in own.go; every other one goes
// to compute/query in the warehouse dialect. A statement that is neither is
// refused with the code that PostgreSQL would use.
//
// Protocol: https://www.postgresql.org/docs/15/protocol.html.
package postgres

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// Logins knows who may connect.
type Logins interface {
	// DatabaseLogin returns the principal of a user name and the secret that
	// its clients prove to know. Any error means that there is no such user.
	DatabaseLogin(ctx context.Context, user string) (*identity.Principal, string, error)
	// KnowsKey is nil while an access key is active. It is asked for each
	// message of a session that began with a key.
	KnowsKey(ctx context.Context, accessKey string) error
}

// Engine runs statements; it is [query.Service].
type Engine interface {
	Prepare(ctx context.Context, st query.Statement) (query.Prepared, error)
}

// Parts is what the door needs of the rest.
type Parts struct {
	Engine Engine
	System *syscat.Service
	Logins Logins
	TLS    *tls.Config // nil: no encryption
	Log    *slog.Logger
}

// Server is the door.
type Server struct {
	cfg Config
	Parts
	buffers  sync.Pool // *[]byte, for answers longer than a few rows
	stopping atomic.Bool
	open     atomic.Int64 // connections, logged in or not
	wait     sync.WaitGroup
	mu       struct {
		sync.Mutex
		sessions map[uint32]*session // by process id
		last     uint32
		conns    map[net.Conn]struct{}
	}
}

// Open makes a door; it listens only in Serve. cfg must be valid.
func Open(cfg Config, parts Parts) *Server {
	s := &Server{cfg: cfg, Parts: parts}
	s.buffers.New = func() any { b := make([]byte, 0, flushBytes+4096); return &b }
	s.mu.sessions = map[uint32]*session{}
	s.mu.conns = map[net.Conn]struct{}{}
	return s
}

// Serve accepts connections until ctx is done. Then idle sessions are told to
// go, running statements may take cfg.Drain to finish and are cancelled after
// that. It returns when every session has ended.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	running, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		s.stopping.Store(true)
		ln.Close()
		s.drain(cancel)
	})
	err := s.accept(running, ln)
	if stop() { // ctx is not done: the listener broke
		ln.Close()
		s.drain(cancel)
		return err
	}
	<-stopped
	return nil
}

func (s *Server) accept(ctx context.Context, ln net.Listener) error {
	pause := 5 * time.Millisecond
	for {
		conn, err := ln.Accept()
		var temporary interface{ Temporary() bool }
		switch {
		case errors.Is(err, net.ErrClosed):
			return nil
		case errors.As(err, &temporary) && temporary.Temporary(): // such as too many open files
			s.Log.Warn("accept failed", "door", "postgres", "error", err)
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
			continue
		case err != nil:
			return err
		}
		pause = 5 * time.Millisecond
		if s.open.Add(1) > int64(s.cfg.Connections)+loginsMax {
			s.open.Add(-1)
			conn.Close() // even a refusal would cost more than the stranger pays
			continue
		}
		s.track(conn)
		s.wait.Go(func() {
			defer s.open.Add(-1)
			defer s.untrack(conn)
			s.serve(ctx, conn)
		})
	}
}

// loginsMax is how many connections may be logging in, or asking for a cancel,
// beside the sessions.
const loginsMax = 64

func (s *Server) track(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mu.conns[c] = struct{}{}
}

func (s *Server) untrack(c net.Conn) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.mu.conns, c)
}

// drain ends all sessions: idle ones now, busy ones when their statement ends
// or cfg.Drain is over.
func (s *Server) drain(cancel context.CancelCauseFunc) {
	s.stopping.Store(true)
	s.each(func(c net.Conn) { c.SetReadDeadline(time.Unix(1, 0)) })
	done := make(chan struct{})
	go func() { s.wait.Wait(); close(done) }()
	for _, step := range []func(){
		func() { cancel(errShutdown) },
		func() { s.each(func(c net.Conn) { c.Close() }) },
	} {
		select {
		case <-done:
			return
		case <-time.After(s.cfg.Drain):
			step()
		}
	}
	<-done
}

func (s *Server) each(do func(net.Conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.mu.conns {
		do(c)
	}
}

// register gives a session its process id and secret key. It reports false
// when the door is full.
func (s *Server) register(x *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.mu.sessions) >= s.cfg.Connections {
		return false
	}
	for {
		s.mu.last = s.mu.last%0x7fffffff + 1
		if s.mu.sessions[s.mu.last] == nil {
			break
		}
	}
	x.pid = s.mu.last
	rand.Read(x.key[:])
	s.mu.sessions[x.pid] = x
	return true
}

func (s *Server) forget(x *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.mu.sessions, x.pid)
}

// cancel stops the statement that a session runs, if the key is right. The one
// who asks learns nothing either way.
func (s *Server) cancel(pid uint32, key []byte) {
	s.mu.Lock()
	x := s.mu.sessions[pid]
	s.mu.Unlock()
	if x != nil && subtle.ConstantTimeCompare(x.key[:], key) == 1 {
		x.interrupt(errCanceled)
	}
}
