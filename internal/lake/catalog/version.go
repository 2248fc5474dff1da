package catalog

import (
	"context"
	"strconv"

	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// archive keeps the version of a table that is about to be replaced.
func (s *Service) archive(tx *meta.Tx, name string, r row) error {
	var n int
	if _, err := tx.Get([]any{&n}, "SELECT count(*) FROM catalog_version WHERE table_id = ?", r.id); err != nil {
		return err
	}
	if n >= s.cfg.VersionsMax {
		return TooMany.New("table "+name, s.cfg.VersionsMax, "old versions")
	}
	_, err := tx.Exec("INSERT INTO catalog_version (table_id, version, document) VALUES (?, ?, ?)", r.id, r.version, r.doc)
	return err
}

const versionListing = "versions"

// ListTableVersions returns up to max versions of a table, the newest (the
// current one) first, and the token for more. Refuses with TableNotFound,
// DatabaseNotFound, page.BadToken.
func (s *Service) ListTableVersions(ctx context.Context, database, name, token string, max int) ([]Table, string, error) {
	last, err := page.After(versionListing, token)
	if err != nil {
		return nil, "", err
	}
	below := int64(1) << 62
	if last != "" {
		if below, err = strconv.ParseInt(last, 10, 64); err != nil {
			return nil, "", page.BadToken.Wrap(err)
		}
	}
	max = atLeastOne(max)
	var out []Table
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		current, r, err := table(tx, fold(database), fold(name))
		if err != nil {
			return err
		}
		if r.version < below {
			out = append(out, current)
		}
		return tx.Query(func(scan func(...any) error) error {
			t, err := scanVersion(scan)
			out = append(out, t)
			return err
		}, "SELECT version, document FROM catalog_version WHERE table_id = ? AND version < ? ORDER BY version DESC LIMIT ?", r.id, below, max+1)
	})
	if err != nil {
		return nil, "", err
	}
	out, next := page.Cut(versionListing, out, max, func(t Table) string { return t.Version })
	return out, next, nil
}

func scanVersion(scan func(...any) error) (Table, error) {
	var version int64
	var doc string
	if err := scan(&version, &doc); err != nil {
		return Table{}, err
	}
	return tableOf(version, doc)
}

// GetTableVersion returns one version of a table; empty means the current one.
// Refuses with TableNotFound, DatabaseNotFound, VersionNotFound.
func (s *Service) GetTableVersion(ctx context.Context, database, name, version string) (Table, error) {
	var t Table
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		current, r, err := table(tx, fold(database), fold(name))
		if err != nil {
			return err
		}
		if version == "" || version == current.Version {
			t = current
			return nil
		}
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			return VersionNotFound.Wrap(err, version, name)
		}
		var doc string
		found, err := tx.Get([]any{&doc}, "SELECT document FROM catalog_version WHERE table_id = ? AND version = ?", r.id, n)
		if err == nil && !found {
			err = VersionNotFound.New(version, name)
		}
		if err != nil {
			return err
		}
		t, err = tableOf(n, doc)
		return err
	})
	return t, err
}

// DeleteTableVersions removes old versions of a table, each of which stands
// alone: the refusals come back by position, nil when there were none. The
// current version stays (VersionCurrent). Refuses with TableNotFound,
// DatabaseNotFound.
func (s *Service) DeleteTableVersions(ctx context.Context, database, name string, versions []string) ([]error, error) {
	if _, err := s.GetTable(ctx, database, name); err != nil {
		return nil, err
	}
	return s.each(ctx, len(versions), func(tx *meta.Tx, i int) error {
		current, r, err := table(tx, fold(database), fold(name))
		if err != nil {
			return err
		}
		if versions[i] == current.Version {
			return VersionCurrent.New(versions[i], name)
		}
		n, err := strconv.ParseInt(versions[i], 10, 64)
		if err != nil {
			return VersionNotFound.Wrap(err, versions[i], name)
		}
		deleted, err := tx.Exec("DELETE FROM catalog_version WHERE table_id = ? AND version = ?", r.id, n)
		if err == nil && deleted == 0 {
			return VersionNotFound.New(versions[i], name)
		}
		return err
	})
}
