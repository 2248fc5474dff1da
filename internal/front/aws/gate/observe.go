package gate

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/id"
)

// call is what is written down of one request. It is used by the request's
// own goroutine.
type call struct {
	id        string
	operation string
	caller    *identity.Principal
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

func (c *call) name() string {
	if c == nil || c.operation == "" {
		return "unknown"
	}
	return c.operation
}

// RequestID is the id of the request that ctx belongs to, as in its
// x-amzn-RequestId; "" outside of Observe.
func RequestID(ctx context.Context) string {
	if c := callOf(ctx); c != nil {
		return c.id
	}
	return ""
}

// Name notes which operation a request is, for logs and metrics. Only names
// from a door's table may be given: a stranger's words would grow the metrics.
func Name(ctx context.Context, operation string) {
	if c := callOf(ctx); c != nil {
		c.operation = operation
	}
}

// Observe gives each request of a service an id, counts and times it, logs it,
// and answers for a handler that panics: failed writes the protocol's internal
// error if nothing has been written yet.
func (g *Gate) Observe(service string, failed http.HandlerFunc, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		c := &call{id: id.UUID()}
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
		w.Header().Set("X-Amzn-Requestid", c.id)
		out := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p) // the handler's way to cut the connection
				}
				g.cfg.Log.Error("panic", "service", service, "operation", c.name(), "request", c.id,
					"panic", p, "stack", string(debug.Stack()))
				if out.status != 0 {
					panic(http.ErrAbortHandler) // half an answer must not look whole
				}
				failed(out, r)
			}
			g.note(service, c, out, r, time.Since(start))
		}()
		h.ServeHTTP(out, r)
	})
}

func (g *Gate) note(service string, c *call, out *recorder, r *http.Request, took time.Duration) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	g.requests.WithLabelValues(service, c.name(), strconv.Itoa(status)).Inc()
	g.seconds.WithLabelValues(service, c.name()).Observe(took.Seconds())
	if !g.cfg.Log.Enabled(r.Context(), levelOf(status)) {
		return
	}
	who := ""
	if c.caller != nil {
		who = c.caller.ARN()
	}
	g.cfg.Log.Log(r.Context(), levelOf(status), "request", "service", service, "operation", c.name(), "status", status,
		"took", took, "caller", who, "request", c.id, "method", r.Method, "path", r.URL.Path, "remote", r.RemoteAddr)
}

// recorder remembers the status that was answered.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// ReadFrom keeps the connection's own way of sending files (sendfile).
func (w *recorder) ReadFrom(r io.Reader) (int64, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return io.Copy(w.ResponseWriter, r)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func levelOf(status int) slog.Level {
	if status >= 500 {
		return slog.LevelError
	}
	return slog.LevelInfo
}
