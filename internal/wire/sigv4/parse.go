package sigv4

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bounds of what a stranger may send in an Authorization header
const (
	signedHeadersMax = 128
	credentialMax    = 512 // bytes
	tokenMax         = 4096
)

// Parse reads a request's signature and refuses what can be refused without a
// secret: no or two signatures, a wrong form, a clock more than 15 minutes off,
// an expired presigned request, headers that should have been signed.
func Parse(r *http.Request, now time.Time) (*Signature, error) {
	query, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	s := &Signature{query: query}
	header := r.Header.Get("Authorization")
	algo, presigned := s.param("X-Amz-Algorithm")
	switch {
	case header != "" && presigned:
		return nil, TwoWays.New()
	case header != "":
		err = s.fromHeader(r, header)
	case presigned && algo != algorithm:
		err = BadAlgorithm.New(algo)
	case presigned:
		err = s.fromQuery(r)
	default:
		err = Missing.New()
	}
	if err == nil {
		err = s.checkTime(now)
	}
	if err == nil {
		err = s.checkHeaders(r)
	}
	if err == nil && s.Service == "s3" {
		err = s.checkPayload()
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// checkPayload refuses what Stream could not check, before anything is read.
func (s *Signature) checkPayload() error {
	switch s.Payload {
	case "":
		return NoPayload.New()
	case unsignedPayload, streamSigned, streamSignedTrail, streamUnsigned:
		return nil
	}
	if len(s.Payload) != 64 || !isHex(s.Payload) {
		return BadPayload.New()
	}
	return nil
}

func (s *Signature) fromHeader(r *http.Request, header string) error {
	algo, rest, _ := strings.Cut(header, " ")
	if algo != algorithm {
		return BadAlgorithm.New(cut(algo, 40))
	}
	var credential, signed string
	for part := range strings.SplitSeq(rest, ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch k {
		case "Credential":
			credential = v
		case "SignedHeaders":
			signed = v
		case "Signature":
			s.signature = v
		}
	}
	if err := s.scopeFrom(credential, signed); err != nil {
		return err
	}
	s.Token = r.Header.Get("X-Amz-Security-Token")
	s.Payload = r.Header.Get("X-Amz-Content-Sha256")
	stamp := r.Header.Get("X-Amz-Date")
	if stamp == "" {
		if t, err := http.ParseTime(r.Header.Get("Date")); err == nil {
			stamp = t.UTC().Format(timeFormat)
		}
	}
	return s.timeFrom(stamp)
}

func (s *Signature) fromQuery(r *http.Request) error {
	s.Presigned = true
	credential, _ := s.param("X-Amz-Credential")
	signed, _ := s.param("X-Amz-SignedHeaders")
	stamp, _ := s.param("X-Amz-Date")
	s.signature, _ = s.param("X-Amz-Signature")
	s.Token, _ = s.param("X-Amz-Security-Token")
	if err := s.scopeFrom(credential, signed); err != nil {
		return err
	}
	s.Payload = r.Header.Get("X-Amz-Content-Sha256")
	if s.Payload == "" {
		s.Payload, _ = s.param("X-Amz-Content-Sha256")
	}
	if s.Payload == "" && s.Service == "s3" {
		s.Payload = unsignedPayload
	}
	return s.timeFrom(stamp)
}

// scopeFrom reads "AKIA.../20260102/us-east-1/s3/aws4_request" and "host;x-amz-date".
func (s *Signature) scopeFrom(credential, signed string) error {
	c := strings.Split(credential, "/")
	switch {
	case credential == "" || len(credential) > credentialMax || len(c) != 5 || slices.Contains(c, ""):
		return s.malformed("Credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request")
	case c[4] != "aws4_request":
		return BadScope.New("terminator", cut(c[4], 40), "aws4_request")
	case len(s.signature) != 64 || !isHex(s.signature):
		return s.malformed("Signature must be 64 hexadecimal digits")
	case len(s.Token) > tokenMax:
		return s.malformed("the session token is too long")
	}
	s.AccessKey, s.date, s.Region, s.Service = c[0], c[1], c[2], c[3]
	s.signed = strings.Split(signed, ";")
	if signed == "" || len(s.signed) > signedHeadersMax {
		return s.malformed("SignedHeaders must name the signed headers")
	}
	if !slices.IsSorted(s.signed) || signed != strings.ToLower(signed) {
		return s.malformed("SignedHeaders must be in lower case and sorted")
	}
	return nil
}

func (s *Signature) timeFrom(stamp string) error {
	t, err := time.Parse(timeFormat, stamp)
	if err != nil {
		return s.malformed("X-Amz-Date must be YYYYMMDDTHHMMSSZ")
	}
	if stamp[:8] != s.date {
		return s.malformed("the date of the credential scope is not the date of the request")
	}
	s.Time, s.stamp = t, stamp
	return nil
}

func (s *Signature) checkTime(now time.Time) error {
	age := now.Sub(s.Time)
	at := now.UTC().Format(timeFormat)
	if age < -SkewMax {
		return Early.New(s.stamp, now.Add(SkewMax).UTC().Format(timeFormat), at)
	}
	if !s.Presigned {
		if age > SkewMax {
			return Late.New(s.stamp, now.Add(-SkewMax).UTC().Format(timeFormat), at)
		}
		return nil
	}
	v, given := s.param("X-Amz-Expires")
	if !given && s.Service != "s3" { // the other services then give it a request's usual life
		v = strconv.Itoa(int(SkewMax / time.Second))
	}
	seconds, err := strconv.Atoi(v)
	if err != nil || seconds < 1 || seconds > ExpiresMaxSeconds {
		return BadExpires.New()
	}
	if age > time.Duration(seconds)*time.Second {
		return Expired.New()
	}
	return nil
}

// checkHeaders refuses a signature that does not bind what the server acts on:
// the host and every x-amz- header. HTTP/2 clients sign :authority for host.
func (s *Signature) checkHeaders(r *http.Request) error {
	if !slices.Contains(s.signed, "host") && !slices.Contains(s.signed, ":authority") {
		return s.malformed("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization")
	}
	for name := range r.Header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-amz-") && !slices.Contains(s.signed, lower) {
			return Unsigned.New(lower)
		}
	}
	return nil
}

// malformed names the part of the request that carries the signature.
func (s *Signature) malformed(what string) error {
	if s.Presigned {
		return BadQuery.New(what)
	}
	return Malformed.New(what)
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

func cut(s string, max int) string {
	if len(s) > max {
		return s[:max]
	}
	return s
}
