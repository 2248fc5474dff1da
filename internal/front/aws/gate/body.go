package gate

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
)

// readBody reads all of a body of at most max bytes.
func readBody(w http.ResponseWriter, r *http.Request, max int64) ([]byte, error) {
	if r.ContentLength > max {
		return nil, TooLarge.New(max)
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, max))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, TooLarge.New(max)
	}
	if err != nil {
		return nil, BadBody.Wrap(err, "the connection ended early")
	}
	return b, nil
}

// decompress undoes Content-Encoding: gzip, which SDKs use for large inputs.
// The signature covers the bytes as sent.
func decompress(r *http.Request, sent []byte, max int64) ([]byte, error) {
	switch r.Header.Get("Content-Encoding") {
	case "", "identity", "amz-1.0":
		return sent, nil
	case "gzip":
	default:
		return nil, BadBody.New("the Content-Encoding must be gzip or left out")
	}
	z, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		return nil, BadBody.Wrap(err, "it is not gzip as its Content-Encoding says")
	}
	b, err := io.ReadAll(io.LimitReader(z, max+1))
	if err != nil {
		return nil, BadBody.Wrap(err, "its gzip is damaged")
	}
	if int64(len(b)) > max {
		return nil, TooLarge.New(max)
	}
	return b, nil
}
