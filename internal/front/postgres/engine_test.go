package postgres

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgx/v5"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// bare is the SQL engine without planner and catalog: enough to test the
// protocol on every type, and to measure the door alone.
type bare struct{ engine *duck.Engine }

func openBare(t testing.TB, setup ...string) *bare {
	t.Helper()
	cfg := duck.Default()
	cfg.Setup = setup
	e, err := duck.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return &bare{e}
}

type barePrepared struct {
	conn    *duck.Conn
	stmt    *duck.Stmt
	columns []query.Column
	kind    query.Kind
}

func bareError(err error) error {
	var e *duck.Error
	if !errors.As(err, &e) {
		return err
	}
	code := map[duck.Class]string{
		duck.Parser: "42601", duck.Binder: "42703", duck.Catalog: "42P01", duck.Conversion: "22P02",
	}[e.Class]
	if code == "" {
		code = "XX000"
	}
	return refuse(code, "%s", e.Message)
}

func columnOf(c duck.Column) query.Column {
	name := strings.ToLower(c.Type.SQL())
	if inner, ok := strings.CutSuffix(name, "[]"); ok {
		name = "array(" + inner + ")"
	}
	return query.Column{Name: c.Name, Type: name, Arrow: c.Type.Arrow(), Nullable: true}
}

func (b *bare) Prepare(ctx context.Context, st query.Statement) (query.Prepared, error) {
	conn, err := b.engine.Acquire(ctx, "")
	if err != nil {
		return nil, err
	}
	stmt, err := conn.Prepare(ctx, st.SQL)
	if err != nil {
		conn.Release()
		return nil, bareError(err)
	}
	p := &barePrepared{conn: conn, stmt: stmt, kind: query.KindSelect}
	switch word := strings.ToUpper(strings.Fields(st.SQL)[0]); word {
	case "CREATE", "DROP":
		p.kind = query.KindDDL
		return p, nil
	case "INSERT":
		p.kind = query.KindInsert
		return p, nil
	}
	for _, c := range stmt.Columns() {
		p.columns = append(p.columns, columnOf(c))
	}
	return p, nil
}

func (p *barePrepared) Kind() query.Kind        { return p.kind }
func (p *barePrepared) Tag() string             { return string(p.kind) }
func (p *barePrepared) Columns() []query.Column { return p.columns }
func (p *barePrepared) Parameters() (out []query.Column) {
	for _, t := range p.stmt.Params() {
		c := query.Column{}
		if t.Kind != "" && t.Kind != "NULL" && t.Kind != "ANY" && t.Kind != "INVALID" && t.Kind != "UNKNOWN" {
			c = columnOf(duck.Column{Type: t})
		}
		out = append(out, c)
	}
	return out
}
func (p *barePrepared) Close() error { p.stmt.Close(); p.conn.Release(); return nil }

func (p *barePrepared) Execute(ctx context.Context, args []any) (query.Rows, error) {
	r, err := p.stmt.Query(ctx, args, nil)
	if err != nil {
		return nil, bareError(err)
	}
	return &bareRows{p, r}, nil
}

type bareRows struct {
	p *barePrepared
	r *duck.Result
}

func (r *bareRows) Kind() query.Kind        { return r.p.kind }
func (r *bareRows) Tag() string             { return r.p.Tag() }
func (r *bareRows) Columns() []query.Column { return r.p.columns }
func (r *bareRows) Stats() query.Stats      { return query.Stats{} }
func (r *bareRows) Target() *query.Target   { return nil }
func (r *bareRows) Close() error            { r.r.Close(); return nil }
func (r *bareRows) Next(ctx context.Context) (arrow.RecordBatch, error) {
	b, err := r.r.Next(ctx)
	if err != nil && err != io.EOF {
		err = bareError(err)
	}
	return b, err
}

func openCatalog(t testing.TB) (*meta.DB, *catalog.Service) {
	t.Helper()
	db, err := meta.Open(context.Background(), meta.Default(), filepath.Join(t.TempDir(), "meta.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	cat, err := catalog.Open(catalog.Default(), db)
	if err != nil {
		t.Fatal(err)
	}
	return db, cat
}

// people are the users of the tests.
type people map[string]string

func (p people) DatabaseLogin(_ context.Context, user string) (*identity.Principal, string, error) {
	secret, ok := p[user]
	if !ok {
		return nil, "", errors.New("nobody")
	}
	return &identity.Principal{Account: "000000000000", Kind: identity.User, Name: user}, secret, nil
}

func (p people) KnowsKey(context.Context, string) error { return nil }

// door is a server on a free port.
type door struct {
	*Server
	addr string
	stop func() error
}

func startDoor(t testing.TB, engine Engine, change ...func(*Config, *Parts)) *door {
	t.Helper()
	cfg := Default()
	cfg.Drain = 500 * time.Millisecond
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	parts := Parts{Engine: engine, Logins: people{"anna": "the secret"}, Log: log}
	for _, c := range change {
		c(&cfg, &parts)
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	if parts.System == nil {
		db, cat := openCatalog(t)
		parts.System = syscat.Open(syscat.Needs{Catalog: cat, Meta: db, Version: "0.0.0"})
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &door{Server: Open(cfg, parts), addr: ln.Addr().String()}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Serve(ctx, ln) }()
	stopped := false
	d.stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(10 * time.Second):
			return errors.New("the door does not stop")
		}
	}
	t.Cleanup(func() {
		if err := d.stop(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *door) url(more string) string {
	return "postgres://anna:the%20secret@" + d.addr + "/boathouse?sslmode=disable" + more
}

// connect is a pgx connection to the door.
func (d *door) connect(t testing.TB, more ...string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, d.url(strings.Join(more, "")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}
