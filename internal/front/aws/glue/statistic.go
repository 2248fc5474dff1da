package glue

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

func (d *door) statisticOps() []gate.Op {
	table := []string{"CatalogId", "DatabaseName", "TableName"}
	with := func(more ...string) []string { return append(table[:len(table):len(table)], more...) }
	return []gate.Op{
		handle(d, "GetColumnStatisticsForTable", d.getTableStatistics, gate.Row[glue.GetColumnStatisticsForTableInput]{Honours: with("ColumnNames"),
			Resource: ofTable(d, func(in *glue.GetColumnStatisticsForTableInput) (*string, *string) {
				return in.DatabaseName, in.TableName
			})}),
		handle(d, "UpdateColumnStatisticsForTable", d.updateTableStatistics, gate.Row[glue.UpdateColumnStatisticsForTableInput]{Honours: with("ColumnStatisticsList.*"),
			Resource: ofTable(d, func(in *glue.UpdateColumnStatisticsForTableInput) (*string, *string) {
				return in.DatabaseName, in.TableName
			})}),
		handle(d, "DeleteColumnStatisticsForTable", d.deleteTableStatistics, gate.Row[glue.DeleteColumnStatisticsForTableInput]{Honours: with("ColumnName"),
			Resource: ofTable(d, func(in *glue.DeleteColumnStatisticsForTableInput) (*string, *string) {
				return in.DatabaseName, in.TableName
			})}),
		handle(d, "GetColumnStatisticsForPartition", d.getPartitionStatistics, gate.Row[glue.GetColumnStatisticsForPartitionInput]{Honours: with("ColumnNames", "PartitionValues"),
			Resource: ofTable(d, func(in *glue.GetColumnStatisticsForPartitionInput) (*string, *string) {
				return in.DatabaseName, in.TableName
			})}),
		handle(d, "UpdateColumnStatisticsForPartition", d.updatePartitionStatistics, gate.Row[glue.UpdateColumnStatisticsForPartitionInput]{Honours: with("ColumnStatisticsList.*", "PartitionValues"),
			Resource: ofTable(d, func(in *glue.UpdateColumnStatisticsForPartitionInput) (*string, *string) {
				return in.DatabaseName, in.TableName
			})}),
		handle(d, "DeleteColumnStatisticsForPartition", d.deletePartitionStatistics, gate.Row[glue.DeleteColumnStatisticsForPartitionInput]{Honours: with("ColumnName", "PartitionValues"),
			Resource: ofTable(d, func(in *glue.DeleteColumnStatisticsForPartitionInput) (*string, *string) {
				return in.DatabaseName, in.TableName
			})}),
	}
}

func (d *door) getTableStatistics(ctx context.Context, in *glue.GetColumnStatisticsForTableInput) (*glue.GetColumnStatisticsForTableOutput, error) {
	found, errs, err := d.statistics(ctx, *in.DatabaseName, *in.TableName, nil, in.ColumnNames)
	return &glue.GetColumnStatisticsForTableOutput{ColumnStatisticsList: found, Errors: errs}, err
}

func (d *door) getPartitionStatistics(ctx context.Context, in *glue.GetColumnStatisticsForPartitionInput) (*glue.GetColumnStatisticsForPartitionOutput, error) {
	found, errs, err := d.statistics(ctx, *in.DatabaseName, *in.TableName, in.PartitionValues, in.ColumnNames)
	return &glue.GetColumnStatisticsForPartitionOutput{ColumnStatisticsList: found, Errors: errs}, err
}

func (d *door) statistics(ctx context.Context, database, table string, values, columns []string) ([]types.ColumnStatistics, []types.ColumnError, error) {
	found, missing, err := d.Catalog.GetStatistics(ctx, database, table, values, columns)
	if err != nil {
		return nil, nil, err
	}
	return list(found, statistics), list(missing, func(c string) types.ColumnError {
		return types.ColumnError{ColumnName: ptr(c), Error: d.detail(catalog.StatisticNotFound.New(c))}
	}), nil
}

func (d *door) updateTableStatistics(ctx context.Context, in *glue.UpdateColumnStatisticsForTableInput) (*glue.UpdateColumnStatisticsForTableOutput, error) {
	errs, err := d.putStatistics(ctx, *in.DatabaseName, *in.TableName, nil, in.ColumnStatisticsList)
	return &glue.UpdateColumnStatisticsForTableOutput{Errors: errs}, err
}

func (d *door) updatePartitionStatistics(ctx context.Context, in *glue.UpdateColumnStatisticsForPartitionInput) (*glue.UpdateColumnStatisticsForPartitionOutput, error) {
	errs, err := d.putStatistics(ctx, *in.DatabaseName, *in.TableName, in.PartitionValues, in.ColumnStatisticsList)
	return &glue.UpdateColumnStatisticsForPartitionOutput{Errors: errs}, err
}

func (d *door) putStatistics(ctx context.Context, database, table string, values []string, in []types.ColumnStatistics) ([]types.ColumnStatisticsError, error) {
	stats := make([]catalog.Statistic, len(in))
	for i := range in {
		var err error
		if stats[i], err = statisticOf(&in[i]); err != nil {
			return nil, err
		}
	}
	errs, err := d.Catalog.PutStatistics(ctx, database, table, values, stats)
	if err != nil {
		return nil, err
	}
	return failed(errs, func(i int, err error) types.ColumnStatisticsError {
		return types.ColumnStatisticsError{ColumnStatistics: &in[i], Error: d.detail(err)}
	}), nil
}

func (d *door) deleteTableStatistics(ctx context.Context, in *glue.DeleteColumnStatisticsForTableInput) (*glue.DeleteColumnStatisticsForTableOutput, error) {
	return nil, d.Catalog.DeleteStatistics(ctx, *in.DatabaseName, *in.TableName, nil, *in.ColumnName)
}

func (d *door) deletePartitionStatistics(ctx context.Context, in *glue.DeleteColumnStatisticsForPartitionInput) (*glue.DeleteColumnStatisticsForPartitionOutput, error) {
	return nil, d.Catalog.DeleteStatistics(ctx, *in.DatabaseName, *in.TableName, in.PartitionValues, *in.ColumnName)
}

// statisticOf reads the one set of numbers that the statistics' type names.
func statisticOf(in *types.ColumnStatistics) (catalog.Statistic, error) {
	st := catalog.Statistic{Column: str(in.ColumnName), ColumnType: str(in.ColumnType), Analyzed: instantOf(in.AnalyzedTime)}
	if in.StatisticsData == nil {
		return st, BadStatistics.New(st.Column, "StatisticsData is missing")
	}
	form, ok := statisticForms[in.StatisticsData.Type]
	if !ok {
		return st, BadStatistics.New(st.Column, "the type "+string(in.StatisticsData.Type)+" is unknown")
	}
	st.Kind = form.kind
	if why := form.read(in.StatisticsData, &st); why != "" {
		return st, BadStatistics.New(st.Column, why)
	}
	return st, nil
}

func statistics(st catalog.Statistic) types.ColumnStatistics {
	data := &types.ColumnStatisticsData{Type: types.ColumnStatisticsType(strings.ToUpper(string(st.Kind)))}
	statisticForms[data.Type].write(st, data)
	return types.ColumnStatistics{ColumnName: ptr(st.Column), ColumnType: ptr(st.ColumnType), AnalyzedTime: ptr(st.Analyzed), StatisticsData: data}
}
