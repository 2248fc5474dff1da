package app_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/boathouse-data/boathouse/internal/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

func s3Client(s *apptest.Server) *s3.Client {
	return s3.NewFromConfig(s.AWS(), func(o *s3.Options) { o.UsePathStyle = true })
}

// acks is what the server has acknowledged: key to hash of its bytes.
type acks struct {
	sync.Mutex
	sums map[string][32]byte
}

func (a *acks) add(key string, body []byte) {
	a.Lock()
	defer a.Unlock()
	a.sums[key] = sha256.Sum256(body)
}

// upload puts objects of many sizes, every tenth one in parts, until the
// server is gone. Bodies begin with their key, so that a wrong body shows.
func upload(c *s3.Client, worker, round int, got *acks) {
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(uint64(worker), uint64(round)))
	for i := 0; ; i++ {
		key := fmt.Sprintf("w%d/r%d/%06d", worker, round, i)
		size := []int{0, 100, 5000, 17000, 300000}[rng.IntN(5)]
		if i%10 == 9 {
			size = 5<<20 + 1000
		}
		body := append([]byte(key), make([]byte, size)...)
		for j := len(key); j < len(body); j += 97 {
			body[j] = byte(rng.Uint32())
		}
		var err error
		if i%10 == 9 {
			err = multipart(ctx, c, key, body)
		} else {
			_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("crash"), Key: &key, Body: bytes.NewReader(body)})
		}
		if err != nil {
			return
		}
		got.add(key, body)
	}
}

func multipart(ctx context.Context, c *s3.Client, key string, body []byte) error {
	up, err := c.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: aws.String("crash"), Key: &key})
	if err != nil {
		return err
	}
	var parts []s3types.CompletedPart
	for n, chunk := range [][]byte{body[:5<<20], body[5<<20:]} {
		p, err := c.UploadPart(ctx, &s3.UploadPartInput{Bucket: aws.String("crash"), Key: &key, UploadId: up.UploadId, PartNumber: aws.Int32(int32(n + 1)), Body: bytes.NewReader(chunk)})
		if err != nil {
			return err
		}
		parts = append(parts, s3types.CompletedPart{ETag: p.ETag, PartNumber: aws.Int32(int32(n + 1))})
	}
	_, err = c.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: aws.String("crash"), Key: &key, UploadId: up.UploadId, MultipartUpload: &s3types.CompletedMultipartUpload{Parts: parts}})
	return err
}

// kill -9 in the middle of uploads: every acknowledged object is whole, and
// what is listed beside is whole too.
func TestKillDuringUploads(t *testing.T) {
	ctx := context.Background()
	data := t.TempDir()
	got := &acks{sums: map[string][32]byte{}}
	for round := range 3 {
		p := apptest.StartProcess(t, data)
		c := s3Client(&p.Server)
		if round == 0 {
			if _, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("crash")}); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for w := range 6 {
			wg.Go(func() { upload(c, w, round, got) })
		}
		time.Sleep(time.Duration(300+rand.IntN(700)) * time.Millisecond)
		p.Kill()
		wg.Wait()
	}
	p := apptest.StartProcess(t, data)
	c := s3Client(&p.Server)
	listed := verifyListed(t, c)
	for key, sum := range got.sums {
		if listed[key] != sum {
			t.Errorf("%s was acknowledged and is not as it was", key)
		}
	}
	t.Logf("%d objects acknowledged, %d there", len(got.sums), len(listed))
	if len(got.sums) < 50 {
		t.Errorf("only %d objects were acknowledged: the test proves little", len(got.sums))
	}
}

// verifyListed reads every object of the bucket and checks that it is one body
// that a writer sent, in full.
func verifyListed(t *testing.T, c *s3.Client) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	pages := s3.NewListObjectsV2Paginator(c, &s3.ListObjectsV2Input{Bucket: aws.String("crash")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			res, err := c.GetObject(context.Background(), &s3.GetObjectInput{Bucket: aws.String("crash"), Key: o.Key})
			if err != nil {
				t.Errorf("%s is listed and cannot be read: %v", *o.Key, err)
				continue
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil || int64(len(body)) != *o.Size || !strings.HasPrefix(string(body), *o.Key) {
				t.Errorf("%s: %d bytes, listed as %d: %v", *o.Key, len(body), *o.Size, err)
			}
			out[*o.Key] = sha256.Sum256(body)
		}
	}
	return out
}
