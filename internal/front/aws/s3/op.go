package s3

import (
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/wire/restxml"
)

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// level is what an operation is about.
type level uint8

const (
	ofService level = iota
	ofBucket
	ofKey
)

// op is a row of the table.
type op struct {
	name   string
	method string
	level  level
	sub    string // the query key that tells it from others; "" for none
	header string // the header that does; "" for none
	action string // asked of the policies about the bucket or key; "" when the handler asks
	limit  string // what is only partly there, for docs/compat
	call   func(*call) error
}

// serve makes a row of a handler.
func serve[In, Out any](name, method string, level level, sub, action string, f func(*call, *In) (*Out, error)) op {
	in, out := restxml.NewPlan(reflect.TypeFor[In]()), restxml.NewPlan(reflect.TypeFor[Out]())
	return op{name: name, method: method, level: level, sub: sub, action: action, call: func(c *call) error {
		if action != "" {
			if err := c.allow(action, c.conditions()); err != nil {
				return err
			}
		}
		input := new(In)
		if err := c.decode(in, input); err != nil {
			return err
		}
		output, err := f(c, input)
		if err != nil {
			return err
		}
		c.reply(out, output)
		return nil
	}}
}

// when adds the header that tells an operation from another.
func (o op) when(header string) op { o.header = header; return o }

// partly says what an operation does not do.
func (o op) partly(limit string) op { o.limit = limit; return o }

// conditions are the condition keys of listings.
func (c *call) conditions() map[string][]string {
	m := map[string][]string{}
	if c.level == ofBucket && c.r.Method == http.MethodGet {
		for _, k := range []string{"prefix", "delimiter", "max-keys"} {
			if v, ok := c.query[k]; ok {
				m["s3:"+k] = v
			}
		}
	}
	return m
}

// documentMaxBytes bounds an XML body: 1,000 escaped keys, or 10,000 parts.
const documentMaxBytes = 8 << 20

func (c *call) decode(p *restxml.Plan, in any) error {
	if p.HasBody() {
		b, err := io.ReadAll(io.LimitReader(c.r.Body, documentMaxBytes+1))
		if err != nil {
			return bodyFailed(err)
		}
		if len(b) > documentMaxBytes {
			return DocumentTooLarge.New(documentMaxBytes)
		}
		c.document = b
		if err := c.checkDocument(); err != nil {
			return err
		}
	}
	return p.Decode(restxml.Request{Query: c.query, Header: c.r.Header, Body: c.document, Common: c.d.table.common, Operation: c.op.sub,
		Labels: map[string]string{"bucket": c.bucket, "key": c.key}}, in)
}

// checkDocument compares an XML body with the sums that came with it.
func (c *call) checkDocument() error {
	sums, err := c.sums()
	if err != nil {
		return err
	}
	return object.CheckBody(c.document, c.r.Header.Get("Content-MD5"), sums)
}

// reply writes a success.
func (c *call) reply(p *restxml.Plan, out any) {
	h := c.w.Header()
	body := p.Encode(h, out, namespace)
	status := c.status
	if status == 0 {
		status = http.StatusOK
	}
	switch {
	case c.stream != nil:
		h["Content-Length"] = []string{itoa(c.stream.Length)}
		c.w.WriteHeader(status)
		c.send()
	case body != nil:
		h["Content-Type"] = []string{"application/xml"}
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
		c.w.WriteHeader(status)
		_, _ = c.w.Write(body) // a client that is gone needs no answer
	default:
		if status != http.StatusNoContent && c.r.Method != http.MethodHead {
			h["Content-Length"] = []string{"0"}
		}
		c.w.WriteHeader(status)
	}
}

// table is all operations, and what tells them apart.
type table struct {
	ops      []op
	known    []unserved
	subs     map[string]bool // query keys that name an operation
	common   map[string]bool // query keys and headers that every operation takes
	codes    map[*fault.Reason]gate.Code
	existing map[string]bool // actions whose policies may ask about the object's tags
}

// find picks the operation of a request.
func (t *table) find(method string, l level, query url.Values, header http.Header) (*op, error) {
	sub := ""
	for key := range query {
		if t.subs[key] && (sub == "" || key < sub) {
			sub = key
		}
	}
	var found *op
	for i := range t.ops {
		o := &t.ops[i]
		if o.method != method || o.level != l || o.sub != sub {
			continue
		}
		if o.header == "" && found == nil || o.header != "" && hasHeader(query, header, o.header) {
			found = o
		}
	}
	if found != nil {
		return found, nil
	}
	for _, u := range t.known {
		if u.method == method && u.level == l && u.sub == sub {
			return nil, NotServed.New(u.name)
		}
	}
	return nil, BadMethod.New(method)
}

func hasHeader(query url.Values, header http.Header, name string) bool {
	return header.Get(name) != "" || query.Has(name)
}

// Operation is one operation of the real service and whether it is served, for
// docs/compat.
type Operation struct {
	Name   string
	Served bool
	Limit  string // what is only partly there
}

// Operations lists every operation of the real service.
func Operations() []Operation {
	var out []Operation
	t := newTable()
	seen := map[string]bool{}
	for _, o := range t.ops {
		out = append(out, Operation{o.name, true, o.limit})
		seen[o.name] = true
	}
	for _, u := range t.known {
		if !seen[u.name] {
			out = append(out, Operation{Name: u.name})
		}
	}
	return out
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func quoted(etag string) string { return `"` + etag + `"` }

func unquoted(etag string) string {
	return strings.Trim(strings.TrimPrefix(strings.TrimSpace(etag), "W/"), `"`)
}
