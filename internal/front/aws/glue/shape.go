package glue

import (
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// storageFields are the members of a StorageDescriptor that are kept. It is
// missing SchemaReference: there is no schema registry.
const storageFields = "AdditionalLocations BucketColumns Columns.* Compressed InputFormat Location NumberOfBuckets OutputFormat Parameters SerdeInfo.* SkewedInfo.* SortColumns.* StoredAsSubDirectories"

func columnOf(c types.Column) catalog.Column {
	return catalog.Column{Name: str(c.Name), Type: str(c.Type), Comment: str(c.Comment), Parameters: c.Parameters}
}

func column(c catalog.Column) types.Column {
	return types.Column{Name: ptr(c.Name), Type: optional(c.Type), Comment: optional(c.Comment), Parameters: c.Parameters}
}

func storageOf(s *types.StorageDescriptor) catalog.Storage {
	if s == nil {
		return catalog.Storage{}
	}
	st := catalog.Storage{Location: str(s.Location), AdditionalLocations: s.AdditionalLocations, InputFormat: str(s.InputFormat), OutputFormat: str(s.OutputFormat),
		Compressed: s.Compressed, Buckets: int(s.NumberOfBuckets), BucketColumns: s.BucketColumns, Parameters: s.Parameters, StoredAsSubDirectories: s.StoredAsSubDirectories}
	if len(s.Columns) > 0 {
		st.Columns = list(s.Columns, columnOf)
	}
	if len(s.SortColumns) > 0 {
		st.Sort = list(s.SortColumns, func(o types.Order) catalog.Order {
			return catalog.Order{Column: str(o.Column), Descending: o.SortOrder == 0}
		})
	}
	if i := s.SerdeInfo; i != nil {
		st.Serde = catalog.Serde{Name: str(i.Name), Library: str(i.SerializationLibrary), Parameters: i.Parameters}
	}
	if k := s.SkewedInfo; k != nil && len(k.SkewedColumnNames)+len(k.SkewedColumnValues)+len(k.SkewedColumnValueLocationMaps) > 0 {
		st.Skew = &catalog.Skew{Columns: k.SkewedColumnNames, Values: k.SkewedColumnValues, Locations: k.SkewedColumnValueLocationMaps}
	}
	return st
}

// storage is nil for a table that was made without one.
func storage(st catalog.Storage) *types.StorageDescriptor {
	if reflect.ValueOf(st).IsZero() {
		return nil
	}
	s := &types.StorageDescriptor{Columns: list(st.Columns, column), Location: ptr(st.Location), AdditionalLocations: st.AdditionalLocations,
		InputFormat: ptr(st.InputFormat), OutputFormat: ptr(st.OutputFormat), Compressed: st.Compressed, NumberOfBuckets: int32(st.Buckets),
		BucketColumns: some(st.BucketColumns), Parameters: someMap(st.Parameters), StoredAsSubDirectories: st.StoredAsSubDirectories,
		SortColumns: list(st.Sort, func(o catalog.Order) types.Order {
			ascending := int32(1)
			if o.Descending {
				ascending = 0
			}
			return types.Order{Column: ptr(o.Column), SortOrder: ascending}
		}),
		SerdeInfo: &types.SerDeInfo{Name: optional(st.Serde.Name), SerializationLibrary: optional(st.Serde.Library), Parameters: someMap(st.Serde.Parameters)}}
	if k := st.Skew; k != nil {
		s.SkewedInfo = &types.SkewedInfo{SkewedColumnNames: some(k.Columns), SkewedColumnValues: some(k.Values), SkewedColumnValueLocationMaps: someMap(k.Locations)}
	}
	return s
}

// some and someMap make what is written even when it is empty: clients read
// these members without asking whether they are there.
func some(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func someMap(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func instantOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func tableOf(database string, in *types.TableInput) catalog.Table {
	t := catalog.Table{Database: database, Name: str(in.Name), Description: str(in.Description), Owner: str(in.Owner), Type: str(in.TableType),
		LastAccess: instantOf(in.LastAccessTime), LastAnalyzed: instantOf(in.LastAnalyzedTime), RetentionSeconds: int(in.Retention),
		Storage: storageOf(in.StorageDescriptor), ViewOriginal: str(in.ViewOriginalText), ViewExpanded: str(in.ViewExpandedText), Parameters: in.Parameters}
	if len(in.PartitionKeys) > 0 {
		t.PartitionKeys = list(in.PartitionKeys, columnOf)
	}
	return t
}

func (d *door) table(t catalog.Table) types.Table {
	return types.Table{CatalogId: ptr(d.Account), DatabaseName: ptr(t.Database), Name: ptr(t.Name), Description: optional(t.Description), Owner: optional(t.Owner),
		TableType: optional(t.Type), CreateTime: instant(t.Created), UpdateTime: instant(t.Updated), LastAccessTime: instant(t.LastAccess),
		LastAnalyzedTime: instant(t.LastAnalyzed), Retention: int32(t.RetentionSeconds), StorageDescriptor: storage(t.Storage),
		PartitionKeys: list(t.PartitionKeys, column), ViewOriginalText: optional(t.ViewOriginal), ViewExpandedText: optional(t.ViewExpanded),
		Parameters: someMap(t.Parameters), CreatedBy: optional(t.CreatedBy), VersionId: ptr(t.Version), IsMultiDialectView: ptr(false)}
}

func partitionOf(in *types.PartitionInput) catalog.Partition {
	return catalog.Partition{Values: in.Values, LastAccess: instantOf(in.LastAccessTime), LastAnalyzed: instantOf(in.LastAnalyzedTime),
		Storage: storageOf(in.StorageDescriptor), Parameters: in.Parameters}
}

func (d *door) partition(p catalog.Partition) types.Partition {
	return types.Partition{CatalogId: ptr(d.Account), DatabaseName: ptr(p.Database), TableName: ptr(p.Table), Values: some(p.Values), CreationTime: instant(p.Created),
		LastAccessTime: instant(p.LastAccess), LastAnalyzedTime: instant(p.LastAnalyzed), StorageDescriptor: storage(p.Storage), Parameters: someMap(p.Parameters)}
}

// detail is a refusal inside the answer of a Batch operation.
func (d *door) detail(err error) *types.ErrorDetail {
	code, message := d.refusal(err)
	return &types.ErrorDetail{ErrorCode: ptr(code), ErrorMessage: ptr(message)}
}

// failed makes a list of those of a Batch operation's items that were refused.
func failed[T any](errs []error, f func(i int, err error) T) []T {
	out := []T{}
	for i, err := range errs {
		if err != nil {
			out = append(out, f(i, err))
		}
	}
	return out
}
