package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sweepBatch bounds the names that Sweep holds at once.
const sweepBatch = 512

// Sweep removes the files that nobody owns: what a crash left between the
// writing of a blob and the commit of its id, or between the commit of a
// removal and the removal. Blobs made since Open are left alone, so it may run
// beside writers. owned returns which of at most 512 ids are known. It returns
// how many files it removed.
func (s *Store) Sweep(ctx context.Context, owned func(ctx context.Context, ids []string) (map[string]bool, error)) (int, error) {
	removed := 0
	for i := range 256 {
		n, err := s.sweepFolder(ctx, filepath.Join(s.dir, fmt.Sprintf("%02x", i)), owned)
		removed += n
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

func (s *Store) sweepFolder(ctx context.Context, dir string, owned func(context.Context, []string) (map[string]bool, error)) (removed int, err error) {
	d, err := os.Open(dir)
	if err != nil {
		return 0, err
	}
	defer d.Close()
	for {
		names, end := d.Readdirnames(sweepBatch)
		if end != nil && !errors.Is(end, io.EOF) {
			return removed, end
		}
		old := names[:0]
		for _, name := range names {
			if valid(name) && name[2:2+bootHex] != s.boot {
				old = append(old, name)
			}
		}
		if len(old) > 0 {
			keep, err := owned(ctx, old)
			if err != nil {
				return removed, err
			}
			for _, id := range old {
				if keep[id] {
					continue
				}
				if err := s.Remove(id); err != nil {
					return removed, err
				}
				removed++
			}
		}
		if end != nil || len(names) == 0 {
			return removed, nil
		}
	}
}
