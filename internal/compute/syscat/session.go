package syscat

import (
	"context"
	"strings"
	"sync"
)

// Session is what relations and functions say of the session that asks.
type Session struct {
	Database  string // the name that clients connected to
	User      string
	ProcessID int64
	Schemas   []string // search_path without pg_catalog
	Settings  []Setting

	mu   sync.Mutex
	view *view // of this statement, once it is read
}

// Setting is one line of pg_settings.
type Setting struct{ Name, Value, Initial, About string }

// Get returns a setting's value by its name in any case.
func (s *Session) Get(name string) (string, bool) {
	for _, e := range s.Settings {
		if strings.EqualFold(e.Name, name) {
			return e.Value, true
		}
	}
	return "", false
}

type contextKey struct{}

// NewContext returns a context that carries the session.
func NewContext(ctx context.Context, s *Session) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

// FromContext returns the session; one without a name when there is none.
func FromContext(ctx context.Context) *Session {
	if s, ok := ctx.Value(contextKey{}).(*Session); ok {
		return s
	}
	return &Session{Database: "boathouse", Schemas: []string{"public"}}
}
