package object

import (
	"encoding/json"
	"time"

	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// place says where an object's bytes are: nowhere (no bytes), in one file, in
// a row of body, or in the part files of a manifest. When the parts of a
// manifest were joined, blob is the joined file and the manifest still
// describes the parts.
type place struct {
	blob     string
	body     int64
	manifest string
}

// row is a row of the table object.
type row struct {
	Object
	place
}

const rowColumns = `o.size, o.etag, o.modified, o.algorithm, o.composite, o.parts, o.blob, o.body, o.manifest, o.checksum, o.tags, o.attributes`

// find reads an object's row; refuses NoBucket and NoKey.
func find(tx *meta.Tx, bucket, key string) (*row, error) {
	return scanRow(tx, nil, `SELECT `+rowColumns+` FROM object o JOIN bucket b ON b.id = o.bucket WHERE b.name = ? AND o.key = ?`, bucket, key)
}

// findBody is find that reads a small body with it.
func findBody(tx *meta.Tx, bucket, key string) (r *row, small []byte, err error) {
	r, err = scanRow(tx, &small, `SELECT `+rowColumns+`, d.data FROM object o JOIN bucket b ON b.id = o.bucket LEFT JOIN body d ON d.id = o.body
		WHERE b.name = ? AND o.key = ?`, bucket, key)
	return r, small, err
}

func scanRow(tx *meta.Tx, small *[]byte, query, bucket, key string) (*row, error) {
	r := &row{Object: Object{Bucket: bucket, Key: key}}
	var modified int64
	var tags, attributes string
	dest := []any{&r.Size, &r.ETag, &modified, &r.Checksum.Algorithm, &r.Checksum.Composite, &r.Parts,
		&r.blob, &r.body, &r.manifest, &r.Checksum.Value, &tags, &attributes}
	if small != nil {
		dest = append(dest, small)
	}
	found, err := tx.Get(dest, query, bucket, []byte(key))
	if err != nil {
		return nil, err
	}
	if !found {
		if _, err := bucketID(tx, bucket); err != nil {
			return nil, err
		}
		return nil, NoKey.New(key)
	}
	r.Modified = time.UnixMilli(modified).UTC()
	if r.Tags, err = decodeTags(tags); err != nil {
		return nil, err
	}
	return r, decodeInto(attributes, &r.Attributes)
}

// old is what a write must know of the object that it replaces.
type old struct {
	bucket int64
	there  bool
	etag   string
	place
}

// findOld reads the bucket and what is at the key now; refuses NoBucket.
func findOld(tx *meta.Tx, bucket, key string) (o old, err error) {
	found, err := tx.Get([]any{&o.bucket, &o.there, &o.etag, &o.blob, &o.body, &o.manifest},
		`SELECT b.id, o.key IS NOT NULL, COALESCE(o.etag, ''), COALESCE(o.blob, ''), COALESCE(o.body, 0), COALESCE(o.manifest, '')
		FROM bucket b LEFT JOIN object o ON o.bucket = b.id AND o.key = ? WHERE b.name = ?`, []byte(key), bucket)
	if err == nil && !found {
		err = NoBucket.New(bucket)
	}
	return o, err
}

// save writes a row over whatever is at its key.
func save(tx *meta.Tx, bucket int64, r *row) error {
	tags, err := encodeTags(r.Tags)
	if err != nil {
		return err
	}
	attributes, err := encode(r.Attributes)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO object (bucket, key, size, etag, modified, algorithm, composite, parts, blob, body, manifest, checksum, tags, attributes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (bucket, key) DO UPDATE SET size = excluded.size, etag = excluded.etag, modified = excluded.modified,
		algorithm = excluded.algorithm, composite = excluded.composite, parts = excluded.parts, blob = excluded.blob, body = excluded.body,
		manifest = excluded.manifest, checksum = excluded.checksum, tags = excluded.tags, attributes = excluded.attributes`,
		bucket, []byte(r.Key), r.Size, r.ETag, r.Modified.UnixMilli(), r.Checksum.Algorithm, number(r.Checksum.Composite), r.Parts,
		r.blob, r.body, r.manifest, r.Checksum.Value, tags, attributes)
	return err
}

// addBody keeps a small body and returns its id.
func addBody(tx *meta.Tx, data []byte) (id int64, err error) {
	_, err = tx.Get([]any{&id}, `INSERT INTO body (data) VALUES (?) RETURNING id`, data)
	return id, err
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// encode writes a document; an empty one is the empty text.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if s := string(b); s != "{}" && s != "null" {
		return s, err
	}
	return "", err
}

func decodeInto(text string, v any) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), v)
}

func encodeTags(tags map[string]string) (string, error) {
	if len(tags) == 0 {
		return "", nil
	}
	return encode(tags)
}

func decodeTags(text string) (tags map[string]string, err error) {
	err = decodeInto(text, &tags)
	return tags, err
}
