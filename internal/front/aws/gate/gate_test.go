package gate_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate/gatetest"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// plain is the smallest codec of the JSON kind, for the pipeline's own tests.
type plain struct{}

func (plain) Decode(_ *http.Request, body []byte, in any) ([]string, error) {
	return nil, json.Unmarshal(body, in)
}

func (plain) Encode(w http.ResponseWriter, _, _ string, out any) error {
	return json.NewEncoder(w).Encode(out)
}

func (plain) Fault(w http.ResponseWriter, status int, code, message, _ string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "%s: %s", code, message)
}

type input struct {
	Name   string
	Secret string
	Inner  *struct{ A, B string }
	List   []struct{ A, B string }
	Labels map[string]string
}

type output struct{ Hello string }

var gone = fault.Define("thing.gone", fault.NotFound, "thing %s is gone")

func door() gate.Door {
	return gate.Door{Service: "thing", Target: "Thing_2026", Codec: plain{}, Known: []string{"Greet", "Panic", "Fail", "Later"},
		Codes: map[*fault.Reason]gate.Code{gone: {Name: "ThingGoneException", Status: 400}},
		Ops: []gate.Op{
			gate.Handle("Greet", func(ctx context.Context, in *input) (*output, error) {
				if in.Name == "gone" {
					return nil, gone.New(in.Name)
				}
				return &output{in.Name + " from " + identity.FromContext(ctx).ARN()}, nil
			}, gate.Row[input]{Honours: []string{"Name", "Inner.A", "List.A", "Labels"},
				Resource: func(in *input) []string { return []string{"arn:thing:" + in.Name} }}),
			gate.Handle("Panic", func(context.Context, *input) (*output, error) { panic("oh") }, gate.Row[input]{}),
			gate.Handle("Fail", func(context.Context, *input) (*output, error) {
				return nil, fmt.Errorf("secret detail")
			}, gate.Row[input]{}),
		}}
}

func objects(g *gate.Gate) http.Handler {
	fail := func(w http.ResponseWriter, r *http.Request, err error) {
		code := gate.RESTCodes()[fault.ReasonOf(err)]
		w.WriteHeader(code.Status)
		io.WriteString(w, code.Name)
	}
	return g.Observe("s3", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) }, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := g.Admit(r)
		if err != nil {
			fail(w, r, err)
			return
		}
		gate.Name(r.Context(), "PutObject")
		if err := g.Authorize(r.Context(), "s3:PutObject", "arn:aws:s3:::b/k", map[string][]string{"s3:Prefix": {"x"}}); err != nil {
			fail(w, r, err)
			return
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			fail(w, r, err)
			return
		}
		w.Write(b)
	}))
}

type fixture struct {
	ids *identity.Service
	reg *prometheus.Registry
	url string
	log *bytes.Buffer
}

func serve(t *testing.T) fixture {
	t.Helper()
	f := fixture{ids: identitytest.Open(t), reg: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	g, err := gate.New(gate.Config{Identity: f.ids, Log: slog.New(slog.NewTextHandler(f.log, nil)), Registry: f.reg, Region: "us-east-1", BodyBytesMax: 1000})
	if err != nil {
		t.Fatal(err)
	}
	h, err := g.Router(objects(g), door())
	if err != nil {
		t.Fatal(err)
	}
	f.url = gatetest.Listen(t, h)
	return f
}

// send signs and sends a request and returns status and body.
func send(t *testing.T, client *http.Client, r *http.Request, service, body string) (int, string) {
	t.Helper()
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	if service != "" {
		if err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: identitytest.AccessKey, SecretAccessKey: identitytest.Secret},
			r, hash, service, "us-east-1", time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	if resp.Header.Get("x-amzn-RequestId") == "" {
		t.Error("no request id")
	}
	return resp.StatusCode, string(b)
}

func request(url, target, body string) *http.Request {
	r, _ := http.NewRequest("POST", url+"/", strings.NewReader(body))
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	return r
}

func TestPipeline(t *testing.T) {
	f := serve(t)
	for _, tt := range []struct {
		name, target, service, body string
		status                      int
		says                        string
	}{
		{"right", "Thing_2026.Greet", "thing", `{"Name":"ann"}`, 200, "ann from arn:aws:iam::000000000000:root"},
		{"honoured below", "Thing_2026.Greet", "thing", `{"Name":"ann","Inner":{"A":"x"},"List":[{"A":"y"}],"Labels":{"a":"b"}}`, 200, "ann"},
		{"empty is not set", "Thing_2026.Greet", "thing", `{"Name":"ann","Secret":"","Inner":{"B":""},"List":[],"Labels":{}}`, 200, "ann"},
		{"field not honoured", "Thing_2026.Greet", "thing", `{"Secret":"x"}`, 400, "UnsupportedOperationException: Greet: the field Secret is not supported"},
		{"nested field not honoured", "Thing_2026.Greet", "thing", `{"Inner":{"A":"x","B":"y"}}`, 400, "Inner.B"},
		{"field of a list not honoured", "Thing_2026.Greet", "thing", `{"List":[{"A":"x"},{"B":"y"}]}`, 400, "List.B"},
		{"refusal", "Thing_2026.Greet", "thing", `{"Name":"gone"}`, 400, "ThingGoneException: thing gone is gone"},
		{"not served", "Thing_2026.Later", "thing", `{}`, 400, "UnknownOperationException: The operation Later of thing is not built"},
		{"unknown", "Thing_2026.Never", "thing", `{}`, 400, "UnknownOperationException: Could not find operation Never"},
		{"unknown service", "Other_1.Never", "other", `{}`, 400, `UnknownOperationException: The service "Other_1"`},
		{"unknown service, no target", "", "lambda", `{}`, 400, `UnknownOperationException: The service "lambda"`},
		{"not signed", "Thing_2026.Greet", "", `{}`, 400, "MissingAuthenticationTokenException"},
		{"unknown service, not signed", "Other_1.Never", "", `{}`, 400, "MissingAuthenticationTokenException"},
		{"signed for another service", "Thing_2026.Greet", "other", `{}`, 400, "InvalidSignatureException"},
		{"no JSON", "Thing_2026.Greet", "thing", `{`, 400, "SerializationException"},
		{"too large", "Thing_2026.Greet", "thing", strings.Repeat(" ", 1001), 413, "RequestEntityTooLargeException"},
		{"panic", "Thing_2026.Panic", "thing", `{}`, 500, "InternalServerException: internal error"},
		{"accident", "Thing_2026.Fail", "thing", `{}`, 500, "InternalServerException: internal error"},
		{"objects", "", "s3", "bytes", 200, "bytes"},
		{"objects, not signed", "", "", "bytes", 403, "AccessDenied"},
	} {
		for proto, client := range map[string]*http.Client{"HTTP/1.1": http.DefaultClient, "HTTP/2": gatetest.HTTP2()} {
			t.Run(tt.name+" "+proto, func(t *testing.T) {
				status, body := send(t, client, request(f.url, tt.target, tt.body), tt.service, tt.body)
				if status != tt.status || !strings.Contains(body, tt.says) {
					t.Errorf("%d %s, want %d %s", status, body, tt.status, tt.says)
				}
			})
		}
	}
	if log := f.log.String(); !strings.Contains(log, "secret detail") || !strings.Contains(log, "oh") || !strings.Contains(log, "operation=Greet") {
		t.Errorf("log %s", log)
	}
	want := map[string]float64{"Greet thing 200": 6, "Greet thing 400": 10, "Fail thing 500": 2, "Panic thing 500": 2, "PutObject s3 200": 2,
		"unknown s3 403": 2, "unknown thing 400": 8, "unknown thing 413": 2, "unknown unknown 400": 6}
	if got := counts(t, f.reg); !maps.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

// counts reads the request counter as "operation service status".
func counts(t *testing.T, reg *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		if f.GetName() != "boathouse_aws_requests_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			out[strings.Join(labels, " ")] = m.GetCounter().GetValue()
		}
	}
	return out
}

func TestGzip(t *testing.T) {
	f := serve(t)
	squeeze := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		io.WriteString(z, s)
		z.Close()
		return b.String()
	}
	for _, tt := range []struct {
		name, encoding, body string
		status               int
		says                 string
	}{
		{"right", "gzip", squeeze(`{"Name":"ann"}`), 200, "ann"},
		{"a bomb", "gzip", squeeze(strings.Repeat(" ", 100_000)), 413, "1000 bytes"},
		{"not gzip", "gzip", `{"Name":"ann"}`, 400, "not gzip"},
		{"damaged", "gzip", squeeze(`{"Name":"ann"}`)[:20], 400, "damaged"},
		{"another", "br", `{"Name":"ann"}`, 400, "Content-Encoding"},
	} {
		r := request(f.url, "Thing_2026.Greet", tt.body)
		r.Header.Set("Content-Encoding", tt.encoding)
		status, body := send(t, http.DefaultClient, r, "thing", tt.body)
		if status != tt.status || !strings.Contains(body, tt.says) {
			t.Errorf("%s: %d %s, want %d %s", tt.name, status, body, tt.status, tt.says)
		}
	}
}

func TestDoorsThatCannotBe(t *testing.T) {
	g, err := gate.New(gate.Config{Identity: identitytest.Open(t), Log: slog.Default(), Registry: prometheus.NewRegistry(), Region: "r"})
	if err != nil {
		t.Fatal(err)
	}
	greet := func(context.Context, *input) (*output, error) { return nil, nil }
	for says, ops := range map[string][]gate.Op{
		`"Nmae"`:      {gate.Handle("Greet", greet, gate.Row[input]{Honours: []string{"Nmae"}})},
		`"Inner.C"`:   {gate.Handle("Greet", greet, gate.Row[input]{Honours: []string{"Inner.C"}})},
		`"Nothing.*"`: {gate.Handle("Greet", greet, gate.Row[input]{Honours: []string{"Nothing.*"}})},
		"two rows":    {gate.Handle("Greet", greet, gate.Row[input]{}), gate.Handle("Greet", greet, gate.Row[input]{})},
		"Known":       {gate.Handle("Grete", greet, gate.Row[input]{})},
	} {
		d := door()
		d.Ops = ops
		if _, err := g.Router(http.NotFoundHandler(), d); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want something about %s", err, says)
		}
	}
}

// The S3 door has a name for every refusal of the steps it shares.
func TestRESTCodes(t *testing.T) {
	codes := gate.RESTCodes()
	for _, r := range append(append([]*fault.Reason{identity.UnknownKey, identity.BadToken, identity.ExpiredToken, identity.Implicit,
		identity.Explicit, identity.Session, identity.Anonymous}, sigv4.Reasons...), gate.Reasons...) {
		if codes[r].Name == "" {
			t.Errorf("%s has no code", r.Name)
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	g, err := gate.New(gate.Config{Identity: identitytest.Open(b), Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(), Region: "us-east-1"})
	if err != nil {
		b.Fatal(err)
	}
	h, err := g.Router(http.NotFoundHandler(), door())
	if err != nil {
		b.Fatal(err)
	}
	const body = `{"Name":"ann"}`
	r := request("http://h", "Thing_2026.Greet", body)
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: identitytest.AccessKey, SecretAccessKey: identitytest.Secret},
		r, hex.EncodeToString(sum[:]), "thing", "us-east-1", time.Now()); err != nil {
		b.Fatal(err)
	}
	r.Host = "h"
	b.ReportAllocs()
	for b.Loop() {
		r.Body = io.NopCloser(strings.NewReader(body))
		w := &discard{header: http.Header{}}
		h.ServeHTTP(w, r)
		if w.status > 299 {
			b.Fatal(w.status)
		}
	}
}

type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
