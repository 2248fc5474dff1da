package catalog

import (
	"context"
	"hash/fnv"

	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// GetPartition returns one partition. Refuses with PartitionNotFound,
// TableNotFound, DatabaseNotFound.
func (s *Service) GetPartition(ctx context.Context, database, name string, values []string) (Partition, error) {
	found, _, err := s.GetPartitions(ctx, database, name, [][]string{values})
	if err != nil {
		return Partition{}, err
	}
	if len(found) == 0 {
		return Partition{}, PartitionNotFound.New(values)
	}
	return found[0], nil
}

// GetPartitions returns the partitions that have the values, in the order
// asked for, and the values that no partition has. Refuses with TableNotFound,
// DatabaseNotFound.
func (s *Service) GetPartitions(ctx context.Context, database, name string, values [][]string) (found []Partition, missing [][]string, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		t, r, err := table(tx, fold(database), fold(name))
		if err != nil {
			return err
		}
		rd := reader{tx: tx, table: &t, id: r.id}
		for _, v := range values {
			var e entry
			there, err := tx.Get(e.dest(), "SELECT "+entryColumns+" FROM catalog_partition WHERE table_id = ? AND place = ?", r.id, place(v))
			if err != nil {
				return err
			}
			if !there {
				missing = append(missing, v)
				continue
			}
			p, err := rd.partition(&e, v)
			if err != nil {
				return err
			}
			found = append(found, p)
		}
		return nil
	})
	return found, missing, err
}

// CountPartitions returns how many partitions a table has. Refuses with
// TableNotFound, DatabaseNotFound.
func (s *Service) CountPartitions(ctx context.Context, database, name string) (int64, error) {
	var r row
	err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		_, r, err = table(tx, fold(database), fold(name))
		return err
	})
	return r.partitions, err
}

// PartitionQuery asks for partitions.
type PartitionQuery struct {
	Database, Table string
	Expression      string // SQL over the partition keys; empty: all
	Token           string
	Max             int // at least 1 is taken
	// Segments > 1 divides the partitions for parallel readers; this one gets
	// those of Segment, from 0. A partition stays in its segment.
	Segment, Segments int
}

// ListPartitions returns up to max partitions in the order of their values
// that satisfy the expression (SQL over the partition keys; empty: all) and
// the token for more. Refuses as QueryPartitions.
func (s *Service) ListPartitions(ctx context.Context, database, name, expression, token string, max int) ([]Partition, string, error) {
	return s.QueryPartitions(ctx, PartitionQuery{Database: database, Table: name, Expression: expression, Token: token, Max: max})
}

const partitionListing = "partitions"

// QueryPartitions returns the partitions that q asks for in the order of their
// values (as bytes) and the token for more. Refuses with BadExpression,
// TableNotFound, DatabaseNotFound, page.BadToken.
func (s *Service) QueryPartitions(ctx context.Context, q PartitionQuery) ([]Partition, string, error) {
	after, err := page.After(partitionListing, q.Token)
	if err != nil {
		return nil, "", err
	}
	max := atLeastOne(q.Max)
	var out []Partition
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		t, r, err := table(tx, fold(q.Database), fold(q.Table))
		if err != nil {
			return err
		}
		pred, err := ParsePredicate(q.Expression, t.PartitionKeys)
		if err != nil {
			return err
		}
		rd := reader{tx: tx, table: &t, id: r.id}
		out, err = rd.scan(pred, after, max+1, q.inSegment)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	out, next := page.Cut(partitionListing, out, max, func(p Partition) string { return place(p.Values) })
	return out, next, nil
}

func (q *PartitionQuery) inSegment(place string) bool {
	if q.Segments <= 1 {
		return true
	}
	h := fnv.New32a()
	h.Write([]byte(place))
	return int(h.Sum32()%uint32(q.Segments)) == q.Segment
}

// entry is a row of catalog_partition.
type entry struct {
	place, location, shape, parameters string
	created, lastAccess, lastAnalyzed  int64
}

const entryColumns = "place, location, shape, parameters, created, last_access, last_analyzed"

func (e *entry) dest() []any {
	return []any{&e.place, &e.location, &e.shape, &e.parameters, &e.created, &e.lastAccess, &e.lastAnalyzed}
}

// reader reads the partitions of one table in one transaction.
type reader struct {
	tx         *meta.Tx
	table      *Table
	id         string
	shapes     map[string]Storage
	text       string // the last parameters read, and what they say
	parameters map[string]string
}

// scanBatch is how many rows are read before looking whether a whole range can
// be left out.
const scanBatch = 512

// scan reads up to limit partitions after a place that satisfy the predicate.
// Rows are read in batches; when the last row of a batch is refused for its
// first values alone, the next batch starts behind all that share them. So a
// predicate on the first keys costs what it selects and a predicate on the
// last keys costs one pass.
func (rd *reader) scan(pred *Predicate, after string, limit int, in func(place string) bool) ([]Partition, error) {
	batch := scanBatch
	if pred.Always() {
		batch = min(limit, scanBatch)
	}
	var out []Partition
	var e entry
	dest := e.dest()
	entries := make([]entry, 0, batch)
	for len(out) < limit {
		entries = entries[:0]
		err := rd.tx.Query(func(scan func(...any) error) error {
			err := scan(dest...)
			entries = append(entries, e)
			return err
		}, "SELECT "+entryColumns+" FROM catalog_partition WHERE table_id = ? AND place > ? ORDER BY place LIMIT ?", rd.id, after, batch)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			e := &entries[i]
			v := values(e.place)
			after = e.place
			if !in(e.place) {
				continue
			}
			if !pred.Match(v) {
				if n := pred.Excludes(v); i == len(entries)-1 && n > 0 {
					after = placeAfter(v[:n])
				}
				continue
			}
			p, err := rd.partition(e, v)
			if err != nil {
				return nil, err
			}
			if out = append(out, p); len(out) == limit {
				break
			}
		}
		if len(entries) < batch {
			break
		}
	}
	return out, nil
}

func (rd *reader) partition(e *entry, values []string) (Partition, error) {
	st, ok := rd.shapes[e.shape]
	if !ok {
		var doc string
		// The row of a shape lives as long as its table's partitions do.
		if _, err := rd.tx.Get([]any{&doc}, "SELECT document FROM catalog_shape WHERE table_id = ? AND hash = ?", rd.id, e.shape); err != nil {
			return Partition{}, err
		}
		if err := decode(doc, &st); err != nil {
			return Partition{}, err
		}
		if rd.shapes == nil {
			rd.shapes = map[string]Storage{}
		}
		rd.shapes[e.shape] = st
	}
	st.Location = e.location
	if e.parameters != rd.text {
		rd.text, rd.parameters = e.parameters, nil
		if e.parameters != "" {
			if err := decode(e.parameters, &rd.parameters); err != nil {
				return Partition{}, err
			}
		}
	}
	return Partition{Database: rd.table.Database, Table: rd.table.Name, Values: values,
		Created: instant(e.created), LastAccess: instant(e.lastAccess), LastAnalyzed: instant(e.lastAnalyzed),
		Storage: st, Parameters: rd.parameters}, nil
}
