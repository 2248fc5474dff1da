package meta_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

func open(t testing.TB, file string) *meta.DB {
	t.Helper()
	db, err := meta.Open(context.Background(), meta.Default(), file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func put(ctx context.Context, db *meta.DB, k, v string, fail error) error {
	return db.Update(ctx, func(tx *meta.Tx) error {
		if _, err := tx.Exec("INSERT INTO server (name, value) VALUES (?, ?)", k, v); err != nil {
			return err
		}
		return fail
	})
}

func count(t testing.TB, db *meta.DB) (n int) {
	t.Helper()
	if err := db.View(context.Background(), func(tx *meta.Tx) error {
		_, err := tx.Get([]any{&n}, "SELECT count(*) FROM server")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// Members of one commit stand or fall alone: an error, a duplicate key and a
// panic take nothing of the others along.
func TestGroupCommitKeepsMembersApart(t *testing.T) {
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "m.db")
	db := open(t, file)
	boom := errors.New("boom")
	var wg sync.WaitGroup
	errs := make([]error, 400)
	for i := range errs {
		wg.Go(func() {
			switch i % 4 {
			case 0:
				errs[i] = put(ctx, db, fmt.Sprint(i), "v", nil)
			case 1:
				errs[i] = put(ctx, db, fmt.Sprint(i), "v", boom)
			case 2:
				errs[i] = put(ctx, db, "same", "v", nil)
			case 3:
				errs[i] = db.Update(ctx, func(*meta.Tx) error { panic("oh") })
			}
		})
	}
	wg.Wait()
	same := 0
	for i, err := range errs {
		switch {
		case i%4 == 0 && err != nil, i%4 == 1 && !errors.Is(err, boom), i%4 == 3 && err == nil:
			t.Errorf("%d: %v", i, err)
		case i%4 == 2 && err == nil:
			same++
		}
	}
	if same != 1 {
		t.Errorf("%d writers of one key succeeded", same)
	}
	if n := count(t, db); n != 101 {
		t.Errorf("%d rows, want 101", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := put(ctx, db, "late", "v", nil); !errors.Is(err, meta.Closed) {
		t.Errorf("after Close: %v", err)
	}
	db = open(t, file)
	defer db.Close()
	if n := count(t, db); n != 101 {
		t.Errorf("%d rows after reopening, want 101", n)
	}
}

func BenchmarkUpdate(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "m.db"))
	defer db.Close()
	for _, par := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("writers=%d", par), func(b *testing.B) {
			var n atomic.Int64
			b.SetParallelism(par)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					err := db.Update(context.Background(), func(tx *meta.Tx) error {
						_, err := tx.Exec("INSERT INTO server (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", fmt.Sprint(i%1000), fmt.Sprint(i))
						return err
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// A full disk is told by name, and nothing but it was lost.
func TestFullDisk(t *testing.T) {
	ctx := context.Background()
	db := open(t, filepath.Join(t.TempDir(), "full.db"))
	defer db.Close()
	pages := func(n int) {
		t.Helper()
		if err := db.Update(ctx, func(tx *meta.Tx) error {
			_, err := tx.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", n))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	fill := func() error {
		return db.Update(ctx, func(tx *meta.Tx) error {
			_, err := tx.Exec("CREATE TABLE filler AS SELECT zeroblob(1000000) AS b")
			return err
		})
	}
	pages(1) // what there is stays
	if err := fill(); !errors.Is(err, meta.Full) {
		t.Error(err)
	}
	pages(1 << 20)
	if err := fill(); err != nil {
		t.Error(err)
	}
}
