package catalog

import (
	"context"
	"strconv"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// row is a table as it is kept.
type row struct {
	id         string
	version    int64
	partitions int64
	doc        string
}

// CreateTable adds a table as version 0. Refuses with DatabaseNotFound,
// TableExists, BadName, BadValue, TooMany.
func (s *Service) CreateTable(ctx context.Context, t Table) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error { return s.CreateTableIn(tx, t) })
}

// CreateTableIn is CreateTable as a part of the caller's transaction.
func (s *Service) CreateTableIn(tx *meta.Tx, t Table) error {
	t.Database, t.Name = fold(t.Database), fold(t.Name)
	if err := checkTable(t); err != nil {
		return err
	}
	t.Created = now()
	t.Updated = t.Created
	if _, err := database(tx, t.Database); err != nil {
		return err
	}
	var n int
	if _, err := tx.Get([]any{&n}, "SELECT count(*) FROM catalog_table WHERE database_name = ?", t.Database); err != nil {
		return err
	}
	if n >= s.cfg.TablesMax {
		return TooMany.New("database "+t.Database, s.cfg.TablesMax, "tables")
	}
	added, err := tx.Exec("INSERT INTO catalog_table (database_name, name, id, version, partitions, document) VALUES (?, ?, ?, 0, 0, ?) ON CONFLICT (database_name, name) DO NOTHING",
		t.Database, t.Name, id.Hex(8), encode(t))
	if err == nil && added == 0 {
		return TableExists.New(t.Name)
	}
	return err
}

// GetTable returns a table's current version. Refuses with TableNotFound, and
// with DatabaseNotFound when there is no such database either.
func (s *Service) GetTable(ctx context.Context, database, name string) (Table, error) {
	var t Table
	err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		t, _, err = table(tx, fold(database), fold(name))
		return err
	})
	return t, err
}

// UpdateTable replaces a table and gives it the next version. With ifVersion
// set it refuses when the current version is another; with archive the old
// version is kept. What the writer does not know stays: creation time and
// creator. Refuses with TableNotFound, DatabaseNotFound, TableChanged, BadName,
// BadValue, TooMany.
func (s *Service) UpdateTable(ctx context.Context, t Table, ifVersion string, archive bool) error {
	t.Database, t.Name = fold(t.Database), fold(t.Name)
	if err := checkTable(t); err != nil {
		return err
	}
	t.Updated = now()
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		old, r, err := table(tx, t.Database, t.Name)
		if err != nil {
			return err
		}
		if ifVersion != "" && ifVersion != old.Version {
			return TableChanged.New(old.Version, ifVersion)
		}
		if len(t.PartitionKeys) != len(old.PartitionKeys) && r.partitions > 0 {
			return BadValue.New("partition keys", "the number of partition keys of a table with partitions cannot change: delete its partitions first")
		}
		if archive {
			if err := s.archive(tx, t.Name, r); err != nil {
				return err
			}
		}
		next := t
		next.Created, next.CreatedBy = old.Created, old.CreatedBy
		_, err = tx.Exec("UPDATE catalog_table SET document = ?, version = version + 1 WHERE id = ?", encode(next), r.id)
		return err
	})
}

// DeleteTable removes a table with its partitions, versions and statistics,
// not its data. Refuses with TableNotFound, DatabaseNotFound.
func (s *Service) DeleteTable(ctx context.Context, database, name string) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error { return deleteTable(tx, fold(database), fold(name)) })
}

// DeleteTables removes tables, each of which stands alone: the refusals come
// back by position, nil when there were none. Refuses with DatabaseNotFound.
func (s *Service) DeleteTables(ctx context.Context, database string, names []string) ([]error, error) {
	if _, err := s.GetDatabase(ctx, database); err != nil {
		return nil, err
	}
	return s.each(ctx, len(names), func(tx *meta.Tx, i int) error { return deleteTable(tx, fold(database), fold(names[i])) })
}

func deleteTable(tx *meta.Tx, db, name string) error {
	n, err := tx.Exec("DELETE FROM catalog_table WHERE database_name = ? AND name = ?", db, name)
	if err == nil && n == 0 {
		return missing(tx, db, name)
	}
	return err
}

// TableQuery asks for tables.
type TableQuery struct {
	Database string            // empty: of all databases
	Match    func(*Table) bool // nil: all
	Token    string
	Max      int // at least 1 is taken
}

const tableListing = "tables"

// ListTables returns up to max tables whose name matches the pattern (empty:
// all; see matcher) and the token for more. Refuses with
// DatabaseNotFound, BadPattern, page.BadToken.
func (s *Service) ListTables(ctx context.Context, db, pattern, token string, max int) ([]Table, string, error) {
	match, err := matcher(pattern)
	if err != nil {
		return nil, "", err
	}
	if _, err := s.GetDatabase(ctx, db); err != nil {
		return nil, "", err
	}
	return s.QueryTables(ctx, TableQuery{Database: db, Token: token, Max: max,
		Match: func(t *Table) bool { return match(t.Name) }})
}

// QueryTables returns the tables that q asks for, in the order of database and
// name, and the token for more. Refuses with page.BadToken.
func (s *Service) QueryTables(ctx context.Context, q TableQuery) ([]Table, string, error) {
	last, err := page.After(tableListing, q.Token)
	if err != nil {
		return nil, "", err
	}
	max := atLeastOne(q.Max)
	after := [2]string{fold(q.Database), ""}
	if v := values(last); last != "" && len(v) == 2 {
		after = [2]string(v)
	}
	limit := max + 1
	if q.Match != nil {
		limit = 1000 // few may match
	}
	var out []Table
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		for len(out) <= max {
			batch, err := tablesAfter(tx, after, fold(q.Database), limit)
			if err != nil {
				return err
			}
			for _, t := range batch {
				if q.Match == nil || q.Match(&t) {
					out = append(out, t)
				}
				after = [2]string{t.Database, t.Name}
			}
			if len(batch) < limit {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	out, next := page.Cut(tableListing, out, max, func(t Table) string { return place([]string{t.Database, t.Name}) })
	return out, next, nil
}

// tablesAfter reads the next tables of one database, or of all when only is empty.
func tablesAfter(tx *meta.Tx, after [2]string, only string, limit int) ([]Table, error) {
	query := "SELECT version, document FROM catalog_table WHERE database_name = ? AND name > ? ORDER BY name LIMIT ?"
	args := []any{only, after[1], limit}
	if only == "" {
		query = "SELECT version, document FROM catalog_table WHERE (database_name, name) > (?, ?) ORDER BY database_name, name LIMIT ?"
		args = []any{after[0], after[1], limit}
	}
	var out []Table
	err := tx.Query(func(scan func(...any) error) error {
		var version int64
		var doc string
		if err := scan(&version, &doc); err != nil {
			return err
		}
		t, err := tableOf(version, doc)
		out = append(out, t)
		return err
	}, query, args...)
	return out, err
}

// table reads a table that must be there.
func table(tx *meta.Tx, db, name string) (Table, row, error) {
	var r row
	found, err := tx.Get([]any{&r.id, &r.version, &r.partitions, &r.doc},
		"SELECT id, version, partitions, document FROM catalog_table WHERE database_name = ? AND name = ?", db, name)
	if err != nil {
		return Table{}, r, err
	}
	if !found {
		return Table{}, r, missing(tx, db, name)
	}
	t, err := tableOf(r.version, r.doc)
	return t, r, err
}

func tableOf(version int64, doc string) (Table, error) {
	t := Table{Version: strconv.FormatInt(version, 10)}
	return t, decode(doc, &t)
}

// missing says what is not there: the table or already its database.
func missing(tx *meta.Tx, db, name string) error {
	if _, err := database(tx, db); err != nil {
		return err
	}
	return TableNotFound.New(name)
}
