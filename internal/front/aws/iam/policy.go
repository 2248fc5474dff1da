package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

func (d door) policies() []gate.Op {
	return []gate.Op{
		gate.Handle("CreatePolicy", d.createPolicy, gate.Row[iam.CreatePolicyInput]{
			Honours: []string{"PolicyName", "PolicyDocument", "Description", "Path", "Tags.*"},
			Resource: func(in *iam.CreatePolicyInput) []string {
				return d.new("policy", in.Path, in.PolicyName)
			}}),
		gate.Handle("GetPolicy", d.getPolicy, onPolicy(func(in *iam.GetPolicyInput) *string { return in.PolicyArn }, "PolicyArn")),
		gate.Handle("ListPolicies", d.listPolicies, within[iam.ListPoliciesInput](d, "policy", "Marker", "MaxItems", "OnlyAttached", "PathPrefix", "Scope")),
		gate.Handle("DeletePolicy", d.deletePolicy, onPolicy(func(in *iam.DeletePolicyInput) *string { return in.PolicyArn }, "PolicyArn")),
	}
}

func (d door) versions() []gate.Op {
	return []gate.Op{
		gate.Handle("CreatePolicyVersion", d.createVersion, onPolicy(func(in *iam.CreatePolicyVersionInput) *string { return in.PolicyArn }, "PolicyArn", "PolicyDocument", "SetAsDefault")),
		gate.Handle("GetPolicyVersion", d.getVersion, onPolicy(func(in *iam.GetPolicyVersionInput) *string { return in.PolicyArn }, "PolicyArn", "VersionId")),
		gate.Handle("ListPolicyVersions", d.listVersions, onPolicy(func(in *iam.ListPolicyVersionsInput) *string { return in.PolicyArn }, "PolicyArn", "Marker", "MaxItems")),
		gate.Handle("DeletePolicyVersion", d.deleteVersion, onPolicy(func(in *iam.DeletePolicyVersionInput) *string { return in.PolicyArn }, "PolicyArn", "VersionId")),
		gate.Handle("SetDefaultPolicyVersion", d.setDefault, onPolicy(func(in *iam.SetDefaultPolicyVersionInput) *string { return in.PolicyArn }, "PolicyArn", "VersionId")),
	}
}

func (d door) createPolicy(ctx context.Context, in *iam.CreatePolicyInput) (*iam.CreatePolicyOutput, error) {
	p, err := d.ids.CreatePolicy(ctx, identity.Policy{Name: str(in.PolicyName), Path: str(in.Path), Description: str(in.Description),
		Tags: tagMap(in.Tags)}, str(in.PolicyDocument))
	if err != nil {
		return nil, err
	}
	return &iam.CreatePolicyOutput{Policy: managed(p)}, nil
}

func (d door) getPolicy(ctx context.Context, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	p, err := d.ids.GetPolicy(ctx, str(in.PolicyArn))
	if err != nil {
		return nil, err
	}
	return &iam.GetPolicyOutput{Policy: managed(p)}, nil
}

func (d door) listPolicies(ctx context.Context, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
	q, err := input("policies", in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	keep := func(p *identity.Policy) bool {
		return !(in.OnlyAttached && p.Attachments == 0 || in.Scope == types.PolicyScopeTypeLocal && p.Builtin ||
			in.Scope == types.PolicyScopeTypeAws && !p.Builtin)
	}
	all, more, err := d.ids.ListPolicies(ctx, q, keep)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPoliciesOutput{Policies: []types.Policy{}, IsTruncated: more}
	for i := range all {
		p := managed(&all[i])
		p.Tags, p.Description = nil, nil // listings leave these out
		out.Policies = append(out.Policies, *p)
		out.Marker = next("policies", more, all[i].Name)
	}
	return out, nil
}

func (d door) deletePolicy(ctx context.Context, in *iam.DeletePolicyInput) (*iam.DeletePolicyOutput, error) {
	return &iam.DeletePolicyOutput{}, d.ids.DeletePolicy(ctx, str(in.PolicyArn))
}

func (d door) createVersion(ctx context.Context, in *iam.CreatePolicyVersionInput) (*iam.CreatePolicyVersionOutput, error) {
	v, err := d.ids.CreateVersion(ctx, str(in.PolicyArn), str(in.PolicyDocument), in.SetAsDefault)
	return &iam.CreatePolicyVersionOutput{PolicyVersion: ptr(version(v, false))}, err
}

func (d door) getVersion(ctx context.Context, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
	n := identity.ParseVersion(str(in.VersionId))
	if n == 0 {
		return nil, identity.NoVersion.New(str(in.PolicyArn), str(in.VersionId))
	}
	v, err := d.ids.GetVersion(ctx, str(in.PolicyArn), n)
	return &iam.GetPolicyVersionOutput{PolicyVersion: ptr(version(v, true))}, err
}

func (d door) listVersions(ctx context.Context, in *iam.ListPolicyVersionsInput) (*iam.ListPolicyVersionsOutput, error) {
	all, err := d.ids.ListVersions(ctx, str(in.PolicyArn))
	if err != nil {
		return nil, err
	}
	list, more, marker, err := paged("versions", all, in.Marker, in.MaxItems)
	out := &iam.ListPolicyVersionsOutput{Versions: []types.PolicyVersion{}, IsTruncated: more, Marker: marker}
	for _, v := range list {
		out.Versions = append(out.Versions, version(v, false))
	}
	return out, err
}

func (d door) deleteVersion(ctx context.Context, in *iam.DeletePolicyVersionInput) (*iam.DeletePolicyVersionOutput, error) {
	return &iam.DeletePolicyVersionOutput{}, d.ids.DeleteVersion(ctx, str(in.PolicyArn), identity.ParseVersion(str(in.VersionId)))
}

func (d door) setDefault(ctx context.Context, in *iam.SetDefaultPolicyVersionInput) (*iam.SetDefaultPolicyVersionOutput, error) {
	return &iam.SetDefaultPolicyVersionOutput{}, d.ids.SetDefault(ctx, str(in.PolicyArn), identity.ParseVersion(str(in.VersionId)))
}
