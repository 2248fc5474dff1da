package s3

import (
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// sourceIn names what is copied, and under which conditions.
type sourceIn struct {
	Source                  string    `header:"x-amz-copy-source"`
	SourceIfMatch           string    `header:"x-amz-copy-source-if-match"`
	SourceIfNoneMatch       string    `header:"x-amz-copy-source-if-none-match"`
	SourceIfModifiedSince   time.Time `header:"x-amz-copy-source-if-modified-since"`
	SourceIfUnmodifiedSince time.Time `header:"x-amz-copy-source-if-unmodified-since"`
	SourceOwner             string    `header:"x-amz-source-expected-bucket-owner"`
}

// source reads where to copy from and asks whether the caller may.
func (c *call) source(in *sourceIn) (bucket, key string, conditions object.Conditions, err error) {
	conditions = object.Conditions{IfMatch: unquoted(in.SourceIfMatch), IfNoneMatch: unquoted(in.SourceIfNoneMatch),
		IfModifiedSince: in.SourceIfModifiedSince, IfUnmodifiedSince: in.SourceIfUnmodifiedSince}
	if bucket, key, err = copySource(in.Source); err != nil {
		return
	}
	if err = c.checkOwner("x-amz-source-expected-bucket-owner"); err != nil {
		return
	}
	err = c.allowOn("s3:GetObject", arn+bucket+"/"+key, nil)
	return
}

type copyObjectIn struct {
	attributesIn
	writeIn
	sourceIn
	MetadataDirective string `header:"x-amz-metadata-directive" only:"COPY,REPLACE"`
	TaggingDirective  string `header:"x-amz-tagging-directive" only:"COPY,REPLACE"`
	Algorithm         string `header:"x-amz-checksum-algorithm"`
}

type copyOut struct {
	ETag     string    `xml:"ETag"`
	Modified time.Time `xml:"LastModified"`
	typedSumsOut
}

type copyObjectOut struct {
	Result copyOut `body:"CopyObjectResult"`
}

func (c *call) copyObject(in *copyObjectIn) (*copyObjectOut, error) {
	bucket, key, conditions, err := c.source(&in.sourceIn)
	if err != nil {
		return nil, err
	}
	copy := object.CopyInput{SourceBucket: bucket, SourceKey: key, Source: conditions, Bucket: c.bucket, Key: c.key,
		Conditions: in.writeIn.conditions(), Algorithm: strings.ToUpper(in.Algorithm)}
	if in.MetadataDirective == "REPLACE" {
		a := in.attributes()
		copy.Attributes = &a
	}
	if in.TaggingDirective == "REPLACE" {
		tags, err := c.tags(in.Tagging)
		if err != nil {
			return nil, err
		}
		copy.Tags = &tags
	}
	o, err := c.d.cfg.Objects.Copy(c.r.Context(), copy)
	if err != nil {
		return nil, err
	}
	return &copyObjectOut{copyOut{quoted(o.ETag), o.Modified.Truncate(time.Second), newTypedSums(o.Checksum)}}, nil
}

type uploadPartCopyIn struct {
	sourceIn
	Upload string `query:"uploadId"`
	Number int    `query:"partNumber"`
	Range  string `header:"x-amz-copy-source-range"`
}

type uploadPartCopyOut struct {
	Result struct {
		ETag     string    `xml:"ETag"`
		Modified time.Time `xml:"LastModified"`
		sumsOut
	} `body:"CopyPartResult"`
}

func (c *call) uploadPartCopy(in *uploadPartCopyIn) (*uploadPartCopyOut, error) {
	bucket, key, conditions, err := c.source(&in.sourceIn)
	if err != nil {
		return nil, err
	}
	copy := object.PartCopyInput{Bucket: c.bucket, Key: c.key, UploadID: in.Upload, Number: in.Number,
		SourceBucket: bucket, SourceKey: key, Source: conditions}
	if in.Range != "" {
		copy.Range = parseRange(in.Range)
		if copy.Range == nil || copy.Range.First < 0 || copy.Range.Last < 0 {
			return nil, BadArgument.New("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
		}
	}
	p, err := c.d.cfg.Objects.CopyPart(c.r.Context(), copy)
	if err != nil {
		return nil, err
	}
	out := &uploadPartCopyOut{}
	out.Result.ETag, out.Result.Modified, out.Result.sumsOut = quoted(p.ETag), p.Modified.Truncate(time.Second), newSums(p.Checksum)
	return out, nil
}
