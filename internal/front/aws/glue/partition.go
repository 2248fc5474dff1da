package glue

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// segmentsMax is how many parallel readers GetPartitions takes.
const segmentsMax = 10

func (d *door) partitionOps() []gate.Op {
	input := func(under string) []string {
		return append(fields(under, "Values LastAccessTime LastAnalyzedTime Parameters"), fields(under+".StorageDescriptor", storageFields)...)
	}
	table := []string{"CatalogId", "DatabaseName", "TableName"}
	with := func(more ...string) []string { return append(table[:len(table):len(table)], more...) }
	const limit = "no schema references"
	return []gate.Op{
		handle(d, "CreatePartition", d.createPartition, gate.Row[glue.CreatePartitionInput]{Limit: limit, Honours: with(input("PartitionInput")...),
			Resource: ofTable(d, func(in *glue.CreatePartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "BatchCreatePartition", d.batchCreatePartition, gate.Row[glue.BatchCreatePartitionInput]{Limit: limit, Honours: with(input("PartitionInputList")...),
			Resource: ofTable(d, func(in *glue.BatchCreatePartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "GetPartition", d.getPartition, gate.Row[glue.GetPartitionInput]{Honours: with("PartitionValues"),
			Resource: ofTable(d, func(in *glue.GetPartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "GetPartitions", d.getPartitions, gate.Row[glue.GetPartitionsInput]{Limit: "the current state only: no transaction, no time in the past",
			Honours:  with("Expression", "MaxResults", "NextToken", "Segment.*", "ExcludeColumnSchema"),
			Resource: ofTable(d, func(in *glue.GetPartitionsInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "BatchGetPartition", d.batchGetPartition, gate.Row[glue.BatchGetPartitionInput]{Honours: with("PartitionsToGet.*"),
			Resource: ofTable(d, func(in *glue.BatchGetPartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "UpdatePartition", d.updatePartition, gate.Row[glue.UpdatePartitionInput]{Limit: limit, Honours: with(append(input("PartitionInput"), "PartitionValueList")...),
			Resource: ofTable(d, func(in *glue.UpdatePartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "BatchUpdatePartition", d.batchUpdatePartition, gate.Row[glue.BatchUpdatePartitionInput]{Limit: limit,
			Honours:  with(append(input("Entries.PartitionInput"), "Entries.PartitionValueList")...),
			Resource: ofTable(d, func(in *glue.BatchUpdatePartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "DeletePartition", d.deletePartition, gate.Row[glue.DeletePartitionInput]{Honours: with("PartitionValues"),
			Resource: ofTable(d, func(in *glue.DeletePartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
		handle(d, "BatchDeletePartition", d.batchDeletePartition, gate.Row[glue.BatchDeletePartitionInput]{Honours: with("PartitionsToDelete.*"),
			Resource: ofTable(d, func(in *glue.BatchDeletePartitionInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
	}
}

func (d *door) createPartition(ctx context.Context, in *glue.CreatePartitionInput) (*glue.CreatePartitionOutput, error) {
	return nil, d.Catalog.CreatePartitions(ctx, *in.DatabaseName, *in.TableName, []catalog.Partition{partitionOf(in.PartitionInput)}, false)
}

func (d *door) batchCreatePartition(ctx context.Context, in *glue.BatchCreatePartitionInput) (*glue.BatchCreatePartitionOutput, error) {
	parts := make([]catalog.Partition, len(in.PartitionInputList))
	for i := range parts {
		parts[i] = partitionOf(&in.PartitionInputList[i])
	}
	errs, err := d.Catalog.AddPartitions(ctx, *in.DatabaseName, *in.TableName, parts)
	if err != nil {
		return nil, err
	}
	return &glue.BatchCreatePartitionOutput{Errors: d.partitionErrors(errs, func(i int) []string { return parts[i].Values })}, nil
}

func (d *door) partitionErrors(errs []error, values func(i int) []string) []types.PartitionError {
	return failed(errs, func(i int, err error) types.PartitionError {
		return types.PartitionError{PartitionValues: values(i), ErrorDetail: d.detail(err)}
	})
}

func (d *door) getPartition(ctx context.Context, in *glue.GetPartitionInput) (*glue.GetPartitionOutput, error) {
	p, err := d.Catalog.GetPartition(ctx, *in.DatabaseName, *in.TableName, in.PartitionValues)
	if err != nil {
		return nil, err
	}
	return &glue.GetPartitionOutput{Partition: ptr(d.partition(p))}, nil
}

func (d *door) getPartitions(ctx context.Context, in *glue.GetPartitionsInput) (*glue.GetPartitionsOutput, error) {
	max, err := size(in.MaxResults, partitionPageMax)
	if err != nil {
		return nil, err
	}
	q := catalog.PartitionQuery{Database: *in.DatabaseName, Table: *in.TableName, Expression: str(in.Expression), Token: str(in.NextToken), Max: max}
	if q.Segment, q.Segments, err = segment(in.Segment); err != nil {
		return nil, err
	}
	found, next, err := d.Catalog.QueryPartitions(ctx, q)
	if err != nil {
		return nil, err
	}
	out := list(found, d.partition)
	if in.ExcludeColumnSchema != nil && *in.ExcludeColumnSchema {
		for i := range out {
			if out[i].StorageDescriptor != nil {
				out[i].StorageDescriptor.Columns = nil
			}
		}
	}
	return &glue.GetPartitionsOutput{Partitions: out, NextToken: optional(next)}, nil
}

func segment(s *types.Segment) (number, total int, err error) {
	if s == nil {
		return 0, 0, nil
	}
	if s.TotalSegments == nil {
		return 0, 0, Constraint.New("null", "segment.totalSegments", "not be null")
	}
	number, total = int(s.SegmentNumber), int(*s.TotalSegments)
	if err := between("'"+strconv.Itoa(total)+"'", "segment.totalSegments", "value", total, 1, segmentsMax); err != nil {
		return 0, 0, err
	}
	return number, total, between("'"+strconv.Itoa(number)+"'", "segment.segmentNumber", "value", number, 0, total-1)
}

func (d *door) batchGetPartition(ctx context.Context, in *glue.BatchGetPartitionInput) (*glue.BatchGetPartitionOutput, error) {
	found, _, err := d.Catalog.GetPartitions(ctx, *in.DatabaseName, *in.TableName, list(in.PartitionsToGet, func(v types.PartitionValueList) []string { return v.Values }))
	if err != nil {
		return nil, err
	}
	return &glue.BatchGetPartitionOutput{Partitions: list(found, d.partition), UnprocessedKeys: []types.PartitionValueList{}}, nil
}

func (d *door) updatePartition(ctx context.Context, in *glue.UpdatePartitionInput) (*glue.UpdatePartitionOutput, error) {
	return nil, d.Catalog.UpdatePartition(ctx, *in.DatabaseName, *in.TableName, in.PartitionValueList, partitionOf(in.PartitionInput))
}

func (d *door) batchUpdatePartition(ctx context.Context, in *glue.BatchUpdatePartitionInput) (*glue.BatchUpdatePartitionOutput, error) {
	updates := make([]catalog.PartitionUpdate, len(in.Entries))
	for i, e := range in.Entries {
		if e.PartitionInput == nil {
			return nil, Constraint.New("null", "entries."+strconv.Itoa(i+1)+".member.partitionInput", "not be null")
		}
		updates[i] = catalog.PartitionUpdate{Values: e.PartitionValueList, Partition: partitionOf(e.PartitionInput)}
	}
	errs, err := d.Catalog.UpdatePartitions(ctx, *in.DatabaseName, *in.TableName, updates)
	if err != nil {
		return nil, err
	}
	return &glue.BatchUpdatePartitionOutput{Errors: failed(errs, func(i int, err error) types.BatchUpdatePartitionFailureEntry {
		return types.BatchUpdatePartitionFailureEntry{PartitionValueList: updates[i].Values, ErrorDetail: d.detail(err)}
	})}, nil
}

func (d *door) deletePartition(ctx context.Context, in *glue.DeletePartitionInput) (*glue.DeletePartitionOutput, error) {
	return nil, d.Catalog.DeletePartitions(ctx, *in.DatabaseName, *in.TableName, [][]string{in.PartitionValues})
}

func (d *door) batchDeletePartition(ctx context.Context, in *glue.BatchDeletePartitionInput) (*glue.BatchDeletePartitionOutput, error) {
	values := list(in.PartitionsToDelete, func(v types.PartitionValueList) []string { return v.Values })
	errs, err := d.Catalog.DropPartitions(ctx, *in.DatabaseName, *in.TableName, values)
	if err != nil {
		return nil, err
	}
	return &glue.BatchDeletePartitionOutput{Errors: d.partitionErrors(errs, func(i int) []string { return values[i] })}, nil
}

func (d *door) getPartitionIndexes(ctx context.Context, in *glue.GetPartitionIndexesInput) (*glue.GetPartitionIndexesOutput, error) {
	if _, err := d.Catalog.GetTable(ctx, *in.DatabaseName, *in.TableName); err != nil {
		return nil, err
	}
	return &glue.GetPartitionIndexesOutput{PartitionIndexDescriptorList: []types.PartitionIndexDescriptor{}}, nil
}

// getCatalogImportStatus says that nothing waits to be imported: there is no
// older catalog.
func (d *door) getCatalogImportStatus(context.Context, *glue.GetCatalogImportStatusInput) (*glue.GetCatalogImportStatusOutput, error) {
	return &glue.GetCatalogImportStatusOutput{ImportStatus: &types.CatalogImportStatus{ImportCompleted: true}}, nil
}
