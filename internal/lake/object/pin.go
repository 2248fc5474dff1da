package object

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Pin starts a set of local names for objects, for an engine that reads files.
// Its folder is in the data folder's tmp and goes away with Close.
func (s *Service) Pin() (*Pin, error) {
	dir := filepath.Join(s.tmp, "pin-"+id.Hex(8))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, s.failed(err)
	}
	return &Pin{Dir: dir, s: s}, nil
}

// Pin holds local names of objects. A pinned object stays readable when its
// key is overwritten or deleted meanwhile. Link may be called by several
// goroutines.
type Pin struct {
	Dir string // the folder of all names
	s   *Service
}

// Link gives the object the local name rel below Dir and returns the path. rel
// uses slashes, has no "..", and need not resemble the key. A file is hard
// linked; a small object is written out; the part files of a multipart object
// are joined into one, once for all.
func (p *Pin) Link(ctx context.Context, bucket, key, rel string) (string, Object, error) {
	local := filepath.FromSlash(rel)
	if !filepath.IsLocal(local) || local == "." {
		return "", Object{}, LinkOutside.New(rel)
	}
	path := filepath.Join(p.Dir, local)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", Object{}, p.s.failed(err)
	}
	for range openTries {
		o, err := p.s.linkTo(ctx, bucket, key, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		return path, o, p.s.failed(err)
	}
	return "", Object{}, SourceChanged.New(key)
}

// Close removes the names.
func (p *Pin) Close() error { return os.RemoveAll(p.Dir) }

func (s *Service) linkTo(ctx context.Context, bucket, key, path string) (Object, error) {
	var r *row
	var small []byte
	err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		r, small, err = findBody(tx, bucket, key)
		return err
	})
	if err != nil {
		return Object{}, err
	}
	if r.blob == "" && r.manifest != "" {
		if r.blob, err = s.join(ctx, r); err != nil {
			return Object{}, err
		}
	}
	if r.blob != "" {
		return r.Object, s.blobs.Link(r.blob, path)
	}
	return r.Object, writeNew(path, small)
}

func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// join makes one file of an object's part files, for good, and returns it. It
// refuses with fs.ErrNotExist when the object was replaced meanwhile.
func (s *Service) join(ctx context.Context, r *row) (string, error) {
	free, err := s.joining.lock(ctx, r.manifest)
	if err != nil {
		return "", err
	}
	defer free()
	release := s.hold(r.manifest)
	defer release()
	var pieces []stored
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		again, err := find(tx, r.Bucket, r.Key)
		if errors.Is(err, NoKey) || errors.Is(err, NoBucket) || (err == nil && (again.manifest != r.manifest || again.blob != "")) {
			return fs.ErrNotExist // look again: it is replaced, or another joined it
		}
		if err == nil {
			pieces, err = piecesOf(tx, r.manifest)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	return s.joinPieces(ctx, r, pieces)
}

func (s *Service) joinPieces(ctx context.Context, r *row, pieces []stored) (string, error) {
	blobs := make([]string, len(pieces))
	for i, p := range pieces {
		blobs[i] = p.blob
	}
	joined, err := s.blobs.Concat(blobs)
	if err != nil {
		return "", err
	}
	err = s.update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec(`UPDATE object SET blob = ? WHERE bucket = (SELECT id FROM bucket WHERE name = ?) AND key = ? AND manifest = ? AND blob = ''`,
			joined, r.Bucket, []byte(r.Key), r.manifest)
		if err == nil && n == 0 {
			err = fs.ErrNotExist
		}
		if err == nil {
			_, err = tx.Exec(`UPDATE part SET blob = '' WHERE manifest = ?`, r.manifest)
		}
		return err
	})
	if err != nil {
		s.abandon(ctx, err, joined)
		return "", err
	}
	s.collect(garbage{manifest: r.manifest, blobs: blobs})
	return joined, nil
}
