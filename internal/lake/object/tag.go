package object

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// PutTags replaces the tags of an object, at most 10; none removes them.
func (s *Service) PutTags(ctx context.Context, bucket, key string, tags map[string]string) error {
	if err := checkTags(tags, objectTagsMax); err != nil {
		return err
	}
	text, err := encodeTags(tags)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *meta.Tx) error {
		id, err := bucketID(tx, bucket)
		if err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE object SET tags = ? WHERE bucket = ? AND key = ?`, text, id, []byte(key))
		if err == nil && n == 0 {
			err = NoKey.New(key)
		}
		return err
	})
}

// GetBucketTags returns the tags of a bucket; NoTags when it has none.
func (s *Service) GetBucketTags(ctx context.Context, bucket string) (tags map[string]string, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		var text string
		found, err := tx.Get([]any{&text}, `SELECT tags FROM bucket WHERE name = ?`, bucket)
		switch {
		case err != nil:
			return err
		case !found:
			return NoBucket.New(bucket)
		case text == "":
			return NoTags.New(bucket)
		}
		tags, err = decodeTags(text)
		return err
	})
	return tags, err
}

// PutBucketTags replaces the tags of a bucket, at most 50; none removes them.
func (s *Service) PutBucketTags(ctx context.Context, bucket string, tags map[string]string) error {
	if err := checkTags(tags, bucketTagsMax); err != nil {
		return err
	}
	text, err := encodeTags(tags)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec(`UPDATE bucket SET tags = ? WHERE name = ?`, text, bucket)
		if err == nil && n == 0 {
			err = NoBucket.New(bucket)
		}
		return err
	})
}
