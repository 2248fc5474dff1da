package meta_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
	"github.com/boathouse-data/boathouse/internal/store/meta/metatest"
)

func TestSQLite(t *testing.T) { metatest.Suite(t, metatest.SQLite) }

func TestPostgreSQL(t *testing.T) { metatest.Suite(t, metatest.PostgreSQL(t)) }

// Connections that the database ends, or that end with a cancelled read, are
// made anew.
func TestPostgreSQLReconnects(t *testing.T) {
	db := metatest.PostgreSQL(t)(t)(t)
	defer db.Close()
	ctx := context.Background()
	for i := range 3 {
		if err := put(ctx, db, fmt.Sprint(i), "v", nil); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db); n != i+1 {
			t.Errorf("%d rows, want %d", n, i+1)
		}
		for range 8 {
			short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
			if err := db.View(short, func(tx *meta.Tx) error {
				_, err := tx.Get(nil, "SELECT pg_sleep(10)")
				return err
			}); err == nil {
				t.Error("slept")
			}
			cancel()
		}
		// Ends the connections of this store, its own too.
		_ = db.View(ctx, func(tx *meta.Tx) error {
			return tx.Query(func(func(...any) error) error { return nil },
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = current_setting('application_name') ORDER BY pid = pg_backend_pid()")
		})
	}
}

// What was acknowledged is there after kill -9, however many commits were on
// their way. The child is this test binary.
func TestKill(t *testing.T) {
	if file := os.Getenv("BOATHOUSE_TEST_KILL"); file != "" {
		acknowledge(t, file)
		return
	}
	file := filepath.Join(t.TempDir(), "m.db")
	acked := map[string]bool{}
	for round := range 5 {
		child := exec.Command(os.Args[0], "-test.run=^TestKill$")
		child.Env = append(os.Environ(), "BOATHOUSE_TEST_KILL="+file)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			if key, ok := strings.CutPrefix(lines.Text(), "acked "); ok && len(key) == 24 {
				acked[key] = true
			}
			if n == 300*(round+1) {
				child.Process.Kill() // what is in the pipe is still read
			}
		}
		_ = child.Wait() // says that it was killed
		db := open(t, file)
		have := map[string]bool{}
		if err := db.View(t.Context(), func(tx *meta.Tx) error {
			return tx.Query(func(scan func(...any) error) error {
				var name string
				err := scan(&name)
				have[name] = true
				return err
			}, "SELECT name FROM server")
		}); err != nil {
			t.Fatal(err)
		}
		for key := range acked {
			if !have[key] {
				t.Fatalf("round %d: %s was acknowledged and is gone", round, key)
			}
		}
		t.Logf("round %d: %d acknowledged, %d there", round, len(acked), len(have))
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// acknowledge writes from 16 goroutines until it is killed and prints each key
// after its commit.
func acknowledge(t *testing.T, file string) {
	db := open(t, file)
	for range 16 {
		go func() {
			for {
				key := id.Hex(12)
				if err := put(context.Background(), db, key, "v", nil); err != nil {
					fmt.Println("error", err)
					return
				}
				os.Stdout.WriteString("acked " + key + "\n")
			}
		}()
	}
	select {}
}
