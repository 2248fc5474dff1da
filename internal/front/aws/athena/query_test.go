package athena_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
)

// start starts a query with its results below s3://results/out/.
func (w *world) start(t testing.TB, sql string, change ...func(*athena.StartQueryExecutionInput)) string {
	t.Helper()
	in := &athena.StartQueryExecutionInput{QueryString: &sql, QueryExecutionContext: &types.QueryExecutionContext{Database: aws.String("d")},
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/out/")}}
	for _, c := range change {
		c(in)
	}
	out, err := w.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return *out.QueryExecutionId
}

// run starts a query and runs what waits.
func (w *world) run(t testing.TB, sql string, change ...func(*athena.StartQueryExecutionInput)) *types.QueryExecution {
	t.Helper()
	id := w.start(t, sql, change...)
	for {
		if did, err := w.groups.Step(t.Context()); err != nil {
			t.Fatal(err)
		} else if !did {
			break
		}
	}
	return w.execution(t, id)
}

func (w *world) execution(t testing.TB, id string) *types.QueryExecution {
	t.Helper()
	out, err := w.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: &id})
	if err != nil {
		t.Fatal(err)
	}
	return out.QueryExecution
}

// succeeded is run for a query that must succeed.
func (w *world) succeeded(t testing.TB, sql string, change ...func(*athena.StartQueryExecutionInput)) *types.QueryExecution {
	t.Helper()
	e := w.run(t, sql, change...)
	if e.Status.State != types.QueryExecutionStateSucceeded {
		t.Fatalf("%s: %s %s", sql, e.Status.State, aws.ToString(e.Status.StateChangeReason))
	}
	return e
}

// rows is all rows of a result as text, NULL for no value.
func (w *world) rows(t *testing.T, e *types.QueryExecution, pageSize int32) []string {
	t.Helper()
	var out []string
	p := athena.NewGetQueryResultsPaginator(w, &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId, MaxResults: &pageSize})
	for p.HasMorePages() {
		r, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range r.ResultSet.Rows {
			var values []string
			for _, d := range row.Data {
				v := "NULL"
				if d.VarCharValue != nil {
					v = *d.VarCharValue
				}
				values = append(values, v)
			}
			out = append(out, strings.Join(values, "|"))
		}
	}
	return out
}

// object is an object of the results bucket, or "" when it is not there.
func (w *world) object(t *testing.T, location string) string {
	t.Helper()
	bucket, key, _ := strings.Cut(strings.TrimPrefix(location, "s3://"), "/")
	_, body, err := w.objects.Get(context.Background(), object.GetInput{Bucket: bucket, Key: key})
	if err != nil {
		return ""
	}
	defer body.Close()
	b, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// weather makes the table d.weather over two CSV files.
func (w *world) weather(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	for key, text := range map[string]string{"weather/y=1/a.csv": "1,oslo,1.5\n2,rome,\n", "weather/y=2/b.csv": "3,st. \"x\",-3\n"} {
		if _, err := w.objects.Put(ctx, object.PutInput{Bucket: "results", Key: key, Body: strings.NewReader(text), Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
	}
	storage := catalog.Storage{Location: "s3://results/weather/", InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
		OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
		Serde:        catalog.Serde{Library: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", Parameters: map[string]string{"field.delim": ","}},
		Columns:      []catalog.Column{{Name: "id", Type: "bigint"}, {Name: "place", Type: "string"}, {Name: "degrees", Type: "double"}}}
	if err := w.catalog.CreateDatabase(ctx, catalog.Database{Name: "d"}); err != nil {
		t.Fatal(err)
	}
	if err := w.catalog.CreateTable(ctx, catalog.Table{Database: "d", Name: "weather", Type: "EXTERNAL_TABLE", Storage: storage,
		PartitionKeys: []catalog.Column{{Name: "y", Type: "int"}}}); err != nil {
		t.Fatal(err)
	}
	var parts []catalog.Partition
	for _, y := range []string{"1", "2"} {
		s := storage
		s.Location = "s3://results/weather/y=" + y + "/"
		parts = append(parts, catalog.Partition{Database: "d", Table: "weather", Values: []string{y}, Storage: s})
	}
	if err := w.catalog.CreatePartitions(ctx, "d", "weather", parts, false); err != nil {
		t.Fatal(err)
	}
}

func TestSelect(t *testing.T) {
	w := open(t)
	w.weather(t)
	e := w.succeeded(t, "SELECT id, place, degrees, y FROM weather ORDER BY id")
	if e.StatementType != types.StatementTypeDml || *e.SubstatementType != "SELECT" || *e.EngineVersion.EffectiveEngineVersion != "Athena engine version 3" ||
		*e.QueryExecutionContext.Database != "d" || e.Status.CompletionDateTime == nil || *e.Statistics.DataScannedInBytes != 32 {
		t.Errorf("%+v %+v", e, *e.Statistics.DataScannedInBytes)
	}
	location := *e.ResultConfiguration.OutputLocation
	if want := "s3://results/out/" + *e.QueryExecutionId + ".csv"; location != want {
		t.Errorf("output %s, want %s", location, want)
	}
	if got, want := w.object(t, location), "\"id\",\"place\",\"degrees\",\"y\"\n\"1\",\"oslo\",\"1.5\",\"1\"\n\"2\",\"rome\",,\"1\"\n\"3\",\"st. \"\"x\"\"\",\"-3.0\",\"2\"\n"; got != want {
		t.Errorf("file\n%s\nwant\n%s", got, want)
	}
	if m := w.object(t, location+".metadata"); !strings.Contains(m, "degrees") {
		t.Errorf("metadata %q", m)
	}
	want := "id|place|degrees|y, 1|oslo|1.5|1, 2|rome|NULL|1, 3|st. \"x\"|-3.0|2"
	for _, size := range []int32{1, 2, 3, 4, 5, 1000} {
		if got := strings.Join(w.rows(t, e, size), ", "); got != want {
			t.Errorf("pages of %d: %s", size, got)
		}
	}
	r, err := w.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId})
	if err != nil {
		t.Fatal(err)
	}
	c := r.ResultSet.ResultSetMetadata.ColumnInfo
	if len(c) != 4 || *c[0].Type != "bigint" || c[0].Precision != 19 || *c[1].Type != "varchar" || !c[1].CaseSensitive || *r.UpdateCount != 0 {
		t.Errorf("%+v", c)
	}
	_, err = w.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId, NextToken: aws.String("rubbish")})
	refused[*types.InvalidRequestException](t, err, "token")
	if s, err := w.GetQueryRuntimeStatistics(t.Context(), &athena.GetQueryRuntimeStatisticsInput{QueryExecutionId: e.QueryExecutionId}); err != nil || *s.QueryRuntimeStatistics.Rows.OutputRows != 3 {
		t.Errorf("%+v, %v", s, err)
	}
	if err := w.objects.Delete(t.Context(), "results", strings.TrimPrefix(location, "s3://results/")); err != nil {
		t.Fatal(err)
	}
	_, err = w.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId})
	refused[*types.InvalidRequestException](t, err, "Could not find results")
}

func TestFailures(t *testing.T) {
	w := open(t)
	w.weather(t)
	for _, tt := range []struct {
		sql, reason string
		kind        int32
	}{
		{"SELECT nothing FROM weather", "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved: did you mean degrees?", 1006},
		{"SELECT 1 FROM nowhere", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.d.nowhere' does not exist", 1301},
		{"SELECT 1 FROM no.nowhere", "SCHEMA_NOT_FOUND: line 1:15: Schema 'no' does not exist", 1301},
		{"SELECT ?", "INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected 1 but found 0", 1100},
		{"EXECUTE nobody", "NOT_FOUND: PreparedStatement nobody was not found in workGroup primary", 1301},
	} {
		e := w.run(t, tt.sql)
		if got := aws.ToString(e.Status.StateChangeReason); e.Status.State != types.QueryExecutionStateFailed || got != tt.reason {
			t.Errorf("%s: %s %q, want %q", tt.sql, e.Status.State, got, tt.reason)
			continue
		}
		if a := e.Status.AthenaError; *a.ErrorCategory != 2 || *a.ErrorType != tt.kind || a.Retryable || *a.ErrorMessage != tt.reason {
			t.Errorf("%s: %d %d %v", tt.sql, *a.ErrorCategory, *a.ErrorType, a.Retryable)
		}
		_, err := w.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId})
		refused[*types.InvalidRequestException](t, err, "Query did not finish successfully. Final query state: FAILED")
		if got := w.object(t, *e.ResultConfiguration.OutputLocation); got != "" {
			t.Errorf("%s left %q", tt.sql, got)
		}
	}
}

func TestParametersAndPreparedStatements(t *testing.T) {
	w := open(t)
	w.weather(t)
	with := func(values ...string) func(*athena.StartQueryExecutionInput) {
		return func(in *athena.StartQueryExecutionInput) { in.ExecutionParameters = values }
	}
	for _, tt := range []struct {
		sql    string
		values []string
		want   string
	}{
		{"SELECT id FROM weather WHERE place = ? AND y = ?", []string{"oslo", "1"}, "1"},
		{"SELECT id FROM weather WHERE place = ?", []string{"'oslo'"}, "1"},
		{"SELECT ?", []string{"1 + 1"}, "2"},
		{"PREPARE p FROM SELECT id FROM weather WHERE id = ? OR place = ? ORDER BY id", nil, ""},
		{"EXECUTE p USING 1, 'rome'", nil, "1 2"},
		{"EXECUTE p", []string{"3", "rome"}, "2 3"},
		{"DEALLOCATE PREPARE p", nil, ""},
	} {
		e := w.succeeded(t, tt.sql, with(tt.values...))
		got := w.rows(t, e, 100)
		if len(got) > 0 {
			got = got[1:]
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s %v: %v", tt.sql, tt.values, got)
		}
	}
}

func TestTokensAreIdempotent(t *testing.T) {
	w := open(t)
	w.weather(t)
	with := func(in *athena.StartQueryExecutionInput) {
		in.ClientRequestToken = aws.String("0123456789abcdef0123456789abcdef")
	}
	e := w.succeeded(t, "SELECT 1", with)
	if again := w.start(t, "SELECT 1", with); again != *e.QueryExecutionId {
		t.Errorf("the same token is %s and %s", *e.QueryExecutionId, again)
	}
	_, err := w.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 2"), ClientRequestToken: aws.String("0123456789abcdef0123456789abcdef"),
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/out/")}})
	refused[*types.InvalidRequestException](t, err, "Idempotent parameters do not match")
	l, err := w.ListQueryExecutions(t.Context(), &athena.ListQueryExecutionsInput{})
	if err != nil || len(l.QueryExecutionIds) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
	b, err := w.BatchGetQueryExecution(t.Context(), &athena.BatchGetQueryExecutionInput{QueryExecutionIds: []string{*e.QueryExecutionId, "none"}})
	if err != nil || len(b.QueryExecutions) != 1 || len(b.UnprocessedQueryExecutionIds) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestGroupSettingsCount(t *testing.T) {
	w := open(t)
	w.weather(t)
	_, err := w.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: aws.String("team"), Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/team")}}})
	if err != nil {
		t.Fatal(err)
	}
	e := w.succeeded(t, "SELECT 1", func(in *athena.StartQueryExecutionInput) { in.WorkGroup = aws.String("team") })
	if got := *e.ResultConfiguration.OutputLocation; !strings.HasPrefix(got, "s3://results/team/") {
		t.Errorf("an enforced location gave way to %s", got)
	}
}
