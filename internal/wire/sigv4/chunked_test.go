package sigv4_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// upload is the upload of 66,560 letters in the S3 API reference's examples
// "Signature Calculations for the Authorization Header: Transferring Payload
// in Multiple Chunks" and its form with trailing headers.
func upload(payload, signed, signature, body string) *http.Request {
	r := httptest.NewRequest("PUT", "/examplebucket/chunkObject.txt", strings.NewReader(body))
	r.Host = "s3.amazonaws.com"
	r.ContentLength = 66824
	r.Header = http.Header{
		"Authorization":                {"AWS4-HMAC-SHA256 Credential=" + key + "/20130524/us-east-1/s3/aws4_request,SignedHeaders=" + signed + ",Signature=" + signature},
		"X-Amz-Date":                   {"20130524T000000Z"},
		"X-Amz-Storage-Class":          {"REDUCED_REDUNDANCY"},
		"X-Amz-Content-Sha256":         {payload},
		"Content-Encoding":             {"aws-chunked"},
		"X-Amz-Decoded-Content-Length": {"66560"},
	}
	if strings.HasSuffix(payload, "TRAILER") {
		r.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32c")
	}
	return r
}

const (
	plainBody = "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n{64k}\r\n" +
		"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n{1k}\r\n" +
		"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
	plainSeed   = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
	plainHeads  = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class"
	trailerBody = "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n{64k}\r\n" +
		"400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n{1k}\r\n" +
		"0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n" +
		"x-amz-checksum-crc32c:sOO8/Q==\r\n" +
		"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
	trailerSeed  = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
	trailerHeads = "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer"
)

func letters(body string) string {
	return strings.NewReplacer("{64k}", strings.Repeat("a", 65536), "{1k}", strings.Repeat("a", 1024)).Replace(body)
}

func TestChunkedExamples(t *testing.T) {
	for _, tt := range []struct {
		name, payload, heads, seed, body string
		change                           [2]string
		want                             error
	}{
		{name: "signed", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", heads: plainHeads, seed: plainSeed, body: plainBody},
		{name: "trailer", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", heads: trailerHeads, seed: trailerSeed, body: trailerBody},
		{name: "changed byte", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", heads: plainHeads, seed: plainSeed, body: plainBody,
			change: [2]string{"aa\r\n0;", "ab\r\n0;"}, want: sigv4.Mismatch},
		{name: "changed chunk signature", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", heads: plainHeads, seed: plainSeed, body: plainBody,
			change: [2]string{"ad80c7", "ad80c8"}, want: sigv4.Mismatch},
		{name: "end not signed", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", heads: plainHeads, seed: plainSeed, body: plainBody,
			change: [2]string{"0;chunk-signature=b6c6", "0;chunk-signature=b6c7"}, want: sigv4.Mismatch},
		{name: "cut before the end", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", heads: plainHeads, seed: plainSeed, body: plainBody,
			change: [2]string{"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n", ""}, want: io.ErrUnexpectedEOF},
		{name: "changed trailer", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", heads: trailerHeads, seed: trailerSeed, body: trailerBody,
			change: [2]string{"sOO8/Q==", "sOO8/A=="}, want: sigv4.Mismatch},
		{name: "no trailer signature", payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", heads: trailerHeads, seed: trailerSeed, body: trailerBody,
			change: [2]string{"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n", ""}, want: sigv4.Mismatch},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := letters(tt.body)
			if tt.change[0] != "" {
				changed := strings.Replace(body, tt.change[0], tt.change[1], 1)
				if changed == body {
					t.Fatal("nothing changed")
				}
				body = changed
			}
			r := upload(tt.payload, tt.heads, tt.seed, body)
			s, err := verify(r, at, secret, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Stream(r); err != nil {
				t.Fatal(err)
			}
			if r.ContentLength != 66560 || r.Header.Get("Content-Encoding") != "" {
				t.Errorf("length %d, encoding %q", r.ContentLength, r.Header.Get("Content-Encoding"))
			}
			n, err := io.Copy(io.Discard, iotest.OneByteReader(r.Body))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if err == nil && n != 66560 {
				t.Errorf("read %d bytes", n)
			}
			if err == nil && tt.heads == trailerHeads && r.Trailer.Get("X-Amz-Checksum-Crc32c") != "sOO8/Q==" {
				t.Errorf("trailer %v", r.Trailer)
			}
		})
	}
}

// A reader that stops at the announced length has seen the whole proof.
func TestProofComesWithTheLastByte(t *testing.T) {
	body := strings.Replace(letters(plainBody), "0;chunk-signature=b6", "0;chunk-signature=b7", 1)
	r := upload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", plainHeads, plainSeed, body)
	s, err := verify(r, at, secret, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stream(r); err != nil {
		t.Fatal(err)
	}
	n := 0
	for b := make([]byte, 1000); err == nil && n < 66560; {
		var m int
		m, err = r.Body.Read(b)
		n += m
	}
	if !errors.Is(err, sigv4.Mismatch) {
		t.Errorf("after %d bytes: %v", n, err)
	}
}

// unsigned makes a stream of the unsigned form, whose request needs no seed.
func unsigned(trailer, length, body string) (*http.Request, error) {
	r := httptest.NewRequest("PUT", "/b/k", strings.NewReader(body))
	r.Header.Set("X-Amz-Decoded-Content-Length", length)
	r.Header.Set("Content-Encoding", "aws-chunked, gzip")
	if trailer != "" {
		r.Header.Set("X-Amz-Trailer", trailer)
	}
	s := sigv4.Signature{Payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
	return r, s.Stream(r)
}

func TestUnsignedTrailer(t *testing.T) {
	for _, tt := range []struct {
		name, trailer, length, body, content string
		want                                 error
	}{
		{name: "crc32", trailer: "x-amz-checksum-crc32", length: "11", body: "b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n", content: "hello world"},
		{name: "crc32c", trailer: "x-amz-checksum-crc32c", length: "11", body: "5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32c:yZRlqg==\r\n\r\n", content: "hello world"},
		{name: "crc64nvme", trailer: "x-amz-checksum-crc64nvme", length: "11", body: "b\r\nhello world\r\n0\r\nx-amz-checksum-crc64nvme:jSnVw/bqjr4=\r\n\r\n", content: "hello world"},
		{name: "sha1", trailer: "x-amz-checksum-sha1", length: "11", body: "b\r\nhello world\r\n0\r\nx-amz-checksum-sha1:Kq5sNclPz7QV2+lfQIuc6R7oRu0=\r\n\r\n", content: "hello world"},
		{name: "sha256", trailer: "x-amz-checksum-sha256", length: "11", body: "b\r\nhello world\r\n0\r\nx-amz-checksum-sha256:uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=\r\n\r\n", content: "hello world"},
		{name: "empty", trailer: "x-amz-checksum-crc32", length: "0", body: "0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"},
		{name: "empty, wrong sum", trailer: "x-amz-checksum-crc32", length: "0", body: "0\r\nx-amz-checksum-crc32:AAAAAB==\r\n\r\n", want: sigv4.BadDigest},
		{name: "no last line end", trailer: "x-amz-checksum-crc32", length: "5", body: "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==", content: "hello"},
		{name: "no trailer announced", length: "5", body: "5\r\nhello\r\n0\r\n\r\n", content: "hello"},
		{name: "wrong sum", trailer: "x-amz-checksum-crc32", length: "5", body: "5\r\nhallo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", content: "hallo", want: sigv4.BadDigest},
		{name: "sum missing", trailer: "x-amz-checksum-crc32", length: "5", body: "5\r\nhello\r\n0\r\n\r\n", content: "hello", want: sigv4.BadTrailer},
		{name: "other trailer", trailer: "x-amz-checksum-crc32", length: "5", body: "5\r\nhello\r\n0\r\nx-amz-meta-a:b\r\n\r\n", content: "hello", want: sigv4.BadTrailer},
		{name: "twice", trailer: "x-amz-checksum-crc32", length: "5", body: "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", content: "hello", want: sigv4.BadTrailer},
		{name: "no colon", trailer: "x-amz-checksum-crc32", length: "5", body: "5\r\nhello\r\n0\r\nx\r\n\r\n", content: "hello", want: sigv4.BadTrailer},
		{name: "unknown sum", trailer: "x-amz-checksum-md5", length: "5", body: "", want: sigv4.BadTrailer},
		{name: "two sums", trailer: "x-amz-checksum-crc32,x-amz-checksum-sha1", length: "5", body: "", want: sigv4.BadTrailer},
		{name: "no length", body: "", want: sigv4.NoLength},
		{name: "negative length", length: "-1", body: "", want: sigv4.NoLength},
		{name: "too short", length: "6", body: "5\r\nhello\r\n0\r\n\r\n", content: "hello", want: sigv4.BadLength},
		{name: "too long", length: "4", body: "5\r\nhello\r\n0\r\n\r\n", want: sigv4.BadLength},
		{name: "chunk longer than said", length: "9", body: "4\r\nhello\r\n0\r\n\r\n", content: "hell", want: sigv4.BadChunk},
		{name: "size not hex", length: "5", body: "-5\r\nhello\r\n0\r\n\r\n", want: sigv4.BadChunk},
		{name: "huge size", length: "5", body: "ffffffffffffffff\r\nhello", want: sigv4.BadChunk},
		{name: "endless line", length: "5", body: "5;" + strings.Repeat("x", 5000), want: sigv4.BadChunk},
		{name: "cut", length: "5", body: "5\r\nhel", content: "hel", want: io.ErrUnexpectedEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := unsigned(tt.trailer, tt.length, tt.body)
			var b []byte
			if err == nil {
				if e := r.Header.Get("Content-Encoding"); e != "gzip" {
					t.Errorf("Content-Encoding %q", e)
				}
				b, err = io.ReadAll(r.Body)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if string(b) != tt.content {
				t.Errorf("content %q, want %q", b, tt.content)
			}
			if tt.want == nil && tt.trailer != "" && r.Trailer.Get(tt.trailer) == "" {
				t.Errorf("trailer %v", r.Trailer)
			}
		})
	}
}

func TestHashedBody(t *testing.T) {
	const sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // of "hello"
	for _, tt := range []struct {
		name, payload, body string
		length              int64
		want                error
	}{
		{"right", sum, "hello", 5, nil},
		{"upper case", strings.ToUpper(sum), "hello", 5, nil},
		{"length unknown", sum, "hello", -1, nil},
		{"wrong", sum, "hallo", 5, sigv4.BodyMismatch},
		{"wrong, length unknown", sum, "hallo", -1, sigv4.BodyMismatch},
		{"empty but should not be", sum, "", 0, sigv4.BodyMismatch},
		{"empty", sigv4.EmptySHA256, "", 0, nil},
		{"unsigned", "UNSIGNED-PAYLOAD", "hello", 5, nil},
		{"missing", "", "hello", 5, sigv4.NoPayload},
		{"word", "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", "hello", 5, sigv4.BadPayload},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("PUT", "/b/k", strings.NewReader(tt.body))
			r.ContentLength = tt.length
			s := sigv4.Signature{Payload: tt.payload}
			err := s.Stream(r)
			if err == nil {
				_, err = io.ReadAll(r.Body)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// No byte of a stranger crashes the reader or makes it return more than was
// announced, and it always ends.
func FuzzChunked(f *testing.F) {
	f.Add("x-amz-checksum-crc32", "5", []byte("5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"))
	f.Add("", "0", []byte("0\r\n\r\n"))
	f.Add("", "3", []byte("1;a\nx\n2\nyz\n0\n"))
	f.Fuzz(func(t *testing.T, trailer, length string, body []byte) {
		r, err := unsigned(trailer, length, string(body))
		if err != nil {
			return
		}
		b, err := io.ReadAll(r.Body)
		if err == nil && int64(len(b)) != r.ContentLength || int64(len(b)) > r.ContentLength {
			t.Errorf("%d bytes of %d, %v", len(b), r.ContentLength, err)
		}
	})
}

// No Authorization header or query crashes the verifier or verifies.
func FuzzParse(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request,SignedHeaders=host,Signature="+plainSeed, "a=b&c", "20130524T000000Z")
	f.Add("", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A/20130524/r/s3/aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature="+plainSeed, "")
	f.Fuzz(func(t *testing.T, auth, query, date string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.RawQuery = query
		r.Header["Authorization"], r.Header["X-Amz-Date"] = []string{auth}, []string{date}
		if _, err := verify(r, at, secret, ""); err == nil {
			t.Error("verified without a secret")
		}
	})
}
