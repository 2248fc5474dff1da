package object

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Upload is an object that is being sent in parts.
type Upload struct {
	ID         string
	Bucket     string
	Key        string
	Created    time.Time
	Algorithm  string // of the checksums of its parts; empty for none
	Composite  bool   // the whole's checksum will be one of the parts' checksums
	Tags       map[string]string
	Attributes Attributes
}

// Part is a part of an upload or of an object.
type Part struct {
	Number   int // 1 to 10,000
	Size     int64
	ETag     string
	Modified time.Time
	Checksum Checksum
}

// CreateUpload begins an upload. in.ID and in.Created are given by it. With an
// Algorithm each part gets a checksum; Composite must suit it.
func (s *Service) CreateUpload(ctx context.Context, in Upload) (Upload, error) {
	check := PutInput{Key: in.Key, Attributes: in.Attributes, Tags: in.Tags}
	if err := check.check(); err != nil {
		return Upload{}, err
	}
	if err := checkChecksumType(in.Algorithm, in.Composite); err != nil {
		return Upload{}, err
	}
	in.Created = now()
	in.ID = fmt.Sprintf("%012x%s", in.Created.UnixMilli(), id.Hex(16)) // in order of time
	tags, err := encodeTags(in.Tags)
	if err != nil {
		return Upload{}, err
	}
	attributes, err := encode(in.Attributes)
	if err != nil {
		return Upload{}, err
	}
	err = s.update(ctx, func(tx *meta.Tx) error {
		b, err := bucketID(tx, in.Bucket)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO upload (id, bucket, key, created, algorithm, composite, tags, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			in.ID, b, []byte(in.Key), in.Created.UnixMilli(), in.Algorithm, number(in.Composite), tags, attributes)
		return err
	})
	return in, err
}

func checkChecksumType(name string, composite bool) error {
	if name == "" {
		return nil
	}
	a, err := algorithmOf(name)
	if err != nil {
		return err
	}
	if !composite && a.poly == 0 {
		return BadChecksumType.New("FULL_OBJECT", name)
	}
	if composite && name == "CRC64NVME" {
		return BadChecksumType.New("COMPOSITE", name)
	}
	return nil
}

// findUpload reads an upload; refuses NoUpload when it is not one of the key.
func findUpload(tx *meta.Tx, bucket, key, uploadID string) (u Upload, err error) {
	if _, err := bucketID(tx, bucket); err != nil {
		return u, err
	}
	u = Upload{ID: uploadID, Bucket: bucket, Key: key}
	var created int64
	var tags, attributes string
	found, err := tx.Get([]any{&created, &u.Algorithm, &u.Composite, &tags, &attributes},
		`SELECT u.created, u.algorithm, u.composite, u.tags, u.attributes FROM upload u JOIN bucket b ON b.id = u.bucket
		WHERE u.id = ? AND u.key = ? AND b.name = ?`, uploadID, []byte(key), bucket)
	if err != nil {
		return u, err
	}
	if !found {
		return u, NoUpload.New(uploadID)
	}
	u.Created = time.UnixMilli(created).UTC()
	if u.Tags, err = decodeTags(tags); err != nil {
		return u, err
	}
	err = decodeInto(attributes, &u.Attributes)
	return u, err
}

// GetUpload describes an upload.
func (s *Service) GetUpload(ctx context.Context, bucket, key, uploadID string) (u Upload, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) (err error) {
		u, err = findUpload(tx, bucket, key, uploadID)
		return err
	})
	return u, err
}

// PartInput describes a PutPart.
type PartInput struct {
	Bucket, Key, UploadID string
	Number                int // 1 to 10,000
	Body                  io.Reader
	Size                  int64    // bytes of Body, -1 when unknown
	Checksum              Checksum // Algorithm empty: the upload's, if it has one
	MD5                   string   // base64 of the expected MD5; empty: not compared
}

// PutPart stores a part of an upload over an earlier one of its number; when it
// returns the bytes are on disk.
func (s *Service) PutPart(ctx context.Context, in PartInput) (Part, error) {
	u, err := s.uploadForPart(ctx, in)
	if err != nil {
		return Part{}, err
	}
	if in.Checksum.Algorithm == "" {
		in.Checksum.Algorithm = u.Algorithm
	}
	want, err := newExpect(in.MD5, in.Checksum)
	if err != nil {
		return Part{}, err
	}
	got, err := s.take(in.Body, in.Size, want, false)
	if err != nil {
		return Part{}, err
	}
	p := Part{Number: in.Number, Size: got.size, ETag: got.etag, Modified: now(), Checksum: got.checksum}
	if u.Algorithm == "" {
		p.Checksum = Checksum{} // compared, and not part of the upload
	}
	if err := s.savePart(ctx, in, p, got.blob); err != nil {
		s.abandon(ctx, err, got.blob)
		return Part{}, err
	}
	p.Checksum = got.checksum
	return p, nil
}

func (s *Service) uploadForPart(ctx context.Context, in PartInput) (u Upload, err error) {
	if in.Number < 1 || in.Number > partsMax {
		return u, BadPartNumber.New(in.Number)
	}
	if u, err = s.GetUpload(ctx, in.Bucket, in.Key, in.UploadID); err != nil {
		return u, err
	}
	if given := in.Checksum.Algorithm; given != "" && u.Algorithm != "" && given != u.Algorithm {
		return u, WrongAlgorithm.New(strings.ToLower(u.Algorithm), strings.ToLower(given))
	}
	return u, nil
}

// savePart commits a part, if its upload is still there.
func (s *Service) savePart(ctx context.Context, in PartInput, p Part, blob string) error {
	var gone garbage
	err := s.update(ctx, func(tx *meta.Tx) error {
		gone = garbage{}
		if _, err := findUpload(tx, in.Bucket, in.Key, in.UploadID); err != nil {
			return err
		}
		var before string
		found, err := tx.Get([]any{&before}, `SELECT blob FROM part WHERE manifest = ? AND number = ?`, in.UploadID, p.Number)
		if err != nil {
			return err
		}
		if found {
			gone.blobs = []string{before}
		}
		_, err = tx.Exec(`INSERT INTO part (manifest, number, size, start, etag, modified, checksum, blob) VALUES (?, ?, ?, 0, ?, ?, ?, ?)
			ON CONFLICT (manifest, number) DO UPDATE SET size = excluded.size, etag = excluded.etag, modified = excluded.modified,
			checksum = excluded.checksum, blob = excluded.blob`,
			in.UploadID, p.Number, p.Size, p.ETag, p.Modified.UnixMilli(), p.Checksum.Value, blob)
		return err
	})
	if err == nil {
		s.collect(gone)
	}
	return err
}

// AbortUpload gives an upload up and removes its parts.
func (s *Service) AbortUpload(ctx context.Context, bucket, key, uploadID string) error {
	var gone garbage
	err := s.update(ctx, func(tx *meta.Tx) (err error) {
		if _, err = findUpload(tx, bucket, key, uploadID); err != nil {
			return err
		}
		if gone, err = dropManifest(tx, uploadID); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM upload WHERE id = ?`, uploadID)
		return err
	})
	if err == nil {
		s.collect(gone)
	}
	return err
}

// ListParts returns up to max parts of an upload with numbers after after.
func (s *Service) ListParts(ctx context.Context, bucket, key, uploadID string, after, max int) (u Upload, parts []Part, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) (err error) {
		if u, err = findUpload(tx, bucket, key, uploadID); err != nil {
			return err
		}
		parts, err = partsOf(tx, uploadID, u.Algorithm, after, max)
		return err
	})
	return u, parts, err
}

// ObjectParts returns up to max parts of an object with numbers after after.
// Parts are numbered from 1 as they follow one another in the object. An
// object that was put whole has none.
func (s *Service) ObjectParts(ctx context.Context, bucket, key string, after, max int) (o Object, parts []Part, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		r, err := find(tx, bucket, key)
		if err != nil {
			return err
		}
		o = r.Object
		if r.manifest != "" {
			parts, err = partsOf(tx, r.manifest, o.Checksum.Algorithm, after, max)
		}
		return err
	})
	return o, parts, err
}

func partsOf(tx *meta.Tx, manifest, algorithm string, after, max int) (out []Part, err error) {
	err = tx.Query(func(scan func(...any) error) error {
		p := Part{Checksum: Checksum{Algorithm: algorithm}}
		var modified int64
		if err := scan(&p.Number, &p.Size, &p.ETag, &modified, &p.Checksum.Value); err != nil {
			return err
		}
		p.Modified = time.UnixMilli(modified).UTC()
		out = append(out, p)
		return nil
	}, `SELECT number, size, etag, modified, checksum FROM part WHERE manifest = ? AND number > ? ORDER BY number LIMIT ?`, manifest, after, max)
	return out, err
}
