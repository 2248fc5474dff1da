package identity

import (
	"context"
	"fmt"
)

// Kind is the class of a principal.
type Kind string

// The kinds of principal.
const (
	Root Kind = "root" // the account itself
	User Kind = "user" // a named user with access keys
	Role Kind = "role" // a session of an assumed role
	// Group is a set of users; it is never a principal.
	Group Kind = "group"
)

// Principal is an authenticated caller.
type Principal struct {
	Account   string // 12 digits
	Kind      Kind
	Name      string // user or role name; empty for root
	Path      string // "/" or "/a/b/"; empty means "/"
	Session   string // role session name; empty unless Kind is Role
	ID        string // unique id: the account's for root, AIDA... for users, AROA...:session for roles
	AccessKey string // the access key that signed, if any

	session *session // of temporary credentials
}

// ARN returns the principal's Amazon resource name, as sts:GetCallerIdentity does.
func (p *Principal) ARN() string {
	path := p.Path
	if path == "" {
		path = "/"
	}
	switch p.Kind {
	case Root:
		return fmt.Sprintf("arn:aws:iam::%s:root", p.Account)
	case Role:
		return fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", p.Account, p.Name, p.Session)
	default:
		return fmt.Sprintf("arn:aws:iam::%s:user%s%s", p.Account, path, p.Name)
	}
}

// entityARN is the ARN of the user, the role itself, or the account.
func (p *Principal) entityARN() string {
	if p.Kind != Role {
		return p.ARN()
	}
	path := p.Path
	if path == "" {
		path = "/"
	}
	return fmt.Sprintf("arn:aws:iam::%s:role%s%s", p.Account, path, p.Name)
}

type contextKey struct{}

// NewContext returns a context that carries the caller.
func NewContext(ctx context.Context, p *Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// FromContext returns the caller, or nil for a request without one. Code that
// acts for the server itself runs without a caller and is not asked.
func FromContext(ctx context.Context) *Principal {
	p, _ := ctx.Value(contextKey{}).(*Principal)
	return p
}

// Request is one question to the policies.
type Request struct {
	Action   string              // "s3:GetObject"
	Resource string              // an ARN, or "*" for operations without a resource
	Context  map[string][]string // condition keys in lower case: "aws:sourceip", "s3:prefix"
}
