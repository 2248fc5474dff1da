package identity

import (
	"context"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

const keysMax = 2 // per user

// Key is a user's long-term access key.
type Key struct {
	ID      string // AKIA...
	User    string
	Secret  string // only as CreateKey returns it
	Active  bool
	Created time.Time
	// The last use, at most a minute behind; zero if never used.
	Used        time.Time
	UsedService string
	UsedRegion  string
}

// CreateKey makes an access key; its secret is shown this once. Refuses with
// NoEntity, and with Limit when the user has two.
func (s *Service) CreateKey(ctx context.Context, user string) (*Key, error) {
	k := Key{ID: "AKIA" + id.Upper(16), Secret: id.Secret(40), Active: true, Created: s.now().UTC().Truncate(time.Second)}
	return &k, s.update(ctx, func(tx *meta.Tx) error {
		u, err := find(tx, User, user)
		if err != nil {
			return err
		}
		k.User = u.Name
		n := 0
		if _, err := tx.Get([]any{&n}, "SELECT count(*) FROM identity_key WHERE owner = ?", fold(user)); err != nil {
			return err
		}
		if n >= keysMax {
			return Limit.New("AccessKeysPerUser", keysMax)
		}
		_, err = tx.Exec("INSERT INTO identity_key (access_key, owner, secret, active, created, used, used_service, used_region) VALUES (?, ?, ?, 1, ?, 0, '', '')",
			k.ID, fold(user), s.seal(k.ID, k.Secret), k.Created.Unix())
		return err
	})
}

const keyColumns = "access_key, owner, active, created, used, used_service, used_region"

func scanKey(scan func(...any) error) (Key, error) {
	var k Key
	var created, used, active int64
	err := scan(&k.ID, &k.User, &active, &created, &used, &k.UsedService, &k.UsedRegion)
	k.Active, k.Created = active != 0, time.Unix(created, 0).UTC()
	if used != 0 {
		k.Used = time.Unix(used, 0).UTC()
	}
	return k, err
}

// ListKeys returns a user's keys, oldest first. Refuses with NoEntity.
func (s *Service) ListKeys(ctx context.Context, user string) (keys []Key, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		u, err := find(tx, User, user)
		if err != nil {
			return err
		}
		return tx.Query(func(scan func(...any) error) error {
			k, err := scanKey(scan)
			k.User = u.Name
			keys = append(keys, k)
			return err
		}, "SELECT "+keyColumns+" FROM identity_key WHERE owner = ? ORDER BY created, access_key", fold(user))
	})
	return keys, err
}

// GetKey returns one key whoever's it is, with its last use. Refuses with NoKey.
func (s *Service) GetKey(ctx context.Context, accessKey string) (k Key, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		found := false
		err := tx.Query(func(scan func(...any) error) error {
			found = true
			k, err = scanKey(scan)
			return err
		}, "SELECT "+keyColumns+" FROM identity_key WHERE access_key = ?", accessKey)
		if err == nil && !found {
			return NoKey.New(accessKey)
		}
		if err == nil {
			u, e := find(tx, User, k.User)
			if e != nil {
				return e
			}
			k.User = u.Name
		}
		return err
	})
	return k, err
}

// UpdateKey makes a user's key active or inactive. Refuses with NoEntity and NoKey.
func (s *Service) UpdateKey(ctx context.Context, user, accessKey string, active bool) error {
	flag := 0
	if active {
		flag = 1
	}
	return s.changeKey(ctx, user, accessKey, "UPDATE identity_key SET active = ? WHERE access_key = ? AND owner = ?", flag, accessKey, fold(user))
}

// DeleteKey removes a user's key. Refuses with NoEntity and NoKey.
func (s *Service) DeleteKey(ctx context.Context, user, accessKey string) error {
	return s.changeKey(ctx, user, accessKey, "DELETE FROM identity_key WHERE access_key = ? AND owner = ?", accessKey, fold(user))
}

func (s *Service) changeKey(ctx context.Context, user, accessKey, query string, args ...any) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		if _, err := find(tx, User, user); err != nil {
			return err
		}
		n, err := tx.Exec(query, args...)
		if err == nil && n == 0 {
			return NoKey.New(accessKey)
		}
		return err
	})
}
