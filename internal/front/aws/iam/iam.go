// Package iam is the door to identities in the IAM API (query protocol,
// version 2010-05-08): users and their access keys, groups, roles, inline and
// managed policies.
//
// The root account is not a user here: its key is in the data folder.
package iam

import (
	"context"
	"errors"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/wire/awsquery"
)

type door struct{ ids *identity.Service }

// Door returns the service's tables.
func Door(ids *identity.Service) gate.Door {
	d := door{ids}
	var ops []gate.Op
	for _, group := range [][]gate.Op{d.users(), d.keys(), d.groups(), d.roles(), d.inline(), d.policies(), d.versions(),
		d.attachments(), d.tags(), d.account(), d.simulations()} {
		ops = append(ops, group...)
	}
	return gate.Door{Service: "iam", Version: "2010-05-08", Codec: awsquery.Codec{Namespace: "https://iam.amazonaws.com/doc/2010-05-08/"},
		Ops: ops, Codes: codes(), Known: known()}
}

// arn names an entity for policies; one that is not there by its bare name.
func (d door) arn(kind identity.Kind, name string) string {
	e, err := d.ids.Get(context.Background(), kind, name)
	if errors.Is(err, identity.NoEntity) || err != nil {
		e = &identity.Entity{Kind: kind, Name: name, Path: "/"}
	}
	return d.ids.ARN(e)
}

// about is the row of an operation on one entity, whose name is in a field.
func about[In any](d door, kind identity.Kind, name func(in *In) *string, honours ...string) gate.Row[In] {
	return gate.Row[In]{Honours: honours, Resource: func(in *In) []string {
		n := str(name(in))
		if n == "" {
			return nil
		}
		return []string{d.arn(kind, n)}
	}}
}

// within is the row of an operation that lists below a path.
func within[In any](d door, kind string, honours ...string) gate.Row[In] {
	return gate.Row[In]{Honours: honours, Resource: func(*In) []string {
		return []string{"arn:aws:iam::" + d.ids.Account() + ":" + kind + "/"}
	}}
}

// onPolicy is the row of an operation on a managed policy.
func onPolicy[In any](arn func(in *In) *string, honours ...string) gate.Row[In] {
	return gate.Row[In]{Honours: honours, Resource: func(in *In) []string { return []string{str(arn(in))} }}
}

// self is the caller's name where an operation may leave the user out.
func self(ctx context.Context, name *string) (string, error) {
	if n := str(name); n != "" {
		return n, nil
	}
	p := identity.FromContext(ctx)
	if p == nil || p.Kind != identity.User {
		return "", identity.BadInput.New("Must specify userName when calling with non-User credentials")
	}
	return p.Name, nil
}
