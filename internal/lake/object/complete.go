package object

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// CompletePart names a part that becomes part of the object.
type CompletePart struct {
	Number   int
	ETag     string // without quotes
	Checksum Checksum
}

// CompleteInput describes a CompleteUpload.
type CompleteInput struct {
	Bucket, Key, UploadID string
	Parts                 []CompletePart // in rising order, 1 to 10,000
	Checksum              Checksum       // of the whole; Value empty: not compared
	Size                  int64          // of the whole; 0: not compared
	Conditions            Conditions
}

// CompleteUpload makes an object of the named parts of an upload, and removes
// the others. No byte is copied: the object is the list of its parts' files.
func (s *Service) CompleteUpload(ctx context.Context, in CompleteInput) (Object, error) {
	if err := in.check(); err != nil {
		return Object{}, err
	}
	var r *row
	var gone []garbage
	err := s.update(ctx, func(tx *meta.Tx) (err error) {
		u, err := findUpload(tx, in.Bucket, in.Key, in.UploadID)
		if err != nil {
			return err
		}
		c := &completion{in: &in, upload: &u, min: s.cfg.PartMinBytes}
		if r, err = c.build(tx); err != nil {
			return err
		}
		gone, err = c.commit(tx, r)
		return err
	})
	if err != nil {
		return Object{}, err
	}
	s.collect(gone...)
	return r.Object, nil
}

func (in *CompleteInput) check() error {
	if len(in.Parts) == 0 || len(in.Parts) > partsMax {
		return NoParts.New()
	}
	for i, p := range in.Parts {
		if i > 0 && p.Number <= in.Parts[i-1].Number {
			return PartOrder.New()
		}
	}
	return in.Conditions.checkForm()
}

// completion is one CompleteUpload in its transaction.
type completion struct {
	in     *CompleteInput
	upload *Upload
	min    int64
	left   garbage // files of parts that were not named
	unused []int   // and the parts' numbers
}

// stored is a part as the upload has it.
type stored struct {
	Part
	blob string
}

func (c *completion) build(tx *meta.Tx) (*row, error) {
	have, err := c.load(tx)
	if err != nil {
		return nil, err
	}
	sums := make([]partSum, len(c.in.Parts))
	var size int64
	for i, want := range c.in.Parts {
		p, ok := have[want.Number]
		if !ok || !sameETag(want.ETag, p.ETag) || want.ETag == "*" || !c.sameChecksum(want.Checksum, p) {
			return nil, InvalidPart.New(want.Number)
		}
		if i < len(c.in.Parts)-1 && p.Size < c.min {
			return nil, PartTooSmall.New(want.Number, p.Size, c.min)
		}
		sums[i] = partSum{p.Size, p.ETag, p.Checksum.Value}
		size += p.Size
		delete(have, want.Number)
	}
	for n, p := range have {
		c.unused = append(c.unused, n)
		c.left.blobs = append(c.left.blobs, p.blob)
	}
	if c.in.Size != 0 && c.in.Size != size {
		return nil, WrongSize.New(c.in.Size, size)
	}
	r := &row{Object: Object{Bucket: c.in.Bucket, Key: c.in.Key, Size: size, ETag: multipartETag(sums), Modified: now(),
		Attributes: c.upload.Attributes, Tags: c.upload.Tags, Parts: len(sums)}, place: place{manifest: c.upload.ID}}
	r.Checksum, err = c.checksum(sums)
	return r, err
}

func (c *completion) load(tx *meta.Tx) (map[int]stored, error) {
	have := map[int]stored{}
	err := tx.Query(func(scan func(...any) error) error {
		var p stored
		err := scan(&p.Number, &p.Size, &p.ETag, &p.Checksum.Value, &p.blob)
		have[p.Number] = p
		return err
	}, `SELECT number, size, etag, checksum, blob FROM part WHERE manifest = ?`, c.upload.ID)
	return have, err
}

func (c *completion) sameChecksum(want Checksum, have stored) bool {
	if want.Value == "" || c.upload.Algorithm == "" {
		return true
	}
	return want.Algorithm == c.upload.Algorithm && want.Value == have.Checksum.Value
}

func (c *completion) checksum(sums []partSum) (Checksum, error) {
	if c.upload.Algorithm == "" {
		return Checksum{}, nil
	}
	a, err := algorithmOf(c.upload.Algorithm)
	if err != nil {
		return Checksum{}, err
	}
	got := multipartChecksum(a, c.upload.Composite, sums)
	want := c.in.Checksum
	switch {
	case want.Value == "":
	case want.Algorithm != got.Algorithm:
		return got, WrongAlgorithm.New(got.Algorithm, want.Algorithm)
	case want.Value != got.Value:
		return got, ChecksumMismatch.New(got.Algorithm)
	}
	return got, nil
}

// commit writes the object and what it no longer needs of the upload.
func (c *completion) commit(tx *meta.Tx, r *row) ([]garbage, error) {
	o, err := findOld(tx, r.Bucket, r.Key)
	if err != nil {
		return nil, err
	}
	if err := c.in.Conditions.write(o, r.Key); err != nil {
		return nil, err
	}
	replaced, err := o.drop(tx)
	if err != nil {
		return nil, err
	}
	for _, n := range c.unused {
		if _, err := tx.Exec(`DELETE FROM part WHERE manifest = ? AND number = ?`, c.upload.ID, n); err != nil {
			return nil, err
		}
	}
	if err := layOut(tx, c.upload.ID); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(`DELETE FROM upload WHERE id = ?`, c.upload.ID); err != nil {
		return nil, err
	}
	return []garbage{replaced, c.left}, save(tx, o.bucket, r)
}

// layOut gives each part of a manifest its place in the object.
func layOut(tx *meta.Tx, manifest string) error {
	_, err := tx.Exec(`UPDATE part SET start = s.start FROM
		(SELECT number, SUM(size) OVER (ORDER BY number) - size AS start FROM part WHERE manifest = ?) s
		WHERE part.manifest = ? AND part.number = s.number`, manifest, manifest)
	return err
}
