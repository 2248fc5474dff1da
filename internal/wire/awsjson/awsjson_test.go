package awsjson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/smithy-go"

	"github.com/boathouse-data/boathouse/internal/wire/awsjson"
)

func ptr[T any](v T) *T { return &v }

func decode(t testing.TB, body string, in any) []string {
	t.Helper()
	unknown, err := awsjson.New(awsjson.Config{Version: "1.1"}).Decode(nil, []byte(body), in)
	if err != nil {
		t.Fatal(err)
	}
	return unknown
}

func encode(t testing.TB, out any) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := awsjson.New(awsjson.Config{Version: "1.1"}).Encode(w, "Op", "id-1", out); err != nil {
		t.Fatal(err)
	}
	if h := w.Header(); h.Get("Content-Type") != "application/x-amz-json-1.1" || h.Get("x-amzn-RequestId") != "id-1" {
		t.Errorf("headers %v", h)
	}
	return w.Body.String()
}

func TestDecode(t *testing.T) {
	var in glue.CreateTableInput
	unknown := decode(t, ` {"DatabaseName":"d\u00e9\ud83d\ude00\n","TableInput":{"Name":"t","Retention":5,"LastAccessTime":1700000000.25,
		"LastAnalyzedTime":"2024-02-29T10:00:00Z","Owner":null,"PartitionKeys":[],"Parameters":{"a":"1","b":null},
		"StorageDescriptor":{"Columns":[{"Name":"x","Type":"int"},{"Name":"y"}],"Compressed":true,"SortColumns":[{"Column":"x","SortOrder":1}]}},
		"PartitionIndexes":[{"Keys":["k"],"IndexName":"i"}]} `, &in)
	want := glue.CreateTableInput{DatabaseName: ptr("dé😀\n"), PartitionIndexes: []types.PartitionIndex{{Keys: []string{"k"}, IndexName: ptr("i")}},
		TableInput: &types.TableInput{Name: ptr("t"), Retention: 5, LastAccessTime: ptr(time.UnixMilli(1700000000250).UTC()),
			LastAnalyzedTime: ptr(time.Date(2024, 2, 29, 10, 0, 0, 0, time.UTC)), PartitionKeys: []types.Column{}, Parameters: map[string]string{"a": "1"},
			StorageDescriptor: &types.StorageDescriptor{Columns: []types.Column{{Name: ptr("x"), Type: ptr("int")}, {Name: ptr("y")}}, Compressed: true,
				SortColumns: []types.Order{{Column: ptr("x"), SortOrder: 1}}}}}
	if len(unknown) != 0 || !reflect.DeepEqual(in, want) {
		t.Errorf("unknown %v\ngot  %s\nwant %s", unknown, show(in), show(want))
	}
}

func show(v any) string { b, _ := json.Marshal(v); return string(b) }

func TestDecodeUnknownMembers(t *testing.T) {
	var in glue.CreateTableInput
	got := decode(t, `{"databaseName":"x","TableInput":{"Name":"t","Colour":{"a":[1,{"b":"c\\"}]},"Nothing":null,"StorageDescriptor":{"Columns":[{"Name":"a"},{"Size":1}]}},"X":-1.5e3}`, &in)
	want := []string{"databaseName", "TableInput.Colour", "TableInput.StorageDescriptor.Columns[1].Size", "X"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if *in.TableInput.Name != "t" || in.DatabaseName != nil {
		t.Errorf("%s", show(in))
	}
}

func TestDecodeEmpty(t *testing.T) {
	for _, body := range []string{"", " \n", "{}", "{ }"} {
		var in glue.GetDatabasesInput
		if unknown := decode(t, body, &in); len(unknown) != 0 || !reflect.DeepEqual(in, glue.GetDatabasesInput{}) {
			t.Errorf("%q: %v %v", body, unknown, in)
		}
	}
}

func TestDecodeRefusals(t *testing.T) {
	for body, want := range map[string]string{
		`{"DatabaseName":5}`:                                         "DatabaseName: NUMBER_VALUE can not be converted to a String",
		`{"DatabaseName":["a"]}`:                                     "DatabaseName: START_ARRAY can not be converted to a String",
		`{"TableInput":"x"}`:                                         "TableInput: STRING_VALUE can not be converted to a Structure",
		`{"TableInput":{"Retention":"5"}}`:                           "TableInput.Retention: STRING_VALUE can not be converted to an Integer",
		`{"TableInput":{"Retention":5.5}}`:                           "TableInput.Retention: 5.5 can not be converted to an Integer",
		`{"TableInput":{"Retention":3000000000}}`:                    "TableInput.Retention: 3000000000 is too large for an Integer",
		`{"TableInput":{"StorageDescriptor":{"Columns":{}}}}`:        "TableInput.StorageDescriptor.Columns: START_OBJECT can not be converted to a List",
		`{"TableInput":{"StorageDescriptor":{"Columns":[1]}}}`:       "TableInput.StorageDescriptor.Columns[0]: NUMBER_VALUE can not be converted to a Structure",
		`{"TableInput":{"StorageDescriptor":{"Columns":[null]}}}`:    "TableInput.StorageDescriptor.Columns[0]: NULL_VALUE can not be converted to a Structure",
		`{"TableInput":{"StorageDescriptor":{"Compressed":"true"}}}`: "TableInput.StorageDescriptor.Compressed: STRING_VALUE can not be converted to a Boolean",
		`{"TableInput":{"Parameters":{"a":1}}}`:                      "TableInput.Parameters.a: NUMBER_VALUE can not be converted to a String",
		`{"TableInput":{"Parameters":[]}}`:                           "TableInput.Parameters: START_ARRAY can not be converted to a Map",
		`{"TableInput":{"LastAccessTime":"yesterday"}}`:              "TableInput.LastAccessTime: it is not a Timestamp",
		`{"TableInput":{"LastAccessTime":true}}`:                     "TableInput.LastAccessTime: TRUE_VALUE can not be converted to a Timestamp",
		`{"TableInput":{"LastAccessTime":1e300}}`:                    "TableInput.LastAccessTime: the Timestamp is not within",
		`[]`:                               "START_ARRAY can not be converted to a Structure",
		`{`:                                "not valid JSON at byte 1: expected a member's name",
		`{"DatabaseName"`:                  "not valid JSON at byte 15: expected :",
		`{"DatabaseName":}`:                "expected a value",
		`{"DatabaseName":"a}`:              "a string is not closed",
		`{"DatabaseName":"a\x"}`:           "an unknown escape",
		`{"DatabaseName":"a\u12"}`:         "four hexadecimal digits",
		"{\"DatabaseName\":\"a\nb\"}":      "control character",
		`{"DatabaseName":nul}`:             "expected null",
		`{"X":01}`:                         "expected , or }",
		`{"X":1.}`:                         "digits behind its point",
		`{"X":1e}`:                         "digits in its exponent",
		`{"X":-}`:                          "expected a number",
		`{"DatabaseName":"a",}`:            "expected a member's name",
		`{"DatabaseName":"a"} x`:           "something behind the object",
		`{"X":` + strings.Repeat("[", 200): "nested more than 128 deep",
	} {
		var in glue.CreateTableInput
		_, err := awsjson.New(awsjson.Config{Version: "1.1"}).Decode(nil, []byte(body), &in)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", body, err, want)
		}
	}
}

// Every scalar form that a service of this protocol takes.
type shapes struct {
	B   []byte
	F   *float64
	F32 float32
	L   *int64
	S   types.TableAttributes
	M   map[string][]string
	U   types.TableOptimizerVpcConfiguration
	ARN *string
}

func TestDecodeForms(t *testing.T) {
	c := awsjson.New(awsjson.Config{Version: "1.0", LowerCamel: true, Unions: []awsjson.Union{
		awsjson.UnionOf[types.TableOptimizerVpcConfiguration](&types.TableOptimizerVpcConfigurationMemberGlueConnectionName{})}})
	var in shapes
	unknown, err := c.Decode(nil, []byte(`{"b":"aGk=","f":"-Infinity","f32":1e3,"l":5e3,"s":"X","m":{"k":["v"]},"u":{"GlueConnectionName":"n"},"aRN":"a"}`), &in)
	want := shapes{B: []byte("hi"), F: ptr(math.Inf(-1)), F32: 1000, L: ptr(int64(5000)), S: "X", M: map[string][]string{"k": {"v"}},
		U: &types.TableOptimizerVpcConfigurationMemberGlueConnectionName{Value: "n"}, ARN: ptr("a")}
	if err != nil || len(unknown) != 0 || !reflect.DeepEqual(in, want) {
		t.Errorf("%v %v\ngot  %s\nwant %s", unknown, err, show(in), show(want))
	}
	for _, bad := range []string{`{"b":"?"}`, `{"f":"many"}`, `{"f":1e999}`, `{"u":{"GlueConnectionName":"n","glueConnectionName":1}}`} {
		if unknown, err := c.Decode(nil, []byte(bad), &shapes{}); err == nil && len(unknown) == 0 {
			t.Errorf("%s was taken", bad)
		}
	}
	w := httptest.NewRecorder()
	if err := c.Encode(w, "", "", &want); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); got != `{"b":"aGk=","f":"-Infinity","f32":1000,"l":5000,"s":"X","m":{"k":["v"]},"u":{"GlueConnectionName":"n"},"aRN":"a"}` {
		t.Errorf("got %s", got)
	}
}

func TestEncode(t *testing.T) {
	created := time.UnixMicro(1700000000123456)
	got := encode(t, &glue.GetTableOutput{Table: &types.Table{Name: ptr("a\"\\\n\x01é\xff"), CreateTime: &created, PartitionKeys: []types.Column{},
		Parameters: map[string]string{"b": "2", "a": "<1>"}, StorageDescriptor: &types.StorageDescriptor{Columns: []types.Column{{Name: ptr("x")}}}}})
	want := `{"Table":{"Name":"a\"\\\n\u0001é�","CreateTime":1700000000.123,"IsRegisteredWithLakeFormation":false,"Parameters":{"a":"<1>","b":"2"},"PartitionKeys":[],"Retention":0,"StorageDescriptor":{"Columns":[{"Name":"x"}],"Compressed":false,"NumberOfBuckets":0,"StoredAsSubDirectories":false}}}`
	if canonical(t, got) != canonical(t, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, empty := range []any{nil, (*glue.DeleteTableOutput)(nil), &glue.DeleteTableOutput{}} {
		if got := encode(t, empty); got != "{}" {
			t.Errorf("%T: %s", empty, got)
		}
	}
}

func canonical(t testing.TB, s string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return show(v)
}

func TestFault(t *testing.T) {
	w := httptest.NewRecorder()
	awsjson.New(awsjson.Config{Version: "1.0"}).Fault(w, 400, "EntityNotFoundException", `Table "x" not found.`, "id")
	if w.Code != 400 || w.Header().Get("x-amzn-ErrorType") != "EntityNotFoundException" || w.Header().Get("Content-Type") != "application/x-amz-json-1.0" ||
		canonical(t, w.Body.String()) != `{"Message":"Table \"x\" not found.","__type":"EntityNotFoundException","message":"Table \"x\" not found."}` {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

// Every member of every operation of the services that speak this protocol is
// found under its wire name: what the SDK's own serializer writes is read back
// the same, member by member.
func TestSchemasMatchFields(t *testing.T) {
	for _, client := range []reflect.Type{reflect.TypeFor[*glue.Client](), reflect.TypeFor[*athena.Client]()} {
		n := 0
		for i := range client.NumMethod() {
			m := client.Method(i).Type
			if m.NumIn() < 3 || m.In(1) != reflect.TypeFor[context.Context]() {
				continue
			}
			n++
			for _, x := range []reflect.Type{m.In(2).Elem(), m.Out(0).Elem()} {
				s := awsjson.SchemaOf(x)
				if s == nil {
					t.Errorf("%s has no schema", x)
					continue
				}
				checkSchema(t, x, s)
			}
		}
		if n < 50 {
			t.Errorf("%s: only %d operations", client, n)
		}
	}
}

func checkSchema(t *testing.T, x reflect.Type, s *smithy.Schema) {
	fields := map[string]bool{}
	for _, name := range awsjson.WireNames(x) {
		fields[name] = true
	}
	for name := range s.Members() {
		if !fields[name] {
			t.Errorf("%s: member %s has no field", x, name)
		}
		delete(fields, name)
	}
	for name := range fields {
		t.Errorf("%s: field %s is no member", x, name)
	}
}

// FuzzDecode: no bytes panic, and what is read without unknown members is
// written in a form that is read to the same.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"DatabaseName":"d","TableInput":{"Name":"t","LastAccessTime":1.5,"Parameters":{"a":"\ud83d\ude00"}}}`, `{"x":[{}]}`, ``, `{"DatabaseName":null}`} {
		f.Add([]byte(s))
	}
	c := awsjson.New(awsjson.Config{Version: "1.1"})
	f.Fuzz(func(t *testing.T, body []byte) {
		var in, again glue.CreateTableInput
		if _, err := c.Decode(nil, body, &in); err != nil {
			return
		}
		if len(bytes.TrimSpace(body)) > 0 && !json.Valid(body) {
			t.Fatalf("read what is not JSON: %q", body)
		}
		w := httptest.NewRecorder()
		if err := c.Encode(w, "", "", &in); err != nil {
			t.Fatal(err)
		}
		unknown, err := c.Decode(nil, w.Body.Bytes(), &again)
		if err != nil || len(unknown) > 0 {
			t.Fatalf("%s: %v %v", w.Body, unknown, err)
		}
		w2 := httptest.NewRecorder()
		if err := c.Encode(w2, "", "", &again); err != nil || !bytes.Equal(w.Body.Bytes(), w2.Body.Bytes()) {
			t.Fatalf("%s\n%s", w.Body, w2.Body)
		}
	})
}

func partitions(n int) *glue.GetPartitionsOutput {
	var columns []types.Column
	for range 30 {
		columns = append(columns, types.Column{Name: ptr("column_name"), Type: ptr("decimal(18,2)"), Comment: ptr("what it means")})
	}
	out := &glue.GetPartitionsOutput{}
	for range n {
		out.Partitions = append(out.Partitions, types.Partition{Values: []string{"2024", "01"}, DatabaseName: ptr("db"), TableName: ptr("t"), CreationTime: ptr(time.Now()),
			Parameters: map[string]string{"classification": "parquet"}, StorageDescriptor: &types.StorageDescriptor{Columns: columns, Location: ptr("s3://bucket/prefix/year=2024/month=01"),
				SerdeInfo: &types.SerDeInfo{SerializationLibrary: ptr("x")}}})
	}
	return out
}

func BenchmarkEncode(b *testing.B) {
	c := awsjson.New(awsjson.Config{Version: "1.1"})
	out := partitions(1000)
	w := httptest.NewRecorder()
	for b.Loop() {
		w.Body.Reset()
		if err := c.Encode(w, "", "", out); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(w.Body.Len()))
}

func BenchmarkDecode(b *testing.B) {
	c := awsjson.New(awsjson.Config{Version: "1.1"})
	w := httptest.NewRecorder()
	in := &glue.BatchCreatePartitionInput{DatabaseName: ptr("db"), TableName: ptr("t")}
	for _, p := range partitions(100).Partitions {
		in.PartitionInputList = append(in.PartitionInputList, types.PartitionInput{Values: p.Values, StorageDescriptor: p.StorageDescriptor, Parameters: p.Parameters})
	}
	if err := c.Encode(w, "", "", in); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(w.Body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		var again glue.BatchCreatePartitionInput
		if _, err := c.Decode(nil, w.Body.Bytes(), &again); err != nil {
			b.Fatal(err)
		}
	}
}
