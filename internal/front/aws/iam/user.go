package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

func (d door) users() []gate.Op {
	return []gate.Op{
		gate.Handle("CreateUser", d.createUser, gate.Row[iam.CreateUserInput]{Honours: []string{"UserName", "Path", "Tags.*"},
			Resource: func(in *iam.CreateUserInput) []string {
				return d.new(identity.User, in.Path, in.UserName)
			}}),
		gate.Handle("GetUser", d.getUser, about(d, identity.User, func(in *iam.GetUserInput) *string { return in.UserName }, "UserName")),
		gate.Handle("ListUsers", d.listUsers, within[iam.ListUsersInput](d, "user", "Marker", "MaxItems", "PathPrefix")),
		gate.Handle("UpdateUser", d.updateUser, about(d, identity.User, func(in *iam.UpdateUserInput) *string { return in.UserName }, "UserName", "NewPath", "NewUserName")),
		gate.Handle("DeleteUser", d.deleteUser, about(d, identity.User, func(in *iam.DeleteUserInput) *string { return in.UserName }, "UserName")),
	}
}

// new is the ARN that an entity will have.
func (d door) new(kind identity.Kind, path, name *string) []string {
	e := &identity.Entity{Kind: kind, Path: str(path), Name: str(name)}
	if e.Path == "" {
		e.Path = "/"
	}
	return []string{d.ids.ARN(e)}
}

func (d door) createUser(ctx context.Context, in *iam.CreateUserInput) (*iam.CreateUserOutput, error) {
	e, err := d.ids.Create(ctx, identity.Entity{Kind: identity.User, Name: str(in.UserName), Path: str(in.Path), Tags: tagMap(in.Tags)})
	if err != nil {
		return nil, err
	}
	return &iam.CreateUserOutput{User: d.user(e)}, nil
}

// getUser without a name is about the caller, which may be the root account.
func (d door) getUser(ctx context.Context, in *iam.GetUserInput) (*iam.GetUserOutput, error) {
	if p := identity.FromContext(ctx); str(in.UserName) == "" && p != nil && p.Kind == identity.Root {
		return &iam.GetUserOutput{User: &types.User{Arn: ptr(p.ARN()), UserId: &p.ID, UserName: ptr("root"), Path: ptr("/")}}, nil
	}
	name, err := self(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	e, err := d.ids.Get(ctx, identity.User, name)
	if err != nil {
		return nil, err
	}
	return &iam.GetUserOutput{User: d.user(e)}, nil
}

func (d door) listUsers(ctx context.Context, in *iam.ListUsersInput) (*iam.ListUsersOutput, error) {
	q, err := input("users", in.PathPrefix, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	all, more, err := d.ids.List(ctx, identity.User, q)
	if err != nil {
		return nil, err
	}
	out := &iam.ListUsersOutput{Users: []types.User{}, IsTruncated: more}
	for i := range all {
		u := d.user(&all[i])
		u.Tags = nil // listings leave tags out
		out.Users = append(out.Users, *u)
		out.Marker = next("users", more, all[i].Name)
	}
	return out, nil
}

func (d door) updateUser(ctx context.Context, in *iam.UpdateUserInput) (*iam.UpdateUserOutput, error) {
	_, err := d.ids.Update(ctx, identity.User, str(in.UserName), rename(in.NewUserName, in.NewPath))
	return &iam.UpdateUserOutput{}, err
}

// rename changes the name and the path if they are given.
func rename(name, path *string) func(*identity.Entity) error {
	return func(e *identity.Entity) error {
		if name != nil {
			e.Name = *name
		}
		if path != nil {
			e.Path = *path
		}
		return nil
	}
}

func (d door) deleteUser(ctx context.Context, in *iam.DeleteUserInput) (*iam.DeleteUserOutput, error) {
	return &iam.DeleteUserOutput{}, d.ids.Delete(ctx, identity.User, str(in.UserName))
}
