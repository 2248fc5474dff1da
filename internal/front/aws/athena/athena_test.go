package athena_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	door "github.com/boathouse-data/boathouse/internal/front/aws/athena"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// world is a door with all that stands behind it.
type world struct {
	*athena.Client
	url     string
	ids     *identity.Service
	groups  *workgroup.Service
	objects *object.Service
	catalog *catalog.Service
}

func open(t testing.TB) *world {
	t.Helper()
	dir, log, ctx := t.TempDir(), slog.New(slog.DiscardHandler), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := meta.Open(ctx, meta.Default(), filepath.Join(dir, "meta.db"), log)
	must(err)
	t.Cleanup(func() { db.Close() })
	ids, err := identity.Open(ctx, identitytest.Config(), db)
	must(err)
	w := &world{ids: ids}
	w.objects, err = object.Open(object.Default(), db, dir, log)
	must(err)
	w.catalog, err = catalog.Open(catalog.Default(), db)
	must(err)
	engine, err := query.Open(query.Default(), query.Needs{Catalog: w.catalog, Objects: w.objects, Log: log, Folder: dir})
	must(err)
	t.Cleanup(func() { engine.Close() })
	w.groups, err = workgroup.Open(ctx, workgroup.Default(), workgroup.Parts{Meta: db, Query: engine, Objects: w.objects, Identity: ids, Log: log})
	must(err)
	g, err := gate.New(gate.Config{Identity: ids, Log: log, Registry: prometheus.NewRegistry(), Region: "us-east-1"})
	must(err)
	h, err := g.Handle(door.New(door.Config{Groups: w.groups, Catalog: w.catalog, Region: "us-east-1", Account: identitytest.Account}))
	must(err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	w.Client = client(srv.URL, identitytest.AccessKey, identitytest.Secret)
	w.url = srv.URL
	must(w.objects.CreateBucket(ctx, "results"))
	return w
}

func client(url, key, secret string) *athena.Client {
	return athena.New(athena.Options{Region: "us-east-1", BaseEndpoint: &url, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, nil
		})})
}

// as is the same world for a new user with one policy.
func (w *world) as(t *testing.T, name, policy string) *world {
	t.Helper()
	if _, err := w.ids.Create(t.Context(), identity.Entity{Kind: identity.User, Name: name, Path: "/"}); err != nil {
		t.Fatal(err)
	}
	if err := w.ids.PutInline(t.Context(), identity.User, name, "p", policy); err != nil {
		t.Fatal(err)
	}
	k, err := w.ids.CreateKey(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	u := *w
	u.Client = client(w.url, k.ID, k.Secret)
	return &u
}

// refused checks that err is of type E and says what.
func refused[E error](t *testing.T, err error, says string) {
	t.Helper()
	var e E
	if !errors.As(err, &e) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want a %T saying %q", err, e, says)
	}
}

func TestWorkGroups(t *testing.T) {
	w, ctx := open(t), t.Context()
	p, err := w.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: aws.String("primary")})
	if err != nil {
		t.Fatal(err)
	}
	if c := p.WorkGroup.Configuration; p.WorkGroup.State != types.WorkGroupStateEnabled || *c.EnforceWorkGroupConfiguration ||
		*c.EngineVersion.EffectiveEngineVersion != "Athena engine version 3" || c.ResultConfiguration == nil {
		t.Errorf("primary: %+v", p.WorkGroup)
	}
	make := &athena.CreateWorkGroupInput{Name: aws.String("team"), Description: aws.String("ours"), Configuration: &types.WorkGroupConfiguration{
		EnforceWorkGroupConfiguration: aws.Bool(true), BytesScannedCutoffPerQuery: aws.Int64(10_000_000), RequesterPaysEnabled: aws.Bool(false),
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/team/")}},
		Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}}
	if _, err := w.CreateWorkGroup(ctx, make); err != nil {
		t.Fatal(err)
	}
	_, err = w.CreateWorkGroup(ctx, make)
	refused[*types.InvalidRequestException](t, err, "already created")
	_, err = w.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: aws.String("x"), Configuration: &types.WorkGroupConfiguration{RequesterPaysEnabled: aws.Bool(true)}})
	refused[*types.InvalidRequestException](t, err, "Configuration.RequesterPaysEnabled")
	_, err = w.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: aws.String("x"), Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{EncryptionConfiguration: &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionSseS3}}}})
	refused[*types.InvalidRequestException](t, err, "EncryptionConfiguration")
	if _, err := w.UpdateWorkGroup(ctx, &athena.UpdateWorkGroupInput{WorkGroup: aws.String("team"), State: types.WorkGroupStateDisabled,
		ConfigurationUpdates: &types.WorkGroupConfigurationUpdates{RemoveBytesScannedCutoffPerQuery: aws.Bool(true)}}); err != nil {
		t.Error(err)
	}
	_, err = w.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), WorkGroup: aws.String("team")})
	refused[*types.InvalidRequestException](t, err, "disabled")
	arn := aws.String("arn:aws:athena:us-east-1:000000000000:workgroup/team")
	if _, err := w.TagResource(ctx, &athena.TagResourceInput{ResourceARN: arn, Tags: []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}}}); err != nil {
		t.Error(err)
	}
	if _, err := w.UntagResource(ctx, &athena.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"a"}}); err != nil {
		t.Error(err)
	}
	if tags, err := w.ListTagsForResource(ctx, &athena.ListTagsForResourceInput{ResourceARN: arn}); err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" {
		t.Errorf("tags: %+v, %v", tags, err)
	}
	_, err = w.ListTagsForResource(ctx, &athena.ListTagsForResourceInput{ResourceARN: aws.String("arn:aws:athena:us-east-1:000000000000:workgroup/none")})
	refused[*types.ResourceNotFoundException](t, err, "workgroup/none")
	list, err := w.ListWorkGroups(ctx, &athena.ListWorkGroupsInput{MaxResults: aws.Int32(1)})
	if err != nil || len(list.WorkGroups) != 1 || list.NextToken == nil {
		t.Fatalf("%+v, %v", list, err)
	}
	_, err = w.ListWorkGroups(ctx, &athena.ListWorkGroupsInput{MaxResults: aws.Int32(51)})
	refused[*types.InvalidRequestException](t, err, "Member must have value less than or equal to 50")
	_, err = w.ListWorkGroups(ctx, &athena.ListWorkGroupsInput{NextToken: aws.String("rubbish")})
	refused[*types.InvalidRequestException](t, err, "token")
	if _, err := w.DeleteWorkGroup(ctx, &athena.DeleteWorkGroupInput{WorkGroup: aws.String("team")}); err != nil {
		t.Error(err)
	}
	_, err = w.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: aws.String("team")})
	refused[*types.InvalidRequestException](t, err, "WorkGroup team is not found.")
	if v, err := w.ListEngineVersions(ctx, &athena.ListEngineVersionsInput{}); err != nil || len(v.EngineVersions) != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestSavedStatements(t *testing.T) {
	w, ctx := open(t), t.Context()
	n, err := w.CreateNamedQuery(ctx, &athena.CreateNamedQueryInput{Name: aws.String("n"), Database: aws.String("d"), QueryString: aws.String("SELECT 1")})
	if err != nil {
		t.Fatal(err)
	}
	if g, err := w.GetNamedQuery(ctx, &athena.GetNamedQueryInput{NamedQueryId: n.NamedQueryId}); err != nil || *g.NamedQuery.QueryString != "SELECT 1" || *g.NamedQuery.WorkGroup != "primary" {
		t.Errorf("%+v, %v", g, err)
	}
	if b, err := w.BatchGetNamedQuery(ctx, &athena.BatchGetNamedQueryInput{NamedQueryIds: []string{*n.NamedQueryId, "none"}}); err != nil || len(b.NamedQueries) != 1 || len(b.UnprocessedNamedQueryIds) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
	if l, err := w.ListNamedQueries(ctx, &athena.ListNamedQueriesInput{}); err != nil || len(l.NamedQueryIds) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := w.UpdateNamedQuery(ctx, &athena.UpdateNamedQueryInput{NamedQueryId: n.NamedQueryId, Name: aws.String("m"), QueryString: aws.String("SELECT 2")}); err != nil {
		t.Error(err)
	}
	if _, err := w.DeleteNamedQuery(ctx, &athena.DeleteNamedQueryInput{NamedQueryId: n.NamedQueryId}); err != nil {
		t.Error(err)
	}
	_, err = w.GetNamedQuery(ctx, &athena.GetNamedQueryInput{NamedQueryId: n.NamedQueryId})
	refused[*types.InvalidRequestException](t, err, "was not found")

	group := aws.String("primary")
	if _, err := w.CreatePreparedStatement(ctx, &athena.CreatePreparedStatementInput{StatementName: aws.String("p"), WorkGroup: group, QueryStatement: aws.String("SELECT ?")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdatePreparedStatement(ctx, &athena.UpdatePreparedStatementInput{StatementName: aws.String("p"), WorkGroup: group, QueryStatement: aws.String("SELECT ?, 1")}); err != nil {
		t.Error(err)
	}
	if g, err := w.GetPreparedStatement(ctx, &athena.GetPreparedStatementInput{StatementName: aws.String("p"), WorkGroup: group}); err != nil || *g.PreparedStatement.QueryStatement != "SELECT ?, 1" {
		t.Errorf("%+v, %v", g, err)
	}
	if b, err := w.BatchGetPreparedStatement(ctx, &athena.BatchGetPreparedStatementInput{PreparedStatementNames: []string{"p", "q"}, WorkGroup: group}); err != nil || len(b.PreparedStatements) != 1 || len(b.UnprocessedPreparedStatementNames) != 1 {
		t.Errorf("%+v, %v", b, err)
	}
	if l, err := w.ListPreparedStatements(ctx, &athena.ListPreparedStatementsInput{WorkGroup: group}); err != nil || len(l.PreparedStatements) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
	if _, err := w.DeletePreparedStatement(ctx, &athena.DeletePreparedStatementInput{StatementName: aws.String("p"), WorkGroup: group}); err != nil {
		t.Error(err)
	}
	_, err = w.GetPreparedStatement(ctx, &athena.GetPreparedStatementInput{StatementName: aws.String("p"), WorkGroup: group})
	refused[*types.ResourceNotFoundException](t, err, "p was not found in workGroup primary")
}

func TestMetadata(t *testing.T) {
	w, ctx := open(t), t.Context()
	if err := w.catalog.CreateDatabase(ctx, catalog.Database{Name: "d", Description: "about"}); err != nil {
		t.Fatal(err)
	}
	if err := w.catalog.CreateTable(ctx, catalog.Table{Database: "d", Name: "t", Type: "EXTERNAL_TABLE", Storage: catalog.Storage{
		Columns: []catalog.Column{{Name: "a", Type: "bigint", Comment: "c"}}, Location: "s3://b/t"},
		PartitionKeys: []catalog.Column{{Name: "y", Type: "string"}}, Parameters: map[string]string{"classification": "csv"}}); err != nil {
		t.Fatal(err)
	}
	name := aws.String("AwsDataCatalog")
	if c, err := w.GetDataCatalog(ctx, &athena.GetDataCatalogInput{Name: name}); err != nil || c.DataCatalog.Type != types.DataCatalogTypeGlue {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := w.ListDataCatalogs(ctx, &athena.ListDataCatalogsInput{}); err != nil || len(c.DataCatalogsSummary) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if d, err := w.ListDatabases(ctx, &athena.ListDatabasesInput{CatalogName: name}); err != nil || len(d.DatabaseList) == 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := w.GetDatabase(ctx, &athena.GetDatabaseInput{CatalogName: name, DatabaseName: aws.String("d")}); err != nil || *d.Database.Description != "about" {
		t.Errorf("%+v, %v", d, err)
	}
	tbl, err := w.GetTableMetadata(ctx, &athena.GetTableMetadataInput{CatalogName: name, DatabaseName: aws.String("d"), TableName: aws.String("t")})
	if err != nil || len(tbl.TableMetadata.Columns) != 1 || *tbl.TableMetadata.PartitionKeys[0].Name != "y" || tbl.TableMetadata.Parameters["location"] != "s3://b/t" {
		t.Errorf("%+v, %v", tbl, err)
	}
	if l, err := w.ListTableMetadata(ctx, &athena.ListTableMetadataInput{CatalogName: name, DatabaseName: aws.String("d"), Expression: aws.String("t.*")}); err != nil || len(l.TableMetadataList) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
	_, err = w.GetTableMetadata(ctx, &athena.GetTableMetadataInput{CatalogName: name, DatabaseName: aws.String("d"), TableName: aws.String("none")})
	refused[*types.MetadataException](t, err, "none")
	_, err = w.GetDatabase(ctx, &athena.GetDatabaseInput{CatalogName: aws.String("other"), DatabaseName: aws.String("d")})
	refused[*types.InvalidRequestException](t, err, "other")
	_, err = w.CreateDataCatalog(ctx, &athena.CreateDataCatalogInput{Name: aws.String("x"), Type: types.DataCatalogTypeHive})
	if err == nil || !strings.Contains(err.Error(), "CreateDataCatalog") {
		t.Errorf("other catalogs: %v", err)
	}
}

func TestStartRefusals(t *testing.T) {
	w, ctx := open(t), t.Context()
	output := &types.ResultConfiguration{OutputLocation: aws.String("s3://results/")}
	for _, tt := range []struct {
		in   athena.StartQueryExecutionInput
		says string
	}{
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1")}, "No output location provided."},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("nowhere")}}, "not a valid S3 path"},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://nobucket/")}}, "Unable to verify/create output bucket nobucket"},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELEC 1"), ResultConfiguration: output}, "line 1:1"},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: output, WorkGroup: aws.String("none")}, "WorkGroup none is not found."},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: output, ClientRequestToken: aws.String("short")}, "greater than or equal to 32"},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: output,
			ResultReuseConfiguration: &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true}}}, "ResultReuseByAgeConfiguration.Enabled"},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: output,
			QueryExecutionContext: &types.QueryExecutionContext{Catalog: aws.String("other")}}, "Catalog other does not exist"},
		{athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: &types.ResultConfiguration{
			OutputLocation: output.OutputLocation, ExpectedBucketOwner: aws.String("111111111111")}}, "111111111111"},
	} {
		_, err := w.StartQueryExecution(ctx, &tt.in)
		refused[*types.InvalidRequestException](t, err, tt.says)
	}
	_, err := w.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: aws.String("none")})
	refused[*types.InvalidRequestException](t, err, "QueryExecution none was not found")
	var e *types.InvalidRequestException
	if errors.As(err, &e) && aws.ToString(e.AthenaErrorCode) != "QUERY_EXECUTION_NOT_FOUND" {
		t.Errorf("AthenaErrorCode is %s", aws.ToString(e.AthenaErrorCode))
	}
	_, err = w.StartSession(ctx, &athena.StartSessionInput{EngineConfiguration: &types.EngineConfiguration{}, WorkGroup: aws.String("primary")})
	if err == nil || !strings.Contains(err.Error(), "StartSession") {
		t.Errorf("sessions: %v", err)
	}
}
