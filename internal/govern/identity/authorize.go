package identity

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Authorize asks p's policies; nil is yes. The context keys of the principal
// itself (aws:username and its kind) are added to those of q. Refuses with
// Implicit, Explicit, Session and Anonymous.
func (s *Service) Authorize(ctx context.Context, p *Principal, q Request) error {
	if p == nil {
		return Anonymous.New()
	}
	if p.session != nil && p.session.fromUser && restricted(q.Action) {
		return Session.New(p.ARN(), q.Action, q.Resource, q.Action)
	}
	if p.Kind == Root {
		return nil
	}
	g, err := s.grantsOf(ctx, p.Kind, p.Name)
	if err != nil {
		return err
	}
	question := policy.Request{Action: q.Action, Resource: q.Resource, Context: s.principalContext(p, g, q.Context)}
	switch policy.Evaluate(g.documents, &question) {
	case policy.Deny:
		return Explicit.New(p.ARN(), q.Action, q.Resource)
	case policy.Neither:
		return Implicit.New(p.ARN(), q.Action, q.Resource, q.Action)
	}
	if p.session == nil || len(p.session.limits) == 0 {
		return nil
	}
	switch policy.Evaluate(p.session.limits, &question) {
	case policy.Deny:
		return Explicit.New(p.ARN(), q.Action, q.Resource)
	case policy.Neither:
		return Session.New(p.ARN(), q.Action, q.Resource, q.Action)
	}
	return nil
}

// restricted tells what the temporary credentials of GetSessionToken may never
// do. Source: GetSessionToken in the STS API reference.
func restricted(action string) bool {
	a := strings.ToLower(action)
	return strings.HasPrefix(a, "iam:") || strings.HasPrefix(a, "sts:") && a != "sts:assumerole" && a != "sts:getcalleridentity"
}

// grantsOf returns the parsed policies of a user or role; none if it is gone.
func (s *Service) grantsOf(ctx context.Context, kind Kind, name string) (*grants, error) {
	key := fold(name)
	return s.grants.get(string(kind)+"/"+key, s.now(), func() (*grants, error) {
		g := &grants{}
		err := s.db.View(ctx, func(tx *meta.Tx) error {
			e, err := find(tx, kind, name)
			if errors.Is(err, NoEntity) {
				return nil
			}
			if err != nil {
				return err
			}
			g.tags = e.Tags
			texts, err := documents(tx, kind, key)
			if err != nil {
				return err
			}
			for _, text := range texts {
				d, err := policy.Parse(text, policy.Identity)
				if err != nil {
					return err // was checked when it was written
				}
				g.documents = append(g.documents, d)
			}
			return nil
		})
		return g, err
	})
}

// documents reads the policies of an entity, inline and managed, and of a
// user's groups.
func documents(tx *meta.Tx, kind Kind, key string) (texts []string, err error) {
	type holder struct {
		kind Kind
		key  string
	}
	holders := []holder{{kind, key}}
	if kind == User {
		if err := tx.Query(func(scan func(...any) error) error {
			h := holder{kind: Group}
			err := scan(&h.key)
			holders = append(holders, h)
			return err
		}, "SELECT group_key FROM identity_member WHERE user_key = ? ORDER BY group_key", key); err != nil {
			return nil, err
		}
	}
	for _, h := range holders {
		if err := tx.Query(func(scan func(...any) error) error {
			var text string
			err := scan(&text)
			texts = append(texts, text)
			return err
		}, "SELECT document FROM identity_inline WHERE kind = ? AND key = ? ORDER BY name", string(h.kind), h.key); err != nil {
			return nil, err
		}
		arns, err := attached(tx, h.kind, h.key)
		if err != nil {
			return nil, err
		}
		for _, arn := range arns {
			v, err := findVersion(tx, arn, 0)
			if err != nil {
				return nil, err
			}
			texts = append(texts, v.Document)
		}
	}
	return texts, nil
}

// principalContext adds the condition keys of a principal to a request's.
// Source: "AWS global condition context keys".
func (s *Service) principalContext(p *Principal, g *grants, of map[string][]string) map[string][]string {
	m := make(map[string][]string, len(of)+8)
	for k, v := range of {
		m[k] = v
	}
	if _, given := m["aws:currenttime"]; !given { // asked outside of a request, as for a query that runs
		now := s.now().UTC()
		m["aws:currenttime"] = []string{now.Format(time.RFC3339)}
		m["aws:epochtime"] = []string{strconv.FormatInt(now.Unix(), 10)}
	}
	m["aws:userid"] = []string{p.ID}
	m["aws:principalaccount"] = []string{p.Account}
	m["aws:principalarn"] = []string{p.entityARN()}
	switch p.Kind {
	case Root:
		m["aws:principaltype"] = []string{"Account"}
	case User:
		m["aws:principaltype"] = []string{"User"}
		m["aws:username"] = []string{p.Name}
	case Role:
		m["aws:principaltype"] = []string{"AssumedRole"}
	}
	if p.session != nil {
		m["aws:tokenissuetime"] = []string{p.session.issued}
	}
	if g != nil {
		for k, v := range g.tags {
			m["aws:principaltag/"+strings.ToLower(k)] = []string{v}
		}
	}
	return m
}
