package glue

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

func (d *door) versionOps() []gate.Op {
	return []gate.Op{
		handle(d, "GetTableVersion", d.getTableVersion, gate.Row[glue.GetTableVersionInput]{Honours: []string{"CatalogId", "DatabaseName", "TableName", "VersionId"},
			Resource: ofTable(d, func(in *glue.GetTableVersionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "GetTableVersions", d.getTableVersions, gate.Row[glue.GetTableVersionsInput]{Honours: []string{"CatalogId", "DatabaseName", "TableName", "MaxResults", "NextToken"},
			Resource: ofTable(d, func(in *glue.GetTableVersionsInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "DeleteTableVersion", d.deleteTableVersion, gate.Row[glue.DeleteTableVersionInput]{Honours: []string{"CatalogId", "DatabaseName", "TableName", "VersionId"},
			Resource: ofTable(d, func(in *glue.DeleteTableVersionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "BatchDeleteTableVersion", d.batchDeleteTableVersion, gate.Row[glue.BatchDeleteTableVersionInput]{Honours: []string{"CatalogId", "DatabaseName", "TableName", "VersionIds"},
			Resource: ofTable(d, func(in *glue.BatchDeleteTableVersionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
	}
}

func (d *door) version(t catalog.Table) types.TableVersion {
	return types.TableVersion{Table: ptr(d.table(t)), VersionId: ptr(t.Version)}
}

func (d *door) getTableVersion(ctx context.Context, in *glue.GetTableVersionInput) (*glue.GetTableVersionOutput, error) {
	t, err := d.Catalog.GetTableVersion(ctx, *in.DatabaseName, *in.TableName, str(in.VersionId))
	if err != nil {
		return nil, err
	}
	return &glue.GetTableVersionOutput{TableVersion: ptr(d.version(t))}, nil
}

func (d *door) getTableVersions(ctx context.Context, in *glue.GetTableVersionsInput) (*glue.GetTableVersionsOutput, error) {
	max, err := size(in.MaxResults, pageMax)
	if err != nil {
		return nil, err
	}
	found, next, err := d.Catalog.ListTableVersions(ctx, *in.DatabaseName, *in.TableName, str(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	return &glue.GetTableVersionsOutput{TableVersions: list(found, d.version), NextToken: optional(next)}, nil
}

func (d *door) deleteTableVersion(ctx context.Context, in *glue.DeleteTableVersionInput) (*glue.DeleteTableVersionOutput, error) {
	errs, err := d.Catalog.DeleteTableVersions(ctx, *in.DatabaseName, *in.TableName, []string{*in.VersionId})
	if err == nil && errs != nil {
		err = errs[0]
	}
	return nil, err
}

func (d *door) batchDeleteTableVersion(ctx context.Context, in *glue.BatchDeleteTableVersionInput) (*glue.BatchDeleteTableVersionOutput, error) {
	errs, err := d.Catalog.DeleteTableVersions(ctx, *in.DatabaseName, *in.TableName, in.VersionIds)
	if err != nil {
		return nil, err
	}
	return &glue.BatchDeleteTableVersionOutput{Errors: failed(errs, func(i int, err error) types.TableVersionError {
		return types.TableVersionError{TableName: in.TableName, VersionId: ptr(in.VersionIds[i]), ErrorDetail: d.detail(err)}
	})}, nil
}
