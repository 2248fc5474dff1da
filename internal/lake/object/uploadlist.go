package object

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// UploadsInput describes a ListUploads.
type UploadsInput struct {
	Bucket, Prefix, Delimiter string
	AfterKey, AfterID         string // list uploads after this one of this key; without AfterID after the key
	Max                       int    // 1 to 1,000 entries
}

// Uploads is a page of the uploads that are not completed, in the order of
// keys and then of time. NextKey and NextID are empty on the last page; NextID
// is empty after a prefix.
type Uploads struct {
	Uploads         []Upload
	Prefixes        []string
	NextKey, NextID string
}

type uploadListing struct {
	UploadsInput
	Uploads
	lastKey, lastID string
}

// ListUploads returns a page of a bucket's uploads.
func (s *Service) ListUploads(ctx context.Context, in UploadsInput) (Uploads, error) {
	in.Max = min(max(in.Max, 1), batchMax)
	l := &uploadListing{UploadsInput: in}
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		b, err := bucketID(tx, in.Bucket)
		if err != nil {
			return err
		}
		return l.fill(tx, b)
	})
	return l.Uploads, err
}

func (l *uploadListing) fill(tx *meta.Tx, bucket int64) error {
	// The place after which to go on: a key and an id in it. An id of "g" is
	// above all ids, which are hexadecimal.
	key, id := (&listing{ListInput: ListInput{Prefix: l.Prefix, Delimiter: l.Delimiter, After: l.AfterKey}}).start(), ""
	if l.AfterID != "" && l.AfterKey >= l.Prefix {
		key, id = l.AfterKey, l.AfterID
	}
	for {
		var skipTo string
		seen := 0
		err := tx.Query(func(scan func(...any) error) (err error) {
			seen++
			skipTo, err = l.add(scan)
			return err
		}, `SELECT key, id, created, algorithm, composite FROM upload WHERE bucket = ? AND key >= ? AND (key > ? OR id > ?) AND key < ? ORDER BY key, id LIMIT ?`,
			bucket, []byte(key), []byte(key), id, []byte(after(l.Prefix)), l.Max+1)
		switch {
		case l.NextKey != "":
			return nil
		case errors.Is(err, errSkip):
			key, id = skipTo, ""
		case err != nil:
			return err
		case seen <= l.Max:
			return nil
		}
	}
}

// add takes a row into the page; with errSkip it says where to go on.
func (l *uploadListing) add(scan func(...any) error) (skipTo string, err error) {
	u := Upload{Bucket: l.Bucket}
	var key []byte
	var created int64
	if err := scan(&key, &u.ID, &created, &u.Algorithm, &u.Composite); err != nil {
		return "", err
	}
	u.Key, u.Created = string(key), time.UnixMilli(created).UTC()
	if len(l.Uploads.Uploads)+len(l.Prefixes) == l.Max {
		l.NextKey, l.NextID = l.lastKey, l.lastID
		return "", errSkip
	}
	if l.Delimiter != "" {
		if i := strings.Index(u.Key[len(l.Prefix):], l.Delimiter); i >= 0 {
			l.lastKey, l.lastID = u.Key[:len(l.Prefix)+i+len(l.Delimiter)], ""
			l.Prefixes = append(l.Prefixes, l.lastKey)
			return after(l.lastKey), errSkip
		}
	}
	l.Uploads.Uploads = append(l.Uploads.Uploads, u)
	l.lastKey, l.lastID = u.Key, u.ID
	return "", nil
}
