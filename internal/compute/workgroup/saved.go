package workgroup

import (
	"context"
	"regexp"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Named is a saved query.
type Named struct {
	ID, WorkGroup              string
	Name, Description          string
	Database, Statement, Token string
}

// StatementMax bounds a statement's text, in bytes, as the real service does.
const StatementMax = 262144

func (n Named) validate() error {
	switch {
	case n.Name == "" || len(n.Name) > 128:
		return BadNamed.New("the name of a query must have 1 to 128 characters")
	case n.Database == "" || len(n.Database) > 255:
		return BadNamed.New("the database of a query must have 1 to 255 characters")
	case len(n.Description) > descriptionMax:
		return BadNamed.New("the description may have at most 1024 characters")
	case n.Statement == "" || len(n.Statement) > StatementMax:
		return BadNamed.New("the query must have 1 to 262144 bytes")
	}
	return nil
}

const namedColumns = "id, workgroup, name, description, database_name, statement, token"

func scanNamed(scan func(...any) error) (n Named, err error) {
	err = scan(&n.ID, &n.WorkGroup, &n.Name, &n.Description, &n.Database, &n.Statement, &n.Token)
	return n, err
}

// CreateNamed saves a query and returns its id. The same token, if it is not
// empty, returns the same id; refuses with TokenReused when the query is another.
func (s *Service) CreateNamed(ctx context.Context, n Named) (string, error) {
	if err := n.validate(); err != nil {
		return "", err
	}
	n.ID = id.UUID()
	err := s.db.Update(ctx, func(tx *meta.Tx) error {
		if _, err := getGroup(tx, n.WorkGroup); err != nil {
			return err
		}
		if n.Token != "" {
			var old Named
			if err := tx.Query(func(scan func(...any) error) (err error) {
				old, err = scanNamed(scan)
				return err
			}, "SELECT "+namedColumns+" FROM workgroup_query WHERE token = ?", n.Token); err != nil {
				return err
			}
			if fresh := n; old.ID != "" {
				fresh.ID = old.ID
				if fresh != old {
					return TokenReused.New()
				}
				n.ID = old.ID
				return nil
			}
		}
		_, err := tx.Exec("INSERT INTO workgroup_query ("+namedColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
			n.ID, n.WorkGroup, n.Name, n.Description, n.Database, n.Statement, n.Token)
		return err
	})
	return n.ID, err
}

func getNamed(tx *meta.Tx, id string) (n Named, err error) {
	found := false
	err = tx.Query(func(scan func(...any) error) (err error) {
		found = true
		n, err = scanNamed(scan)
		return err
	}, "SELECT "+namedColumns+" FROM workgroup_query WHERE id = ?", id)
	if err == nil && !found {
		err = NamedNotFound.New(id)
	}
	return n, err
}

// GetNamed returns a saved query.
func (s *Service) GetNamed(ctx context.Context, id string) (n Named, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) (err error) {
		n, err = getNamed(tx, id)
		return err
	})
	return n, err
}

// UpdateNamed replaces a saved query's name, description and statement.
func (s *Service) UpdateNamed(ctx context.Context, id, name, description, statement string) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		n, err := getNamed(tx, id)
		if err != nil {
			return err
		}
		n.Name, n.Description, n.Statement = name, description, statement
		if err := n.validate(); err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE workgroup_query SET name = ?, description = ?, statement = ? WHERE id = ?", name, description, statement, id)
		return err
	})
}

// DeleteNamed removes a saved query.
func (s *Service) DeleteNamed(ctx context.Context, id string) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec("DELETE FROM workgroup_query WHERE id = ?", id)
		if err == nil && n == 0 {
			return NamedNotFound.New(id)
		}
		return err
	})
}

// ListNamed returns up to max saved queries of a group and the token for more.
func (s *Service) ListNamed(ctx context.Context, group, token string, max int) ([]Named, string, error) {
	return listOf(ctx, s, "named", group, token, max, scanNamed, func(n Named) string { return n.ID },
		"SELECT "+namedColumns+" FROM workgroup_query WHERE workgroup = ? AND id > ? ORDER BY id LIMIT ?")
}

// listOf reads a page of what belongs to a group. The query takes the group,
// the last key of the page before and how many rows to read, in order of key.
func listOf[T any](ctx context.Context, s *Service, kind, group, token string, max int,
	read func(scan func(...any) error) (T, error), key func(T) string, query string) (out []T, next string, err error) {
	listing := kind + ":" + group
	after, err := page.After(listing, token)
	if err != nil {
		return nil, "", err
	}
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := getGroup(tx, group); err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			item, err := read(scan)
			out = append(out, item)
			return err
		}, query, group, after, max+1)
	})
	out, next = page.Cut(listing, out, max, key)
	return out, next, err
}

// Prepared is a prepared statement of a group.
type Prepared struct {
	WorkGroup, Name, Description, Statement string
	Modified                                time.Time
}

var preparedName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_@:-]{0,255}$`)

func (p Prepared) validate() error {
	switch {
	case !preparedName.MatchString(p.Name):
		return BadPrepared.New("the name of a prepared statement begins with a letter or underscore and has at most 256 letters, digits, underscores, @, : or hyphens")
	case len(p.Description) > descriptionMax:
		return BadPrepared.New("the description may have at most 1024 characters")
	case p.Statement == "" || len(p.Statement) > StatementMax:
		return BadPrepared.New("the statement must have 1 to 262144 bytes")
	}
	return nil
}

const preparedColumns = "workgroup, name, description, statement, modified"

func scanPrepared(scan func(...any) error) (p Prepared, err error) {
	var modified int64
	err = scan(&p.WorkGroup, &p.Name, &p.Description, &p.Statement, &modified)
	p.Modified = fromMicros(modified)
	return p, err
}

// CreatePrepared adds a prepared statement; refuses with StatementExists.
func (s *Service) CreatePrepared(ctx context.Context, p Prepared) error {
	if err := p.validate(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		if _, err := getGroup(tx, p.WorkGroup); err != nil {
			return err
		}
		n, err := tx.Exec("INSERT INTO workgroup_statement ("+preparedColumns+") VALUES (?, ?, ?, ?, ?) ON CONFLICT (workgroup, name) DO NOTHING",
			p.WorkGroup, p.Name, p.Description, p.Statement, micros(s.now()))
		if err == nil && n == 0 {
			return StatementExists.New(p.Name, p.WorkGroup)
		}
		return err
	})
}

// GetPrepared returns a prepared statement.
func (s *Service) GetPrepared(ctx context.Context, group, name string) (p Prepared, err error) {
	found := false
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := getGroup(tx, group); err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) (err error) {
			found = true
			p, err = scanPrepared(scan)
			return err
		}, "SELECT "+preparedColumns+" FROM workgroup_statement WHERE workgroup = ? AND name = ?", group, name)
	})
	if err == nil && !found {
		err = StatementNotFound.New(name, group)
	}
	return p, err
}

// UpdatePrepared replaces a prepared statement's text and description.
func (s *Service) UpdatePrepared(ctx context.Context, p Prepared) error {
	if err := p.validate(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec("UPDATE workgroup_statement SET description = ?, statement = ?, modified = ? WHERE workgroup = ? AND name = ?",
			p.Description, p.Statement, micros(s.now()), p.WorkGroup, p.Name)
		if err == nil && n == 0 {
			return StatementNotFound.New(p.Name, p.WorkGroup)
		}
		return err
	})
}

// DeletePrepared removes a prepared statement.
func (s *Service) DeletePrepared(ctx context.Context, group, name string) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec("DELETE FROM workgroup_statement WHERE workgroup = ? AND name = ?", group, name)
		if err == nil && n == 0 {
			return StatementNotFound.New(name, group)
		}
		return err
	})
}

// ListPrepared returns up to max prepared statements of a group by name, and
// the token for more.
func (s *Service) ListPrepared(ctx context.Context, group, token string, max int) ([]Prepared, string, error) {
	return listOf(ctx, s, "prepared", group, token, max, scanPrepared, func(p Prepared) string { return p.Name },
		"SELECT "+preparedColumns+" FROM workgroup_statement WHERE workgroup = ? AND name > ? ORDER BY name LIMIT ?")
}
