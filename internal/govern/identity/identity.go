// Package identity keeps who may do what: the root account, users with access
// keys, roles, temporary credentials, and the policies attached to them.
//
// It promises default deny: nothing is allowed unless a policy allows it and
// none denies it; only the root principal is above policies. Every door asks
// it once per operation, through front/aws/gate or the PostgreSQL login.
//
// Credentials and policies are read from the metadata and cached. A change
// made through this process counts from the next request on, one made by
// another node on the same database after at most five seconds.
//
// Secrets of access keys are kept encrypted with a key of the data folder.
// They are not hashed, because the signature of a request is checked with the
// secret itself.
package identity

import (
	"context"
	"crypto/cipher"
	"sync"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Bounds of the caches.
const (
	cacheMax = 10_000
	cacheTTL = 5 * time.Second
)

// Service answers who a caller is and what it may do. It is safe for
// concurrent use.
type Service struct {
	cfg         Config
	db          *meta.DB
	now         func() time.Time
	aead        cipher.AEAD
	root        Credential
	credentials *cache[*record]
	grants      *cache[*grants]
	// The last uses of access keys that are not in the metadata yet.
	used struct {
		sync.Mutex
		keys map[string]use
	}
}

// grants is what an entity's policies say, and the tags that they can ask for.
type grants struct {
	documents []*policy.Document
	tags      map[string]string
}

// Open returns the service over the metadata in db; cfg must be valid. Run
// does its background work.
func Open(ctx context.Context, cfg Config, db *meta.DB) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	aead, err := newSeal(cfg.SealKey)
	if err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, db: db, now: time.Now, aead: aead,
		credentials: newCache[*record](cacheMax, cacheTTL), grants: newCache[*grants](cacheMax, cacheTTL)}
	s.used.keys = map[string]use{}
	s.root = Credential{Secret: cfg.RootSecret, Principal: &Principal{
		Account: cfg.Account, Kind: Root, ID: cfg.Account, AccessKey: cfg.RootAccessKey}}
	return s, nil
}

// Account is the account's 12 digits.
func (s *Service) Account() string { return s.cfg.Account }

// update changes the metadata and forgets what was cached of it.
func (s *Service) update(ctx context.Context, f func(tx *meta.Tx) error) error {
	err := s.db.Update(ctx, f)
	s.credentials.invalidate()
	s.grants.invalidate()
	return err
}
