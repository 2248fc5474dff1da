package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/lib/obs"
)

// server is the one that the demo talks to.
type server struct {
	app.Runtime
	app.Credentials
	data    string
	started bool // by us, in this process

	fresh  bool // the folder is ours to remove
	ended  chan error
	cancel context.CancelFunc
}

// obtain finds the running server or starts one.
func obtain(ctx context.Context, cfg Config, s *screen) (*server, error) {
	data := cfg.Data
	if data == "" {
		data = app.Default().Data
	}
	srv := &server{data: data, cancel: func() {}}
	var err error
	if srv.Runtime, err = app.ReadRuntime(data); err == nil {
		srv.Credentials, err = app.ReadCredentials(data)
		fmt.Fprintf(s.out, "     on the running server of %s\n", data)
		return srv, err
	}
	if !errors.Is(err, app.NotRunning) {
		return nil, err
	}
	return srv, s.step("start a server on a fresh folder", func(func(string)) (string, error) {
		return srv.start(ctx, cfg)
	})
}

// start runs a server in this process, on a temporary folder when none is named.
func (srv *server) start(ctx context.Context, cfg Config) (string, error) {
	c := cfg.Config
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "boathouse-demo-")
		if err != nil {
			return "", err
		}
		c.Data, srv.fresh = dir, true
	}
	srv.data, srv.started = c.Data, true
	standard := app.Default()
	for _, d := range []struct{ addr, usual *string }{
		{&c.AWS.Addr, &standard.AWS.Addr}, {&c.Postgres.Addr, &standard.Postgres.Addr}, {&c.HTTP.Addr, &standard.HTTP.Addr},
	} {
		if *d.addr == *d.usual {
			*d.addr = freeOr(*d.usual)
		}
	}
	a, err := app.Open(ctx, c, obs.Logger(c.Log, os.Stderr))
	if err != nil {
		return "", errors.Join(err, srv.stop())
	}
	// The demo ends the server after its own last words, not with ctx.
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	srv.cancel, srv.ended = cancel, make(chan error, 1)
	ready := make(chan app.Runtime, 1)
	go func() {
		err := a.Run(running, func(r app.Runtime) { ready <- r })
		srv.ended <- errors.Join(err, a.Close())
	}()
	select {
	case srv.Runtime = <-ready:
	case err := <-srv.ended:
		srv.ended = nil
		return "", errors.Join(fmt.Errorf("the server ended at once: %w", err), srv.stop())
	}
	srv.Credentials, err = app.ReadCredentials(c.Data)
	return c.Data, err
}

// freeOr is the usual address, or one with a free port when that is taken.
func freeOr(usual string) string {
	ln, err := app.Listen(usual)
	if err != nil {
		return ":0"
	}
	ln.Close()
	return usual
}

// serve keeps our own server up until ctx is done or the server fails.
func (srv *server) serve(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return srv.stop()
	case err := <-srv.ended:
		srv.ended = nil
		return errors.Join(err, srv.stop())
	}
}

// stop ends our own server and removes a folder that was made for the demo.
func (srv *server) stop() error {
	if !srv.started {
		return nil
	}
	srv.cancel()
	var err error
	if srv.ended != nil {
		err = <-srv.ended
		srv.ended = nil
	}
	if srv.fresh {
		err = errors.Join(err, os.RemoveAll(srv.data))
	}
	return err
}

// next says what to try on the server, in lines that work when pasted.
func (srv *server) next(out io.Writer, s *screen, stays bool) {
	if srv.started && !stays {
		return
	}
	exe, err := os.Executable()
	if err != nil {
		exe = "boathouse"
	}
	exe, data := shellQuote(exe), shellQuote(srv.data)
	fmt.Fprintf(out, "\n%s\n\n", s.bold("Try next, in another terminal"))
	for _, l := range []struct{ line, why string }{
		{fmt.Sprintf(`eval "$(%s env --data %s)"`, exe, data), "point your tools at this server"},
		{`aws s3 ls --recursive s3://` + lakeBucket + `/noaa/ --human-readable`, "the Parquet files"},
		{`aws glue get-table --database-name ` + database + ` --name noaa --query Table.StorageDescriptor.Columns --output table`, "its schema"},
		{`psql -c "SELECT element, count(*) FROM ` + database + `.noaa GROUP BY 1 ORDER BY 2 DESC"`, "the same table over the PostgreSQL protocol"},
		{exe + ` sql --database ` + database, "a prompt, without psql"},
		{`python3 -c "import awswrangler as wr; print(wr.athena.read_sql_query('SELECT year, count(*) AS n FROM noaa GROUP BY year ORDER BY year', database='` + database + `'))"`, "a data frame (pip install awswrangler)"},
	} {
		fmt.Fprintf(out, "  %s\n  %s\n", s.dim("# "+l.why), l.line)
	}
	if stays {
		what := "stops the server"
		if srv.fresh {
			what += " and removes " + srv.data
		}
		fmt.Fprintf(out, "\nThe server runs on. Ctrl-C %s.\n", what)
	}
}
