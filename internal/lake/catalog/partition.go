package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// shape is what most partitions of a table share: their Storage without the
// location. It is kept once per table under its hash, so that a hundred
// thousand partitions of a wide table do not repeat its columns.
func shape(st Storage) (hash, doc string) {
	st.Location = ""
	doc = encode(st)
	sum := sha256.Sum256([]byte(doc))
	return hex.EncodeToString(sum[:12]), doc
}

// CreatePartitions adds partitions, all or none. With ifNotExists those that
// are there are left as they are; without, they are refused as PartitionExists.
// Refuses also with TableNotFound, DatabaseNotFound, BadValue, TooMany.
func (s *Service) CreatePartitions(ctx context.Context, database, name string, parts []Partition, ifNotExists bool) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error { return s.CreatePartitionsIn(tx, database, name, parts, ifNotExists) })
}

// CreatePartitionsIn is CreatePartitions as a part of the caller's transaction.
func (s *Service) CreatePartitionsIn(tx *meta.Tx, database, name string, parts []Partition, ifNotExists bool) error {
	t, r, err := table(tx, fold(database), fold(name))
	if err != nil {
		return err
	}
	w := writer{tx: tx, table: &t, id: r.id, room: int64(s.cfg.PartitionsMax) - r.partitions}
	for i := range parts {
		if err := w.add(s, &parts[i], ifNotExists); err != nil {
			return err
		}
	}
	return w.finish()
}

// AddPartitions adds partitions, each of which stands alone: the refusals come
// back by position, nil when there were none. Refuses with TableNotFound,
// DatabaseNotFound.
func (s *Service) AddPartitions(ctx context.Context, database, name string, parts []Partition) ([]error, error) {
	return s.writeEach(ctx, database, name, len(parts), func(w *writer, i int) error { return w.add(s, &parts[i], false) })
}

// UpdatePartition replaces the partition that has the values; p may give it
// others. Its creation time stays. Refuses with PartitionNotFound,
// PartitionExists, TableNotFound, DatabaseNotFound, BadValue.
func (s *Service) UpdatePartition(ctx context.Context, database, name string, values []string, p Partition) error {
	errs, err := s.UpdatePartitions(ctx, database, name, []PartitionUpdate{{Values: values, Partition: p}})
	return first(append(errs, err)...)
}

// PartitionUpdate replaces the partition that has the values.
type PartitionUpdate struct {
	Values    []string
	Partition Partition
}

// UpdatePartitions replaces partitions, each of which stands alone: the
// refusals come back by position, nil when there were none. Refuses with
// TableNotFound, DatabaseNotFound.
func (s *Service) UpdatePartitions(ctx context.Context, database, name string, updates []PartitionUpdate) ([]error, error) {
	return s.writeEach(ctx, database, name, len(updates), func(w *writer, i int) error {
		return w.update(updates[i].Values, &updates[i].Partition)
	})
}

// DeletePartitions removes partitions by their values, all or none. Refuses
// with PartitionNotFound, TableNotFound, DatabaseNotFound.
func (s *Service) DeletePartitions(ctx context.Context, database, name string, values [][]string) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		t, r, err := table(tx, fold(database), fold(name))
		if err != nil {
			return err
		}
		w := writer{tx: tx, table: &t, id: r.id}
		for _, v := range values {
			if err := w.delete(v); err != nil {
				return err
			}
		}
		return w.finish()
	})
}

// DropPartitions removes partitions, each of which stands alone: the refusals
// come back by position, nil when there were none. Refuses with TableNotFound,
// DatabaseNotFound.
func (s *Service) DropPartitions(ctx context.Context, database, name string, values [][]string) ([]error, error) {
	return s.writeEach(ctx, database, name, len(values), func(w *writer, i int) error { return w.delete(values[i]) })
}

// writeEach is each with a writer of one table.
func (s *Service) writeEach(ctx context.Context, database, name string, n int, f func(w *writer, i int) error) ([]error, error) {
	var errs []error
	err := s.db.Update(ctx, func(tx *meta.Tx) error {
		t, r, err := table(tx, fold(database), fold(name))
		if err != nil {
			return err
		}
		w := &writer{tx: tx, table: &t, id: r.id, room: int64(s.cfg.PartitionsMax) - r.partitions}
		errs = nil // the transaction may run again
		for i := range n {
			if errs, err = collect(errs, n, i, f(w, i)); err != nil {
				return err
			}
		}
		return w.finish()
	})
	return errs, err
}

// writer changes the partitions of one table in one transaction.
type writer struct {
	tx    *meta.Tx
	table *Table
	id    string
	room  int64  // how many may still be added
	added int64  // minus deleted
	known string // hash of the last shape that is kept for sure
}

func (w *writer) add(s *Service, p *Partition, ifNotExists bool) error {
	if err := w.check(p); err != nil {
		return err
	}
	if w.added >= w.room {
		return TooMany.New("table "+w.table.Name, s.cfg.PartitionsMax, "partitions")
	}
	hash, err := w.keep(p.Storage)
	if err != nil {
		return err
	}
	n, err := w.tx.Exec("INSERT INTO catalog_partition (table_id, place, location, shape, parameters, created, last_access, last_analyzed) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (table_id, place) DO NOTHING",
		w.id, place(p.Values), p.Storage.Location, hash, encodeMap(p.Parameters), micros(now()), micros(p.LastAccess), micros(p.LastAnalyzed))
	if err != nil {
		return err
	}
	if n == 0 && !ifNotExists {
		return PartitionExists.New(p.Values)
	}
	w.added += n
	return nil
}

func (w *writer) update(values []string, p *Partition) error {
	if err := w.check(p); err != nil {
		return err
	}
	from, to := place(values), place(p.Values)
	if from != to {
		var one int
		taken, err := w.tx.Get([]any{&one}, "SELECT 1 FROM catalog_partition WHERE table_id = ? AND place = ?", w.id, to)
		if err != nil {
			return err
		}
		if taken {
			return PartitionExists.New(p.Values)
		}
	}
	hash, err := w.keep(p.Storage)
	if err != nil {
		return err
	}
	n, err := w.tx.Exec("UPDATE catalog_partition SET place = ?, location = ?, shape = ?, parameters = ?, last_access = ?, last_analyzed = ? WHERE table_id = ? AND place = ?",
		to, p.Storage.Location, hash, encodeMap(p.Parameters), micros(p.LastAccess), micros(p.LastAnalyzed), w.id, from)
	if err != nil {
		return err
	}
	if n == 0 {
		return PartitionNotFound.New(values)
	}
	if from == to {
		return nil
	}
	_, err = w.tx.Exec("UPDATE catalog_statistic SET place = ? WHERE table_id = ? AND place = ?", to, w.id, from)
	return err
}

func (w *writer) delete(values []string) error {
	at := place(values)
	n, err := w.tx.Exec("DELETE FROM catalog_partition WHERE table_id = ? AND place = ?", w.id, at)
	if err != nil {
		return err
	}
	if n == 0 {
		return PartitionNotFound.New(values)
	}
	w.added--
	_, err = w.tx.Exec("DELETE FROM catalog_statistic WHERE table_id = ? AND place = ?", w.id, at)
	return err
}

// keep makes sure that the storage's shape is there and returns its name.
// Partitions that come together mostly share one, which is checked once.
func (w *writer) keep(st Storage) (string, error) {
	hash, doc := shape(st)
	if hash == w.known {
		return hash, nil
	}
	if err := checkStorage("partition", st); err != nil {
		return "", err
	}
	_, err := w.tx.Exec("INSERT INTO catalog_shape (table_id, hash, document) VALUES (?, ?, ?) ON CONFLICT (table_id, hash) DO NOTHING", w.id, hash, doc)
	if err == nil {
		w.known = hash
	}
	return hash, err
}

// finish writes the new count of partitions.
func (w *writer) finish() error {
	if w.added == 0 {
		return nil
	}
	_, err := w.tx.Exec("UPDATE catalog_table SET partitions = partitions + ? WHERE id = ?", w.added, w.id)
	return err
}

// check tests all of a partition but its shape, which keep does.
func (w *writer) check(p *Partition) error {
	return first(checkValues(w.table, p.Values), text("partition location", p.Storage.Location, locationMax, true), parameters("partition", p.Parameters),
		moment("last access time", p.LastAccess), moment("last analyzed time", p.LastAnalyzed))
}

func encodeMap(m map[string]string) string {
	if len(m) == 0 {
		return ""
	}
	return encode(m)
}
