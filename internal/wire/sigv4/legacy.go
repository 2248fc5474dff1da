package sigv4

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Presigned S3 URLs of the version before: the AWS CLI and boto3 still make
// them for us-east-1. They sign the method, the path, some parameters, the type
// and digest of the body and all x-amz- headers with HMAC-SHA1, but neither the
// host nor the region nor the body. Only this form of version 2 is taken.
//
// Source: "Authenticating requests using REST, Query string request
// authentication alternative" in the S3 API reference.

// subresources are the parameters that change what a path means, and so are signed.
func subresources() []string {
	return []string{"accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location", "logging",
		"metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment", "response-cache-control",
		"response-content-disposition", "response-content-encoding", "response-content-language", "response-content-type",
		"response-expires", "restore", "select", "select-type", "storageClass", "tagging", "torrent", "uploadId", "uploads",
		"versionId", "versioning", "versions", "website"}
}

func (s *Signature) fromLegacy(now time.Time) error {
	s.Legacy, s.Presigned, s.Service, s.Payload = true, true, "s3", unsignedPayload
	s.AccessKey, _ = s.param("AWSAccessKeyId")
	s.signature, _ = s.param("Signature")
	s.Token, _ = s.param("x-amz-security-token")
	s.stamp, _ = s.param("Expires")
	seconds, err := strconv.ParseInt(s.stamp, 10, 64)
	if s.AccessKey == "" || len(s.AccessKey) > credentialMax || s.signature == "" || len(s.Token) > tokenMax || err != nil {
		return BadQuery.New("a presigned URL has AWSAccessKeyId, Signature and Expires")
	}
	if s.Time = time.Unix(seconds, 0); now.After(s.Time) {
		return Expired.New()
	}
	return nil
}

// verifyLegacy tries the path as it is and, for a bucket in the host's name,
// the path below the bucket.
func (s *Signature) verifyLegacy(r *http.Request, secret string) error {
	path := r.URL.EscapedPath()
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	bucket, _, _ := strings.Cut(host, ".")
	for _, resource := range []string{path, "/" + bucket + path} {
		h := hmac.New(sha1.New, []byte(secret))
		h.Write([]byte(s.legacyText(r, resource)))
		want := base64.StdEncoding.EncodeToString(h.Sum(nil))
		if subtle.ConstantTimeCompare([]byte(want), []byte(s.signature)) == 1 {
			return nil
		}
	}
	return Mismatch.New()
}

func (s *Signature) legacyText(r *http.Request, resource string) string {
	header := func(name string) string {
		if v := r.Header.Get(name); v != "" {
			return v
		}
		v, _ := s.param(strings.ToLower(name))
		return v
	}
	var amz []string
	for name, values := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") {
			amz = append(amz, lower+":"+strings.Join(values, ",")+"\n")
		}
	}
	for _, p := range s.query {
		if strings.HasPrefix(p.name, "x-amz-") && r.Header.Get(p.name) == "" {
			amz = append(amz, p.name+":"+p.value+"\n")
		}
	}
	slices.Sort(amz)
	var params []string
	for _, p := range s.query {
		switch {
		case !slices.Contains(subresources(), p.name):
		case p.value == "":
			params = append(params, p.name)
		default:
			params = append(params, p.name+"="+p.value)
		}
	}
	slices.Sort(params)
	if len(params) > 0 {
		resource += "?" + strings.Join(params, "&")
	}
	return r.Method + "\n" + header("Content-MD5") + "\n" + header("Content-Type") + "\n" + s.stamp + "\n" + strings.Join(amz, "") + resource
}

// Hoist copies the headers that a presigned request carries in its query, where
// its signature covers them, to the headers. A header that was sent stays.
func (s *Signature) Hoist(r *http.Request) {
	if !s.Presigned {
		return
	}
	for _, p := range s.query {
		lower := strings.ToLower(p.name)
		switch lower {
		case "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature", "x-amz-security-token", "x-amz-content-sha256":
			continue
		case "content-type", "content-md5":
			if !s.Legacy {
				continue
			}
		default:
			if !strings.HasPrefix(lower, "x-amz-") {
				continue
			}
		}
		if r.Header.Get(lower) == "" {
			r.Header.Set(lower, p.value)
		}
	}
}
