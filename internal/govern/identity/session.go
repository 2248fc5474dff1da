package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// session is what temporary credentials add to a principal.
type session struct {
	issued   string             // RFC 3339
	fromUser bool               // of GetSessionToken, which is barred from some operations
	limits   []*policy.Document // session policies; empty for none
}

// sessionBody is what the table keeps as JSON.
type sessionBody struct {
	Kind     Kind     `json:"kind"`
	Name     string   `json:"name,omitempty"`
	Path     string   `json:"path,omitempty"`
	Session  string   `json:"session,omitempty"`
	ID       string   `json:"id"`
	FromUser bool     `json:"fromUser,omitempty"`
	Policies []string `json:"policies,omitempty"`
}

// Temporary is a set of temporary credentials.
type Temporary struct {
	AccessKey string // ASIA...
	Secret    string
	Token     string
	Expires   time.Time
	Principal *Principal // whom they prove
}

// AssumeInput asks for a role's credentials.
type AssumeInput struct {
	RoleARN    string
	Session    string        // 2 to 64 characters
	Duration   time.Duration // 0 is 1 hour; at most the role's SessionMax
	ExternalID string
	Policy     string   // session policy, "" for none
	PolicyARNs []string // managed policies that limit the session too, at most 10
	// Context holds the request's condition keys, as of Request.
	Context map[string][]string
}

// AssumeRole returns temporary credentials of a role if its trust policy lets
// p assume it. A trust that names the account, and not p itself, also needs p's
// own policies to allow sts:AssumeRole. Refuses with NoTrust (for a role that
// does not exist too), Explicit, BadInput, BadDocument, NoPolicy and Limit.
func (s *Service) AssumeRole(ctx context.Context, p *Principal, in AssumeInput) (*Temporary, error) {
	if p == nil {
		return nil, Anonymous.New()
	}
	if err := checkName("roleSessionName", in.Session, 64); err != nil || len(in.Session) < 2 {
		return nil, BadInput.New("roleSessionName must have 2 to 64 letters, digits and characters of +=,.@_-")
	}
	role, err := s.roleByARN(ctx, in.RoleARN)
	if err != nil {
		return nil, err
	}
	if role == nil {
		return nil, NoTrust.New(p.ARN(), in.RoleARN)
	}
	if err := s.trusted(ctx, p, role, in); err != nil {
		return nil, err
	}
	longest := role.SessionMax
	if p.Kind == Role { // role chaining
		longest = time.Hour
	}
	d, err := duration(in.Duration, time.Hour, 15*time.Minute, longest)
	if err != nil {
		return nil, err
	}
	limits, err := s.sessionPolicies(ctx, in)
	if err != nil {
		return nil, err
	}
	return s.issue(ctx, sessionBody{Kind: Role, Name: role.Name, Path: role.Path, Session: in.Session,
		ID: role.ID + ":" + in.Session, Policies: limits}, d)
}

// SessionToken returns temporary credentials of the user or root p itself. d is
// 15 minutes to 36 hours, 0 for 12 hours; root gets at most an hour. Refuses
// with BadInput, and with Session when p is temporary itself.
func (s *Service) SessionToken(ctx context.Context, p *Principal, d time.Duration) (*Temporary, error) {
	if p == nil {
		return nil, Anonymous.New()
	}
	if p.session != nil {
		return nil, Session.New(p.ARN(), "sts:GetSessionToken", "*", "sts:GetSessionToken")
	}
	d, err := duration(d, 12*time.Hour, 15*time.Minute, 36*time.Hour)
	if err != nil {
		return nil, err
	}
	if p.Kind == Root {
		d = min(d, time.Hour)
	}
	return s.issue(ctx, sessionBody{Kind: p.Kind, Name: p.Name, Path: p.Path, ID: p.ID, FromUser: true}, d)
}

func duration(d, otherwise, least, most time.Duration) (time.Duration, error) {
	if d == 0 {
		return min(otherwise, most), nil
	}
	if d < least || d > most {
		return 0, BadInput.New(fmt.Sprintf("The requested DurationSeconds must be from %d to %d for this session", least/time.Second, most/time.Second))
	}
	return d, nil
}

// roleByARN returns the role, or nil if the account has none of that ARN.
func (s *Service) roleByARN(ctx context.Context, arn string) (*Entity, error) {
	if len(arn) < 20 || len(arn) > 2048 || !strings.HasPrefix(arn, "arn:") {
		return nil, BadInput.New(fmt.Sprintf("%q is invalid: a role's ARN is arn:aws:iam::ACCOUNT:role/NAME", arn))
	}
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	e, err := s.Get(ctx, Role, name)
	if err != nil {
		if errors.Is(err, NoEntity) {
			return nil, nil
		}
		return nil, err
	}
	if s.ARN(e) != arn {
		return nil, nil
	}
	return e, nil
}

// trusted asks the role's trust policy and, where it leaves the choice to the
// account, the caller's own policies.
func (s *Service) trusted(ctx context.Context, p *Principal, role *Entity, in AssumeInput) error {
	doc, err := policy.Parse(role.Trust, policy.Trust)
	if err != nil {
		return err // was checked when it was written
	}
	g := &grants{}
	if p.Kind != Root {
		if g, err = s.grantsOf(ctx, p.Kind, p.Name); err != nil {
			return err
		}
	}
	keys := s.principalContext(p, g, in.Context)
	if in.ExternalID != "" {
		keys["sts:externalid"] = []string{in.ExternalID}
	}
	keys["sts:rolesessionname"] = []string{in.Session}
	arn := s.ARN(role)
	account := "arn:aws:iam::" + s.cfg.Account + ":root"
	ask := func(names ...string) policy.Decision {
		return policy.Evaluate([]*policy.Document{doc}, &policy.Request{Action: "sts:AssumeRole", Resource: arn, Principals: names, Context: keys})
	}
	all, self := ask(p.ARN(), p.entityARN(), account), ask(p.ARN(), p.entityARN())
	if all != policy.Allow {
		return NoTrust.New(p.ARN(), arn)
	}
	own := s.Authorize(ctx, p, Request{Action: "sts:AssumeRole", Resource: arn, Context: in.Context})
	if own == nil || self == policy.Allow && errors.Is(own, Implicit) {
		return nil
	}
	return own
}

// sessionPolicies returns the documents that limit the session.
func (s *Service) sessionPolicies(ctx context.Context, in AssumeInput) (texts []string, err error) {
	if len(in.PolicyARNs) > 10 {
		return nil, Limit.New("PolicyArns", 10)
	}
	if in.Policy != "" {
		if err := checkDocument(in.Policy, policy.Identity, 2048); err != nil {
			return nil, err
		}
		texts = append(texts, in.Policy)
	}
	for _, arn := range in.PolicyARNs {
		v, err := s.GetVersion(ctx, arn, 0)
		if err != nil {
			return nil, err
		}
		texts = append(texts, v.Document)
	}
	return texts, nil
}

// issue makes and keeps temporary credentials.
func (s *Service) issue(ctx context.Context, b sessionBody, d time.Duration) (*Temporary, error) {
	now := s.now().UTC().Truncate(time.Second)
	t := &Temporary{AccessKey: "ASIA" + id.Upper(16), Secret: id.Secret(40), Token: "IQoJb3JpZ2lu" + id.Secret(244), Expires: now.Add(d)}
	raw, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	if t.Principal, err = s.principalOf(t.AccessKey, b, now); err != nil {
		return nil, err
	}
	return t, s.db.Update(ctx, func(tx *meta.Tx) error {
		_, err := tx.Exec("INSERT INTO identity_session (access_key, secret, token, issued, expires, body) VALUES (?, ?, ?, ?, ?, ?)",
			t.AccessKey, s.seal(t.AccessKey, t.Secret), hashToken(t.Token), now.Unix(), t.Expires.Unix(), string(raw))
		return err
	})
}

func (s *Service) principalOf(accessKey string, b sessionBody, issued time.Time) (*Principal, error) {
	p := &Principal{Account: s.cfg.Account, Kind: b.Kind, Name: b.Name, Path: b.Path, Session: b.Session, ID: b.ID, AccessKey: accessKey,
		session: &session{issued: issued.Format(time.RFC3339), fromUser: b.FromUser}}
	for _, text := range b.Policies {
		d, err := policy.Parse(text, policy.Identity)
		if err != nil {
			return nil, err // was checked when it was written
		}
		p.session.limits = append(p.session.limits, d)
	}
	return p, nil
}

// readSession reads temporary credentials, expired ones too, or nil. Those of a
// user or role that has been deleted, or made anew, are gone with it.
func (s *Service) readSession(tx *meta.Tx, accessKey string) (*record, error) {
	r := &record{}
	var sealed []byte
	var issued, expires int64
	var raw string
	found, err := tx.Get([]any{&sealed, &r.token, &issued, &expires, &raw},
		"SELECT secret, token, issued, expires, body FROM identity_session WHERE access_key = ?", accessKey)
	if !found || err != nil {
		return nil, err
	}
	var b sessionBody
	if err := json.Unmarshal([]byte(raw), &b); err != nil {
		return nil, err
	}
	if b.Kind != Root {
		owner, _, _ := strings.Cut(b.ID, ":")
		if found, err = tx.Get([]any{&b.Name, &b.Path}, "SELECT name, path FROM identity_entity WHERE id = ?", owner); !found || err != nil {
			return nil, err
		}
	}
	if r.Secret, err = s.unseal(accessKey, sealed); err != nil {
		return nil, err
	}
	r.expires = time.Unix(expires, 0)
	r.Principal, err = s.principalOf(accessKey, b, time.Unix(issued, 0).UTC())
	return r, err
}
