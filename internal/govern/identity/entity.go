package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Entity is a user, a role or a group. Its name is unique in its kind without
// regard to case.
type Entity struct {
	Kind    Kind
	Name    string
	Path    string // "/" or "/a/b/"; empty means "/"
	ID      string // AIDA..., AROA... or AGPA..., set by Create
	Created time.Time
	Tags    map[string]string
	// Of roles only.
	Trust       string        // policy that says who may assume it
	Description string        // at most 1,000 bytes
	SessionMax  time.Duration // 1 to 12 hours; 0 is 1 hour
}

// body is what the table keeps as JSON.
type body struct {
	Tags              map[string]string `json:"tags,omitempty"`
	Trust             string            `json:"trust,omitempty"`
	Description       string            `json:"description,omitempty"`
	SessionMaxSeconds int64             `json:"sessionMaxSeconds,omitempty"`
}

// ARN returns the entity's name in policies and answers.
func (s *Service) ARN(e *Entity) string {
	return fmt.Sprintf("arn:aws:iam::%s:%s%s%s", s.cfg.Account, e.Kind, e.Path, e.Name)
}

func (e *Entity) check() error {
	if err := checkName(string(e.Kind)+"Name", e.Name, nameMax(e.Kind)); err != nil {
		return err
	}
	if err := checkPath(e.Path); err != nil {
		return err
	}
	if err := checkTags(e.Tags); err != nil {
		return err
	}
	if e.Kind != Role {
		return nil
	}
	if e.SessionMax < time.Hour || e.SessionMax > 12*time.Hour {
		return BadInput.New("MaxSessionDuration must be from 3600 to 43200 seconds")
	}
	if len(e.Description) > 1000 {
		return BadInput.New("Description must have at most 1000 characters")
	}
	return checkDocument(e.Trust, policy.Trust, 4096)
}

// checkDocument refuses a policy that is too long or malformed.
func checkDocument(text string, use policy.Use, bytesMax int) error {
	if len(text) > bytesMax {
		return Limit.New("PolicySize", bytesMax)
	}
	if _, err := policy.Parse(text, use); err != nil {
		return BadDocument.New(err.Error())
	}
	return nil
}

func prefix(k Kind) string {
	return map[Kind]string{User: "AIDA", Role: "AROA", Group: "AGPA"}[k]
}

// Create adds a user, a role or a group and returns it with its id. Refuses
// with EntityExists, BadInput, BadDocument and Limit.
func (s *Service) Create(ctx context.Context, e Entity) (*Entity, error) {
	if e.Path == "" {
		e.Path = "/"
	}
	if e.Kind == Role && e.SessionMax == 0 {
		e.SessionMax = time.Hour
	}
	if err := e.check(); err != nil {
		return nil, err
	}
	e.ID, e.Created = prefix(e.Kind)+id.Upper(17), s.now().UTC().Truncate(time.Second)
	return &e, s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, e.Kind, e.Name); err == nil {
			return EntityExists.New(title(e.Kind), e.Name)
		}
		_, err := tx.Exec("INSERT INTO identity_entity (kind, key, name, id, path, created, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
			string(e.Kind), fold(e.Name), e.Name, e.ID, e.Path, e.Created.Unix(), e.body())
		return err
	})
}

func (e *Entity) body() string {
	b, _ := json.Marshal(body{e.Tags, e.Trust, e.Description, int64(e.SessionMax / time.Second)}) // plain data
	return string(b)
}

// Get returns an entity or refuses with NoEntity.
func (s *Service) Get(ctx context.Context, kind Kind, name string) (e *Entity, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		e, err = find(tx, kind, name)
		return err
	})
	return e, err
}

const entityColumns = "kind, name, id, path, created, body"

func scanEntity(scan func(...any) error) (*Entity, error) {
	var e Entity
	var kind, raw string
	var created int64
	if err := scan(&kind, &e.Name, &e.ID, &e.Path, &created, &raw); err != nil {
		return nil, err
	}
	var b body
	if err := json.Unmarshal([]byte(raw), &b); err != nil {
		return nil, err
	}
	e.Kind, e.Created, e.Tags, e.Trust, e.Description = Kind(kind), time.Unix(created, 0).UTC(), b.Tags, b.Trust, b.Description
	e.SessionMax = time.Duration(b.SessionMaxSeconds) * time.Second
	return &e, nil
}

func find(tx *meta.Tx, kind Kind, name string) (e *Entity, err error) {
	err = tx.Query(func(scan func(...any) error) error {
		e, err = scanEntity(scan)
		return err
	}, "SELECT "+entityColumns+" FROM identity_entity WHERE kind = ? AND key = ?", string(kind), fold(name))
	if err == nil && e == nil {
		err = NoEntity.New(string(kind), name)
	}
	return e, err
}

// ListInput asks for a page of a listing in the order of names.
type ListInput struct {
	PathPrefix string // "" for all
	After      string // the last name of the page before, "" for the first page
	Max        int    // entries
}

// List returns a page of the entities of a kind, by name, and whether there are more.
func (s *Service) List(ctx context.Context, kind Kind, in ListInput) (out []Entity, more bool, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			e, err := scanEntity(scan)
			if err == nil {
				out = append(out, *e)
			}
			return err
		}, "SELECT "+entityColumns+" FROM identity_entity WHERE kind = ? AND key > ? AND substr(path, 1, ?) = ? ORDER BY key LIMIT ?",
			string(kind), fold(in.After), len(in.PathPrefix), in.PathPrefix, in.Max+1)
	})
	if len(out) > in.Max {
		return out[:in.Max], true, err
	}
	return out, false, err
}

// Update changes an entity: change gets it as it is and changes the fields it
// wants, the name and path too. Refuses as Create does, and with NoEntity.
func (s *Service) Update(ctx context.Context, kind Kind, name string, change func(e *Entity) error) (e *Entity, err error) {
	err = s.update(ctx, func(tx *meta.Tx) error {
		if e, err = find(tx, kind, name); err != nil {
			return err
		}
		was := e.Name
		if err := change(e); err != nil {
			return err
		}
		if err := e.check(); err != nil {
			return err
		}
		if fold(was) != fold(e.Name) {
			if _, err := find(tx, kind, e.Name); err == nil {
				return EntityExists.New(title(kind), e.Name)
			}
			if err := rename(tx, kind, fold(was), fold(e.Name)); err != nil {
				return err
			}
		}
		_, err := tx.Exec("UPDATE identity_entity SET key = ?, name = ?, path = ?, body = ? WHERE kind = ? AND key = ?",
			fold(e.Name), e.Name, e.Path, e.body(), string(kind), fold(was))
		return err
	})
	return e, err
}

// rename carries what belongs to an entity over to its new name.
func rename(tx *meta.Tx, kind Kind, from, to string) error {
	for _, table := range []string{"identity_inline", "identity_attachment"} {
		if _, err := tx.Exec("UPDATE "+table+" SET key = ? WHERE kind = ? AND key = ?", to, string(kind), from); err != nil {
			return err
		}
	}
	member := "group_key"
	if kind == User {
		member = "user_key"
		if _, err := tx.Exec("UPDATE identity_key SET owner = ? WHERE owner = ?", to, from); err != nil {
			return err
		}
	}
	_, err := tx.Exec("UPDATE identity_member SET "+member+" = ? WHERE "+member+" = ?", to, from)
	return err
}

// Delete removes an entity. It refuses with InUse while it has access keys,
// policies or members, as the real service does.
func (s *Service) Delete(ctx context.Context, kind Kind, name string) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		key := fold(name)
		for _, use := range []struct{ query, must string }{
			{"SELECT count(*) FROM identity_key WHERE 'user' = ? AND owner = ?", "delete access keys"},
			{"SELECT count(*) FROM identity_attachment WHERE kind = ? AND key = ?", "detach all policies"},
			{"SELECT count(*) FROM identity_inline WHERE kind = ? AND key = ?", "delete policies"},
			{"SELECT count(*) FROM identity_member WHERE 'user' = ? AND user_key = ?", "remove users from group"},
			{"SELECT count(*) FROM identity_member WHERE 'group' = ? AND group_key = ?", "remove users from group"},
		} {
			n := 0
			if _, err := tx.Get([]any{&n}, use.query, string(kind), key); err != nil {
				return err
			}
			if n > 0 {
				return InUse.New(use.must)
			}
		}
		_, err := tx.Exec("DELETE FROM identity_entity WHERE kind = ? AND key = ?", string(kind), key)
		return err
	})
}
