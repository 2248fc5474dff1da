package identity

import "time"

// SetNow gives a test its own clock.
func (s *Service) SetNow(now func() time.Time) { s.now = now }
