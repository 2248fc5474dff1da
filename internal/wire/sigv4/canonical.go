package sigv4

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pair is one parameter of a query, decoded.
type pair struct{ name, value string }

const queryPairsMax = 1000

func parseQuery(raw string) ([]pair, error) {
	var out []pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		if len(out) == queryPairsMax {
			return nil, Malformed.New("the query has too many parameters")
		}
		k, v, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(k)
		if err == nil {
			v, err = url.QueryUnescape(v)
		}
		if err != nil {
			return nil, Malformed.New("the query is not correctly percent-encoded")
		}
		out = append(out, pair{name, v})
	}
	return out, nil
}

func (s *Signature) param(name string) (value string, found bool) {
	for _, p := range s.query {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// canonical writes the request as both sides must write it.
func (s *Signature) canonical(r *http.Request, payload string) []byte {
	var b bytes.Buffer
	b.WriteString(r.Method)
	b.WriteByte('\n')
	b.WriteString(canonicalPath(r.URL.EscapedPath(), s.Service))
	b.WriteByte('\n')
	s.canonicalQuery(&b)
	b.WriteByte('\n')
	for _, name := range s.signed {
		b.WriteString(name)
		b.WriteByte(':')
		b.WriteString(headerValue(r, name))
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	b.WriteString(strings.Join(s.signed, ";"))
	b.WriteByte('\n')
	b.WriteString(payload)
	return b.Bytes()
}

// canonicalPath is the path escaped once for S3, whose keys may hold anything,
// and the path as sent escaped once more for all others.
func canonicalPath(escaped, service string) string {
	if escaped == "" {
		return "/"
	}
	if service != "s3" {
		return escape(escaped, true)
	}
	segments := strings.Split(escaped, "/")
	for i, seg := range segments {
		if plain, err := url.PathUnescape(seg); err == nil {
			seg = plain
		}
		segments[i] = escape(seg, false)
	}
	return strings.Join(segments, "/")
}

func (s *Signature) canonicalQuery(b *bytes.Buffer) {
	escaped := make([]pair, 0, len(s.query))
	for _, p := range s.query {
		if s.Presigned && p.name == "X-Amz-Signature" {
			continue
		}
		escaped = append(escaped, pair{escape(p.name, false), escape(p.value, false)})
	}
	slices.SortFunc(escaped, func(a, b pair) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	for i, p := range escaped {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.name)
		b.WriteByte('=')
		b.WriteString(p.value)
	}
}

// headerValue is a signed header's value. net/http keeps some headers outside
// of the map.
func headerValue(r *http.Request, name string) string {
	switch name {
	case "host", ":authority":
		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	case "transfer-encoding":
		return strings.Join(r.TransferEncoding, ",")
	}
	values := r.Header.Values(name)
	if len(values) == 1 {
		return squeeze(values[0])
	}
	squeezed := make([]string, len(values))
	for i, v := range values {
		squeezed[i] = squeeze(v)
	}
	return strings.Join(squeezed, ",")
}

// squeeze trims a value and makes runs of spaces one.
func squeeze(v string) string {
	v = strings.TrimSpace(v)
	for strings.Contains(v, "  ") {
		v = strings.ReplaceAll(v, "  ", " ")
	}
	return v
}

// escape percent-encodes all but A-Z a-z 0-9 - . _ ~ and, if asked, the slash.
func escape(s string, slash bool) string {
	const digits = "0123456789ABCDEF"
	n := 0
	for i := 0; i < len(s); i++ {
		if !plain(s[i], slash) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*n)
	for i := 0; i < len(s); i++ {
		if c := s[i]; plain(c, slash) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

func plain(c byte, slash bool) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~' || slash && c == '/'
}
