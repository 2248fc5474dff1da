package sigv4_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

const (
	key    = "AKIAIOSFODNN7EXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

var at = time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)

// served is r as a server sees it.
func served(r *http.Request) *http.Request {
	got := httptest.NewRequest(r.Method, r.URL.RequestURI(), r.Body)
	got.Header, got.Host, got.ContentLength = r.Header.Clone(), r.Host, r.ContentLength
	if got.Host == "" {
		got.Host = r.URL.Host
	}
	return got
}

func verify(r *http.Request, now time.Time, secret, body string) (*sigv4.Signature, error) {
	s, err := sigv4.Parse(r, now)
	if err != nil {
		return nil, err
	}
	payload := s.Payload
	if s.Service != "s3" {
		sum := sha256.Sum256([]byte(body))
		payload = hex.EncodeToString(sum[:])
	}
	return s, s.Verify(r, secret, payload)
}

// The examples of the S3 API reference, "Signature Calculations for the
// Authorization Header" and "Authenticating Requests: Using Query Parameters".
func TestPublishedExamples(t *testing.T) {
	auth := func(headers, signature string) http.Header {
		return http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=" + key + "/20130524/us-east-1/s3/aws4_request," +
			"SignedHeaders=" + headers + ",Signature=" + signature},
			"X-Amz-Date": {"20130524T000000Z"}, "X-Amz-Content-Sha256": {sigv4.EmptySHA256}}
	}
	get := auth("host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
	get.Set("Range", "bytes=0-9")
	for _, tt := range []struct {
		name, url string
		header    http.Header
	}{
		{"get object", "/test.txt", get},
		{"lifecycle", "/?lifecycle", auth("host;x-amz-content-sha256;x-amz-date", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")},
		{"list", "/?max-keys=2&prefix=J", auth("host;x-amz-content-sha256;x-amz-date", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")},
		{"presigned", "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + key + "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
			"&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
			"&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", http.Header{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", tt.url, nil)
			r.Host, r.Header = "examplebucket.s3.amazonaws.com", tt.header
			if _, err := verify(r, at, secret, ""); err != nil {
				t.Error(err)
			}
			if _, err := verify(r, at, secret+"x", ""); !errors.Is(err, sigv4.Mismatch) {
				t.Errorf("with a wrong secret: %v", err)
			}
		})
	}
}

// Requests signed by the SDK's own signer verify, and any change breaks them.
func TestSignedBySDK(t *testing.T) {
	for _, tt := range []struct{ name, method, url, service, body string }{
		{"root", "POST", "http://h:4566/", "glue", `{"Name":"x"}`},
		{"escaped path", "GET", "http://h/functions/arn%3Aaws%3Ax%2Fy/code", "lambda", ""},
		{"s3 odd key", "PUT", "http://h/b/a%20b/%C3%BC%2B%26%3D%3F%23%25/%28x%29%27%2A%21~", "s3", "hello"},
		{"s3 double slash", "GET", "http://h/b//a/./../b//", "s3", ""},
		{"query", "GET", "http://h/b?list-type=2&prefix=a%2Fb+c&delimiter=%2F&empty=&flag", "s3", ""},
		{"repeated", "GET", "http://h/x?b=2&a=2&a=1&A=0", "sts", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, tt.url, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Amz-Target", "A.B")
			r.Header.Set("X-Amz-Meta-Spaces", "  a   b  c ")
			sum := sha256.Sum256([]byte(tt.body))
			hash := hex.EncodeToString(sum[:])
			if tt.service == "s3" {
				r.Header.Set("X-Amz-Content-Sha256", hash)
			}
			creds := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret, SessionToken: "tok/en+="}
			err = v4.NewSigner().SignHTTP(context.Background(), creds, r, hash, tt.service, "eu-west-3", at, func(o *v4.SignerOptions) {
				o.DisableURIPathEscaping = tt.service == "s3"
			})
			if err != nil {
				t.Fatal(err)
			}
			got := served(r)
			s, err := verify(got, at, secret, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if s.AccessKey != key || s.Region != "eu-west-3" || s.Service != tt.service || s.Token != "tok/en+=" {
				t.Errorf("read %+v", s)
			}
			if tt.service == "s3" {
				if err := s.Stream(got); err != nil {
					t.Fatal(err)
				}
				if b, err := io.ReadAll(got.Body); err != nil || string(b) != tt.body {
					t.Errorf("body %q, %v", b, err)
				}
			}
			got.Header.Set("X-Amz-Target", "A.C")
			if _, err := verify(got, at, secret, tt.body); !errors.Is(err, sigv4.Mismatch) {
				t.Errorf("with a changed header: %v", err)
			}
		})
	}
}

func TestPresignedBySDK(t *testing.T) {
	for _, service := range []string{"s3", "sts"} {
		r := httptest.NewRequest("GET", "http://h/b/k%20x?versionId=1&X-Amz-Expires=60", nil)
		r.RequestURI = ""
		payload := "UNSIGNED-PAYLOAD"
		if service != "s3" {
			payload = sigv4.EmptySHA256
		}
		signed, _, err := v4.NewSigner().PresignHTTP(context.Background(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret},
			r, payload, service, "us-east-1", at, func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(signed)
		for _, tt := range []struct {
			after time.Duration
			want  error
		}{{0, nil}, {59 * time.Second, nil}, {61 * time.Second, sigv4.Expired}, {-16 * time.Minute, sigv4.Early}} {
			got := httptest.NewRequest("GET", u.RequestURI(), nil)
			got.Host = "h"
			if _, err := verify(got, at.Add(tt.after), secret, ""); !errors.Is(err, tt.want) {
				t.Errorf("%s after %v: %v, want %v", service, tt.after, err, tt.want)
			}
		}
		got := httptest.NewRequest("GET", u.RequestURI(), nil)
		got.Host = "h"
		got.Header.Set("X-Amz-Acl", "public-read")
		if _, err := verify(got, at, secret, ""); !errors.Is(err, sigv4.Unsigned) {
			t.Errorf("with an unsigned header: %v", err)
		}
	}
}

func TestRefusals(t *testing.T) {
	const good = "AWS4-HMAC-SHA256 Credential=" + key + "/20130524/us-east-1/glue/aws4_request, SignedHeaders=host;x-amz-date, Signature="
	sig := strings.Repeat("0", 64)
	for _, tt := range []struct {
		name, auth, date, query string
		want                    error
	}{
		{"nothing", "", "", "", sigv4.Missing},
		{"both", good + sig, "20130524T000000Z", "X-Amz-Algorithm=AWS4-HMAC-SHA256", sigv4.TwoWays},
		{"version 2", "AWS " + key + ":abc", "", "", sigv4.BadAlgorithm},
		{"basic", "Basic YTpi", "", "", sigv4.BadAlgorithm},
		{"asymmetric", "AWS4-ECDSA-P256-SHA256 Credential=x", "", "", sigv4.BadAlgorithm},
		{"asymmetric query", "", "", "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256", sigv4.BadAlgorithm},
		{"empty fields", "AWS4-HMAC-SHA256 ", "", "", sigv4.Malformed},
		{"short signature", good + "00", "20130524T000000Z", "", sigv4.Malformed},
		{"signature not hex", good + strings.Repeat("z", 64), "20130524T000000Z", "", sigv4.Malformed},
		{"no date", good + sig, "", "", sigv4.Malformed},
		{"bad date", good + sig, "yesterday", "", sigv4.Malformed},
		{"another day's scope", good + sig, "20130525T000000Z", "", sigv4.Malformed},
		{"terminator", strings.Replace(good, "aws4_request", "aws5_request", 1) + sig, "20130524T000000Z", "", sigv4.BadScope},
		{"host not signed", strings.Replace(good, "host;", "", 1) + sig, "20130524T001500Z", "", sigv4.Malformed},
		{"date not signed", strings.Replace(good, ";x-amz-date", "", 1) + sig, "20130524T001500Z", "", sigv4.Unsigned},
		{"headers out of order", strings.Replace(good, "host;x-amz-date", "x-amz-date;host", 1) + sig, "20130524T000000Z", "", sigv4.Malformed},
		{"late", good + sig, "20130524T000000Z", "", sigv4.Late},
		{"wrong", good + sig, "20130524T001500Z", "", sigv4.Mismatch},
		{"bad query", good + sig, "20130524T001500Z", "a=%zz", sigv4.Malformed},
		{"no expiry", "", "", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + key + "/20130524/us-east-1/s3/aws4_request&X-Amz-Date=20130524T001500Z&X-Amz-SignedHeaders=host&X-Amz-Signature=" + sig, sigv4.BadExpires},
		{"expiry too long", "", "", "X-Amz-Expires=604801&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + key + "/20130524/us-east-1/s3/aws4_request&X-Amz-Date=20130524T001500Z&X-Amz-SignedHeaders=host&X-Amz-Signature=" + sig, sigv4.BadExpires},
		{"query without credential", "", "", "X-Amz-Algorithm=AWS4-HMAC-SHA256", sigv4.BadQuery},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/?"+tt.query, nil)
			for k, v := range map[string]string{"Authorization": tt.auth, "X-Amz-Date": tt.date} {
				if v != "" {
					r.Header.Set(k, v)
				}
			}
			if _, err := verify(r, at.Add(15*time.Minute+time.Second), secret, ""); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// HTTP/2 clients may sign ":authority", which is the host.
func TestAuthority(t *testing.T) {
	r := httptest.NewRequest("POST", "http://h:1/", nil)
	r.Header.Set("X-Amz-Date", "20130524T000000Z")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+key+"/20130524/us-east-1/kinesis/aws4_request, SignedHeaders=:authority;x-amz-date, Signature="+strings.Repeat("0", 64))
	if _, err := verify(r, at, secret, ""); !errors.Is(err, sigv4.Mismatch) {
		t.Errorf("got %v, want a mismatch and not a refusal of the header", err)
	}
}

func BenchmarkVerify(b *testing.B) {
	r := httptest.NewRequest("PUT", "http://h/bucket/some/key/of/usual/length.parquet", nil)
	r.Header.Set("X-Amz-Content-Sha256", sigv4.EmptySHA256)
	err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, r, sigv4.EmptySHA256, "s3", "us-east-1", at)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := verify(r, at, secret, ""); err != nil {
			b.Fatal(err)
		}
	}
}

func TestHoist(t *testing.T) {
	r := httptest.NewRequest("PUT", "/b/k?X-Amz-Signature=x&X-Amz-Date=y&x-amz-acl=private&X-Amz-Meta-A=q&x-amz-security-token=t&other=1", nil)
	r.Header.Set("X-Amz-Meta-A", "sent")
	sigv4.Hoist(r)
	if got := r.Header; len(got) != 2 || got.Get("X-Amz-Acl") != "private" || got.Get("X-Amz-Meta-A") != "sent" {
		t.Errorf("headers %v", got)
	}
}
