package athena_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/smithy-go"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// long runs for minutes unless it is stopped.
const long = "WITH d(x) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), k(x) AS (SELECT a.x + 10 * b.x + 100 * c.x FROM d AS a CROSS JOIN d AS b CROSS JOIN d AS c)" +
	" SELECT count(*) FROM k AS a CROSS JOIN k AS b CROSS JOIN k AS c CROSS JOIN k AS d WHERE (a.x + b.x * c.x + d.x) % 7 = 3"

// until waits for a state.
func (w *world) until(t *testing.T, id string, want types.QueryExecutionState) *types.QueryExecution {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		e := w.execution(t, id)
		if e.Status.State == want {
			return e
		}
		if time.Now().After(deadline) {
			t.Fatalf("still %s (%s), want %s", e.Status.State, aws.ToString(e.Status.StateChangeReason), want)
		}
	}
}

func TestStopOfWhatRuns(t *testing.T) {
	w := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- w.groups.Run(ctx) }()
	defer func() { cancel(); <-stopped }()

	id := w.start(t, long)
	w.until(t, id, types.QueryExecutionStateRunning)
	time.Sleep(200 * time.Millisecond) // past planning
	_, err := w.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: &id})
	refused[*types.InvalidRequestException](t, err, "Query has not yet finished. Current state: RUNNING")
	began := time.Now()
	if _, err := w.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: &id}); err != nil {
		t.Fatal(err)
	}
	e := w.until(t, id, types.QueryExecutionStateCancelled)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if aws.ToString(e.Status.StateChangeReason) != "Query cancelled by user" || e.Status.AthenaError != nil {
		t.Errorf("%+v", e.Status)
	}
	if got := w.object(t, *e.ResultConfiguration.OutputLocation); got != "" {
		t.Errorf("a cancelled query left %q", got)
	}
	if id := w.start(t, "SELECT 1"); w.until(t, id, types.QueryExecutionStateSucceeded) == nil {
		t.Error("the workers do not go on")
	}
}

// A server that stops says so in the history of what it was running.
func TestShutdownEndsWhatRuns(t *testing.T) {
	w := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- w.groups.Run(ctx) }()
	id := w.start(t, long)
	w.until(t, id, types.QueryExecutionStateRunning)
	time.Sleep(200 * time.Millisecond) // past planning, or not: both must end well
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	e := w.execution(t, id)
	if e.Status.State != types.QueryExecutionStateFailed || !e.Status.AthenaError.Retryable || *e.Status.AthenaError.ErrorCategory != 1 {
		t.Errorf("%s %+v", e.Status.State, e.Status.AthenaError)
	}
}

func TestBytesScannedCutoff(t *testing.T) {
	w := open(t)
	w.weather(t)
	row := []byte("9,a place with a name that takes some room,1.0\n")
	body := bytes.Repeat(row, 11_000_000/len(row))
	if _, err := w.objects.Put(t.Context(), object.PutInput{Bucket: "results", Key: "weather/y=2/large.csv", Body: bytes.NewReader(body), Size: int64(len(body))}); err != nil {
		t.Fatal(err)
	}
	_, err := w.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: aws.String("team"), Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/team")}, BytesScannedCutoffPerQuery: aws.Int64(10_000_000)}})
	if err != nil {
		t.Fatal(err)
	}
	team := func(in *athena.StartQueryExecutionInput) { in.WorkGroup = aws.String("team") }
	if e := w.succeeded(t, "SELECT count(*) FROM weather WHERE y = 1", team); *e.Statistics.DataScannedInBytes != 19 {
		t.Errorf("one partition has %d bytes", *e.Statistics.DataScannedInBytes)
	}
	for _, sql := range []string{"SELECT count(*) FROM weather", "CREATE TABLE d.copy WITH (format = 'PARQUET') AS SELECT * FROM weather"} {
		e := w.run(t, sql, team)
		if e.Status.State != types.QueryExecutionStateCancelled || !strings.Contains(aws.ToString(e.Status.StateChangeReason), "Bytes scanned limit was exceeded") {
			t.Errorf("%s: %s %s", sql, e.Status.State, aws.ToString(e.Status.StateChangeReason))
		}
	}
	if _, err := w.catalog.GetTable(t.Context(), "d", "copy"); err == nil {
		t.Error("the cancelled statement left a table")
	}
}

// A query writes its result, and a page reads it, with the caller's rights.
func TestCallersRights(t *testing.T) {
	w := open(t)
	policy := func(statements string) string { return `{"Version": "2012-10-17", "Statement": [` + statements + `]}` }
	group := `{"Effect": "Allow", "Action": "athena:*", "Resource": "arn:aws:athena:us-east-1:000000000000:workgroup/primary"}`
	write := `, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::results/out/*"}`
	read := `, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::results/out/*"}`
	denied := func(what string, err error, action string) {
		t.Helper()
		var e smithy.APIError
		if !errors.As(err, &e) || e.ErrorCode() != "AccessDeniedException" || !strings.Contains(e.ErrorMessage(), action) {
			t.Errorf("%s: %v, want a denial of %s", what, err, action)
		}
	}
	in := func() *athena.StartQueryExecutionInput {
		return &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/out/")}}
	}
	_, err := w.as(t, "nobody", policy(`{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`)).StartQueryExecution(t.Context(), in())
	denied("no right to the group", err, "athena:StartQueryExecution")
	_, err = w.as(t, "reader", policy(group+read)).StartQueryExecution(t.Context(), in())
	denied("no right to the output", err, "s3:PutObject")
	writer := w.as(t, "writer", policy(group+write))
	e := writer.succeeded(t, "SELECT 1")
	_, err = writer.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId})
	denied("no right to read the result", err, "s3:GetObject")
	both := w.as(t, "both", policy(group+read+write))
	if got := both.rows(t, e, 10); len(got) != 2 {
		t.Errorf("rows %v", got)
	}
	if _, err := w.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: aws.String("team")}); err != nil {
		t.Fatal(err)
	}
	other := w.succeeded(t, "SELECT 1", func(in *athena.StartQueryExecutionInput) { in.WorkGroup = aws.String("team") })
	_, err = both.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: other.QueryExecutionId})
	denied("an execution of another group", err, "workgroup/team")
}
