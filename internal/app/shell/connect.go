package shell

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"github.com/boathouse-data/boathouse/internal/app"
)

// connectTimeout bounds a connection attempt.
const connectTimeout = 10 * time.Second

// target finds the server: the data folder that was named, then the PG*
// variables, then the data folder in the user's home.
func target(data string) (*pgconn.Config, error) {
	if data == "" && os.Getenv("PGHOST") != "" {
		return pgconn.ParseConfig("")
	}
	if data == "" {
		data = app.Default().Data
	}
	r, err := app.ReadRuntime(data)
	if err != nil {
		return nil, err
	}
	c, err := app.ReadCredentials(data)
	if err != nil {
		return nil, err
	}
	return pgconn.ParseConfig(r.DSN(c))
}

// connect opens the connection and chooses the database.
func (s *shell) connect(ctx context.Context) error {
	cfg, err := target(s.cfg.Data)
	if err != nil {
		return err
	}
	cfg.RuntimeParams["application_name"] = "boathouse sql"
	cfg.ConnectTimeout = connectTimeout
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		fmt.Fprintf(s.std.Err, "%s: %s\n", n.Severity, printable(n.Message))
	}
	// A statement whose context ends is cancelled on the server and the
	// connection lives on; only when that does not help is it cut.
	cfg.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: 10 * time.Second}
	}
	if s.conn, err = pgconn.ConnectConfig(ctx, cfg); err != nil {
		return unreachable(err, cfg)
	}
	if s.cfg.Database != "" {
		return s.choose(ctx, s.cfg.Database)
	}
	return nil
}

// unreachable says what to do about a connection that could not be made.
func unreachable(err error, cfg *pgconn.Config) error {
	addr := net.JoinHostPort(cfg.Host, fmt.Sprint(cfg.Port))
	var pg *pgconn.PgError
	var op *net.OpError
	switch {
	case errors.As(err, &pg):
		return fmt.Errorf("%s refused %s: %s", addr, cfg.User, pg.Message)
	case errors.As(err, &op):
		return fmt.Errorf("nothing answers at %s (%w): start a server with `boathouse up`, or name its folder with --data", addr, op.Err)
	}
	return fmt.Errorf("%s: %w", addr, err)
}

// choose makes a database the one of names that are not qualified.
func (s *shell) choose(ctx context.Context, name string) error {
	found, err := s.ask(ctx, "SELECT schema_name FROM information_schema.schemata WHERE schema_name = "+literal(name))
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fmt.Errorf("there is no database %q; \\dn lists them", name)
	}
	if _, err := s.ask(ctx, "SET search_path TO "+ident(name)); err != nil {
		return err
	}
	s.cfg.Database = name
	return nil
}

// ask runs a statement of our own and returns its rows, at most askMax.
func (s *shell) ask(ctx context.Context, sql string) (rows [][]string, err error) {
	mrr := s.conn.Exec(ctx, sql)
	for mrr.NextResult() {
		r := mrr.ResultReader()
		for r.NextRow() {
			if len(rows) == askMax {
				continue // the rest of the result must be read all the same
			}
			row := make([]string, len(r.Values()))
			for i, v := range r.Values() {
				row[i] = string(v)
			}
			rows = append(rows, row)
		}
	}
	return rows, mrr.Close()
}

const askMax = 20000

func literal(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" }
func ident(v string) string   { return `"` + strings.ReplaceAll(v, `"`, `""`) + `"` }
