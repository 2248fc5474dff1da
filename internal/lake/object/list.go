package object

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// listing builds one page.
type listing struct {
	ListInput
	Listing
	bucket int64
	last   string // the last key or prefix of the page
}

// errSkip ends a query at a common prefix: the next begins behind it.
var errSkip = errors.New("skip")

// List returns a page of a bucket. Keys that have Delimiter after Prefix are
// not listed but summed up under their common prefix, which is skipped over in
// the index: a folder of a million keys costs one look.
func (s *Service) List(ctx context.Context, in ListInput) (Listing, error) {
	in.Max = min(max(in.Max, 1), batchMax)
	l := &listing{ListInput: in}
	err := s.db.View(ctx, func(tx *meta.Tx) (err error) {
		if l.bucket, err = bucketID(tx, in.Bucket); err != nil {
			return err
		}
		return l.fill(tx)
	})
	return l.Listing, err
}

// probe is how many rows are asked for after a skip: likely the next row is
// under another prefix. It doubles while rows are used up.
const probe = 4

func (l *listing) fill(tx *meta.Tx) error {
	from, limit := l.start(), l.Max+1
	for {
		var next string
		seen := 0
		err := tx.Query(func(scan func(...any) error) error {
			seen++
			var err error
			next, err = l.add(scan)
			return err
		}, `SELECT key, size, etag, modified, algorithm, composite, parts FROM object WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
			l.bucket, []byte(from), []byte(after(l.Prefix)), limit)
		switch {
		case l.Next != "":
			return nil
		case errors.Is(err, errSkip):
			limit = probe
		case err != nil:
			return err
		case seen < limit:
			return nil
		default:
			limit = min(2*limit, l.Max+1)
		}
		from = next
	}
}

// start is the first key to look at.
func (l *listing) start() string {
	if l.After < l.Prefix || l.After == "" {
		return l.Prefix
	}
	if rest, ok := strings.CutPrefix(l.After, l.Prefix); ok && l.Delimiter != "" {
		if i := strings.Index(rest, l.Delimiter); i >= 0 {
			return after(l.After[:len(l.Prefix)+i+len(l.Delimiter)])
		}
	}
	return l.After + "\x00"
}

// after is the least byte string above all that start with p. UTF-8 has no
// byte 0xff, so the last byte can be raised.
func after(p string) string {
	if p == "" {
		return "\xff"
	}
	return p[:len(p)-1] + string([]byte{p[len(p)-1] + 1})
}

// add takes a row into the page and returns where the next query begins.
func (l *listing) add(scan func(...any) error) (next string, err error) {
	var o Object
	var modified int64
	var key []byte
	if err := scan(&key, &o.Size, &o.ETag, &modified, &o.Checksum.Algorithm, &o.Checksum.Composite, &o.Parts); err != nil {
		return "", err
	}
	o.Key = string(key)
	if len(l.Objects)+len(l.Prefixes) == l.Max {
		l.Next = l.last
		return "", errSkip
	}
	if l.Delimiter != "" {
		if i := strings.Index(o.Key[len(l.Prefix):], l.Delimiter); i >= 0 {
			l.last = o.Key[:len(l.Prefix)+i+len(l.Delimiter)]
			l.Prefixes = append(l.Prefixes, l.last)
			return after(l.last), errSkip
		}
	}
	o.Bucket, o.Modified = l.Bucket, time.UnixMilli(modified).UTC()
	l.Objects = append(l.Objects, o)
	l.last = o.Key
	return o.Key + "\x00", nil
}
