package identity

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// VersionName is a version as clients write it: "v3".
func VersionName(n int) string { return "v" + strconv.Itoa(n) }

// ParseVersion reads "v3"; what is no version is 0, which no policy has.
func ParseVersion(s string) int {
	digits, ok := strings.CutPrefix(s, "v")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0
	}
	return n
}

// CreateVersion adds a version to a managed policy and makes it the default if
// asked. Refuses with NoPolicy, BadDocument, and Limit at five versions.
func (s *Service) CreateVersion(ctx context.Context, arn, document string, makeDefault bool) (v Version, err error) {
	if err := checkDocument(document, policy.Identity, managedMax); err != nil {
		return v, err
	}
	v = Version{Document: document, Default: makeDefault, Created: s.now().UTC().Truncate(time.Second)}
	err = s.changePolicy(ctx, arn, func(tx *meta.Tx, p *Policy) error {
		n, last := 0, 0
		if _, err := tx.Get([]any{&n, &last}, "SELECT (SELECT count(*) FROM identity_policy_version v WHERE v.arn = p.arn), last_version FROM identity_policy p WHERE arn = ?", arn); err != nil {
			return err
		}
		if n >= versionsMax {
			return Limit.New("VersionsPerPolicy", versionsMax)
		}
		v.Number = last + 1
		if makeDefault {
			p.Default = v.Number
		}
		if err := addVersion(tx, arn, v.Number, document, v.Created); err != nil {
			return err
		}
		_, err := tx.Exec("UPDATE identity_policy SET default_version = ?, last_version = ?, updated = ? WHERE arn = ?",
			p.Default, v.Number, v.Created.Unix(), arn)
		return err
	})
	return v, err
}

// GetVersion returns one version; number 0 is the default one. Refuses with
// NoPolicy and NoVersion.
func (s *Service) GetVersion(ctx context.Context, arn string, number int) (v Version, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		v, err = findVersion(tx, arn, number)
		return err
	})
	return v, err
}

func findVersion(tx *meta.Tx, arn string, number int) (Version, error) {
	p, err := findPolicy(tx, arn)
	if err != nil {
		return Version{}, err
	}
	if number == 0 {
		number = p.Default
	}
	if b, ok := builtins()[arn]; ok && number == p.Default {
		return Version{p.Default, b.document, true, p.Created}, nil
	}
	v := Version{Number: number, Default: number == p.Default}
	var created int64
	found, err := tx.Get([]any{&v.Document, &created}, "SELECT document, created FROM identity_policy_version WHERE arn = ? AND version = ?", arn, number)
	if err == nil && !found {
		err = NoVersion.New(arn, VersionName(number))
	}
	v.Created = time.Unix(created, 0).UTC()
	return v, err
}

// ListVersions returns all versions of a managed policy, newest first. Refuses with NoPolicy.
func (s *Service) ListVersions(ctx context.Context, arn string) (out []Version, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		p, err := findPolicy(tx, arn)
		if err != nil {
			return err
		}
		if p.Builtin {
			v, err := findVersion(tx, arn, 0)
			out = append(out, v)
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			var v Version
			var created int64
			err := scan(&v.Number, &v.Document, &created)
			v.Default, v.Created = v.Number == p.Default, time.Unix(created, 0).UTC()
			out = append(out, v)
			return err
		}, "SELECT version, document, created FROM identity_policy_version WHERE arn = ? ORDER BY version DESC", arn)
	})
	return out, err
}

// DeleteVersion removes a version that is not the default. Refuses with
// NoPolicy, NoVersion and Default.
func (s *Service) DeleteVersion(ctx context.Context, arn string, number int) error {
	return s.changePolicy(ctx, arn, func(tx *meta.Tx, p *Policy) error {
		if number == p.Default {
			return Default.New()
		}
		n, err := tx.Exec("DELETE FROM identity_policy_version WHERE arn = ? AND version = ?", arn, number)
		if err == nil && n == 0 {
			return NoVersion.New(arn, VersionName(number))
		}
		return err
	})
}

// SetDefault puts a version in force. Refuses with NoPolicy and NoVersion.
func (s *Service) SetDefault(ctx context.Context, arn string, number int) error {
	return s.changePolicy(ctx, arn, func(tx *meta.Tx, p *Policy) error {
		if _, err := findVersion(tx, arn, max(number, -1)); number == 0 || err != nil {
			return NoVersion.Wrap(err, arn, VersionName(number))
		}
		_, err := tx.Exec("UPDATE identity_policy SET default_version = ?, updated = ? WHERE arn = ?", number, s.now().Unix(), arn)
		return err
	})
}
