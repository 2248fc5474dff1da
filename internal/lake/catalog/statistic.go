package catalog

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// StatisticKind says which of a Statistic's numbers have a meaning.
type StatisticKind string

// The kinds of statistics.
const (
	BooleanStatistic StatisticKind = "boolean" // Trues, Falses, Nulls
	DateStatistic    StatisticKind = "date"    // Minimum and Maximum as "2006-01-02T15:04:05Z", Nulls, Distinct
	DecimalStatistic StatisticKind = "decimal" // Minimum and Maximum as "-1.50", Nulls, Distinct
	DoubleStatistic  StatisticKind = "double"  // Minimum and Maximum as "1.5e10", Nulls, Distinct
	LongStatistic    StatisticKind = "long"    // Minimum and Maximum as "42", Nulls, Distinct
	StringStatistic  StatisticKind = "string"  // LengthMax, LengthMean, Nulls, Distinct
	BinaryStatistic  StatisticKind = "binary"  // LengthMax, LengthMean, Nulls
)

// Statistic is what a writer or analyser found in a column of a table or of
// one partition. Nothing here checks it against the data.
type Statistic struct {
	Column     string        `json:"column"`
	ColumnType string        `json:"column_type"`
	Analyzed   time.Time     `json:"analyzed"`
	Kind       StatisticKind `json:"kind"`
	Nulls      int64         `json:"nulls"`
	Distinct   int64         `json:"distinct,omitempty"`
	Trues      int64         `json:"trues,omitempty"`
	Falses     int64         `json:"falses,omitempty"`
	Minimum    string        `json:"minimum,omitempty"` // empty for unknown
	Maximum    string        `json:"maximum,omitempty"`
	LengthMax  int64         `json:"length_max,omitempty"` // bytes
	LengthMean float64       `json:"length_mean,omitempty"`
}

func checkStatistic(st Statistic) error {
	if err := first(name("column", st.Column), text("column type", st.ColumnType, typeMax, false), moment("analyzed time", st.Analyzed)); err != nil {
		return err
	}
	if !(st.LengthMean >= 0 && st.LengthMean <= math.MaxInt64) { // nor is it NaN
		return BadValue.New("statistics of column "+st.Column, "the average length is not a length")
	}
	for what, n := range map[string]int64{"number of nulls": st.Nulls, "number of distinct values": st.Distinct,
		"number of trues": st.Trues, "number of falses": st.Falses, "maximum length": st.LengthMax} {
		if n < 0 {
			return BadValue.New("statistics of column "+st.Column, fmt.Sprintf("the %s is negative", what))
		}
	}
	return nil
}

// PutStatistics keeps the statistics of columns, of the whole table when
// values is nil, else of that partition; each stands alone: the refusals come
// back by position, nil when there were none. Refuses with PartitionNotFound,
// TableNotFound, DatabaseNotFound; single ones with ColumnNotFound, BadName,
// BadValue.
func (s *Service) PutStatistics(ctx context.Context, database, name string, values []string, stats []Statistic) ([]error, error) {
	var errs []error
	err := s.db.Update(ctx, func(tx *meta.Tx) error {
		o, err := ownerOf(tx, fold(database), fold(name), values)
		if err != nil {
			return err
		}
		errs = nil // the transaction may run again
		for i, st := range stats {
			if errs, err = collect(errs, len(stats), i, o.put(st)); err != nil {
				return err
			}
		}
		return nil
	})
	return errs, err
}

// GetStatistics returns the statistics of the columns that have some, in the
// order asked for, and the names of the others. Refuses with
// PartitionNotFound, TableNotFound, DatabaseNotFound.
func (s *Service) GetStatistics(ctx context.Context, database, name string, values []string, columns []string) (found []Statistic, missing []string, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		o, err := ownerOf(tx, fold(database), fold(name), values)
		if err != nil {
			return err
		}
		for _, c := range columns {
			var doc string
			there, err := tx.Get([]any{&doc}, "SELECT document FROM catalog_statistic WHERE table_id = ? AND place = ? AND column_name = ?", o.id, o.place, fold(c))
			if err != nil {
				return err
			}
			if !there {
				missing = append(missing, c)
				continue
			}
			var st Statistic
			if err := decode(doc, &st); err != nil {
				return err
			}
			found = append(found, st)
		}
		return nil
	})
	return found, missing, err
}

// DeleteStatistics removes the statistics of a column. Refuses with
// StatisticNotFound, PartitionNotFound, TableNotFound, DatabaseNotFound.
func (s *Service) DeleteStatistics(ctx context.Context, database, name string, values []string, column string) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		o, err := ownerOf(tx, fold(database), fold(name), values)
		if err != nil {
			return err
		}
		n, err := tx.Exec("DELETE FROM catalog_statistic WHERE table_id = ? AND place = ? AND column_name = ?", o.id, o.place, fold(column))
		if err == nil && n == 0 {
			return StatisticNotFound.New(column)
		}
		return err
	})
}

// owner is what statistics belong to: a table, or a partition of it.
type owner struct {
	tx    *meta.Tx
	table Table
	id    string
	place string // empty for the table
}

func ownerOf(tx *meta.Tx, db, name string, values []string) (owner, error) {
	t, r, err := table(tx, db, name)
	o := owner{tx: tx, table: t, id: r.id, place: place(values)}
	if err != nil || values == nil {
		return o, err
	}
	var one int
	found, err := tx.Get([]any{&one}, "SELECT 1 FROM catalog_partition WHERE table_id = ? AND place = ?", r.id, o.place)
	if err == nil && !found {
		err = PartitionNotFound.New(values)
	}
	return o, err
}

func (o *owner) put(st Statistic) error {
	if err := checkStatistic(st); err != nil {
		return err
	}
	if !o.has(st.Column) {
		return ColumnNotFound.New(st.Column)
	}
	_, err := o.tx.Exec("INSERT INTO catalog_statistic (table_id, place, column_name, document) VALUES (?, ?, ?, ?) ON CONFLICT (table_id, place, column_name) DO UPDATE SET document = excluded.document",
		o.id, o.place, fold(st.Column), encode(st))
	return err
}

func (o *owner) has(column string) bool {
	for _, set := range [][]Column{o.table.Storage.Columns, o.table.PartitionKeys} {
		for _, c := range set {
			if strings.EqualFold(c.Name, column) {
				return true
			}
		}
	}
	return false
}
