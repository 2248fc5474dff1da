package iam

import (
	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// codes names the refusals of identities as the real service does.
// Source: the errors of the service's API model.
func codes() map[*fault.Reason]gate.Code {
	none := gate.Code{Name: "NoSuchEntity", Status: 404}
	exists := gate.Code{Name: "EntityAlreadyExists", Status: 409}
	conflict := gate.Code{Name: "DeleteConflict", Status: 409}
	invalid := gate.Code{Name: "ValidationError", Status: 400}
	denied := gate.Code{Name: "AccessDenied", Status: 403}
	return map[*fault.Reason]gate.Code{
		identity.NoEntity: none, identity.NoKey: none, identity.NoInline: none, identity.NoPolicy: none,
		identity.NoVersion: none, identity.NotAttached: none, identity.NotMember: none, identity.NoLogin: none,
		identity.EntityExists: exists, identity.PolicyExists: exists,
		identity.InUse: conflict, identity.Default: conflict,
		identity.Limit:         {Name: "LimitExceeded", Status: 409},
		identity.BadDocument:   {Name: "MalformedPolicyDocument", Status: 400},
		identity.BadInput:      invalid,
		identity.NotChangeable: denied, identity.NoTrust: denied,
		gate.Unhonoured: invalid,
	}
}
