package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// lake is the server through AWS clients, set up as anyone would.
type lake struct {
	s3     *s3.Client
	glue   *glue.Client
	athena *athena.Client
}

func newLake(srv *server) (*lake, error) {
	client, err := srv.Client()
	if err != nil {
		return nil, err
	}
	cfg := aws.Config{
		Region:       srv.Region,
		BaseEndpoint: aws.String(srv.AWSURL()),
		HTTPClient:   client,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: srv.AccessKey, SecretAccessKey: srv.Secret}, nil
		}),
	}
	return &lake{
		s3:     s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		glue:   glue.NewFromConfig(cfg),
		athena: athena.NewFromConfig(cfg),
	}, nil
}

// bucket makes a bucket that may be there already.
func (l *lake) bucket(ctx context.Context, name string) error {
	_, err := l.s3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name})
	var ours *s3types.BucketAlreadyOwnedByYou
	if errors.As(err, &ours) {
		return nil
	}
	return err
}

func (l *lake) put(ctx context.Context, bucket, key string, body []byte) error {
	_, err := l.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body), ContentType: aws.String("text/csv")})
	return err
}

// open reads the object at an s3:// address.
func (l *lake) open(ctx context.Context, url string) (io.ReadCloser, error) {
	bucket, key, ok := strings.Cut(strings.TrimPrefix(url, "s3://"), "/")
	if !ok {
		return nil, fmt.Errorf("%q is not an s3:// address", url)
	}
	out, err := l.s3.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, err
	}
	return out.Body, nil
}

// each calls f with every page of the objects below prefix.
func (l *lake) each(ctx context.Context, bucket, prefix string, f func([]s3types.Object) error) error {
	pages := s3.NewListObjectsV2Paginator(l.s3, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		if err := f(page.Contents); err != nil {
			return err
		}
	}
	return nil
}

// size counts the objects below prefix and their bytes.
func (l *lake) size(ctx context.Context, bucket, prefix string) (files int, bytes int64, err error) {
	err = l.each(ctx, bucket, prefix, func(objects []s3types.Object) error {
		for _, o := range objects {
			files++
			bytes += aws.ToInt64(o.Size)
		}
		return nil
	})
	return files, bytes, err
}

// empty deletes the objects below prefix.
func (l *lake) empty(ctx context.Context, bucket, prefix string) error {
	return l.each(ctx, bucket, prefix, func(objects []s3types.Object) error {
		if len(objects) == 0 {
			return nil
		}
		var d s3types.Delete
		for _, o := range objects {
			d.Objects = append(d.Objects, s3types.ObjectIdentifier{Key: o.Key})
		}
		out, err := l.s3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &d})
		if err == nil && len(out.Errors) > 0 {
			err = fmt.Errorf("%s: %s", aws.ToString(out.Errors[0].Key), aws.ToString(out.Errors[0].Message))
		}
		return err
	})
}

// location is where a table's files are, or empty when there is no such table.
func (l *lake) location(ctx context.Context, database, table string) (string, error) {
	out, err := l.glue.GetTable(ctx, &glue.GetTableInput{DatabaseName: &database, Name: &table})
	var none *gluetypes.EntityNotFoundException
	if errors.As(err, &none) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if out.Table.StorageDescriptor == nil || aws.ToString(out.Table.StorageDescriptor.Location) == "" {
		return "nowhere", nil
	}
	return *out.Table.StorageDescriptor.Location, nil
}

// execution is a statement that has ended well.
type execution struct {
	output  string // s3:// address of the result file
	scanned int64  // bytes
}

// query runs a statement and waits for its end.
func (l *lake) query(ctx context.Context, sql string) (execution, error) {
	started, err := l.athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &sql,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String(database)},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + lakeBucket + "/results/")},
	})
	if err != nil {
		return execution{}, err
	}
	for wait := 5 * time.Millisecond; ; wait = min(wait*3/2, 200*time.Millisecond) {
		out, err := l.athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			return execution{}, err
		}
		q := out.QueryExecution
		switch q.Status.State {
		case athenatypes.QueryExecutionStateSucceeded:
			e := execution{output: aws.ToString(q.ResultConfiguration.OutputLocation)}
			if q.Statistics != nil {
				e.scanned = aws.ToInt64(q.Statistics.DataScannedInBytes)
			}
			return e, nil
		case athenatypes.QueryExecutionStateFailed, athenatypes.QueryExecutionStateCancelled:
			return execution{}, fmt.Errorf("%s: %s", strings.ToLower(string(q.Status.State)), aws.ToString(q.Status.StateChangeReason))
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return execution{}, ctx.Err()
		}
	}
}
