package s3

import (
	"fmt"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/page"
)

// listIn is what the listings of objects share.
type listIn struct {
	Prefix    string  `query:"prefix"`
	Delimiter string  `query:"delimiter"`
	Encoding  *string `query:"encoding-type" only:"url"`
	Max       *int    `query:"max-keys"`
	Optional  string  `header:"x-amz-optional-object-attributes" only:"RestoreStatus"`
}

func (in *listIn) max() (int, error) {
	if in.Max == nil {
		return 1000, nil
	}
	if *in.Max < 0 {
		return 0, BadArgument.New("Argument maxKeys must be an integer between 0 and 2147483647")
	}
	return min(*in.Max, 1000), nil
}

// code writes a key as the client asked.
func (in *listIn) code(s string) string { return encoded(s, in.Encoding != nil) }

func (in *listIn) codeOr(s string) *string { return textOr(in.code(s)) }

// encoded is URL encoding as the real service lists keys: all but unreserved
// characters and the slash.
func encoded(s string, url bool) string {
	if !url {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

type listed struct {
	Key       string    `xml:"Key"`
	Modified  time.Time `xml:"LastModified"`
	ETag      string    `xml:"ETag"`
	Algorithm string    `xml:"ChecksumAlgorithm,omitempty"`
	Type      string    `xml:"ChecksumType,omitempty"`
	Size      int64     `xml:"Size"`
	Owner     *owner    `xml:"Owner"`
	Class     string    `xml:"StorageClass"`
}

type prefixOut struct {
	Prefix string `xml:"Prefix"`
}

// listing asks for a page; max 0 is an empty one.
func (c *call) listing(in *listIn, after string) (l object.Listing, max int, err error) {
	if max, err = in.max(); err != nil {
		return l, max, err
	}
	if max == 0 {
		_, err = c.d.cfg.Objects.GetBucket(c.r.Context(), c.bucket)
		return l, max, err
	}
	l, err = c.d.cfg.Objects.List(c.r.Context(), object.ListInput{Bucket: c.bucket, Prefix: in.Prefix, Delimiter: in.Delimiter, After: after, Max: max})
	return l, max, err
}

func (c *call) contents(in *listIn, l object.Listing, withOwner bool) ([]listed, []prefixOut) {
	var by *owner
	if withOwner {
		by = &owner{c.d.owner}
	}
	out := make([]listed, len(l.Objects))
	for i, o := range l.Objects {
		out[i] = listed{in.code(o.Key), o.Modified.Truncate(time.Second), quoted(o.ETag), o.Checksum.Algorithm, checksumType(o.Checksum), o.Size, by, "STANDARD"}
	}
	prefixes := make([]prefixOut, len(l.Prefixes))
	for i, p := range l.Prefixes {
		prefixes[i] = prefixOut{in.code(p)}
	}
	return out, prefixes
}

type listObjectsIn struct {
	listIn
	Marker string `query:"marker"`
}

type listObjectsOut struct {
	List struct {
		Name      string      `xml:"Name"`
		Prefix    *string     `xml:"Prefix"`
		Marker    *string     `xml:"Marker"`
		Next      *string     `xml:"NextMarker"`
		Delimiter *string     `xml:"Delimiter"`
		Max       int         `xml:"MaxKeys"`
		Encoding  *string     `xml:"EncodingType"`
		Truncated bool        `xml:"IsTruncated"`
		Contents  []listed    `xml:"Contents"`
		Prefixes  []prefixOut `xml:"CommonPrefixes"`
	} `body:"ListBucketResult"`
}

func (c *call) listObjects(in *listObjectsIn) (*listObjectsOut, error) {
	l, max, err := c.listing(&in.listIn, in.Marker)
	if err != nil {
		return nil, err
	}
	out := &listObjectsOut{}
	r := &out.List
	r.Name, r.Prefix, r.Marker, r.Delimiter = c.bucket, text(in.code(in.Prefix)), text(in.code(in.Marker)), in.codeOr(in.Delimiter)
	r.Max, r.Encoding, r.Truncated = max, in.Encoding, l.Next != ""
	if in.Delimiter != "" {
		r.Next = in.codeOr(l.Next)
	}
	r.Contents, r.Prefixes = c.contents(&in.listIn, l, true)
	return out, nil
}

type listObjectsV2In struct {
	listIn
	Type       string `query:"list-type" only:"2"`
	Token      string `query:"continuation-token"`
	StartAfter string `query:"start-after"`
	FetchOwner bool   `query:"fetch-owner"`
}

type listObjectsV2Out struct {
	List struct {
		Name       string      `xml:"Name"`
		Prefix     *string     `xml:"Prefix"`
		Token      *string     `xml:"ContinuationToken"`
		Next       *string     `xml:"NextContinuationToken"`
		StartAfter *string     `xml:"StartAfter"`
		Count      int         `xml:"KeyCount"`
		Max        int         `xml:"MaxKeys"`
		Delimiter  *string     `xml:"Delimiter"`
		Encoding   *string     `xml:"EncodingType"`
		Truncated  bool        `xml:"IsTruncated"`
		Contents   []listed    `xml:"Contents"`
		Prefixes   []prefixOut `xml:"CommonPrefixes"`
	} `body:"ListBucketResult"`
}

func (c *call) listObjectsV2(in *listObjectsV2In) (*listObjectsV2Out, error) {
	after := in.StartAfter
	if c.query.Has("continuation-token") {
		if in.Token == "" {
			return nil, BadArgument.New("The continuation token provided is incorrect")
		}
		var err error
		if after, err = page.After("objects", in.Token); err != nil {
			return nil, err
		}
	}
	l, max, err := c.listing(&in.listIn, after)
	if err != nil {
		return nil, err
	}
	out := &listObjectsV2Out{}
	r := &out.List
	r.Name, r.Prefix, r.Token, r.StartAfter = c.bucket, text(in.code(in.Prefix)), textOr(in.Token), in.codeOr(in.StartAfter)
	r.Next, r.Delimiter = textOr(page.Token("objects", l.Next)), in.codeOr(in.Delimiter)
	r.Count, r.Max, r.Encoding, r.Truncated = len(l.Objects)+len(l.Prefixes), max, in.Encoding, l.Next != ""
	r.Contents, r.Prefixes = c.contents(&in.listIn, l, in.FetchOwner)
	return out, nil
}

type listVersionsIn struct {
	listIn
	KeyMarker     string `query:"key-marker"`
	VersionMarker string `query:"version-id-marker"`
}

type versionOut struct {
	Key      string    `xml:"Key"`
	Version  string    `xml:"VersionId"`
	Latest   bool      `xml:"IsLatest"`
	Modified time.Time `xml:"LastModified"`
	ETag     string    `xml:"ETag"`
	Size     int64     `xml:"Size"`
	Owner    owner     `xml:"Owner"`
	Class    string    `xml:"StorageClass"`
}

type listVersionsOut struct {
	List struct {
		Name          string       `xml:"Name"`
		Prefix        *string      `xml:"Prefix"`
		KeyMarker     *string      `xml:"KeyMarker"`
		VersionMarker *string      `xml:"VersionIdMarker"`
		NextKey       *string      `xml:"NextKeyMarker"`
		NextVersion   *string      `xml:"NextVersionIdMarker"`
		Max           int          `xml:"MaxKeys"`
		Delimiter     *string      `xml:"Delimiter"`
		Encoding      *string      `xml:"EncodingType"`
		Truncated     bool         `xml:"IsTruncated"`
		Versions      []versionOut `xml:"Version"`
		Prefixes      []prefixOut  `xml:"CommonPrefixes"`
	} `body:"ListVersionsResult"`
}

// listObjectVersions lists the objects as the one version that each is in a
// bucket without versions. A version marker changes nothing: all versions of
// the key marker have been listed.
func (c *call) listObjectVersions(in *listVersionsIn) (*listVersionsOut, error) {
	l, max, err := c.listing(&in.listIn, in.KeyMarker)
	if err != nil {
		return nil, err
	}
	out := &listVersionsOut{}
	r := &out.List
	r.Name, r.Prefix, r.KeyMarker, r.VersionMarker = c.bucket, text(in.code(in.Prefix)), text(in.code(in.KeyMarker)), text(in.VersionMarker)
	r.Max, r.Delimiter, r.Encoding, r.Truncated = max, in.codeOr(in.Delimiter), in.Encoding, l.Next != ""
	if r.NextKey = in.codeOr(l.Next); r.NextKey != nil {
		r.NextVersion = text("null")
	}
	for _, o := range l.Objects {
		r.Versions = append(r.Versions, versionOut{in.code(o.Key), "null", true, o.Modified.Truncate(time.Second), quoted(o.ETag), o.Size, owner{c.d.owner}, "STANDARD"})
	}
	_, r.Prefixes = c.contents(&in.listIn, object.Listing{Prefixes: l.Prefixes}, false)
	return out, nil
}
