//go:build linux

package object_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// TestDiskFull fills a small file system. It needs the right to mount one.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	objects := filepath.Join(dir, "objects")
	if err := os.Mkdir(objects, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", objects, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("cannot mount a small file system here (run as root): %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(objects, 0) })
	log := slog.New(slog.DiscardHandler)
	db, err := meta.Open(context.Background(), meta.Default(), filepath.Join(dir, "boathouse.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := object.Open(object.Default(), db, dir, log)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := t.Context()
	if err := s.CreateBucket(ctx, "lake"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "fits", strings.Repeat("x", 1<<20))
	large := bytes.Repeat([]byte("y"), 8<<20)
	for range 3 { // a failed put gives its space back
		_, err := s.Put(ctx, object.PutInput{Bucket: "lake", Key: "large", Body: bytes.NewReader(large), Size: int64(len(large))})
		if !errors.Is(err, object.DiskFull) {
			t.Fatalf("a put on a full disk: %v", err)
		}
	}
	if _, err := s.Head(ctx, "lake", "large"); !errors.Is(err, object.NoKey) {
		t.Errorf("a failed put is visible: %v", err)
	}
	if got := read(t, s, object.GetInput{Key: "fits"}); len(got) != 1<<20 {
		t.Errorf("read %d bytes on a full disk", len(got))
	}
	put(t, s, "fits too", strings.Repeat("z", 2<<20))
	if err := s.DeleteMany(ctx, "lake", []string{"fits", "fits too"}); err != nil {
		t.Fatal(err)
	}
	s.Close() // removes now what waits to be removed
	put(t, s, "fits again", strings.Repeat("x", 3<<20))
}
