package athena

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

func (d *door) startQueryExecution(ctx context.Context, in *athena.StartQueryExecutionInput) (*athena.StartQueryExecutionOutput, error) {
	start := workgroup.StartInput{SQL: text(in.QueryString), Parameters: in.ExecutionParameters, WorkGroup: text(in.WorkGroup)}
	if in.QueryString == nil {
		return nil, missing("queryString")
	}
	if in.ClientRequestToken == nil {
		return nil, invalid.New("clientRequestToken is null or empty")
	}
	start.Token = *in.ClientRequestToken
	if c := in.QueryExecutionContext; c != nil {
		start.Database, start.Catalog = text(c.Database), text(c.Catalog)
		if err := checkCatalog(c.Catalog); err != nil {
			return nil, err
		}
	}
	if r := in.ResultConfiguration; r != nil {
		start.Output = text(r.OutputLocation)
		if err := d.checkOwner(r.ExpectedBucketOwner); err != nil {
			return nil, err
		}
	}
	id, err := d.Groups.Start(ctx, start)
	if err != nil {
		return nil, err
	}
	return &athena.StartQueryExecutionOutput{QueryExecutionId: &id}, nil
}

// missing is the framework's refusal of a member that must be there.
func missing(member string) error {
	return invalid.New(fmt.Sprintf("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member))
}

// checkCatalog refuses catalogs but the one; none is that one.
func checkCatalog(name *string) error {
	if name == nil || strings.EqualFold(*name, catalogName) {
		return nil
	}
	return noCatalog.New(*name)
}

// checkOwner holds a bucket's expected owner against the one account there is.
func (d *door) checkOwner(account *string) error {
	if account != nil && *account != "" && *account != d.Account {
		return invalid.New(fmt.Sprintf("the expected bucket owner %s is not the owner of the output bucket: every bucket belongs to %s", *account, d.Account))
	}
	return nil
}

func (d *door) getQueryExecution(ctx context.Context, in *athena.GetQueryExecutionInput) (*athena.GetQueryExecutionOutput, error) {
	if in.QueryExecutionId == nil {
		return nil, missing("queryExecutionId")
	}
	e, err := d.Groups.GetExecution(ctx, *in.QueryExecutionId)
	if err != nil {
		return nil, err
	}
	return &athena.GetQueryExecutionOutput{QueryExecution: new(executionOf(e))}, nil
}

func (d *door) batchGetQueryExecution(ctx context.Context, in *athena.BatchGetQueryExecutionInput) (*athena.BatchGetQueryExecutionOutput, error) {
	if err := checkBatch("queryExecutionIds", len(in.QueryExecutionIds)); err != nil {
		return nil, err
	}
	out := &athena.BatchGetQueryExecutionOutput{QueryExecutions: []types.QueryExecution{}, UnprocessedQueryExecutionIds: []types.UnprocessedQueryExecutionId{}}
	for _, id := range in.QueryExecutionIds {
		e, err := d.Groups.GetExecution(ctx, id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			out.UnprocessedQueryExecutionIds = append(out.UnprocessedQueryExecutionIds, types.UnprocessedQueryExecutionId{
				QueryExecutionId: &id, ErrorCode: new("QUERY_EXECUTION_NOT_FOUND"), ErrorMessage: new(fault.Message(err))})
		case err != nil:
			return nil, err
		default:
			out.QueryExecutions = append(out.QueryExecutions, executionOf(e))
		}
	}
	return out, nil
}

func checkBatch(member string, n int) error {
	if n == 0 || n > batchMax {
		return invalid.New(fmt.Sprintf("%s must have 1 to %d members, not %d", member, batchMax, n))
	}
	return nil
}

// executionOf says an execution as the API does.
func executionOf(e workgroup.Execution) types.QueryExecution {
	out := types.QueryExecution{
		QueryExecutionId: &e.ID, Query: &e.SQL, WorkGroup: &e.WorkGroup, ExecutionParameters: e.Parameters,
		StatementType: types.StatementType(e.Class.Type), SubstatementType: optional(e.Class.Subtype),
		ResultConfiguration:      &types.ResultConfiguration{OutputLocation: &e.Location},
		ResultReuseConfiguration: &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{}},
		QueryExecutionContext:    &types.QueryExecutionContext{Database: optional(e.Database), Catalog: optional(strings.ToLower(e.Catalog))},
		EngineVersion:            versionOf(e.EngineVersion),
		Status: &types.QueryExecutionStatus{State: types.QueryExecutionState(e.State), SubmissionDateTime: &e.Submitted,
			StateChangeReason: reasonOf(e), AthenaError: athenaError(e)},
		Statistics: statisticsOf(e),
	}
	if e.State.Final() {
		out.Status.CompletionDateTime = &e.Completed
	}
	return out
}

func statisticsOf(e workgroup.Execution) *types.QueryExecutionStatistics {
	s := e.Stats
	return &types.QueryExecutionStatistics{
		DataScannedInBytes: &s.BytesScanned, DataManifestLocation: optional(e.Manifest),
		QueryQueueTimeInMillis: new(s.Queue.Milliseconds()), QueryPlanningTimeInMillis: new(s.Planning.Milliseconds()),
		EngineExecutionTimeInMillis: new(s.Execution.Milliseconds()), ServicePreProcessingTimeInMillis: new(int64(0)),
		ServiceProcessingTimeInMillis: new(s.Service.Milliseconds()), TotalExecutionTimeInMillis: new(s.Total().Milliseconds()),
		ResultReuseInformation: &types.ResultReuseInformation{},
	}
}

func (d *door) listQueryExecutions(ctx context.Context, in *athena.ListQueryExecutionsInput) (*athena.ListQueryExecutionsOutput, error) {
	max, err := pageSize(in.MaxResults, in.NextToken, 50, 50)
	if err != nil {
		return nil, err
	}
	ids, next, err := d.Groups.ListExecutions(ctx, groupOf(in.WorkGroup), text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	if ids == nil {
		ids = []string{}
	}
	return &athena.ListQueryExecutionsOutput{QueryExecutionIds: ids, NextToken: optional(next)}, nil
}

// groupOf is the named group, or the primary one.
func groupOf(name *string) string {
	if text(name) == "" {
		return workgroup.Primary
	}
	return *name
}

// pageSize is how many things a page has, with the framework's refusals.
func pageSize(max *int32, token *string, normal, most int) (int, error) {
	var wrong []string
	if token != nil && *token == "" {
		wrong = append(wrong, "Value at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1")
	}
	if max != nil && *max < 1 {
		wrong = append(wrong, "Value at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1")
	}
	if max != nil && int(*max) > most {
		wrong = append(wrong, fmt.Sprintf("Value at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", most))
	}
	switch {
	case len(wrong) == 1:
		return 0, invalid.New("1 validation error detected: " + wrong[0])
	case len(wrong) > 1:
		return 0, invalid.New(fmt.Sprintf("%d validation errors detected: %s", len(wrong), strings.Join(wrong, "; ")))
	case max == nil:
		return normal, nil
	}
	return int(*max), nil
}

func (d *door) stopQueryExecution(ctx context.Context, in *athena.StopQueryExecutionInput) (*athena.StopQueryExecutionOutput, error) {
	if in.QueryExecutionId == nil {
		return nil, missing("queryExecutionId")
	}
	return &athena.StopQueryExecutionOutput{}, d.Groups.Stop(ctx, *in.QueryExecutionId)
}

// resultsMax bounds a page of results, counting the names of the columns.
const resultsMax = 1000

func (d *door) getQueryResults(ctx context.Context, in *athena.GetQueryResultsInput) (*athena.GetQueryResultsOutput, error) {
	if in.QueryExecutionId == nil {
		return nil, missing("queryExecutionId")
	}
	if in.QueryResultType != "" && in.QueryResultType != types.QueryResultTypeDataRows {
		return nil, unsupported.New("QueryResultType " + string(in.QueryResultType))
	}
	max, err := pageSize(in.MaxResults, in.NextToken, resultsMax, 100_000)
	if err != nil {
		return nil, err
	}
	if max > resultsMax {
		return nil, invalid.New("MaxResults is more than maximum allowed length 1000")
	}
	p, err := d.Groups.Results(ctx, *in.QueryExecutionId, text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	set := &types.ResultSet{Rows: make([]types.Row, len(p.Rows)), ResultSetMetadata: &types.ResultSetMetadata{ColumnInfo: columnsOf(p.Columns)}}
	for i, row := range p.Rows {
		data := make([]types.Datum, len(row))
		for j, v := range row {
			data[j].VarCharValue = v
		}
		set.Rows[i].Data = data
	}
	return &athena.GetQueryResultsOutput{ResultSet: set, UpdateCount: p.Updated, NextToken: optional(p.Next)}, nil
}

func columnsOf(cols []workgroup.Column) []types.ColumnInfo {
	out := make([]types.ColumnInfo, len(cols))
	for i, c := range cols {
		out[i] = types.ColumnInfo{CatalogName: new(workgroup.CatalogName), SchemaName: new(""), TableName: new(""),
			Name: &c.Name, Label: &c.Name, Type: &c.Type, Precision: int32(c.Precision), Scale: int32(c.Scale),
			Nullable: types.ColumnNullableUnknown, CaseSensitive: c.CaseSensitive}
	}
	return out
}

func (d *door) getQueryRuntimeStatistics(ctx context.Context, in *athena.GetQueryRuntimeStatisticsInput) (*athena.GetQueryRuntimeStatisticsOutput, error) {
	if in.QueryExecutionId == nil {
		return nil, missing("queryExecutionId")
	}
	e, err := d.Groups.GetExecution(ctx, *in.QueryExecutionId)
	if err != nil {
		return nil, err
	}
	s := statisticsOf(e)
	return &athena.GetQueryRuntimeStatisticsOutput{QueryRuntimeStatistics: &types.QueryRuntimeStatistics{
		Timeline: &types.QueryRuntimeStatisticsTimeline{
			QueryQueueTimeInMillis: s.QueryQueueTimeInMillis, QueryPlanningTimeInMillis: s.QueryPlanningTimeInMillis,
			EngineExecutionTimeInMillis: s.EngineExecutionTimeInMillis, ServicePreProcessingTimeInMillis: s.ServicePreProcessingTimeInMillis,
			ServiceProcessingTimeInMillis: s.ServiceProcessingTimeInMillis, TotalExecutionTimeInMillis: s.TotalExecutionTimeInMillis},
		Rows: &types.QueryRuntimeStatisticsRows{InputBytes: &e.Stats.BytesScanned, OutputBytes: &e.Stats.BytesOut, OutputRows: &e.Stats.RowsOut},
	}}, nil
}
