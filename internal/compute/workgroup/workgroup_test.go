package workgroup

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// keep opens work groups over a metadata store alone: enough for what does
// not run a query.
func keep(t *testing.T, file string, now func() time.Time) *Service {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db, err := meta.Open(t.Context(), meta.Default(), file, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := Open(t.Context(), Default(), Parts{Meta: db, Log: log, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fresh(t *testing.T) *Service { return keep(t, filepath.Join(t.TempDir(), "m.db"), nil) }

func is(t *testing.T, what string, err error, want *fault.Reason) {
	t.Helper()
	if want == nil && err == nil || want != nil && errors.Is(err, want) {
		return
	}
	t.Errorf("%s: %v, want %v", what, err, want)
}

func TestGroups(t *testing.T) {
	s, ctx := fresh(t), t.Context()
	g, err := s.GetGroup(ctx, Primary)
	if err != nil || !g.Enabled {
		t.Fatalf("primary: %+v, %v", g, err)
	}
	is(t, "create", s.CreateGroup(ctx, Group{Name: "team", Description: "d", Settings: Settings{Output: "s3://b/p/", Enforce: true, BytesScannedMax: 10_000_000}, Tags: map[string]string{"a": "1"}}), nil)
	is(t, "again", s.CreateGroup(ctx, Group{Name: "team"}), GroupExists)
	is(t, "name", s.CreateGroup(ctx, Group{Name: "no spaces"}), BadGroup)
	is(t, "cutoff", s.CreateGroup(ctx, Group{Name: "x", Settings: Settings{BytesScannedMax: 1}}), BadGroup)
	is(t, "output", s.CreateGroup(ctx, Group{Name: "x", Settings: Settings{Output: "file:///etc"}}), BadOutput)
	is(t, "tags", s.CreateGroup(ctx, Group{Name: "x", Tags: map[string]string{"aws:x": "1"}}), BadTags)
	is(t, "retag", s.SetTags(ctx, "team", map[string]string{"b": "2"}, []string{"a"}), nil)
	is(t, "update", s.UpdateGroup(ctx, "team", func(g *Group) error { g.Enabled = false; return nil }), nil)
	if g, _ := s.GetGroup(ctx, "team"); g.Enabled || g.Tags["b"] != "2" || g.Tags["a"] != "" || !g.Settings.Enforce || g.Settings.Output != "s3://b/p/" {
		t.Errorf("team: %+v", g)
	}
	is(t, "disable primary", s.UpdateGroup(ctx, Primary, func(g *Group) error { g.Enabled = false; return nil }), GroupPrimary)
	one, next, err := s.ListGroups(ctx, "", 1)
	if err != nil || len(one) != 1 || one[0].Name != Primary || next == "" {
		t.Errorf("first page: %v %q %v", one, next, err)
	}
	if two, next, err := s.ListGroups(ctx, next, 1); err != nil || len(two) != 1 || two[0].Name != "team" || next != "" {
		t.Errorf("second page: %v %q %v", two, next, err)
	}
	is(t, "delete primary", s.DeleteGroup(ctx, Primary, true), GroupPrimary)
	if _, err := s.CreateNamed(ctx, Named{WorkGroup: "team", Name: "q", Database: "d", Statement: "SELECT 1"}); err != nil {
		t.Fatal(err)
	}
	is(t, "delete full", s.DeleteGroup(ctx, "team", false), GroupNotEmpty)
	is(t, "delete all", s.DeleteGroup(ctx, "team", true), nil)
	_, err = s.GetGroup(ctx, "team")
	is(t, "deleted", err, GroupNotFound)
}

func TestNamedQueries(t *testing.T) {
	s, ctx := fresh(t), t.Context()
	q := Named{WorkGroup: Primary, Name: "q", Database: "d", Statement: "SELECT 1", Token: strings.Repeat("t", 32)}
	id, err := s.CreateNamed(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.CreateNamed(ctx, q); err != nil || again != id {
		t.Errorf("same token: %s, %v, want %s", again, err, id)
	}
	other := q
	other.Statement = "SELECT 2"
	_, err = s.CreateNamed(ctx, other)
	is(t, "same token, other query", err, TokenReused)
	is(t, "update", s.UpdateNamed(ctx, id, "r", "about", "SELECT 3"), nil)
	if n, err := s.GetNamed(ctx, id); err != nil || n.Name != "r" || n.Statement != "SELECT 3" || n.Description != "about" {
		t.Errorf("%+v, %v", n, err)
	}
	if l, _, err := s.ListNamed(ctx, Primary, "", 10); err != nil || len(l) != 1 || l[0].ID != id {
		t.Errorf("%v, %v", l, err)
	}
	is(t, "delete", s.DeleteNamed(ctx, id), nil)
	is(t, "delete again", s.DeleteNamed(ctx, id), NamedNotFound)
	_, _, err = s.ListNamed(ctx, "nobody", "", 10)
	is(t, "list of no group", err, GroupNotFound)
}

func TestPreparedStatements(t *testing.T) {
	s, ctx := fresh(t), t.Context()
	p := Prepared{WorkGroup: Primary, Name: "p", Statement: "SELECT ?"}
	is(t, "create", s.CreatePrepared(ctx, p), nil)
	is(t, "again", s.CreatePrepared(ctx, p), StatementExists)
	p.Statement = "SELECT ?, ?"
	is(t, "update", s.UpdatePrepared(ctx, p), nil)
	if got, err := s.GetPrepared(ctx, Primary, "p"); err != nil || got.Statement != p.Statement || got.Modified.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	is(t, "bad name", s.CreatePrepared(ctx, Prepared{WorkGroup: Primary, Name: "1 p", Statement: "SELECT 1"}), BadPrepared)
	is(t, "no group", s.CreatePrepared(ctx, Prepared{WorkGroup: "nobody", Name: "p", Statement: "SELECT 1"}), GroupNotFound)
	is(t, "delete", s.DeletePrepared(ctx, Primary, "p"), nil)
	is(t, "delete again", s.DeletePrepared(ctx, Primary, "p"), StatementNotFound)
	_, err := s.GetPrepared(ctx, Primary, "p")
	is(t, "get", err, StatementNotFound)
}

// put writes an execution down as Start does, without its checks.
func put(t *testing.T, s *Service, id, token string) {
	t.Helper()
	e := Execution{ID: id, WorkGroup: Primary, State: Queued, Submitted: s.now(), Request: Request{SQL: "SELECT 1", Location: "s3://b/" + id + ".csv", Class: selectClass}}
	if err := s.enqueue(t.Context(), &e, token); err != nil {
		t.Fatal(err)
	}
}

func TestRestartEndsWhatWasRunning(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.db")
	at := time.Now()
	now := func() time.Time { at = at.Add(time.Second); return at }
	s := keep(t, file, now)
	put(t, s, "first", strings.Repeat("1", 32))
	put(t, s, "second", strings.Repeat("2", 32))
	if e, found, err := s.claim(t.Context(), &job{}); err != nil || !found || e.ID != "first" {
		t.Fatalf("claimed %s, %v, %v", e.ID, found, err)
	}
	s = keep(t, file, now) // the first process was killed here
	e, err := s.GetExecution(t.Context(), "first")
	if err != nil || e.State != Failed || e.Failure == nil || e.Failure.Name != Lost.Name || !strings.Contains(e.Reason, "server stopped") || e.Completed.IsZero() {
		t.Errorf("first: %+v, %v", e, err)
	}
	if e, _ := s.GetExecution(t.Context(), "second"); e.State != Queued {
		t.Errorf("second is %s", e.State)
	}
	ids, next, err := s.ListExecutions(t.Context(), Primary, "", 1)
	if err != nil || len(ids) != 1 || ids[0] != "second" || next == "" {
		t.Errorf("newest: %v %q %v", ids, next, err)
	}
	if ids, next, err = s.ListExecutions(t.Context(), Primary, next, 1); err != nil || len(ids) != 1 || ids[0] != "first" || next != "" {
		t.Errorf("next: %v %q %v", ids, next, err)
	}
}

func TestStopOfWhatWaits(t *testing.T) {
	s := fresh(t)
	put(t, s, "a", strings.Repeat("a", 32))
	is(t, "stop", s.Stop(t.Context(), "a"), nil)
	is(t, "stop again", s.Stop(t.Context(), "a"), nil)
	is(t, "stop nothing", s.Stop(t.Context(), "b"), ExecutionNotFound)
	if e, _ := s.GetExecution(t.Context(), "a"); e.State != Cancelled || e.Reason != "Query cancelled by user" {
		t.Errorf("%s %q", e.State, e.Reason)
	}
	if did, err := s.Step(t.Context()); did || err != nil {
		t.Errorf("a stopped query was run: %v, %v", did, err)
	}
	_, err := s.Results(t.Context(), "a", "", 10)
	is(t, "results", err, Gone)
}

func TestQueueIsBounded(t *testing.T) {
	s := fresh(t)
	s.cfg.QueueMax = 1
	put(t, s, "a", strings.Repeat("a", 32))
	e := Execution{ID: "b", WorkGroup: Primary, State: Queued, Submitted: s.now()}
	is(t, "second", s.enqueue(t.Context(), &e, strings.Repeat("b", 32)), QueueFull)
	e = Execution{ID: "c", Request: Request{SQL: "SELECT 1"}}
	is(t, "same token", s.enqueue(t.Context(), &e, strings.Repeat("a", 32)), nil)
	if e.ID != "a" {
		t.Errorf("the same token is %s", e.ID)
	}
	e = Execution{ID: "c", Request: Request{SQL: "SELECT 2"}}
	is(t, "same token, other query", s.enqueue(t.Context(), &e, strings.Repeat("a", 32)), TokenReused)
}

func TestHistoryEnds(t *testing.T) {
	at := time.Now()
	s := keep(t, filepath.Join(t.TempDir(), "m.db"), func() time.Time { return at })
	put(t, s, "old", strings.Repeat("a", 32))
	put(t, s, "waiting", strings.Repeat("b", 32))
	is(t, "stop", s.Stop(t.Context(), "old"), nil)
	at = at.Add(s.cfg.Retention - time.Second)
	is(t, "sweep", s.Sweep(t.Context()), nil)
	if _, err := s.GetExecution(t.Context(), "old"); err != nil {
		t.Errorf("swept early: %v", err)
	}
	at = at.Add(2 * time.Second)
	is(t, "sweep", s.Sweep(t.Context()), nil)
	_, err := s.GetExecution(t.Context(), "old")
	is(t, "old", err, ExecutionNotFound)
	if _, err := s.GetExecution(t.Context(), "waiting"); err != nil {
		t.Errorf("what waits was swept: %v", err)
	}
}

func TestStartRefusesAtOnce(t *testing.T) {
	s, ctx := fresh(t), context.Background()
	token := strings.Repeat("t", 32)
	is(t, "disabled group", s.CreateGroup(ctx, Group{Name: "off"}), nil)
	is(t, "disable", s.UpdateGroup(ctx, "off", func(g *Group) error { g.Enabled = false; return nil }), nil)
	for _, tt := range []struct {
		name string
		in   StartInput
		want *fault.Reason
	}{
		{"short token", StartInput{SQL: "SELECT 1", Token: "t"}, BadToken},
		{"long token", StartInput{SQL: "SELECT 1", Token: strings.Repeat("t", 129)}, BadToken},
		{"no query", StartInput{SQL: " ", Token: token}, BadStatement},
		{"long query", StartInput{SQL: strings.Repeat("x", StatementMax+1), Token: token}, BadStatement},
		{"no group", StartInput{SQL: "SELECT 1", Token: token, WorkGroup: "nobody"}, GroupNotFound},
		{"disabled", StartInput{SQL: "SELECT 1", Token: token, WorkGroup: "off"}, GroupDisabled},
		{"no output", StartInput{SQL: "SELECT 1", Token: token}, NoOutput},
		{"bad output", StartInput{SQL: "SELECT 1", Token: token, Output: "s3:///x"}, BadOutput},
	} {
		_, err := s.Start(ctx, tt.in)
		is(t, tt.name, err, tt.want)
	}
}
