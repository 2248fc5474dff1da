package glue

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

func (d *door) tableOps() []gate.Op {
	input := append(fields("TableInput", "Name Description Owner LastAccessTime LastAnalyzedTime Retention PartitionKeys.* ViewOriginalText ViewExpandedText TableType Parameters"),
		fields("TableInput.StorageDescriptor", storageFields)...)
	named := func(in *types.TableInput) *string {
		if in == nil {
			return nil
		}
		return in.Name
	}
	const limit = "no resource links, federated tables, view definitions, schema references, open table format input, transactions"
	return []gate.Op{
		handle(d, "CreateTable", d.createTable, gate.Row[glue.CreateTableInput]{Limit: limit + ", partition indexes",
			Honours:  append([]string{"CatalogId", "DatabaseName"}, input...),
			Resource: ofTable(d, func(in *glue.CreateTableInput) (*string, *string) { return in.DatabaseName, named(in.TableInput) })}),
		handle(d, "GetTable", d.getTable, gate.Row[glue.GetTableInput]{Limit: "the current state only: no transaction, no time in the past",
			Honours:  []string{"CatalogId", "DatabaseName", "Name"},
			Resource: ofTable(d, func(in *glue.GetTableInput) (*string, *string) { return in.DatabaseName, in.Name })}),
		handle(d, "GetTables", d.getTables, gate.Row[glue.GetTablesInput]{Limit: "the current state only: no transaction, no time in the past",
			Honours:  []string{"CatalogId", "DatabaseName", "Expression", "MaxResults", "NextToken", "AttributesToGet", "ResourceShareType"},
			Resource: ofTables(d, func(in *glue.GetTablesInput) *string { return in.DatabaseName })}),
		handle(d, "UpdateTable", d.updateTable, gate.Row[glue.UpdateTableInput]{Limit: limit,
			Honours:  append([]string{"CatalogId", "DatabaseName", "SkipArchive", "VersionId"}, input...),
			Resource: ofTable(d, func(in *glue.UpdateTableInput) (*string, *string) { return in.DatabaseName, named(in.TableInput) })}),
		handle(d, "DeleteTable", d.deleteTable, gate.Row[glue.DeleteTableInput]{Limit: "no transactions", Honours: []string{"CatalogId", "DatabaseName", "Name"},
			Resource: ofTable(d, func(in *glue.DeleteTableInput) (*string, *string) { return in.DatabaseName, in.Name })}),
		handle(d, "BatchDeleteTable", d.batchDeleteTable, gate.Row[glue.BatchDeleteTableInput]{Limit: "no transactions",
			Honours: []string{"CatalogId", "DatabaseName", "TablesToDelete"},
			Resource: func(in *glue.BatchDeleteTableInput) []string {
				db := str(in.DatabaseName)
				return append([]string{d.catalogARN(), d.databaseARN(db)}, list(in.TablesToDelete, func(t string) string { return d.tableARN(db, t) })...)
			}}),
		handle(d, "SearchTables", d.searchTables, gate.Row[glue.SearchTablesInput]{
			Limit:    "the text is looked for in names, descriptions, columns and properties; filters only on Name, DatabaseName, Owner and TableType; no sort criteria",
			Honours:  []string{"CatalogId", "SearchText", "Filters.*", "MaxResults", "NextToken", "ResourceShareType"},
			Resource: ofTables(d, func(*glue.SearchTablesInput) *string { return ptr("*") })}),
	}
}

func (d *door) createTable(ctx context.Context, in *glue.CreateTableInput) (*glue.CreateTableOutput, error) {
	t := tableOf(*in.DatabaseName, in.TableInput)
	if p := identity.FromContext(ctx); p != nil {
		t.CreatedBy = p.ARN()
	}
	return nil, d.Catalog.CreateTable(ctx, t)
}

func (d *door) getTable(ctx context.Context, in *glue.GetTableInput) (*glue.GetTableOutput, error) {
	t, err := d.Catalog.GetTable(ctx, *in.DatabaseName, *in.Name)
	if err != nil {
		return nil, err
	}
	return &glue.GetTableOutput{Table: ptr(d.table(t))}, nil
}

func (d *door) getTables(ctx context.Context, in *glue.GetTablesInput) (*glue.GetTablesOutput, error) {
	max, err := size(in.MaxResults, pageMax)
	if err != nil {
		return nil, err
	}
	if foreign(string(in.ResourceShareType)) {
		return &glue.GetTablesOutput{TableList: []types.Table{}}, nil
	}
	found, next, err := d.Catalog.ListTables(ctx, *in.DatabaseName, str(in.Expression), str(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := list(found, d.table)
	if len(in.AttributesToGet) > 0 && !slices.Contains(in.AttributesToGet, types.TableAttributesDefault) {
		out = list(out, func(t types.Table) types.Table { return onlyAttributes(t, in.AttributesToGet) })
	}
	return &glue.GetTablesOutput{TableList: out, NextToken: optional(next)}, nil
}

func onlyAttributes(t types.Table, want []types.TableAttributes) types.Table {
	some := types.Table{CatalogId: t.CatalogId, DatabaseName: t.DatabaseName}
	if slices.Contains(want, types.TableAttributesName) {
		some.Name = t.Name
	}
	if slices.Contains(want, types.TableAttributesTableType) {
		some.TableType = t.TableType
	}
	return some
}

func (d *door) updateTable(ctx context.Context, in *glue.UpdateTableInput) (*glue.UpdateTableOutput, error) {
	archive := in.SkipArchive == nil || !*in.SkipArchive
	return nil, d.Catalog.UpdateTable(ctx, tableOf(*in.DatabaseName, in.TableInput), str(in.VersionId), archive)
}

func (d *door) deleteTable(ctx context.Context, in *glue.DeleteTableInput) (*glue.DeleteTableOutput, error) {
	return nil, d.Catalog.DeleteTable(ctx, *in.DatabaseName, *in.Name)
}

func (d *door) batchDeleteTable(ctx context.Context, in *glue.BatchDeleteTableInput) (*glue.BatchDeleteTableOutput, error) {
	errs, err := d.Catalog.DeleteTables(ctx, *in.DatabaseName, in.TablesToDelete)
	if err != nil {
		return nil, err
	}
	return &glue.BatchDeleteTableOutput{Errors: failed(errs, func(i int, err error) types.TableError {
		return types.TableError{TableName: ptr(in.TablesToDelete[i]), ErrorDetail: d.detail(err)}
	})}, nil
}

func (d *door) searchTables(ctx context.Context, in *glue.SearchTablesInput) (*glue.SearchTablesOutput, error) {
	max, err := size(in.MaxResults, partitionPageMax)
	if err != nil {
		return nil, err
	}
	match, err := search(str(in.SearchText), in.Filters)
	if err != nil {
		return nil, err
	}
	if foreign(string(in.ResourceShareType)) {
		return &glue.SearchTablesOutput{TableList: []types.Table{}}, nil
	}
	found, next, err := d.Catalog.QueryTables(ctx, catalog.TableQuery{Match: match, Token: str(in.NextToken), Max: max})
	if err != nil {
		return nil, err
	}
	return &glue.SearchTablesOutput{TableList: list(found, d.table), NextToken: optional(next)}, nil
}

// filterable are the properties that SearchTables filters by.
var filterable = map[string]func(*catalog.Table) string{
	"Name":         func(t *catalog.Table) string { return t.Name },
	"DatabaseName": func(t *catalog.Table) string { return t.Database },
	"Owner":        func(t *catalog.Table) string { return t.Owner },
	"TableType":    func(t *catalog.Table) string { return t.Type },
}

// search makes the test of SearchTables. A text in quotes must be a whole
// name, description or value; otherwise it may be anywhere in one.
func search(text string, filters []types.PropertyPredicate) (func(*catalog.Table) bool, error) {
	for _, f := range filters {
		if filterable[str(f.Key)] == nil {
			return nil, BadFilter.New(str(f.Key), "Name, DatabaseName, Owner or TableType")
		}
		if f.Comparator != "" && f.Comparator != types.ComparatorEquals {
			return nil, BadFilter.New(str(f.Key)+" "+string(f.Comparator), "the comparator EQUALS")
		}
	}
	text = strings.ToLower(text)
	same := strings.Contains
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
		same = func(s, sub string) bool { return s == sub }
	}
	return func(t *catalog.Table) bool {
		for _, f := range filters {
			if !strings.EqualFold(filterable[str(f.Key)](t), str(f.Value)) {
				return false
			}
		}
		return text == "" || slices.ContainsFunc(words(t), func(w string) bool { return same(strings.ToLower(w), text) })
	}, nil
}

// words are the texts of a table that a search looks at.
func words(t *catalog.Table) []string {
	out := []string{t.Name, t.Description}
	for _, set := range [][]catalog.Column{t.Storage.Columns, t.PartitionKeys} {
		for _, c := range set {
			out = append(out, c.Name, c.Comment)
		}
	}
	for k, v := range t.Parameters {
		out = append(out, k, v)
	}
	return out
}
