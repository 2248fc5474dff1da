package blob

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Writer is a blob that is being written by one goroutine. End it with Commit
// or Abort.
type Writer struct {
	s       *Store
	id      string
	f       *os.File
	written int64
	started int64 // bytes whose way to the disk has begun
	err     error
}

// writebackBytes is how much is written before the disk is asked to start: the
// fsync at the end then finds little left, and a large upload runs at the
// speed of the slower of network and disk instead of their sum.
const writebackBytes = 4 << 20

// Create starts a blob.
func (s *Store) Create() (*Writer, error) {
	id := s.name()
	f, err := os.OpenFile(s.path(id), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &Writer{s: s, id: id, f: f}, nil
}

// ID is the blob's id; it can be opened after Commit.
func (w *Writer) ID() string { return w.id }

// Write appends to the blob.
func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	w.wrote(int64(n), err)
	return n, err
}

// ReadFrom appends all of r; between files the kernel copies.
func (w *Writer) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(w.f, r)
	w.wrote(n, err)
	return n, err
}

func (w *Writer) wrote(n int64, err error) {
	w.written += n
	if err != nil && w.err == nil {
		w.err = err
	}
	if w.written-w.started >= writebackBytes {
		startWriteback(w.f, w.started, w.written-w.started)
		w.started = w.written
	}
}

// Commit makes the blob durable. On an error, of this or an earlier Write, the
// blob is gone.
func (w *Writer) Commit() error {
	err := w.err
	if err == nil {
		err = w.f.Sync()
	}
	err = errors.Join(err, w.f.Close())
	if err == nil {
		err = syncDir(filepath.Dir(w.s.path(w.id)))
	}
	if err != nil {
		w.s.Remove(w.id) // what stays is swept at the next start
	}
	return err
}

// Abort gives the blob up.
func (w *Writer) Abort() {
	w.f.Close()
	w.s.Remove(w.id)
}
