package object

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// file reads a part of an open file.
type file struct {
	f *os.File
	io.LimitedReader
}

func (s *Service) openFile(g segment) (*file, error) {
	f, err := s.blobs.Open(g.blob)
	if err != nil {
		return nil, err
	}
	if g.first > 0 {
		if _, err := f.Seek(g.first, io.SeekStart); err != nil {
			f.Close()
			return nil, err
		}
	}
	return &file{f, io.LimitedReader{R: f, N: g.length}}, nil
}

// sendN hands the kernel file and socket, where w knows how (sendfile).
func (f *file) sendN(w io.Writer, n int64) (int64, error) {
	sent, err := io.Copy(w, &io.LimitedReader{R: f.f, N: min(n, f.N)})
	f.N -= sent
	if err == nil && sent < n {
		err = io.EOF
	}
	return sent, err
}

func (f *file) Close() error { return f.f.Close() }

// parts reads the files of a manifest one after the other. The files are held
// against removal, so that not all of up to 10,000 are open at once.
type parts struct {
	s       *Service
	left    []segment
	now     *file
	release func()
}

func (s *Service) openParts(ctx context.Context, in GetInput, r *row, segments []segment) (io.ReadCloser, error) {
	p := &parts{s: s, left: segments, release: s.hold(r.manifest)}
	// Held now; but were they removed, or joined, before?
	var same bool
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		again, err := find(tx, in.Bucket, in.Key)
		same = err == nil && again.manifest == r.manifest && again.blob == ""
		return err
	})
	if err == nil && !same {
		err = fs.ErrNotExist
	}
	if errors.Is(err, NoKey) || errors.Is(err, NoBucket) {
		err = fs.ErrNotExist // the next look refuses it
	}
	if err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

// next moves to the next file; io.EOF after the last.
func (p *parts) next() error {
	if p.now != nil {
		p.now.Close()
		p.now = nil
	}
	if len(p.left) == 0 {
		return io.EOF
	}
	f, err := p.s.openFile(p.left[0])
	if err != nil {
		return err
	}
	p.now, p.left = f, p.left[1:]
	return nil
}

func (p *parts) Read(b []byte) (int, error) {
	for {
		if p.now != nil {
			n, err := p.now.Read(b)
			if n > 0 || (err != nil && err != io.EOF) {
				return n, err
			}
		}
		if err := p.next(); err != nil {
			return 0, err
		}
	}
}

func (p *parts) sendN(w io.Writer, n int64) (sent int64, err error) {
	for sent < n {
		if p.now == nil || p.now.N == 0 {
			if err := p.next(); err != nil {
				return sent, err
			}
			continue
		}
		k, err := p.now.sendN(w, min(n-sent, p.now.N))
		sent += k
		if err != nil {
			return sent, err
		}
	}
	return sent, nil
}

func (p *parts) Close() error {
	p.left = nil
	err := p.next()
	if err == io.EOF {
		err = nil
	}
	p.release()
	return err
}
