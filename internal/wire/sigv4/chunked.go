package sigv4

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const lineMax = 1024 // bytes of a chunk's header or of a trailer, with its line end

// chunked reads an aws-chunked body: chunks of "SIZE-HEX[;chunk-signature=SIG]
// CRLF BYTES CRLF", the last of size 0, then trailers.
type chunked struct {
	body io.ReadCloser
	in   *bufio.Reader
	left int64 // bytes of content that must still come
	err  error // what every later Read returns

	chunk   int64 // bytes left of the current chunk
	started bool

	// With signed chunks: the request's signature, the previous one of the
	// chain, the current chunk's and the hash of its bytes.
	signature         *Signature
	previous, current string
	hash              hash.Hash

	// With trailers: the checksum that was announced, over all of the content.
	trailer  bool
	sumName  string // "x-amz-checksum-crc32c", or "" for none
	sum      hash.Hash
	trailers http.Header // the request's, filled at the end
}

func (c *chunked) Close() error { return c.body.Close() }

// Read never returns the content's last bytes without having checked all that
// follows them.
func (c *chunked) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	n := 0
	if c.chunk == 0 {
		c.err = c.next()
	}
	if c.err == nil {
		n, c.err = c.content(p)
	}
	return n, c.err
}

func (c *chunked) content(p []byte) (int, error) {
	n, err := c.in.Read(p[:min(int64(len(p)), c.chunk)])
	if c.hash != nil {
		c.hash.Write(p[:n])
	}
	if c.sum != nil {
		c.sum.Write(p[:n])
	}
	c.chunk -= int64(n)
	c.left -= int64(n)
	if err == io.EOF {
		return n, io.ErrUnexpectedEOF
	}
	if err == nil && c.chunk == 0 {
		if err = c.checkChunk(); err == nil && c.left == 0 {
			err = c.next() // which must be the end
		}
	}
	return n, err
}

// next reads a chunk's header. After the last chunk it reads the trailers and
// returns io.EOF.
func (c *chunked) next() error {
	if c.started {
		if l, err := c.line(); err != nil || l != "" {
			return cmpErr(err, BadChunk.New("a chunk is longer than its header says"))
		}
	}
	c.started = true
	l, err := c.line()
	if err != nil {
		return err
	}
	size, extension, _ := strings.Cut(l, ";")
	n, err := strconv.ParseUint(size, 16, 63)
	if err != nil {
		return BadChunk.New("a chunk's size must be hexadecimal")
	}
	if c.current = strings.TrimPrefix(extension, "chunk-signature="); c.signature == nil {
		c.current = ""
	}
	if c.chunk = int64(n); c.chunk > c.left {
		return BadLength.New()
	}
	if c.chunk > 0 {
		return nil
	}
	if c.left > 0 {
		return BadLength.New()
	}
	if err := c.checkChunk(); err != nil {
		return err
	}
	return c.finish()
}

func (c *chunked) checkChunk() error {
	if c.signature == nil {
		return nil
	}
	want := c.signature.sign("AWS4-HMAC-SHA256-PAYLOAD", c.previous, EmptySHA256, hex.EncodeToString(c.hash.Sum(nil)))
	if subtle.ConstantTimeCompare([]byte(want), []byte(c.current)) != 1 {
		return Mismatch.New()
	}
	c.previous = c.current
	c.hash.Reset()
	return nil
}

// line reads one line without its end.
func (c *chunked) line() (string, error) {
	var b []byte
	for {
		x, err := c.in.ReadByte()
		switch {
		case err == io.EOF:
			return string(b), io.ErrUnexpectedEOF
		case err != nil:
			return "", err
		case x == '\n':
			return string(bytes.TrimSuffix(b, []byte{'\r'})), nil
		case len(b) == lineMax:
			return "", BadChunk.New("a line is too long")
		}
		b = append(b, x)
	}
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// finish reads what follows the last chunk and returns io.EOF if all is well.
func (c *chunked) finish() error {
	if !c.trailer {
		l, err := c.line() // the end of the last chunk; some clients leave it out
		if err != nil && err != io.ErrUnexpectedEOF || l != "" {
			return cmpErr(err, BadChunk.New("there are bytes after the last chunk"))
		}
		return io.EOF
	}
	canonical, signature, err := c.readTrailers()
	if err != nil {
		return err
	}
	if c.signature != nil {
		digest := sha256.Sum256([]byte(canonical))
		want := c.signature.sign("AWS4-HMAC-SHA256-TRAILER", c.previous, hex.EncodeToString(digest[:]))
		if subtle.ConstantTimeCompare([]byte(want), []byte(signature)) != 1 {
			return Mismatch.New()
		}
	}
	return c.checkSum()
}
