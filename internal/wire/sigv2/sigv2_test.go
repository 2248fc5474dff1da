package sigv2_test

import (
	"errors"
	"net/http/httptest"
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
