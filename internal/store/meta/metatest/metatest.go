// Package metatest is the conformance suite of the metadata store: what every
// database behind it must do alike. The domains' SQL relies on nothing else.
package metatest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Opener opens one store; each call gives another handle on the same data. The
// caller closes them.
type Opener func(t testing.TB) *meta.DB

// Suite runs all cases; fresh makes an empty store for each.
func Suite(t *testing.T, fresh func(t testing.TB) Opener) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Opener)
	}{
		{"Atomic", atomic}, {"Isolated", isolated}, {"GroupCommit", groupCommit}, {"NoLostUpdate", noLostUpdate},
		{"TwoNodes", twoNodes}, {"ByteOrder", byteOrder}, {"Values", values}, {"Upsert", upsert},
		{"Many", many}, {"Cancelled", cancelled}, {"Reopen", reopen},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, fresh(t)) })
	}
}

func start(t *testing.T, open Opener) *meta.DB {
	db := open(t)
	t.Cleanup(func() { db.Close() })
	return db
}

func put(ctx context.Context, db *meta.DB, k, v string) error {
	return db.Update(ctx, func(tx *meta.Tx) error {
		_, err := tx.Exec("INSERT INTO server (name, value) VALUES (?, ?)", k, v)
		return err
	})
}

func count(t testing.TB, db *meta.DB) (n int) {
	t.Helper()
	check(t, db.View(context.Background(), func(tx *meta.Tx) error {
		_, err := tx.Get([]any{&n}, "SELECT count(*) FROM server")
		return err
	}))
	return n
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// An update that fails, or panics, leaves nothing of what it did.
func atomic(t *testing.T, open Opener) {
	db, ctx, boom := start(t, open), context.Background(), errors.New("boom")
	err := db.Update(ctx, func(tx *meta.Tx) error {
		for i := range 10 {
			if _, err := tx.Exec("INSERT INTO server (name, value) VALUES (?, 'x')", fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return boom
	})
	if !errors.Is(err, boom) || count(t, db) != 0 {
		t.Errorf("%v, %d rows", err, count(t, db))
	}
	err = db.Update(ctx, func(tx *meta.Tx) error {
		if _, err := tx.Exec("INSERT INTO server (name, value) VALUES ('p', 'x')"); err != nil {
			return err
		}
		panic("oh")
	})
	if err == nil || count(t, db) != 0 {
		t.Errorf("%v, %d rows after a panic", err, count(t, db))
	}
	check(t, put(ctx, db, "a", "1"))
	if err := put(ctx, db, "a", "2"); err == nil {
		t.Error("a key is there twice")
	}
	check(t, put(ctx, db, "b", "1")) // a failed statement does not spoil the next
}

// A view sees one state from its first read on, whatever is committed meanwhile.
func isolated(t *testing.T, open Opener) {
	db, ctx := start(t, open), context.Background()
	check(t, put(ctx, db, "a", "1"))
	check(t, db.View(ctx, func(tx *meta.Tx) error {
		read := func() (n int) {
			_, err := tx.Get([]any{&n}, "SELECT count(*) FROM server")
			check(t, err)
			return n
		}
		before := read()
		check(t, put(ctx, db, "b", "1"))
		if after := read(); before != 1 || after != 1 {
			t.Errorf("saw %d, then %d rows", before, after)
		}
		return nil
	}))
	if n := count(t, db); n != 2 {
		t.Errorf("a new view sees %d rows", n)
	}
}

// Updates that are committed together stand or fall alone.
func groupCommit(t *testing.T, open Opener) {
	db, ctx, boom := start(t, open), context.Background(), errors.New("boom")
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			err := db.Update(ctx, func(tx *meta.Tx) error {
				if _, err := tx.Exec("INSERT INTO server (name, value) VALUES (?, 'x')", fmt.Sprint(i)); err != nil {
					return err
				}
				if i%2 == 0 {
					return boom
				}
				return nil
			})
			if (i%2 == 0) != errors.Is(err, boom) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if n := count(t, db); n != 100 {
		t.Errorf("%d rows, want 100", n)
	}
}

// bump adds one to a counter by reading and writing it.
func bump(ctx context.Context, db *meta.DB) error {
	return db.Update(ctx, func(tx *meta.Tx) error {
		n := 0
		if _, err := tx.Get([]any{&n}, "SELECT active FROM identity_key WHERE access_key = 'n'"); err != nil {
			return err
		}
		_, err := tx.Exec("UPDATE identity_key SET active = ? WHERE access_key = 'n'", n+1)
		return err
	})
}

const insertKey = "INSERT INTO identity_key (access_key, owner, secret, active, created, used, used_service, used_region) VALUES (?, '', ?, ?, 0, 0, '', '')"

func counter(t *testing.T, nodes ...*meta.DB) {
	ctx := context.Background()
	check(t, nodes[0].Update(ctx, func(tx *meta.Tx) error {
		_, err := tx.Exec(insertKey, "n", []byte{}, 0)
		return err
	}))
	const each = 100
	var wg sync.WaitGroup
	for _, db := range nodes {
		for range each {
			wg.Go(func() {
				if err := bump(ctx, db); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	n := 0
	check(t, nodes[0].View(ctx, func(tx *meta.Tx) error {
		_, err := tx.Get([]any{&n}, "SELECT active FROM identity_key WHERE access_key = 'n'")
		return err
	}))
	if n != each*len(nodes) {
		t.Errorf("counted to %d, want %d", n, each*len(nodes))
	}
}

func noLostUpdate(t *testing.T, open Opener) { counter(t, start(t, open)) }

// Two handles on one store lose nothing to each other either.
func twoNodes(t *testing.T, open Opener) { counter(t, start(t, open), start(t, open)) }

// Text is compared by its bytes, in ORDER BY and in ranges.
func byteOrder(t *testing.T, open Opener) {
	db, ctx := start(t, open), context.Background()
	names := []string{"a", "B", "b", "A", "a/b", "a.b", "a b", "ä", "z", "Z", "é", "e", "日本", "~", "!", "a\u00ff", "a0", "a00", "_", "%"}
	for _, n := range names {
		check(t, put(ctx, db, n, "x"))
	}
	var got []string
	check(t, db.View(ctx, func(tx *meta.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var n string
			err := scan(&n)
			got = append(got, n)
			return err
		}, "SELECT name FROM server WHERE name > ? ORDER BY name", "B")
	}))
	slices.Sort(names)
	at := slices.Index(names, "B")
	if !slices.Equal(got, names[at+1:]) {
		t.Errorf("got %q, want %q", got, names[at+1:])
	}
}

// Bytes and numbers come back as they went.
func values(t *testing.T, open Opener) {
	db, ctx := start(t, open), context.Background()
	blobs := [][]byte{{}, {0}, {0, 255, 10, 13, 39, 92}, bytes.Repeat([]byte{7, 0}, 1<<20)}
	numbers := []int64{0, -1, math.MaxInt64, math.MinInt64}
	for i := range blobs {
		check(t, db.Update(ctx, func(tx *meta.Tx) error {
			_, err := tx.Exec(insertKey, fmt.Sprint(i), blobs[i], numbers[i])
			return err
		}))
		check(t, db.View(ctx, func(tx *meta.Tx) error {
			var b []byte
			var n int64
			found, err := tx.Get([]any{&b, &n}, "SELECT secret, active FROM identity_key WHERE access_key = ?", fmt.Sprint(i))
			if !found || !bytes.Equal(b, blobs[i]) || n != numbers[i] {
				t.Errorf("%d: found %v, %d bytes, number %d", i, found, len(b), n)
			}
			return err
		}))
	}
	check(t, db.View(ctx, func(tx *meta.Tx) error {
		n := 42
		found, err := tx.Get([]any{&n}, "SELECT active FROM identity_key WHERE access_key = 'none'")
		if found || n != 42 {
			t.Errorf("found %v, %d", found, n)
		}
		return err
	}))
}

func upsert(t *testing.T, open Opener) {
	db, ctx := start(t, open), context.Background()
	for _, step := range []struct {
		query string
		args  []any
		want  int64
	}{
		{"INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", []any{"a", "1"}, 1},
		{"INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", []any{"a", "2"}, 1},
		{"INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", []any{"a", "3"}, 0},
		{"UPDATE server SET value = ? WHERE name = ?", []any{"4", "b"}, 0},
		{"DELETE FROM server WHERE name = ? AND value = ?", []any{"a", "2"}, 1},
	} {
		check(t, db.Update(ctx, func(tx *meta.Tx) error {
			n, err := tx.Exec(step.query, step.args...)
			if n != step.want {
				t.Errorf("%s %v changed %d rows, want %d", step.query, step.args, n, step.want)
			}
			return err
		}))
	}
}

func many(t *testing.T, open Opener) {
	db, ctx := start(t, open), context.Background()
	const rows = 20_000
	check(t, db.Update(ctx, func(tx *meta.Tx) error {
		for i := range rows {
			if _, err := tx.Exec("INSERT INTO server (name, value) VALUES (?, ?)", fmt.Sprintf("%08d", i), strings.Repeat("v", 50)); err != nil {
				return err
			}
		}
		return nil
	}))
	n := 0
	check(t, db.View(ctx, func(tx *meta.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var name, value string
			n++
			return scan(&name, &value)
		}, "SELECT name, value FROM server ORDER BY name")
	}))
	if n != rows {
		t.Errorf("read %d rows", n)
	}
}

// An update whose caller is gone does nothing, and hurts nobody.
func cancelled(t *testing.T, open Opener) {
	db := start(t, open)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := put(ctx, db, "a", "1"); !errors.Is(err, context.Canceled) {
		t.Errorf("update: %v", err)
	}
	if err := db.View(ctx, func(*meta.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view: %v", err)
	}
	check(t, put(context.Background(), db, "b", "1"))
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func reopen(t *testing.T, open Opener) {
	ctx := context.Background()
	for i := range 3 {
		db := open(t)
		if n := count(t, db); n != i {
			t.Errorf("%d rows at opening %d", n, i)
		}
		check(t, put(ctx, db, fmt.Sprint(i), "x"))
		check(t, db.Close())
		if err := put(ctx, db, "late", "x"); !errors.Is(err, meta.Closed) {
			t.Errorf("after Close: %v", err)
		}
	}
}
