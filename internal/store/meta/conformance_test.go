package meta_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
	"github.com/boathouse-data/boathouse/internal/store/meta/metatest"
)

func TestSQLite(t *testing.T) {
	metatest.Suite(t, func(t testing.TB) metatest.Opener {
		file := filepath.Join(t.TempDir(), "m.db")
		return func(t testing.TB) *meta.DB { return open(t, file) }
	})
}

// Each case has a schema of its own in the database that the variable names.
func TestPostgreSQL(t *testing.T) {
	address := os.Getenv("BOATHOUSE_TEST_POSTGRES_URL")
	if address == "" {
		t.Skip("set BOATHOUSE_TEST_POSTGRES_URL to a postgres:// address that may be written to")
	}
	metatest.Suite(t, func(t testing.TB) metatest.Opener {
		pool, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		schema := "test_" + id.Hex(6)
		if _, err := pool.Exec("CREATE SCHEMA " + schema); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := pool.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
				t.Error(err)
			}
			pool.Close()
		})
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("search_path", schema)
		u.RawQuery = q.Encode()
		return func(t testing.TB) *meta.DB {
			cfg := meta.Default()
			cfg.URL = u.String()
			db, err := meta.Open(context.Background(), cfg, "", slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			return db
		}
	})
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
