// Package run starts long-running parts together and stops them together.
//
// A part runs until its context is done. The first part that fails, or the
// caller's context, stops all of them; Run returns when every part is back or
// when the grace period is over, whichever is first, and then names the parts
// that did not stop.
package run

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Part is one loop: a listener, a scheduler, a writer. Run must return soon
// after ctx is done, with nil if that was the only reason.
type Part struct {
	Name string
	Run  func(ctx context.Context) error
}

// Group is the parts of one process, stopped in no particular order.
type Group struct {
	Log   *slog.Logger
	Grace time.Duration // how long a stop may take; the contract is 10 s
	Parts []Part
}

// Run runs all parts until ctx is done or one of them fails.
func (g *Group) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type end struct {
		name string
		err  error
	}
	ends := make(chan end, len(g.Parts))
	left := map[string]bool{}
	for _, p := range g.Parts {
		left[p.Name] = true
		go func() {
			err := p.Run(ctx)
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				err = nil
			}
			ends <- end{p.Name, err}
		}()
	}
	var failed error
	var deadline <-chan time.Time
	done := ctx.Done()
	for len(left) > 0 {
		select {
		case <-done:
			done, deadline = nil, time.After(g.Grace)
		case e := <-ends:
			delete(left, e.name)
			if e.err != nil {
				g.Log.Error("part failed", "part", e.name, "error", e.err)
				if failed == nil {
					failed = fmt.Errorf("%s: %w", e.name, e.err)
				}
			}
			cancel()
		case <-deadline:
			names := make([]string, 0, len(left))
			for n := range left {
				names = append(names, n)
			}
			return errors.Join(failed, fmt.Errorf("still running %s after the stop: %s", g.Grace, strings.Join(names, ", ")))
		}
	}
	return failed
}
