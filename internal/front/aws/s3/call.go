package s3

import (
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/wire/sigv2"
)

// call is one request on its way.
type call struct {
	d           *Door
	w           http.ResponseWriter
	r           *http.Request
	id          string
	level       level
	bucket, key string
	query       url.Values
	op          *op
	document    []byte       // the request's XML
	status      int          // of a success; 0 for 200
	stream      *object.Body // the answer's bytes, after its headers
	timed       *timed       // the request's body as it comes from the connection; nil for none
}

const arn = "arn:aws:s3:::"

// allow asks the policies about the request's bucket or key.
func (c *call) allow(action string, conditions map[string][]string) error {
	resource := "*"
	switch c.level {
	case ofBucket:
		resource = arn + c.bucket
	case ofKey:
		resource = arn + c.bucket + "/" + c.key
	}
	return c.allowOn(action, resource, conditions)
}

// allowOn asks the policies about any resource, with the condition keys that
// all S3 requests have. Source: "Actions, resources, and condition keys for
// Amazon S3" in the service authorization reference.
func (c *call) allowOn(action, resource string, conditions map[string][]string) error {
	p := identity.FromContext(c.r.Context())
	if p != nil && p.Kind == identity.Root {
		return c.d.cfg.Gate.Authorize(c.r.Context(), action, resource, nil)
	}
	all := map[string][]string{"s3:signatureversion": {"AWS4-HMAC-SHA256"}, "s3:authtype": {"REST-HEADER"}}
	if sigv2.Present(c.r.URL.Query()) {
		all["s3:signatureversion"], all["s3:authtype"] = []string{"AWS"}, []string{"REST-QUERY-STRING"}
	}
	if c.query.Has("X-Amz-Signature") {
		all["s3:authtype"] = []string{"REST-QUERY-STRING"}
		if t, err := time.Parse("20060102T150405Z", c.query.Get("X-Amz-Date")); err == nil {
			all["s3:signatureage"] = []string{itoa(time.Since(t).Milliseconds())}
		}
	}
	for _, h := range []string{"x-amz-acl", "x-amz-content-sha256", "x-amz-copy-source", "x-amz-metadata-directive", "x-amz-storage-class"} {
		if v := c.r.Header.Get(h); v != "" {
			all["s3:"+h] = []string{v}
		}
	}
	for k, v := range conditions {
		all[k] = v
	}
	if c.level == ofKey && c.d.table.existing[action] {
		c.existingTags(all)
	}
	return c.d.cfg.Gate.Authorize(c.r.Context(), action, resource, all)
}

// existingTags adds the tags of the object, which policies may ask about.
func (c *call) existingTags(all map[string][]string) {
	o, err := c.d.cfg.Objects.Head(c.r.Context(), c.bucket, c.key)
	if err != nil {
		return // without the object there are no tags; the handler refuses the rest
	}
	for k, v := range o.Tags {
		all["s3:existingobjecttag/"+k] = []string{v}
	}
}

// patient makes the body's reads fail when the client sends nothing for too
// long.
func (c *call) patient() {
	if c.r.Body != nil && c.r.Body != http.NoBody {
		c.timed = &timed{ReadCloser: c.r.Body, rc: http.NewResponseController(c.w), idle: c.d.cfg.Idle}
		c.r.Body = c.timed
	}
}

// calm leaves the connection to the server: without a deadline for writing,
// and with one for what it still reads of a body that was not wanted. The
// server sets its own before the next request.
func (c *call) calm() {
	if c.stream != nil {
		_ = http.NewResponseController(c.w).SetWriteDeadline(time.Time{})
	}
	if c.timed != nil && !c.timed.end {
		c.timed.wait(time.Now())
	}
}

// timed is a body with a deadline that moves on with every read.
type timed struct {
	io.ReadCloser
	rc   *http.ResponseController
	idle time.Duration
	set  time.Time
	end  bool
}

func (t *timed) Read(p []byte) (int, error) {
	if now := time.Now(); now.Sub(t.set) > t.idle/8 {
		t.wait(now)
	}
	n, err := t.ReadCloser.Read(p)
	if err == io.EOF && !t.end {
		t.end = true // from here on the server watches the connection, as long as the answer takes
		_ = t.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}

// wait moves the deadline. Not every connection has one (a test's recorder).
func (t *timed) wait(now time.Time) {
	t.set = now
	_ = t.rc.SetReadDeadline(now.Add(t.idle))
}

// paceBytes is what a client must take within Config.Idle.
const paceBytes = 4 << 20

// send writes the answer's bytes. The headers are gone, so that an error can
// only cut the connection: the client sees a body that is too short.
func (c *call) send() {
	defer c.stream.Close()
	rc := http.NewResponseController(c.w)
	for left := c.stream.Length; left > 0; {
		n := min(left, paceBytes)
		_ = rc.SetWriteDeadline(time.Now().Add(c.d.cfg.Idle))
		if _, err := c.stream.SendN(c.w, n); err != nil {
			c.d.cfg.Log.Debug("a download was cut", "request", c.id, "error", err)
			panic(http.ErrAbortHandler)
		}
		left -= n
	}
}
