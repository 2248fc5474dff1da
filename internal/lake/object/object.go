// Package object keeps objects: named byte strings in buckets.
//
// It promises that an answered write is on disk, bytes and name; that a write
// is seen whole or not at all; that keys are listed in the order of their
// bytes; and that a reader goes on reading what it opened. Keys are any UTF-8:
// "d" and "d/x" live side by side, "w//x" is not "w/x".
//
// The bytes of small objects are rows in store/meta, those of others files in
// store/blob; an upload in parts becomes a list of files, and its completion
// copies nothing. See DESIGN.md. The S3 door, the query engine (Pin, Adopt)
// and delivery call it. It asks no policies: its callers do.
package object

import (
	"io"
	"time"
)

// Bucket is a named set of objects.
type Bucket struct {
	Name    string
	Created time.Time
}

// Object is what is known of an object beside its bytes.
type Object struct {
	Bucket     string
	Key        string // any UTF-8, 1 to 1,024 bytes
	Size       int64  // bytes
	ETag       string // without quotes: MD5 in hex, or MD5 of part MD5s and "-parts"
	Modified   time.Time
	Attributes Attributes // not in listings
	Checksum   Checksum   // without Value in listings
	Tags       map[string]string
	Parts      int // parts of a multipart upload, 0 for a single put
}

// Attributes are given by the writer and given back as they were.
type Attributes struct {
	ContentType        string            `json:",omitempty"`
	ContentEncoding    string            `json:",omitempty"`
	ContentDisposition string            `json:",omitempty"`
	ContentLanguage    string            `json:",omitempty"`
	CacheControl       string            `json:",omitempty"`
	Expires            string            `json:",omitempty"`
	Metadata           map[string]string `json:",omitempty"` // user metadata, keys in lower case without a prefix
}

// Checksum is an additional checksum of an object's bytes.
type Checksum struct {
	Algorithm string // "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"; empty for none
	Value     string // base64; with "-parts" when composite
	Composite bool   // a checksum of part checksums
}

// Conditions guard a write or a read; all that are set must hold. Writes have
// IfMatch and IfNoneMatch, the latter only as "*".
type Conditions struct {
	IfMatch           string // ETag without quotes, or "*"
	IfNoneMatch       string
	IfModifiedSince   time.Time
	IfUnmodifiedSince time.Time
}

// PutInput describes a Put.
type PutInput struct {
	Bucket, Key string
	Body        io.Reader
	Size        int64 // bytes of Body, -1 when unknown
	Attributes  Attributes
	Tags        map[string]string
	Checksum    Checksum // Value empty: compute Algorithm; set: compute and compare
	MD5         string   // base64 of the expected MD5; empty: not compared
	Conditions  Conditions
}

// Range is a part of an object: bytes First to Last, both included. Last < 0
// reads to the end; First < 0 reads the last -First bytes.
type Range struct{ First, Last int64 }

// GetInput describes a Get.
type GetInput struct {
	Bucket, Key string
	Range       *Range
	PartNumber  int // 1-based; 0 for the whole object
	Conditions  Conditions
}

// Body is an open object. It reads what the object was when it was opened,
// whatever happens to the key meanwhile. Close it.
type Body struct {
	io.ReadCloser
	First, Length int64 // the bytes that are read, of Object.Size
}

// SendN writes the next n bytes of the body to w. Files go to a socket without
// passing through this process's memory.
func (b *Body) SendN(w io.Writer, n int64) (int64, error) {
	if f, ok := b.ReadCloser.(sender); ok {
		return f.sendN(w, n)
	}
	return io.CopyN(w, b.ReadCloser, n)
}

// sender is a body of files.
type sender interface {
	sendN(w io.Writer, n int64) (int64, error)
}

// ListInput describes a List. Keys come in byte order.
type ListInput struct {
	Bucket, Prefix, Delimiter string
	After                     string // list keys and prefixes after this one
	Max                       int    // 1 to 1,000 entries
}

// Listing is a page of a bucket. Next is what to pass as After for the next
// page; it is empty on the last one.
type Listing struct {
	Objects  []Object
	Prefixes []string
	Next     string
}

// File is a local file that becomes an object.
type File struct {
	Key        string
	Path       string
	Attributes Attributes
}
