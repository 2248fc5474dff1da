package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// account is what clients ask of an account that has none of it: an empty list
// is the truth.
func (d door) account() []gate.Op {
	return []gate.Op{
		gate.Handle("ListAccountAliases", d.noAliases, gate.Row[iam.ListAccountAliasesInput]{Honours: []string{"Marker", "MaxItems"},
			Limit: "there are no account aliases: the list is empty"}),
		gate.Handle("ListMFADevices", d.noDevices, gate.Row[iam.ListMFADevicesInput]{Honours: []string{"UserName", "Marker", "MaxItems"},
			Limit: "there are no MFA devices: the list is empty"}),
	}
}

func (d door) noAliases(context.Context, *iam.ListAccountAliasesInput) (*iam.ListAccountAliasesOutput, error) {
	return &iam.ListAccountAliasesOutput{AccountAliases: []string{}}, nil
}

func (d door) noDevices(ctx context.Context, in *iam.ListMFADevicesInput) (*iam.ListMFADevicesOutput, error) {
	if name := str(in.UserName); name != "" {
		if _, err := d.ids.Get(ctx, identity.User, name); err != nil {
			return nil, err
		}
	}
	return &iam.ListMFADevicesOutput{MFADevices: []types.MFADevice{}}, nil
}
