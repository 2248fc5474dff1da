package athena_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/boathouse-data/boathouse/internal/app/apptest"
)

func TestMain(m *testing.M) { apptest.Main(m) }

// A server that is killed while it writes a table leaves no table, no file of
// it and a history that says so; the same statement then works.
func TestKillDuringCreateTableAs(t *testing.T) {
	data := t.TempDir()
	for i, after := range []time.Duration{0, 150 * time.Millisecond, 400 * time.Millisecond, time.Second} {
		t.Run(after.String(), func(t *testing.T) { killDuringCTAS(t, data, fmt.Sprintf("t%d", i), after) })
	}
}

func killDuringCTAS(t *testing.T, data, table string, after time.Duration) {
	ctas := func(size int) string {
		return fmt.Sprintf("CREATE TABLE killed.%s WITH (format = 'PARQUET', external_location = 's3://killed/%s/') AS "+
			"WITH d(x) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), k(x) AS (SELECT a.x + 10 * b.x + 100 * c.x FROM d AS a CROSS JOIN d AS b CROSS JOIN d AS c) "+
			"SELECT a.x AS a, b.x * c.x AS b, 'text ' || CAST(c.x AS varchar) AS s FROM k AS a CROSS JOIN k AS b CROSS JOIN (SELECT x FROM k WHERE x < %d) AS c", table, table, size)
	}
	ctx := t.Context()
	p := apptest.StartProcess(t, data)
	open := func() *world {
		return &world{Client: athena.NewFromConfig(p.AWS())}
	}
	w, files := open(), func() *s3.Client { return s3.NewFromConfig(p.AWS(), func(o *s3.Options) { o.UsePathStyle = true }) }
	if table == "t0" {
		if _, err := files().CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("killed")}); err != nil {
			t.Fatal(err)
		}
		w.until(t, w.start(t, "CREATE DATABASE killed", toKilled), types.QueryExecutionStateSucceeded)
	}
	id := w.start(t, ctas(1000), toKilled) // a thousand million rows
	w.until(t, id, types.QueryExecutionStateRunning)
	time.Sleep(after)
	p.Kill()

	p = apptest.StartProcess(t, data)
	w = open()
	e := w.execution(t, id)
	if e.Status.State != types.QueryExecutionStateFailed || !strings.Contains(aws.ToString(e.Status.StateChangeReason), "server stopped") || !e.Status.AthenaError.Retryable {
		t.Errorf("after the restart: %s %s", e.Status.State, aws.ToString(e.Status.StateChangeReason))
	}
	list, err := files().ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("killed"), Prefix: aws.String(table + "/")})
	if err != nil || len(list.Contents) != 0 {
		t.Errorf("files of the killed statement: %+v, %v", list, err)
	}
	_, err = w.GetTableMetadata(ctx, &athena.GetTableMetadataInput{CatalogName: aws.String("AwsDataCatalog"), DatabaseName: aws.String("killed"), TableName: &table})
	refused[*types.MetadataException](t, err, table)
	w.until(t, w.start(t, ctas(1), toKilled), types.QueryExecutionStateSucceeded)
	count := w.until(t, w.start(t, "SELECT count(*) FROM killed."+table, toKilled), types.QueryExecutionStateSucceeded)
	if got := w.rows(t, count, 10); len(got) != 2 || got[1] != "1000000" {
		t.Errorf("the table has %v rows", got)
	}
	p.Kill()
}

func toKilled(in *athena.StartQueryExecutionInput) {
	in.ResultConfiguration.OutputLocation = aws.String("s3://killed/out/")
	in.QueryExecutionContext = nil
}
