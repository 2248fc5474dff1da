package athena

import (
	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
)

// Refusals of this door.
var (
	invalid     = fault.Define("athena.invalid", fault.Invalid, "%s")
	noCatalog   = fault.Define("athena.no_catalog", fault.NotFound, "Catalog %s does not exist: the one catalog is "+catalogName)
	noResource  = fault.Define("athena.no_resource", fault.NotFound, "Resource %s was not found: only work groups have tags")
	unsupported = fault.Define("athena.unsupported", fault.Unsupported, "%s is not supported by this server: leave it out")
)

var reasons = []*fault.Reason{invalid, noCatalog, noResource, unsupported}

// codes names every refusal that a call can meet as the API does.
func codes() map[*fault.Reason]gate.Code {
	request := gate.Code{Name: "InvalidRequestException", Status: 400}
	metadata := gate.Code{Name: "MetadataException", Status: 400}
	missing := gate.Code{Name: "ResourceNotFoundException", Status: 400}
	busy := gate.Code{Name: "TooManyRequestsException", Status: 400}
	internal := gate.Code{Name: "InternalServerException", Status: 500}
	out := map[*fault.Reason]gate.Code{
		gate.Unhonoured: request, page.BadToken: request,
		noResource: missing, workgroup.StatementNotFound: missing, workgroup.QueueFull: busy,
	}
	fill := func(code gate.Code, lists ...[]*fault.Reason) {
		for _, list := range lists {
			for _, r := range list {
				if _, ok := out[r]; ok {
					continue
				}
				out[r] = code
				if r.Kind == fault.Unavailable || r.Kind == fault.Internal {
					out[r] = internal
				}
			}
		}
	}
	fill(metadata, catalog.Reasons)
	fill(request, reasons, workgroup.Reasons, dialect.Reasons, query.Reasons, object.Reasons)
	return out
}

// words are the codes that the API puts beside an InvalidRequestException, as
// AthenaErrorCode and ErrorCode; what has no row is INVALID_INPUT.
// Source: published measurements of the service.
var words = map[*fault.Reason]string{
	workgroup.ExecutionNotFound: "QUERY_EXECUTION_NOT_FOUND",
	workgroup.NotFinished:       "INVALID_QUERY_EXECUTION_STATE",
	workgroup.NotSucceeded:      "INVALID_QUERY_EXECUTION_STATE",
	workgroup.Gone:              "RESULT_NOT_FOUND",
	workgroup.TokenReused:       "IDEMPOTENT_PARAMETER_MISMATCH",
	dialect.Syntax:              "MALFORMED_QUERY",
	dialect.NoFunction:          "MALFORMED_QUERY",
	dialect.NotSupported:        "MALFORMED_QUERY",
	dialect.BadType:             "MALFORMED_QUERY",
	dialect.TooDeep:             "MALFORMED_QUERY",
	noCatalog:                   "DATACATALOG_NOT_FOUND",
}

// members are what the body of a refusal has beside its code and message.
func members() func(error) map[string]string {
	table := codes()
	return func(err error) map[string]string {
		reason := fault.ReasonOf(err)
		if reason == nil || table[reason].Name != "InvalidRequestException" {
			return nil
		}
		word, ok := words[reason]
		if !ok {
			word = "INVALID_INPUT"
		}
		return map[string]string{"AthenaErrorCode": word, "ErrorCode": word}
	}
}
