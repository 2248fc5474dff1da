// Package page makes the opaque tokens of paged listings. A token carries the
// last key of a page, so that a listing goes on correctly when rows were added
// or removed in between; it is checked, not trusted.
package page

import (
	"encoding/base64"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// BadToken refuses a token that this package did not make for this listing.
var BadToken = fault.Define("page.bad_token", fault.Invalid, "the paging token is not valid for this listing: start again without one")

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{BadToken}

// Token returns the token that resumes the named listing after the key last;
// "" for an empty last.
func Token(listing, last string) string {
	if last == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(listing + "\x00" + last))
}

// After returns the key that the token resumes after; "" for an empty token.
func After(listing, token string) (string, error) {
	if token == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", BadToken.Wrap(err)
	}
	n := len(listing)
	if len(b) < n+2 || string(b[:n]) != listing || b[n] != 0 {
		return "", BadToken.New()
	}
	return string(b[n+1:]), nil
}

// Cut returns the first max items and the token that resumes after them. Ask
// the store for max+1 items; key names an item's place in the order.
func Cut[T any](listing string, items []T, max int, key func(T) string) ([]T, string) {
	if len(items) <= max {
		return items, ""
	}
	items = items[:max]
	return items, Token(listing, key(items[max-1]))
}
