// Package workgroup runs queries for groups of people and keeps what belongs to
// them: settings, the queue, the history, saved queries, prepared statements
// and the files that results are written to.
//
// A query is handed in with [Service.Start], which checks what can be checked
// at once, writes the execution down as QUEUED and returns its id. A bounded
// number of workers ([Service.Run]) take executions in the order they came,
// run them through compute/query as the caller who started them, stream the
// rows into an object of the output bucket, and write the end down: SUCCEEDED,
// FAILED or CANCELLED. Pages of a result ([Service.Results]) are read back
// from that object, so that a result costs no memory, and lasts as long as its
// file.
//
// Promises:
//   - an id that was returned is on disk: a kill loses no execution. What was
//     running is FAILED after a restart, with a reason that says so; what was
//     queued runs then;
//   - SUCCEEDED is written after the files it speaks of;
//   - a token given again returns the first execution and runs nothing;
//   - nothing grows without a bound: the queue refuses, history ends after
//     Config.Retention.
package workgroup

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Service is the work groups.
type Service struct {
	cfg      Config
	db       *meta.DB
	query    *query.Service
	objects  *object.Service
	identity *identity.Service
	log      *slog.Logger
	now      func() time.Time
	wake     chan struct{} // somebody queued something
	mu       struct {
		sync.Mutex
		running map[string]*job
	}
}

// Parts are what the work groups stand on.
type Parts struct {
	Meta     *meta.DB
	Query    *query.Service
	Objects  *object.Service
	Identity *identity.Service
	Log      *slog.Logger
	Now      func() time.Time // nil for the clock
}

// Open reads the work groups, makes the primary one if it is not there, and
// ends the executions that the last process left running. It starts nothing:
// call Run.
func Open(ctx context.Context, cfg Config, p Parts) (*Service, error) {
	s := &Service{cfg: cfg, db: p.Meta, query: p.Query, objects: p.Objects, identity: p.Identity, log: p.Log, now: p.Now,
		wake: make(chan struct{}, cfg.Workers)}
	s.mu.running = map[string]*job{}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.makePrimary(ctx); err != nil {
		return nil, fmt.Errorf("workgroup: %w", err)
	}
	if err := s.endLost(ctx); err != nil {
		return nil, fmt.Errorf("workgroup: %w", err)
	}
	return s, nil
}

// allow asks the policies of the caller in ctx about an object: a query writes
// its result, and a page reads it, with the caller's own rights. What the
// server does for itself has no caller and is not asked.
func (s *Service) allow(ctx context.Context, action, bucket, key string) error {
	p := identity.FromContext(ctx)
	if p == nil {
		return nil
	}
	return s.identity.Authorize(ctx, p, identity.Request{Action: action, Resource: "arn:aws:s3:::" + bucket + "/" + key})
}

// encode writes v as JSON for a column; v is one of this package's own structs.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a type of this package that JSON cannot hold: a bug
	}
	return string(b)
}

func decode(text string, v any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("workgroup: stored JSON: %w", err)
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
