package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// attachments join managed policies to users, roles and groups.
func (d door) attachments() []gate.Op {
	return []gate.Op{
		gate.Handle("AttachUserPolicy", d.attachUserPolicy, withPolicy(about(d, identity.User, func(in *iam.AttachUserPolicyInput) *string { return in.UserName }, "UserName", "PolicyArn"),
			func(in *iam.AttachUserPolicyInput) *string { return in.PolicyArn })),
		gate.Handle("DetachUserPolicy", d.detachUserPolicy, withPolicy(about(d, identity.User, func(in *iam.DetachUserPolicyInput) *string { return in.UserName }, "UserName", "PolicyArn"),
			func(in *iam.DetachUserPolicyInput) *string { return in.PolicyArn })),
		gate.Handle("ListAttachedUserPolicies", d.listAttachedUserPolicies, about(d, identity.User, func(in *iam.ListAttachedUserPoliciesInput) *string { return in.UserName }, "UserName", "PathPrefix", "Marker", "MaxItems")),
		gate.Handle("AttachRolePolicy", d.attachRolePolicy, withPolicy(about(d, identity.Role, func(in *iam.AttachRolePolicyInput) *string { return in.RoleName }, "RoleName", "PolicyArn"),
			func(in *iam.AttachRolePolicyInput) *string { return in.PolicyArn })),
		gate.Handle("DetachRolePolicy", d.detachRolePolicy, withPolicy(about(d, identity.Role, func(in *iam.DetachRolePolicyInput) *string { return in.RoleName }, "RoleName", "PolicyArn"),
			func(in *iam.DetachRolePolicyInput) *string { return in.PolicyArn })),
		gate.Handle("ListAttachedRolePolicies", d.listAttachedRolePolicies, about(d, identity.Role, func(in *iam.ListAttachedRolePoliciesInput) *string { return in.RoleName }, "RoleName", "PathPrefix", "Marker", "MaxItems")),
		gate.Handle("AttachGroupPolicy", d.attachGroupPolicy, withPolicy(about(d, identity.Group, func(in *iam.AttachGroupPolicyInput) *string { return in.GroupName }, "GroupName", "PolicyArn"),
			func(in *iam.AttachGroupPolicyInput) *string { return in.PolicyArn })),
		gate.Handle("DetachGroupPolicy", d.detachGroupPolicy, withPolicy(about(d, identity.Group, func(in *iam.DetachGroupPolicyInput) *string { return in.GroupName }, "GroupName", "PolicyArn"),
			func(in *iam.DetachGroupPolicyInput) *string { return in.PolicyArn })),
		gate.Handle("ListAttachedGroupPolicies", d.listAttachedGroupPolicies, about(d, identity.Group, func(in *iam.ListAttachedGroupPoliciesInput) *string { return in.GroupName }, "GroupName", "PathPrefix", "Marker", "MaxItems")),
		gate.Handle("ListEntitiesForPolicy", d.listEntities, onPolicy(func(in *iam.ListEntitiesForPolicyInput) *string { return in.PolicyArn },
			"PolicyArn", "EntityFilter", "PathPrefix", "Marker", "MaxItems")),
	}
}

// withPolicy adds the condition key that says which policy is joined.
func withPolicy[In any](row gate.Row[In], arn func(in *In) *string) gate.Row[In] {
	row.Conditions = func(in *In) map[string][]string { return map[string][]string{"iam:policyarn": {str(arn(in))}} }
	return row
}

// listAttached returns a page of an entity's managed policies.
func (d door) listAttached(ctx context.Context, kind identity.Kind, name, prefix, marker *string, maxItems *int32) ([]types.AttachedPolicy, bool, *string, error) {
	all, err := d.ids.ListAttached(ctx, kind, str(name))
	if err != nil {
		return nil, false, nil, err
	}
	var kept []types.AttachedPolicy
	for i := range all {
		if strings.HasPrefix(all[i].Path, str(prefix)) {
			kept = append(kept, types.AttachedPolicy{PolicyArn: &all[i].ARN, PolicyName: &all[i].Name})
		}
	}
	return paged("attached", kept, marker, maxItems)
}

func (d door) listEntities(ctx context.Context, in *iam.ListEntitiesForPolicyInput) (*iam.ListEntitiesForPolicyOutput, error) {
	all, err := d.ids.ListHolders(ctx, str(in.PolicyArn))
	if err != nil {
		return nil, err
	}
	var kept []identity.Entity
	for _, e := range all {
		if strings.HasPrefix(e.Path, str(in.PathPrefix)) && wanted(in.EntityFilter, e.Kind) {
			kept = append(kept, e)
		}
	}
	kept, more, marker, err := paged("entities", kept, in.Marker, in.MaxItems)
	out := &iam.ListEntitiesForPolicyOutput{PolicyGroups: []types.PolicyGroup{}, PolicyRoles: []types.PolicyRole{}, PolicyUsers: []types.PolicyUser{},
		IsTruncated: more, Marker: marker}
	for i := range kept {
		switch e := &kept[i]; e.Kind {
		case identity.User:
			out.PolicyUsers = append(out.PolicyUsers, types.PolicyUser{UserId: &e.ID, UserName: &e.Name})
		case identity.Role:
			out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleId: &e.ID, RoleName: &e.Name})
		case identity.Group:
			out.PolicyGroups = append(out.PolicyGroups, types.PolicyGroup{GroupId: &e.ID, GroupName: &e.Name})
		}
	}
	return out, err
}

// wanted tells whether a kind passes the filter; other filters name kinds of
// policies, of which entities have none.
func wanted(filter types.EntityType, kind identity.Kind) bool {
	return filter == "" || strings.EqualFold(string(filter), string(kind))
}

func (d door) attachUserPolicy(ctx context.Context, in *iam.AttachUserPolicyInput) (*iam.AttachUserPolicyOutput, error) {
	return &iam.AttachUserPolicyOutput{}, d.ids.Attach(ctx, identity.User, str(in.UserName), str(in.PolicyArn))
}

func (d door) detachUserPolicy(ctx context.Context, in *iam.DetachUserPolicyInput) (*iam.DetachUserPolicyOutput, error) {
	return &iam.DetachUserPolicyOutput{}, d.ids.Detach(ctx, identity.User, str(in.UserName), str(in.PolicyArn))
}

func (d door) listAttachedUserPolicies(ctx context.Context, in *iam.ListAttachedUserPoliciesInput) (*iam.ListAttachedUserPoliciesOutput, error) {
	list, more, marker, err := d.listAttached(ctx, identity.User, in.UserName, in.PathPrefix, in.Marker, in.MaxItems)
	return &iam.ListAttachedUserPoliciesOutput{AttachedPolicies: list, IsTruncated: more, Marker: marker}, err
}

func (d door) attachRolePolicy(ctx context.Context, in *iam.AttachRolePolicyInput) (*iam.AttachRolePolicyOutput, error) {
	return &iam.AttachRolePolicyOutput{}, d.ids.Attach(ctx, identity.Role, str(in.RoleName), str(in.PolicyArn))
}

func (d door) detachRolePolicy(ctx context.Context, in *iam.DetachRolePolicyInput) (*iam.DetachRolePolicyOutput, error) {
	return &iam.DetachRolePolicyOutput{}, d.ids.Detach(ctx, identity.Role, str(in.RoleName), str(in.PolicyArn))
}

func (d door) listAttachedRolePolicies(ctx context.Context, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
	list, more, marker, err := d.listAttached(ctx, identity.Role, in.RoleName, in.PathPrefix, in.Marker, in.MaxItems)
	return &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: list, IsTruncated: more, Marker: marker}, err
}

func (d door) attachGroupPolicy(ctx context.Context, in *iam.AttachGroupPolicyInput) (*iam.AttachGroupPolicyOutput, error) {
	return &iam.AttachGroupPolicyOutput{}, d.ids.Attach(ctx, identity.Group, str(in.GroupName), str(in.PolicyArn))
}

func (d door) detachGroupPolicy(ctx context.Context, in *iam.DetachGroupPolicyInput) (*iam.DetachGroupPolicyOutput, error) {
	return &iam.DetachGroupPolicyOutput{}, d.ids.Detach(ctx, identity.Group, str(in.GroupName), str(in.PolicyArn))
}

func (d door) listAttachedGroupPolicies(ctx context.Context, in *iam.ListAttachedGroupPoliciesInput) (*iam.ListAttachedGroupPoliciesOutput, error) {
	list, more, marker, err := d.listAttached(ctx, identity.Group, in.GroupName, in.PathPrefix, in.Marker, in.MaxItems)
	return &iam.ListAttachedGroupPoliciesOutput{AttachedPolicies: list, IsTruncated: more, Marker: marker}, err
}
