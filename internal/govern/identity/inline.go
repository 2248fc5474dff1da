package identity

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Bounds of documents in bytes. The real service counts all inline policies of
// an entity together and leaves out white space; these bound each as written.
func inlineMax(k Kind) int {
	return map[Kind]int{User: 2048, Role: 10240, Group: 5120}[k]
}

// PutInline writes a policy into a user, role or group. Refuses with NoEntity,
// BadInput, BadDocument and Limit.
func (s *Service) PutInline(ctx context.Context, kind Kind, name, policyName, document string) error {
	if err := checkName("policyName", policyName, 128); err != nil {
		return err
	}
	if err := checkDocument(document, policy.Identity, inlineMax(kind)); err != nil {
		return err
	}
	return s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO identity_inline (kind, key, name, document) VALUES (?, ?, ?, ?) ON CONFLICT (kind, key, name) DO UPDATE SET document = excluded.document",
			string(kind), fold(name), policyName, document)
		return err
	})
}

// GetInline returns an inline policy's document. Refuses with NoEntity and NoInline.
func (s *Service) GetInline(ctx context.Context, kind Kind, name, policyName string) (document string, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		found, err := tx.Get([]any{&document}, "SELECT document FROM identity_inline WHERE kind = ? AND key = ? AND name = ?",
			string(kind), fold(name), policyName)
		if err == nil && !found {
			return NoInline.New(string(kind), policyName)
		}
		return err
	})
	return document, err
}

// ListInline returns the names of an entity's inline policies. Refuses with NoEntity.
func (s *Service) ListInline(ctx context.Context, kind Kind, name string) (names []string, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			var n string
			err := scan(&n)
			names = append(names, n)
			return err
		}, "SELECT name FROM identity_inline WHERE kind = ? AND key = ? ORDER BY name", string(kind), fold(name))
	})
	return names, err
}

// DeleteInline removes an inline policy. Refuses with NoEntity and NoInline.
func (s *Service) DeleteInline(ctx context.Context, kind Kind, name, policyName string) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, kind, name); err != nil {
			return err
		}
		n, err := tx.Exec("DELETE FROM identity_inline WHERE kind = ? AND key = ? AND name = ?", string(kind), fold(name), policyName)
		if err == nil && n == 0 {
			return NoInline.New(string(kind), policyName)
		}
		return err
	})
}
