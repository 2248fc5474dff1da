package sigv2_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/wire/sigv2"
	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// The URLs were made by botocore 1.43.11 with access key A and secret B.
const (
	put = "http://localhost:4566/lake/a%20b/%C3%BC?AWSAccessKeyId=A&Signature=KMmJMRfX33%2F7b%2BpKSjgdQnN2zQs%3D&Expires=1795472078"
	get = "http://localhost:4566/lake/a%20b?response-content-type=text%2Fx&AWSAccessKeyId=A&Signature=GDb6rgxkwcpXSD%2BciAEtseRdacE%3D&Expires=1795472078"
)

var then = time.Unix(1795470000, 0)

func verify(method, target, secret string, now time.Time) error {
	r := httptest.NewRequest(method, target, nil)
	if !sigv2.Present(r.URL.Query()) {
		return errors.New("not present")
	}
	s, err := sigv2.Parse(r, now)
	if err != nil {
		return err
	}
	return s.Verify(r, secret, r.URL.EscapedPath())
}

func TestPresigned(t *testing.T) {
	for _, tt := range []struct {
		name, method, url, secret string
		now                       time.Time
		want                      error
	}{
		{"put", "PUT", put, "B", then, nil},
		{"get", "GET", get, "B", then, nil},
		{"another method", "DELETE", put, "B", then, sigv4.Mismatch},
		{"another secret", "PUT", put, "C", then, sigv4.Mismatch},
		{"another override", "GET", get + "&response-expires=x", "B", then, sigv4.Mismatch},
		{"a header more", "GET", get + "&x-amz-acl=x", "B", then, sigv4.Mismatch},
		{"expired", "GET", get, "B", time.Unix(1795472079, 0), sigv4.Expired},
		{"no time", "GET", "http://h/b/k?AWSAccessKeyId=A&Signature=x&Expires=x", "B", then, sigv4.BadQuery},
	} {
		if err := verify(tt.method, tt.url, tt.secret, tt.now); !errors.Is(err, tt.want) && err != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// More of what boto3 1.43.11 makes, with the example key of the S3 guide.
func TestPresignedByBoto3(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for _, tt := range []struct {
		name, method, host, url string
		header                  map[string]string
		now                     int64 // seconds since 1970
		want                    error
	}{
		{"get", "GET", "h:4566", "/b/a%20b/%C3%BC%2B%26%3D%3F%23%25~%281%29%27%2A%21?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=Yls1hmYs1xcaT3o3CkGruVhvJ5Y%3D&Expires=1796073708", nil, 1796073708, nil},
		{"expired", "GET", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=Zdj4yGjeZYtrqdTm0P0FLX9KRSs%3D&Expires=1796073708", nil, 1796073709, sigv4.Expired},
		{"another method", "PUT", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=Zdj4yGjeZYtrqdTm0P0FLX9KRSs%3D&Expires=1796073708", nil, 1796073708, sigv4.Mismatch},
		{"another key", "GET", "h:4566", "/b/l?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=Zdj4yGjeZYtrqdTm0P0FLX9KRSs%3D&Expires=1796073708", nil, 1796073708, sigv4.Mismatch},
		{"another expiry", "GET", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=Zdj4yGjeZYtrqdTm0P0FLX9KRSs%3D&Expires=91796073708", nil, 1796073708, sigv4.Mismatch},
		{"version and type", "GET", "h:4566", "/b/k?versionId=v1&response-content-type=text%2Fplain%3B%20x%3Dy&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=vK23vRJRaJg1mkls7iyKqGlnVvs%3D&Expires=1796073708", nil, 1796073708, nil},
		{"bucket in the host", "GET", "s3.local:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=Zdj4yGjeZYtrqdTm0P0FLX9KRSs%3D&Expires=1796073708", nil, 1796073708, nil},
		{"token", "GET", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=kwM9buBWxvcw40bf4LOFKTJ1GwA%3D&x-amz-security-token=tok%2Fen%2B%3D&Expires=1796073708", nil, 1796073708, nil},
		{"put, type not sent", "PUT", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=2Rp%2BjO%2BMkS7pqf%2B61tMPN7DmzwE%3D&content-type=text%2Fx&Expires=1796073708", nil, 1796073708, nil},
		{"put, type sent", "PUT", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=2Rp%2BjO%2BMkS7pqf%2B61tMPN7DmzwE%3D&content-type=text%2Fx&Expires=1796073708", map[string]string{"Content-Type": "text/x"}, 1796073708, nil},
		{"put, another type", "PUT", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=2Rp%2BjO%2BMkS7pqf%2B61tMPN7DmzwE%3D&content-type=text%2Fx&Expires=1796073708", map[string]string{"Content-Type": "text/y"}, 1796073708, sigv4.Mismatch},
		{"header added", "PUT", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=rOTt%2FA2W5T8WI2J7hzIRItfkxKM%3D&Expires=1796073708", map[string]string{"X-Amz-Acl": "public-read"}, 1796073708, sigv4.Mismatch},
		{"metadata", "PUT", "h:4566", "/b/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=RQu5Iz9mgrZt9hfyAvdnVwsMyuU%3D&x-amz-meta-a=b&Expires=1796073708", map[string]string{"X-Amz-Meta-A": "b"}, 1796073708, nil},
	} {
		r := httptest.NewRequest(tt.method, tt.url, nil)
		for k, v := range tt.header {
			r.Header.Set(k, v)
		}
		resource := r.URL.EscapedPath()
		if bucket, _, ok := strings.Cut(tt.host, ".s3."); ok {
			resource = "/" + bucket + resource
		}
		s, err := sigv2.Parse(r, time.Unix(tt.now, 0))
		if err == nil {
			err = s.Verify(r, secret, resource)
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("AWSAccessKeyId=A&Signature=x&Expires=1&uploads")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "http://h/b/k", nil)
		r.URL.RawQuery = query
		if s, err := sigv2.Parse(r, time.Unix(0, 0)); err == nil && s.Verify(r, "secret", "/b/k") == nil {
			t.Errorf("%q passes", query)
		}
	})
}
