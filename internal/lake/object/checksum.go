package object

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strings"
)

// algorithm is one of the additional checksums, after "Checking object
// integrity" of the S3 user guide.
type algorithm struct {
	name  string
	bytes int
	poly  uint64 // reversed, of the CRCs; 0 for hashes, which have no full checksum of parts
	new   func() hash.Hash
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// nvmePoly is the CRC-64/NVME polynomial, reversed.
const nvmePoly = 0x9a6c9329ac4bc9b5

var nvme = crc64.MakeTable(nvmePoly)

var algorithms = []algorithm{
	{"CRC32", 4, crc32.IEEE, func() hash.Hash { return crc32.NewIEEE() }},
	{"CRC32C", 4, crc32.Castagnoli, func() hash.Hash { return crc32.New(castagnoli) }},
	{"CRC64NVME", 8, nvmePoly, func() hash.Hash { return crc64.New(nvme) }},
	{"SHA1", 20, 0, sha1.New},
	{"SHA256", 32, 0, sha256.New},
}

func algorithmOf(name string) (*algorithm, error) {
	for i := range algorithms {
		if algorithms[i].name == name {
			return &algorithms[i], nil
		}
	}
	return nil, BadAlgorithm.New(name)
}

// expect is what a body must have been when it is all read.
type expect struct {
	md5      []byte // nil: any
	checksum Checksum
	algo     *algorithm // nil: none
}

func newExpect(md5Base64 string, c Checksum) (expect, error) {
	e := expect{checksum: c}
	if md5Base64 != "" {
		b, err := base64.StdEncoding.DecodeString(md5Base64)
		if err != nil || len(b) != md5.Size {
			return e, BadMD5.New()
		}
		e.md5 = b
	}
	if c.Algorithm == "" {
		return e, nil
	}
	a, err := algorithmOf(c.Algorithm)
	if err != nil {
		return e, err
	}
	e.algo = a
	if c.Value != "" {
		if b, err := base64.StdEncoding.DecodeString(c.Value); err != nil || len(b) != a.bytes {
			return e, BadChecksum.New(c.Algorithm)
		}
	}
	return e, nil
}

// digest computes a body's MD5 and one additional checksum on its way.
type digest struct {
	md5  hash.Hash
	more hash.Hash // nil: none
}

func (e expect) digest() digest {
	d := digest{md5: md5.New()}
	if e.algo != nil {
		d.more = e.algo.new()
	}
	return d
}

func (d digest) write(p []byte) {
	d.md5.Write(p) // hashes never fail
	if d.more != nil {
		d.more.Write(p)
	}
}

// finish compares and returns the ETag and the checksum.
func (d digest) finish(e expect) (etag string, c Checksum, err error) {
	sum := d.md5.Sum(nil)
	if e.md5 != nil && string(e.md5) != string(sum) {
		return "", c, MD5Mismatch.New()
	}
	if e.algo != nil {
		c = Checksum{Algorithm: e.algo.name, Value: base64.StdEncoding.EncodeToString(d.more.Sum(nil))}
		if e.checksum.Value != "" && e.checksum.Value != c.Value {
			return "", c, ChecksumMismatch.New(c.Algorithm)
		}
	}
	return hex.EncodeToString(sum), c, nil
}

// CheckBody compares a body that is in memory with the sums that came with it.
func CheckBody(body []byte, md5Base64 string, c Checksum) error {
	want, err := newExpect(md5Base64, c)
	if err != nil || want.md5 == nil && want.algo == nil {
		return err
	}
	d := want.digest()
	d.write(body)
	_, _, err = d.finish(want)
	return err
}

// partSum is what a part adds to the checksums of the whole.
type partSum struct {
	size     int64
	etag     string
	checksum string // base64
}

// multipartETag is the MD5 of the parts' MD5s and how many they are.
func multipartETag(parts []partSum) string {
	h := md5.New()
	for _, p := range parts {
		b, _ := hex.DecodeString(p.etag) // we made it
		h.Write(b)
	}
	return fmt.Sprintf("%x-%d", h.Sum(nil), len(parts))
}

// multipartChecksum is the checksum of a whole from those of its parts:
// composite, the checksum of the parts' checksums and their number; or, for
// CRCs, that of all the bytes.
func multipartChecksum(a *algorithm, composite bool, parts []partSum) Checksum {
	c := Checksum{Algorithm: a.name, Composite: composite}
	if composite {
		h := a.new()
		for _, p := range parts {
			b, _ := base64.StdEncoding.DecodeString(p.checksum) // we made it
			h.Write(b)
		}
		c.Value = fmt.Sprintf("%s-%d", base64.StdEncoding.EncodeToString(h.Sum(nil)), len(parts))
		return c
	}
	var crc uint64
	for i, p := range parts {
		next := crcOf(p.checksum)
		if i == 0 {
			crc = next
			continue
		}
		crc = a.join(crc, next, p.size)
	}
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], crc)
	c.Value = base64.StdEncoding.EncodeToString(b[8-a.bytes:])
	return c
}

func crcOf(value string) uint64 {
	b, _ := base64.StdEncoding.DecodeString(value) // we made it
	var wide [8]byte
	copy(wide[8-min(8, len(b)):], b)
	return binary.BigEndian.Uint64(wide[:])
}

// join returns the CRC of two byte strings in a row: first's moved by the
// second's length, which is a multiplication by x^(8 length) modulo the
// polynomial, plus the second's. Polynomials are reversed: x^0 is the top bit.
func (a *algorithm) join(first, second uint64, length int64) uint64 {
	top := uint64(1) << (a.bytes*8 - 1)
	power, square := top, top>>1 // x^0 and x^1
	for n := uint64(length) * 8; n > 0; n >>= 1 {
		if n&1 == 1 {
			power = a.multiply(power, square, top)
		}
		square = a.multiply(square, square, top)
	}
	return a.multiply(power, first, top) ^ second
}

func (a *algorithm) multiply(x, y, top uint64) (product uint64) {
	for m := top; m != 0; m >>= 1 {
		if x&m != 0 {
			product ^= y
		}
		if y&1 == 1 {
			y = y>>1 ^ a.poly
		} else {
			y >>= 1
		}
	}
	return product
}

// sameETag compares a condition's ETag with an object's.
func sameETag(want, have string) bool {
	return want == "*" || strings.Trim(want, `"`) == have
}
