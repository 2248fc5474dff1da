package s3_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// bencher sends signed requests; client and server share the machine.
type bencher struct {
	*server
	client *http.Client
	signer *v4.Signer
}

func newBencher(b *testing.B) *bencher {
	s := start(b)
	if err := s.objects.CreateBucket(b.Context(), "lake"); err != nil {
		b.Fatal(err)
	}
	return &bencher{s, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })}
}

func (c *bencher) do(b *testing.B, method, path string, body []byte) {
	r, err := http.NewRequest(method, c.url+path, bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return
	}
	payload := "UNSIGNED-PAYLOAD"
	if len(body) < 1<<20 {
		sum := sha256.Sum256(body)
		payload = hex.EncodeToString(sum[:])
	}
	r.Header.Set("X-Amz-Content-Sha256", payload)
	if err := c.signer.SignHTTP(context.Background(), root, r, payload, "s3", "us-east-1", time.Now()); err != nil {
		b.Error(err)
		return
	}
	resp, err := c.client.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode >= 300 {
		b.Errorf("%s %s: %d %v", method, path, resp.StatusCode, err)
	}
}

// run does b.N requests by n clients.
func run(b *testing.B, n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range n {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

func BenchmarkPut4KiB(b *testing.B) {
	body := bytes.Repeat([]byte("x"), 4<<10)
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("c%d", clients), func(b *testing.B) {
			c := newBencher(b)
			run(b, clients, func(i int) { c.do(b, "PUT", fmt.Sprintf("/lake/k%08d", i), body) })
		})
	}
}

func BenchmarkGet4KiB(b *testing.B) {
	c := newBencher(b)
	for i := range 1000 {
		c.do(b, "PUT", fmt.Sprintf("/lake/k%d", i), bytes.Repeat([]byte("x"), 4<<10))
	}
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprintf("c%d", clients), func(b *testing.B) {
			run(b, clients, func(i int) { c.do(b, "GET", fmt.Sprintf("/lake/k%d", i%1000), nil) })
		})
	}
}

func BenchmarkPut64MiB(b *testing.B) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 4<<20)
	for _, clients := range []int{1, 4} {
		b.Run(fmt.Sprintf("c%d", clients), func(b *testing.B) {
			c := newBencher(b)
			b.SetBytes(int64(len(body)))
			run(b, clients, func(i int) { c.do(b, "PUT", fmt.Sprintf("/lake/k%d", i%8), body) })
		})
	}
}

func BenchmarkGet64MiB(b *testing.B) {
	c := newBencher(b)
	body := bytes.Repeat([]byte("0123456789abcdef"), 4<<20)
	for i := range 4 {
		c.do(b, "PUT", fmt.Sprintf("/lake/k%d", i), body)
	}
	for _, clients := range []int{1, 4} {
		b.Run(fmt.Sprintf("c%d", clients), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			run(b, clients, func(i int) { c.do(b, "GET", fmt.Sprintf("/lake/k%d", i%4), nil) })
		})
	}
}

// BenchmarkList lists 100,000 keys, a page of 1,000 an operation.
func BenchmarkList(b *testing.B) {
	c := newBencher(b)
	fillKeys(b, c.objects, 100_000)
	b.Run("flat", func(b *testing.B) {
		run(b, 1, func(i int) {
			c.do(b, "GET", fmt.Sprintf("/lake?list-type=2&start-after=d%02d%%2F%08d", i%99, i%1000), nil)
		})
		b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "keys/s")
	})
	b.Run("delimiter", func(b *testing.B) {
		run(b, 1, func(int) { c.do(b, "GET", "/lake?list-type=2&delimiter=%2F", nil) })
	})
}

// fillKeys puts empty objects below 100 prefixes.
func fillKeys(b *testing.B, s *object.Service, n int) {
	var wg sync.WaitGroup
	for w := range 64 {
		wg.Go(func() {
			for i := w; i < n; i += 64 {
				in := object.PutInput{Bucket: "lake", Key: fmt.Sprintf("d%02d/%08d", i%100, i), Body: strings.NewReader("0123456789"), Size: 10}
				if _, err := s.Put(b.Context(), in); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
