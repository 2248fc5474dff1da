package sigv4

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"strings"
)

const trailersMax = 16

// sums makes the checksums that a trailer may carry.
func sums(name string) hash.Hash {
	switch name {
	case "x-amz-checksum-crc32":
		return crc32.NewIEEE()
	case "x-amz-checksum-crc32c":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "x-amz-checksum-crc64nvme":
		return crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5))
	case "x-amz-checksum-sha1":
		return sha1.New()
	case "x-amz-checksum-sha256":
		return sha256.New()
	}
	return nil
}

// announce prepares for the trailers that x-amz-trailer names.
func (c *chunked) announce(r *http.Request) error {
	c.trailer, c.trailers = true, http.Header{}
	for name := range strings.SplitSeq(strings.ToLower(r.Header.Get("X-Amz-Trailer")), ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		sum := sums(name)
		if sum == nil || c.sum != nil {
			return BadTrailer.New("x-amz-trailer must name one x-amz-checksum- header of crc32, crc32c, crc64nvme, sha1 or sha256")
		}
		c.sumName, c.sum = name, sum
		c.trailers[http.CanonicalHeaderKey(name)] = nil
	}
	r.Trailer = c.trailers
	return nil
}

// readTrailers reads to the end of the body. canonical is what a trailer
// signature signs.
func (c *chunked) readTrailers() (canonical, signature string, err error) {
	for range trailersMax {
		l, err := c.line()
		if err != nil && err != io.ErrUnexpectedEOF {
			return "", "", err
		}
		if l != "" {
			name, value, ok := strings.Cut(l, ":")
			name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
			switch key := http.CanonicalHeaderKey(name); {
			case !ok:
				return "", "", BadTrailer.New("a trailer must be NAME:VALUE")
			case name == "x-amz-trailer-signature":
				signature = value
			case name == c.sumName && c.trailers[key] == nil:
				canonical += name + ":" + value + "\n"
				c.trailers[key] = []string{value}
			default:
				return "", "", BadTrailer.New("there is a trailer that x-amz-trailer does not announce")
			}
		}
		if err != nil {
			return canonical, signature, nil
		}
	}
	return "", "", BadTrailer.New("there are too many trailers")
}

// checkSum compares the announced checksum; io.EOF says that all is well.
func (c *chunked) checkSum() error {
	if c.sum == nil {
		return io.EOF
	}
	got := c.trailers.Get(c.sumName)
	if got == "" {
		return BadTrailer.New("the announced trailer " + c.sumName + " is missing")
	}
	if got != base64.StdEncoding.EncodeToString(c.sum.Sum(nil)) {
		return BadDigest.New(strings.ToUpper(strings.TrimPrefix(c.sumName, "x-amz-checksum-")))
	}
	return io.EOF
}
