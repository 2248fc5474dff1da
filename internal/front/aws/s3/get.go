package s3

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// readIn is what GetObject and HeadObject share.
type readIn struct {
	Range             string    `header:"Range"`
	IfMatch           string    `header:"If-Match"`
	IfNoneMatch       string    `header:"If-None-Match"`
	IfModifiedSince   time.Time `header:"If-Modified-Since"`
	IfUnmodifiedSince time.Time `header:"If-Unmodified-Since"`
	IfRange           string    `header:"If-Range"`
	Part              *int      `query:"partNumber"`
	Mode              string    `header:"x-amz-checksum-mode" only:"ENABLED,enabled"`

	CacheControl       *string `query:"response-cache-control"`
	ContentDisposition *string `query:"response-content-disposition"`
	ContentEncoding    *string `query:"response-content-encoding"`
	ContentLanguage    *string `query:"response-content-language"`
	ContentType        *string `query:"response-content-type"`
	Expires            *string `query:"response-expires"`
}

// objectOut are the headers of an object.
type objectOut struct {
	ETag               string            `header:"ETag"`
	Modified           time.Time         `header:"Last-Modified"`
	Ranges             string            `header:"Accept-Ranges"`
	ContentRange       string            `header:"Content-Range"`
	ContentType        string            `header:"Content-Type"`
	ContentEncoding    string            `header:"Content-Encoding"`
	ContentDisposition string            `header:"Content-Disposition"`
	ContentLanguage    string            `header:"Content-Language"`
	CacheControl       string            `header:"Cache-Control"`
	Expires            string            `header:"Expires"`
	Metadata           map[string]string `headers:"x-amz-meta-"`
	Tags               int               `header:"x-amz-tagging-count"`
	Parts              int               `header:"x-amz-mp-parts-count"`
	Length             *int64            `header:"Content-Length"`
	typedSumsOut
}

func (in *readIn) input(bucket, key string) (object.GetInput, error) {
	get := object.GetInput{Bucket: bucket, Key: key, Range: parseRange(in.Range), Conditions: object.Conditions{
		IfMatch: unquoted(in.IfMatch), IfNoneMatch: unquoted(in.IfNoneMatch),
		IfModifiedSince: in.IfModifiedSince, IfUnmodifiedSince: in.IfUnmodifiedSince}}
	if in.Part == nil {
		return get, nil
	}
	if in.Range != "" {
		return get, BadRequest.New("Cannot specify both Range header and partNumber query parameter")
	}
	if *in.Part < 1 || *in.Part > 10000 {
		return get, object.BadPartNumber.New(*in.Part)
	}
	get.PartNumber = *in.Part
	return get, nil
}

// parseRange reads a Range header of one range (RFC 9110 section 14.2). What
// is none, of another unit, or several, is nil: all of the object, as the real
// service answers.
func parseRange(header string) *object.Range {
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok {
		return nil
	}
	first, last, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return nil
	}
	a, errA := strconv.ParseUint(first, 10, 63)
	z, errZ := strconv.ParseUint(last, 10, 63)
	switch {
	case first == "" && errZ == nil && z == 0:
		return &object.Range{First: 1<<63 - 1, Last: -1} // no bytes: never satisfiable
	case first == "" && errZ == nil:
		return &object.Range{First: -int64(z)}
	case errA == nil && last == "":
		return &object.Range{First: int64(a), Last: -1}
	case errA == nil && errZ == nil && a <= z:
		return &object.Range{First: int64(a), Last: int64(z)}
	}
	return nil
}

func (c *call) getObject(in *readIn) (*objectOut, error) {
	get, err := c.read(in)
	if err != nil {
		return nil, err
	}
	o, body, err := c.d.cfg.Objects.Get(c.r.Context(), get)
	if err != nil {
		return nil, c.readFailed(o, err)
	}
	c.stream = body
	return c.describe(in, get, o, object.Span{First: body.First, Length: body.Length}), nil
}

func (c *call) headObject(in *readIn) (*objectOut, error) {
	get, err := c.read(in)
	if err != nil {
		return nil, err
	}
	o, span, err := c.d.cfg.Objects.Stat(c.r.Context(), get)
	if err != nil {
		return nil, c.readFailed(o, err)
	}
	out := c.describe(in, get, o, span)
	out.Length = &span.Length
	return out, nil
}

// read is what to read; a range that is only wanted of another version of the
// object (If-Range) is dropped.
func (c *call) read(in *readIn) (object.GetInput, error) {
	get, err := in.input(c.bucket, c.key)
	if err != nil || in.IfRange == "" || get.Range == nil {
		return get, err
	}
	o, err := c.d.cfg.Objects.Head(c.r.Context(), c.bucket, c.key)
	if err != nil {
		return get, c.readFailed(o, err)
	}
	since, notDate := http.ParseTime(in.IfRange)
	if notDate == nil && !since.Equal(o.Modified.Truncate(time.Second)) || notDate != nil && unquoted(in.IfRange) != o.ETag {
		get.Range = nil
	}
	return get, nil
}

// readFailed gives a caller who may not list the bucket no answer to the
// question whether a key is there, and 304 its headers.
func (c *call) readFailed(o object.Object, err error) error {
	switch {
	case errors.Is(err, object.NotModified):
		h := c.w.Header()
		h["ETag"] = []string{quoted(o.ETag)}
		h["Last-Modified"] = []string{o.Modified.Format(http.TimeFormat)}
	case errors.Is(err, object.NoKey):
		if p := identity.FromContext(c.r.Context()); p == nil || p.Kind != identity.Root {
			if denied := c.allowOn("s3:ListBucket", arn+c.bucket, nil); denied != nil {
				return denied
			}
		}
	}
	return err
}

func (c *call) describe(in *readIn, get object.GetInput, o object.Object, span object.Span) *objectOut {
	a := o.Attributes
	out := &objectOut{ETag: quoted(o.ETag), Modified: o.Modified, Ranges: "bytes", ContentType: a.ContentType, ContentEncoding: a.ContentEncoding,
		ContentDisposition: a.ContentDisposition, ContentLanguage: a.ContentLanguage, CacheControl: a.CacheControl, Expires: a.Expires,
		Metadata: a.Metadata, Tags: len(o.Tags)}
	if out.ContentType == "" {
		out.ContentType = "binary/octet-stream"
	}
	for _, over := range []struct {
		to   *string
		with *string
	}{{&out.CacheControl, in.CacheControl}, {&out.ContentDisposition, in.ContentDisposition}, {&out.ContentEncoding, in.ContentEncoding},
		{&out.ContentLanguage, in.ContentLanguage}, {&out.ContentType, in.ContentType}, {&out.Expires, in.Expires}} {
		if over.with != nil {
			*over.to = *over.with
		}
	}
	if get.Range != nil || get.PartNumber > 0 && o.Parts > 0 {
		c.status = http.StatusPartialContent
		out.ContentRange = "bytes " + itoa(span.First) + "-" + itoa(span.First+span.Length-1) + "/" + itoa(o.Size)
	}
	if get.PartNumber > 0 {
		out.Parts = o.Parts
	}
	if in.Mode != "" && span.Length == o.Size {
		out.typedSumsOut = newTypedSums(o.Checksum)
	}
	return out
}
