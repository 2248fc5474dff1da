// Package s3 is the door of the object store: the S3 REST API.
//
// Every operation is a row of the table in table.go: method, whether it is
// about the service, a bucket or a key, the query key that tells it from
// others ("uploads"), the policy action, and a handler with an input and an
// output struct. The tags of the input struct (see wire/restxml) are all that
// the operation honours: any other query key or x-amz- header is refused by
// its name. Operations of the real service that have no row answer 501.
//
// The door keeps nothing. lake/object does the work, front/aws/gate verifies
// and authorises.
package s3

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/wire/sigv2"
)

// Config is what the door works with.
type Config struct {
	Objects *object.Service
	Gate    *gate.Gate
	Log     *slog.Logger
	Region  string // "us-east-1"
	Account string // 12 digits
	// Domains are the host names below which a first label is a bucket
	// ("photos.localhost"); nil is localhost and s3.localhost with and without
	// the region.
	Domains []string
	// Idle is how long a client may send or take nothing; 0 is one minute.
	Idle time.Duration
}

// Door is the handler of the S3 API.
type Door struct {
	cfg   Config
	table *table
	owner string // the account's canonical user id
	serve http.Handler
}

// New makes the door.
func New(cfg Config) (*Door, error) {
	if cfg.Objects == nil || cfg.Gate == nil || cfg.Log == nil || cfg.Region == "" || cfg.Account == "" {
		return nil, errors.New("s3: Objects, Gate, Log, Region and Account must be set")
	}
	if cfg.Domains == nil {
		cfg.Domains = []string{"s3." + cfg.Region + ".localhost", "s3.localhost", "localhost"}
	}
	if cfg.Idle == 0 {
		cfg.Idle = time.Minute
	}
	sum := sha256.Sum256([]byte("canonical user of account " + cfg.Account))
	d := &Door{cfg: cfg, table: newTable(), owner: hex.EncodeToString(sum[:])}
	d.serve = cfg.Gate.Observe("s3", d.panicked, http.HandlerFunc(d.answer))
	return d, nil
}

// ServeHTTP answers one request.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.serve.ServeHTTP(w, r) }

// answer takes a request through address, signature, operation, policy and
// handler.
func (d *Door) answer(w http.ResponseWriter, r *http.Request) {
	c := &call{d: d, w: w, r: r, id: gate.RequestID(r.Context())}
	h := w.Header()
	h["x-amz-request-id"] = []string{c.id}
	h["x-amz-id-2"] = []string{c.id}
	defer c.calm()
	if err := c.run(); err != nil {
		c.fail(err)
	}
}

func (c *call) run() error {
	c.level, c.bucket, c.key = c.d.address(c.r)
	if c.r.Method == http.MethodOptions {
		return NoCORS.New()
	}
	c.patient()
	if c.query = c.r.URL.Query(); len(c.query) > queryMax {
		return BadRequest.New("The request has too many query parameters")
	}
	r, err := c.admit()
	if err != nil {
		return err
	}
	c.r = r
	if c.op, err = c.d.table.find(r.Method, c.level, c.query, r.Header); err != nil {
		return err
	}
	gate.Name(r.Context(), c.op.name)
	if err := c.checkOwner("x-amz-expected-bucket-owner"); err != nil {
		return err
	}
	if v, ok := c.query["versionId"]; ok && v[0] != "null" {
		return NoVersion.New(v[0])
	}
	return c.op.call(c)
}

// queryMax bounds the query keys of a request.
const queryMax = 200

// admit verifies the request's signature.
func (c *call) admit() (*http.Request, error) {
	if !sigv2.Present(c.query) {
		return c.d.cfg.Gate.Admit(c.r)
	}
	resource := c.r.URL.EscapedPath()
	if c.d.hostBucket(c.r.Host) != "" {
		resource = "/" + c.bucket + resource
	}
	for _, key := range []string{"AWSAccessKeyId", "Signature", "Expires", "content-type", "content-md5", "x-amz-security-token"} {
		defer delete(c.query, key) // part of the signature, not of the operation
	}
	return c.d.cfg.Gate.AdmitURL(c.r, resource)
}

// checkOwner compares an account that the request expects with ours.
func (c *call) checkOwner(header string) error {
	want := c.r.Header.Get(header)
	if want == "" {
		want = c.query.Get(header)
	}
	if want != "" && want != c.d.cfg.Account {
		return OtherOwner.New()
	}
	return nil
}

func (d *Door) panicked(w http.ResponseWriter, r *http.Request) {
	c := &call{d: d, w: w, r: r, id: gate.RequestID(r.Context())}
	c.fail(errPanic)
}

var errPanic = errors.New("panic")

// address reads bucket and key from the host (virtual-host style) or the path.
func (d *Door) address(r *http.Request) (level level, bucket, key string) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if bucket = d.hostBucket(r.Host); bucket != "" {
		key = path
	} else {
		bucket, key, _ = strings.Cut(path, "/")
	}
	switch {
	case bucket == "":
		return ofService, "", ""
	case key == "":
		return ofBucket, bucket, ""
	}
	return ofKey, bucket, key
}

// hostBucket is the bucket in a host name, or "".
func (d *Door) hostBucket(host string) string {
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	host = strings.ToLower(host)
	for _, domain := range d.cfg.Domains {
		if host == domain {
			return ""
		}
	}
	for _, domain := range d.cfg.Domains {
		if bucket, ok := strings.CutSuffix(host, "."+domain); ok {
			return bucket
		}
	}
	return ""
}
