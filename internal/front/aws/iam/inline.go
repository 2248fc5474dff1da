package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// inline is the policies written into one user, role or group. The three kinds
// have operations of their own that differ in the name's field.
func (d door) inline() []gate.Op {
	return []gate.Op{
		gate.Handle("PutUserPolicy", d.putUserPolicy, about(d, identity.User, func(in *iam.PutUserPolicyInput) *string { return in.UserName }, "UserName", "PolicyName", "PolicyDocument")),
		gate.Handle("GetUserPolicy", d.getUserPolicy, about(d, identity.User, func(in *iam.GetUserPolicyInput) *string { return in.UserName }, "UserName", "PolicyName")),
		gate.Handle("ListUserPolicies", d.listUserPolicies, about(d, identity.User, func(in *iam.ListUserPoliciesInput) *string { return in.UserName }, "UserName", "Marker", "MaxItems")),
		gate.Handle("DeleteUserPolicy", d.deleteUserPolicy, about(d, identity.User, func(in *iam.DeleteUserPolicyInput) *string { return in.UserName }, "UserName", "PolicyName")),
		gate.Handle("PutRolePolicy", d.putRolePolicy, about(d, identity.Role, func(in *iam.PutRolePolicyInput) *string { return in.RoleName }, "RoleName", "PolicyName", "PolicyDocument")),
		gate.Handle("GetRolePolicy", d.getRolePolicy, about(d, identity.Role, func(in *iam.GetRolePolicyInput) *string { return in.RoleName }, "RoleName", "PolicyName")),
		gate.Handle("ListRolePolicies", d.listRolePolicies, about(d, identity.Role, func(in *iam.ListRolePoliciesInput) *string { return in.RoleName }, "RoleName", "Marker", "MaxItems")),
		gate.Handle("DeleteRolePolicy", d.deleteRolePolicy, about(d, identity.Role, func(in *iam.DeleteRolePolicyInput) *string { return in.RoleName }, "RoleName", "PolicyName")),
		gate.Handle("PutGroupPolicy", d.putGroupPolicy, about(d, identity.Group, func(in *iam.PutGroupPolicyInput) *string { return in.GroupName }, "GroupName", "PolicyName", "PolicyDocument")),
		gate.Handle("GetGroupPolicy", d.getGroupPolicy, about(d, identity.Group, func(in *iam.GetGroupPolicyInput) *string { return in.GroupName }, "GroupName", "PolicyName")),
		gate.Handle("ListGroupPolicies", d.listGroupPolicies, about(d, identity.Group, func(in *iam.ListGroupPoliciesInput) *string { return in.GroupName }, "GroupName", "Marker", "MaxItems")),
		gate.Handle("DeleteGroupPolicy", d.deleteGroupPolicy, about(d, identity.Group, func(in *iam.DeleteGroupPolicyInput) *string { return in.GroupName }, "GroupName", "PolicyName")),
	}
}

// listInline returns a page of the names of an entity's inline policies.
func (d door) listInline(ctx context.Context, kind identity.Kind, name, marker *string, maxItems *int32) ([]string, bool, *string, error) {
	all, err := d.ids.ListInline(ctx, kind, str(name))
	if err != nil {
		return nil, false, nil, err
	}
	return paged("inline", all, marker, maxItems)
}

func (d door) putUserPolicy(ctx context.Context, in *iam.PutUserPolicyInput) (*iam.PutUserPolicyOutput, error) {
	return &iam.PutUserPolicyOutput{}, d.ids.PutInline(ctx, identity.User, str(in.UserName), str(in.PolicyName), str(in.PolicyDocument))
}

func (d door) getUserPolicy(ctx context.Context, in *iam.GetUserPolicyInput) (*iam.GetUserPolicyOutput, error) {
	text, err := d.ids.GetInline(ctx, identity.User, str(in.UserName), str(in.PolicyName))
	return &iam.GetUserPolicyOutput{PolicyDocument: document(text), PolicyName: in.PolicyName, UserName: in.UserName}, err
}

func (d door) listUserPolicies(ctx context.Context, in *iam.ListUserPoliciesInput) (*iam.ListUserPoliciesOutput, error) {
	names, more, marker, err := d.listInline(ctx, identity.User, in.UserName, in.Marker, in.MaxItems)
	return &iam.ListUserPoliciesOutput{PolicyNames: names, IsTruncated: more, Marker: marker}, err
}

func (d door) deleteUserPolicy(ctx context.Context, in *iam.DeleteUserPolicyInput) (*iam.DeleteUserPolicyOutput, error) {
	return &iam.DeleteUserPolicyOutput{}, d.ids.DeleteInline(ctx, identity.User, str(in.UserName), str(in.PolicyName))
}

func (d door) putRolePolicy(ctx context.Context, in *iam.PutRolePolicyInput) (*iam.PutRolePolicyOutput, error) {
	return &iam.PutRolePolicyOutput{}, d.ids.PutInline(ctx, identity.Role, str(in.RoleName), str(in.PolicyName), str(in.PolicyDocument))
}

func (d door) getRolePolicy(ctx context.Context, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
	text, err := d.ids.GetInline(ctx, identity.Role, str(in.RoleName), str(in.PolicyName))
	return &iam.GetRolePolicyOutput{PolicyDocument: document(text), PolicyName: in.PolicyName, RoleName: in.RoleName}, err
}

func (d door) listRolePolicies(ctx context.Context, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
	names, more, marker, err := d.listInline(ctx, identity.Role, in.RoleName, in.Marker, in.MaxItems)
	return &iam.ListRolePoliciesOutput{PolicyNames: names, IsTruncated: more, Marker: marker}, err
}

func (d door) deleteRolePolicy(ctx context.Context, in *iam.DeleteRolePolicyInput) (*iam.DeleteRolePolicyOutput, error) {
	return &iam.DeleteRolePolicyOutput{}, d.ids.DeleteInline(ctx, identity.Role, str(in.RoleName), str(in.PolicyName))
}

func (d door) putGroupPolicy(ctx context.Context, in *iam.PutGroupPolicyInput) (*iam.PutGroupPolicyOutput, error) {
	return &iam.PutGroupPolicyOutput{}, d.ids.PutInline(ctx, identity.Group, str(in.GroupName), str(in.PolicyName), str(in.PolicyDocument))
}

func (d door) getGroupPolicy(ctx context.Context, in *iam.GetGroupPolicyInput) (*iam.GetGroupPolicyOutput, error) {
	text, err := d.ids.GetInline(ctx, identity.Group, str(in.GroupName), str(in.PolicyName))
	return &iam.GetGroupPolicyOutput{PolicyDocument: document(text), PolicyName: in.PolicyName, GroupName: in.GroupName}, err
}

func (d door) listGroupPolicies(ctx context.Context, in *iam.ListGroupPoliciesInput) (*iam.ListGroupPoliciesOutput, error) {
	names, more, marker, err := d.listInline(ctx, identity.Group, in.GroupName, in.Marker, in.MaxItems)
	return &iam.ListGroupPoliciesOutput{PolicyNames: names, IsTruncated: more, Marker: marker}, err
}

func (d door) deleteGroupPolicy(ctx context.Context, in *iam.DeleteGroupPolicyInput) (*iam.DeleteGroupPolicyOutput, error) {
	return &iam.DeleteGroupPolicyOutput{}, d.ids.DeleteInline(ctx, identity.Group, str(in.GroupName), str(in.PolicyName))
}
