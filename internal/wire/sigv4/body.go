package sigv4

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Stream replaces r.Body by a reader that checks the body against a verified
// signature, as s.Payload says, and removes the aws-chunked framing. After it
// r.ContentLength is the length of the content itself, "aws-chunked" is gone
// from Content-Encoding, and r.Trailer holds the names of announced trailers,
// whose values are there when the body has been read to its end.
//
// The body is proven when the reader has returned io.EOF; a mismatch is an
// error in its place, at the latest with the last byte of the content.
func (s *Signature) Stream(r *http.Request) error {
	switch s.Payload {
	case unsignedPayload:
		return nil
	case streamSigned, streamSignedTrail, streamUnsigned:
		return s.chunked(r)
	}
	if err := s.checkPayload(); err != nil {
		return err
	}
	if r.ContentLength == 0 {
		if !strings.EqualFold(s.Payload, EmptySHA256) {
			return BodyMismatch.New()
		}
		return nil
	}
	r.Body = &hashed{body: r.Body, hash: sha256.New(), want: strings.ToLower(s.Payload), left: r.ContentLength}
	return nil
}

func (s *Signature) chunked(r *http.Request) error {
	length, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return NoLength.New()
	}
	c := &chunked{body: r.Body, in: bufio.NewReaderSize(r.Body, 32<<10), left: length}
	if s.Payload != streamUnsigned {
		c.signature, c.previous, c.hash = s, s.signature, sha256.New()
	}
	if s.Payload != streamSigned {
		if err := c.announce(r); err != nil {
			return err
		}
	}
	r.Body, r.ContentLength = c, length
	stripChunked(r.Header)
	if length == 0 { // nobody reads an empty body, so check it now
		if c.err = c.next(); c.err != io.EOF {
			return c.err
		}
	}
	return nil
}

// stripChunked removes "aws-chunked" from Content-Encoding: it says how the
// body travels, not what the content is.
func stripChunked(h http.Header) {
	var kept []string
	for part := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		if part = strings.TrimSpace(part); part != "" && part != "aws-chunked" {
			kept = append(kept, part)
		}
	}
	h.Del("Content-Encoding")
	if kept != nil {
		h.Set("Content-Encoding", strings.Join(kept, ","))
	}
}

// hashed is a body whose SHA-256 was signed.
type hashed struct {
	body io.ReadCloser
	hash hash.Hash
	want string
	left int64 // bytes until the announced end; negative when not announced
	err  error
}

func (h *hashed) Close() error { return h.body.Close() }

func (h *hashed) Read(p []byte) (int, error) {
	if h.err != nil {
		return 0, h.err
	}
	n, err := h.body.Read(p)
	h.hash.Write(p[:n])
	h.left -= int64(n)
	if h.left == 0 && err == nil {
		err = io.EOF // do not wait for a read that may never come
	}
	if err == io.EOF && hex.EncodeToString(h.hash.Sum(nil)) != h.want {
		err = BodyMismatch.New()
	}
	h.err = err
	return n, err
}
