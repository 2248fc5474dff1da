package s3_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// presigned is the path and query of a presigned PUT of lake/k.
func presigned(t *testing.T, s *server) *url.URL {
	t.Helper()
	p, err := s3.NewPresignClient(s.client(root)).PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("lake"), Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// talk sends lines on a connection of its own and returns it to read from.
func talk(t *testing.T, u *url.URL, header, body string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n%s", u.RequestURI(), u.Host, header, body)
	return conn
}

func answer(t *testing.T, conn net.Conn) (int, string) {
	t.Helper()
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

func TestBodiesOnTheWire(t *testing.T) {
	s := start(t)
	if err := s.objects.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	u := presigned(t, s)
	for _, tt := range []struct {
		name, header, body string
		status             int
		want               string
	}{
		{"no length", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n", 411, "MissingContentLength"},
		{"slow small body", "Content-Length: 10\r\n", "abc", 400, "RequestTimeout"},
		{"slow large body", "Content-Length: 1000000\r\n", strings.Repeat("x", 300_000), 400, "RequestTimeout"},
		{"too large", "Content-Length: 6000000000\r\n", "", 400, "EntityTooLarge"},
	} {
		status, body := answer(t, talk(t, u, tt.header, tt.body))
		if status != tt.status || !strings.Contains(body, "<Code>"+tt.want+"</Code>") {
			t.Errorf("%s: %d %s", tt.name, status, body)
		}
	}
	for _, size := range []int{3, 300_000} { // cut in the middle
		conn := talk(t, u, "Content-Length: 1000000\r\n", strings.Repeat("x", size))
		conn.(*net.TCPConn).CloseWrite()
		if status, body := answer(t, conn); status != 400 || !strings.Contains(body, "IncompleteBody") {
			t.Errorf("cut after %d: %d %s", size, status, body)
		}
	}
	if _, err := s.objects.Head(t.Context(), "lake", "k"); !errors.Is(err, object.NoKey) {
		t.Errorf("a broken put is visible: %v", err)
	}
	conn := talk(t, u, "Content-Length: 3\r\nExpect: 100-continue\r\n", "")
	r := bufio.NewReader(conn)
	if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("expect: %q %v", line, err)
	}
	r.ReadString('\n')
	io.WriteString(conn, "abc")
	if resp, err := http.ReadResponse(r, nil); err != nil || resp.StatusCode != 200 {
		t.Errorf("after 100: %v %v", resp, err)
	}
}

// TestPolicies: the door asks about the right action and resource, also for
// what an operation does beside its name.
func TestPolicies(t *testing.T) {
	s := start(t)
	ctx := t.Context()
	if err := s.objects.CreateBucket(ctx, "lake"); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"in/a", "out/b"} {
		if _, err := s.objects.Put(ctx, object.PutInput{Bucket: "lake", Key: key, Body: strings.NewReader("x"), Size: 1, Tags: map[string]string{"for": strings.Split(key, "/")[0]}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.identity.Create(ctx, identity.Entity{Kind: identity.User, Name: "ann"}); err != nil {
		t.Fatal(err)
	}
	const document = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::lake/in/*"},
		{"Effect":"Allow","Action":"s3:GetObjectTagging","Resource":"*","Condition":{"StringEquals":{"s3:ExistingObjectTag/for":"out"}}},
		{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::lake","Condition":{"StringLike":{"s3:prefix":"in/*"}}}]}`
	if err := s.identity.PutInline(ctx, identity.User, "ann", "p", document); err != nil {
		t.Fatal(err)
	}
	key, err := s.identity.CreateKey(ctx, "ann")
	if err != nil {
		t.Fatal(err)
	}
	ann := s.client(aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret})
	lake := aws.String("lake")
	for _, tt := range []struct {
		name string
		do   func() error
		ok   bool
	}{
		{"get", func() error {
			_, err := ann.GetObject(ctx, &s3.GetObjectInput{Bucket: lake, Key: aws.String("in/a")})
			return err
		}, true},
		{"get elsewhere", func() error {
			_, err := ann.GetObject(ctx, &s3.GetObjectInput{Bucket: lake, Key: aws.String("out/b")})
			return err
		}, false},
		{"get of nothing", func() error {
			_, err := ann.GetObject(ctx, &s3.GetObjectInput{Bucket: lake, Key: aws.String("in/none")})
			return err
		}, false},
		{"put", func() error {
			_, err := ann.PutObject(ctx, &s3.PutObjectInput{Bucket: lake, Key: aws.String("in/c"), Body: strings.NewReader("x")})
			return err
		}, true},
		{"put with tags", func() error {
			_, err := ann.PutObject(ctx, &s3.PutObjectInput{Bucket: lake, Key: aws.String("in/c"), Body: strings.NewReader("x"), Tagging: aws.String("a=b")})
			return err
		}, false},
		{"copy from elsewhere", func() error {
			_, err := ann.CopyObject(ctx, &s3.CopyObjectInput{Bucket: lake, Key: aws.String("in/c"), CopySource: aws.String("lake/out/b")})
			return err
		}, false},
		{"list", func() error {
			_, err := ann.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: lake, Prefix: aws.String("in/")})
			return err
		}, true},
		{"list all", func() error { _, err := ann.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: lake}); return err }, false},
		{"tags of out", func() error {
			_, err := ann.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: lake, Key: aws.String("out/b")})
			return err
		}, true},
		{"tags of in", func() error {
			_, err := ann.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: lake, Key: aws.String("in/a")})
			return err
		}, false},
		{"buckets", func() error { _, err := ann.ListBuckets(ctx, nil); return err }, false},
		{"delete bucket", func() error { _, err := ann.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: lake}); return err }, false},
	} {
		err := tt.do()
		if tt.ok && err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if !tt.ok {
			wantCode(t, tt.name, err, "AccessDenied", 403)
		}
	}
}
