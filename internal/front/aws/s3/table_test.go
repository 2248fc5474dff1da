package s3

import (
	"net/url"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/wire/restxml"
	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// TestEveryRefusalHasACode: no reason that can reach this door is left to a guess.
func TestEveryRefusalHasACode(t *testing.T) {
	have := codes()
	for _, reasons := range [][]*fault.Reason{Reasons, object.Reasons, restxml.Reasons, page.Reasons, sigv4.Reasons} {
		for _, r := range reasons {
			if have[r].Name == "" || have[r].Status < 300 {
				t.Errorf("%s has no code", r.Name)
			}
		}
	}
}

func TestTableIsSound(t *testing.T) {
	table := newTable()
	type key struct {
		method      string
		level       level
		sub, header string
	}
	seen := map[key]string{}
	for _, o := range table.ops {
		k := key{o.method, o.level, o.sub, o.header}
		if seen[k] != "" {
			t.Errorf("%s and %s are told apart by nothing", o.name, seen[k])
		}
		seen[k] = o.name
		if o.action != "" && !strings.HasPrefix(o.action, "s3:") {
			t.Errorf("%s: action %q", o.name, o.action)
		}
	}
	for _, u := range table.known {
		if name := seen[key{u.method, u.level, u.sub, ""}]; name != "" && u.sub != "" {
			t.Errorf("%s is listed as unserved, and %s serves it", u.name, name)
		}
	}
	if n := len(Operations()); n < 100 {
		t.Errorf("%d operations are known", n)
	}
}

func TestRanges(t *testing.T) {
	for _, tt := range []struct {
		header string
		want   *object.Range
	}{
		{"bytes=0-4", &object.Range{First: 0, Last: 4}},
		{"bytes=5-", &object.Range{First: 5, Last: -1}},
		{"bytes=-3", &object.Range{First: -3}},
		{"bytes=-0", &object.Range{First: 1<<63 - 1, Last: -1}},
		{"bytes=4-2", nil}, {"bytes=a-b", nil}, {"bytes=1-2,4-5", nil}, {"lines=1-2", nil}, {"", nil}, {"bytes=", nil}, {"bytes=-", nil},
		{"bytes=99999999999999999999-", nil},
	} {
		got := parseRange(tt.header)
		if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
			t.Errorf("%q: %v, want %v", tt.header, got, tt.want)
		}
	}
}

func TestHosts(t *testing.T) {
	d := &Door{cfg: Config{Domains: []string{"s3.us-east-1.localhost", "s3.localhost", "localhost"}}}
	for host, want := range map[string]string{
		"localhost": "", "localhost:4566": "", "127.0.0.1:4566": "", "[::1]:4566": "", "s3.localhost": "", "example.com": "",
		"lake.localhost:4566": "lake", "a.b.localhost": "a.b", "lake.s3.localhost": "lake", "lake.s3.us-east-1.localhost:1": "lake",
		"Lake.LOCALHOST": "lake",
	} {
		if got := d.hostBucket(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func FuzzCopySource(f *testing.F) {
	f.Add("/b/k")
	f.Add("b/k%20x?versionId=null")
	f.Add("%zz")
	f.Fuzz(func(t *testing.T, header string) {
		bucket, key, err := copySource(header)
		if err == nil && (bucket == "" || key == "") {
			t.Errorf("%q: %q %q", header, bucket, key)
		}
		parseRange(header)
	})
}

// FuzzFind: no request makes the table's lookup fail but by a refusal.
func FuzzFind(f *testing.F) {
	f.Add("GET", "uploads&prefix=x")
	f.Add("PUT", "uploadId=1&partNumber=2")
	table := newTable()
	f.Fuzz(func(t *testing.T, method, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		for _, l := range []level{ofService, ofBucket, ofKey} {
			o, err := table.find(method, l, q, nil)
			if (o == nil) == (err == nil) {
				t.Errorf("%s %q: %v %v", method, query, o, err)
			}
		}
	})
}
