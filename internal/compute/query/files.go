package query

import (
	"context"
	"fmt"
	"path"
	"strings"

	"golang.org/x/sync/errgroup"

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
	dense   bool  // the last parts are most of the table's
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
	keys, err := r.keys(ctx, parts)
	if err != nil {
		return nil, err
	}
	return r.linkAll(ctx, folder, parts, keys)
}

// denseMin is from how many parts on one listing of what is above them is
// cheaper than one of each, if they are most of what is there.
const denseMin = 64

// keys lists the objects of each part.
func (r *reading) keys(ctx context.Context, parts []part) ([][]string, error) {
	out := make([][]string, len(parts))
	left := r.s.cfg.FilesMax - r.count
	if above := commonPrefix(parts); r.dense && above != "" {
		all, err := r.s.list(ctx, parts[0].bucket, above, left)
		if err != nil {
			return nil, err
		}
		return distribute(parts, above, all), nil
	}
	for i, p := range parts {
		keys, err := r.s.list(ctx, p.bucket, p.prefix, left)
		if err != nil {
			return nil, err
		}
		out[i] = keys
		left -= len(keys)
	}
	return out, nil
}

// commonPrefix is the folder that all parts are in; empty when there is none or
// a part's own path has a hidden name, which a listing from above leaves out.
func commonPrefix(parts []part) string {
	if len(parts) == 0 {
		return ""
	}
	common := parts[0].prefix
	for _, p := range parts {
		if p.bucket != parts[0].bucket {
			return ""
		}
		for !strings.HasPrefix(p.prefix, common) {
			common = common[:strings.LastIndexByte(strings.TrimSuffix(common, "/"), '/')+1]
		}
	}
	for _, p := range parts {
		if hiddenKey(p.prefix[len(common):]) {
			return ""
		}
	}
	return common
}

// distribute gives each key to the parts whose prefix it has.
func distribute(parts []part, above string, keys []string) [][]string {
	byPrefix := map[string][]int{}
	for i, p := range parts {
		byPrefix[p.prefix] = append(byPrefix[p.prefix], i)
	}
	out := make([][]string, len(parts))
	for _, key := range keys {
		for at := len(above); ; {
			for _, i := range byPrefix[key[:at]] {
				out[i] = append(out[i], key)
			}
			next := strings.IndexByte(key[at:], '/')
			if next < 0 {
				break
			}
			at += next + 1
		}
	}
	return out
}

// linkers bounds how many objects get their local names at once.
const linkers = 4

// linkAll gives the objects their local names, in the order of the parts.
func (r *reading) linkAll(ctx context.Context, folder int, parts []part, keys [][]string) ([]file, error) {
	var jobs []*linking
	for i, p := range parts {
		for _, key := range keys[i] {
			if err := r.s.allowData(ctx, "read", p.bucket, key); err != nil {
				return nil, err
			}
			jobs = append(jobs, r.newLink(folder, p, key))
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(linkers)
	for _, j := range jobs {
		if !j.known && j.err == nil {
			group.Go(func() error { return j.run(gctx, r.pin) })
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var out []file
	for _, j := range jobs {
		f, gone, err := r.linked(j)
		if err != nil {
			return nil, err
		}
		if !gone {
			out = append(out, f)
		}
	}
	return out, nil
}

// relMax bounds a local name, in bytes: systems take paths of 4,096.
const relMax = 3500

// linking is one object on its way to a local name.
type linking struct {
	file  file
	id    string // of the object in its partition
	rel   string
	known bool // the query names the table twice
	gone  bool // deleted since it was listed
	err   error
}

func (r *reading) newLink(folder int, p part, key string) *linking {
	var rel strings.Builder
	fmt.Fprintf(&rel, "t%d/", folder)
	for i, v := range p.values {
		fmt.Fprintf(&rel, "p%d=%s/", i, encodeValue(v))
	}
	j := &linking{id: rel.String() + p.bucket + "/" + key, file: file{bucket: p.bucket, key: key, format: p.format}}
	if j.file, j.known = r.links[j.id]; j.known {
		return j
	}
	j.file = file{bucket: p.bucket, key: key, format: p.format}
	ext, err := extension(key)
	fmt.Fprintf(&rel, "%06d%s", r.count, ext)
	r.count++
	if j.rel, j.err = rel.String(), err; len(j.rel) > relMax {
		j.err = BadPartition.New(fmt.Sprintf("the values of a partition have %d bytes as a path, more than the %d that can be read: use shorter values", len(j.rel), relMax))
	}
	return j
}

func (j *linking) run(ctx context.Context, pin *object.Pin) error {
	local, o, err := pin.Link(ctx, j.file.bucket, j.file.key, j.rel)
	if fault.KindOf(err) == fault.NotFound {
		j.gone = true
		return nil
	}
	j.file.path, j.file.size = local, o.Size
	return err
}

// linked counts an object that has its name.
func (r *reading) linked(j *linking) (f file, gone bool, err error) {
	if j.known || j.gone || j.err != nil {
		return j.file, j.gone, j.err
	}
	r.stats.FilesRead++
	if r.stats.BytesScanned += j.file.size; r.max > 0 && r.stats.BytesScanned > r.max {
		return f, false, ScanLimit.New(fmt.Sprintf("the query reads more than the %d bytes that are allowed", r.max))
	}
	r.objects[j.file.path], r.links[j.id] = j.file.object(), j.file
	return j.file, false, nil
}

// elementMax is about how long a path element becomes; systems take 255 bytes.
const elementMax = 200

// encodeValue writes a partition's value so that it is one path element, or
// several for a long one: those after the first begin with a plus.
func encodeValue(v string) string {
	var b strings.Builder
	cut := elementMax
	for i := range len(v) {
		if b.Len() >= cut {
			b.WriteString("/+")
			cut = b.Len() + elementMax
		}
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
