package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

func (d door) roles() []gate.Op {
	return []gate.Op{
		gate.Handle("CreateRole", d.createRole, gate.Row[iam.CreateRoleInput]{
			Honours:  []string{"RoleName", "Path", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration", "Tags.*"},
			Resource: func(in *iam.CreateRoleInput) []string { return d.new(identity.Role, in.Path, in.RoleName) }}),
		gate.Handle("GetRole", d.getRole, about(d, identity.Role, func(in *iam.GetRoleInput) *string { return in.RoleName }, "RoleName")),
		gate.Handle("ListRoles", d.listRoles, within[iam.ListRolesInput](d, "role", "Marker", "MaxItems", "PathPrefix")),
		gate.Handle("UpdateRole", d.updateRole, about(d, identity.Role, func(in *iam.UpdateRoleInput) *string { return in.RoleName }, "RoleName", "Description", "MaxSessionDuration")),
		gate.Handle("UpdateRoleDescription", d.updateDescription, about(d, identity.Role, func(in *iam.UpdateRoleDescriptionInput) *string { return in.RoleName }, "RoleName", "Description")),
		gate.Handle("UpdateAssumeRolePolicy", d.updateTrust, about(d, identity.Role, func(in *iam.UpdateAssumeRolePolicyInput) *string { return in.RoleName }, "RoleName", "PolicyDocument")),
		gate.Handle("DeleteRole", d.deleteRole, about(d, identity.Role, func(in *iam.DeleteRoleInput) *string { return in.RoleName }, "RoleName")),
		gate.Handle("ListInstanceProfilesForRole", d.noProfiles, gate.Row[iam.ListInstanceProfilesForRoleInput]{
			Honours: []string{"RoleName", "Marker", "MaxItems"}, Limit: "there are no instance profiles: the list is empty",
			Resource: func(in *iam.ListInstanceProfilesForRoleInput) []string {
				return []string{d.arn(identity.Role, str(in.RoleName))}
			}}),
	}
}

func (d door) createRole(ctx context.Context, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	e, err := d.ids.Create(ctx, identity.Entity{Kind: identity.Role, Name: str(in.RoleName), Path: str(in.Path), Tags: tagMap(in.Tags),
		Trust: str(in.AssumeRolePolicyDocument), Description: str(in.Description), SessionMax: seconds(in.MaxSessionDuration)})
	if err != nil {
		return nil, err
	}
	return &iam.CreateRoleOutput{Role: d.role(e)}, nil
}

func seconds(n *int32) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(*n) * time.Second
}

func (d door) getRole(ctx context.Context, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	e, err := d.ids.Get(ctx, identity.Role, str(in.RoleName))
	if err != nil {
		return nil, err
	}
	return &iam.GetRoleOutput{Role: d.role(e)}, nil
}

func (d door) listRoles(ctx context.Context, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	q, err := input("roles", in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	all, more, err := d.ids.List(ctx, identity.Role, q)
	if err != nil {
		return nil, err
	}
	out := &iam.ListRolesOutput{Roles: []types.Role{}, IsTruncated: more}
	for i := range all {
		r := d.role(&all[i])
		r.Tags = nil // listings leave tags out
		out.Roles = append(out.Roles, *r)
		out.Marker = next("roles", more, all[i].Name)
	}
	return out, nil
}

func (d door) updateRole(ctx context.Context, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
	_, err := d.ids.Update(ctx, identity.Role, str(in.RoleName), func(e *identity.Entity) error {
		if in.Description != nil {
			e.Description = *in.Description
		}
		if in.MaxSessionDuration != nil {
			e.SessionMax = seconds(in.MaxSessionDuration)
		}
		return nil
	})
	return &iam.UpdateRoleOutput{}, err
}

func (d door) updateDescription(ctx context.Context, in *iam.UpdateRoleDescriptionInput) (*iam.UpdateRoleDescriptionOutput, error) {
	e, err := d.ids.Update(ctx, identity.Role, str(in.RoleName), func(e *identity.Entity) error {
		e.Description = str(in.Description)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &iam.UpdateRoleDescriptionOutput{Role: d.role(e)}, nil
}

func (d door) updateTrust(ctx context.Context, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
	_, err := d.ids.Update(ctx, identity.Role, str(in.RoleName), func(e *identity.Entity) error {
		e.Trust = str(in.PolicyDocument)
		return nil
	})
	return &iam.UpdateAssumeRolePolicyOutput{}, err
}

func (d door) deleteRole(ctx context.Context, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	return &iam.DeleteRoleOutput{}, d.ids.Delete(ctx, identity.Role, str(in.RoleName))
}

func (d door) noProfiles(ctx context.Context, in *iam.ListInstanceProfilesForRoleInput) (*iam.ListInstanceProfilesForRoleOutput, error) {
	if _, err := d.ids.Get(ctx, identity.Role, str(in.RoleName)); err != nil {
		return nil, err
	}
	return &iam.ListInstanceProfilesForRoleOutput{InstanceProfiles: []types.InstanceProfile{}}, nil
}
