// Package blob keeps the bytes of objects as files.
//
// A blob is a file with a name that this package makes: <2 hex>/<24 hex> below
// one folder. It is written once, never changed, and known to nobody until the
// caller has committed its id elsewhere (a row in store/meta). That is why it
// is written in its final place: a file whose id was never committed is an
// orphan of a crash, and Sweep removes it at the next start. Writing beside
// and renaming would cost a second journal commit and promise nothing more.
//
// Promises: when Commit, Copy, Concat or Adopt return, the bytes and the
// file's name are on disk (file fsynced, then its folder). An open file stays
// readable after Remove.
package blob

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/boathouse-data/boathouse/internal/lib/id"
)

// Store is a folder of blobs; safe for concurrent use.
type Store struct {
	dir  string
	boot string // marks the ids of this process, which Sweep leaves alone
	next atomic.Uint64
}

const (
	bootHex = 12 // hex digits of boot in an id
	idHex   = 24 // hex digits of an id: 2 folder, 12 boot, 10 counter
)

// Open opens or creates the store in folder dir.
func Open(dir string) (*Store, error) {
	for i := range 256 {
		if err := os.MkdirAll(filepath.Join(dir, fmt.Sprintf("%02x", i)), 0o700); err != nil {
			return nil, err
		}
	}
	if err := syncDir(dir); err != nil {
		return nil, err
	}
	return &Store{dir: dir, boot: id.Hex(bootHex / 2)}, nil
}

// name makes an id: the counter's low byte spreads over the folders, so that
// one folder's fsync does not wait for all the others' files.
func (s *Store) name() string {
	n := s.next.Add(1)
	return fmt.Sprintf("%02x%s%010x", n&0xff, s.boot, n)
}

func (s *Store) path(id string) string { return filepath.Join(s.dir, id[:2], id) }

func valid(id string) bool {
	return len(id) == idHex && strings.Trim(id, "0123456789abcdef") == ""
}

// Open opens a blob for reading; fs.ErrNotExist when it was removed.
func (s *Store) Open(id string) (*os.File, error) {
	if !valid(id) {
		return nil, fmt.Errorf("blob id %q: %w", id, fs.ErrNotExist)
	}
	return os.Open(s.path(id))
}

// Remove removes a blob; no error if it is not there. Its space is free when
// the last open file is closed and the last Link removed.
func (s *Store) Remove(id string) error {
	if !valid(id) {
		return nil
	}
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Link gives a blob another name, on the same file system. The name is not
// synced: it is for readers of this run.
func (s *Store) Link(id, path string) error {
	if !valid(id) {
		return fmt.Errorf("blob id %q: %w", id, fs.ErrNotExist)
	}
	return os.Link(s.path(id), path)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
