package s3_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	door "github.com/boathouse-data/boathouse/internal/front/aws/s3"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

var root = aws.Credentials{AccessKeyID: identitytest.AccessKey, SecretAccessKey: identitytest.Secret}

// server is the S3 door over real parts.
type server struct {
	url      string
	objects  *object.Service
	identity *identity.Service
}

func start(t testing.TB) *server {
	t.Helper()
	dir := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	db, err := meta.Open(context.Background(), meta.Default(), filepath.Join(dir, "boathouse.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	who, err := identity.Open(context.Background(), identitytest.Config(), db)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(gate.Config{Identity: who, Log: log, Registry: prometheus.NewRegistry(), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	objects, err := object.Open(object.Default(), db, dir, log)
	if err != nil {
		t.Fatal(err)
	}
	d, err := door.New(door.Config{Objects: objects, Gate: g, Log: log, Region: "us-east-1", Account: identitytest.Account, Idle: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { objects.Run(ctx); close(done) }()
	h := httptest.NewServer(d)
	t.Cleanup(func() {
		h.Close()
		cancel()
		<-done
		objects.Close()
		db.Close()
	})
	return &server{h.URL, objects, who}
}

func (s *server) client(c aws.Credentials) *s3.Client {
	return s3.New(s3.Options{BaseEndpoint: aws.String(s.url), Region: "us-east-1", UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c, nil })})
}

func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantCode(t *testing.T, name string, err error, code string, status int) {
	t.Helper()
	var api smithy.APIError
	var response interface{ HTTPStatusCode() int }
	if !errors.As(err, &api) || !errors.As(err, &response) || api.ErrorCode() != code || response.HTTPStatusCode() != status {
		t.Errorf("%s: %v, want %s with status %d", name, err, code, status)
	}
}

// send signs and sends a request by hand.
func (s *server) send(t testing.TB, c aws.Credentials, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(body))
	payload := hex.EncodeToString(sum[:])
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if strings.EqualFold(header[i], "X-Amz-Content-Sha256") {
			payload = header[i+1]
		}
		if strings.EqualFold(header[i], "Host") {
			r.Host = header[i+1]
			r.Header.Del("Host")
		}
	}
	r.Header.Set("X-Amz-Content-Sha256", payload)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(t.Context(), c, r, payload, "s3", "us-east-1", time.Now()); err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp, string(b)
}

func TestObjectsByTheSDK(t *testing.T) {
	s := start(t)
	c, ctx := s.client(root), t.Context()
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("lake")}))
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("lake")})) // us-east-1
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for _, algorithm := range append(types.ChecksumAlgorithm("").Values(), "") {
		if !strings.Contains("CRC32 CRC32C CRC64NVME SHA1 SHA256", string(algorithm)) {
			continue
		}
		for _, body := range [][]byte{nil, []byte("small"), large} {
			key := fmt.Sprintf("dir/ü %s/%d+&.csv", algorithm, len(body))
			put := must[*s3.PutObjectOutput](t)(c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: &key, Body: bytes.NewReader(body), ChecksumAlgorithm: algorithm,
				ContentType: aws.String("text/csv"), CacheControl: aws.String("no-cache"), Metadata: map[string]string{"Author": "me"}, Tagging: aws.String("a=1&b=x%20y")}))
			get := must[*s3.GetObjectOutput](t)(c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("lake"), Key: &key, ChecksumMode: types.ChecksumModeEnabled}))
			got, err := io.ReadAll(get.Body)
			if err != nil || !bytes.Equal(got, body) {
				t.Errorf("%s: read %d bytes, %v", key, len(got), err)
			}
			if *get.ETag != *put.ETag || *get.ContentType != "text/csv" || *get.CacheControl != "no-cache" || get.Metadata["author"] != "me" || *get.TagCount != 2 {
				t.Errorf("%s: %+v", key, get)
			}
			head := must[*s3.HeadObjectOutput](t)(c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String("lake"), Key: &key, ChecksumMode: types.ChecksumModeEnabled}))
			if *head.ContentLength != int64(len(body)) || algorithm != "" && head.ChecksumType != types.ChecksumTypeFullObject {
				t.Errorf("%s: head %+v", key, head)
			}
		}
	}
	ranged := must[*s3.GetObjectOutput](t)(c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("lake"), Key: aws.String("dir/ü /1048576+&.csv"), Range: aws.String("bytes=16-31")}))
	if b, _ := io.ReadAll(ranged.Body); string(b) != "0123456789abcdef" || *ranged.ContentRange != "bytes 16-31/1048576" {
		t.Errorf("range: %q %v", b, ranged.ContentRange)
	}
	_, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("lake"), Key: aws.String("none")})
	wantCode(t, "no key", err, "NoSuchKey", 404)
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("none"), Key: aws.String("none")})
	wantCode(t, "no bucket", err, "NoSuchBucket", 404)
	_, err = c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String("lake")})
	wantCode(t, "not empty", err, "BucketNotEmpty", 409)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("k"), Body: strings.NewReader("x"), StorageClass: types.StorageClassGlacier})
	wantCode(t, "storage class", err, "NotImplemented", 501)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("k"), Body: strings.NewReader("x"), ServerSideEncryption: types.ServerSideEncryptionAes256})
	wantCode(t, "encryption", err, "NotImplemented", 501)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("k"), Body: strings.NewReader("x"), ExpectedBucketOwner: aws.String("111111111111")})
	wantCode(t, "owner", err, "AccessDenied", 403)
	_, err = c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String("lake"), VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"}})
	wantCode(t, "versioning", err, "NotImplemented", 501)
}

func TestListingAndBatchDelete(t *testing.T) {
	s := start(t)
	c, ctx := s.client(root), t.Context()
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("lake")}))
	for i := range 25 {
		key := fmt.Sprintf("d%d/key %02d\x01", i%3, i)
		must[*s3.PutObjectOutput](t)(c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: &key, Body: strings.NewReader("x")}))
	}
	var keys []string
	pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: aws.String("lake"), MaxKeys: aws.Int32(4), EncodingType: types.EncodingTypeUrl, FetchOwner: aws.Bool(true)})
	for pages.HasMorePages() {
		p := must[*s3.ListObjectsV2Output](t)(pages.NextPage(ctx))
		for _, o := range p.Contents {
			keys = append(keys, *o.Key)
		}
	}
	if len(keys) != 25 || keys[0] != "d0/key%2000%01" {
		t.Errorf("%d keys: %q", len(keys), keys)
	}
	l := must[*s3.ListObjectsOutput](t)(c.ListObjects(ctx, &s3.ListObjectsInput{Bucket: aws.String("lake"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(2)}))
	if len(l.CommonPrefixes) != 2 || *l.NextMarker != "d1/" || !*l.IsTruncated {
		t.Errorf("v1: %+v", l)
	}
	l = must[*s3.ListObjectsOutput](t)(c.ListObjects(ctx, &s3.ListObjectsInput{Bucket: aws.String("lake"), Delimiter: aws.String("/"), Marker: l.NextMarker}))
	if len(l.CommonPrefixes) != 1 || *l.CommonPrefixes[0].Prefix != "d2/" {
		t.Errorf("v1 after marker: %+v", l)
	}
	v := must[*s3.ListObjectVersionsOutput](t)(c.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String("lake"), MaxKeys: aws.Int32(3), EncodingType: types.EncodingTypeUrl}))
	if len(v.Versions) != 3 || *v.Versions[0].VersionId != "null" || !*v.IsTruncated {
		t.Errorf("versions: %+v", v)
	}
	in := &s3.DeleteObjectsInput{Bucket: aws.String("lake"), Delete: &types.Delete{}}
	for _, k := range []string{"d0/a", "d1/b", "d2/c", "w//x"} {
		must[*s3.PutObjectOutput](t)(c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: &k, Body: strings.NewReader("x")}))
		in.Delete.Objects = append(in.Delete.Objects, types.ObjectIdentifier{Key: aws.String(k)})
	}
	in.Delete.Objects = append(in.Delete.Objects, types.ObjectIdentifier{Key: aws.String("not there")}, types.ObjectIdentifier{Key: aws.String("d0/a"), VersionId: aws.String("abc")})
	d := must[*s3.DeleteObjectsOutput](t)(c.DeleteObjects(ctx, in))
	if len(d.Deleted) != 5 || len(d.Errors) != 1 {
		t.Errorf("batch delete: %+v", d)
	}
	b := must[*s3.ListBucketsOutput](t)(c.ListBuckets(ctx, &s3.ListBucketsInput{MaxBuckets: aws.Int32(1)}))
	if len(b.Buckets) != 1 || *b.Buckets[0].BucketRegion != "us-east-1" || b.ContinuationToken != nil {
		t.Errorf("buckets: %+v", b)
	}
}

func TestMultipartByTheSDK(t *testing.T) {
	s := start(t)
	c, ctx := s.client(root), t.Context()
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("lake")}))
	part := bytes.Repeat([]byte("p"), 5<<20)
	for _, typ := range []types.ChecksumType{"", types.ChecksumTypeComposite, types.ChecksumTypeFullObject} {
		create := &s3.CreateMultipartUploadInput{Bucket: aws.String("lake"), Key: aws.String("big"), ContentType: aws.String("x/y"), ChecksumType: typ}
		if typ != "" {
			create.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32c
		}
		u := must[*s3.CreateMultipartUploadOutput](t)(c.CreateMultipartUpload(ctx, create))
		var done types.CompletedMultipartUpload
		for i, body := range [][]byte{part, part, []byte("tail")} {
			p := must[*s3.UploadPartOutput](t)(c.UploadPart(ctx, &s3.UploadPartInput{Bucket: u.Bucket, Key: u.Key, UploadId: u.UploadId, PartNumber: aws.Int32(int32(i + 1)), Body: bytes.NewReader(body), ChecksumAlgorithm: create.ChecksumAlgorithm}))
			done.Parts = append(done.Parts, types.CompletedPart{ETag: p.ETag, PartNumber: aws.Int32(int32(i + 1)), ChecksumCRC32C: p.ChecksumCRC32C})
		}
		lp := must[*s3.ListPartsOutput](t)(c.ListParts(ctx, &s3.ListPartsInput{Bucket: u.Bucket, Key: u.Key, UploadId: u.UploadId, MaxParts: aws.Int32(2)}))
		if len(lp.Parts) != 2 || !*lp.IsTruncated || *lp.NextPartNumberMarker != "2" {
			t.Errorf("parts: %+v", lp)
		}
		lu := must[*s3.ListMultipartUploadsOutput](t)(c.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: u.Bucket}))
		if len(lu.Uploads) != 1 || *lu.Uploads[0].UploadId != *u.UploadId {
			t.Errorf("uploads: %+v", lu)
		}
		must[*s3.CompleteMultipartUploadOutput](t)(c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: u.Bucket, Key: u.Key, UploadId: u.UploadId, MultipartUpload: &done, IfMatch: nil}))
		get := must[*s3.GetObjectOutput](t)(c.GetObject(ctx, &s3.GetObjectInput{Bucket: u.Bucket, Key: u.Key}))
		if b, err := io.ReadAll(get.Body); err != nil || len(b) != 10<<20+4 || string(b[10<<20:]) != "tail" {
			t.Errorf("%s: read %d, %v", typ, len(b), err)
		}
		get = must[*s3.GetObjectOutput](t)(c.GetObject(ctx, &s3.GetObjectInput{Bucket: u.Bucket, Key: u.Key, PartNumber: aws.Int32(3)}))
		if b, _ := io.ReadAll(get.Body); string(b) != "tail" || *get.PartsCount != 3 {
			t.Errorf("part 3: %q", b)
		}
		a := must[*s3.GetObjectAttributesOutput](t)(c.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: u.Bucket, Key: u.Key,
			ObjectAttributes: []types.ObjectAttributes{"ETag", "Checksum", "ObjectParts", "ObjectSize", "StorageClass"}}))
		if *a.ObjectSize != 10<<20+4 || *a.ObjectParts.TotalPartsCount != 3 || typ != "" && (a.Checksum.ChecksumType != typ || len(a.ObjectParts.Parts) != 3) {
			t.Errorf("attributes: %+v %+v", a, a.Checksum)
		}
	}
	cp := must[*s3.CopyObjectOutput](t)(c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: aws.String("lake"), Key: aws.String("copy of big"), CopySource: aws.String("lake/big"), MetadataDirective: "REPLACE", Metadata: map[string]string{"k": "v"}}))
	if cp.CopyObjectResult.ETag == nil {
		t.Errorf("copy: %+v", cp)
	}
	_, err := c.CopyObject(ctx, &s3.CopyObjectInput{Bucket: aws.String("lake"), Key: aws.String("big"), CopySource: aws.String("lake/big")})
	wantCode(t, "self copy", err, "InvalidRequest", 400)
	u := must[*s3.CreateMultipartUploadOutput](t)(c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: aws.String("lake"), Key: aws.String("pc")}))
	pc := must[*s3.UploadPartCopyOutput](t)(c.UploadPartCopy(ctx, &s3.UploadPartCopyInput{Bucket: u.Bucket, Key: u.Key, UploadId: u.UploadId, PartNumber: aws.Int32(1), CopySource: aws.String("lake/copy%20of%20big"), CopySourceRange: aws.String("bytes=10485759-10485763")}))
	must[*s3.CompleteMultipartUploadOutput](t)(c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: u.Bucket, Key: u.Key, UploadId: u.UploadId,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: []types.CompletedPart{{ETag: pc.CopyPartResult.ETag, PartNumber: aws.Int32(1)}}}}))
	get := must[*s3.GetObjectOutput](t)(c.GetObject(ctx, &s3.GetObjectInput{Bucket: u.Bucket, Key: u.Key}))
	if b, _ := io.ReadAll(get.Body); string(b) != "ptail" {
		t.Errorf("part copy: %q", b)
	}
}

func TestConditionsTagsAndSettings(t *testing.T) {
	s := start(t)
	c, ctx := s.client(root), t.Context()
	b, k := aws.String("lake"), aws.String("k")
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: b}))
	put := must[*s3.PutObjectOutput](t)(c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: k, Body: strings.NewReader("1"), IfNoneMatch: aws.String("*")}))
	_, err := c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: k, Body: strings.NewReader("2"), IfNoneMatch: aws.String("*")})
	wantCode(t, "if-none-match", err, "PreconditionFailed", 412)
	_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: k, Body: strings.NewReader("2"), IfMatch: aws.String(`"00"`)})
	wantCode(t, "if-match", err, "PreconditionFailed", 412)
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: b, Key: k, IfMatch: aws.String(`"00"`)})
	wantCode(t, "delete if-match", err, "PreconditionFailed", 412)
	must[*s3.PutObjectOutput](t)(c.PutObject(ctx, &s3.PutObjectInput{Bucket: b, Key: k, Body: strings.NewReader("2"), IfMatch: put.ETag}))
	head := must[*s3.HeadObjectOutput](t)(c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: b, Key: k}))
	_, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: b, Key: k, IfNoneMatch: head.ETag})
	wantCode(t, "not modified", err, "NotModified", 304)

	must[*s3.PutObjectTaggingOutput](t)(c.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{Bucket: b, Key: k, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}}}))
	tags := must[*s3.GetObjectTaggingOutput](t)(c.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: b, Key: k}))
	if len(tags.TagSet) != 1 || *tags.TagSet[0].Value != "1" {
		t.Errorf("tags: %+v", tags)
	}
	must[*s3.DeleteObjectTaggingOutput](t)(c.DeleteObjectTagging(ctx, &s3.DeleteObjectTaggingInput{Bucket: b, Key: k}))
	_, err = c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: b})
	wantCode(t, "bucket tags", err, "NoSuchTagSet", 404)
	must[*s3.PutBucketTaggingOutput](t)(c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: b, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("")}}}}))
	must[*s3.GetBucketTaggingOutput](t)(c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: b}))

	v := must[*s3.GetBucketVersioningOutput](t)(c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b}))
	l := must[*s3.GetBucketLocationOutput](t)(c.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: b}))
	acl := must[*s3.GetBucketAclOutput](t)(c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: b}))
	if v.Status != "" || l.LocationConstraint != "" || acl.Grants[0].Grantee.Type != types.TypeCanonicalUser || acl.Grants[0].Permission != types.PermissionFullControl {
		t.Errorf("settings: %+v %+v %+v", v, l, acl)
	}
	_, err = c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b})
	wantCode(t, "policy", err, "NoSuchBucketPolicy", 404)
	_, err = c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: b})
	wantCode(t, "lifecycle", err, "NoSuchLifecycleConfiguration", 404)
	hb := must[*s3.HeadBucketOutput](t)(c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: b}))
	if *hb.BucketRegion != "us-east-1" {
		t.Errorf("head bucket: %+v", hb)
	}
}

func TestPresigned(t *testing.T) {
	s := start(t)
	c, ctx := s.client(root), t.Context()
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("lake")}))
	p := s3.NewPresignClient(c)
	put, err := p.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("ä/b c"), ContentType: aws.String("text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequest("PUT", put.URL, strings.NewReader("hello"))
	r.Header.Set("Content-Type", "text/plain")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); resp.StatusCode != 200 {
		t.Fatalf("presigned put: %d %s", resp.StatusCode, b)
	}
	get, err := p.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("lake"), Key: aws.String("ä/b c"), ResponseContentType: aws.String("text/html"), ResponseContentDisposition: aws.String("inline")})
	if err != nil {
		t.Fatal(err)
	}
	resp, err = http.Get(get.URL)
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(resp.Body); string(b) != "hello" || resp.Header.Get("Content-Type") != "text/html" || resp.Header.Get("Content-Disposition") != "inline" {
		t.Errorf("presigned get: %s %v", b, resp.Header)
	}
	resp, _ = http.Get(strings.Replace(get.URL, "inline", "attachment", 1))
	if resp.StatusCode != 403 {
		t.Errorf("a wrong signature: %d", resp.StatusCode)
	}
}

func TestRawRequests(t *testing.T) {
	s := start(t)
	if err := s.objects.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	bad := root
	bad.SecretAccessKey = "no"
	for _, tt := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		want                     string
	}{
		{"put", "PUT", "/lake/k", "hello", nil, 200, ""},
		{"virtual host", "GET", "/k", "", []string{"Host", "lake.localhost"}, 200, "hello"},
		{"virtual host with port", "GET", "/k", "", []string{"Host", "lake.s3.us-east-1.localhost:4566"}, 200, "hello"},
		{"range", "GET", "/lake/k", "", []string{"Range", "bytes=1-2"}, 206, "el"},
		{"whole by range", "GET", "/lake/k", "", []string{"Range", "bytes=0-"}, 206, "hello"},
		{"many ranges", "GET", "/lake/k", "", []string{"Range", "bytes=0-1,3-4"}, 200, "hello"},
		{"no range", "GET", "/lake/k", "", []string{"Range", "lines=1"}, 200, "hello"},
		{"range beyond", "GET", "/lake/k", "", []string{"Range", "bytes=9-"}, 416, "<Code>InvalidRange</Code>"},
		{"if-range", "GET", "/lake/k", "", []string{"Range", "bytes=0-1", "If-Range", `"other"`}, 200, "hello"},
		{"wrong md5", "PUT", "/lake/x", "hello", []string{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}, 400, "<Code>BadDigest</Code>"},
		{"md5 form", "PUT", "/lake/x", "hello", []string{"Content-MD5", "??"}, 400, "<Code>InvalidDigest</Code>"},
		{"wrong sha", "PUT", "/lake/x", "hello", []string{"X-Amz-Content-Sha256", strings.Repeat("0", 64)}, 400, "<Code>XAmzContentSHA256Mismatch</Code>"},
		{"wrong crc", "PUT", "/lake/x", "hello", []string{"x-amz-checksum-crc32", "AAAAAA=="}, 400, "<Code>BadDigest</Code>"},
		{"two sums", "PUT", "/lake/x", "hello", []string{"x-amz-checksum-crc32", "AAAAAA==", "x-amz-checksum-sha1", "x"}, 400, "<Code>InvalidRequest</Code>"},
		{"acl", "PUT", "/lake/x", "hello", []string{"x-amz-acl", "public-read"}, 501, "<Header>x-amz-acl</Header>"},
		{"lock", "PUT", "/lake/x", "hello", []string{"x-amz-object-lock-mode", "GOVERNANCE"}, 501, "<Header>x-amz-object-lock-mode</Header>"},
		{"unknown query", "GET", "/lake/k?color=red", "", nil, 501, "<ParameterName>color</ParameterName>"},
		{"known operation", "PUT", "/lake?lifecycle", "<x/>", nil, 501, "PutBucketLifecycleConfiguration"},
		{"select", "POST", "/lake/k?select&select-type=2", "<x/>", nil, 501, "SelectObjectContent"},
		{"method", "POST", "/lake/k", "", nil, 405, "<Code>MethodNotAllowed</Code>"},
		{"version", "GET", "/lake/k?versionId=abc", "", nil, 400, "<ArgumentName>versionId</ArgumentName>"},
		{"null version", "GET", "/lake/k?versionId=null", "", nil, 200, "hello"},
		{"key too long", "PUT", "/lake/" + strings.Repeat("k", 1025), "", nil, 400, "<Code>KeyTooLongError</Code>"},
		{"xml", "PUT", "/lake?tagging", "<Tagging>", nil, 400, "<Code>MalformedXML</Code>"},
		{"xml element", "PUT", "/lake?tagging", "<Tagging><Other/></Tagging>", nil, 400, "Other"},
		{"no sum", "POST", "/lake?delete", "<Delete><Object><Key>k</Key></Object></Delete>", nil, 400, "<Code>InvalidRequest</Code>"},
		{"max-keys", "GET", "/lake?max-keys=x", "", nil, 400, "<ArgumentName>max-keys</ArgumentName>"},
		{"no keys", "GET", "/lake?max-keys=0&list-type=2", "", nil, 200, "<IsTruncated>false</IsTruncated>"},
		{"token", "GET", "/lake?list-type=2&continuation-token=zz", "", nil, 400, "<Code>InvalidArgument</Code>"},
		{"location", "PUT", "/other", "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>", nil, 400, "<Code>IllegalLocationConstraintException</Code>"},
		{"bucket name", "PUT", "/Other", "", nil, 400, "<Code>InvalidBucketName</Code>"},
		{"metadata", "PUT", "/lake/x", "", []string{"x-amz-meta-a", strings.Repeat("v", 2050)}, 400, "<Code>MetadataTooLarge</Code>"},
		{"no bucket", "GET", "/none/k", "", nil, 404, "<BucketName>none</BucketName>"},
		{"no key", "GET", "/lake/none", "", nil, 404, "<Key>none</Key>"},
		{"slashes", "PUT", "/lake//a//../b/./c", "x", nil, 200, ""},
		{"cors", "OPTIONS", "/lake/k", "", nil, 403, "<Code>AccessForbidden</Code>"},
	} {
		resp, body := s.send(t, root, tt.method, tt.path, tt.body, tt.header...)
		if resp.StatusCode != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s: %d %s, want %d %s", tt.name, resp.StatusCode, body, tt.status, tt.want)
		}
		if resp.Header.Get("x-amz-request-id") == "" {
			t.Errorf("%s: no request id", tt.name)
		}
	}
	if _, err := s.objects.Head(t.Context(), "lake", "/a//../b/./c"); err != nil {
		t.Errorf("a key was cleaned: %v", err)
	}
	if _, err := s.objects.Head(t.Context(), "lake", "x"); !errors.Is(err, object.NoKey) {
		t.Errorf("a refused put left something: %v", err)
	}
	resp, body := s.send(t, bad, "GET", "/lake/k", "")
	if resp.StatusCode != 403 || !strings.Contains(body, "<Code>SignatureDoesNotMatch</Code>") {
		t.Errorf("wrong secret: %d %s", resp.StatusCode, body)
	}
	resp, body = s.send(t, root, "HEAD", "/lake/none", "")
	if resp.StatusCode != 404 || body != "" {
		t.Errorf("head: %d %q", resp.StatusCode, body)
	}
}
