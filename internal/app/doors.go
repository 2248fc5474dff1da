package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/boathouse-data/boathouse/internal/front/aws/athena"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/front/aws/glue"
	"github.com/boathouse-data/boathouse/internal/front/aws/iam"
	"github.com/boathouse-data/boathouse/internal/front/aws/s3"
	"github.com/boathouse-data/boathouse/internal/front/aws/sts"
	"github.com/boathouse-data/boathouse/internal/front/postgres"
	"github.com/boathouse-data/boathouse/internal/lib/obs"
)

func (a *App) openDoors(context.Context) error {
	aws, err := a.aws()
	if err != nil {
		return err
	}
	warehouse := postgres.Open(a.cfg.Postgres.Config, postgres.Parts{
		Engine: a.query, System: a.system, Logins: a.identity, TLS: a.tls, Log: a.log})
	for _, d := range []struct {
		name, addr string
		serve      func(context.Context, net.Listener) error
	}{
		{"aws", a.cfg.AWS.Addr, a.serveHTTP(aws)},
		{"postgres", a.cfg.Postgres.Addr, warehouse.Serve},
		{"http", a.cfg.HTTP.Addr, a.serveHTTP(a.pages())},
	} {
		ln, err := listen(d.addr)
		if err != nil {
			return fmt.Errorf("%s door: %w: stop what uses the address, or choose another with --%s-addr", d.name, err, d.name)
		}
		a.keep(func() error { ln.Close(); return nil })
		a.doors = append(a.doors, door{d.name, ln, d.serve})
	}
	return nil
}

// aws is the handler of the AWS address: every service behind one gate.
func (a *App) aws() (http.Handler, error) {
	g, err := gate.New(gate.Config{Identity: a.identity, Log: a.log, Registry: a.registry, Region: a.cfg.Region})
	if err != nil {
		return nil, err
	}
	objects, err := s3.New(s3.Config{Objects: a.objects, Gate: g, Log: a.log, Region: a.cfg.Region, Account: a.cfg.Account})
	if err != nil {
		return nil, err
	}
	return g.Router(objects,
		glue.New(glue.Config{Catalog: a.catalog, Region: a.cfg.Region, Account: a.cfg.Account}),
		iam.Door(a.identity), sts.Door(a.identity),
		athena.New(athena.Config{Groups: a.groups, Catalog: a.catalog, Access: a.access(), Region: a.cfg.Region, Account: a.cfg.Account}),
	)
}

// pages are what people and monitors look at.
func (a *App) pages() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", obs.Page(a.registry))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}

// serveHTTP serves HTTP/1.1 and HTTP/2, the latter also without TLS (h2c).
func (a *App) serveHTTP(h http.Handler) func(context.Context, net.Listener) error {
	return func(ctx context.Context, ln net.Listener) error {
		protocols := new(http.Protocols)
		protocols.SetHTTP1(true)
		protocols.SetHTTP2(true)
		protocols.SetUnencryptedHTTP2(true)
		srv := &http.Server{
			Handler: h, Protocols: protocols, TLSConfig: a.tls,
			ReadHeaderTimeout: 20 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
			ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
		}
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			<-ctx.Done()
			drain, cancel := context.WithTimeout(context.Background(), a.cfg.Drain)
			defer cancel()
			if srv.Shutdown(drain) != nil {
				srv.Close() // cuts what is still running
			}
		}()
		serve := srv.Serve
		if a.tls != nil {
			serve = func(ln net.Listener) error { return srv.ServeTLS(ln, "", "") }
		}
		if err := serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		<-stopped
		return nil
	}
}
