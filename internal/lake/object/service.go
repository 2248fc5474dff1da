package object

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Service is the object store.
type Service struct{}

var notYet = fault.Define("object.not_yet", fault.Unsupported, "not built yet")

// CreateBucket makes a bucket; Exists if the name is taken.
func (s *Service) CreateBucket(ctx context.Context, name string) error { return notYet.New() }

// GetBucket returns a bucket.
func (s *Service) GetBucket(ctx context.Context, name string) (Bucket, error) {
	return Bucket{}, notYet.New()
}

// Put stores an object; when it returns the bytes are on disk.
func (s *Service) Put(ctx context.Context, in PutInput) (Object, error) {
	return Object{}, notYet.New()
}

// Get opens an object.
func (s *Service) Get(ctx context.Context, in GetInput) (Object, *Body, error) {
	return Object{}, nil, notYet.New()
}

// Head describes an object.
func (s *Service) Head(ctx context.Context, bucket, key string) (Object, error) {
	return Object{}, notYet.New()
}

// List returns a page of a bucket.
func (s *Service) List(ctx context.Context, in ListInput) (Listing, error) {
	return Listing{}, notYet.New()
}

// Delete removes an object; no error if it is not there.
func (s *Service) Delete(ctx context.Context, bucket, key string) error { return notYet.New() }

// DeleteMany removes objects in one transaction.
func (s *Service) DeleteMany(ctx context.Context, bucket string, keys []string) error {
	return notYet.New()
}

// Adopt makes objects of local files, all of them or none: the files are
// moved (same file system) or copied, synced, and then appear together. The
// store owns them afterwards.
func (s *Service) Adopt(ctx context.Context, bucket string, files []File) ([]Object, error) {
	return nil, notYet.New()
}

// Pin starts a set of local names for objects, for an engine that reads files.
// Its folder is in the data folder's tmp and goes away with Close.
func (s *Service) Pin() (*Pin, error) { return nil, notYet.New() }

// Pin holds local names of objects. A pinned object stays readable when its
// key is overwritten or deleted meanwhile.
type Pin struct {
	Dir string // the folder of all names
}

// Link gives the object the local name rel below Dir and returns the path. rel
// uses slashes, has no "..", and need not resemble the key.
func (p *Pin) Link(ctx context.Context, bucket, key, rel string) (string, Object, error) {
	return "", Object{}, notYet.New()
}

// Close removes the names.
func (p *Pin) Close() error { return nil }
