// Package app builds a Boathouse: the data folder, every domain, then every
// door, in that order; runs them together and stops them together. It is the
// only package that sees them all.
package app

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/obs"
	"github.com/boathouse-data/boathouse/internal/lib/run"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// App is a built server. Nothing of it runs before Run.
type App struct {
	cfg      Config
	log      *slog.Logger
	folder   *folder
	root     Credentials
	registry *prometheus.Registry
	tls      *tls.Config
	meta     *meta.DB
	identity *identity.Service
	objects  *object.Service
	catalog  *catalog.Service
	query    *query.Service
	system   *syscat.Service
	groups   *workgroup.Service
	closers  []func() error
	loops    []part
	doors    []door
}

// part is a domain's background work.
type part = run.Part

// door is one listening address and what serves it.
type door struct {
	name  string
	ln    net.Listener
	serve func(ctx context.Context, ln net.Listener) error
}

// Open builds a server on cfg.Data and opens its addresses, so that a port
// that is taken is known at once. Close it, also when Run was not called.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*App, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, log: log, registry: obs.Registry()}
	for _, step := range []func(context.Context) error{
		a.openFolder, a.openTLS, a.openMeta, a.openIdentity, a.openObjects, a.openCatalog,
		a.openQuery, a.openWorkgroups, a.openDoors,
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, a.Close())
		}
	}
	return a, nil
}

func (a *App) openFolder(context.Context) (err error) {
	if a.folder, err = openFolder(a.cfg.Data); err != nil {
		return err
	}
	a.keep(a.folder.close)
	os.Remove(a.folder.path("server.json")) // of a server that was killed
	a.root, err = a.folder.credentials()
	return err
}

func (a *App) openTLS(context.Context) error {
	if a.cfg.TLS.Cert == "" {
		return nil
	}
	cert, err := tls.LoadX509KeyPair(a.cfg.TLS.Cert, a.cfg.TLS.Key)
	if err != nil {
		return fmt.Errorf("tls: %w", err)
	}
	a.tls = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	return nil
}

// Run serves until ctx is done and returns when all has stopped. ready is
// called once when clients can come.
func (a *App) Run(ctx context.Context, ready func(Runtime)) error {
	r := a.runtime()
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := writeSynced(a.folder.path("server.json"), b); err != nil {
		return err
	}
	defer os.Remove(a.folder.path("server.json"))
	g := &run.Group{Log: a.log, Grace: 9500 * time.Millisecond, Parts: a.loops}
	for _, d := range a.doors {
		g.Parts = append(g.Parts, run.Part{Name: d.name, Run: func(ctx context.Context) error { return d.serve(ctx, d.ln) }})
	}
	ready(r)
	return g.Run(ctx)
}

func (a *App) runtime() Runtime {
	r := Runtime{PID: os.Getpid(), Version: Version(), Region: a.cfg.Region, Account: a.cfg.Account, TLS: a.tls != nil}
	if cert, err := filepath.Abs(a.cfg.TLS.Cert); err == nil && r.TLS {
		r.CertFile = cert // clients are in other folders
	}
	for _, d := range a.doors {
		addr := d.ln.Addr().String()
		switch d.name {
		case "aws":
			r.AWSAddr = addr
		case "postgres":
			r.PostgresAddr = addr
		case "http":
			r.HTTPAddr = addr
		}
	}
	return r
}

// Close releases everything, last opened first.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}
