// Package awsjson is the wire form of the AWS JSON 1.0 and 1.1 protocols: a
// POST whose body is one JSON object, the operation's name in a header, errors
// as an object with "__type". It reads requests into the input structs of the
// AWS SDK for Go and writes answers from its output structs.
//
// Both directions go by reflection with a plan made once per type. The names
// on the wire come from the schema that each type carries (schema.go). Answers
// are not written through the types' own Serialize methods, because those leave
// out members that are zero where the real services write them
// ("Retention": 0, "Compressed": false), and clients read them.
//
// Sources: smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html. Member names
// are case-sensitive, jsonName is not used, timestamps are seconds since 1970
// unless the member says otherwise, blobs are base64, floats may be "NaN",
// "Infinity" and "-Infinity", and a union is an object with one member.
package awsjson

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"sync"
)

// Codec reads and writes one version of the protocol; safe for concurrent use.
type Codec struct {
	cfg      Config
	unions   map[reflect.Type]Union
	decoders sync.Map // reflect.Type -> *structDecoder
	encoders sync.Map // reflect.Type -> *structEncoder
	buffers  sync.Pool
}

// Config says what a service needs.
type Config struct {
	Version string // "1.0" or "1.1"
	// LowerCamel writes member names of types without a schema with a small
	// first letter ("stateMachineArn").
	LowerCamel bool
	// Unions lists the unions that appear in inputs.
	Unions []Union
}

// Union tells the variants of an input union, which its interface type does not.
type Union struct {
	of       reflect.Type
	variants map[string]reflect.Type // by wire name
}

// UnionOf makes a Union of pointers to the SDK's variant structs
// (&types.AttributeValueMemberS{}, ...).
func UnionOf[T any](variants ...T) Union {
	u := Union{reflect.TypeFor[T](), map[string]reflect.Type{}}
	for _, v := range variants {
		t := reflect.TypeOf(v).Elem()
		u.variants[variantName(u.of, t)] = t
	}
	return u
}

// New makes a codec.
func New(cfg Config) *Codec {
	c := &Codec{cfg: cfg, unions: map[reflect.Type]Union{}}
	for _, u := range cfg.Unions {
		c.unions[u.of] = u
	}
	c.buffers.New = func() any { return new([]byte) }
	return c
}

// Decode reads a request's body into in, a pointer to an SDK input struct, and
// returns the dotted names of members that it does not have. An empty body is
// an empty object. The error says which member cannot be read and why.
func (c *Codec) Decode(_ *http.Request, body []byte, in any) (unknown []string, err error) {
	d := decoder{codec: c, data: body}
	if d.space(); d.pos == len(d.data) {
		return nil, nil
	}
	v := reflect.ValueOf(in).Elem()
	if err := c.structDecoder(v.Type()).decode(&d, v); err != nil {
		return nil, err
	}
	if d.space(); d.pos < len(d.data) {
		return nil, d.syntax("there is something behind the object")
	}
	return d.unknown, nil
}

// Encode writes the answer of a success; out is a pointer to an SDK output
// struct, or nil for an operation without output.
func (c *Codec) Encode(w http.ResponseWriter, _, requestID string, out any) error {
	buf := c.buffers.Get().(*[]byte)
	b := (*buf)[:0]
	if v := reflect.ValueOf(out); out == nil || v.IsNil() {
		b = append(b, "{}"...)
	} else {
		b = c.structEncoder(v.Elem().Type()).encode(b, v.Elem())
	}
	err := c.send(w, http.StatusOK, requestID, b)
	if cap(b) <= 1<<20 { // one huge answer must not stay for ever
		*buf = b
		c.buffers.Put(buf)
	}
	return err
}

// Fault writes an error. Clients of version 1.0 and 1.1 alike look for the
// code in the header or in "__type", and for the message under either name.
func (c *Codec) Fault(w http.ResponseWriter, status int, code, message, requestID string) {
	c.FaultWith(w, status, code, message, requestID, nil)
}

// FaultWith is Fault with more members in the body.
func (c *Codec) FaultWith(w http.ResponseWriter, status int, code, message, requestID string, members map[string]string) {
	b := append([]byte(nil), `{"__type":`...)
	b = appendString(b, code)
	b = append(b, `,"message":`...)
	b = appendString(b, message)
	b = append(b, `,"Message":`...)
	b = appendString(b, message)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		b = append(b, ',')
		b = appendString(b, name)
		b = append(b, ':')
		b = appendString(b, members[name])
	}
	b = append(b, '}')
	w.Header().Set("x-amzn-ErrorType", code)
	// The client is gone when this fails; the refusal is already counted.
	_ = c.send(w, status, requestID, b)
}

func (c *Codec) send(w http.ResponseWriter, status int, requestID string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/x-amz-json-"+c.cfg.Version)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if requestID != "" {
		h.Set("x-amzn-RequestId", requestID)
	}
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}
