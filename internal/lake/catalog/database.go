package catalog

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// CreateDatabase adds a database. Refuses with DatabaseExists, BadName, BadValue, TooMany.
func (s *Service) CreateDatabase(ctx context.Context, d Database) error {
	d.Name = fold(d.Name)
	if err := checkDatabase(d); err != nil {
		return err
	}
	d.Created = now()
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		var n int
		if _, err := tx.Get([]any{&n}, "SELECT count(*) FROM catalog_database"); err != nil {
			return err
		}
		if n >= s.cfg.DatabasesMax {
			return TooMany.New("the catalog", s.cfg.DatabasesMax, "databases")
		}
		n64, err := tx.Exec("INSERT INTO catalog_database (name, document) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", d.Name, encode(d))
		if err == nil && n64 == 0 {
			return DatabaseExists.New(d.Name)
		}
		return err
	})
}

// GetDatabase returns a database. Refuses with DatabaseNotFound.
func (s *Service) GetDatabase(ctx context.Context, name string) (Database, error) {
	var d Database
	err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		d, err = database(tx, fold(name))
		return err
	})
	return d, err
}

// UpdateDatabase replaces a database's description, location and parameters.
// The name stays. Refuses with DatabaseNotFound, BadName, BadValue.
func (s *Service) UpdateDatabase(ctx context.Context, name string, d Database) error {
	name = fold(name)
	if d.Name = fold(d.Name); d.Name != name {
		return BadName.New("database", "a database cannot be renamed; create another and move its tables")
	}
	if err := checkDatabase(d); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		old, err := database(tx, name)
		if err != nil {
			return err
		}
		next := d
		next.Created = old.Created
		_, err = tx.Exec("UPDATE catalog_database SET document = ? WHERE name = ?", encode(next), name)
		return err
	})
}

// DeleteDatabase removes a database with its tables. Refuses with DatabaseNotFound.
func (s *Service) DeleteDatabase(ctx context.Context, name string) error {
	name = fold(name)
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec("DELETE FROM catalog_database WHERE name = ?", name)
		if err == nil && n == 0 {
			return DatabaseNotFound.New(name)
		}
		return err
	})
}

const databaseListing = "databases"

// ListDatabases returns up to max databases in the order of their names and
// the token for more. Refuses with page.BadToken.
func (s *Service) ListDatabases(ctx context.Context, token string, max int) ([]Database, string, error) {
	after, err := page.After(databaseListing, token)
	if err != nil {
		return nil, "", err
	}
	max = atLeastOne(max)
	var out []Database
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var doc string
			if err := scan(&doc); err != nil {
				return err
			}
			var d Database
			err := decode(doc, &d)
			out = append(out, d)
			return err
		}, "SELECT document FROM catalog_database WHERE name > ? ORDER BY name LIMIT ?", after, max+1)
	})
	if err != nil {
		return nil, "", err
	}
	out, next := page.Cut(databaseListing, out, max, func(d Database) string { return d.Name })
	return out, next, nil
}

func database(tx *meta.Tx, name string) (Database, error) {
	var d Database
	var doc string
	found, err := tx.Get([]any{&doc}, "SELECT document FROM catalog_database WHERE name = ?", name)
	if err != nil {
		return d, err
	}
	if !found {
		return d, DatabaseNotFound.New(name)
	}
	return d, decode(doc, &d)
}

func atLeastOne(n int) int { return max(n, 1) }
