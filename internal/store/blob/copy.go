package blob

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// Copy makes a blob with the same bytes, without copying them where the file
// system has hard links (and fewer than its limit of this file).
func (s *Store) Copy(from string) (string, error) {
	to := s.name()
	err := s.Link(from, s.path(to))
	if errors.Is(err, syscall.EMLINK) || errors.Is(err, syscall.ENOTSUP) || errors.Is(err, syscall.EPERM) {
		return s.Concat([]string{from})
	}
	if err != nil {
		return "", err
	}
	if err := syncDir(filepath.Dir(s.path(to))); err != nil {
		s.Remove(to)
		return "", err
	}
	return to, nil
}

// Concat makes a blob of the bytes of several, in order. The bytes stay in the
// kernel, and on file systems with shared extents on the disk.
func (s *Store) Concat(ids []string) (string, error) {
	w, err := s.Create()
	if err != nil {
		return "", err
	}
	for _, from := range ids {
		if err := w.appendBlob(from); err != nil {
			w.Abort()
			return "", err
		}
	}
	return w.id, w.Commit()
}

func (w *Writer) appendBlob(from string) error {
	f, err := w.s.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = w.ReadFrom(f)
	return err
}

// Adopt makes blobs of files and removes the files' own names: all of them, or
// none on an error (a file that had moved by then is lost; the caller made it
// and gives the work up). Each touched folder is synced once.
func (s *Store) Adopt(paths []string) ([]string, error) {
	ids := make([]string, 0, len(paths))
	dirs := map[string]bool{}
	for _, p := range paths {
		id, err := s.adopt(p)
		if err != nil {
			s.removeAll(ids)
			return nil, err
		}
		ids = append(ids, id)
		dirs[filepath.Dir(s.path(id))] = true
	}
	for d := range dirs {
		if err := syncDir(d); err != nil {
			s.removeAll(ids)
			return nil, err
		}
	}
	return ids, nil
}

func (s *Store) removeAll(ids []string) {
	for _, id := range ids {
		s.Remove(id)
	}
}

func (s *Store) adopt(path string) (string, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // fsync needs a writable handle on some systems
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return "", err
	}
	id := s.name()
	err = os.Rename(path, s.path(id))
	if errors.Is(err, syscall.EXDEV) {
		return s.adoptCopy(f, path)
	}
	return id, err
}

func (s *Store) adoptCopy(f *os.File, path string) (string, error) {
	w, err := s.Create()
	if err != nil {
		return "", err
	}
	if _, err := w.ReadFrom(f); err != nil {
		w.Abort()
		return "", err
	}
	if err := w.Commit(); err != nil {
		return "", err
	}
	return w.id, os.Remove(path)
}
