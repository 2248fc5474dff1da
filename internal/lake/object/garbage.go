package object

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// garbage is files that no row names any more.
type garbage struct {
	manifest string // its readers are waited for; empty: readers have the file open
	blobs    []string
}

// update runs f on the metadata and tells a full disk.
func (s *Service) update(ctx context.Context, f func(tx *meta.Tx) error) error {
	return s.failed(s.db.Update(ctx, f))
}

// failed turns the accidents that a client should know of into refusals.
func (s *Service) failed(err error) error {
	if full := errors.Is(err, meta.Full); err == nil || !full && fault.ReasonOf(err) != nil {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, meta.Full) || strings.Contains(err.Error(), "database or disk is full") {
		s.log.Error("the disk is full", "error", err)
		return DiskFull.Wrap(err)
	}
	return err
}

// drop removes the rows that hold an object's bytes, not the object's own, and
// returns the files to remove after the commit.
func (p place) drop(tx *meta.Tx) (garbage, error) {
	switch {
	case p.body != 0:
		_, err := tx.Exec(`DELETE FROM body WHERE id = ?`, p.body)
		return garbage{}, err
	case p.manifest != "":
		g, err := dropManifest(tx, p.manifest)
		if p.blob != "" {
			g.blobs = append(g.blobs, p.blob)
		}
		return g, err
	case p.blob != "":
		return garbage{blobs: []string{p.blob}}, nil
	}
	return garbage{}, nil
}

func dropManifest(tx *meta.Tx, manifest string) (garbage, error) {
	g := garbage{manifest: manifest}
	err := tx.Query(func(scan func(...any) error) error {
		var blob string
		err := scan(&blob)
		if blob != "" {
			g.blobs = append(g.blobs, blob)
		}
		return err
	}, `SELECT blob FROM part WHERE manifest = ?`, manifest)
	if err != nil {
		return g, err
	}
	_, err = tx.Exec(`DELETE FROM part WHERE manifest = ?`, manifest)
	return g, err
}

// collect queues files for removal; at the queue's bound it removes them now,
// which slows the writer to the speed of the disk.
func (s *Service) collect(gone ...garbage) {
	for _, g := range gone {
		if len(g.blobs) == 0 {
			continue
		}
		select {
		case s.unlinks <- g:
		default:
			s.unlink(g)
		}
	}
}

// unlink removes files now, or leaves them to the last reader of their manifest.
func (s *Service) unlink(g garbage) {
	if g.manifest != "" {
		s.holds.Lock()
		if s.holds.n[g.manifest] > 0 {
			late := s.holds.late[g.manifest]
			late.blobs = append(late.blobs, g.blobs...)
			s.holds.late[g.manifest] = late
			s.holds.Unlock()
			return
		}
		s.holds.Unlock()
	}
	for _, id := range g.blobs {
		if err := s.blobs.Remove(id); err != nil {
			s.log.Warn("a replaced file stays until the next start", "blob", id, "error", err)
		}
	}
}

// hold keeps a manifest's files from being removed until release is called.
// Whoever holds must then see that the manifest is still in use.
func (s *Service) hold(manifest string) (release func()) {
	s.holds.Lock()
	s.holds.n[manifest]++
	s.holds.Unlock()
	return func() {
		s.holds.Lock()
		s.holds.n[manifest]--
		var late garbage
		if s.holds.n[manifest] == 0 {
			late = s.holds.late[manifest]
			delete(s.holds.n, manifest)
			delete(s.holds.late, manifest)
		}
		s.holds.Unlock()
		s.unlink(garbage{blobs: late.blobs})
	}
}

// abandon removes the files of a write that was not committed. After an error
// of the metadata store itself it is not known here whether the commit
// happened, so the rows are asked first.
func (s *Service) abandon(ctx context.Context, err error, blobs ...string) {
	if len(blobs) == 0 {
		return
	}
	if fault.ReasonOf(err) == nil {
		owned, err := s.owned(context.WithoutCancel(ctx), blobs)
		if err != nil {
			return // the next start's sweep finds them
		}
		left := blobs[:0:0]
		for _, b := range blobs {
			if !owned[b] {
				left = append(left, b)
			}
		}
		blobs = left
	}
	s.unlink(garbage{blobs: blobs})
}

// owned returns which blobs a row names.
func (s *Service) owned(ctx context.Context, ids []string) (map[string]bool, error) {
	owned := map[string]bool{}
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		for _, id := range ids {
			var one int
			found, err := tx.Get([]any{&one}, `SELECT 1 FROM object WHERE blob = ? AND blob <> ''`, id)
			if err == nil && !found {
				found, err = tx.Get([]any{&one}, `SELECT 1 FROM part WHERE blob = ? AND blob <> ''`, id)
			}
			if err != nil {
				return err
			}
			if found {
				owned[id] = true
			}
		}
		return nil
	})
	return owned, err
}

// Run removes what a crash left, once, and then replaced files, until ctx is
// done.
func (s *Service) Run(ctx context.Context) error {
	n, err := s.blobs.Sweep(ctx, s.owned)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		s.log.Warn("orphan files stay until the next start", "error", err)
	}
	if n > 0 {
		s.log.Info("removed orphan files of an earlier run", "files", n)
	}
	for {
		select {
		case g := <-s.unlinks:
			s.unlink(g)
		case <-ctx.Done():
			return nil
		}
	}
}
