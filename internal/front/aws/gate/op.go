// Package gate is what every AWS door shares: it takes a request through
// decode, signature, principal, policy, handler and encode, and turns refusals
// into the protocol's errors. A door is a table of operations and a table of
// error codes; the gate does the rest.
package gate

import (
	"context"
	"net/http"
	"reflect"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Op is one row of a door's table of operations.
type Op struct {
	Name       string
	In         reflect.Type // the SDK's input struct
	Action     string       // what policies call it; empty for "<service>:<Name>"
	Limit      string       // what is only partly there, for docs/compat; empty for all of it
	honours    []string
	resource   func(in any) []string
	conditions func(in any) map[string][]string
	anyCaller  bool
	call       func(ctx context.Context, in any) (any, error)
}

// Row is what a door says of an operation beside its handler.
type Row[In any] struct {
	Action string
	Limit  string
	// Honours lists the input fields that the handler acts on, as dotted paths
	// of Go field names ("DatabaseInput.Name"); "TableInput.*" takes in all
	// below. A request that sets any other field is refused by that field's
	// name. Empty: the operation's input has no fields that matter.
	Honours []string
	// Resource names what policies are asked about, as ARNs; nil asks for "*".
	Resource func(in *In) []string
	// Conditions names the operation's own condition keys ("sts:externalid")
	// for policies; nil for none.
	Conditions func(in *In) map[string][]string
	// AnyCaller marks what every verified caller may do, whatever its policies
	// say (GetCallerIdentity).
	AnyCaller bool
}

// Handle makes a row of a typed handler.
func Handle[In, Out any](name string, f func(context.Context, *In) (*Out, error), row Row[In]) Op {
	op := Op{Name: name, In: reflect.TypeFor[In](), Action: row.Action, Limit: row.Limit, honours: row.Honours, anyCaller: row.AnyCaller}
	op.call = func(ctx context.Context, in any) (any, error) {
		out, err := f(ctx, in.(*In))
		if err != nil {
			return nil, err // not a typed nil in an interface
		}
		return out, nil
	}
	if row.Resource != nil {
		op.resource = func(in any) []string { return row.Resource(in.(*In)) }
	}
	if row.Conditions != nil {
		op.conditions = func(in any) map[string][]string { return row.Conditions(in.(*In)) }
	}
	return op
}

// Code is a protocol's name for a refusal.
type Code struct {
	Name   string
	Status int // HTTP status
}

// Codec is one AWS wire protocol, in package wire.
type Codec interface {
	// Decode reads the request body into in, a pointer to an SDK input struct,
	// and returns the dotted names of members it does not have.
	Decode(r *http.Request, body []byte, in any) (unknown []string, err error)
	// Encode writes a success for operation op; out is a pointer to an SDK output struct.
	Encode(w http.ResponseWriter, op, requestID string, out any) error
	// Fault writes an error.
	Fault(w http.ResponseWriter, status int, code, message, requestID string)
}

// Door is one AWS service.
type Door struct {
	Service string // as in a credential scope and in policy actions: "glue"
	Target  string // X-Amz-Target prefix of the JSON protocols: "AWSGlue"; empty for others
	Version string // API version of the query protocol: "2011-06-15"; empty for others
	Codec   Codec
	Ops     []Op
	Codes   map[*fault.Reason]Code
	Known   []string // every operation of the real service, for refusals by name and docs/compat
	// Members are the members that an error's body has beside code and message
	// ("AthenaErrorCode"); nil for a service without any. The codec must be a
	// MemberCodec.
	Members func(err error) map[string]string
}

// MemberCodec is a Codec whose errors can have more members.
type MemberCodec interface {
	Codec
	// FaultWith is Fault with more members in the body.
	FaultWith(w http.ResponseWriter, status int, code, message, requestID string, members map[string]string)
}
