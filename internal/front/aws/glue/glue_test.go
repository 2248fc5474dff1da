package glue_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	door "github.com/boathouse-data/boathouse/internal/front/aws/glue"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/govern/identity/identitytest"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// openAll opens the door on all that stands behind it, and a client of the root.
func openAll(t testing.TB) (*glue.Client, *httptest.Server, *identity.Service) {
	t.Helper()
	log, ctx := slog.New(slog.DiscardHandler), context.Background()
	db, err := meta.Open(ctx, meta.Default(), filepath.Join(t.TempDir(), "meta.db"), log)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	ids, err := identity.Open(ctx, identitytest.Config(), db)
	must(t, err)
	c, err := catalog.Open(catalog.Default(), db)
	must(t, err)
	g, err := gate.New(gate.Config{Identity: ids, Log: log, Registry: prometheus.NewRegistry(), Region: "us-east-1"})
	must(t, err)
	h, err := g.Handle(door.New(door.Config{Catalog: c, Region: "us-east-1", Account: identitytest.Account}))
	must(t, err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return client(srv, identitytest.AccessKey, identitytest.Secret), srv, ids
}

func client(srv *httptest.Server, key, secret string) *glue.Client {
	return glue.New(glue.Options{Region: "us-east-1", BaseEndpoint: &srv.URL, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, nil
		})})
}

func open(t testing.TB) *glue.Client {
	t.Helper()
	c, _, _ := openAll(t)
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got is must for what a call returns.
func got[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// refused checks that err is of type E and says what.
func refused[E error](t testing.TB, err error, says string) {
	t.Helper()
	var e E
	if !errors.As(err, &e) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want a %T saying %q", err, e, says)
	}
}

// coded checks an error that the SDK has no type for.
func coded(t testing.TB, err error, code, says string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), says) {
		t.Errorf("got %v, want %s saying %q", err, code, says)
	}
}

var db, weather = aws.String("db"), aws.String("weather")

func column(name, typ string) types.Column {
	return types.Column{Name: aws.String(name), Type: aws.String(typ)}
}

func weatherInput() *types.TableInput {
	return &types.TableInput{Name: weather, Description: aws.String("daily"), Owner: aws.String("me"), Retention: 7, TableType: aws.String("EXTERNAL_TABLE"),
		LastAccessTime: aws.Time(time.UnixMilli(1700000000123).UTC()), LastAnalyzedTime: aws.Time(time.UnixMilli(1700000001000).UTC()),
		Parameters: map[string]string{"classification": "csv"}, PartitionKeys: []types.Column{column("year", "int"), column("station", "string")},
		ViewOriginalText: aws.String("o"), ViewExpandedText: aws.String("e"), StorageDescriptor: descriptor()}
}

func descriptor() *types.StorageDescriptor {
	return &types.StorageDescriptor{Columns: []types.Column{{Name: aws.String("element"), Type: aws.String("string"), Comment: aws.String("what"), Parameters: map[string]string{"p": "q"}}, column("value", "int")},
		Location: aws.String("s3://lake/weather/"), AdditionalLocations: []string{"s3://lake/more/"}, InputFormat: aws.String("in"), OutputFormat: aws.String("out"),
		Compressed: true, NumberOfBuckets: 4, BucketColumns: []string{"value"}, SortColumns: []types.Order{{Column: aws.String("value"), SortOrder: 1}, {Column: aws.String("element")}},
		SerdeInfo:  &types.SerDeInfo{Name: aws.String("s"), SerializationLibrary: aws.String("org.x.Serde"), Parameters: map[string]string{"field.delim": ","}},
		SkewedInfo: &types.SkewedInfo{SkewedColumnNames: []string{"value"}, SkewedColumnValues: []string{"0"}, SkewedColumnValueLocationMaps: map[string]string{"0": "s3://lake/zero"}},
		Parameters: map[string]string{"x": "y"}, StoredAsSubDirectories: true}
}

func partition(values ...string) types.PartitionInput {
	return types.PartitionInput{Values: values, StorageDescriptor: descriptor(), Parameters: map[string]string{"rows": "5"}}
}

// open1 is open with database db and table weather.
func open1(t testing.TB) (*glue.Client, context.Context) {
	t.Helper()
	c, ctx := open(t), context.Background()
	got(c.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: db}}))(t)
	got(c.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: db, TableInput: weatherInput()}))(t)
	return c, ctx
}

func TestDatabases(t *testing.T) {
	c, ctx := open(t), t.Context()
	in := &types.DatabaseInput{Name: aws.String("Sales"), Description: aws.String("d"), LocationUri: aws.String("s3://b/sales/"), Parameters: map[string]string{"a": "b"}}
	got(c.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: in, CatalogId: aws.String(identitytest.Account)}))(t)
	_, err := c.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: in})
	refused[*types.AlreadyExistsException](t, err, "Database sales already exists.")
	d := got(c.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String("SALES")}))(t).Database
	if *d.Name != "sales" || *d.Description != "d" || *d.LocationUri != *in.LocationUri || d.Parameters["a"] != "b" || *d.CatalogId != identitytest.Account || time.Since(*d.CreateTime) > time.Minute {
		t.Errorf("%+v", d)
	}
	in.Description = nil
	got(c.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: aws.String("sales"), DatabaseInput: in}))(t)
	if d := got(c.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String("sales")}))(t).Database; d.Description != nil {
		t.Errorf("%+v", d)
	}
	for i := range 5 {
		got(c.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String(fmt.Sprint("d", i))}}))(t)
	}
	var names []string
	for p := glue.NewGetDatabasesPaginator(c, &glue.GetDatabasesInput{MaxResults: aws.Int32(2)}); p.HasMorePages(); {
		for _, d := range got(p.NextPage(ctx))(t).DatabaseList {
			names = append(names, *d.Name)
		}
	}
	if fmt.Sprint(names) != "[d0 d1 d2 d3 d4 sales]" {
		t.Errorf("%v", names)
	}
	if out := got(c.GetDatabases(ctx, &glue.GetDatabasesInput{ResourceShareType: types.ResourceShareTypeForeign}))(t); len(out.DatabaseList) != 0 {
		t.Errorf("foreign: %v", out.DatabaseList)
	}
	if out := got(c.GetDatabases(ctx, &glue.GetDatabasesInput{AttributesToGet: []types.DatabaseAttributes{"NAME"}}))(t); out.DatabaseList[0].CreateTime != nil || *out.DatabaseList[0].Name != "d0" {
		t.Errorf("names only: %+v", out.DatabaseList[0])
	}
	got(c.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: aws.String("sales")}))(t)
	_, err = c.GetDatabase(ctx, &glue.GetDatabaseInput{Name: aws.String("sales")})
	refused[*types.EntityNotFoundException](t, err, "Database sales not found.")
	_, err = c.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: aws.String("sales")})
	refused[*types.EntityNotFoundException](t, err, "Database sales not found.")
}

func TestTableKeepsEveryField(t *testing.T) {
	c, ctx := open1(t)
	x := got(c.GetTable(ctx, &glue.GetTableInput{DatabaseName: db, Name: weather}))(t).Table
	in := weatherInput()
	want := &types.Table{Name: in.Name, DatabaseName: db, CatalogId: aws.String(identitytest.Account), Description: in.Description, Owner: in.Owner, Retention: in.Retention,
		TableType: in.TableType, LastAccessTime: in.LastAccessTime, LastAnalyzedTime: in.LastAnalyzedTime, Parameters: in.Parameters, PartitionKeys: in.PartitionKeys,
		ViewOriginalText: in.ViewOriginalText, ViewExpandedText: in.ViewExpandedText, StorageDescriptor: in.StorageDescriptor, VersionId: aws.String("0"),
		CreatedBy: aws.String("arn:aws:iam::000000000000:root"), IsMultiDialectView: aws.Bool(false), CreateTime: x.CreateTime, UpdateTime: x.UpdateTime}
	if !reflect.DeepEqual(x, want) {
		t.Errorf("got  %+v\nwant %+v\nstorage got  %+v\nstorage want %+v", x, want, x.StorageDescriptor, want.StorageDescriptor)
	}
}

func TestTables(t *testing.T) {
	c, ctx := open1(t)
	_, err := c.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: db, TableInput: weatherInput()})
	refused[*types.AlreadyExistsException](t, err, "Table weather already exists.")
	_, err = c.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String("nope"), TableInput: weatherInput()})
	refused[*types.EntityNotFoundException](t, err, "Database nope not found.")
	in := weatherInput()
	in.Retention = 9
	got(c.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: db, TableInput: in, VersionId: aws.String("0")}))(t)
	_, err = c.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: db, TableInput: in, VersionId: aws.String("0")})
	refused[*types.ConcurrentModificationException](t, err, "Update table failed due to concurrent modifications")
	got(c.UpdateTable(ctx, &glue.UpdateTableInput{DatabaseName: db, TableInput: in, SkipArchive: aws.Bool(true)}))(t)
	vs := got(c.GetTableVersions(ctx, &glue.GetTableVersionsInput{DatabaseName: db, TableName: weather}))(t).TableVersions
	if len(vs) != 2 || *vs[0].VersionId != "2" || *vs[1].VersionId != "0" || vs[1].Table.Retention != 7 || vs[0].Table.Retention != 9 {
		t.Errorf("%+v", vs)
	}
	v := got(c.GetTableVersion(ctx, &glue.GetTableVersionInput{DatabaseName: db, TableName: weather, VersionId: aws.String("0")}))(t).TableVersion
	if *v.Table.VersionId != "0" {
		t.Errorf("%+v", v)
	}
	_, err = c.GetTableVersion(ctx, &glue.GetTableVersionInput{DatabaseName: db, TableName: weather, VersionId: aws.String("1")})
	refused[*types.EntityNotFoundException](t, err, "Version 1")
	_, err = c.DeleteTableVersion(ctx, &glue.DeleteTableVersionInput{DatabaseName: db, TableName: weather, VersionId: aws.String("2")})
	refused[*types.InvalidInputException](t, err, "current version")
	b := got(c.BatchDeleteTableVersion(ctx, &glue.BatchDeleteTableVersionInput{DatabaseName: db, TableName: weather, VersionIds: []string{"0", "7"}}))(t)
	if len(b.Errors) != 1 || *b.Errors[0].VersionId != "7" || *b.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" {
		t.Errorf("%+v", b.Errors)
	}
	got(c.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: db, TableInput: &types.TableInput{Name: aws.String("other"), Description: aws.String("ships at SEA")}}))(t)
	if out := got(c.GetTables(ctx, &glue.GetTablesInput{DatabaseName: db, Expression: aws.String("wea.*")}))(t); len(out.TableList) != 1 || *out.TableList[0].Name != "weather" {
		t.Errorf("%+v", out.TableList)
	}
	if out := got(c.GetTables(ctx, &glue.GetTablesInput{DatabaseName: db, AttributesToGet: []types.TableAttributes{"NAME"}}))(t); len(out.TableList) != 2 || out.TableList[0].CreateTime != nil {
		t.Errorf("%+v", out.TableList)
	}
	_, err = c.GetTables(ctx, &glue.GetTablesInput{DatabaseName: db, Expression: aws.String("(")})
	refused[*types.InvalidInputException](t, err, "regular expression")
	for text, want := range map[string]int{"sea": 1, `"sea"`: 0, "element": 1, "": 2, `"csv"`: 1} {
		if out := got(c.SearchTables(ctx, &glue.SearchTablesInput{SearchText: aws.String(text)}))(t); len(out.TableList) != want {
			t.Errorf("search %s: %d tables, want %d", text, len(out.TableList), want)
		}
	}
	_, err = c.SearchTables(ctx, &glue.SearchTablesInput{Filters: []types.PropertyPredicate{{Key: aws.String("Colour"), Value: aws.String("x")}}})
	refused[*types.InvalidInputException](t, err, "Colour")
	d := got(c.BatchDeleteTable(ctx, &glue.BatchDeleteTableInput{DatabaseName: db, TablesToDelete: []string{"other", "none"}}))(t)
	if len(d.Errors) != 1 || *d.Errors[0].TableName != "none" {
		t.Errorf("%+v", d.Errors)
	}
	got(c.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: db, Name: weather}))(t)
	_, err = c.GetTable(ctx, &glue.GetTableInput{DatabaseName: db, Name: weather})
	refused[*types.EntityNotFoundException](t, err, "Table weather not found.")
}

func TestPartitions(t *testing.T) {
	c, ctx := open1(t)
	p := partition("2020", "a")
	got(c.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: db, TableName: weather, PartitionInput: &p}))(t)
	_, err := c.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: db, TableName: weather, PartitionInput: &p})
	refused[*types.AlreadyExistsException](t, err, "already exists")
	x := got(c.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: db, TableName: weather, PartitionValues: p.Values}))(t).Partition
	want := &types.Partition{Values: p.Values, DatabaseName: db, TableName: weather, CatalogId: aws.String(identitytest.Account), Parameters: p.Parameters,
		StorageDescriptor: p.StorageDescriptor, CreationTime: x.CreationTime}
	if !reflect.DeepEqual(x, want) {
		t.Errorf("got  %+v\nwant %+v", x, want)
	}
	var in []types.PartitionInput
	for y := 2020; y < 2024; y++ {
		in = append(in, partition(fmt.Sprint(y), "a"), partition(fmt.Sprint(y), "b"))
	}
	in = append(in, partition("1"))
	out := got(c.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{DatabaseName: db, TableName: weather, PartitionInputList: in}))(t)
	if len(out.Errors) != 2 || *out.Errors[0].ErrorDetail.ErrorCode != "AlreadyExistsException" || *out.Errors[1].ErrorDetail.ErrorCode != "InvalidInputException" ||
		!strings.Contains(*out.Errors[1].ErrorDetail.ErrorMessage, "The number of partition keys do not match the number of partition values") {
		t.Errorf("%+v", out.Errors)
	}
	list := func(in *glue.GetPartitionsInput) (values []string) {
		in.DatabaseName, in.TableName = db, weather
		for p := glue.NewGetPartitionsPaginator(c, in); p.HasMorePages(); {
			for _, x := range got(p.NextPage(ctx))(t).Partitions {
				values = append(values, strings.Join(x.Values, "/"))
				if exclude := in.ExcludeColumnSchema != nil; exclude != (x.StorageDescriptor.Columns == nil) {
					t.Errorf("columns %v", x.StorageDescriptor.Columns)
				}
			}
		}
		return values
	}
	if v := list(&glue.GetPartitionsInput{Expression: aws.String("year > 2020 AND (station = 'a' OR year IN (2023))"), MaxResults: aws.Int32(2), ExcludeColumnSchema: aws.Bool(true)}); fmt.Sprint(v) != "[2021/a 2022/a 2023/a 2023/b]" {
		t.Errorf("%v", v)
	}
	var all []string
	for i := range int32(3) {
		all = append(all, list(&glue.GetPartitionsInput{Segment: &types.Segment{SegmentNumber: i, TotalSegments: aws.Int32(3)}, MaxResults: aws.Int32(1)})...)
	}
	if len(all) != 8 {
		t.Errorf("segments: %v", all)
	}
	_, err = c.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: db, TableName: weather, Expression: aws.String("year => 1")})
	refused[*types.InvalidInputException](t, err, "Invalid partition expression: at character 7")
	_, err = c.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: db, TableName: weather, Segment: &types.Segment{SegmentNumber: 3, TotalSegments: aws.Int32(3)}})
	refused[*types.ValidationException](t, err, "segment.segmentNumber")
	_, err = c.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: db, TableName: weather, NextToken: aws.String("zzz")})
	refused[*types.InvalidInputException](t, err, "token")

	b := got(c.BatchGetPartition(ctx, &glue.BatchGetPartitionInput{DatabaseName: db, TableName: weather, PartitionsToGet: []types.PartitionValueList{{Values: []string{"2020", "b"}}, {Values: []string{"0", "0"}}}}))(t)
	if len(b.Partitions) != 1 || b.Partitions[0].Values[1] != "b" || len(b.UnprocessedKeys) != 0 {
		t.Errorf("%+v", b)
	}
	moved := partition("2030", "z")
	got(c.UpdatePartition(ctx, &glue.UpdatePartitionInput{DatabaseName: db, TableName: weather, PartitionValueList: []string{"2020", "a"}, PartitionInput: &moved}))(t)
	_, err = c.GetPartition(ctx, &glue.GetPartitionInput{DatabaseName: db, TableName: weather, PartitionValues: []string{"2020", "a"}})
	refused[*types.EntityNotFoundException](t, err, "not found")
	u := got(c.BatchUpdatePartition(ctx, &glue.BatchUpdatePartitionInput{DatabaseName: db, TableName: weather, Entries: []types.BatchUpdatePartitionRequestEntry{
		{PartitionValueList: []string{"2030", "z"}, PartitionInput: &p}, {PartitionValueList: []string{"9", "9"}, PartitionInput: &moved}}}))(t)
	if len(u.Errors) != 1 || *u.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" || u.Errors[0].PartitionValueList[0] != "9" {
		t.Errorf("%+v", u.Errors)
	}
	got(c.DeletePartition(ctx, &glue.DeletePartitionInput{DatabaseName: db, TableName: weather, PartitionValues: p.Values}))(t)
	_, err = c.DeletePartition(ctx, &glue.DeletePartitionInput{DatabaseName: db, TableName: weather, PartitionValues: p.Values})
	refused[*types.EntityNotFoundException](t, err, "not found")
	del := got(c.BatchDeletePartition(ctx, &glue.BatchDeletePartitionInput{DatabaseName: db, TableName: weather, PartitionsToDelete: []types.PartitionValueList{{Values: []string{"2020", "b"}}, {Values: []string{"0", "0"}}}}))(t)
	if len(del.Errors) != 1 || del.Errors[0].PartitionValues[0] != "0" {
		t.Errorf("%+v", del.Errors)
	}
	if out := got(c.GetPartitionIndexes(ctx, &glue.GetPartitionIndexesInput{DatabaseName: db, TableName: weather}))(t); len(out.PartitionIndexDescriptorList) != 0 {
		t.Errorf("%+v", out)
	}
	if out := got(c.GetCatalogImportStatus(ctx, &glue.GetCatalogImportStatusInput{}))(t); !out.ImportStatus.ImportCompleted {
		t.Errorf("%+v", out)
	}
}

func TestStatistics(t *testing.T) {
	c, ctx := open1(t)
	at := aws.Time(time.UnixMilli(1700000000000).UTC())
	stat := func(column string, d types.ColumnStatisticsData) types.ColumnStatistics {
		return types.ColumnStatistics{ColumnName: aws.String(column), ColumnType: aws.String("t"), AnalyzedTime: at, StatisticsData: &d}
	}
	for _, d := range []types.ColumnStatisticsData{
		{Type: "BOOLEAN", BooleanColumnStatisticsData: &types.BooleanColumnStatisticsData{NumberOfTrues: 1, NumberOfFalses: 2, NumberOfNulls: 3}},
		{Type: "DATE", DateColumnStatisticsData: &types.DateColumnStatisticsData{MinimumValue: at, NumberOfDistinctValues: 1}},
		{Type: "DECIMAL", DecimalColumnStatisticsData: &types.DecimalColumnStatisticsData{MinimumValue: &types.DecimalNumber{UnscaledValue: []byte{0xff, 0x38}, Scale: 3}, MaximumValue: &types.DecimalNumber{UnscaledValue: []byte{0, 200}, Scale: 1}}},
		{Type: "DOUBLE", DoubleColumnStatisticsData: &types.DoubleColumnStatisticsData{MinimumValue: -1.5, MaximumValue: 1e300}},
		{Type: "LONG", LongColumnStatisticsData: &types.LongColumnStatisticsData{MinimumValue: -1 << 63, MaximumValue: 1<<63 - 1, NumberOfNulls: 4}},
		{Type: "STRING", StringColumnStatisticsData: &types.StringColumnStatisticsData{MaximumLength: 9, AverageLength: 4.5, NumberOfDistinctValues: 7}},
		{Type: "BINARY", BinaryColumnStatisticsData: &types.BinaryColumnStatisticsData{MaximumLength: 9, AverageLength: 4.5}},
	} {
		in := stat("value", d)
		got(c.UpdateColumnStatisticsForTable(ctx, &glue.UpdateColumnStatisticsForTableInput{DatabaseName: db, TableName: weather, ColumnStatisticsList: []types.ColumnStatistics{in}}))(t)
		out := got(c.GetColumnStatisticsForTable(ctx, &glue.GetColumnStatisticsForTableInput{DatabaseName: db, TableName: weather, ColumnNames: []string{"value", "element"}}))(t)
		if len(out.ColumnStatisticsList) != 1 || !reflect.DeepEqual(out.ColumnStatisticsList[0], in) || len(out.Errors) != 1 || *out.Errors[0].ColumnName != "element" {
			t.Errorf("%s: got %+v, errors %+v", d.Type, out.ColumnStatisticsList, out.Errors)
		}
	}
	_, err := c.UpdateColumnStatisticsForTable(ctx, &glue.UpdateColumnStatisticsForTableInput{DatabaseName: db, TableName: weather, ColumnStatisticsList: []types.ColumnStatistics{stat("value", types.ColumnStatisticsData{Type: "LONG"})}})
	refused[*types.InvalidInputException](t, err, "the data of type LONG is missing")
	got(c.DeleteColumnStatisticsForTable(ctx, &glue.DeleteColumnStatisticsForTableInput{DatabaseName: db, TableName: weather, ColumnName: aws.String("value")}))(t)
	_, err = c.DeleteColumnStatisticsForTable(ctx, &glue.DeleteColumnStatisticsForTableInput{DatabaseName: db, TableName: weather, ColumnName: aws.String("value")})
	refused[*types.EntityNotFoundException](t, err, "value")

	p := partition("2020", "a")
	get := &glue.GetColumnStatisticsForPartitionInput{DatabaseName: db, TableName: weather, PartitionValues: p.Values, ColumnNames: []string{"value"}}
	_, err = c.GetColumnStatisticsForPartition(ctx, get)
	refused[*types.EntityNotFoundException](t, err, "Partition")
	got(c.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: db, TableName: weather, PartitionInput: &p}))(t)
	long := stat("value", types.ColumnStatisticsData{Type: "LONG", LongColumnStatisticsData: &types.LongColumnStatisticsData{MaximumValue: 5}})
	u := got(c.UpdateColumnStatisticsForPartition(ctx, &glue.UpdateColumnStatisticsForPartitionInput{DatabaseName: db, TableName: weather, PartitionValues: p.Values,
		ColumnStatisticsList: []types.ColumnStatistics{long, stat("none", *long.StatisticsData)}}))(t)
	if len(u.Errors) != 1 || *u.Errors[0].ColumnStatistics.ColumnName != "none" {
		t.Errorf("%+v", u.Errors)
	}
	if out := got(c.GetColumnStatisticsForPartition(ctx, get))(t); len(out.ColumnStatisticsList) != 1 || !reflect.DeepEqual(out.ColumnStatisticsList[0], long) {
		t.Errorf("%+v", out)
	}
	got(c.DeleteColumnStatisticsForPartition(ctx, &glue.DeleteColumnStatisticsForPartitionInput{DatabaseName: db, TableName: weather, PartitionValues: p.Values, ColumnName: aws.String("value")}))(t)
}

// What is not honoured is refused by name, what is malformed by the member.
func TestRefusals(t *testing.T) {
	c, ctx := open1(t)
	table := func(change func(*types.TableInput)) error {
		in := weatherInput()
		in.Name = aws.String("x")
		change(in)
		_, err := c.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: db, TableInput: in})
		return err
	}
	refused[*types.InvalidInputException](t, table(func(in *types.TableInput) { in.TargetTable = &types.TableIdentifier{Name: aws.String("y")} }), "TableInput.TargetTable")
	refused[*types.InvalidInputException](t, table(func(in *types.TableInput) {
		in.StorageDescriptor.SchemaReference = &types.SchemaReference{SchemaVersionId: aws.String("y")}
	}), "TableInput.StorageDescriptor.SchemaReference")
	refused[*types.InvalidInputException](t, table(func(in *types.TableInput) { in.Name = aws.String("a\nb") }), "control character")
	refused[*types.InvalidInputException](t, table(func(in *types.TableInput) { in.PartitionKeys = []types.Column{column("value", "int")} }), "value is also a column")
	_, err := c.CreateDatabase(ctx, &glue.CreateDatabaseInput{Tags: map[string]string{"a": "b"}, DatabaseInput: &types.DatabaseInput{Name: aws.String("t")}})
	refused[*types.InvalidInputException](t, err, "Tags")
	_, err = c.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("t"), TargetDatabase: &types.DatabaseIdentifier{DatabaseName: db}}})
	refused[*types.InvalidInputException](t, err, "DatabaseInput.TargetDatabase")
	_, err = c.GetTable(ctx, &glue.GetTableInput{DatabaseName: db, Name: weather, TransactionId: aws.String("1")})
	refused[*types.InvalidInputException](t, err, "TransactionId")
	_, err = c.GetTable(ctx, &glue.GetTableInput{DatabaseName: db, Name: weather, CatalogId: aws.String("111111111111")})
	refused[*types.EntityNotFoundException](t, err, "Catalog 111111111111 not found.")
	_, err = c.GetDatabases(ctx, &glue.GetDatabasesInput{MaxResults: aws.Int32(101)})
	refused[*types.ValidationException](t, err, "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100")
	_, err = c.BatchDeletePartition(ctx, &glue.BatchDeletePartitionInput{DatabaseName: db, TableName: weather, PartitionsToDelete: slices.Repeat([]types.PartitionValueList{{Values: []string{"1", "2"}}}, 26)})
	refused[*types.ValidationException](t, err, "partitionsToDelete")
	_, err = c.CreatePartitionIndex(ctx, &glue.CreatePartitionIndexInput{DatabaseName: db, TableName: weather, PartitionIndex: &types.PartitionIndex{IndexName: aws.String("i"), Keys: []string{"year"}}})
	coded(t, err, "UnknownOperationException", "CreatePartitionIndex")
	_, err = c.GetDataCatalogEncryptionSettings(ctx, &glue.GetDataCatalogEncryptionSettingsInput{})
	coded(t, err, "UnknownOperationException", "GetDataCatalogEncryptionSettings")
	// The SDK checks required members itself; other clients do not.
	_, err = c.GetTable(ctx, &glue.GetTableInput{}, func(o *glue.Options) {
		o.APIOptions = append(o.APIOptions, func(s *middleware.Stack) error {
			_, err := s.Initialize.Remove("OperationInputValidation")
			return err
		})
	})
	refused[*types.ValidationException](t, err, "Value null at 'databaseName' failed to satisfy constraint: Member must not be null")
}

func TestEveryReasonHasACode(t *testing.T) {
	codes := gate.Codes(door.New(door.Config{}))
	for _, r := range slices.Concat(catalog.Reasons, door.Reasons, page.Reasons) {
		if _, ok := codes[r]; !ok {
			t.Errorf("%s has no code", r.Name)
		}
	}
}

func BenchmarkGetTable(b *testing.B) {
	c, ctx := open1(b)
	for b.Loop() {
		if _, err := c.GetTable(ctx, &glue.GetTableInput{DatabaseName: db, Name: weather}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGetPartitions lists 10,000 partitions in pages of 1,000.
func BenchmarkGetPartitions(b *testing.B) {
	c, ctx := open1(b)
	for i := range 100 {
		var in []types.PartitionInput
		for j := range 100 {
			in = append(in, partition(fmt.Sprint(2000+i), fmt.Sprint(j)))
		}
		got(c.BatchCreatePartition(ctx, &glue.BatchCreatePartitionInput{DatabaseName: db, TableName: weather, PartitionInputList: in}))(b)
	}
	for b.Loop() {
		n := 0
		for p := glue.NewGetPartitionsPaginator(c, &glue.GetPartitionsInput{DatabaseName: db, TableName: weather}); p.HasMorePages(); {
			n += len(got(p.NextPage(ctx))(b).Partitions)
		}
		if n != 10_000 {
			b.Fatal(n)
		}
	}
}

// A policy must allow an action on the table, its database and the catalog,
// under the names that the service gives them.
func TestPolicies(t *testing.T) {
	root, srv, ids := openAll(t)
	ctx := t.Context()
	got(root.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: db}}))(t)
	got(root.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: db, TableInput: weatherInput()}))(t)
	other := weatherInput()
	other.Name = aws.String("secret")
	got(root.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: db, TableInput: other}))(t)
	got(ids.Create(ctx, identity.Entity{Kind: identity.User, Name: "ann", Path: "/"}))(t)
	must(t, ids.PutInline(ctx, identity.User, "ann", "read", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["glue:GetTable","glue:GetPartitions","glue:CreatePartition"],
		"Resource":["arn:aws:glue:us-east-1:000000000000:catalog","arn:aws:glue:us-east-1:000000000000:database/db","arn:aws:glue:us-east-1:000000000000:table/db/weather"]}]}`))
	key := got(ids.CreateKey(ctx, "ann"))(t)
	ann := client(srv, key.ID, key.Secret)
	got(ann.GetTable(ctx, &glue.GetTableInput{DatabaseName: aws.String("DB"), Name: aws.String("Weather")}))(t)
	got(ann.GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: db, TableName: weather}))(t)
	p := partition("2020", "a")
	got(ann.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: db, TableName: weather, PartitionInput: &p}))(t)
	for what, call := range map[string]func() error{
		"another table": func() error {
			_, err := ann.GetTable(ctx, &glue.GetTableInput{DatabaseName: db, Name: aws.String("secret")})
			return err
		},
		"another action": func() error {
			_, err := ann.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: db, Name: weather})
			return err
		},
		"all tables": func() error {
			_, err := ann.GetTables(ctx, &glue.GetTablesInput{DatabaseName: db})
			return err
		},
		"the database with all in it": func() error {
			_, err := ann.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: db})
			return err
		},
		"tables one by one": func() error {
			_, err := ann.BatchDeleteTable(ctx, &glue.BatchDeleteTableInput{DatabaseName: db, TablesToDelete: []string{"weather"}})
			return err
		},
	} {
		if err := call(); err == nil {
			t.Errorf("%s: allowed", what)
		} else {
			refused[*types.AccessDeniedException](t, err, "is not authorized to perform: glue:")
		}
	}
}
