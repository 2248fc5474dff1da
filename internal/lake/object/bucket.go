package object

import (
	"context"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// bucketID returns the row id of a bucket; refuses NoBucket.
func bucketID(tx *meta.Tx, name string) (id int64, err error) {
	found, err := tx.Get([]any{&id}, `SELECT id FROM bucket WHERE name = ?`, name)
	if err == nil && !found {
		err = NoBucket.New(name)
	}
	return id, err
}

// CreateBucket makes a bucket; Exists if the name is taken.
func (s *Service) CreateBucket(ctx context.Context, name string) error {
	return s.CreateTaggedBucket(ctx, name, nil)
}

// CreateTaggedBucket makes a bucket that has tags from the start; Exists if
// the name is taken.
func (s *Service) CreateTaggedBucket(ctx context.Context, name string, tags map[string]string) error {
	if err := checkBucketName(name); err != nil {
		return err
	}
	if err := checkTags(tags, bucketTagsMax); err != nil {
		return err
	}
	text, err := encodeTags(tags)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec(`INSERT INTO bucket (name, created, tags) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING`,
			name, now().UnixMilli(), text)
		if err == nil && n == 0 {
			err = BucketExists.New(name)
		}
		return err
	})
}

// GetBucket returns a bucket.
func (s *Service) GetBucket(ctx context.Context, name string) (Bucket, error) {
	b := Bucket{Name: name}
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		var created int64
		found, err := tx.Get([]any{&created}, `SELECT created FROM bucket WHERE name = ?`, name)
		if err == nil && !found {
			err = NoBucket.New(name)
		}
		b.Created = time.UnixMilli(created).UTC()
		return err
	})
	return b, err
}

// ListBuckets returns up to max buckets whose names start with prefix and come
// after after, in the order of their names.
func (s *Service) ListBuckets(ctx context.Context, prefix, after string, max int) ([]Bucket, error) {
	var out []Bucket
	from := prefix
	if after >= from && after != "" {
		from = after + "\x01" // below every character of a name
	}
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			var b Bucket
			var created int64
			if err := scan(&b.Name, &created); err != nil {
				return err
			}
			b.Created = time.UnixMilli(created).UTC()
			out = append(out, b)
			return nil
		}, `SELECT name, created FROM bucket WHERE name >= ? AND name < ? ORDER BY name LIMIT ?`, from, prefix+"\x7f", max)
	})
	return out, err
}

// DeleteBucket removes an empty bucket and the uploads that were begun in it.
func (s *Service) DeleteBucket(ctx context.Context, name string) error {
	var gone []garbage
	err := s.update(ctx, func(tx *meta.Tx) error {
		gone = nil
		id, err := bucketID(tx, name)
		if err != nil {
			return err
		}
		var one int
		found, err := tx.Get([]any{&one}, `SELECT 1 FROM object WHERE bucket = ? LIMIT 1`, id)
		if err != nil {
			return err
		}
		if found {
			return BucketNotEmpty.New(name)
		}
		if gone, err = dropUploads(tx, id); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM bucket WHERE id = ?`, id)
		return err
	})
	if err == nil {
		s.collect(gone...)
	}
	return err
}

// dropUploads aborts all uploads of a bucket.
func dropUploads(tx *meta.Tx, bucket int64) (gone []garbage, err error) {
	var ids []string
	err = tx.Query(func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM upload WHERE bucket = ?`, bucket)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		g, err := dropManifest(tx, id)
		if err != nil {
			return nil, err
		}
		gone = append(gone, g)
	}
	_, err = tx.Exec(`DELETE FROM upload WHERE bucket = ?`, bucket)
	return gone, err
}
