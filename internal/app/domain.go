package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// keep remembers what Close must close.
func (a *App) keep(close func() error) { a.closers = append(a.closers, close) }

// loop adds a domain's background work to what Run runs.
func (a *App) loop(name string, run func(context.Context) error) {
	a.loops = append(a.loops, part{Name: name, Run: run})
}

func (a *App) openMeta(ctx context.Context) (err error) {
	if a.meta, err = meta.Open(ctx, a.cfg.Meta, a.folder.path("boathouse.db"), a.log); err == nil {
		a.keep(a.meta.Close)
	}
	return err
}

func (a *App) openIdentity(ctx context.Context) error {
	key, err := a.folder.sealKey()
	if err != nil {
		return err
	}
	a.identity, err = identity.Open(ctx, identity.Config{
		Account: a.cfg.Account, RootAccessKey: a.root.AccessKey, RootSecret: a.root.Secret, SealKey: key}, a.meta)
	if err == nil {
		a.loop("identity", a.identity.Run)
	}
	return err
}

func (a *App) openObjects(context.Context) (err error) {
	if a.objects, err = object.Open(a.cfg.Objects, a.meta, a.folder.dir, a.log); err == nil {
		a.keep(a.objects.Close)
		a.loop("objects", a.objects.Run)
	}
	return err
}

func (a *App) openCatalog(context.Context) (err error) {
	a.catalog, err = catalog.Open(a.cfg.Catalog, a.meta)
	return err
}

func (a *App) openQuery(context.Context) (err error) {
	may := a.access()
	a.system = syscat.Open(syscat.Needs{Catalog: a.catalog, Meta: a.meta, Access: may, Version: Version()})
	a.query, err = query.Open(a.cfg.SQL, query.Needs{
		Catalog: a.catalog, Objects: a.objects, Log: a.log, Folder: a.folder.dir, Access: may, System: a.system})
	if err == nil {
		a.keep(a.query.Close)
	}
	return err
}

func (a *App) openWorkgroups(ctx context.Context) (err error) {
	a.groups, err = workgroup.Open(ctx, a.cfg.Workgroup, workgroup.Parts{
		Meta: a.meta, Query: a.query, Objects: a.objects, Identity: a.identity, Log: a.log})
	if err == nil {
		a.loop("workgroups", a.groups.Run)
	}
	return err
}

// sealKey reads the key that seals secrets in the metadata or, the first time,
// makes it.
func (f *folder) sealKey() ([]byte, error) {
	name := f.path("seal")
	key, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		key = make([]byte, 32)
		rand.Read(key) // never fails: crypto/rand aborts the process instead
		return key, writeSynced(name, key)
	case err != nil:
		return nil, err
	case len(key) != 32:
		return nil, fmt.Errorf("%s does not hold a 32-byte key: restore it from a backup, the secrets of access keys cannot be read without it", name)
	}
	return key, nil
}
