package identity

import (
	"context"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

const (
	stepEvery = time.Minute
	usedMax   = 10_000         // access keys whose use waits to be written; more are not noted
	keptFor   = 24 * time.Hour // expired sessions, so that they are refused as expired and not as unknown
)

// use is the last use of an access key.
type use struct {
	at              int64 // Unix seconds
	service, region string
}

// Used notes that an access key was used just now for a service in a region.
func (s *Service) Used(accessKey, service, region string) {
	s.used.Lock()
	defer s.used.Unlock()
	if _, ok := s.used.keys[accessKey]; ok || len(s.used.keys) < usedMax {
		s.used.keys[accessKey] = use{s.now().Unix(), service, region}
	}
}

// Run writes down the last uses of access keys and clears expired sessions,
// once a minute and once more at the end. What could not be written is tried
// again the next minute: nobody's request depends on it.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(stepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.Step(context.WithoutCancel(ctx))
		case <-tick.C:
			_ = s.Step(ctx) // kept for the next time, see above
		}
	}
}

// Step does what Run does once.
func (s *Service) Step(ctx context.Context) error {
	s.used.Lock()
	used := s.used.keys
	s.used.keys = map[string]use{}
	s.used.Unlock()
	err := s.db.Update(ctx, func(tx *meta.Tx) error {
		for key, u := range used {
			if _, err := tx.Exec("UPDATE identity_key SET used = ?, used_service = ?, used_region = ? WHERE access_key = ? AND used < ?",
				u.at, u.service, u.region, key, u.at); err != nil {
				return err
			}
		}
		_, err := tx.Exec("DELETE FROM identity_session WHERE expires < ?", s.now().Add(-keptFor).Unix())
		return err
	})
	if err == nil {
		return nil
	}
	s.used.Lock()
	defer s.used.Unlock()
	for key, u := range used {
		if _, newer := s.used.keys[key]; !newer {
			s.used.keys[key] = u
		}
	}
	return err
}
