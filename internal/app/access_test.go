package app_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/boathouse-data/boathouse/internal/app"
	"github.com/boathouse-data/boathouse/internal/app/apptest"
)

// user makes a user with a policy and returns its keys.
func user(t *testing.T, s *apptest.Server, name string, statements ...string) (key, secret string) {
	t.Helper()
	ctx, c := t.Context(), iam.NewFromConfig(s.AWS())
	if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &name}); err != nil {
		t.Fatal(err)
	}
	doc := `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ", ") + `]}`
	if _, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: &name, PolicyDocument: &doc}); err != nil {
		t.Fatal(err)
	}
	out, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.AccessKey.AccessKeyId, *out.AccessKey.SecretAccessKey
}

func connect(t *testing.T, s *apptest.Server, key, secret string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), fmt.Sprintf("postgres://%s:%s@%s/boathouse?sslmode=disable", key, secret, s.PostgresAddr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// What the catalog's own door refuses is refused, and not shown, by all others.
func TestSameRightsAtEveryDoor(t *testing.T) {
	s := apptest.Start(t)
	root := glue.NewFromConfig(s.AWS())
	for _, db := range []string{"open", "secret"} {
		if _, err := root.CreateDatabase(t.Context(), &glue.CreateDatabaseInput{DatabaseInput: &gluetypes.DatabaseInput{Name: &db}}); err != nil {
			t.Fatal(err)
		}
		if _, err := root.CreateTable(t.Context(), &glue.CreateTableInput{DatabaseName: &db, TableInput: &gluetypes.TableInput{Name: aws.String("t_" + db),
			StorageDescriptor: &gluetypes.StorageDescriptor{Columns: []gluetypes.Column{{Name: aws.String("a"), Type: aws.String("int")}}}}}); err != nil {
			t.Fatal(err)
		}
	}
	const all = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	key, secret := user(t, s, "some", all, `{"Effect": "Deny", "Action": "glue:*", "Resource": "arn:aws:glue:*:*:database/secret"}`)
	cfg := s.AWS()
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, nil
	})
	if _, err := glue.NewFromConfig(cfg).GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("secret"), Name: aws.String("t_secret")}); err == nil {
		t.Fatal("the test proves nothing: the catalog's door allows it")
	}
	ac := athena.NewFromConfig(cfg)
	catalog := aws.String("AwsDataCatalog")
	dbs, err := ac.ListDatabases(t.Context(), &athena.ListDatabasesInput{CatalogName: catalog})
	if err != nil || len(dbs.DatabaseList) != 1 || *dbs.DatabaseList[0].Name != "open" {
		t.Errorf("listed: %+v %v", dbs, err)
	}
	for _, db := range []string{"secret", "SECRET"} {
		if _, err := ac.GetDatabase(t.Context(), &athena.GetDatabaseInput{CatalogName: catalog, DatabaseName: &db}); err == nil {
			t.Errorf("database %s is told", db)
		}
		if _, err := ac.ListTableMetadata(t.Context(), &athena.ListTableMetadataInput{CatalogName: catalog, DatabaseName: &db}); err == nil {
			t.Errorf("tables of %s are listed", db)
		}
		if _, err := ac.GetTableMetadata(t.Context(), &athena.GetTableMetadataInput{CatalogName: catalog, DatabaseName: &db, TableName: aws.String("t_secret")}); err == nil {
			t.Errorf("a table of %s is told", db)
		}
	}
	pg := connect(t, s, key, secret)
	var schemas string
	if err := pg.QueryRow(t.Context(), "SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'").Scan(&schemas); err != nil || schemas != "information_schema,open,public" {
		t.Error(schemas, err)
	}
	if _, err := pg.Exec(t.Context(), "SELECT * FROM secret.t_secret"); err == nil || !strings.Contains(err.Error(), "explicit deny") {
		t.Error(err)
	}
}

// Statements ask policies outside of a request: the time is known there too.
func TestRightsEndWithTheirTime(t *testing.T) {
	s := apptest.Start(t)
	ended := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	key, secret := user(t, s, "guest", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`,
		`{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "`+ended+`"}}}`)
	if _, err := glue.NewFromConfig(s.AWS()).CreateDatabase(t.Context(), &glue.CreateDatabaseInput{DatabaseInput: &gluetypes.DatabaseInput{Name: aws.String("d")}}); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := connect(t, s, key, secret).QueryRow(t.Context(), "SELECT count(*) FROM pg_namespace WHERE nspname = 'd'").Scan(&n); err != nil || n != 0 {
		t.Error(n, err)
	}
}

// A session ends with the access key that it began with.
func TestRevokedKeyEndsSessions(t *testing.T) {
	s := apptest.Start(t)
	key, secret := user(t, s, "leaver", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`)
	c, stays := connect(t, s, key, secret), connect(t, s, "root", s.Secret)
	if _, err := c.Exec(t.Context(), "SELECT 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(s.AWS()).UpdateAccessKey(t.Context(), &iam.UpdateAccessKeyInput{UserName: aws.String("leaver"), AccessKeyId: &key, Status: "Inactive"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), "SELECT 1"); err == nil || !strings.Contains(err.Error(), "no longer active") {
		t.Error(err)
	}
	if _, err := stays.Exec(t.Context(), "SELECT 1"); err != nil {
		t.Error(err)
	}
}

// A statement whose client has left makes room for others.
func TestStatementsOfClientsThatLeft(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("whether a client has left can be asked on Linux only")
	}
	s := apptest.Start(t, func(c *app.Config) { c.SQL.Engine.OpenMax = 2 })
	for range 2 {
		h, err := connect(t, s, "root", s.Secret).PgConn().Hijack()
		if err != nil {
			t.Fatal(err)
		}
		h.Frontend.Send(&pgproto3.Query{String: "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b"})
		if err := h.Frontend.Flush(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond) // it runs
		h.Conn.Close()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if _, err := connect(t, s, "root", s.Secret).Exec(ctx, "SELECT count(*) FROM generate_series(1, 10)"); err != nil {
		t.Error(err)
	}
}
