// Package athena is the door of Amazon Athena: queries that run on their own,
// work groups, saved queries, prepared statements, and a reading view of the
// catalog, over the AWS JSON 1.1 protocol.
//
// The door translates; compute/workgroup runs and keeps. What the real service
// has and this one does not (encrypted results, result reuse, Spark sessions,
// capacity reservations, federated catalogs) is refused by name.
//
// Source: the Athena API reference, and published measurements of the service
// for the texts of errors.
package athena

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena"

	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/wire/awsjson"
)

// Config is what the door stands on.
type Config struct {
	Groups  *workgroup.Service
	Catalog *catalog.Service
	// Access is asked for what the catalog's listings show; nil: all of it.
	Access  Access
	Region  string
	Account string // 12 digits
}

// Access says whether the context's principal may do something with a table,
// or with an empty name with a database; verb is "read".
type Access interface {
	Table(ctx context.Context, verb, database, table string) error
}

// mayRead asks for a table, or with an empty name for a database.
func (d *door) mayRead(ctx context.Context, database, table string) error {
	if d.Access == nil {
		return nil
	}
	return d.Access.Table(ctx, "read", strings.ToLower(database), strings.ToLower(table))
}

// catalogName is the one data catalog; names of catalogs have no case.
const catalogName = "AwsDataCatalog"

// engineVersion is the version of the engine whose behaviour is followed.
const engineVersion = "Athena engine version 3"

type door struct{ Config }

// New makes the door's tables.
func New(c Config) gate.Door {
	d := &door{c}
	return gate.Door{Service: "athena", Target: "AmazonAthena", Codec: awsjson.New(awsjson.Config{Version: "1.1"}),
		Ops: d.ops(), Codes: codes(), Known: known, Members: members()}
}

// arn names a work group for policies and tags.
func (d *door) arn(group string) string {
	if group == "" {
		group = workgroup.Primary
	}
	return fmt.Sprintf("arn:aws:athena:%s:%s:workgroup/%s", d.Region, d.Account, group)
}

func (d *door) catalogARN() []string {
	return []string{fmt.Sprintf("arn:aws:athena:%s:%s:datacatalog/%s", d.Region, d.Account, catalogName)}
}

// of asks policies about the group that a field names.
func of[In any](d *door, group func(*In) *string) func(*In) []string {
	return func(in *In) []string { return []string{d.arn(text(group(in)))} }
}

// ofExecutions asks policies about the groups that executions belong to; the
// ids of nothing are asked for the primary group.
func ofExecutions[In any](d *door, ids func(*In) []string) func(*In) []string {
	return func(in *In) []string {
		return d.owners(ids(in), func(ctx context.Context, id string) (string, error) {
			e, err := d.Groups.GetExecution(ctx, id)
			return e.WorkGroup, err
		})
	}
}

// ofNamed is ofExecutions for saved queries.
func ofNamed[In any](d *door, ids func(*In) []string) func(*In) []string {
	return func(in *In) []string {
		return d.owners(ids(in), func(ctx context.Context, id string) (string, error) {
			q, err := d.Groups.GetNamed(ctx, id)
			return q.WorkGroup, err
		})
	}
}

func (d *door) owners(ids []string, owner func(context.Context, string) (string, error)) []string {
	seen := map[string]bool{}
	var out []string
	for _, id := range ids[:min(len(ids), batchMax)] { // the handler refuses more
		group, err := owner(context.Background(), id)
		if err != nil {
			group = workgroup.Primary // the handler says that it is not there
		}
		if !seen[group] {
			seen[group] = true
			out = append(out, d.arn(group))
		}
	}
	return out
}

// batchMax is how many things a Batch operation takes.
const batchMax = 50

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func one(s *string) []string { return []string{text(s)} }

// optional is nil for an empty text: the member is then left out.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (d *door) ops() []gate.Op {
	return append(append(d.queryOps(), d.groupOps()...), append(d.savedOps(), d.catalogOps()...)...)
}

func (d *door) queryOps() []gate.Op {
	return []gate.Op{
		gate.Handle("StartQueryExecution", d.startQueryExecution, gate.Row[athena.StartQueryExecutionInput]{
			Honours: []string{"QueryString", "ClientRequestToken", "ExecutionParameters", "QueryExecutionContext.*",
				"ResultConfiguration.OutputLocation", "ResultConfiguration.ExpectedBucketOwner",
				"ResultReuseConfiguration.ResultReuseByAgeConfiguration.MaxAgeInMinutes", "WorkGroup"},
			Resource: of(d, func(in *athena.StartQueryExecutionInput) *string { return in.WorkGroup }),
			Limit:    "results are not encrypted, not reused and not given an ACL; the one catalog is AwsDataCatalog"}),
		gate.Handle("GetQueryExecution", d.getQueryExecution, gate.Row[athena.GetQueryExecutionInput]{
			Honours:  []string{"QueryExecutionId"},
			Resource: ofExecutions(d, func(in *athena.GetQueryExecutionInput) []string { return one(in.QueryExecutionId) })}),
		gate.Handle("BatchGetQueryExecution", d.batchGetQueryExecution, gate.Row[athena.BatchGetQueryExecutionInput]{
			Honours:  []string{"QueryExecutionIds"},
			Resource: ofExecutions(d, func(in *athena.BatchGetQueryExecutionInput) []string { return in.QueryExecutionIds })}),
		gate.Handle("ListQueryExecutions", d.listQueryExecutions, gate.Row[athena.ListQueryExecutionsInput]{
			Honours:  []string{"MaxResults", "NextToken", "WorkGroup"},
			Resource: of(d, func(in *athena.ListQueryExecutionsInput) *string { return in.WorkGroup })}),
		gate.Handle("StopQueryExecution", d.stopQueryExecution, gate.Row[athena.StopQueryExecutionInput]{
			Honours:  []string{"QueryExecutionId"},
			Resource: ofExecutions(d, func(in *athena.StopQueryExecutionInput) []string { return one(in.QueryExecutionId) })}),
		gate.Handle("GetQueryResults", d.getQueryResults, gate.Row[athena.GetQueryResultsInput]{
			Honours:  []string{"QueryExecutionId", "MaxResults", "NextToken", "QueryResultType"},
			Resource: ofExecutions(d, func(in *athena.GetQueryResultsInput) []string { return one(in.QueryExecutionId) }),
			Limit:    "QueryResultType DATA_ROWS"}),
		gate.Handle("GetQueryRuntimeStatistics", d.getQueryRuntimeStatistics, gate.Row[athena.GetQueryRuntimeStatisticsInput]{
			Honours:  []string{"QueryExecutionId"},
			Resource: ofExecutions(d, func(in *athena.GetQueryRuntimeStatisticsInput) []string { return one(in.QueryExecutionId) }),
			Limit:    "no stages, no input rows"}),
	}
}

func (d *door) groupOps() []gate.Op {
	settings := []string{"Name", "Description", "Tags.*", "Configuration.EnforceWorkGroupConfiguration",
		"Configuration.BytesScannedCutoffPerQuery", "Configuration.EngineVersion.*",
		"Configuration.ResultConfiguration.OutputLocation", "Configuration.ResultConfiguration.ExpectedBucketOwner"}
	changes := []string{"WorkGroup", "Description", "State", "ConfigurationUpdates.EnforceWorkGroupConfiguration",
		"ConfigurationUpdates.BytesScannedCutoffPerQuery", "ConfigurationUpdates.RemoveBytesScannedCutoffPerQuery",
		"ConfigurationUpdates.EngineVersion.*", "ConfigurationUpdates.ResultConfigurationUpdates.OutputLocation",
		"ConfigurationUpdates.ResultConfigurationUpdates.RemoveOutputLocation",
		"ConfigurationUpdates.ResultConfigurationUpdates.ExpectedBucketOwner",
		"ConfigurationUpdates.ResultConfigurationUpdates.RemoveExpectedBucketOwner"}
	limit := "no encryption, requester pays, metrics publishing, execution role or managed results"
	return []gate.Op{
		gate.Handle("CreateWorkGroup", d.createWorkGroup, gate.Row[athena.CreateWorkGroupInput]{Honours: settings, Limit: limit,
			Resource: of(d, func(in *athena.CreateWorkGroupInput) *string { return in.Name })}),
		gate.Handle("GetWorkGroup", d.getWorkGroup, gate.Row[athena.GetWorkGroupInput]{Honours: []string{"WorkGroup"},
			Resource: of(d, func(in *athena.GetWorkGroupInput) *string { return in.WorkGroup })}),
		gate.Handle("ListWorkGroups", d.listWorkGroups, gate.Row[athena.ListWorkGroupsInput]{Honours: []string{"MaxResults", "NextToken"}}),
		gate.Handle("UpdateWorkGroup", d.updateWorkGroup, gate.Row[athena.UpdateWorkGroupInput]{Honours: changes, Limit: limit,
			Resource: of(d, func(in *athena.UpdateWorkGroupInput) *string { return in.WorkGroup })}),
		gate.Handle("DeleteWorkGroup", d.deleteWorkGroup, gate.Row[athena.DeleteWorkGroupInput]{
			Honours:  []string{"WorkGroup", "RecursiveDeleteOption"},
			Resource: of(d, func(in *athena.DeleteWorkGroupInput) *string { return in.WorkGroup })}),
		gate.Handle("ListEngineVersions", d.listEngineVersions, gate.Row[athena.ListEngineVersionsInput]{Honours: []string{"MaxResults", "NextToken"}}),
		gate.Handle("TagResource", d.tagResource, gate.Row[athena.TagResourceInput]{Honours: []string{"ResourceARN", "Tags.*"},
			Resource: func(in *athena.TagResourceInput) []string { return one(in.ResourceARN) }, Limit: "work groups"}),
		gate.Handle("UntagResource", d.untagResource, gate.Row[athena.UntagResourceInput]{Honours: []string{"ResourceARN", "TagKeys"},
			Resource: func(in *athena.UntagResourceInput) []string { return one(in.ResourceARN) }, Limit: "work groups"}),
		gate.Handle("ListTagsForResource", d.listTagsForResource, gate.Row[athena.ListTagsForResourceInput]{
			Honours:  []string{"ResourceARN", "MaxResults", "NextToken"},
			Resource: func(in *athena.ListTagsForResourceInput) []string { return one(in.ResourceARN) }, Limit: "work groups"}),
	}
}

func (d *door) savedOps() []gate.Op {
	return []gate.Op{
		gate.Handle("CreateNamedQuery", d.createNamedQuery, gate.Row[athena.CreateNamedQueryInput]{
			Honours:  []string{"Database", "Name", "QueryString", "ClientRequestToken", "Description", "WorkGroup"},
			Resource: of(d, func(in *athena.CreateNamedQueryInput) *string { return in.WorkGroup })}),
		gate.Handle("GetNamedQuery", d.getNamedQuery, gate.Row[athena.GetNamedQueryInput]{Honours: []string{"NamedQueryId"},
			Resource: ofNamed(d, func(in *athena.GetNamedQueryInput) []string { return one(in.NamedQueryId) })}),
		gate.Handle("BatchGetNamedQuery", d.batchGetNamedQuery, gate.Row[athena.BatchGetNamedQueryInput]{Honours: []string{"NamedQueryIds"},
			Resource: ofNamed(d, func(in *athena.BatchGetNamedQueryInput) []string { return in.NamedQueryIds })}),
		gate.Handle("ListNamedQueries", d.listNamedQueries, gate.Row[athena.ListNamedQueriesInput]{
			Honours:  []string{"MaxResults", "NextToken", "WorkGroup"},
			Resource: of(d, func(in *athena.ListNamedQueriesInput) *string { return in.WorkGroup })}),
		gate.Handle("UpdateNamedQuery", d.updateNamedQuery, gate.Row[athena.UpdateNamedQueryInput]{
			Honours:  []string{"NamedQueryId", "Name", "QueryString", "Description"},
			Resource: ofNamed(d, func(in *athena.UpdateNamedQueryInput) []string { return one(in.NamedQueryId) })}),
		gate.Handle("DeleteNamedQuery", d.deleteNamedQuery, gate.Row[athena.DeleteNamedQueryInput]{Honours: []string{"NamedQueryId"},
			Resource: ofNamed(d, func(in *athena.DeleteNamedQueryInput) []string { return one(in.NamedQueryId) })}),
		gate.Handle("CreatePreparedStatement", d.createPreparedStatement, gate.Row[athena.CreatePreparedStatementInput]{
			Honours:  []string{"StatementName", "WorkGroup", "QueryStatement", "Description"},
			Resource: of(d, func(in *athena.CreatePreparedStatementInput) *string { return in.WorkGroup })}),
		gate.Handle("GetPreparedStatement", d.getPreparedStatement, gate.Row[athena.GetPreparedStatementInput]{
			Honours:  []string{"StatementName", "WorkGroup"},
			Resource: of(d, func(in *athena.GetPreparedStatementInput) *string { return in.WorkGroup })}),
		gate.Handle("BatchGetPreparedStatement", d.batchGetPreparedStatement, gate.Row[athena.BatchGetPreparedStatementInput]{
			Honours:  []string{"PreparedStatementNames", "WorkGroup"},
			Resource: of(d, func(in *athena.BatchGetPreparedStatementInput) *string { return in.WorkGroup })}),
		gate.Handle("ListPreparedStatements", d.listPreparedStatements, gate.Row[athena.ListPreparedStatementsInput]{
			Honours:  []string{"WorkGroup", "MaxResults", "NextToken"},
			Resource: of(d, func(in *athena.ListPreparedStatementsInput) *string { return in.WorkGroup })}),
		gate.Handle("UpdatePreparedStatement", d.updatePreparedStatement, gate.Row[athena.UpdatePreparedStatementInput]{
			Honours:  []string{"StatementName", "WorkGroup", "QueryStatement", "Description"},
			Resource: of(d, func(in *athena.UpdatePreparedStatementInput) *string { return in.WorkGroup })}),
		gate.Handle("DeletePreparedStatement", d.deletePreparedStatement, gate.Row[athena.DeletePreparedStatementInput]{
			Honours:  []string{"StatementName", "WorkGroup"},
			Resource: of(d, func(in *athena.DeletePreparedStatementInput) *string { return in.WorkGroup })}),
	}
}

func (d *door) catalogOps() []gate.Op {
	limit := "the catalog AwsDataCatalog"
	return []gate.Op{
		gate.Handle("ListDataCatalogs", d.listDataCatalogs, gate.Row[athena.ListDataCatalogsInput]{
			Honours: []string{"MaxResults", "NextToken", "WorkGroup"}, Limit: limit}),
		gate.Handle("GetDataCatalog", d.getDataCatalog, gate.Row[athena.GetDataCatalogInput]{Honours: []string{"Name", "WorkGroup"}, Limit: limit,
			Resource: func(*athena.GetDataCatalogInput) []string { return d.catalogARN() }}),
		gate.Handle("ListDatabases", d.listDatabases, gate.Row[athena.ListDatabasesInput]{
			Honours: []string{"CatalogName", "MaxResults", "NextToken", "WorkGroup"}, Limit: limit,
			Resource: func(*athena.ListDatabasesInput) []string { return d.catalogARN() }}),
		gate.Handle("GetDatabase", d.getDatabase, gate.Row[athena.GetDatabaseInput]{
			Honours: []string{"CatalogName", "DatabaseName", "WorkGroup"}, Limit: limit,
			Resource: func(*athena.GetDatabaseInput) []string { return d.catalogARN() }}),
		gate.Handle("ListTableMetadata", d.listTableMetadata, gate.Row[athena.ListTableMetadataInput]{
			Honours: []string{"CatalogName", "DatabaseName", "Expression", "MaxResults", "NextToken", "WorkGroup"}, Limit: limit,
			Resource: func(*athena.ListTableMetadataInput) []string { return d.catalogARN() }}),
		gate.Handle("GetTableMetadata", d.getTableMetadata, gate.Row[athena.GetTableMetadataInput]{
			Honours: []string{"CatalogName", "DatabaseName", "TableName", "WorkGroup"}, Limit: limit,
			Resource: func(*athena.GetTableMetadataInput) []string { return d.catalogARN() }}),
	}
}
