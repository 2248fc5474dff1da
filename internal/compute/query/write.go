package query

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/duck"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// sink is where and how a statement writes.
type sink struct {
	bucket, prefix string
	columns        []outColumn // in the order of the query's
	keys           int         // how many of the last columns are partition keys
	form           outForm
	order          []int // which of the query's columns each is, -1 for null; nil: the same
}

// outColumn is a column as it is written.
type outColumn struct {
	name string
	kind dialect.Type
}

// outForm is the form of written files.
type outForm struct {
	options   string // of COPY
	extension string
	parquet   bool
	json      bool
	delims    delimited // of text
}

// written is a file that the engine made.
type written struct {
	path   string
	values []string // of its partition
}

// output runs a query into files of a folder of its own, which the caller
// removes with done. Nothing of it can be seen yet.
func (s *Service) output(ctx context.Context, p *prepared, q dialect.Query, args []any, to *sink) (out outcome, err error) {
	began := time.Now()
	c, err := s.engine.Acquire(ctx, searchPath(p.src.dialect))
	if err != nil {
		return out, err
	}
	defer c.Release()
	r := s.newReading(p)
	defer r.close()
	b, err := s.bind(ctx, c, p.src, q, p.database, nil)
	if err != nil {
		return out, err
	}
	b.casts = p.casts
	text, err := r.filled(ctx, c, b, args)
	if err != nil {
		return out, err
	}
	b.objects = r.objects
	dir := filepath.Join(s.tmp, "write-"+id.Hex(8))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return out, err
	}
	out.done = func() { os.RemoveAll(dir) } // what it leaves is cleared at the next start
	out.stats = r.stats
	out.stats.Planning = time.Since(began)
	if err := s.copy(ctx, c, b, text, args, to, dir, &out); err != nil {
		out.done()
		return out, err
	}
	out.stats.Execution = time.Since(began) - out.stats.Planning
	return out, nil
}

// outcome is what output made.
type outcome struct {
	files []written
	stats Stats
	done  func()
}

// copy lets the engine write the files.
func (s *Service) copy(ctx context.Context, c *duck.Conn, b *bound, text *splices, args []any, to *sink, dir string, out *outcome) error {
	list, names := to.list()
	head := "COPY (SELECT " + list + " FROM ("
	sql := head + text.String() + "\n) AS q(" + strings.Join(names, ", ") + ")) TO " + duck.Quote(dir) + " (" + to.form.options
	if to.keys > 0 {
		var keys []string
		for _, col := range to.columns[len(to.columns)-to.keys:] {
			keys = append(keys, duck.Name(col.name))
		}
		sql += ", PARTITION_BY (" + strings.Join(keys, ", ") + "), OVERWRITE_OR_IGNORE"
	} else {
		sql += fmt.Sprintf(", FILE_SIZE_BYTES %d, OVERWRITE_OR_IGNORE", s.cfg.FileBytes)
	}
	sql += ", FILENAME_PATTERN 'f_{uuid}')"
	wrapped := &splices{base: text.base, parts: text.parts, lead: len(head)}
	stmt, err := c.Prepare(ctx, sql)
	if err != nil {
		return b.explain(ctx, wrapped, err)
	}
	defer stmt.Close()
	if out.stats.RowsWritten, err = stmt.Run(ctx, args); err != nil {
		return b.explain(ctx, wrapped, err)
	}
	if out.stats.RowsWritten == 0 {
		return nil
	}
	out.files, err = walkWritten(dir, to.keys)
	return err
}

// list is what is selected for the files, and the names of the query's columns.
func (to *sink) list() (list string, names []string) {
	fields := make([]string, len(to.columns))
	count := 0
	for i := range to.columns {
		j := i
		if to.order != nil {
			j = to.order[i]
		}
		if fields[i] = "NULL"; j >= 0 {
			fields[i] = fmt.Sprintf("c%d", j)
			count = max(count, j+1)
		}
	}
	for i := range count {
		names = append(names, fmt.Sprintf("c%d", i))
	}
	return to.form.list(to.columns, fields, to.keys), names
}

// walkWritten lists the files below a folder with the partition that their
// path names.
func walkWritten(dir string, keys int) (out []written, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		w := written{path: path}
		for _, p := range parts[:len(parts)-1] {
			_, v, _ := strings.Cut(p, "=")
			w.values = append(w.values, unescapePath(v))
		}
		if len(w.values) != keys {
			return fmt.Errorf("the engine wrote %s, which names %d partition keys and not %d", rel, len(w.values), keys)
		}
		out = append(out, w)
		return nil
	})
	slices.SortFunc(out, func(a, b written) int { return strings.Compare(a.path, b.path) })
	return out, err
}

// adopt makes objects of the files, all at once and together with what also
// does to the catalog. place gives the prefix of a file's partition.
func (s *Service) adopt(ctx context.Context, to *sink, files []written, place func(values []string) (bucket, prefix string), also func(tx *meta.Tx) error) ([]string, error) {
	stamp := time.Now().UTC().Format("20060102_150405")
	byBucket := map[string][]object.File{}
	var addresses []string
	for i, f := range files {
		bucket, prefix := place(f.values)
		key := fmt.Sprintf("%s%s_%05d_%s%s", prefix, stamp, i, id.Hex(4), to.form.extension)
		if err := s.allowData(ctx, "write", bucket, key); err != nil {
			return nil, err
		}
		byBucket[bucket] = append(byBucket[bucket], object.File{Key: key, Path: f.path, Attributes: object.Attributes{ContentType: "application/octet-stream"}})
		addresses = append(addresses, "s3://"+bucket+"/"+key)
	}
	if len(byBucket) > 1 {
		return nil, Unsupported.New("the statement writes to partitions in several buckets, which cannot become visible at once: write to those of one bucket")
	}
	in := object.AdoptInput{Bucket: to.bucket, Also: also}
	for in.Bucket, in.Files = range byBucket {
	}
	if _, err := s.needs.Objects.Replace(ctx, in); err != nil {
		return nil, err
	}
	return addresses, nil
}

// emptyPlace checks that nothing is at a location.
func (s *Service) emptyPlace(ctx context.Context, location string) (bucket, prefix string, err error) {
	if bucket, prefix, err = splitLocation(location); err != nil {
		return "", "", err
	}
	if err := s.allowData(ctx, "write", bucket, prefix); err != nil {
		return "", "", err
	}
	l, err := s.needs.Objects.List(ctx, object.ListInput{Bucket: bucket, Prefix: prefix, Max: 10})
	if err != nil {
		return "", "", err
	}
	for _, o := range l.Objects {
		if o.Size > 0 {
			return "", "", PathNotEmpty.New("Target directory for table already exists: " + location + ": choose another location or delete what is there")
		}
	}
	return bucket, prefix, nil
}

// partitionsWritten are the partitions that files were written for, each once.
func partitionsWritten(files []written) (out [][]string) {
	seen := map[string]bool{}
	for _, f := range files {
		if key := strings.Join(f.values, "\x00"); !seen[key] {
			seen[key] = true
			out = append(out, f.values)
		}
	}
	return out
}
