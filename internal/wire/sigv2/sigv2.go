// Package sigv2 verifies presigned URLs of AWS signature version 2, which the
// AWS CLI's `s3 presign` and boto3 still make for us-east-1 when they are not
// told otherwise. Only this form is taken: signed headers of version 2 are not.
//
// Source: "Signing and authenticating REST requests (AWS signature version 2)"
// in the S3 user guide.
package sigv2

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// Signature is what a presigned URL says of its signer.
type Signature struct {
	AccessKey string
	Token     string // of temporary credentials
	Expires   time.Time
	value     string
	query     url.Values
}

// Present says whether a query has a version 2 signature.
func Present(query url.Values) bool { return query.Has("AWSAccessKeyId") && query.Has("Signature") }

// Parse reads the signature of a request and refuses an expired one.
func Parse(r *http.Request, now time.Time) (*Signature, error) {
	q := r.URL.Query()
	if r.Header.Get("Authorization") != "" {
		return nil, sigv4.TwoWays.New()
	}
	seconds, err := strconv.ParseInt(q.Get("Expires"), 10, 64)
	if err != nil {
		return nil, sigv4.BadQuery.Wrap(err, "Expires must be a time in seconds since 1970")
	}
	s := &Signature{AccessKey: q.Get("AWSAccessKeyId"), Token: q.Get("x-amz-security-token"), Expires: time.Unix(seconds, 0), value: q.Get("Signature"), query: q}
	if now.After(s.Expires) {
		return nil, sigv4.Expired.New()
	}
	return s, nil
}

// Verify compares the signature with that of the secret. resource is the
// escaped path with the bucket first, wherever the request has its bucket.
func (s *Signature) Verify(r *http.Request, secret, resource string) error {
	h := hmac.New(sha1.New, []byte(secret))
	h.Write([]byte(s.stringToSign(r, resource)))
	want := base64.StdEncoding.EncodeToString(h.Sum(nil))
	if subtle.ConstantTimeCompare([]byte(want), []byte(s.value)) != 1 {
		return sigv4.Mismatch.New()
	}
	return nil
}

func (s *Signature) stringToSign(r *http.Request, resource string) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n")
	for _, name := range []string{"Content-Md5", "Content-Type"} {
		v := r.Header.Get(name)
		if v == "" {
			v = s.query.Get(strings.ToLower(name))
		}
		b.WriteString(v + "\n")
	}
	b.WriteString(s.query.Get("Expires") + "\n")
	b.WriteString(s.amzHeaders(r))
	b.WriteString(resource)
	b.WriteString(s.subResources())
	return b.String()
}

// amzHeaders are the x-amz- headers, of the request or moved into its query.
func (s *Signature) amzHeaders(r *http.Request) string {
	all := map[string]string{}
	for _, from := range []map[string][]string{s.query, r.Header} {
		for name, values := range from {
			if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") {
				trimmed := make([]string, len(values))
				for i, v := range values {
					trimmed[i] = strings.TrimSpace(v)
				}
				all[lower] = strings.Join(trimmed, ",")
			}
		}
	}
	lines := make([]string, 0, len(all))
	for name, v := range all {
		lines = append(lines, name+":"+v+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// signedParameters are the query keys that belong to the resource.
const signedParameters = ` accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics
 notification object-lock partNumber policy replication requestPayment response-cache-control response-content-disposition
 response-content-encoding response-content-language response-content-type response-expires restore select select-type
 storageClass tagging torrent uploadId uploads versionId versioning versions website `

func (s *Signature) subResources() string {
	var parts []string
	for name, values := range s.query {
		if !strings.Contains(signedParameters, " "+name+" ") && !strings.Contains(signedParameters, " "+name+"\n") {
			continue
		}
		if values[0] == "" {
			parts = append(parts, name)
			continue
		}
		parts = append(parts, name+"="+values[0])
	}
	if len(parts) == 0 {
		return ""
	}
	slices.Sort(parts)
	return "?" + strings.Join(parts, "&")
}
