package s3

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// sumsIn are the headers of an additional checksum of the body.
type sumsIn struct {
	CRC32     string `header:"x-amz-checksum-crc32"`
	CRC32C    string `header:"x-amz-checksum-crc32c"`
	CRC64NVME string `header:"x-amz-checksum-crc64nvme"`
	SHA1      string `header:"x-amz-checksum-sha1"`
	SHA256    string `header:"x-amz-checksum-sha256"`
	SDK       string `header:"x-amz-sdk-checksum-algorithm"`
}

const sumPrefix = "x-amz-checksum-"

var sumNames = []string{"crc32", "crc32c", "crc64nvme", "sha1", "sha256"}

// sums reads the checksum that a request carries in a header, announces as a
// trailer, or, presigned, has in its query. It is empty when there is none.
func (c *call) sums() (object.Checksum, error) {
	var found []object.Checksum
	for _, name := range sumNames {
		header := sumPrefix + name
		value := c.r.Header.Get(header)
		if value == "" {
			value = c.query.Get(header)
		}
		_, announced := c.r.Trailer[http.CanonicalHeaderKey(header)]
		if value != "" || announced {
			found = append(found, object.Checksum{Algorithm: strings.ToUpper(name), Value: value})
		}
	}
	declared := c.r.Header.Get("x-amz-sdk-checksum-algorithm")
	switch {
	case len(found) > 1:
		return object.Checksum{}, BadRequest.New("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	case len(found) == 1 && declared != "" && !strings.EqualFold(declared, found[0].Algorithm):
		return object.Checksum{}, BadRequest.New("Value for x-amz-sdk-checksum-algorithm header is invalid.")
	case len(found) == 1:
		return found[0], nil
	case declared != "":
		return object.Checksum{}, BadRequest.New("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.")
	}
	return object.Checksum{}, nil
}

// sumsOut gives a checksum back in headers.
type sumsOut struct {
	CRC32     string `header:"x-amz-checksum-crc32" xml:"ChecksumCRC32,omitempty"`
	CRC32C    string `header:"x-amz-checksum-crc32c" xml:"ChecksumCRC32C,omitempty"`
	CRC64NVME string `header:"x-amz-checksum-crc64nvme" xml:"ChecksumCRC64NVME,omitempty"`
	SHA1      string `header:"x-amz-checksum-sha1" xml:"ChecksumSHA1,omitempty"`
	SHA256    string `header:"x-amz-checksum-sha256" xml:"ChecksumSHA256,omitempty"`
}

// typedSumsOut says too whether it is of the parts or of the whole.
type typedSumsOut struct {
	sumsOut
	Type string `header:"x-amz-checksum-type" xml:"ChecksumType,omitempty"`
}

func newSums(c object.Checksum) (s sumsOut) {
	switch c.Algorithm {
	case "CRC32":
		s.CRC32 = c.Value
	case "CRC32C":
		s.CRC32C = c.Value
	case "CRC64NVME":
		s.CRC64NVME = c.Value
	case "SHA1":
		s.SHA1 = c.Value
	case "SHA256":
		s.SHA256 = c.Value
	}
	return s
}

func newTypedSums(c object.Checksum) typedSumsOut {
	return typedSumsOut{newSums(c), checksumType(c)}
}

func checksumType(c object.Checksum) string {
	switch {
	case c.Algorithm == "":
		return ""
	case c.Composite:
		return "COMPOSITE"
	}
	return "FULL_OBJECT"
}

// given is the one checksum of a struct of them.
func (s sumsOut) given() object.Checksum {
	for _, c := range []object.Checksum{{Algorithm: "CRC32", Value: s.CRC32}, {Algorithm: "CRC32C", Value: s.CRC32C},
		{Algorithm: "CRC64NVME", Value: s.CRC64NVME}, {Algorithm: "SHA1", Value: s.SHA1}, {Algorithm: "SHA256", Value: s.SHA256}} {
		if c.Value != "" {
			return c
		}
	}
	return object.Checksum{}
}

// body is the request's bytes and how many there are; refuses NoLength.
func (c *call) body() (io.Reader, int64, error) {
	if c.r.ContentLength < 0 {
		return nil, 0, NoLength.New()
	}
	return told{c.r.Body}, c.r.ContentLength, nil
}

// told is a body whose reads fail with refusals of this door.
type told struct{ io.Reader }

func (t told) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = bodyFailed(err)
	}
	return n, err
}

// bodyFailed is the refusal of a body that could not be read.
func bodyFailed(err error) error {
	switch {
	case fault.ReasonOf(err) != nil:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return SlowBody.Wrap(err)
	}
	return BrokenBody.Wrap(err)
}
