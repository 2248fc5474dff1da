// Package sigv4 checks the signatures of AWS Signature Version 4 on the
// server's side.
//
// A client proves that it knows a secret without sending it: it writes the
// request in a canonical form (method, path, query, some headers, hash of the
// body), hashes that, and signs the hash with a key derived from the secret,
// the date, the region and the service. The server does the same and compares.
//
// A request carries its signature in the Authorization header or, presigned,
// in its query. The body is covered by its SHA-256, by a chain of signatures
// over chunks (aws-chunked), by a checksum in a trailer, or not at all.
//
// The steps are three, so that a caller can refuse a stranger before it reads
// a body: [Parse] reads and judges what needs no secret, [Signature.Verify]
// compares, and for S3 [Signature.Stream] makes the body a reader that checks
// while it is read. What a reader returned is proven only when it has returned
// io.EOF: use nothing of a body before that.
//
// Sources: "Create a signed AWS API request" in the IAM user guide;
// "Authenticating Requests (AWS Signature Version 4)" in the S3 API reference.
package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	timeFormat = "20060102T150405Z"

	// SkewMax is how far a client's clock may be from ours.
	SkewMax = 15 * time.Minute
	// ExpiresMaxSeconds is the longest life of a presigned request: 7 days.
	ExpiresMaxSeconds = 7 * 24 * 60 * 60
	// EmptySHA256 is the hash of no bytes.
	EmptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	unsignedPayload   = "UNSIGNED-PAYLOAD"
	streamSigned      = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamSignedTrail = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamUnsigned    = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// Signature is what a request says of its signing; nothing of it is proven
// until Verify returned nil.
type Signature struct {
	AccessKey string
	Region    string // of the credential scope
	Service   string // of the credential scope: "s3", "glue"
	Token     string // session token of temporary credentials, or ""
	Time      time.Time
	Presigned bool
	// Payload is what the client put in place of the body's hash: 64 hex
	// digits, UNSIGNED-PAYLOAD, a STREAMING-... word, or "" when it sent none.
	Payload string

	date      string // of the credential scope
	stamp     string // Time as the client wrote it
	signed    []string
	signature string
	query     []pair
	key       []byte // set by Verify
}

// Verify compares the signature with the one made from secret. payload is the
// last line of the canonical request: s.Payload for S3, and the hex SHA-256 of
// the body for every other service.
func (s *Signature) Verify(r *http.Request, secret, payload string) error {
	canonical := sha256.Sum256(s.canonical(r, payload))
	s.key = signingKey(secret, s.date, s.Region, s.Service)
	want := s.sign(algorithm, hex.EncodeToString(canonical[:]))
	if subtle.ConstantTimeCompare([]byte(want), []byte(s.signature)) != 1 {
		return Mismatch.New()
	}
	return nil
}

// sign signs lines under a heading, the time and the scope.
func (s *Signature) sign(heading string, lines ...string) string {
	text := heading + "\n" + s.stamp + "\n" + s.scope() + "\n" + strings.Join(lines, "\n")
	return hex.EncodeToString(mac(s.key, text))
}

func (s *Signature) scope() string {
	return s.date + "/" + s.Region + "/" + s.Service + "/aws4_request"
}

func signingKey(secret, date, region, service string) []byte {
	return mac(mac(mac(mac([]byte("AWS4"+secret), date), region), service), "aws4_request")
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
