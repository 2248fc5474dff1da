package gate

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals that every door can make. A door's Codes may map them to its own
// names; otherwise the protocol's are used.
var (
	UnknownOperation = fault.Define("gate.unknown_operation", fault.Unsupported, "Could not find operation %s of service %s: check its name and the client's version")
	NotServed        = fault.Define("gate.not_served", fault.Unsupported, "The operation %s of %s is not built into this server: see docs/compat for what is")
	UnknownService   = fault.Define("gate.unknown_service", fault.Unsupported, "The service %q is not built into this server: see docs/compat for what is")
	Unhonoured       = fault.Define("gate.unhonoured", fault.Unsupported, "%s: the field %s is not supported by this server: leave it out")
	BadBody          = fault.Define("gate.bad_body", fault.Invalid, "The request's body cannot be read: %s")
	TooLarge         = fault.Define("gate.too_large", fault.Limit, "The request's body is larger than %d bytes: send less at once")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{UnknownOperation, NotServed, UnknownService, Unhonoured, BadBody, TooLarge}
