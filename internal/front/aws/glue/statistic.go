package glue

import (
	"context"
	"math/big"
	"strconv"
	"strings"
	"time"

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
	bad := func(why string) (catalog.Statistic, error) { return st, BadStatistics.New(st.Column, why) }
	data := in.StatisticsData
	if data == nil {
		return bad("StatisticsData is missing")
	}
	st.Kind = catalog.StatisticKind(strings.ToLower(string(data.Type)))
	missing := func() (catalog.Statistic, error) { return bad("the data of type " + string(data.Type) + " is missing") }
	switch data.Type {
	case types.ColumnStatisticsTypeBoolean:
		x := data.BooleanColumnStatisticsData
		if x == nil {
			return missing()
		}
		st.Trues, st.Falses, st.Nulls = x.NumberOfTrues, x.NumberOfFalses, x.NumberOfNulls
	case types.ColumnStatisticsTypeDate:
		x := data.DateColumnStatisticsData
		if x == nil {
			return missing()
		}
		st.Minimum, st.Maximum, st.Nulls, st.Distinct = dateText(x.MinimumValue), dateText(x.MaximumValue), x.NumberOfNulls, x.NumberOfDistinctValues
	case types.ColumnStatisticsTypeDecimal:
		x := data.DecimalColumnStatisticsData
		if x == nil {
			return missing()
		}
		low, ok1 := decimalText(x.MinimumValue)
		high, ok2 := decimalText(x.MaximumValue)
		if !ok1 || !ok2 {
			return bad("the scale of a decimal is not within 0 and 38, or its value longer than 16 bytes")
		}
		st.Minimum, st.Maximum, st.Nulls, st.Distinct = low, high, x.NumberOfNulls, x.NumberOfDistinctValues
	case types.ColumnStatisticsTypeDouble:
		x := data.DoubleColumnStatisticsData
		if x == nil {
			return missing()
		}
		st.Minimum, st.Maximum, st.Nulls, st.Distinct = floatText(x.MinimumValue), floatText(x.MaximumValue), x.NumberOfNulls, x.NumberOfDistinctValues
	case types.ColumnStatisticsTypeLong:
		x := data.LongColumnStatisticsData
		if x == nil {
			return missing()
		}
		st.Minimum, st.Maximum = strconv.FormatInt(x.MinimumValue, 10), strconv.FormatInt(x.MaximumValue, 10)
		st.Nulls, st.Distinct = x.NumberOfNulls, x.NumberOfDistinctValues
	case types.ColumnStatisticsTypeString:
		x := data.StringColumnStatisticsData
		if x == nil {
			return missing()
		}
		st.LengthMax, st.LengthMean, st.Nulls, st.Distinct = x.MaximumLength, x.AverageLength, x.NumberOfNulls, x.NumberOfDistinctValues
	case types.ColumnStatisticsTypeBinary:
		x := data.BinaryColumnStatisticsData
		if x == nil {
			return missing()
		}
		st.LengthMax, st.LengthMean, st.Nulls = x.MaximumLength, x.AverageLength, x.NumberOfNulls
	default:
		return bad("the type " + string(data.Type) + " is unknown")
	}
	return st, nil
}

func statistics(st catalog.Statistic) types.ColumnStatistics {
	data := &types.ColumnStatisticsData{Type: types.ColumnStatisticsType(strings.ToUpper(string(st.Kind)))}
	switch st.Kind {
	case catalog.BooleanStatistic:
		data.BooleanColumnStatisticsData = &types.BooleanColumnStatisticsData{NumberOfTrues: st.Trues, NumberOfFalses: st.Falses, NumberOfNulls: st.Nulls}
	case catalog.DateStatistic:
		data.DateColumnStatisticsData = &types.DateColumnStatisticsData{MinimumValue: dateOf(st.Minimum), MaximumValue: dateOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
	case catalog.DecimalStatistic:
		data.DecimalColumnStatisticsData = &types.DecimalColumnStatisticsData{MinimumValue: decimalOf(st.Minimum), MaximumValue: decimalOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
	case catalog.DoubleStatistic:
		data.DoubleColumnStatisticsData = &types.DoubleColumnStatisticsData{MinimumValue: floatOf(st.Minimum), MaximumValue: floatOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
	case catalog.LongStatistic:
		low, _ := strconv.ParseInt(st.Minimum, 10, 64) // written by this package
		high, _ := strconv.ParseInt(st.Maximum, 10, 64)
		data.LongColumnStatisticsData = &types.LongColumnStatisticsData{MinimumValue: low, MaximumValue: high, NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
	case catalog.StringStatistic:
		data.StringColumnStatisticsData = &types.StringColumnStatisticsData{MaximumLength: st.LengthMax, AverageLength: st.LengthMean, NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
	case catalog.BinaryStatistic:
		data.BinaryColumnStatisticsData = &types.BinaryColumnStatisticsData{MaximumLength: st.LengthMax, AverageLength: st.LengthMean, NumberOfNulls: st.Nulls}
	}
	return types.ColumnStatistics{ColumnName: ptr(st.Column), ColumnType: ptr(st.ColumnType), AnalyzedTime: ptr(st.Analyzed), StatisticsData: data}
}

func dateText(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func dateOf(s string) *time.Time {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return &t
	}
	return nil
}

func floatText(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func floatOf(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64) // written by floatText
	return f
}

// decimalText writes a number that comes as a two's complement integer, the
// highest byte first, and the count of its digits behind the point.
func decimalText(n *types.DecimalNumber) (string, bool) {
	const scaleMax, bytesMax = 38, 16
	if n == nil {
		return "", true
	}
	if n.Scale < 0 || n.Scale > scaleMax || len(n.UnscaledValue) > bytesMax {
		return "", false
	}
	v := new(big.Int).SetBytes(n.UnscaledValue)
	if len(n.UnscaledValue) > 0 && n.UnscaledValue[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(n.UnscaledValue))))
	}
	sign, digits := "", v.String()
	if v.Sign() < 0 {
		sign, digits = "-", digits[1:]
	}
	scale := int(n.Scale)
	if scale == 0 {
		return sign + digits, true
	}
	if pad := scale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:], true
}

// decimalOf is the inverse of decimalText.
func decimalOf(s string) *types.DecimalNumber {
	whole, frac, _ := strings.Cut(s, ".")
	v, ok := new(big.Int).SetString(whole+frac, 10)
	if !ok {
		return nil
	}
	n := v.BitLen()/8 + 1 // with room for the sign
	if v.Sign() < 0 {
		v.Add(v, new(big.Int).Lsh(big.NewInt(1), uint(8*n)))
	}
	return &types.DecimalNumber{UnscaledValue: v.FillBytes(make([]byte, n)), Scale: int32(len(frac))}
}
