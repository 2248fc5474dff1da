// Package identity keeps who may do what: the root account, users with access
// keys, roles, temporary credentials, and the policies attached to them.
//
// It promises default deny: nothing is allowed unless a policy allows it and
// none denies it; only the root principal is above policies. Every door asks
// it once per operation, through front/aws/gate or the PostgreSQL login.
package identity

import (
	"context"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Service answers who a caller is and what it may do. It is safe for
// concurrent use.
type Service struct {
	cfg  Config
	db   *meta.DB
	now  func() time.Time
	root Credential
}

// Open returns the service over the metadata in db; cfg must be valid.
func Open(ctx context.Context, cfg Config, db *meta.DB) (*Service, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, db: db, now: time.Now}
	s.root = Credential{Secret: cfg.RootSecret, Principal: &Principal{
		Account: cfg.Account, Kind: Root, ID: cfg.Account, AccessKey: cfg.RootAccessKey}}
	return s, nil
}

// Account is the account's 12 digits.
func (s *Service) Account() string { return s.cfg.Account }
