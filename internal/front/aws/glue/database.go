package glue

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// Page sizes of the service (CatalogGetterPageSize and PageSize).
const (
	pageMax          = 100
	partitionPageMax = 1000
)

func (d *door) databaseOps() []gate.Op {
	input := fields("DatabaseInput", "Name Description LocationUri Parameters")
	const limit = "no resource links, federated databases, default permissions"
	return []gate.Op{
		handle(d, "CreateDatabase", d.createDatabase, gate.Row[glue.CreateDatabaseInput]{Limit: limit + ", tags",
			Honours: append([]string{"CatalogId"}, input...),
			Resource: ofDatabase(d, func(in *glue.CreateDatabaseInput) *string {
				if in.DatabaseInput == nil {
					return nil
				}
				return in.DatabaseInput.Name
			})}),
		handle(d, "GetDatabase", d.getDatabase, gate.Row[glue.GetDatabaseInput]{Honours: []string{"CatalogId", "Name"},
			Resource: ofDatabase(d, func(in *glue.GetDatabaseInput) *string { return in.Name })}),
		handle(d, "GetDatabases", d.getDatabases, gate.Row[glue.GetDatabasesInput]{
			Honours:  []string{"CatalogId", "MaxResults", "NextToken", "ResourceShareType", "AttributesToGet"},
			Resource: ofDatabase(d, func(*glue.GetDatabasesInput) *string { return ptr("*") })}),
		handle(d, "UpdateDatabase", d.updateDatabase, gate.Row[glue.UpdateDatabaseInput]{Limit: limit,
			Honours:  append([]string{"CatalogId", "Name"}, input...),
			Resource: ofDatabase(d, func(in *glue.UpdateDatabaseInput) *string { return in.Name })}),
		handle(d, "DeleteDatabase", d.deleteDatabase, gate.Row[glue.DeleteDatabaseInput]{Honours: []string{"CatalogId", "Name"},
			Resource: ofTables(d, func(in *glue.DeleteDatabaseInput) *string { return in.Name })}),
	}
}

func databaseOf(in *types.DatabaseInput) catalog.Database {
	return catalog.Database{Name: str(in.Name), Description: str(in.Description), LocationURI: str(in.LocationUri), Parameters: in.Parameters}
}

func (d *door) database(c catalog.Database) types.Database {
	return types.Database{CatalogId: ptr(d.Account), Name: ptr(c.Name), Description: optional(c.Description), LocationUri: optional(c.LocationURI),
		Parameters: c.Parameters, CreateTime: ptr(c.Created),
		// The service's words for: policies alone decide.
		CreateTableDefaultPermissions: []types.PrincipalPermissions{{Permissions: []types.Permission{types.PermissionAll},
			Principal: &types.DataLakePrincipal{DataLakePrincipalIdentifier: ptr("IAM_ALLOWED_PRINCIPALS")}}}}
}

func (d *door) createDatabase(ctx context.Context, in *glue.CreateDatabaseInput) (*glue.CreateDatabaseOutput, error) {
	return nil, d.Catalog.CreateDatabase(ctx, databaseOf(in.DatabaseInput))
}

func (d *door) getDatabase(ctx context.Context, in *glue.GetDatabaseInput) (*glue.GetDatabaseOutput, error) {
	c, err := d.Catalog.GetDatabase(ctx, *in.Name)
	if err != nil {
		return nil, err
	}
	return &glue.GetDatabaseOutput{Database: ptr(d.database(c))}, nil
}

func (d *door) getDatabases(ctx context.Context, in *glue.GetDatabasesInput) (*glue.GetDatabasesOutput, error) {
	max, err := size(in.MaxResults, pageMax)
	if err != nil {
		return nil, err
	}
	if foreign(string(in.ResourceShareType)) {
		return &glue.GetDatabasesOutput{DatabaseList: []types.Database{}}, nil
	}
	found, next, err := d.Catalog.ListDatabases(ctx, str(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := list(found, d.database)
	if len(in.AttributesToGet) > 0 {
		out = list(out, func(x types.Database) types.Database {
			var some types.Database
			if slices.Contains(in.AttributesToGet, types.DatabaseAttributesName) {
				some.Name, some.CatalogId = x.Name, x.CatalogId
			}
			return some
		})
	}
	return &glue.GetDatabasesOutput{DatabaseList: out, NextToken: optional(next)}, nil
}

// foreign asks for what other accounts share with this one: nothing.
func foreign(share string) bool {
	return share == string(types.ResourceShareTypeForeign) || share == string(types.ResourceShareTypeFederated)
}

func (d *door) updateDatabase(ctx context.Context, in *glue.UpdateDatabaseInput) (*glue.UpdateDatabaseOutput, error) {
	return nil, d.Catalog.UpdateDatabase(ctx, *in.Name, databaseOf(in.DatabaseInput))
}

func (d *door) deleteDatabase(ctx context.Context, in *glue.DeleteDatabaseInput) (*glue.DeleteDatabaseOutput, error) {
	return nil, d.Catalog.DeleteDatabase(ctx, *in.Name)
}
