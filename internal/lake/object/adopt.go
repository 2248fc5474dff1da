package object

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// AdoptInput describes a Replace.
type AdoptInput struct {
	Bucket string
	Files  []File
	Delete []string // keys that go away in the same transaction; no error for those that are not there
	// Also, if set, runs in the same transaction: what must become true together
	// with the objects, such as the table that they are the rows of. It may run
	// more than once; its error undoes everything.
	Also func(tx *meta.Tx) error
}

// Adopt makes objects of local files, all of them or none: the files are
// moved (same file system) or copied, synced, and then appear together. The
// store owns them afterwards.
func (s *Service) Adopt(ctx context.Context, bucket string, files []File) ([]Object, error) {
	return s.Replace(ctx, AdoptInput{Bucket: bucket, Files: files})
}

// Replace is Adopt that removes objects in the same transaction: a reader sees
// all of the old and none of the new, or the other way. A key in both lists is
// replaced. The files' bytes are not read, so their ETags are not MD5s but
// random, with "-1" as objects of one part have it.
func (s *Service) Replace(ctx context.Context, in AdoptInput) ([]Object, error) {
	rows, paths, err := in.rows()
	if err != nil {
		return nil, err
	}
	if _, err := s.GetBucket(ctx, in.Bucket); err != nil {
		return nil, err
	}
	blobs, err := s.blobs.Adopt(paths)
	if err != nil {
		return nil, s.failed(err)
	}
	var gone []garbage
	err = s.update(ctx, func(tx *meta.Tx) (err error) {
		if gone, err = in.commit(tx, rows, blobs); err != nil || in.Also == nil {
			return err
		}
		return in.Also(tx)
	})
	if err != nil {
		s.abandon(ctx, err, blobs...)
		return nil, err
	}
	s.collect(gone...)
	out := make([]Object, len(rows))
	for i, r := range rows {
		out[i] = r.Object
	}
	return out, nil
}

func (in *AdoptInput) rows() (rows []*row, paths []string, err error) {
	for _, f := range in.Files {
		check := PutInput{Key: f.Key, Attributes: f.Attributes}
		if err := check.check(); err != nil {
			return nil, nil, err
		}
		st, err := os.Stat(f.Path)
		if err == nil && !st.Mode().IsRegular() {
			err = &fs.PathError{Op: "adopt", Path: f.Path, Err: errors.New("not a regular file")}
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, &row{Object: Object{Bucket: in.Bucket, Key: f.Key, Size: st.Size(), ETag: id.Hex(16) + "-1",
			Modified: now(), Attributes: f.Attributes}})
		paths = append(paths, f.Path)
	}
	return rows, paths, nil
}

func (in *AdoptInput) commit(tx *meta.Tx, rows []*row, blobs []string) (gone []garbage, err error) {
	bucket, err := bucketID(tx, in.Bucket)
	if err != nil {
		return nil, err
	}
	for _, key := range in.Delete {
		g, err := remove(tx, bucket, in.Bucket, Removal{Key: key})
		if err != nil {
			return nil, err
		}
		gone = append(gone, g)
	}
	for i, r := range rows {
		o, err := findOld(tx, in.Bucket, r.Key)
		if err != nil {
			return nil, err
		}
		g, err := o.drop(tx)
		if err != nil {
			return nil, err
		}
		gone = append(gone, g)
		r.blob = blobs[i]
		if err := save(tx, bucket, r); err != nil {
			return nil, err
		}
	}
	return gone, nil
}
