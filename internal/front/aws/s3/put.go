package s3

import (
	"net/url"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// attributesIn is what a writer says of an object.
type attributesIn struct {
	ContentType        string            `header:"Content-Type"`
	ContentEncoding    string            `header:"Content-Encoding"`
	ContentDisposition string            `header:"Content-Disposition"`
	ContentLanguage    string            `header:"Content-Language"`
	CacheControl       string            `header:"Cache-Control"`
	Expires            string            `header:"Expires"`
	Metadata           map[string]string `headers:"x-amz-meta-"`
	Tagging            string            `header:"x-amz-tagging"`
	Class              string            `header:"x-amz-storage-class" only:"STANDARD"`
	ACL                string            `header:"x-amz-acl" only:"private,bucket-owner-full-control"`
}

func (in *attributesIn) attributes() object.Attributes {
	return object.Attributes{ContentType: in.ContentType, ContentEncoding: in.ContentEncoding, ContentDisposition: in.ContentDisposition,
		ContentLanguage: in.ContentLanguage, CacheControl: in.CacheControl, Expires: in.Expires, Metadata: in.Metadata}
}

// tags reads the tags of a header, which are a query string, and asks whether
// the caller may set them.
func (c *call) tags(header string) (map[string]string, error) {
	if header == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(header)
	if err != nil {
		return nil, BadArgument.Wrap(err, "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
	}
	tags, asked := map[string]string{}, map[string][]string{}
	for k, v := range values {
		if len(v) > 1 {
			return nil, BadArgument.New("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
		}
		tags[k] = v[0]
		asked["s3:requestobjecttag/"+k] = v
		asked["s3:requestobjecttagkeys"] = append(asked["s3:requestobjecttagkeys"], k)
	}
	return tags, c.allow("s3:PutObjectTagging", asked)
}

// writeIn are the conditions of a write.
type writeIn struct {
	IfMatch     string `header:"If-Match"`
	IfNoneMatch string `header:"If-None-Match"`
}

func (in *writeIn) conditions() object.Conditions {
	return object.Conditions{IfMatch: unquoted(in.IfMatch), IfNoneMatch: unquoted(in.IfNoneMatch)}
}

type putObjectIn struct {
	attributesIn
	writeIn
	sumsIn
	MD5 string `header:"Content-MD5"`
}

type putObjectOut struct {
	ETag string `header:"ETag"`
	typedSumsOut
}

func (c *call) putObject(in *putObjectIn) (*putObjectOut, error) {
	body, size, err := c.body()
	if err != nil {
		return nil, err
	}
	sums, err := c.sums()
	if err != nil {
		return nil, err
	}
	tags, err := c.tags(in.Tagging)
	if err != nil {
		return nil, err
	}
	o, err := c.d.cfg.Objects.Put(c.r.Context(), object.PutInput{Bucket: c.bucket, Key: c.key, Body: body, Size: size,
		Attributes: in.attributes(), Tags: tags, Checksum: sums, MD5: in.MD5, Conditions: in.conditions()})
	if err != nil {
		return nil, err
	}
	return &putObjectOut{quoted(o.ETag), newTypedSums(o.Checksum)}, nil
}

type deleteObjectIn struct {
	IfMatch string `header:"If-Match"`
}

func (c *call) deleteObject(in *deleteObjectIn) (*none, error) {
	c.status = 204
	return &none{}, c.d.cfg.Objects.DeleteIf(c.r.Context(), c.bucket, c.key, object.Conditions{IfMatch: unquoted(in.IfMatch)})
}

func (c *call) getObjectTagging(*none) (*taggingOut, error) {
	o, err := c.d.cfg.Objects.Head(c.r.Context(), c.bucket, c.key)
	return newTagging(o.Tags), err
}

func (c *call) putObjectTagging(in *taggingIn) (*none, error) {
	tags, err := tagMap(in.Tagging.Tags)
	if err != nil {
		return nil, err
	}
	return &none{}, c.d.cfg.Objects.PutTags(c.r.Context(), c.bucket, c.key, tags)
}

func (c *call) deleteObjectTagging(*none) (*none, error) {
	c.status = 204
	return &none{}, c.d.cfg.Objects.PutTags(c.r.Context(), c.bucket, c.key, nil)
}

// copySource reads x-amz-copy-source: bucket and key, percent-encoded, maybe
// with a version.
func copySource(header string) (bucket, key string, err error) {
	path, query, _ := strings.Cut(header, "?")
	if version, ok := strings.CutPrefix(query, "versionId="); ok && version != "null" {
		return "", "", NoVersion.New(version)
	}
	path, err = url.PathUnescape(strings.TrimPrefix(path, "/"))
	bucket, key, _ = strings.Cut(path, "/")
	if err != nil || bucket == "" || key == "" {
		return "", "", BadCopySource.New()
	}
	return bucket, key, nil
}
