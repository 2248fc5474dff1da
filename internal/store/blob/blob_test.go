package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/boathouse-data/boathouse/internal/store/blob"
)

func open(t *testing.T, dir string) *blob.Store {
	t.Helper()
	s, err := blob.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *blob.Store, data string) string {
	t.Helper()
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return w.ID()
}

func get(t *testing.T, s *blob.Store, id string) string {
	t.Helper()
	f, err := s.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func files(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWriteReadRemove(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := put(t, s, "hello")
	if got := get(t, s, id); got != "hello" {
		t.Errorf("read %q", got)
	}
	f, err := s.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for range 2 { // the second is no error
		if err := s.Remove(id); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := io.ReadAll(f); string(b) != "hello" || err != nil {
		t.Errorf("an open file reads %q, %v after Remove", b, err)
	}
	if _, err := s.Open(id); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open after Remove: %v", err)
	}
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	w.Write(bytes.Repeat([]byte("x"), 9<<20))
	w.Abort()
	if n := files(t, dir); n != 0 {
		t.Errorf("%d files left", n)
	}
}

func TestIdsStayInside(t *testing.T) {
	s := open(t, t.TempDir())
	for _, id := range []string{"", "..", "../../../../etc/passwd", "zz" + "0123456789012345678901"} {
		if _, err := s.Open(id); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v", id, err)
		}
		if err := s.Remove(id); err != nil {
			t.Errorf("Remove(%q): %v", id, err)
		}
	}
}

func TestCopyConcatLink(t *testing.T) {
	s := open(t, t.TempDir())
	a, b := put(t, s, "left "), put(t, s, "right")
	c, err := s.Copy(a)
	if err != nil {
		t.Fatal(err)
	}
	both, err := s.Concat([]string{a, b})
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "name.csv")
	if err := s.Link(a, link); err != nil {
		t.Fatal(err)
	}
	s.Remove(a)
	if got := get(t, s, c); got != "left " {
		t.Errorf("copy is %q", got)
	}
	if got := get(t, s, both); got != "left right" {
		t.Errorf("concatenation is %q", got)
	}
	if got, err := os.ReadFile(link); string(got) != "left " || err != nil {
		t.Errorf("link is %q, %v", got, err)
	}
}

func TestAdopt(t *testing.T) {
	root := t.TempDir()
	s := open(t, filepath.Join(root, "objects"))
	var paths []string
	for _, name := range []string{"a", "b"} {
		p := filepath.Join(root, name)
		if err := os.WriteFile(p, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	ids, err := s.Adopt(paths)
	if err != nil {
		t.Fatal(err)
	}
	if get(t, s, ids[0]) != "a" || get(t, s, ids[1]) != "b" {
		t.Error("adopted blobs differ")
	}
	if _, err := os.Stat(paths[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the adopted file is still there")
	}
	if _, err := s.Adopt([]string{filepath.Join(root, "none")}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("adopting nothing: %v", err)
	}
}

func TestSweepRemovesWhatNobodyOwns(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	owned := map[string]bool{}
	for i := range 700 {
		id := put(t, s, "x")
		if i%2 == 0 {
			owned[id] = true
		}
	}
	ask := func(_ context.Context, ids []string) (map[string]bool, error) { return owned, nil }
	if n, err := s.Sweep(t.Context(), ask); n != 0 || err != nil {
		t.Errorf("a sweep took %d blobs of its own run, %v", n, err)
	}
	s = open(t, dir)
	young := put(t, s, "not committed yet")
	if n, err := s.Sweep(t.Context(), ask); n != 350 || err != nil {
		t.Errorf("swept %d, %v; want 350", n, err)
	}
	if n := files(t, dir); n != 351 {
		t.Errorf("%d files left, want 351", n)
	}
	get(t, s, young)
}
