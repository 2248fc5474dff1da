package object

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// CopyInput describes a Copy.
type CopyInput struct {
	SourceBucket, SourceKey string
	Source                  Conditions // on the source
	Bucket, Key             string
	Conditions              Conditions  // on the destination
	Attributes              *Attributes // nil: the source's
	Tags                    *map[string]string
	Algorithm               string // of an additional checksum; empty: the source's
}

// Copy makes an object of another. The bytes are not copied but linked, unless
// a checksum that the source does not have asks for reading them.
func (s *Service) Copy(ctx context.Context, in CopyInput) (Object, error) {
	if err := in.check(); err != nil {
		return Object{}, err
	}
	for range openTries {
		o, err := s.copyOnce(ctx, in)
		if !errors.Is(err, fs.ErrNotExist) {
			return o, err
		}
	}
	return Object{}, SourceChanged.New(in.SourceKey)
}

func (in *CopyInput) check() error {
	p := PutInput{Key: in.Key, Conditions: in.Conditions}
	if in.Attributes != nil {
		p.Attributes = *in.Attributes
	}
	if in.Tags != nil {
		p.Tags = *in.Tags
	}
	if err := p.check(); err != nil {
		return err
	}
	if in.Bucket == in.SourceBucket && in.Key == in.SourceKey && in.Attributes == nil {
		return CopyOntoItself.New()
	}
	if in.Algorithm != "" {
		if _, err := algorithmOf(in.Algorithm); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) copyOnce(ctx context.Context, in CopyInput) (Object, error) {
	if err := s.couldPut(ctx, in.Bucket, in.Key, in.Conditions); err != nil {
		return Object{}, err
	}
	var from *row
	var small []byte
	var pieces []stored
	err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		if from, small, err = findBody(tx, in.SourceBucket, in.SourceKey); err != nil {
			return err
		}
		if err := in.Source.read(&from.Object); err != nil {
			return sourceFailed(err)
		}
		if from.manifest != "" {
			pieces, err = piecesOf(tx, from.manifest)
		}
		return err
	})
	if err != nil {
		return Object{}, err
	}
	to := in.target(from)
	if in.Algorithm != "" && in.Algorithm != from.Checksum.Algorithm {
		return s.copyBytes(ctx, in, from, to)
	}
	return s.copyLinks(ctx, in, from, to, small, pieces)
}

// sourceFailed makes a source's condition a refusal: a copy has no "not
// modified".
func sourceFailed(err error) error {
	if errors.Is(err, NotModified) {
		return PreconditionFail.New("x-amz-copy-source-if-none-match or x-amz-copy-source-if-modified-since")
	}
	return err
}

func (in *CopyInput) target(from *row) *row {
	to := &row{Object: from.Object}
	to.Bucket, to.Key, to.Modified = in.Bucket, in.Key, now()
	if in.Attributes != nil {
		to.Attributes = *in.Attributes
	}
	if in.Tags != nil {
		to.Tags = *in.Tags
	}
	return to
}

func piecesOf(tx *meta.Tx, manifest string) (out []stored, err error) {
	err = tx.Query(func(scan func(...any) error) error {
		var p stored
		err := scan(&p.Number, &p.Size, &p.ETag, &p.Checksum.Value, &p.blob)
		out = append(out, p)
		return err
	}, `SELECT number, size, etag, checksum, blob FROM part WHERE manifest = ? ORDER BY number`, manifest)
	return out, err
}

// copyBytes reads the source and stores it anew as one piece.
func (s *Service) copyBytes(ctx context.Context, in CopyInput, from, to *row) (Object, error) {
	_, body, err := s.Get(ctx, GetInput{Bucket: in.SourceBucket, Key: in.SourceKey, Conditions: Conditions{IfMatch: from.ETag}})
	if err != nil {
		return Object{}, err
	}
	defer body.Close()
	return s.Put(ctx, PutInput{Bucket: in.Bucket, Key: in.Key, Body: body, Size: body.Length, Attributes: to.Attributes,
		Tags: to.Tags, Checksum: Checksum{Algorithm: in.Algorithm}, Conditions: in.Conditions})
}

// copyLinks gives the source's files other names and commits them.
func (s *Service) copyLinks(ctx context.Context, in CopyInput, from, to *row, small []byte, pieces []stored) (Object, error) {
	var made []string
	link := func(blob string) (string, error) {
		if blob == "" {
			return "", nil
		}
		n, err := s.blobs.Copy(blob)
		if err == nil {
			made = append(made, n)
		}
		return n, err
	}
	err := func() (err error) {
		if to.blob, err = link(from.blob); err != nil {
			return err
		}
		for i := range pieces {
			if pieces[i].blob, err = link(pieces[i].blob); err != nil {
				return err
			}
		}
		if len(pieces) > 0 {
			to.manifest = fmt.Sprintf("%012x%s", to.Modified.UnixMilli(), id.Hex(16))
		}
		return s.replaceWith(ctx, to, small, in.Conditions, func(tx *meta.Tx) error { return savePieces(tx, to.manifest, pieces) })
	}()
	if err != nil {
		s.abandon(ctx, err, made...)
		return Object{}, s.failed(err)
	}
	return to.Object, nil
}

func savePieces(tx *meta.Tx, manifest string, pieces []stored) error {
	for _, p := range pieces {
		if _, err := tx.Exec(`INSERT INTO part (manifest, number, size, start, etag, modified, checksum, blob) VALUES (?, ?, ?, 0, ?, ?, ?, ?)`,
			manifest, p.Number, p.Size, p.ETag, p.Modified.UnixMilli(), p.Checksum.Value, p.blob); err != nil {
			return err
		}
	}
	if len(pieces) == 0 {
		return nil
	}
	return layOut(tx, manifest)
}

// PartCopyInput describes a CopyPart.
type PartCopyInput struct {
	Bucket, Key, UploadID   string
	Number                  int
	SourceBucket, SourceKey string
	Source                  Conditions
	Range                   *Range // First and Last both set; nil: all of the source
}

// CopyPart stores bytes of an object as a part of an upload.
func (s *Service) CopyPart(ctx context.Context, in PartCopyInput) (Part, error) {
	o, span, err := s.Stat(ctx, GetInput{Bucket: in.SourceBucket, Key: in.SourceKey, Range: in.Range, Conditions: in.Source})
	if errors.Is(err, BadRange) || (err == nil && in.Range != nil && in.Range.Last >= o.Size) {
		return Part{}, BadCopyRange.New(o.Size)
	}
	if err != nil {
		return Part{}, sourceFailed(err)
	}
	_, body, err := s.Get(ctx, GetInput{Bucket: in.SourceBucket, Key: in.SourceKey, Range: in.Range, Conditions: Conditions{IfMatch: o.ETag}})
	if err != nil {
		return Part{}, err
	}
	defer body.Close()
	return s.PutPart(ctx, PartInput{Bucket: in.Bucket, Key: in.Key, UploadID: in.UploadID, Number: in.Number, Body: body, Size: span.Length})
}
