package awsquery_test

import (
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/boathouse-data/boathouse/internal/wire/awsquery"
)

type inner struct {
	Key, Value *string
	List       []string
}

type input struct {
	Name    *string
	Max     *int32
	On      *bool
	Rate    float64
	When    *time.Time
	Enum    kind
	Names   []string
	Inners  []inner
	Inner   *inner
	Labels  map[string]string
	Blob    []byte
	private int
}

type kind string

func p[T any](v T) *T { return &v }

func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		name, form string
		want       input
		unknown    []string
		err        string
	}{
		{name: "scalars", form: "Action=X&Version=1&Name=a+b&Max=3&On=true&Rate=1.5&Enum=E&When=2026-01-02T03:04:05Z&Blob=aGk%3D",
			want: input{Name: p("a b"), Max: p(int32(3)), On: p(true), Rate: 1.5, Enum: "E", When: p(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), Blob: []byte("hi")}},
		{name: "first letter in lower case", form: "name=a", want: input{Name: p("a")}},
		{name: "list", form: "Names.member.2=b&Names.member.1=a", want: input{Names: []string{"a", "b"}}},
		{name: "empty list", form: "Names=", want: input{Names: []string{}}},
		{name: "structures", form: "Inners.member.1.Key=k&Inners.member.1.Value=v&Inner.List.member.1=x",
			want: input{Inners: []inner{{Key: p("k"), Value: p("v")}}, Inner: &inner{List: []string{"x"}}}},
		{name: "map", form: "Labels.entry.1.key=a&Labels.entry.1.value=b", want: input{Labels: map[string]string{"a": "b"}}},
		{name: "unknown", form: "Nme=a&Inner.Ky=b&private=1", want: input{Inner: &inner{}}, unknown: []string{"Inner.Ky", "Nme", "private"}},
		{name: "gap", form: "Names.member.2=b", err: "without gaps"},
		{name: "huge index", form: "Names.member.99999999=b", err: "without gaps"},
		{name: "no member", form: "Names.1=b", err: "Names.member.1"},
		{name: "number", form: "Max=x", err: "Max must be a number"},
		{name: "number too big", form: "Max=3000000000", err: "Max must be a number"},
		{name: "boolean", form: "On=yes", err: "true or false"},
		{name: "time", form: "When=soon", err: "time"},
		{name: "structure for scalar", form: "Name.x=1", err: "single value"},
		{name: "twice", form: "Name=a&Name=b", err: "2 times"},
		{name: "deep", form: strings.Repeat("a.", 50) + "=1", err: "deeply"},
		{name: "bad escape", form: "Name=%zz", err: "percent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got input
			unknown, err := awsquery.Codec{}.Decode(httptest.NewRequest("POST", "/", nil), []byte(tt.form), &got)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want something about %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) || !reflect.DeepEqual(unknown, tt.unknown) {
				t.Errorf("got %+v, %q", got, unknown)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	type result struct {
		Truncated      bool
		Name           *string
		Missing        *string
		When           *time.Time
		Enum, None     kind
		Names, Empty   []string
		Nil            []string
		Inners         []inner
		Labels         map[string]int32
		ResultMetadata struct{ X int }
	}
	out := result{Name: p("a<b>&\x01"), When: p(time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))), Enum: "E", Names: []string{"x", ""},
		Empty: []string{}, Inners: []inner{{Key: p("k")}}, Labels: map[string]int32{"b": 2, "a": 1}}
	w := httptest.NewRecorder()
	if err := (awsquery.Codec{Namespace: "urn:x"}).Encode(w, "Op", "id-1", &out); err != nil {
		t.Fatal(err)
	}
	want := `<OpResponse xmlns="urn:x"><OpResult><Truncated>false</Truncated><Name>a&lt;b&gt;&amp;` + "\uFFFD" + `</Name><When>2026-01-02T02:04:05Z</When><Enum>E</Enum>` +
		`<Names><member>x</member><member></member></Names><Empty></Empty><Inners><member><Key>k</Key></member></Inners>` +
		`<Labels><entry><key>a</key><value>1</value></entry><entry><key>b</key><value>2</value></entry></Labels></OpResult>` +
		`<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></OpResponse>`
	if got := w.Body.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	w = httptest.NewRecorder()
	if err := (awsquery.Codec{}).Encode(w, "Op", "i", &struct{ ResultMetadata int }{}); err != nil || strings.Contains(w.Body.String(), "Result>") {
		t.Errorf("without members: %s, %v", w.Body, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("Name=a&Names.member.1=b&Inner.List.member.1=c&Labels.entry.1.key=d&Labels.entry.1.value=e")
	f.Add(url.Values{"Names.member.999999999": {"x"}}.Encode())
	f.Fuzz(func(t *testing.T, form string) {
		var in input
		_, _ = awsquery.Codec{}.Decode(httptest.NewRequest("POST", "/", nil), []byte(form), &in)
	})
}
