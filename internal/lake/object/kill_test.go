package object_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// TestMain lets the test binary be the child that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("OBJECT_TEST_WRITER"); dir != "" {
		write(dir)
		return
	}
	os.Exit(m.Run())
}

// content is a body that tells which key and round it belongs to.
func content(key string, size int) []byte {
	line := key + "\n"
	return []byte(strings.Repeat(line, size/len(line)+1))[:size]
}

// write puts objects until it is killed and prints a line for each that was
// acknowledged: key, size and SHA-256; or "-" and a key that is being deleted.
func write(dir string) {
	t := &testing.T{} // open reports through it; a failure ends the lines
	s, _ := open(silent{t}, dir, small())
	s.CreateBucket(context.Background(), "lake")
	var mu sync.Mutex
	ack := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Printf(format+"\n", args...)
	}
	for w := range 4 {
		go func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("w%d/%d-%d", w, os.Getpid(), i)
				if err := writeOne(s, key, i, ack); err != nil {
					ack("failed %s: %v", key, err)
					return
				}
			}
		}()
	}
	select {}
}

func writeOne(s *object.Service, key string, i int, ack func(string, ...any)) error {
	ctx := context.Background()
	size := []int{10, 60, 200, 5000, 400_000}[i%5]
	body := content(key, size)
	if i%7 == 6 {
		return writeParts(s, key, ack)
	}
	if _, err := s.Put(ctx, object.PutInput{Bucket: "lake", Key: key, Body: bytes.NewReader(body), Size: int64(size)}); err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	ack("%s %d %x", key, size, sum)
	if i%11 == 10 {
		ack("- %s", key) // from here on it may be gone
		return s.Delete(ctx, "lake", key)
	}
	return nil
}

func writeParts(s *object.Service, key string, ack func(string, ...any)) error {
	ctx := context.Background()
	u, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: key})
	if err != nil {
		return err
	}
	in := object.CompleteInput{Bucket: "lake", Key: key, UploadID: u.ID}
	body := content(key, 90_000)
	for n := range 3 {
		part := body[n*30_000 : (n+1)*30_000]
		p, err := s.PutPart(ctx, object.PartInput{Bucket: "lake", Key: key, UploadID: u.ID, Number: n + 1, Body: bytes.NewReader(part), Size: 30_000})
		if err != nil {
			return err
		}
		in.Parts = append(in.Parts, object.CompletePart{Number: p.Number, ETag: p.ETag})
	}
	if _, err := s.CompleteUpload(ctx, in); err != nil {
		return err
	}
	ack("%s %d %x", key, len(body), sha256.Sum256(body))
	return nil
}

// silent is a testing.TB outside of a test: it has no cleanup.
type silent struct{ *testing.T }

func (silent) Helper()        {}
func (silent) Cleanup(func()) {}

// TestKilled kills a writer at random moments and proves that what it had
// acknowledged is whole, that nothing half-written shows, and that the files
// of what was never acknowledged go away.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	acked := map[string]string{}
	for range 6 {
		killWriter(t, dir, acked)
		if len(acked) == 0 {
			t.Fatal("the writer acknowledged nothing")
		}
		checkKilled(t, dir, acked)
	}
	t.Logf("%d objects were acknowledged", len(acked))
}

func killWriter(t *testing.T, dir string, acked map[string]string) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "OBJECT_TEST_WRITER="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var doom sync.Once
	for lines := bufio.NewScanner(out); lines.Scan(); {
		doom.Do(func() { time.AfterFunc(rand.N(600*time.Millisecond), func() { cmd.Process.Kill() }) })
		key, rest, _ := strings.Cut(lines.Text(), " ")
		switch {
		case key == "failed" || !strings.Contains(lines.Text(), "/"):
			t.Errorf("writer: %s", lines.Text())
		case key == "-":
			delete(acked, rest)
		case len(rest) > 65 && strings.Count(lines.Text(), " ") == 2 && len(rest[strings.Index(rest, " ")+1:]) == 64:
			acked[key] = rest
		}
	}
	_ = cmd.Wait() // killed
}

func checkKilled(t *testing.T, dir string, acked map[string]string) {
	s, stop := open(t, dir, small())
	defer stop()
	ctx := t.Context()
	seen := map[string]bool{}
	in := object.ListInput{Bucket: "lake", Max: 1000}
	for {
		l, err := s.List(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range l.Objects {
			seen[o.Key] = true
			body := read(t, s, object.GetInput{Key: o.Key})
			if want := string(content(o.Key, int(o.Size))); body != want {
				t.Errorf("%s is not whole", o.Key)
			}
			sum := sha256.Sum256([]byte(body))
			if want := acked[o.Key]; want != "" && want != fmt.Sprintf("%d %s", o.Size, hex.EncodeToString(sum[:])) {
				t.Errorf("%s: acknowledged as %s", o.Key, want)
			}
		}
		if in.After = l.Next; l.Next == "" {
			break
		}
	}
	for key := range acked {
		if !seen[key] {
			t.Errorf("%s was acknowledged and is gone", key)
		}
	}
	checkFiles(t, s, dir)
}

// checkFiles proves that after the sweep there is a file for each row and a
// row for each file.
func checkFiles(t *testing.T, s *object.Service, dir string) {
	uploads, err := s.ListUploads(t.Context(), object.UploadsInput{Bucket: "lake", Max: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range uploads.Uploads {
		if err := s.AbortUpload(t.Context(), "lake", u.Key, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	want := 0
	in := object.ListInput{Bucket: "lake", Max: 1000}
	for {
		l, err := s.List(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range l.Objects {
			switch {
			case o.Parts > 0:
				want += o.Parts
			case o.Size > small().InlineMaxBytes:
				want++
			}
		}
		if in.After = l.Next; l.Next == "" {
			break
		}
	}
	var have int
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if have = len(leftovers(t, dir)); have == want { // the sweep runs beside
			return
		}
	}
	t.Errorf("%d files for %d that the objects need", have, want)
}
