package query

import (
	"context"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// planRepair plans MSCK REPAIR TABLE: folders below the table's location that
// are named as partitions are, and that the catalog does not have, are added.
func (p *prepared) planRepair(st *dialect.RepairTable) error {
	if st.Drop {
		return p.src.fail(Unsupported, st.Name.Offset, "MSCK REPAIR TABLE adds partitions: DROP and SYNC are not supported, use ALTER TABLE DROP PARTITION")
	}
	p.kind, p.columns = KindDDL, textColumns("result")
	err := p.planRows(p.columns, func(ctx context.Context) ([][]string, error) { return p.repair(ctx, st) })
	p.kind = KindDDL
	return err
}

func (p *prepared) repair(ctx context.Context, st *dialect.RepairTable) ([][]string, error) {
	t, err := p.partitioned(ctx, st.Name)
	if err != nil {
		return nil, err
	}
	bucket, prefix, err := splitLocation(t.Storage.Location)
	if err != nil {
		return nil, err
	}
	if err := p.s.allowData(ctx, "read", bucket, prefix); err != nil {
		return nil, err
	}
	found, err := p.s.folders(ctx, bucket, prefix, t.PartitionKeys)
	if err != nil {
		return nil, err
	}
	known, err := p.s.partitions(ctx, &t, "")
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, k := range known {
		have[strings.Join(k.Values, "\x00")] = true
	}
	var add []catalog.Partition
	var missing, added []string
	for _, f := range found {
		if have[strings.Join(f.values, "\x00")] {
			continue
		}
		name := t.Name + ":" + partitionPath(t.PartitionKeys, f.values)
		add = append(add, newPartition(&t, f.values, "s3://"+bucket+"/"+f.prefix))
		missing, added = append(missing, name), append(added, "Repair: Added partition to metastore "+name)
	}
	if len(add) == 0 {
		return nil, nil
	}
	if err := p.s.needs.Catalog.CreatePartitions(ctx, t.Database, t.Name, add, true); err != nil {
		return nil, err
	}
	return lines(append([]string{"Partitions not in metastore:\t" + strings.Join(missing, "\t")}, added...)), nil
}

// folder is a partition's place as its path says.
type folder struct {
	prefix string
	values []string
}

// folders walks the levels key=value/ below a prefix.
func (s *Service) folders(ctx context.Context, bucket, prefix string, keys []catalog.Column) ([]folder, error) {
	level := []folder{{prefix: prefix}}
	for _, k := range keys {
		var next []folder
		for _, f := range level {
			below, err := s.below(ctx, bucket, f, k.Name)
			if err != nil {
				return nil, err
			}
			if next = append(next, below...); len(next) > s.cfg.PartitionsMax {
				return nil, TooMuch.New("the table's location holds more partitions than partitions-max in the server's configuration allows: raise it, or add partitions by ALTER TABLE ADD PARTITION")
			}
		}
		level = next
	}
	return level, nil
}

// below lists the folders key=value/ in a folder.
func (s *Service) below(ctx context.Context, bucket string, in folder, key string) (out []folder, err error) {
	after := ""
	for {
		l, err := s.needs.Objects.List(ctx, object.ListInput{Bucket: bucket, Prefix: in.prefix, Delimiter: "/", After: after, Max: 1000})
		if err != nil {
			return nil, err
		}
		for _, p := range l.Prefixes {
			name, value, ok := strings.Cut(strings.TrimSuffix(p[len(in.prefix):], "/"), "=")
			if ok && strings.EqualFold(unescapePath(name), key) {
				out = append(out, folder{p, append(append([]string{}, in.values...), unescapePath(value))})
			}
		}
		if after = l.Next; after == "" {
			return out, nil
		}
	}
}
