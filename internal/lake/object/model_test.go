package object_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// model is what a store should hold.
type model struct {
	t    *testing.T
	rnd  *rand.Rand
	s    *object.Service
	want map[string]string
}

// key draws from few keys, so that operations meet.
func (m *model) key() string {
	parts := []string{"a", "b", "a/b", "a//b", "ü", "c/d/e", "c/d", "c", "/"}
	return parts[m.rnd.IntN(len(parts))] + fmt.Sprint(m.rnd.IntN(6))
}

// body is small, or a file, or large enough for a part.
func (m *model) body() string {
	n := []int{0, 1, 63, 64, 65, 100, 1000, 300_000}[m.rnd.IntN(8)]
	return strings.Repeat(string(rune('a'+m.rnd.IntN(26))), n)
}

func (m *model) check(err error, what string) {
	m.t.Helper()
	if err != nil {
		m.t.Fatalf("%s: %v", what, err)
	}
}

func (m *model) put() {
	k, b := m.key(), m.body()
	put(m.t, m.s, k, b)
	m.want[k] = b
}

func (m *model) multipart() {
	k := m.key()
	bodies := []string{strings.Repeat("x", 100+m.rnd.IntN(500)), strings.Repeat("y", 100+m.rnd.IntN(500)), m.body()}
	upload(m.t, m.s, k, bodies...)
	m.want[k] = strings.Join(bodies, "")
}

func (m *model) abandonUpload() {
	u, err := m.s.CreateUpload(m.t.Context(), object.Upload{Bucket: "lake", Key: m.key()})
	m.check(err, "create upload")
	_, err = m.s.PutPart(m.t.Context(), object.PartInput{Bucket: "lake", Key: u.Key, UploadID: u.ID, Number: 1, Body: strings.NewReader("part"), Size: 4})
	m.check(err, "part")
	m.check(m.s.AbortUpload(m.t.Context(), "lake", u.Key, u.ID), "abort")
}

func (m *model) remove() {
	keys := []string{m.key(), m.key()}
	m.check(m.s.DeleteMany(m.t.Context(), "lake", keys), "delete")
	for _, k := range keys {
		delete(m.want, k)
	}
}

func (m *model) copy() {
	from, to := m.key(), m.key()
	_, err := m.s.Copy(m.t.Context(), object.CopyInput{SourceBucket: "lake", SourceKey: from, Bucket: "lake", Key: to, Attributes: &object.Attributes{}})
	b, there := m.want[from]
	if there != (err == nil) || !there && !errors.Is(err, object.NoKey) {
		m.t.Fatalf("copy of %q: %v, is there: %v", from, err, there)
	}
	if there {
		m.want[to] = b
	}
}

func (m *model) conditional() {
	k, b := m.key(), m.body()
	_, there := m.want[k]
	_, err := m.s.Put(m.t.Context(), object.PutInput{Bucket: "lake", Key: k, Body: strings.NewReader(b), Size: -1, Conditions: object.Conditions{IfNoneMatch: "*"}})
	if there != errors.Is(err, object.PreconditionFail) || !there && err != nil {
		m.t.Fatalf("create of %q: %v, is there: %v", k, err, there)
	}
	if !there {
		m.want[k] = b
	}
}

func (m *model) link() {
	k := m.key()
	p, err := m.s.Pin()
	m.check(err, "pin")
	defer p.Close()
	path, _, err := p.Link(m.t.Context(), "lake", k, "x/"+"file")
	b, there := m.want[k]
	if there != (err == nil) {
		m.t.Fatalf("link of %q: %v, is there: %v", k, err, there)
	}
	if got, _ := os.ReadFile(path); there && string(got) != b {
		m.t.Fatalf("link of %q: %d bytes, want %d", k, len(got), len(b))
	}
}

func (m *model) get() {
	k := m.key()
	b, there := m.want[k]
	if !there {
		if _, err := m.s.Head(m.t.Context(), "lake", k); !errors.Is(err, object.NoKey) {
			m.t.Fatalf("head of %q: %v", k, err)
		}
		return
	}
	if got := read(m.t, m.s, object.GetInput{Key: k}); got != b {
		m.t.Fatalf("%q: %d bytes, want %d", k, len(got), len(b))
	}
	if len(b) > 0 {
		first := m.rnd.IntN(len(b))
		last := first + m.rnd.IntN(len(b)-first)
		if got := read(m.t, m.s, object.GetInput{Key: k, Range: &object.Range{First: int64(first), Last: int64(last)}}); got != b[first:last+1] {
			m.t.Fatalf("%q %d-%d differs", k, first, last)
		}
	}
}

// list compares a listing in pages with the same done on a sorted list.
func (m *model) list() {
	prefix := []string{"", "a", "a/", "c/d", "ü", "zz"}[m.rnd.IntN(6)]
	delimiter := []string{"", "/", "b", "//"}[m.rnd.IntN(4)]
	in := object.ListInput{Bucket: "lake", Prefix: prefix, Delimiter: delimiter, Max: 1 + m.rnd.IntN(7)}
	if m.rnd.IntN(3) == 0 {
		in.After = m.key()
	}
	want := m.listed(in)
	var got []string
	for {
		l, err := m.s.List(m.t.Context(), in)
		m.check(err, "list")
		page := append([]string{}, l.Prefixes...)
		for _, o := range l.Objects {
			if o.Size != int64(len(m.want[o.Key])) {
				m.t.Fatalf("%q is listed with %d bytes, has %d", o.Key, o.Size, len(m.want[o.Key]))
			}
			page = append(page, o.Key)
		}
		slices.Sort(page)
		got = append(got, page...)
		if in.After = l.Next; l.Next == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		m.t.Fatalf("list %+v:\ngot  %q\nwant %q", in, got, want)
	}
}

func (m *model) listed(in object.ListInput) (out []string) {
	for _, k := range slices.Sorted(maps.Keys(m.want)) {
		if !strings.HasPrefix(k, in.Prefix) {
			continue
		}
		if in.Delimiter != "" {
			if i := strings.Index(k[len(in.Prefix):], in.Delimiter); i >= 0 {
				k = k[:len(in.Prefix)+i+len(in.Delimiter)]
			}
		}
		if k > in.After && (in.After == "" || !covered(k, in)) && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// covered says whether After is inside the common prefix k, which then was
// listed before it.
func covered(k string, in object.ListInput) bool {
	return in.Delimiter != "" && strings.HasPrefix(in.After, k) && strings.HasSuffix(k, in.Delimiter) && len(k) > len(in.Prefix)
}

func TestAgainstAModel(t *testing.T) {
	dir := t.TempDir()
	s, stop := open(t, dir, small())
	if err := s.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	m := &model{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), s: s, want: map[string]string{}}
	steps := []func(){m.put, m.put, m.put, m.multipart, m.abandonUpload, m.remove, m.copy, m.conditional, m.link, m.get, m.get, m.list, m.list}
	for range 5 {
		for range 300 {
			steps[m.rnd.IntN(len(steps))]()
		}
		stop()
		m.s, stop = open(t, dir, small())
		for k, b := range m.want {
			if got := read(t, m.s, object.GetInput{Key: k}); got != b {
				t.Fatalf("%q after reopening: %d bytes, want %d", k, len(got), len(b))
			}
		}
	}
	// Nothing is left but what the objects need.
	if err := m.s.DeleteMany(t.Context(), "lake", slices.Collect(maps.Keys(m.want))); err != nil {
		t.Fatal(err)
	}
	stop()
	if left := leftovers(t, dir); len(left) > 0 {
		t.Errorf("files are left: %v", left)
	}
}

// leftovers lists the files of an object store's folder beside the database.
func leftovers(t *testing.T, dir string) (out []string) {
	t.Helper()
	for _, sub := range []string{"objects", "tmp"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				out = append(out, p)
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return out
}
