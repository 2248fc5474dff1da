package gate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/wire/sigv2"
	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// Admit verifies a request of the S3 door. The request it returns carries the
// caller in its context and a body that is checked while it is read (see
// [sigv4.Signature.Stream]: nothing of the body is proven before its io.EOF).
// Refuses with the reasons of sigv4 and identity; RESTCodes names them.
func (g *Gate) Admit(r *http.Request) (*http.Request, error) {
	signature, credential, err := g.claim(r, "s3")
	if err != nil {
		return nil, err
	}
	if err := signature.Verify(r, credential.Secret, signature.Payload); err != nil {
		return nil, err
	}
	r = g.admitted(r, signature, credential)
	if signature.Presigned {
		sigv4.Hoist(r)
	}
	return r, signature.Stream(r)
}

// AdmitURL verifies a presigned URL of signature version 2 for the S3 door.
// resource is the escaped path with the bucket first. The body is not signed.
func (g *Gate) AdmitURL(r *http.Request, resource string) (*http.Request, error) {
	signature, err := sigv2.Parse(r, g.cfg.Now())
	if err != nil {
		return nil, err
	}
	credential, err := g.cfg.Identity.Credential(r.Context(), signature.AccessKey, signature.Token)
	if err != nil {
		return nil, err
	}
	if err := signature.Verify(r, credential.Secret, resource); err != nil {
		return nil, err
	}
	r = g.admitted(r, &sigv4.Signature{AccessKey: signature.AccessKey, Service: "s3", Region: g.cfg.Region}, credential)
	sigv4.Hoist(r)
	return r, nil
}

// admitWhole verifies a request with a bounded body and returns the body,
// decompressed.
func (g *Gate) admitWhole(w http.ResponseWriter, r *http.Request, service string) (*http.Request, []byte, error) {
	signature, credential, err := g.claim(r, service)
	if err != nil {
		return nil, nil, err
	}
	sent, err := readBody(w, r, g.cfg.BodyBytesMax)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(sent)
	if err := signature.Verify(r, credential.Secret, hex.EncodeToString(sum[:])); err != nil {
		return nil, nil, err
	}
	body, err := decompress(r, sent, g.cfg.BodyBytesMax)
	if err != nil {
		return nil, nil, err
	}
	r = g.admitted(r, signature, credential)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r, body, nil
}

// claim reads who the request says it is from, before its body is touched.
func (g *Gate) claim(r *http.Request, service string) (*sigv4.Signature, identity.Credential, error) {
	var none identity.Credential
	signature, err := sigv4.Parse(r, g.cfg.Now())
	if err != nil {
		return nil, none, err
	}
	if signature.Service != service {
		return nil, none, sigv4.BadScope.New("service", signature.Service, service)
	}
	if signature.Region != g.cfg.Region && !(global(service) && signature.Region == "us-east-1") {
		return nil, none, sigv4.BadScope.New("region", signature.Region, g.cfg.Region)
	}
	credential, err := g.cfg.Identity.Credential(r.Context(), signature.AccessKey, signature.Token)
	if err != nil {
		return nil, none, err
	}
	return signature, credential, nil
}

// global tells the services that are signed for us-east-1 from everywhere.
func global(service string) bool { return service == "iam" || service == "sts" }

func (g *Gate) admitted(r *http.Request, s *sigv4.Signature, c identity.Credential) *http.Request {
	g.cfg.Identity.Used(s.AccessKey, s.Service, g.cfg.Region)
	ctx := identity.NewContext(r.Context(), c.Principal)
	ctx = context.WithValue(ctx, conditionsKey{}, requestConditions(r, g.cfg.Region, g.cfg.Now()))
	if call := callOf(ctx); call != nil {
		call.caller = c.Principal
	}
	return r.WithContext(ctx)
}

type conditionsKey struct{}

// requestConditions are the context keys that every request has.
// Source: "AWS global condition context keys" in the IAM user guide.
func requestConditions(r *http.Request, region string, now time.Time) map[string][]string {
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		ip = r.RemoteAddr
	}
	m := map[string][]string{
		"aws:currenttime":     {now.UTC().Format(time.RFC3339)},
		"aws:epochtime":       {strconv.FormatInt(now.Unix(), 10)},
		"aws:securetransport": {strconv.FormatBool(r.TLS != nil)},
		"aws:sourceip":        {ip},
		"aws:requestedregion": {region},
	}
	if v := r.UserAgent(); v != "" {
		m["aws:useragent"] = []string{v}
	}
	if v := r.Referer(); v != "" {
		m["aws:referer"] = []string{v}
	}
	return m
}

// Authorize asks the policies of the caller in ctx; nil is yes. conditions are
// the operation's own context keys ("s3:prefix"), in any case; nil is none.
func (g *Gate) Authorize(ctx context.Context, action, resource string, conditions map[string][]string) error {
	all, _ := ctx.Value(conditionsKey{}).(map[string][]string)
	if len(conditions) > 0 {
		merged := make(map[string][]string, len(all)+len(conditions))
		for k, v := range all {
			merged[k] = v
		}
		for k, v := range conditions {
			merged[strings.ToLower(k)] = v
		}
		all = merged
	}
	return g.cfg.Identity.Authorize(ctx, identity.FromContext(ctx), identity.Request{Action: action, Resource: resource, Context: all})
}

// Conditions returns the condition keys that every request has, for operations
// that ask policies themselves. Do not change them.
func Conditions(ctx context.Context) map[string][]string {
	m, _ := ctx.Value(conditionsKey{}).(map[string][]string)
	return m
}
