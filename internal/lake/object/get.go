package object

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Head describes an object.
func (s *Service) Head(ctx context.Context, bucket, key string) (Object, error) {
	o, _, err := s.Stat(ctx, GetInput{Bucket: bucket, Key: key})
	return o, err
}

// Span is the bytes of an object that a range or part number means.
type Span struct{ First, Length int64 }

// Stat is Get without the bytes: it judges the conditions, range and part
// number as Get does.
func (s *Service) Stat(ctx context.Context, in GetInput) (Object, Span, error) {
	var r *row
	var span Span
	err := s.db.View(ctx, func(tx *meta.Tx) error {
		found, err := find(tx, in.Bucket, in.Key)
		if err == nil {
			r = found
			span, err = r.judge(tx, in)
		}
		return err
	})
	if r == nil {
		r = &row{}
	}
	return r.Object, span, err
}

// judge decides whether an object is to be read, and what of it.
func (r *row) judge(tx *meta.Tx, in GetInput) (Span, error) {
	if err := in.Conditions.read(&r.Object); err != nil {
		return Span{}, err
	}
	if in.PartNumber != 0 {
		return r.partSpan(tx, in.PartNumber)
	}
	return in.Range.of(r.Size)
}

// partSpan is where a part is in its object. An object that was put whole has
// one part.
func (r *row) partSpan(tx *meta.Tx, number int) (Span, error) {
	if number < 1 || number > partsMax {
		return Span{}, BadPartNumber.New(number)
	}
	if r.manifest == "" {
		if number != 1 {
			return Span{}, NoPart.New(1)
		}
		return Span{0, r.Size}, nil
	}
	var span Span
	found, err := tx.Get([]any{&span.First, &span.Length},
		`SELECT start, size FROM part WHERE manifest = ? ORDER BY number LIMIT 1 OFFSET ?`, r.manifest, number-1)
	if err == nil && !found {
		err = NoPart.New(r.Parts)
	}
	return span, err
}

// of returns what a range means for an object of size bytes (RFC 9110 section
// 14.1.2); nil is all.
func (r *Range) of(size int64) (Span, error) {
	if r == nil {
		return Span{0, size}, nil
	}
	first, last := r.First, r.Last
	switch {
	case first < 0:
		first, last = max(0, size+first), size-1
	case last < 0 || last >= size:
		last = size - 1
	}
	if first >= size || last < first {
		return Span{}, BadRange.New(size)
	}
	return Span{first, last - first + 1}, nil
}

// openTries bounds how often a reader that lost its file to a writer looks
// again; each time somebody else's write went through.
const openTries = 16

// Get opens an object. With NotModified it returns the object too.
func (s *Service) Get(ctx context.Context, in GetInput) (Object, *Body, error) {
	for range openTries {
		r, span, reader, err := s.open(ctx, in)
		if errors.Is(err, fs.ErrNotExist) {
			continue // replaced between the look and the open
		}
		if err != nil {
			if r != nil {
				return r.Object, nil, err
			}
			return Object{}, nil, err
		}
		return r.Object, &Body{ReadCloser: reader, First: span.First, Length: span.Length}, nil
	}
	return Object{}, nil, SourceChanged.New(in.Key)
}

func (s *Service) open(ctx context.Context, in GetInput) (r *row, span Span, body io.ReadCloser, err error) {
	var small []byte
	var segments []segment
	err = s.db.View(ctx, func(tx *meta.Tx) (err error) {
		if r, small, err = findBody(tx, in.Bucket, in.Key); err != nil {
			return err
		}
		if span, err = r.judge(tx, in); err != nil {
			return err
		}
		switch {
		case r.blob != "":
			segments = []segment{{blob: r.blob, first: span.First, length: span.Length}}
		case r.manifest != "":
			segments, err = segmentsOf(tx, r.manifest, span)
		}
		return err
	})
	switch {
	case err != nil:
		return r, span, nil, err
	case len(segments) == 0:
		return r, span, &memory{*bytes.NewReader(small[min(span.First, int64(len(small))):min(span.First+span.Length, int64(len(small)))])}, nil
	case len(segments) == 1:
		body, err = s.openFile(segments[0])
		return r, span, body, err
	}
	body, err = s.openParts(ctx, in, r, segments)
	return r, span, body, err
}

// memory is a small body.
type memory struct{ bytes.Reader }

func (*memory) Close() error { return nil }

// segment is a part of a file.
type segment struct {
	blob          string
	first, length int64
}

func segmentsOf(tx *meta.Tx, manifest string, span Span) (out []segment, err error) {
	end := span.First + span.Length
	err = tx.Query(func(scan func(...any) error) error {
		var g segment
		var start, size int64
		if err := scan(&g.blob, &start, &size); err != nil {
			return err
		}
		g.first = max(0, span.First-start)
		g.length = min(size, end-start) - g.first
		out = append(out, g)
		return nil
	}, `SELECT blob, start, size FROM part WHERE manifest = ? AND start < ? AND start + size > ? ORDER BY number`, manifest, end, span.First)
	return out, err
}
