package glue

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// statisticForm is how one type of statistics goes to the catalog and back.
type statisticForm struct {
	kind  catalog.StatisticKind
	read  func(from *types.ColumnStatisticsData, to *catalog.Statistic) (why string) // empty for success
	write func(from catalog.Statistic, to *types.ColumnStatisticsData)
}

// form makes one: member is the place of its numbers in the data of all types.
func form[T any](kind catalog.StatisticKind, member func(*types.ColumnStatisticsData) **T, read func(*T, *catalog.Statistic) string, write func(catalog.Statistic) *T) statisticForm {
	return statisticForm{kind: kind,
		read: func(from *types.ColumnStatisticsData, to *catalog.Statistic) string {
			x := *member(from)
			if x == nil {
				return "the data of type " + string(from.Type) + " is missing"
			}
			return read(x, to)
		},
		write: func(from catalog.Statistic, to *types.ColumnStatisticsData) { *member(to) = write(from) },
	}
}

var statisticForms = map[types.ColumnStatisticsType]statisticForm{
	types.ColumnStatisticsTypeBoolean: form(catalog.BooleanStatistic,
		func(d *types.ColumnStatisticsData) **types.BooleanColumnStatisticsData {
			return &d.BooleanColumnStatisticsData
		},
		func(x *types.BooleanColumnStatisticsData, st *catalog.Statistic) string {
			st.Trues, st.Falses, st.Nulls = x.NumberOfTrues, x.NumberOfFalses, x.NumberOfNulls
			return ""
		},
		func(st catalog.Statistic) *types.BooleanColumnStatisticsData {
			return &types.BooleanColumnStatisticsData{NumberOfTrues: st.Trues, NumberOfFalses: st.Falses, NumberOfNulls: st.Nulls}
		}),
	types.ColumnStatisticsTypeDate: form(catalog.DateStatistic,
		func(d *types.ColumnStatisticsData) **types.DateColumnStatisticsData {
			return &d.DateColumnStatisticsData
		},
		func(x *types.DateColumnStatisticsData, st *catalog.Statistic) string {
			st.Minimum, st.Maximum, st.Nulls, st.Distinct = dateText(x.MinimumValue), dateText(x.MaximumValue), x.NumberOfNulls, x.NumberOfDistinctValues
			return ""
		},
		func(st catalog.Statistic) *types.DateColumnStatisticsData {
			return &types.DateColumnStatisticsData{MinimumValue: dateOf(st.Minimum), MaximumValue: dateOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
		}),
	types.ColumnStatisticsTypeDecimal: form(catalog.DecimalStatistic,
		func(d *types.ColumnStatisticsData) **types.DecimalColumnStatisticsData {
			return &d.DecimalColumnStatisticsData
		},
		func(x *types.DecimalColumnStatisticsData, st *catalog.Statistic) string {
			low, ok1 := decimalText(x.MinimumValue)
			high, ok2 := decimalText(x.MaximumValue)
			if !ok1 || !ok2 {
				return "the scale of a decimal is not within 0 and 38, or its value longer than 16 bytes"
			}
			st.Minimum, st.Maximum, st.Nulls, st.Distinct = low, high, x.NumberOfNulls, x.NumberOfDistinctValues
			return ""
		},
		func(st catalog.Statistic) *types.DecimalColumnStatisticsData {
			return &types.DecimalColumnStatisticsData{MinimumValue: decimalOf(st.Minimum), MaximumValue: decimalOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
		}),
	types.ColumnStatisticsTypeDouble: form(catalog.DoubleStatistic,
		func(d *types.ColumnStatisticsData) **types.DoubleColumnStatisticsData {
			return &d.DoubleColumnStatisticsData
		},
		func(x *types.DoubleColumnStatisticsData, st *catalog.Statistic) string {
			st.Minimum, st.Maximum, st.Nulls, st.Distinct = floatText(x.MinimumValue), floatText(x.MaximumValue), x.NumberOfNulls, x.NumberOfDistinctValues
			return ""
		},
		func(st catalog.Statistic) *types.DoubleColumnStatisticsData {
			return &types.DoubleColumnStatisticsData{MinimumValue: floatOf(st.Minimum), MaximumValue: floatOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
		}),
	types.ColumnStatisticsTypeLong: form(catalog.LongStatistic,
		func(d *types.ColumnStatisticsData) **types.LongColumnStatisticsData {
			return &d.LongColumnStatisticsData
		},
		func(x *types.LongColumnStatisticsData, st *catalog.Statistic) string {
			st.Minimum, st.Maximum = strconv.FormatInt(x.MinimumValue, 10), strconv.FormatInt(x.MaximumValue, 10)
			st.Nulls, st.Distinct = x.NumberOfNulls, x.NumberOfDistinctValues
			return ""
		},
		func(st catalog.Statistic) *types.LongColumnStatisticsData {
			return &types.LongColumnStatisticsData{MinimumValue: longOf(st.Minimum), MaximumValue: longOf(st.Maximum), NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
		}),
	types.ColumnStatisticsTypeString: form(catalog.StringStatistic,
		func(d *types.ColumnStatisticsData) **types.StringColumnStatisticsData {
			return &d.StringColumnStatisticsData
		},
		func(x *types.StringColumnStatisticsData, st *catalog.Statistic) string {
			st.LengthMax, st.LengthMean, st.Nulls, st.Distinct = x.MaximumLength, x.AverageLength, x.NumberOfNulls, x.NumberOfDistinctValues
			return ""
		},
		func(st catalog.Statistic) *types.StringColumnStatisticsData {
			return &types.StringColumnStatisticsData{MaximumLength: st.LengthMax, AverageLength: st.LengthMean, NumberOfNulls: st.Nulls, NumberOfDistinctValues: st.Distinct}
		}),
	types.ColumnStatisticsTypeBinary: form(catalog.BinaryStatistic,
		func(d *types.ColumnStatisticsData) **types.BinaryColumnStatisticsData {
			return &d.BinaryColumnStatisticsData
		},
		func(x *types.BinaryColumnStatisticsData, st *catalog.Statistic) string {
			st.LengthMax, st.LengthMean, st.Nulls = x.MaximumLength, x.AverageLength, x.NumberOfNulls
			return ""
		},
		func(st catalog.Statistic) *types.BinaryColumnStatisticsData {
			return &types.BinaryColumnStatisticsData{MaximumLength: st.LengthMax, AverageLength: st.LengthMean, NumberOfNulls: st.Nulls}
		}),
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

// longOf and floatOf read what this file wrote.
func longOf(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func floatOf(s string) float64 {
	f, _ := strconv.ParseFloat(s, 64)
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
