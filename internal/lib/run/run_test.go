package run_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/run"
)

func wait(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

func TestOneFailureStopsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		boom := errors.New("boom")
		g := run.Group{Log: slog.New(slog.DiscardHandler), Grace: time.Second, Parts: []run.Part{
			{"waits", wait},
			{"fails", func(context.Context) error { time.Sleep(time.Minute); return boom }},
		}}
		if err := g.Run(context.Background()); !errors.Is(err, boom) {
			t.Errorf("got %v", err)
		}
	})
}

func TestStopIsClean(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		g := run.Group{Log: slog.New(slog.DiscardHandler), Grace: time.Second, Parts: []run.Part{{"a", wait}, {"b", wait}}}
		err := g.Run(ctx)
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestStubbornPartIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		free := make(chan struct{})
		defer close(free)
		g := run.Group{Log: slog.New(slog.DiscardHandler), Grace: time.Second, Parts: []run.Part{
			{"stuck", func(context.Context) error { <-free; return nil }},
		}}
		if err := g.Run(ctx); err == nil || !strings.Contains(err.Error(), "stuck") {
			t.Errorf("got %v", err)
		}
	})
}
