package workgroup

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals about work groups.
var (
	GroupNotFound = fault.Define("workgroup.not_found", fault.NotFound, "WorkGroup %s is not found.")
	GroupExists   = fault.Define("workgroup.exists", fault.Exists, "WorkGroup %s is already created: choose another name")
	GroupDisabled = fault.Define("workgroup.disabled", fault.Conflict, "WorkGroup %s is disabled: enable it to run queries")
	GroupNotEmpty = fault.Define("workgroup.not_empty", fault.Conflict, "WorkGroup %s is not empty: delete what it holds or ask for a recursive delete")
	GroupPrimary  = fault.Define("workgroup.primary", fault.Conflict, "the primary workgroup cannot be %s")
	BadGroup      = fault.Define("workgroup.bad_group", fault.Invalid, "%s")
)

// Refusals about executions.
var (
	ExecutionNotFound = fault.Define("workgroup.execution_not_found", fault.NotFound, "QueryExecution %s was not found")
	NotFinished       = fault.Define("workgroup.not_finished", fault.Conflict, "Query has not yet finished. Current state: %s")
	NotSucceeded      = fault.Define("workgroup.not_succeeded", fault.Conflict, "Query did not finish successfully. Final query state: %s")
	Gone              = fault.Define("workgroup.result_gone", fault.NotFound, "Could not find results")
	NoOutput          = fault.Define("workgroup.no_output", fault.Invalid, "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.")
	BadOutput         = fault.Define("workgroup.bad_output", fault.Invalid, "outputLocation is not a valid S3 path.")
	NoBucket          = fault.Define("workgroup.no_bucket", fault.Invalid, "Unable to verify/create output bucket %s: create it, or use another output location")
	BadToken          = fault.Define("workgroup.bad_token", fault.Invalid, "%s")
	TokenReused       = fault.Define("workgroup.token_reused", fault.Conflict, "Idempotent parameters do not match")
	BadStatement      = fault.Define("workgroup.bad_statement", fault.Invalid, "%s")
	BadParameters     = fault.Define("workgroup.bad_parameters", fault.Invalid, "%s")
	QueueFull         = fault.Define("workgroup.queue_full", fault.Limit, "%d queries are waiting already: try again when some are done")
	BadPage           = fault.Define("workgroup.bad_page", fault.Invalid, "%s")
)

// Refusals about saved queries and prepared statements.
var (
	NamedNotFound     = fault.Define("workgroup.named_query_not_found", fault.NotFound, "NamedQuery %s was not found")
	BadNamed          = fault.Define("workgroup.bad_named_query", fault.Invalid, "%s")
	StatementNotFound = fault.Define("workgroup.statement_not_found", fault.NotFound, "PreparedStatement %s was not found in workGroup %s")
	StatementExists   = fault.Define("workgroup.statement_exists", fault.Exists, "PreparedStatement %s already exists in workGroup %s: update it, or choose another name")
	BadPrepared       = fault.Define("workgroup.bad_prepared", fault.Invalid, "%s")
	Unsupported       = fault.Define("workgroup.unsupported", fault.Unsupported, "%s is not supported here: leave it out")
	BadTags           = fault.Define("workgroup.bad_tags", fault.Invalid, "%s")
)

// Reasons for which an execution ends without a result, beside those of the
// engine; they are kept in its history and never answered to a call.
var (
	Stopped  = fault.Define("workgroup.stopped", fault.Conflict, "Query cancelled by user")
	Cutoff   = fault.Define("workgroup.cutoff", fault.Limit, "Bytes scanned limit was exceeded: the workgroup allows %d bytes per query")
	Lost     = fault.Define("workgroup.lost", fault.Unavailable, "The server stopped while the query was running. Nothing of it was kept: run it again")
	Unstored = fault.Define("workgroup.unstored", fault.Unavailable, "The result could not be written to %s")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{
	GroupNotFound, GroupExists, GroupDisabled, GroupNotEmpty, GroupPrimary, BadGroup,
	ExecutionNotFound, NotFinished, NotSucceeded, Gone, NoOutput, BadOutput, NoBucket, BadToken,
	TokenReused, BadStatement, BadParameters, QueueFull, BadPage,
	NamedNotFound, BadNamed, StatementNotFound, StatementExists, BadPrepared, Unsupported, BadTags,
	Stopped, Cutoff, Lost, Unstored,
}
