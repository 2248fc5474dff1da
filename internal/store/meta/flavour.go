package meta

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"strconv"
	"strings"
	"testing/fstest"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver "pgx"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// flavour is all that differs between the two databases.
type flavour struct {
	name        string
	goose       goose.Dialect
	beginView   string
	beginUpdate string
	numbered    bool              // placeholders are $1, $2 ... instead of ?
	types       *strings.Replacer // from the migrations' words to this database's
}

var sqlite = flavour{
	name: "sqlite", goose: goose.DialectSQLite3,
	beginView: "BEGIN", beginUpdate: "BEGIN IMMEDIATE",
	types: strings.NewReplacer(),
}

var postgres = flavour{
	name: "postgres", goose: goose.DialectPostgres,
	beginView:   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	beginUpdate: "BEGIN ISOLATION LEVEL SERIALIZABLE",
	numbered:    true,
	types: strings.NewReplacer(" INTEGER PRIMARY KEY AUTOINCREMENT", " BIGSERIAL PRIMARY KEY", // before INTEGER
		" TEXT", ` TEXT COLLATE "C"`, " BLOB", " BYTEA", " INTEGER", " BIGINT",
		" REAL", " DOUBLE PRECISION", " WITHOUT ROWID", ""),
}

func connect(cfg Config, file string) (flavour, *sql.DB, error) {
	if cfg.URL != "" {
		pool, err := sql.Open("pgx", cfg.URL)
		return postgres, pool, err
	}
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(FULL)", "busy_timeout(10000)",
		"foreign_keys(1)", "cache_size(-16000)", "wal_autocheckpoint(2000)"}}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+q.Encode())
	return sqlite, pool, err
}

// bind writes a query's ? placeholders as this database wants them. The SQL of
// this program has no ? in literals.
func (f flavour) bind(query string) string {
	if !f.numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for _, part := range strings.SplitAfter(query, "?") {
		if head, ok := strings.CutSuffix(part, "?"); ok {
			n++
			b.WriteString(head)
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteString(part)
	}
	return b.String()
}

//go:embed migration/*.sql
var migrations embed.FS

// migrate brings the schema up to date. Each file is applied once, in order;
// a file that has been released is never changed.
func migrate(ctx context.Context, pool *sql.DB, f flavour) error {
	files, err := translated(f)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(f.goose, pool, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("metadata schema: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("metadata schema version: %w", err)
	}
	sources := p.ListSources()
	if know := sources[len(sources)-1].Version; have > know {
		return Newer.New(have, know)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("metadata schema: %w", err)
	}
	return nil
}

// translated is the migrations in this database's words.
func translated(f flavour) (fs.FS, error) {
	out := fstest.MapFS{}
	err := fs.WalkDir(migrations, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := migrations.ReadFile(p)
		if err != nil {
			return err
		}
		out[strings.TrimPrefix(p, "migration/")] = &fstest.MapFile{Data: []byte(f.types.Replace(string(b)))}
		return nil
	})
	return out, err
}
