package query

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// file is an object that a query reads, under its local name.
type file struct {
	path        string
	bucket, key string
	size        int64
	format      format
}

// object is the file's address.
func (f file) object() string { return "s3://" + f.bucket + "/" + f.key }

// part is a place that files are read from: a table's location or a partition's.
type part struct {
	bucket, prefix string
	values         []string // of the partition
	format         format
}

// reading is the files of one run of a query. They stay readable until close.
type reading struct {
	s       *Service
	pin     *object.Pin
	tables  map[string]int    // folder number by table
	links   map[string]file   // by folder, partition and object
	objects map[string]string // local path -> address, for messages
	stats   Stats
	count   int
	pruned  int   // partitions that were left out
	max     int64 // bytes of files that may be opened; 0: no bound
}

func (s *Service) newReading(p *prepared) *reading {
	return &reading{s: s, tables: map[string]int{}, links: map[string]file{}, objects: map[string]string{}, max: p.bytesMax}
}

func (r *reading) close() {
	if r.pin != nil {
		r.pin.Close() // what it leaves is cleared at the next start
	}
}

// files gives local names to the objects of the parts.
func (r *reading) files(ctx context.Context, table string, parts []part) ([]file, error) {
	if r.pin == nil {
		pin, err := r.s.needs.Objects.Pin()
		if err != nil {
			return nil, err
		}
		r.pin = pin
	}
	folder, ok := r.tables[table]
	if !ok {
		folder = len(r.tables)
		r.tables[table] = folder
	}
	var out []file
	for _, p := range parts {
		keys, err := r.s.list(ctx, p.bucket, p.prefix, r.s.cfg.FilesMax-r.count)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			f, err := r.link(ctx, folder, p, key)
			if fault.KindOf(err) == fault.NotFound {
				continue // deleted since it was listed
			}
			if err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, nil
}

func (r *reading) link(ctx context.Context, folder int, p part, key string) (file, error) {
	var rel strings.Builder
	fmt.Fprintf(&rel, "t%d/", folder)
	for i, v := range p.values {
		fmt.Fprintf(&rel, "p%d=%s/", i, encodeValue(v))
	}
	id := rel.String() + p.bucket + "/" + key
	if f, ok := r.links[id]; ok { // the query names the table twice
		return f, nil
	}
	ext, err := extension(key)
	if err != nil {
		return file{}, err
	}
	fmt.Fprintf(&rel, "%06d%s", r.count, ext)
	local, o, err := r.pin.Link(ctx, p.bucket, key, rel.String())
	if err != nil {
		return file{}, err
	}
	r.count++
	r.stats.FilesRead++
	if r.stats.BytesScanned += o.Size; r.max > 0 && r.stats.BytesScanned > r.max {
		return file{}, ScanLimit.New(fmt.Sprintf("the query reads more than the %d bytes that are allowed", r.max))
	}
	f := file{path: local, bucket: p.bucket, key: key, size: o.Size, format: p.format}
	r.objects[local], r.links[id] = f.object(), f
	return f, nil
}

// encodeValue writes a partition's value so that it is one path element.
func encodeValue(v string) string {
	var b strings.Builder
	for i := range len(v) {
		c := v[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// extension is the part of a key's name that says how it is compressed.
func extension(key string) (string, error) {
	switch ext := strings.ToLower(path.Ext(key)); ext {
	case ".gz", ".zst":
		return ext, nil
	case ".bz2", ".lzo", ".snappy", ".lz4", ".xz", ".zip", ".deflate":
		return "", Unsupported.New(fmt.Sprintf("the object %s is compressed as its name says (%s): only .gz and .zst text files can be read", key, ext))
	case ".parquet":
		return ext, nil
	}
	return "", nil
}

// list returns the keys of the objects with rows below a prefix: not those that
// are empty, and none below a name that begins with _ or a dot, as Hive has it.
func (s *Service) list(ctx context.Context, bucket, prefix string, max int) (keys []string, err error) {
	const pageSize = 1000
	after := ""
	for {
		l, err := s.needs.Objects.List(ctx, object.ListInput{Bucket: bucket, Prefix: prefix, After: after, Max: pageSize})
		if err != nil {
			return nil, err
		}
		for _, o := range l.Objects {
			if o.Size == 0 || hiddenKey(o.Key[len(prefix):]) {
				continue
			}
			if keys = append(keys, o.Key); len(keys) > max {
				return nil, TooMuch.New(fmt.Sprintf("the statement would read more than %d files: narrow it by partition, or raise files-max in the server's configuration", s.cfg.FilesMax))
			}
		}
		if after = l.Next; after == "" {
			return keys, nil
		}
	}
}

func hiddenKey(rel string) bool {
	for rel != "" {
		if rel[0] == '_' || rel[0] == '.' {
			return true
		}
		_, rest, ok := strings.Cut(rel, "/")
		if !ok {
			return false
		}
		rel = rest
	}
	return false
}
