package athena

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

func (d *door) createNamedQuery(ctx context.Context, in *athena.CreateNamedQueryInput) (*athena.CreateNamedQueryOutput, error) {
	id, err := d.Groups.CreateNamed(ctx, workgroup.Named{WorkGroup: groupOf(in.WorkGroup), Name: text(in.Name), Description: text(in.Description),
		Database: text(in.Database), Statement: text(in.QueryString), Token: text(in.ClientRequestToken)})
	if err != nil {
		return nil, err
	}
	return &athena.CreateNamedQueryOutput{NamedQueryId: &id}, nil
}

func namedOf(n workgroup.Named) *types.NamedQuery {
	return &types.NamedQuery{NamedQueryId: &n.ID, Name: &n.Name, Description: optional(n.Description), Database: &n.Database,
		QueryString: &n.Statement, WorkGroup: &n.WorkGroup}
}

func (d *door) getNamedQuery(ctx context.Context, in *athena.GetNamedQueryInput) (*athena.GetNamedQueryOutput, error) {
	n, err := d.Groups.GetNamed(ctx, text(in.NamedQueryId))
	if err != nil {
		return nil, err
	}
	return &athena.GetNamedQueryOutput{NamedQuery: namedOf(n)}, nil
}

func (d *door) batchGetNamedQuery(ctx context.Context, in *athena.BatchGetNamedQueryInput) (*athena.BatchGetNamedQueryOutput, error) {
	if err := checkBatch("namedQueryIds", len(in.NamedQueryIds)); err != nil {
		return nil, err
	}
	out := &athena.BatchGetNamedQueryOutput{NamedQueries: []types.NamedQuery{}, UnprocessedNamedQueryIds: []types.UnprocessedNamedQueryId{}}
	for _, id := range in.NamedQueryIds {
		n, err := d.Groups.GetNamed(ctx, id)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			out.UnprocessedNamedQueryIds = append(out.UnprocessedNamedQueryIds, types.UnprocessedNamedQueryId{
				NamedQueryId: &id, ErrorCode: new("INVALID_INPUT"), ErrorMessage: new(fault.Message(err))})
		case err != nil:
			return nil, err
		default:
			out.NamedQueries = append(out.NamedQueries, *namedOf(n))
		}
	}
	return out, nil
}

func (d *door) listNamedQueries(ctx context.Context, in *athena.ListNamedQueriesInput) (*athena.ListNamedQueriesOutput, error) {
	max, err := pageSize(in.MaxResults, in.NextToken, 50, 50)
	if err != nil {
		return nil, err
	}
	list, next, err := d.Groups.ListNamed(ctx, groupOf(in.WorkGroup), text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := &athena.ListNamedQueriesOutput{NextToken: optional(next), NamedQueryIds: make([]string, len(list))}
	for i, n := range list {
		out.NamedQueryIds[i] = n.ID
	}
	return out, nil
}

func (d *door) updateNamedQuery(ctx context.Context, in *athena.UpdateNamedQueryInput) (*athena.UpdateNamedQueryOutput, error) {
	return &athena.UpdateNamedQueryOutput{}, d.Groups.UpdateNamed(ctx, text(in.NamedQueryId), text(in.Name), text(in.Description), text(in.QueryString))
}

func (d *door) deleteNamedQuery(ctx context.Context, in *athena.DeleteNamedQueryInput) (*athena.DeleteNamedQueryOutput, error) {
	return &athena.DeleteNamedQueryOutput{}, d.Groups.DeleteNamed(ctx, text(in.NamedQueryId))
}

func (d *door) createPreparedStatement(ctx context.Context, in *athena.CreatePreparedStatementInput) (*athena.CreatePreparedStatementOutput, error) {
	return &athena.CreatePreparedStatementOutput{}, d.Groups.CreatePrepared(ctx, workgroup.Prepared{WorkGroup: groupOf(in.WorkGroup),
		Name: text(in.StatementName), Description: text(in.Description), Statement: text(in.QueryStatement)})
}

func preparedOf(p workgroup.Prepared) *types.PreparedStatement {
	return &types.PreparedStatement{StatementName: &p.Name, WorkGroupName: &p.WorkGroup, Description: optional(p.Description),
		QueryStatement: &p.Statement, LastModifiedTime: &p.Modified}
}

func (d *door) getPreparedStatement(ctx context.Context, in *athena.GetPreparedStatementInput) (*athena.GetPreparedStatementOutput, error) {
	p, err := d.Groups.GetPrepared(ctx, groupOf(in.WorkGroup), text(in.StatementName))
	if err != nil {
		return nil, err
	}
	return &athena.GetPreparedStatementOutput{PreparedStatement: preparedOf(p)}, nil
}

func (d *door) batchGetPreparedStatement(ctx context.Context, in *athena.BatchGetPreparedStatementInput) (*athena.BatchGetPreparedStatementOutput, error) {
	if err := checkBatch("preparedStatementNames", len(in.PreparedStatementNames)); err != nil {
		return nil, err
	}
	out := &athena.BatchGetPreparedStatementOutput{PreparedStatements: []types.PreparedStatement{},
		UnprocessedPreparedStatementNames: []types.UnprocessedPreparedStatementName{}}
	for _, name := range in.PreparedStatementNames {
		p, err := d.Groups.GetPrepared(ctx, groupOf(in.WorkGroup), name)
		switch {
		case fault.ReasonOf(err) == workgroup.StatementNotFound:
			out.UnprocessedPreparedStatementNames = append(out.UnprocessedPreparedStatementNames, types.UnprocessedPreparedStatementName{
				StatementName: &name, ErrorCode: new("STATEMENT_NOT_FOUND"), ErrorMessage: new(fault.Message(err))})
		case err != nil:
			return nil, err
		default:
			out.PreparedStatements = append(out.PreparedStatements, *preparedOf(p))
		}
	}
	return out, nil
}

func (d *door) listPreparedStatements(ctx context.Context, in *athena.ListPreparedStatementsInput) (*athena.ListPreparedStatementsOutput, error) {
	max, err := pageSize(in.MaxResults, in.NextToken, 50, 50)
	if err != nil {
		return nil, err
	}
	list, next, err := d.Groups.ListPrepared(ctx, groupOf(in.WorkGroup), text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := &athena.ListPreparedStatementsOutput{NextToken: optional(next), PreparedStatements: make([]types.PreparedStatementSummary, len(list))}
	for i, p := range list {
		out.PreparedStatements[i] = types.PreparedStatementSummary{StatementName: &p.Name, LastModifiedTime: &p.Modified}
	}
	return out, nil
}

func (d *door) updatePreparedStatement(ctx context.Context, in *athena.UpdatePreparedStatementInput) (*athena.UpdatePreparedStatementOutput, error) {
	return &athena.UpdatePreparedStatementOutput{}, d.Groups.UpdatePrepared(ctx, workgroup.Prepared{WorkGroup: groupOf(in.WorkGroup),
		Name: text(in.StatementName), Description: text(in.Description), Statement: text(in.QueryStatement)})
}

func (d *door) deletePreparedStatement(ctx context.Context, in *athena.DeletePreparedStatementInput) (*athena.DeletePreparedStatementOutput, error) {
	return &athena.DeletePreparedStatementOutput{}, d.Groups.DeletePrepared(ctx, groupOf(in.WorkGroup), text(in.StatementName))
}
