// Package sts is the door to temporary credentials in the STS API (query
// protocol, version 2011-06-15): who am I, assume a role, session tokens.
package sts

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/wire/awsquery"
)

type door struct{ ids *identity.Service }

// Door returns the service's tables.
func Door(ids *identity.Service) gate.Door {
	d := door{ids}
	return gate.Door{Service: "sts", Version: "2011-06-15", Codec: awsquery.Codec{Namespace: "https://sts.amazonaws.com/doc/2011-06-15/"},
		Ops: []gate.Op{
			gate.Handle("GetCallerIdentity", d.caller, gate.Row[sts.GetCallerIdentityInput]{AnyCaller: true}),
			// The role's trust policy decides, together with the caller's own.
			gate.Handle("AssumeRole", d.assume, gate.Row[sts.AssumeRoleInput]{AnyCaller: true,
				Limit:   "no session tags, source identity or MFA",
				Honours: []string{"RoleArn", "RoleSessionName", "DurationSeconds", "ExternalId", "Policy", "PolicyArns.*"}}),
			gate.Handle("GetSessionToken", d.sessionToken, gate.Row[sts.GetSessionTokenInput]{AnyCaller: true,
				Limit: "no MFA", Honours: []string{"DurationSeconds"}}),
			gate.Handle("GetAccessKeyInfo", d.keyInfo, gate.Row[sts.GetAccessKeyInfoInput]{Honours: []string{"AccessKeyId"}}),
		},
		Codes: codes(), Known: known()}
}

// codes names the refusals of identities as the real service does.
// Source: the errors of the service's API model.
func codes() map[*fault.Reason]gate.Code {
	invalid := gate.Code{Name: "ValidationError", Status: 400}
	denied := gate.Code{Name: "AccessDenied", Status: 403}
	none := gate.Code{Name: "NoSuchEntity", Status: 404}
	return map[*fault.Reason]gate.Code{
		identity.NoTrust: denied, identity.NotChangeable: denied,
		identity.BadInput: invalid, identity.NoPolicy: invalid, gate.Unhonoured: invalid,
		identity.BadDocument: {Name: "MalformedPolicyDocument", Status: 400},
		identity.Limit:       {Name: "PackedPolicyTooLarge", Status: 400},
		// Refusals of changes, which this door does not make.
		identity.NoEntity: none, identity.NoKey: none, identity.NoInline: none, identity.NoVersion: none,
		identity.NotAttached: none, identity.NotMember: none, identity.NoLogin: none,
		identity.EntityExists: invalid, identity.PolicyExists: invalid, identity.InUse: invalid, identity.Default: invalid,
	}
}

// known is every operation of the real service.
// Source: the service's API model of version 2011-06-15.
func known() []string {
	return []string{"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage",
		"GetAccessKeyInfo", "GetCallerIdentity", "GetDelegatedAccessToken", "GetFederationToken", "GetSessionToken", "GetWebIdentityToken"}
}

func ptr[T any](v T) *T { return &v }

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func seconds(n *int32) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(*n) * time.Second
}

func (d door) caller(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	p := identity.FromContext(ctx)
	return &sts.GetCallerIdentityOutput{Account: &p.Account, Arn: ptr(p.ARN()), UserId: &p.ID}, nil
}

func (d door) assume(ctx context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	if s := in.DurationSeconds; s != nil && *s <= 0 {
		return nil, identity.BadInput.New("DurationSeconds must be at least 900")
	}
	q := identity.AssumeInput{RoleARN: str(in.RoleArn), Session: str(in.RoleSessionName), Duration: seconds(in.DurationSeconds),
		ExternalID: str(in.ExternalId), Policy: str(in.Policy), Context: gate.Conditions(ctx)}
	for _, p := range in.PolicyArns {
		q.PolicyARNs = append(q.PolicyARNs, str(p.Arn))
	}
	t, err := d.ids.AssumeRole(ctx, identity.FromContext(ctx), q)
	if err != nil {
		return nil, err
	}
	return &sts.AssumeRoleOutput{Credentials: credentials(t),
		AssumedRoleUser: &types.AssumedRoleUser{Arn: ptr(t.Principal.ARN()), AssumedRoleId: &t.Principal.ID}}, nil
}

func credentials(t *identity.Temporary) *types.Credentials {
	return &types.Credentials{AccessKeyId: &t.AccessKey, SecretAccessKey: &t.Secret, SessionToken: &t.Token, Expiration: &t.Expires}
}

func (d door) sessionToken(ctx context.Context, in *sts.GetSessionTokenInput) (*sts.GetSessionTokenOutput, error) {
	if s := in.DurationSeconds; s != nil && *s <= 0 {
		return nil, identity.BadInput.New("DurationSeconds must be at least 900")
	}
	t, err := d.ids.SessionToken(ctx, identity.FromContext(ctx), seconds(in.DurationSeconds))
	if err != nil {
		return nil, err
	}
	return &sts.GetSessionTokenOutput{Credentials: credentials(t)}, nil
}

func (d door) keyInfo(ctx context.Context, in *sts.GetAccessKeyInfoInput) (*sts.GetAccessKeyInfoOutput, error) {
	id := str(in.AccessKeyId)
	if len(id) < 16 || len(id) > 128 || !strings.HasPrefix(id, "A") {
		return nil, identity.BadInput.New("AccessKeyId must be an access key id")
	}
	err := d.ids.KnowsKey(ctx, id)
	if errors.Is(err, identity.UnknownKey) {
		return nil, identity.BadInput.New("The access key id is not one of this server's account")
	}
	return &sts.GetAccessKeyInfoOutput{Account: ptr(d.ids.Account())}, err
}
