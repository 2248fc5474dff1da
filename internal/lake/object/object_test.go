package object_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// small limits let a test reach every way of keeping bytes with little data.
func small() object.Config {
	c := object.Default()
	c.InlineMaxBytes, c.PartMinBytes = 64, 100
	return c
}

// metadata is where the metadata of a folder is: in it, or in a schema of its
// own in the database that BOATHOUSE_TEST_POSTGRES_URL names.
func metadata(t testing.TB, dir string) meta.Config {
	t.Helper()
	cfg := meta.Default()
	address := os.Getenv("BOATHOUSE_TEST_POSTGRES_URL")
	if address == "" {
		return cfg
	}
	schema := fmt.Sprintf("test_%x", md5.Sum([]byte(dir)))
	pool, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec("CREATE SCHEMA IF NOT EXISTS " + schema); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	cfg.URL = u.String()
	t.Cleanup(func() {
		pool.Exec("DROP SCHEMA IF EXISTS " + schema + " CASCADE") // the database is for tests: what stays does no harm
		pool.Close()
	})
	return cfg
}

// open opens a store over a folder; close it to open it again.
func open(t testing.TB, dir string, cfg object.Config) (*object.Service, func()) {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db, err := meta.Open(context.Background(), metadata(t, dir), filepath.Join(dir, "boathouse.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	s, err := object.Open(cfg, db, dir, log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	var once sync.Once
	stop := func() {
		once.Do(func() {
			cancel()
			<-done
			s.Close()
			db.Close()
		})
	}
	t.Cleanup(stop)
	return s, stop
}

func fresh(t testing.TB) *object.Service {
	t.Helper()
	s, _ := open(t, t.TempDir(), small())
	if err := s.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t testing.TB, s *object.Service, key, body string) object.Object {
	t.Helper()
	o, err := s.Put(t.Context(), object.PutInput{Bucket: "lake", Key: key, Body: strings.NewReader(body), Size: int64(len(body))})
	if err != nil {
		t.Fatalf("put %q: %v", key, err)
	}
	return o
}

func read(t testing.TB, s *object.Service, in object.GetInput) string {
	t.Helper()
	if in.Bucket == "" {
		in.Bucket = "lake"
	}
	_, b, err := s.Get(t.Context(), in)
	if err != nil {
		t.Fatalf("get %q: %v", in.Key, err)
	}
	defer b.Close()
	data, err := io.ReadAll(b)
	if err != nil {
		t.Fatalf("read %q: %v", in.Key, err)
	}
	if int64(len(data)) != b.Length {
		t.Errorf("%q: read %d bytes, Length says %d", in.Key, len(data), b.Length)
	}
	return string(data)
}

// upload makes a multipart object of the bodies.
func upload(t testing.TB, s *object.Service, key string, bodies ...string) object.Object {
	t.Helper()
	ctx := t.Context()
	u, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	in := object.CompleteInput{Bucket: "lake", Key: key, UploadID: u.ID}
	for i, b := range bodies {
		p, err := s.PutPart(ctx, object.PartInput{Bucket: "lake", Key: key, UploadID: u.ID, Number: i + 1, Body: strings.NewReader(b), Size: int64(len(b))})
		if err != nil {
			t.Fatal(err)
		}
		in.Parts = append(in.Parts, object.CompletePart{Number: p.Number, ETag: p.ETag})
	}
	o, err := s.CompleteUpload(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestKeysAreAnyBytesOfText(t *testing.T) {
	s := fresh(t)
	keys := []string{"d", "d/x", "d/x/", "w//x", "w/./z", "w/../y", "/", "//", " ", "ü/日本語/🚀", "a\x01b", "a\x00b", "%2F+?&=#", strings.Repeat("k", 1024)}
	for _, k := range keys {
		put(t, s, k, "body of "+k)
		put(t, s, k+"", strings.Repeat("x", 100)+k) // over it, as a file
	}
	for _, k := range keys {
		if got := read(t, s, object.GetInput{Key: k}); got != strings.Repeat("x", 100)+k {
			t.Errorf("%q: read %q", k, got)
		}
	}
	l, err := s.List(t.Context(), object.ListInput{Bucket: "lake", Max: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range l.Objects {
		got = append(got, o.Key)
	}
	slices.Sort(keys)
	if !slices.Equal(got, keys) {
		t.Errorf("listed %q\nwant   %q", got, keys)
	}
}

func TestRefusals(t *testing.T) {
	s := fresh(t)
	put(t, s, "there", "1")
	ctx := t.Context()
	body := func(in object.PutInput) func() error {
		return func() error {
			in.Bucket, in.Body = "lake", strings.NewReader("hello")
			if in.Size == 0 {
				in.Size = 5
			}
			if in.Key == "" {
				in.Key = "k"
			}
			_, err := s.Put(ctx, in)
			return err
		}
	}
	for _, tt := range []struct {
		name string
		do   func() error
		want error
	}{
		{"bucket twice", func() error { return s.CreateBucket(ctx, "lake") }, object.BucketExists},
		{"bucket name", func() error { return s.CreateBucket(ctx, "Lake") }, object.BadBucketName},
		{"bucket address", func() error { return s.CreateBucket(ctx, "10.0.0.1") }, object.BadBucketName},
		{"bucket not empty", func() error { return s.DeleteBucket(ctx, "lake") }, object.BucketNotEmpty},
		{"no bucket", func() error { return s.DeleteBucket(ctx, "none") }, object.NoBucket},
		{"key too long", body(object.PutInput{Key: strings.Repeat("k", 1025)}), object.KeyTooLong},
		{"key not text", body(object.PutInput{Key: "\xff"}), object.BadKey},
		{"metadata", body(object.PutInput{Attributes: object.Attributes{Metadata: map[string]string{"a": strings.Repeat("v", 2048)}}}), object.MetadataTooLarge},
		{"short body", body(object.PutInput{Size: 6}), object.Incomplete},
		{"long body", body(object.PutInput{Size: 4}), object.Incomplete},
		{"short large body", body(object.PutInput{Size: 600}), object.Incomplete},
		{"too large", body(object.PutInput{Size: 6 << 30}), object.TooLarge},
		{"md5 form", body(object.PutInput{MD5: "x"}), object.BadMD5},
		{"md5", body(object.PutInput{MD5: "AAAAAAAAAAAAAAAAAAAAAA=="}), object.MD5Mismatch},
		{"checksum", body(object.PutInput{Checksum: object.Checksum{Algorithm: "CRC32", Value: "AAAAAA=="}}), object.ChecksumMismatch},
		{"checksum form", body(object.PutInput{Checksum: object.Checksum{Algorithm: "CRC32", Value: "AAAA"}}), object.BadChecksum},
		{"algorithm", body(object.PutInput{Checksum: object.Checksum{Algorithm: "MD4"}}), object.BadAlgorithm},
		{"tags", body(object.PutInput{Tags: map[string]string{"": "x"}}), object.BadTags},
		{"if-none-match", body(object.PutInput{Key: "there", Conditions: object.Conditions{IfNoneMatch: "*"}}), object.PreconditionFail},
		{"if-match", body(object.PutInput{Key: "there", Conditions: object.Conditions{IfMatch: "0"}}), object.PreconditionFail},
		{"if-match of nothing", body(object.PutInput{Conditions: object.Conditions{IfMatch: "0"}}), object.NoKey},
		{"if-none-match etag", body(object.PutInput{Conditions: object.Conditions{IfNoneMatch: "0"}}), object.BadCondition},
		{"no key", func() error { _, err := s.Head(ctx, "lake", "none"); return err }, object.NoKey},
		{"head no bucket", func() error { _, err := s.Head(ctx, "none", "k"); return err }, object.NoBucket},
		{"list no bucket", func() error { _, err := s.List(ctx, object.ListInput{Bucket: "none"}); return err }, object.NoBucket},
		{"delete no bucket", func() error { return s.Delete(ctx, "none", "k") }, object.NoBucket},
		{"copy onto itself", func() error {
			_, err := s.Copy(ctx, object.CopyInput{SourceBucket: "lake", SourceKey: "there", Bucket: "lake", Key: "there"})
			return err
		}, object.CopyOntoItself},
		{"no upload", func() error { return s.AbortUpload(ctx, "lake", "k", "none") }, object.NoUpload},
		{"bucket tags", func() error { _, err := s.GetBucketTags(ctx, "lake"); return err }, object.NoTags},
	} {
		if err := tt.do(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if l, err := s.List(ctx, object.ListInput{Bucket: "lake", Max: 10}); err != nil || len(l.Objects) != 1 {
		t.Errorf("a refused write left something: %v %v", l.Objects, err)
	}
}

func TestRangesAndParts(t *testing.T) {
	s := fresh(t)
	a, b, c := strings.Repeat("a", 100), strings.Repeat("b", 100), "tail"
	whole := a + b + c
	put(t, s, "small", "0123456789")
	put(t, s, "file", whole)
	o := upload(t, s, "parts", a, b, c)
	if o.Size != 204 || o.Parts != 3 || !strings.HasSuffix(o.ETag, "-3") {
		t.Errorf("multipart object %+v", o)
	}
	r := func(first, last int64) *object.Range { return &object.Range{First: first, Last: last} }
	for _, tt := range []struct {
		key  string
		r    *object.Range
		part int
		want string
	}{
		{"small", r(2, 4), 0, "234"}, {"small", r(8, -1), 0, "89"}, {"small", r(8, 99), 0, "89"}, {"small", r(-3, 0), 0, "789"},
		{"small", r(-30, 0), 0, "0123456789"}, {"small", nil, 1, "0123456789"},
		{"file", r(99, 100), 0, "ab"}, {"file", r(-4, 0), 0, "tail"}, {"file", nil, 0, whole},
		{"parts", nil, 0, whole}, {"parts", r(99, 100), 0, "ab"}, {"parts", r(50, 202), 0, whole[50:203]}, {"parts", r(200, 200), 0, "t"},
		{"parts", nil, 2, b}, {"parts", nil, 3, c}, {"parts", r(0, 0), 0, "a"},
	} {
		if got := read(t, s, object.GetInput{Key: tt.key, Range: tt.r, PartNumber: tt.part}); got != tt.want {
			t.Errorf("%s %v part %d: %q, want %q", tt.key, tt.r, tt.part, got, tt.want)
		}
	}
	put(t, s, "empty", "")
	for _, in := range []object.GetInput{{Key: "small", Range: r(10, 12)}, {Key: "empty", Range: r(0, -1)}, {Key: "empty", Range: r(-1, 0)}} {
		in.Bucket = "lake"
		if _, _, err := s.Get(t.Context(), in); !errors.Is(err, object.BadRange) {
			t.Errorf("%+v: %v, want BadRange", in, err)
		}
	}
	if _, _, err := s.Get(t.Context(), object.GetInput{Bucket: "lake", Key: "parts", PartNumber: 4}); !errors.Is(err, object.NoPart) {
		t.Errorf("part 4: %v", err)
	}
}

func TestReadConditions(t *testing.T) {
	s := fresh(t)
	o := put(t, s, "k", "x")
	before, later := o.Modified.Add(-time.Hour), o.Modified.Add(time.Hour)
	for _, tt := range []struct {
		name string
		c    object.Conditions
		want error
	}{
		{"match", object.Conditions{IfMatch: o.ETag}, nil},
		{"match star", object.Conditions{IfMatch: "*"}, nil},
		{"no match", object.Conditions{IfMatch: "0"}, object.PreconditionFail},
		{"none match", object.Conditions{IfNoneMatch: o.ETag}, object.NotModified},
		{"unmodified", object.Conditions{IfUnmodifiedSince: before}, object.PreconditionFail},
		{"match beats unmodified", object.Conditions{IfMatch: o.ETag, IfUnmodifiedSince: before}, nil},
		{"modified", object.Conditions{IfModifiedSince: before}, nil},
		{"not modified", object.Conditions{IfModifiedSince: later}, object.NotModified},
		{"none match beats modified", object.Conditions{IfNoneMatch: "0", IfModifiedSince: later}, nil},
		{"both fail: 412 first", object.Conditions{IfMatch: "0", IfNoneMatch: o.ETag}, object.PreconditionFail},
	} {
		got, _, err := s.Stat(t.Context(), object.GetInput{Bucket: "lake", Key: "k", Conditions: tt.c})
		if !errors.Is(err, tt.want) && err != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if errors.Is(err, object.NotModified) && got.ETag != o.ETag {
			t.Errorf("%s: no ETag with not modified", tt.name)
		}
	}
}

func TestMultipart(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	u, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: "k", Algorithm: "CRC32", Attributes: object.Attributes{ContentType: "text/csv"}, Tags: map[string]string{"a": "b"}})
	if err != nil {
		t.Fatal(err)
	}
	etags := map[int]string{}
	send := func(n int, body string) {
		t.Helper()
		p, err := s.PutPart(ctx, object.PartInput{Bucket: "lake", Key: "k", UploadID: u.ID, Number: n, Body: strings.NewReader(body), Size: -1})
		if err != nil {
			t.Fatal(err)
		}
		etags[n] = p.ETag
	}
	send(1, "short")
	send(3, strings.Repeat("3", 200))
	send(10000, "end")
	send(5, "not used")
	complete := func(numbers ...int) (object.Object, error) {
		in := object.CompleteInput{Bucket: "lake", Key: "k", UploadID: u.ID}
		for _, n := range numbers {
			in.Parts = append(in.Parts, object.CompletePart{Number: n, ETag: etags[n]})
		}
		return s.CompleteUpload(ctx, in)
	}
	for _, tt := range []struct {
		parts []int
		want  error
	}{{nil, object.NoParts}, {[]int{3, 1}, object.PartOrder}, {[]int{3, 3}, object.PartOrder}, {[]int{1, 3}, object.PartTooSmall}, {[]int{3, 4}, object.InvalidPart}} {
		if _, err := complete(tt.parts...); !errors.Is(err, tt.want) {
			t.Errorf("complete %v: %v, want %v", tt.parts, err, tt.want)
		}
	}
	if _, err := s.PutPart(ctx, object.PartInput{Bucket: "lake", Key: "k", UploadID: u.ID, Number: 10001, Body: strings.NewReader("x"), Size: 1}); !errors.Is(err, object.BadPartNumber) {
		t.Errorf("part 10001: %v", err)
	}
	if _, err := s.PutPart(ctx, object.PartInput{Bucket: "lake", Key: "k", UploadID: u.ID, Number: 2, Body: strings.NewReader("x"), Size: 1, Checksum: object.Checksum{Algorithm: "SHA1"}}); !errors.Is(err, object.WrongAlgorithm) {
		t.Errorf("another algorithm: %v", err)
	}
	_, parts, err := s.ListParts(ctx, "lake", "k", u.ID, 1, 2)
	if err != nil || len(parts) != 2 || parts[0].Number != 3 || parts[1].Number != 5 || parts[0].Checksum.Value == "" {
		t.Errorf("parts after 1: %+v, %v", parts, err)
	}
	send(1, strings.Repeat("1", 150)) // over the short one
	o, err := complete(1, 3, 10000)
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.Repeat("1", 150) + strings.Repeat("3", 200) + "end"
	if got := read(t, s, object.GetInput{Key: "k"}); got != whole {
		t.Errorf("read %q", got)
	}
	if o.Checksum.Composite || o.Attributes.ContentType != "text/csv" || o.Tags["a"] != "b" {
		t.Errorf("completed %+v", o)
	}
	direct, err := s.Put(ctx, object.PutInput{Bucket: "lake", Key: "direct", Body: strings.NewReader(whole), Size: -1, Checksum: object.Checksum{Algorithm: "CRC32"}})
	if err != nil || direct.Checksum.Value != o.Checksum.Value {
		t.Errorf("joined CRC32 %s, direct %s, %v", o.Checksum.Value, direct.Checksum.Value, err)
	}
	if _, err := complete(1, 3); !errors.Is(err, object.NoUpload) {
		t.Errorf("complete again: %v", err)
	}
}

// TestJoinedChecksums proves the full-object checksums of parts against the
// same bytes in one piece.
func TestJoinedChecksums(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	bodies := []string{strings.Repeat("ab", 77), strings.Repeat("c", 1013), "z"}
	for _, algorithm := range []string{"CRC32", "CRC32C", "CRC64NVME"} {
		u, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: "k", Algorithm: algorithm})
		if err != nil {
			t.Fatal(err)
		}
		in := object.CompleteInput{Bucket: "lake", Key: "k", UploadID: u.ID}
		for i, b := range bodies {
			p, err := s.PutPart(ctx, object.PartInput{Bucket: "lake", Key: "k", UploadID: u.ID, Number: i + 1, Body: strings.NewReader(b), Size: -1})
			if err != nil {
				t.Fatal(err)
			}
			in.Parts = append(in.Parts, object.CompletePart{Number: i + 1, ETag: p.ETag, Checksum: p.Checksum})
		}
		direct, err := s.Put(ctx, object.PutInput{Bucket: "lake", Key: "d", Body: strings.NewReader(strings.Join(bodies, "")), Size: -1, Checksum: object.Checksum{Algorithm: algorithm}})
		if err != nil {
			t.Fatal(err)
		}
		in.Checksum = direct.Checksum
		if _, err := s.CompleteUpload(ctx, in); err != nil {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	if _, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: "k", Algorithm: "SHA256"}); !errors.Is(err, object.BadChecksumType) {
		t.Errorf("full-object SHA256: %v", err)
	}
	if _, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: "k", Algorithm: "CRC64NVME", Composite: true}); !errors.Is(err, object.BadChecksumType) {
		t.Errorf("composite CRC64NVME: %v", err)
	}
}

func TestListUploads(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	var ids []string
	for _, k := range []string{"a", "a", "b/1", "b/2", "c"} {
		u, err := s.CreateUpload(ctx, object.Upload{Bucket: "lake", Key: k})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, u.ID)
		time.Sleep(2 * time.Millisecond) // ids are in order of time, in milliseconds
	}
	var got []string
	in := object.UploadsInput{Bucket: "lake", Delimiter: "/", Max: 1}
	for {
		l, err := s.ListUploads(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range l.Uploads {
			got = append(got, u.ID)
		}
		got = append(got, l.Prefixes...)
		if l.NextKey == "" {
			break
		}
		in.AfterKey, in.AfterID = l.NextKey, l.NextID
	}
	if want := []string{ids[0], ids[1], "b/", ids[4]}; !slices.Equal(got, want) {
		t.Errorf("listed %v, want %v", got, want)
	}
	if err := s.AbortUpload(ctx, "lake", "a", ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteBucket(ctx, "lake"); err != nil {
		t.Errorf("a bucket with uploads only: %v", err)
	}
}

func TestCopy(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	if err := s.CreateBucket(ctx, "other"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "small", "x")
	put(t, s, "file", strings.Repeat("f", 500))
	upload(t, s, "parts", strings.Repeat("p", 300), "q")
	for key, want := range map[string]string{"small": "x", "file": strings.Repeat("f", 500), "parts": strings.Repeat("p", 300) + "q"} {
		for _, algorithm := range []string{"", "SHA256"} {
			o, err := s.Copy(ctx, object.CopyInput{SourceBucket: "lake", SourceKey: key, Bucket: "other", Key: key + algorithm, Algorithm: algorithm,
				Attributes: &object.Attributes{ContentType: "text/plain"}})
			if err != nil {
				t.Fatal(err)
			}
			if o.Attributes.ContentType != "text/plain" || o.Checksum.Algorithm != algorithm {
				t.Errorf("copied %+v", o)
			}
		}
		if err := s.Delete(ctx, "lake", key); err != nil {
			t.Fatal(err)
		}
		for _, k := range []string{key, key + "SHA256"} {
			if got := read(t, s, object.GetInput{Bucket: "other", Key: k}); got != want {
				t.Errorf("copy of %s reads %q", key, got)
			}
		}
	}
	u, err := s.CreateUpload(ctx, object.Upload{Bucket: "other", Key: "joined"})
	if err != nil {
		t.Fatal(err)
	}
	part := object.PartCopyInput{Bucket: "other", Key: "joined", UploadID: u.ID, Number: 1, SourceBucket: "other", SourceKey: "parts", Range: &object.Range{First: 299, Last: 300}}
	p, err := s.CopyPart(ctx, part)
	if err != nil || p.Size != 2 {
		t.Fatalf("copy part: %+v %v", p, err)
	}
	part.Range.Last = 301
	if _, err := s.CopyPart(ctx, part); !errors.Is(err, object.BadCopyRange) {
		t.Errorf("a range beyond the source: %v", err)
	}
	if _, err := s.CompleteUpload(ctx, object.CompleteInput{Bucket: "other", Key: "joined", UploadID: u.ID, Parts: []object.CompletePart{{Number: 1, ETag: p.ETag}}}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, object.GetInput{Bucket: "other", Key: "joined"}); got != "pq" {
		t.Errorf("copied part reads %q", got)
	}
}

func TestReadersKeepWhatTheyOpened(t *testing.T) {
	s := fresh(t)
	ctx := t.Context()
	a, b := strings.Repeat("a", 300), strings.Repeat("b", 300)
	put(t, s, "file", a)
	upload(t, s, "parts", a, b, "c")
	for key, want := range map[string]string{"file": a, "parts": a + b + "c"} {
		_, body, err := s.Get(ctx, object.GetInput{Bucket: "lake", Key: key})
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, key, "new")
		if err := s.Delete(ctx, "lake", key); err != nil {
			t.Fatal(err)
		}
		s.Close() // removes now what waits to be removed
		got, err := io.ReadAll(body)
		if err != nil || string(got) != want {
			t.Errorf("%s: read %d bytes, %v", key, len(got), err)
		}
		body.Close()
	}
}

func TestPin(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir, small())
	ctx := t.Context()
	if err := s.CreateBucket(ctx, "lake"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "small", "x")
	put(t, s, "file", strings.Repeat("f", 500))
	upload(t, s, "parts", strings.Repeat("p", 300), strings.Repeat("q", 300))
	p, err := s.Pin()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"small": "x", "file": strings.Repeat("f", 500), "parts": strings.Repeat("p", 300) + strings.Repeat("q", 300)}
	paths := map[string]string{}
	for key := range want {
		path, o, err := p.Link(ctx, "lake", key, "t=1/"+key+".csv")
		if err != nil {
			t.Fatal(err)
		}
		if o.Size != int64(len(want[key])) || !strings.HasPrefix(path, p.Dir) {
			t.Errorf("%s: %s %+v", key, path, o)
		}
		paths[key] = path
		if got := read(t, s, object.GetInput{Key: key}); got != want[key] {
			t.Errorf("%s reads %q after Link", key, got)
		}
		if got := read(t, s, object.GetInput{Key: key, PartNumber: 1}); key == "parts" && got != strings.Repeat("p", 300) {
			t.Errorf("part 1 after Link: %q", got)
		}
		put(t, s, key, "replaced")
	}
	for key, path := range paths {
		if got, err := os.ReadFile(path); string(got) != want[key] || err != nil {
			t.Errorf("pinned %s reads %q, %v", key, got, err)
		}
	}
	for _, rel := range []string{"../x", "/x", "a/../../x", ""} {
		if _, _, err := p.Link(ctx, "lake", "small", rel); !errors.Is(err, object.LinkOutside) {
			t.Errorf("link %q: %v", rel, err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(p.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder of a closed pin is still there")
	}
}

func TestReplaceIsOneStep(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir, small())
	ctx := t.Context()
	if err := s.CreateBucket(ctx, "lake"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "t/old", "old")
	put(t, s, "t/both", "old")
	var files []object.File
	for _, name := range []string{"both", "new"} {
		path := filepath.Join(dir, "tmp", name)
		if err := os.WriteFile(path, []byte("content of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, object.File{Key: "t/" + name, Path: path})
	}
	bad := append(slices.Clone(files), object.File{Key: "", Path: files[0].Path})
	if _, err := s.Adopt(ctx, "lake", bad); !errors.Is(err, object.BadKey) {
		t.Errorf("a bad key among files: %v", err)
	}
	out, err := s.Replace(ctx, object.AdoptInput{Bucket: "lake", Files: files, Delete: []string{"t/old", "t/both", "t/none"}})
	if err != nil || len(out) != 2 || out[0].Size != int64(len("content of both")) {
		t.Fatalf("%+v, %v", out, err)
	}
	l, err := s.List(ctx, object.ListInput{Bucket: "lake", Max: 10})
	if err != nil || len(l.Objects) != 2 || l.Objects[0].Key != "t/both" || l.Objects[1].Key != "t/new" {
		t.Errorf("listed %+v, %v", l.Objects, err)
	}
	if got := read(t, s, object.GetInput{Key: "t/both"}); got != "content of both" {
		t.Errorf("read %q", got)
	}
}

func TestOneOfManyCreatesTheKey(t *testing.T) {
	s := fresh(t)
	for _, size := range []int{10, 1000} {
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				body := bytes.Repeat([]byte{byte('a' + i%26)}, size)
				_, err := s.Put(t.Context(), object.PutInput{Bucket: "lake", Key: fmt.Sprint(size), Body: bytes.NewReader(body), Size: int64(size), Conditions: object.Conditions{IfNoneMatch: "*"}})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, object.PreconditionFail):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d writers of %d bytes won", won.Load(), size)
		}
	}
}

func TestDelimiterSkips(t *testing.T) {
	s := fresh(t)
	for i := range 30 {
		for j := range 20 {
			put(t, s, fmt.Sprintf("d%02d/%d", i, j), "")
		}
		put(t, s, fmt.Sprintf("d%02d", i), "")
	}
	var got []string
	in := object.ListInput{Bucket: "lake", Delimiter: "/", Max: 7}
	for {
		l, err := s.List(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(l.Objects) + len(l.Prefixes); n > 7 {
			t.Errorf("%d entries on a page of 7", n)
		}
		for _, o := range l.Objects {
			got = append(got, o.Key)
		}
		got = append(got, l.Prefixes...)
		if in.After = l.Next; in.After == "" {
			break
		}
	}
	if slices.Sort(got); len(got) != 60 || got[0] != "d00" || got[1] != "d00/" || got[59] != "d29/" {
		t.Errorf("%d entries: %v", len(got), got)
	}
}
