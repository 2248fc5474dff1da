package postgres

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/compute/query"
	"github.com/boathouse-data/boathouse/internal/compute/syscat"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// refusal is an error in the protocol's own form. Codes are SQLSTATEs of
// https://www.postgresql.org/docs/15/errcodes-appendix.html.
type refusal struct {
	code, message, detail, hint string
	position                    int // in characters, from 1; 0 for none
	fatal                       bool
	cause                       error // of an internal error, for the log
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

func refuse(code, format string, args ...any) *refusal {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

// with adds a hint.
func (r *refusal) with(hint string) *refusal { r.hint = hint; return r }

// at adds the place of a byte offset in text.
func (r *refusal) at(text string, offset int) *refusal {
	r.position = utf8.RuneCountInString(text[:min(max(offset, 0), len(text))]) + 1
	return r
}

func fatal(code, format string, args ...any) *refusal {
	r := refuse(code, format, args...)
	r.fatal = true
	return r
}

// Why a running statement was stopped: the cause of its context.
var (
	errCanceled = refuse("57014", "canceling statement due to user request")
	errTimeout  = refuse("57014", "canceling statement due to statement timeout").
			with("Raise statement_timeout, or SET it to 0 for none.")
	errGone     = fatal("08006", "the client has left")
	errRevoked  = fatal("57P01", "terminating connection: the access key that it began with is no longer active").with("Connect with another key.")
	errShutdown = fatal("57P01", "terminating connection due to administrator command")
)

// notServed refuses a statement that is valid elsewhere.
func notServed(what string) *refusal { return refuse("0A000", "%s is not supported", what) }

// codes maps the refusals of the domains to SQLSTATEs. The test fails when one
// of compute/query's is missing.
var codes = map[*fault.Reason]string{
	query.Syntax: "42601", query.TableNotFound: "42P01", query.DatabaseNotFound: "3F000", query.ColumnNotFound: "42703",
	query.FunctionNotFound: "42883", query.TypeMismatch: "42804", query.Semantic: "42000", query.Unsupported: "0A000",
	query.Forbidden: "42501", query.BadParameter: "08P01", query.InvalidCast: "22P02", query.OutOfRange: "22003",
	query.DivisionByZero: "22012", query.InvalidArgument: "22023", query.BadData: "22000", query.BadPartition: "22023",
	query.BadTable: "55000", query.AlreadyExists: "42P07", query.PathNotEmpty: "55000", query.Vanished: "55000",
	query.Canceled: "57014", query.MemoryLimit: "53200", query.TempLimit: "53100", query.DiskFull: "53100", query.TooMuch: "54000", query.Failed: "XX000",
	query.NotEmpty: "2BP01", query.ScanLimit: "54000",

	dialect.Syntax: "42601", dialect.NoFunction: "42883", dialect.NotSupported: "0A000", dialect.BadType: "42704", dialect.TooDeep: "54001",

	syscat.NoRelation: "42P01", syscat.NoType: "42704", syscat.NoSchema: "3F000", syscat.NoSetting: "42704", syscat.NotServed: "0A000", syscat.TooDeep: "54001",
}

// kinds is for refusals of domains further down that pass through.
var kinds = map[fault.Kind]string{
	fault.Invalid: "42000", fault.NotFound: "42P01", fault.Exists: "42P07", fault.Conflict: "55000",
	fault.Denied: "42501", fault.Unauthenticated: "28000", fault.Limit: "53400",
	fault.Unavailable: "57P03", fault.Unsupported: "0A000",
}

// refusalOf turns any error into what the client is told. text is the
// statement that it speaks of; ctx the one it ran under.
func refusalOf(ctx context.Context, err error, text string) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	if errors.As(context.Cause(ctx), &r) {
		return r
	}
	reason := fault.ReasonOf(err)
	code, ok := codes[reason]
	if !ok {
		code, ok = kinds[fault.KindOf(err)]
	}
	if !ok {
		code = "XX000"
	}
	r = refuse(code, "%s", fault.Message(err))
	if code == "XX000" {
		r.cause = err
	}
	if p, ok := query.PositionOf(err); ok {
		r.position = p.Offset
	} else if p, ok := dialect.PositionOf(err); ok {
		r.at(text, p.Offset)
	}
	return r
}

// response is the message that carries r.
func (r *refusal) response() *pgproto3.ErrorResponse {
	severity := "ERROR"
	if r.fatal {
		severity = "FATAL"
	}
	return &pgproto3.ErrorResponse{
		Severity: severity, SeverityUnlocalized: severity, Code: r.code,
		Message: r.message, Detail: r.detail, Hint: r.hint, Position: int32(r.position),
	}
}

func notice(severity, code, format string, args ...any) *pgproto3.NoticeResponse {
	return &pgproto3.NoticeResponse{
		Severity: severity, SeverityUnlocalized: severity, Code: code, Message: fmt.Sprintf(format, args...),
	}
}
