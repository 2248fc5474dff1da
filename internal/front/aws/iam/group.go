package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

func (d door) groups() []gate.Op {
	return []gate.Op{
		gate.Handle("CreateGroup", d.createGroup, gate.Row[iam.CreateGroupInput]{Honours: []string{"GroupName", "Path"},
			Resource: func(in *iam.CreateGroupInput) []string { return d.new(identity.Group, in.Path, in.GroupName) }}),
		gate.Handle("GetGroup", d.getGroup, about(d, identity.Group, func(in *iam.GetGroupInput) *string { return in.GroupName }, "GroupName", "Marker", "MaxItems")),
		gate.Handle("ListGroups", d.listGroups, within[iam.ListGroupsInput](d, "group", "Marker", "MaxItems", "PathPrefix")),
		gate.Handle("UpdateGroup", d.updateGroup, about(d, identity.Group, func(in *iam.UpdateGroupInput) *string { return in.GroupName }, "GroupName", "NewGroupName", "NewPath")),
		gate.Handle("DeleteGroup", d.deleteGroup, about(d, identity.Group, func(in *iam.DeleteGroupInput) *string { return in.GroupName }, "GroupName")),
		gate.Handle("AddUserToGroup", d.addMember, about(d, identity.Group, func(in *iam.AddUserToGroupInput) *string { return in.GroupName }, "GroupName", "UserName")),
		gate.Handle("RemoveUserFromGroup", d.removeMember, about(d, identity.Group, func(in *iam.RemoveUserFromGroupInput) *string { return in.GroupName }, "GroupName", "UserName")),
		gate.Handle("ListGroupsForUser", d.groupsOf, about(d, identity.User, func(in *iam.ListGroupsForUserInput) *string { return in.UserName }, "UserName", "Marker", "MaxItems")),
	}
}

func (d door) createGroup(ctx context.Context, in *iam.CreateGroupInput) (*iam.CreateGroupOutput, error) {
	e, err := d.ids.Create(ctx, identity.Entity{Kind: identity.Group, Name: str(in.GroupName), Path: str(in.Path)})
	if err != nil {
		return nil, err
	}
	return &iam.CreateGroupOutput{Group: d.group(e)}, nil
}

func (d door) getGroup(ctx context.Context, in *iam.GetGroupInput) (*iam.GetGroupOutput, error) {
	e, err := d.ids.Get(ctx, identity.Group, str(in.GroupName))
	if err != nil {
		return nil, err
	}
	all, err := d.ids.ListMembers(ctx, e.Name)
	if err != nil {
		return nil, err
	}
	users, more, marker, err := paged("members", all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.GetGroupOutput{Group: d.group(e), Users: []types.User{}, IsTruncated: more, Marker: marker}
	for i := range users {
		u := d.user(&users[i])
		u.Tags = nil
		out.Users = append(out.Users, *u)
	}
	return out, nil
}

func (d door) listGroups(ctx context.Context, in *iam.ListGroupsInput) (*iam.ListGroupsOutput, error) {
	q, err := input("groups", in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	all, more, err := d.ids.List(ctx, identity.Group, q)
	if err != nil {
		return nil, err
	}
	out := &iam.ListGroupsOutput{Groups: []types.Group{}, IsTruncated: more}
	for i := range all {
		out.Groups = append(out.Groups, *d.group(&all[i]))
		out.Marker = next("groups", more, all[i].Name)
	}
	return out, nil
}

func (d door) updateGroup(ctx context.Context, in *iam.UpdateGroupInput) (*iam.UpdateGroupOutput, error) {
	_, err := d.ids.Update(ctx, identity.Group, str(in.GroupName), rename(in.NewGroupName, in.NewPath))
	return &iam.UpdateGroupOutput{}, err
}

func (d door) deleteGroup(ctx context.Context, in *iam.DeleteGroupInput) (*iam.DeleteGroupOutput, error) {
	return &iam.DeleteGroupOutput{}, d.ids.Delete(ctx, identity.Group, str(in.GroupName))
}

func (d door) addMember(ctx context.Context, in *iam.AddUserToGroupInput) (*iam.AddUserToGroupOutput, error) {
	return &iam.AddUserToGroupOutput{}, d.ids.AddMember(ctx, str(in.GroupName), str(in.UserName))
}

func (d door) removeMember(ctx context.Context, in *iam.RemoveUserFromGroupInput) (*iam.RemoveUserFromGroupOutput, error) {
	return &iam.RemoveUserFromGroupOutput{}, d.ids.RemoveMember(ctx, str(in.GroupName), str(in.UserName))
}

func (d door) groupsOf(ctx context.Context, in *iam.ListGroupsForUserInput) (*iam.ListGroupsForUserOutput, error) {
	all, err := d.ids.ListGroupsOf(ctx, str(in.UserName))
	if err != nil {
		return nil, err
	}
	groups, more, marker, err := paged("groups of", all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListGroupsForUserOutput{Groups: []types.Group{}, IsTruncated: more, Marker: marker}
	for i := range groups {
		out.Groups = append(out.Groups, *d.group(&groups[i]))
	}
	return out, nil
}
