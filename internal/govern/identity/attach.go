package identity

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Attach gives a user, role or group a managed policy; doing it again changes
// nothing. Refuses with NoEntity, NoPolicy, and Limit at ten policies.
func (s *Service) Attach(ctx context.Context, kind Kind, name, arn string) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		if _, err := findPolicy(tx, arn); err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO identity_attachment (kind, key, arn) VALUES (?, ?, ?) ON CONFLICT (kind, key, arn) DO NOTHING",
			string(kind), fold(name), arn); err != nil {
			return err
		}
		n := 0
		_, err := tx.Get([]any{&n}, "SELECT count(*) FROM identity_attachment WHERE kind = ? AND key = ?", string(kind), fold(name))
		if err == nil && n > attachMax {
			return Limit.New("PoliciesPer"+title(kind), attachMax)
		}
		return err
	})
}

// Detach takes a managed policy away. Refuses with NoEntity and NotAttached.
func (s *Service) Detach(ctx context.Context, kind Kind, name, arn string) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		n, err := tx.Exec("DELETE FROM identity_attachment WHERE kind = ? AND key = ? AND arn = ?", string(kind), fold(name), arn)
		if err == nil && n == 0 {
			return NotAttached.New(arn, name)
		}
		return err
	})
}

// ListAttached returns the managed policies of an entity. Refuses with NoEntity.
func (s *Service) ListAttached(ctx context.Context, kind Kind, name string) (out []Policy, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		arns, err := attached(tx, kind, fold(name))
		for _, arn := range arns {
			p, err := findPolicy(tx, arn)
			if err != nil {
				return err
			}
			out = append(out, *p)
		}
		return err
	})
	sortPolicies(out)
	return out, err
}

func attached(tx *meta.Tx, kind Kind, key string) (arns []string, err error) {
	err = tx.Query(func(scan func(...any) error) error {
		var arn string
		err := scan(&arn)
		arns = append(arns, arn)
		return err
	}, "SELECT arn FROM identity_attachment WHERE kind = ? AND key = ? ORDER BY arn", string(kind), key)
	return arns, err
}

// ListHolders returns whom a managed policy is attached to, by kind and name.
// Refuses with NoPolicy.
func (s *Service) ListHolders(ctx context.Context, arn string) (out []Entity, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := findPolicy(tx, arn); err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			e, err := scanEntity(scan)
			if err == nil {
				out = append(out, *e)
			}
			return err
		}, `SELECT e.kind, e.name, e.id, e.path, e.created, e.body FROM identity_attachment a
			JOIN identity_entity e ON e.kind = a.kind AND e.key = a.key WHERE a.arn = ? ORDER BY e.kind, e.key`, arn)
	})
	return out, err
}

// AddMember puts a user into a group. Refuses with NoEntity.
func (s *Service) AddMember(ctx context.Context, group, user string) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if err := both(tx, group, user); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO identity_member (group_key, user_key) VALUES (?, ?) ON CONFLICT (group_key, user_key) DO NOTHING", fold(group), fold(user))
		return err
	})
}

// RemoveMember takes a user out of a group. Refuses with NoEntity and NotMember.
func (s *Service) RemoveMember(ctx context.Context, group, user string) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if err := both(tx, group, user); err != nil {
			return err
		}
		n, err := tx.Exec("DELETE FROM identity_member WHERE group_key = ? AND user_key = ?", fold(group), fold(user))
		if err == nil && n == 0 {
			return NotMember.New(user, group)
		}
		return err
	})
}

func both(tx *meta.Tx, group, user string) error {
	if _, err := find(tx, Group, group); err != nil {
		return err
	}
	_, err := find(tx, User, user)
	return err
}

// ListMembers returns the users of a group by name. Refuses with NoEntity.
func (s *Service) ListMembers(ctx context.Context, group string) ([]Entity, error) {
	return s.related(ctx, Group, group, `SELECT e.kind, e.name, e.id, e.path, e.created, e.body FROM identity_member m
		JOIN identity_entity e ON e.kind = 'user' AND e.key = m.user_key WHERE m.group_key = ? ORDER BY e.key`)
}

// ListGroupsOf returns the groups of a user by name. Refuses with NoEntity.
func (s *Service) ListGroupsOf(ctx context.Context, user string) ([]Entity, error) {
	return s.related(ctx, User, user, `SELECT e.kind, e.name, e.id, e.path, e.created, e.body FROM identity_member m
		JOIN identity_entity e ON e.kind = 'group' AND e.key = m.group_key WHERE m.user_key = ? ORDER BY e.key`)
}

func (s *Service) related(ctx context.Context, kind Kind, name, query string) (out []Entity, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			e, err := scanEntity(scan)
			if err == nil {
				out = append(out, *e)
			}
			return err
		}, query, fold(name))
	})
	return out, err
}
