// Package glue is the door of the AWS Glue Data Catalog: databases, tables with
// versions, partitions and column statistics over the AWS JSON 1.1 protocol.
//
// The door translates; lake/catalog keeps. What the real service has and this
// one does not (crawlers, jobs, connections, schemas, resource links,
// permissions of Lake Formation, encryption settings) is refused by name.
//
// Source: docs.aws.amazon.com/glue/latest/webapi, and answers of the service
// that its users have published for the texts of errors.
package glue

import (
	"context"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/glue"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/wire/awsjson"
)

// Config is what the door stands on.
type Config struct {
	Catalog *catalog.Service
	Region  string
	Account string // 12 digits
}

type door struct {
	Config
	codes map[*fault.Reason]gate.Code
}

// New makes the door's tables. They can be read without a Catalog.
func New(c Config) gate.Door {
	d := &door{c, codes()}
	return gate.Door{Service: "glue", Target: "AWSGlue", Codec: awsjson.New(awsjson.Config{Version: "1.1"}),
		Ops: d.ops(), Codes: d.codes, Known: known}
}

func (d *door) ops() []gate.Op {
	var all []gate.Op
	for _, group := range [][]gate.Op{d.databaseOps(), d.tableOps(), d.versionOps(), d.partitionOps(), d.statisticOps(), d.otherOps()} {
		all = append(all, group...)
	}
	return all
}

// otherOps are questions whose true answer is always the same here.
func (d *door) otherOps() []gate.Op {
	return []gate.Op{
		handle(d, "GetCatalogImportStatus", d.getCatalogImportStatus, gate.Row[glue.GetCatalogImportStatusInput]{
			Honours: []string{"CatalogId"}, Resource: ofCatalog[glue.GetCatalogImportStatusInput](d)}),
		handle(d, "GetPartitionIndexes", d.getPartitionIndexes, gate.Row[glue.GetPartitionIndexesInput]{
			Limit: "always an empty list: expressions over the first partition keys need no index here", Honours: []string{"CatalogId", "DatabaseName", "TableName"},
			Resource: ofTable(d, func(in *glue.GetPartitionIndexesInput) (*string, *string) { return in.DatabaseName, in.TableName })}),
	}
}

// handle makes a row whose handler sees only requests for this catalog with
// the members that the service requires.
func handle[In, Out any](d *door, name string, f func(context.Context, *In) (*Out, error), row gate.Row[In]) gate.Op {
	checks := requirements(reflect.TypeFor[In]())
	return gate.Handle(name, func(ctx context.Context, in *In) (*Out, error) {
		v := reflect.ValueOf(in).Elem()
		for _, check := range checks {
			if err := check(d, v); err != nil {
				return nil, err
			}
		}
		return f(ctx, in)
	}, row)
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// optional is nil for an empty text: the member is then left out.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func ptr[T any](v T) *T { return &v }

// list makes a list that is written even when it is empty.
func list[A, B any](in []A, f func(A) B) []B {
	out := make([]B, len(in))
	for i := range in {
		out[i] = f(in[i])
	}
	return out
}

// fields names members below a member: fields("TableInput", "Name Owner").
func fields(under, names string) []string {
	return list(strings.Fields(names), func(n string) string { return under + "." + n })
}
