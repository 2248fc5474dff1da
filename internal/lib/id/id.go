// Package id makes the identifiers that clients see: random, of a fixed
// alphabet and length, and never derived from a name.
package id

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/google/uuid"
)

// UUID returns a random (version 4) UUID in its 36-character text form.
func UUID() string { return uuid.NewString() }

// Hex returns n random bytes as 2n lower-case hexadecimal digits.
func Hex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand aborts the process instead
	return hex.EncodeToString(b)
}

// Upper returns n random characters of A-Z and 2-7, as access key ids use.
func Upper(n int) string { return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", n) }

// Secret returns n random characters of A-Z, a-z and 0-9: about 5.95 bits each.
func Secret(n int) string {
	return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", n)
}

// pick draws by rejection, so that no character is likelier than another.
func pick(alphabet string, n int) string {
	limit := byte(256 / len(alphabet) * len(alphabet) % 256) // 0: every byte is usable
	out := make([]byte, 0, n)
	var b [64]byte
	for {
		rand.Read(b[:])
		for _, x := range b {
			if limit != 0 && x >= limit {
				continue
			}
			if out = append(out, alphabet[int(x)%len(alphabet)]); len(out) == n {
				return string(out)
			}
		}
	}
}
