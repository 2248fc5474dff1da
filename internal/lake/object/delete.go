package object

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Delete removes an object; no error if it is not there.
func (s *Service) Delete(ctx context.Context, bucket, key string) error {
	return s.DeleteIf(ctx, bucket, key, Conditions{})
}

// DeleteIf is Delete under IfMatch; it refuses NoKey when nothing is there.
func (s *Service) DeleteIf(ctx context.Context, bucket, key string, c Conditions) error {
	refusals, err := s.DeleteEach(ctx, bucket, []Removal{{key, c}})
	if err != nil {
		return err
	}
	return refusals[0]
}

// Removal is one key of a DeleteEach. Of the conditions a delete takes IfMatch.
type Removal struct {
	Key        string
	Conditions Conditions
}

// DeleteMany removes objects in one transaction; no error for those that are
// not there. More than 1,000 keys are removed in as many transactions as it
// takes.
func (s *Service) DeleteMany(ctx context.Context, bucket string, keys []string) error {
	for len(keys) > 0 {
		n := min(len(keys), batchMax)
		batch := make([]Removal, n)
		for i, k := range keys[:n] {
			batch[i].Key = k
		}
		refusals, err := s.DeleteEach(ctx, bucket, batch)
		if err != nil {
			return err
		}
		for _, r := range refusals {
			if r != nil {
				return r
			}
		}
		keys = keys[n:]
	}
	return nil
}

// DeleteEach removes 1 to 1,000 objects in one transaction and returns the
// refusal of each, nil where it is gone. The error is one of all of them.
func (s *Service) DeleteEach(ctx context.Context, bucket string, batch []Removal) (refusals []error, err error) {
	if len(batch) == 0 || len(batch) > batchMax {
		return nil, TooManyKeys.New(len(batch))
	}
	var gone []garbage
	err = s.update(ctx, func(tx *meta.Tx) error {
		gone, refusals = gone[:0], make([]error, len(batch))
		id, err := bucketID(tx, bucket)
		if err != nil {
			return err
		}
		for i, r := range batch {
			g, err := remove(tx, id, bucket, r)
			if fault.ReasonOf(err) != nil {
				refusals[i] = err
				continue
			}
			if err != nil {
				return err
			}
			gone = append(gone, g)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.collect(gone...)
	return refusals, nil
}

func remove(tx *meta.Tx, id int64, bucket string, r Removal) (garbage, error) {
	if err := checkKey(r.Key); err != nil {
		return garbage{}, err
	}
	if r.Conditions.IfNoneMatch != "" {
		return garbage{}, BadCondition.New("only If-Match when it deletes")
	}
	o, err := findOld(tx, bucket, r.Key)
	if err != nil {
		return garbage{}, err
	}
	if err := r.Conditions.write(o, r.Key); err != nil || !o.there {
		return garbage{}, err
	}
	if _, err := tx.Exec(`DELETE FROM object WHERE bucket = ? AND key = ?`, id, []byte(r.Key)); err != nil {
		return garbage{}, err
	}
	return o.drop(tx)
}
