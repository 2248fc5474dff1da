package identity

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Credential is what a signature is verified with, and whom it proves.
type Credential struct {
	Secret    string
	Principal *Principal // shared: do not change
}

// record is a cached access key, long-term or temporary.
type record struct {
	Credential
	token   string    // hex SHA-256 of the session token; "" for long-term keys
	expires time.Time // of temporary keys
}

// Credential returns the active access key of that id. token is the session
// token that came with it, empty for long-term keys. Refuses with UnknownKey,
// BadToken and ExpiredToken.
func (s *Service) Credential(ctx context.Context, accessKey, token string) (Credential, error) {
	if accessKey == s.cfg.RootAccessKey {
		if token != "" {
			return Credential{}, BadToken.New()
		}
		return s.root, nil
	}
	r, err := s.record(ctx, accessKey)
	if err != nil {
		return Credential{}, err
	}
	have := ""
	if token != "" {
		have = hashToken(token)
	}
	if subtle.ConstantTimeCompare([]byte(have), []byte(r.token)) != 1 {
		return Credential{}, BadToken.New()
	}
	if r.token != "" && !s.now().Before(r.expires) {
		return Credential{}, ExpiredToken.New()
	}
	return r.Credential, nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (s *Service) record(ctx context.Context, accessKey string) (*record, error) {
	if len(accessKey) < 16 || len(accessKey) > 128 {
		return nil, UnknownKey.New()
	}
	return s.credentials.get(accessKey, s.now(), func() (r *record, err error) {
		err = s.db.View(ctx, func(tx *meta.Tx) error {
			if r, err = s.readKey(tx, accessKey); err == nil && r == nil {
				r, err = s.readSession(tx, accessKey)
			}
			return err
		})
		if err == nil && r == nil {
			err = UnknownKey.New()
		}
		return r, err
	})
}

// readKey reads an active long-term key, or nil.
func (s *Service) readKey(tx *meta.Tx, accessKey string) (*record, error) {
	var owner string
	var sealed []byte
	found, err := tx.Get([]any{&owner, &sealed}, "SELECT owner, secret FROM identity_key WHERE access_key = ? AND active = 1", accessKey)
	if !found || err != nil {
		return nil, err
	}
	u, err := find(tx, User, owner)
	if err != nil {
		return nil, err
	}
	secret, err := s.unseal(accessKey, sealed)
	if err != nil {
		return nil, err
	}
	return &record{Credential: Credential{secret, &Principal{Account: s.cfg.Account, Kind: User, Name: u.Name, Path: u.Path,
		ID: u.ID, AccessKey: accessKey}}}, nil
}

// DatabaseLogin returns whom a PostgreSQL user name stands for and the secret
// that is its password: "root" is the account, an access key id is its owner,
// and a user name is that user with its newest active key. Refuses with NoLogin.
func (s *Service) DatabaseLogin(ctx context.Context, user string) (*Principal, string, error) {
	if user == "root" || user == s.cfg.RootAccessKey {
		return s.root.Principal, s.root.Secret, nil
	}
	r, err := s.record(ctx, user)
	if err == nil && r.token == "" {
		return r.Principal, r.Secret, nil
	}
	newest := ""
	if err := s.db.View(ctx, func(tx *meta.Tx) error {
		_, err := tx.Get([]any{&newest}, "SELECT access_key FROM identity_key WHERE owner = ? AND active = 1 ORDER BY created DESC, access_key DESC LIMIT 1", fold(user))
		return err
	}); err != nil {
		return nil, "", err
	}
	if newest == "" {
		return nil, "", NoLogin.New(user)
	}
	if r, err = s.record(ctx, newest); err != nil {
		return nil, "", err
	}
	return r.Principal, r.Secret, nil
}

// KnowsKey is nil when the account has an active or temporary access key of
// that id; otherwise UnknownKey.
func (s *Service) KnowsKey(ctx context.Context, accessKey string) error {
	if accessKey == s.cfg.RootAccessKey {
		return nil
	}
	_, err := s.record(ctx, accessKey)
	return err
}
