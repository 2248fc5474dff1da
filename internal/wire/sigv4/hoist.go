package sigv4

import (
	"net/http"
	"strings"
)

// Hoist copies the x-amz- headers that a presigned request carries in its
// query, where its signature covers them, to the headers. A header that was
// sent stays. Call it on a verified request.
func Hoist(r *http.Request) {
	for name, values := range r.URL.Query() {
		lower := strings.ToLower(name)
		switch lower {
		case "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders", "x-amz-signature",
			"x-amz-security-token", "x-amz-content-sha256":
			continue
		}
		if strings.HasPrefix(lower, "x-amz-") && r.Header.Get(lower) == "" {
			r.Header[http.CanonicalHeaderKey(lower)] = values
		}
	}
}
