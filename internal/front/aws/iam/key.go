package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

func (d door) keys() []gate.Op {
	return []gate.Op{
		gate.Handle("CreateAccessKey", d.createKey, about(d, identity.User, func(in *iam.CreateAccessKeyInput) *string { return in.UserName }, "UserName")),
		gate.Handle("ListAccessKeys", d.listKeys, about(d, identity.User, func(in *iam.ListAccessKeysInput) *string { return in.UserName }, "UserName", "Marker", "MaxItems")),
		gate.Handle("UpdateAccessKey", d.updateKey, about(d, identity.User, func(in *iam.UpdateAccessKeyInput) *string { return in.UserName }, "UserName", "AccessKeyId", "Status")),
		gate.Handle("DeleteAccessKey", d.deleteKey, about(d, identity.User, func(in *iam.DeleteAccessKeyInput) *string { return in.UserName }, "UserName", "AccessKeyId")),
		gate.Handle("GetAccessKeyLastUsed", d.keyLastUsed, gate.Row[iam.GetAccessKeyLastUsedInput]{Honours: []string{"AccessKeyId"},
			Limit: "up to a minute behind"}),
	}
}

func (d door) createKey(ctx context.Context, in *iam.CreateAccessKeyInput) (*iam.CreateAccessKeyOutput, error) {
	user, err := self(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	k, err := d.ids.CreateKey(ctx, user)
	if err != nil {
		return nil, err
	}
	return &iam.CreateAccessKeyOutput{AccessKey: &types.AccessKey{AccessKeyId: &k.ID, SecretAccessKey: &k.Secret, Status: status(k.Active),
		UserName: &k.User, CreateDate: &k.Created}}, nil
}

func (d door) listKeys(ctx context.Context, in *iam.ListAccessKeysInput) (*iam.ListAccessKeysOutput, error) {
	user, err := self(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	all, err := d.ids.ListKeys(ctx, user)
	if err != nil {
		return nil, err
	}
	keys, more, marker, err := paged("keys", all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListAccessKeysOutput{AccessKeyMetadata: []types.AccessKeyMetadata{}, IsTruncated: more, Marker: marker}
	for i := range keys {
		k := &keys[i]
		out.AccessKeyMetadata = append(out.AccessKeyMetadata, types.AccessKeyMetadata{AccessKeyId: &k.ID, CreateDate: &k.Created,
			Status: status(k.Active), UserName: &k.User})
	}
	return out, nil
}

func (d door) updateKey(ctx context.Context, in *iam.UpdateAccessKeyInput) (*iam.UpdateAccessKeyOutput, error) {
	if in.Status != types.StatusTypeActive && in.Status != types.StatusTypeInactive {
		return nil, identity.BadInput.New("Status must be Active or Inactive")
	}
	user, err := self(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	return &iam.UpdateAccessKeyOutput{}, d.ids.UpdateKey(ctx, user, str(in.AccessKeyId), in.Status == types.StatusTypeActive)
}

func (d door) deleteKey(ctx context.Context, in *iam.DeleteAccessKeyInput) (*iam.DeleteAccessKeyOutput, error) {
	user, err := self(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	return &iam.DeleteAccessKeyOutput{}, d.ids.DeleteKey(ctx, user, str(in.AccessKeyId))
}

func (d door) keyLastUsed(ctx context.Context, in *iam.GetAccessKeyLastUsedInput) (*iam.GetAccessKeyLastUsedOutput, error) {
	k, err := d.ids.GetKey(ctx, str(in.AccessKeyId))
	if err != nil {
		return nil, err
	}
	used := &types.AccessKeyLastUsed{Region: ptr("N/A"), ServiceName: ptr("N/A")}
	if !k.Used.IsZero() {
		used = &types.AccessKeyLastUsed{Region: &k.UsedRegion, ServiceName: &k.UsedService, LastUsedDate: &k.Used}
	}
	return &iam.GetAccessKeyLastUsedOutput{UserName: &k.User, AccessKeyLastUsed: used}, nil
}
