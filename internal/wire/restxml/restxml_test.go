package restxml_test

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/wire/restxml"
)

type tag struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

type tagging struct {
	Tags []tag `xml:"TagSet>Tag"`
}

type input struct {
	Bucket   string            `label:"bucket"`
	MaxKeys  *int              `query:"max-keys"`
	Fetch    bool              `query:"fetch-owner"`
	Class    string            `header:"x-amz-storage-class" only:"STANDARD"`
	Since    time.Time         `header:"If-Modified-Since"`
	Metadata map[string]string `headers:"x-amz-meta-"`
	Tagging  *tagging          `body:"Tagging"`
}

var plan = restxml.NewPlan(reflect.TypeFor[input]())

func TestDecode(t *testing.T) {
	var in input
	err := plan.Decode(restxml.Request{
		Labels: map[string]string{"bucket": "b"},
		Query:  url.Values{"max-keys": {"7"}, "fetch-owner": {"true"}, "X-Amz-Meta-Two": {"2"}, "x-id": {"List"}},
		Header: http.Header{"X-Amz-Storage-Class": {"STANDARD"}, "If-Modified-Since": {"Mon, 02 Jan 2006 15:04:05 GMT"}, "X-Amz-Meta-One": {"1"}, "Accept": {"*/*"}},
		Body:   []byte(`<?xml version="1.0"?><Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a&amp;</Key><Value/></Tag><Tag><Key>b</Key><Value> 2 </Value></Tag></TagSet></Tagging> `),
		Common: map[string]bool{"x-id": true},
	}, &in)
	if err != nil {
		t.Fatal(err)
	}
	seven := 7
	want := input{Bucket: "b", MaxKeys: &seven, Fetch: true, Class: "STANDARD", Since: time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC),
		Metadata: map[string]string{"one": "1", "two": "2"}, Tagging: &tagging{[]tag{{"a&", ""}, {"b", " 2 "}}}}
	if !reflect.DeepEqual(in, want) {
		t.Errorf("got  %+v\nwant %+v", in, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    restxml.Request
		want error
		what string
	}{
		{"header", restxml.Request{Header: http.Header{"X-Amz-Acl": {"public-read"}}}, restxml.Unhonoured, "x-amz-acl"},
		{"query", restxml.Request{Query: url.Values{"torrent": {""}}}, restxml.Unhonoured, "torrent"},
		{"value", restxml.Request{Header: http.Header{"X-Amz-Storage-Class": {"GLACIER"}}}, restxml.Unhonoured, "x-amz-storage-class"},
		{"number", restxml.Request{Query: url.Values{"max-keys": {"x"}}}, restxml.BadValue, "max-keys"},
		{"date", restxml.Request{Header: http.Header{"If-Modified-Since": {"now"}}}, restxml.BadValue, "If-Modified-Since"},
		{"element", restxml.Request{Body: []byte(`<Tagging><Other/></Tagging>`)}, restxml.BadXML, "Other"},
		{"inner element", restxml.Request{Body: []byte(`<Tagging><TagSet><Tag><Key><a/></Key></Tag></TagSet></Tagging>`)}, restxml.BadXML, "a"},
		{"root", restxml.Request{Body: []byte(`<Delete/>`)}, restxml.BadXML, "Delete"},
		{"broken", restxml.Request{Body: []byte(`<Tagging><TagSet>`)}, restxml.BadXML, ""},
		{"two roots", restxml.Request{Body: []byte(`<Tagging/><Tagging/>`)}, restxml.BadXML, "Tagging"},
		{"text", restxml.Request{Body: []byte(`<Tagging>x</Tagging>`)}, restxml.BadXML, ""},
		{"doctype", restxml.Request{Body: []byte(`<!DOCTYPE x [<!ENTITY e "x">]><Tagging/>`)}, restxml.BadXML, ""},
	} {
		var in input
		err := plan.Decode(tt.r, &in)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			continue
		}
		var s *restxml.Subject
		if errors.As(err, &s); tt.what != "" && (s == nil || s.Name != tt.what) {
			t.Errorf("%s: the subject is %v, want %s", tt.name, s, tt.what)
		}
	}
}

type output struct {
	ETag     string            `header:"ETag"`
	Count    *int              `header:"x-amz-tagging-count"`
	Modified time.Time         `header:"Last-Modified"`
	Metadata map[string]string `headers:"x-amz-meta-"`
	Result   *result           `body:"Result"`
}

type grantee struct {
	Type string `xml:"xsi:type,attr"`
	ID   string `xml:"ID"`
}

type result struct {
	Name    string    `xml:"Name"`
	Prefix  *string   `xml:"Prefix"`
	Skipped string    `xml:"Skipped,omitempty"`
	Done    bool      `xml:"Done"`
	When    time.Time `xml:"When"`
	Tags    []tag     `xml:"TagSet>Tag"`
	Keys    []string  `xml:"Key"`
	Grantee grantee   `xml:"Grantee"`
}

func TestEncode(t *testing.T) {
	h := http.Header{}
	zero := 0
	body := restxml.NewPlan(reflect.TypeFor[output]()).Encode(h, &output{ETag: `"x"`, Count: &zero, Metadata: map[string]string{"a": "1"},
		Result: &result{Name: "a<b>&\"\x01é", When: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC), Tags: []tag{{"k", "v"}}, Keys: []string{"1", "2"}, Grantee: grantee{"CanonicalUser", "i"}}}, "urn:x")
	want := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Result xmlns="urn:x"><Name>a&lt;b&gt;&amp;&quot;&#x1;é</Name><Done>false</Done><When>2026-01-02T03:04:05.006Z</When>` +
		`<TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet><Key>1</Key><Key>2</Key><Grantee xsi:type="CanonicalUser"><ID>i</ID></Grantee></Result>`
	if string(body) != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
	if !reflect.DeepEqual(h, http.Header{"ETag": {`"x"`}, "x-amz-tagging-count": {"0"}, "x-amz-meta-a": {"1"}}) {
		t.Errorf("headers %v", h)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>")
	f.Add(strings.Repeat("<Tagging>", 40))
	f.Add("<Tagging><TagSet><Tag a='b'>&lt;</Tag></TagSet></Tagging>")
	f.Fuzz(func(t *testing.T, body string) {
		var in input
		err := plan.Decode(restxml.Request{Body: []byte(body)}, &in)
		if err == nil || errors.Is(err, restxml.BadXML) {
			return
		}
		t.Errorf("%q: %v", body, err)
	})
}
