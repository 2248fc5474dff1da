package identity

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals of callers. The texts of denials are the real service's: people
// and tools read the action and the resource out of them.
var (
	UnknownKey   = fault.Define("identity.unknown_key", fault.Unauthenticated, "The access key id or security token included in the request is invalid: use a key of this server")
	BadToken     = fault.Define("identity.bad_token", fault.Unauthenticated, "The security token included in the request is invalid: it does not belong to the access key")
	ExpiredToken = fault.Define("identity.expired_token", fault.Unauthenticated, "The security token included in the request is expired: get new temporary credentials")
	Implicit     = fault.Define("identity.denied", fault.Denied, "User: %s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %s action")
	Explicit     = fault.Define("identity.denied_explicitly", fault.Denied, "User: %s is not authorized to perform: %s on resource: %s with an explicit deny in an identity-based policy")
	Session      = fault.Define("identity.denied_by_session", fault.Denied, "User: %s is not authorized to perform: %s on resource: %s because no session policy allows the %s action")
	Anonymous    = fault.Define("identity.anonymous", fault.Denied, "Access Denied: sign the request with an access key")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{UnknownKey, BadToken, ExpiredToken, Implicit, Explicit, Session, Anonymous}
