package object

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/blob"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Put stores an object; when it returns the bytes are on disk.
func (s *Service) Put(ctx context.Context, in PutInput) (Object, error) {
	if err := in.check(); err != nil {
		return Object{}, err
	}
	want, err := newExpect(in.MD5, in.Checksum)
	if err != nil {
		return Object{}, err
	}
	if in.Size < 0 || in.Size > s.cfg.InlineMaxBytes {
		// A small body is read anyway; a large one is not worth sending if it
		// will be refused.
		if err := s.couldPut(ctx, in.Bucket, in.Key, in.Conditions); err != nil {
			return Object{}, err
		}
	}
	got, err := s.take(in.Body, in.Size, want, true)
	if err != nil {
		return Object{}, err
	}
	r := &row{Object: Object{Bucket: in.Bucket, Key: in.Key, Size: got.size, ETag: got.etag, Modified: now(),
		Attributes: in.Attributes, Checksum: got.checksum, Tags: in.Tags}}
	r.blob = got.blob
	err = s.replace(ctx, r, got.small, in.Conditions)
	if err != nil && got.blob != "" {
		s.abandon(ctx, err, got.blob)
	}
	if err != nil {
		return Object{}, err
	}
	return r.Object, nil
}

func (in *PutInput) check() error {
	if err := checkKey(in.Key); err != nil {
		return err
	}
	if err := checkAttributes(in.Attributes); err != nil {
		return err
	}
	if err := checkTags(in.Tags, objectTagsMax); err != nil {
		return err
	}
	return in.Conditions.checkForm()
}

// couldPut says early what replace would refuse.
func (s *Service) couldPut(ctx context.Context, bucket, key string, c Conditions) error {
	return s.db.View(ctx, func(tx *meta.Tx) error {
		o, err := findOld(tx, bucket, key)
		if err != nil {
			return err
		}
		return c.write(o, key)
	})
}

// replace commits a row, with its small body if it has one, and collects what
// was at its key.
func (s *Service) replace(ctx context.Context, r *row, small []byte, c Conditions) error {
	return s.replaceWith(ctx, r, small, c, func(*meta.Tx) error { return nil })
}

// replaceWith is replace with more to do in its transaction.
func (s *Service) replaceWith(ctx context.Context, r *row, small []byte, c Conditions, more func(*meta.Tx) error) error {
	var gone garbage
	err := s.update(ctx, func(tx *meta.Tx) error {
		o, err := findOld(tx, r.Bucket, r.Key)
		if err != nil {
			return err
		}
		if err := c.write(o, r.Key); err != nil {
			return err
		}
		if gone, err = o.drop(tx); err != nil {
			return err
		}
		if len(small) > 0 {
			if r.body, err = addBody(tx, small); err != nil {
				return err
			}
		}
		if err := more(tx); err != nil {
			return err
		}
		return save(tx, o.bucket, r)
	})
	if err == nil {
		s.collect(gone)
	}
	return err
}

// taken is a body that was read, compared and, if it is not small, synced.
type taken struct {
	size     int64
	etag     string
	checksum Checksum
	small    []byte
	blob     string
}

// take reads a body to its end; size is -1 when it is not known. With inline
// a small body stays in memory.
func (s *Service) take(body io.Reader, size int64, want expect, inline bool) (taken, error) {
	if size > s.cfg.PutMaxBytes {
		return taken{}, TooLarge.New(s.cfg.PutMaxBytes)
	}
	if body == nil {
		body = bytes.NewReader(nil)
	}
	d := want.digest()
	var first []byte
	if inline && size <= s.cfg.InlineMaxBytes {
		var small bool
		var err error
		if first, small, err = s.takeSmall(body, size); err != nil {
			return taken{}, err
		}
		if small {
			d.write(first)
			t := taken{size: int64(len(first)), small: first}
			t.etag, t.checksum, err = d.finish(want)
			return t, err
		}
	}
	return s.takeLarge(first, body, size, want, d)
}

// takeSmall reads a body that may be small; small is false when there is more.
func (s *Service) takeSmall(body io.Reader, size int64) (first []byte, small bool, err error) {
	limit := s.cfg.InlineMaxBytes
	if size >= 0 {
		limit = size
	}
	first = make([]byte, limit+1) // the one more finds the end, where the reader compares its own sums
	n, err := io.ReadFull(body, first)
	first = first[:n]
	switch {
	case err == nil && size < 0:
		return first, false, nil
	case err == nil:
		return nil, false, Incomplete.New() // longer than said
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF), size >= 0 && int64(n) != size:
		return nil, false, readFailed(err)
	}
	return first, true, nil
}

// takeLarge writes a body to a file: what was read of it and what is left.
func (s *Service) takeLarge(first []byte, body io.Reader, size int64, want expect, d digest) (t taken, err error) {
	w, err := s.blobs.Create()
	if err != nil {
		return taken{}, s.failed(err)
	}
	if t.size, err = s.pour(w, io.MultiReader(bytes.NewReader(first), body), d); err == nil && size >= 0 && t.size != size {
		err = Incomplete.New()
	}
	if err == nil {
		t.etag, t.checksum, err = d.finish(want)
	}
	if err != nil {
		w.Abort()
		return taken{}, err
	}
	if err := w.Commit(); err != nil {
		return taken{}, s.failed(err)
	}
	t.blob = w.ID()
	return t, nil
}

// pour copies a body into a blob and a digest.
func (s *Service) pour(w *blob.Writer, body io.Reader, d digest) (n int64, err error) {
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	for {
		k, end := fill(body, *buffer)
		n += int64(k)
		if n > s.cfg.PutMaxBytes {
			return n, TooLarge.New(s.cfg.PutMaxBytes)
		}
		if k > 0 {
			d.write((*buffer)[:k])
			if _, err := w.Write((*buffer)[:k]); err != nil {
				return n, s.failed(err)
			}
		}
		switch {
		case end == io.EOF:
			return n, nil
		case end != nil:
			return n, readFailed(end)
		}
	}
}

// fill reads until the buffer is full or the reader ends, with its error as it
// is: io.ReadFull would make a clean end and a broken one the same.
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var k int
		k, err = r.Read(b[n:])
		n += k
	}
	return n, err
}

// readFailed is the refusal of a body that could not be read to its end. What
// the reader itself refused stays: it compares signatures and sums.
func readFailed(err error) error {
	if fault.ReasonOf(err) != nil {
		return err
	}
	return Incomplete.Wrap(err)
}
