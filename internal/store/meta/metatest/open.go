package metatest

import (
	"context"
	"database/sql"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Variable names the PostgreSQL database that tests may write to.
const Variable = "BOATHOUSE_TEST_POSTGRES_URL"

// Open opens an empty store for a domain's tests and closes it at the end: on
// PostgreSQL if the variable names one, otherwise on SQLite.
func Open(t testing.TB) *meta.DB {
	t.Helper()
	fresh := SQLite
	if os.Getenv(Variable) != "" {
		fresh = PostgreSQL(t)
	}
	db := fresh(t)(t)
	t.Cleanup(func() { db.Close() })
	return db
}

// SQLite gives each store a file of its own.
func SQLite(t testing.TB) Opener {
	file := filepath.Join(t.TempDir(), "meta.db")
	return func(t testing.TB) *meta.DB { return open(t, meta.Default(), file) }
}

// PostgreSQL gives each store a schema of its own in the database that the
// variable names; without one the test is skipped.
func PostgreSQL(t testing.TB) func(testing.TB) Opener {
	address := os.Getenv(Variable)
	if address == "" {
		t.Skip("set " + Variable + " to a postgres:// address that may be written to")
	}
	return func(t testing.TB) Opener {
		schema := "test_" + id.Hex(6)
		pool, err := sql.Open("pgx", address)
		if err == nil {
			_, err = pool.Exec("CREATE SCHEMA " + schema)
		}
		if err != nil {
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
		q.Set("application_name", schema)
		u.RawQuery = q.Encode()
		cfg := meta.Default()
		cfg.URL = u.String()
		return func(t testing.TB) *meta.DB { return open(t, cfg, "") }
	}
}

func open(t testing.TB, cfg meta.Config, file string) *meta.DB {
	t.Helper()
	db, err := meta.Open(context.Background(), cfg, file, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return db
}
