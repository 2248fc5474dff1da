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
	NoTrust      = fault.Define("identity.no_trust", fault.Denied, "User: %s is not authorized to perform: sts:AssumeRole on resource: %s")
	NoLogin      = fault.Define("identity.no_login", fault.Unauthenticated, "no user %q with an active access key: log in as root, as a user with an access key, or with an access key id")
)

// Refusals of changes and questions.
var (
	NoEntity      = fault.Define("identity.no_entity", fault.NotFound, "The %s with name %s cannot be found.")
	EntityExists  = fault.Define("identity.entity_exists", fault.Exists, "%s with name %s already exists.")
	NoKey         = fault.Define("identity.no_key", fault.NotFound, "The Access Key with id %s cannot be found.")
	NoInline      = fault.Define("identity.no_inline", fault.NotFound, "The %s policy with name %s cannot be found.")
	NoPolicy      = fault.Define("identity.no_policy", fault.NotFound, "Policy %s does not exist or is not attachable.")
	NoVersion     = fault.Define("identity.no_version", fault.NotFound, "Policy %s version %s does not exist or is not attachable.")
	NotAttached   = fault.Define("identity.not_attached", fault.NotFound, "Policy %s was not found: it is not attached to %s.")
	NotMember     = fault.Define("identity.not_member", fault.NotFound, "The user with name %s is not in the group %s.")
	PolicyExists  = fault.Define("identity.policy_exists", fault.Exists, "A policy called %s already exists. Duplicate names are not allowed.")
	InUse         = fault.Define("identity.in_use", fault.Conflict, "Cannot delete entity, must %s first.")
	Default       = fault.Define("identity.default_version", fault.Conflict, "Cannot delete the default version of a policy: set another as the default first.")
	Limit         = fault.Define("identity.limit", fault.Limit, "Cannot exceed quota for %s: %d")
	BadDocument   = fault.Define("identity.bad_document", fault.Invalid, "Malformed policy: %s")
	BadInput      = fault.Define("identity.bad_input", fault.Invalid, "%s")
	NotChangeable = fault.Define("identity.not_changeable", fault.Denied, "Policy %s is a managed policy that comes with the server and cannot be changed: make your own.")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{UnknownKey, BadToken, ExpiredToken, Implicit, Explicit, Session, Anonymous, NoTrust, NoLogin,
	NoEntity, EntityExists, NoKey, NoInline, NoPolicy, NoVersion, NotAttached, NotMember, PolicyExists, InUse, Default,
	Limit, BadDocument, BadInput, NotChangeable}
