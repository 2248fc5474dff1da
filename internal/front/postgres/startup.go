package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// serve is the life of one connection. It never lets a panic out: a request
// that kills its session must not kill the server.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("session died", "door", "postgres", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	conn.SetDeadline(time.Now().Add(s.cfg.Login))
	x := &session{server: s, conn: conn}
	if !x.start(ctx) {
		return
	}
	defer s.forget(x)
	defer x.close()
	if !x.login(ctx) {
		return
	}
	conn.SetDeadline(time.Time{})
	x.run(ctx)
}

// start reads the startup packets up to the StartupMessage, answers requests
// for encryption and cancels, and reports whether a session begins.
func (x *session) start(ctx context.Context) bool {
	x.attach(x.conn)
	for range 4 { // each request may be made once
		m, err := x.in.ReceiveStartupMessage()
		if err != nil {
			x.badStartup(err)
			return false
		}
		switch m := m.(type) {
		case *pgproto3.SSLRequest:
			if !x.encrypt(ctx) {
				return false
			}
		case *pgproto3.GSSEncRequest:
			if _, err := x.conn.Write([]byte{'N'}); err != nil {
				return false
			}
		case *pgproto3.CancelRequest:
			x.server.cancel(m.ProcessID, m.SecretKey)
			return false
		case *pgproto3.StartupMessage:
			return x.accept(m)
		}
	}
	return false
}

func (x *session) attach(conn net.Conn) {
	x.conn = conn
	x.in = pgproto3.NewBackend(conn, io.Discard)
	x.in.SetMaxBodyLen(10_000) // until the login is done
	x.out = output{w: conn, pool: &x.server.buffers}
}

// badStartup tells a client that speaks another protocol what this is.
func (x *session) badStartup(err error) {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return
	}
	x.die(fatal("08P01", "this is a PostgreSQL door that speaks protocol 3.0: %s", err))
}

// encrypt answers an SSLRequest and changes to TLS when there is a certificate.
func (x *session) encrypt(ctx context.Context) bool {
	if x.server.TLS == nil || x.tls != nil {
		_, err := x.conn.Write([]byte{'N'})
		return err == nil
	}
	if _, err := x.conn.Write([]byte{'S'}); err != nil {
		return false
	}
	c := tls.Server(x.conn, x.server.TLS)
	if err := c.HandshakeContext(ctx); err != nil {
		x.server.Log.Debug("tls handshake failed", "door", "postgres", "error", err)
		return false
	}
	x.tls = c
	x.attach(c)
	return true
}

// accept looks at the startup parameters and takes a place among the sessions.
func (x *session) accept(m *pgproto3.StartupMessage) bool {
	x.startup = m.Parameters
	x.user = m.Parameters["user"]
	x.negotiate(m)
	switch database := m.Parameters["database"]; {
	case x.server.cfg.RequireTLS && x.tls == nil:
		x.die(fatal("28000", "this server refuses connections without encryption").with("Connect with sslmode=require."))
	case x.user == "":
		x.die(fatal("28000", "no PostgreSQL user name specified in startup packet"))
	case m.Parameters["replication"] != "" && m.Parameters["replication"] != "false":
		x.die(fatal("0A000", "replication connections are not supported"))
	case database != "" && database != x.user && database != x.server.cfg.Database:
		x.die(fatal("3D000", "database %q does not exist", database).
			with("Connect to database " + x.server.cfg.Database + "; its schemas are the catalog's databases."))
	case !x.server.register(x):
		x.die(fatal("53300", "sorry, too many clients already").with("Close idle connections, or raise the limit of connections."))
	default:
		return true
	}
	return false
}

// negotiate names what of a newer protocol is not spoken.
func (x *session) negotiate(m *pgproto3.StartupMessage) {
	var unknown []string
	for name := range m.Parameters {
		if strings.HasPrefix(name, "_pq_.") {
			unknown = append(unknown, name)
		}
	}
	if m.ProtocolVersion == pgproto3.ProtocolVersion30 && len(unknown) == 0 {
		return
	}
	x.out.send(&pgproto3.NegotiateProtocolVersion{NewestMinorProtocol: 0, UnrecognizedOptions: unknown})
}

// login proves who the client is and greets it.
func (x *session) login(ctx context.Context) bool {
	err := x.authenticate(ctx)
	if err == nil {
		err = x.greet()
	}
	if err == nil {
		return true
	}
	var r *refusal
	if errors.As(err, &r) {
		r.fatal = true
		x.die(r)
	}
	return false
}

// greet tells the client the session's settings and that it may speak.
func (x *session) greet() error {
	x.settings = newSettings()
	x.out.send(&pgproto3.AuthenticationOk{})
	warnings, err := x.settings.startup(x.startup)
	if err != nil {
		return err
	}
	for _, p := range x.settings.reported() {
		x.out.send(&pgproto3.ParameterStatus{Name: p[0], Value: p[1]})
	}
	x.out.send(&pgproto3.ParameterStatus{Name: "session_authorization", Value: x.user})
	x.out.send(&pgproto3.BackendKeyData{ProcessID: x.pid, SecretKey: x.key[:]})
	for _, w := range warnings {
		x.out.send(notice("WARNING", "22023", "%s", w))
	}
	x.in.SetMaxBodyLen(x.server.cfg.MessageBytes)
	return nil
}

// die sends a last error.
func (x *session) die(r *refusal) {
	x.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	x.out.send(r.response())
	x.out.flush()
}
