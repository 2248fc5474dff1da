package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// tags is the tags of users, roles and managed policies.
func (d door) tags() []gate.Op {
	return []gate.Op{
		gate.Handle("TagUser", d.tagUser, about(d, identity.User, func(in *iam.TagUserInput) *string { return in.UserName }, "UserName", "Tags.*")),
		gate.Handle("UntagUser", d.untagUser, about(d, identity.User, func(in *iam.UntagUserInput) *string { return in.UserName }, "UserName", "TagKeys")),
		gate.Handle("ListUserTags", d.listUserTags, about(d, identity.User, func(in *iam.ListUserTagsInput) *string { return in.UserName }, "UserName", "Marker", "MaxItems")),
		gate.Handle("TagRole", d.tagRole, about(d, identity.Role, func(in *iam.TagRoleInput) *string { return in.RoleName }, "RoleName", "Tags.*")),
		gate.Handle("UntagRole", d.untagRole, about(d, identity.Role, func(in *iam.UntagRoleInput) *string { return in.RoleName }, "RoleName", "TagKeys")),
		gate.Handle("ListRoleTags", d.listRoleTags, about(d, identity.Role, func(in *iam.ListRoleTagsInput) *string { return in.RoleName }, "RoleName", "Marker", "MaxItems")),
		gate.Handle("TagPolicy", d.tagPolicy, onPolicy(func(in *iam.TagPolicyInput) *string { return in.PolicyArn }, "PolicyArn", "Tags.*")),
		gate.Handle("UntagPolicy", d.untagPolicy, onPolicy(func(in *iam.UntagPolicyInput) *string { return in.PolicyArn }, "PolicyArn", "TagKeys")),
		gate.Handle("ListPolicyTags", d.listPolicyTags, onPolicy(func(in *iam.ListPolicyTagsInput) *string { return in.PolicyArn }, "PolicyArn", "Marker", "MaxItems")),
	}
}

// retag adds tags to those of an entity and takes keys away.
func (d door) retag(ctx context.Context, kind identity.Kind, name string, add map[string]string, remove []string) error {
	_, err := d.ids.Update(ctx, kind, name, func(e *identity.Entity) error {
		if e.Tags == nil {
			e.Tags = map[string]string{}
		}
		change(e.Tags, add, remove)
		return nil
	})
	return err
}

func change(tags, add map[string]string, remove []string) {
	for k, v := range add {
		tags[k] = v
	}
	for _, k := range remove {
		delete(tags, k)
	}
}

func (d door) tagUser(ctx context.Context, in *iam.TagUserInput) (*iam.TagUserOutput, error) {
	return &iam.TagUserOutput{}, d.retag(ctx, identity.User, str(in.UserName), tagMap(in.Tags), nil)
}

func (d door) untagUser(ctx context.Context, in *iam.UntagUserInput) (*iam.UntagUserOutput, error) {
	return &iam.UntagUserOutput{}, d.retag(ctx, identity.User, str(in.UserName), nil, in.TagKeys)
}

func (d door) listUserTags(ctx context.Context, in *iam.ListUserTagsInput) (*iam.ListUserTagsOutput, error) {
	e, err := d.ids.Get(ctx, identity.User, str(in.UserName))
	if err != nil {
		return nil, err
	}
	list, more, marker, err := paged("tags", tags(e.Tags), in.Marker, in.MaxItems)
	return &iam.ListUserTagsOutput{Tags: list, IsTruncated: more, Marker: marker}, err
}

func (d door) tagRole(ctx context.Context, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
	return &iam.TagRoleOutput{}, d.retag(ctx, identity.Role, str(in.RoleName), tagMap(in.Tags), nil)
}

func (d door) untagRole(ctx context.Context, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	return &iam.UntagRoleOutput{}, d.retag(ctx, identity.Role, str(in.RoleName), nil, in.TagKeys)
}

func (d door) listRoleTags(ctx context.Context, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	e, err := d.ids.Get(ctx, identity.Role, str(in.RoleName))
	if err != nil {
		return nil, err
	}
	list, more, marker, err := paged("tags", tags(e.Tags), in.Marker, in.MaxItems)
	return &iam.ListRoleTagsOutput{Tags: list, IsTruncated: more, Marker: marker}, err
}

func (d door) tagPolicy(ctx context.Context, in *iam.TagPolicyInput) (*iam.TagPolicyOutput, error) {
	return &iam.TagPolicyOutput{}, d.ids.SetPolicyTags(ctx, str(in.PolicyArn), func(t map[string]string) { change(t, tagMap(in.Tags), nil) })
}

func (d door) untagPolicy(ctx context.Context, in *iam.UntagPolicyInput) (*iam.UntagPolicyOutput, error) {
	return &iam.UntagPolicyOutput{}, d.ids.SetPolicyTags(ctx, str(in.PolicyArn), func(t map[string]string) { change(t, nil, in.TagKeys) })
}

func (d door) listPolicyTags(ctx context.Context, in *iam.ListPolicyTagsInput) (*iam.ListPolicyTagsOutput, error) {
	p, err := d.ids.GetPolicy(ctx, str(in.PolicyArn))
	if err != nil {
		return nil, err
	}
	list, more, marker, err := paged("tags", tags(p.Tags), in.Marker, in.MaxItems)
	return &iam.ListPolicyTagsOutput{Tags: list, IsTruncated: more, Marker: marker}, err
}
