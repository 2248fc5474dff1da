package athena

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

func (d *door) listDataCatalogs(ctx context.Context, in *athena.ListDataCatalogsInput) (*athena.ListDataCatalogsOutput, error) {
	if _, err := pageSize(in.MaxResults, in.NextToken, 50, 50); err != nil {
		return nil, err
	}
	if err := d.checkGroup(ctx, in.WorkGroup); err != nil {
		return nil, err
	}
	return &athena.ListDataCatalogsOutput{DataCatalogsSummary: []types.DataCatalogSummary{
		{CatalogName: new(catalogName), Type: types.DataCatalogTypeGlue, Status: types.DataCatalogStatusCreateComplete}}}, nil
}

// checkGroup refuses a group that is not there, where a call only names one.
func (d *door) checkGroup(ctx context.Context, name *string) error {
	if text(name) == "" {
		return nil
	}
	_, err := d.Groups.GetGroup(ctx, *name)
	return err
}

// checkScope holds the catalog and the group that a call names against what is.
func (d *door) checkScope(ctx context.Context, catalogName, group *string) error {
	if catalogName == nil {
		return missing("catalogName")
	}
	if err := checkCatalog(catalogName); err != nil {
		return err
	}
	return d.checkGroup(ctx, group)
}

func (d *door) getDataCatalog(ctx context.Context, in *athena.GetDataCatalogInput) (*athena.GetDataCatalogOutput, error) {
	if err := d.checkScope(ctx, in.Name, in.WorkGroup); err != nil {
		return nil, err
	}
	return &athena.GetDataCatalogOutput{DataCatalog: &types.DataCatalog{Name: new(catalogName), Type: types.DataCatalogTypeGlue,
		Description: new("The catalog of this server"), Parameters: map[string]string{"catalog-id": d.Account},
		Status: types.DataCatalogStatusCreateComplete}}, nil
}

func databaseOf(b catalog.Database) types.Database {
	return types.Database{Name: &b.Name, Description: optional(b.Description), Parameters: b.Parameters}
}

func (d *door) listDatabases(ctx context.Context, in *athena.ListDatabasesInput) (*athena.ListDatabasesOutput, error) {
	max, err := pageSize(in.MaxResults, in.NextToken, 50, 50)
	if err != nil {
		return nil, err
	}
	if err := d.checkScope(ctx, in.CatalogName, in.WorkGroup); err != nil {
		return nil, err
	}
	list, next, err := d.Catalog.ListDatabases(ctx, text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := &athena.ListDatabasesOutput{NextToken: optional(next), DatabaseList: []types.Database{}}
	for _, b := range list { // a page is short of what the caller may not read
		if d.mayRead(ctx, b.Name, "") == nil {
			out.DatabaseList = append(out.DatabaseList, databaseOf(b))
		}
	}
	return out, nil
}

func (d *door) getDatabase(ctx context.Context, in *athena.GetDatabaseInput) (*athena.GetDatabaseOutput, error) {
	if err := d.checkScope(ctx, in.CatalogName, in.WorkGroup); err != nil {
		return nil, err
	}
	if err := d.mayRead(ctx, text(in.DatabaseName), ""); err != nil {
		return nil, err
	}
	b, err := d.Catalog.GetDatabase(ctx, text(in.DatabaseName))
	if err != nil {
		return nil, err
	}
	return &athena.GetDatabaseOutput{Database: new(databaseOf(b))}, nil
}

func columnList(cols []catalog.Column) []types.Column {
	out := make([]types.Column, len(cols))
	for i, c := range cols {
		out[i] = types.Column{Name: &c.Name, Type: &c.Type, Comment: optional(c.Comment)}
	}
	return out
}

// tableOf says a table with the places and formats that the service puts
// beside a table's own parameters.
func tableOf(t catalog.Table) types.TableMetadata {
	p := map[string]string{"inputformat": t.Storage.InputFormat, "outputformat": t.Storage.OutputFormat,
		"location": t.Storage.Location, "serde.serialization.lib": t.Storage.Serde.Library}
	for k, v := range t.Storage.Serde.Parameters {
		p["serde.param."+k] = v
	}
	for k, v := range p {
		if v == "" {
			delete(p, k)
		}
	}
	for k, v := range t.Parameters {
		p[k] = v
	}
	return types.TableMetadata{Name: &t.Name, TableType: optional(t.Type), CreateTime: moment(t.Created), LastAccessTime: moment(t.LastAccess),
		Columns: columnList(t.Storage.Columns), PartitionKeys: columnList(t.PartitionKeys), Parameters: p}
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (d *door) listTableMetadata(ctx context.Context, in *athena.ListTableMetadataInput) (*athena.ListTableMetadataOutput, error) {
	max, err := pageSize(in.MaxResults, in.NextToken, 50, 50)
	if err != nil {
		return nil, err
	}
	if err := d.checkScope(ctx, in.CatalogName, in.WorkGroup); err != nil {
		return nil, err
	}
	if err := d.mayRead(ctx, text(in.DatabaseName), ""); err != nil {
		return nil, err
	}
	list, next, err := d.Catalog.ListTables(ctx, text(in.DatabaseName), text(in.Expression), text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := &athena.ListTableMetadataOutput{NextToken: optional(next), TableMetadataList: []types.TableMetadata{}}
	for _, t := range list {
		if d.mayRead(ctx, t.Database, t.Name) == nil {
			out.TableMetadataList = append(out.TableMetadataList, tableOf(t))
		}
	}
	return out, nil
}

func (d *door) getTableMetadata(ctx context.Context, in *athena.GetTableMetadataInput) (*athena.GetTableMetadataOutput, error) {
	if err := d.checkScope(ctx, in.CatalogName, in.WorkGroup); err != nil {
		return nil, err
	}
	if err := d.mayRead(ctx, text(in.DatabaseName), text(in.TableName)); err != nil {
		return nil, err
	}
	t, err := d.Catalog.GetTable(ctx, text(in.DatabaseName), text(in.TableName))
	if err != nil {
		return nil, err
	}
	return &athena.GetTableMetadataOutput{TableMetadata: new(tableOf(t))}, nil
}
