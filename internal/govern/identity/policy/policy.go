// Package policy reads policies in the AWS JSON language and answers
// questions with them. It knows nothing of users or storage.
//
// A policy is a list of statements. A statement applies to a request when its
// action, its resource, its principal (in trust policies) and all of its
// conditions match. A request is denied when any statement that applies says
// Deny, allowed when one says Allow, and otherwise neither, which callers take
// for no.
//
// Source: "IAM JSON policy reference" in the IAM user guide.
package policy

// Decision is the answer of a set of policies.
type Decision uint8

// The decisions. Neither is the zero value: nothing is allowed by default.
const (
	Neither Decision = iota
	Allow
	Deny
)

// Request is one question.
type Request struct {
	Action   string // "s3:GetObject"; case does not matter
	Resource string // an ARN, or "*" where there is none
	// Principals are the names the caller goes by in trust policies: its ARN,
	// its account, its role's ARN.
	Principals []string
	// Context holds condition keys in lower case with their values. Keys that
	// are absent are so for Null and IfExists.
	Context map[string][]string
}

// Document is a policy, read and checked. It is safe for concurrent use.
type Document struct {
	statements []statement
}

type statement struct {
	deny bool
	sid  string

	actions    []action
	notActions bool

	resources    []arn
	notResources bool
	anyResource  bool // trust policies have no resource

	principals    []string // "*", an account or an ARN, in trust policies only
	notPrincipals bool
	anyPrincipal  bool // identity policies have no principal

	conditions []condition
}

// Evaluate asks documents in turn; a Deny anywhere wins.
func Evaluate(documents []*Document, q *Request) Decision {
	d, _ := Explain(documents, q)
	return d
}

// Explain is Evaluate that also names the deciding statement: the index of its
// document, and its Sid or "".
func Explain(documents []*Document, q *Request) (Decision, Statement) {
	decision, by := Neither, Statement{Document: -1}
	for i, doc := range documents {
		for j := range doc.statements {
			s := &doc.statements[j]
			if !s.applies(q) {
				continue
			}
			if s.deny {
				return Deny, Statement{i, s.sid}
			}
			if decision == Neither {
				decision, by = Allow, Statement{i, s.sid}
			}
		}
	}
	return decision, by
}

// Statement says where a decision comes from.
type Statement struct {
	Document int    // index; -1 for none
	Sid      string // "" if the statement has none
}

func (s *statement) applies(q *Request) bool {
	return s.matchAction(q) && s.matchResource(q) && s.matchPrincipal(q) && s.matchConditions(q)
}

func (s *statement) matchAction(q *Request) bool {
	for i := range s.actions {
		if s.actions[i].match(q.Action) {
			return !s.notActions
		}
	}
	return s.notActions
}

func (s *statement) matchResource(q *Request) bool {
	if s.anyResource {
		return true
	}
	for i := range s.resources {
		if s.resources[i].match(q.Resource, q.Context) {
			return !s.notResources
		}
	}
	return s.notResources
}

func (s *statement) matchPrincipal(q *Request) bool {
	if s.anyPrincipal {
		return true
	}
	for _, p := range s.principals {
		if p == "*" {
			return !s.notPrincipals
		}
		for _, name := range q.Principals {
			if p == name {
				return !s.notPrincipals
			}
		}
	}
	return s.notPrincipals
}

func (s *statement) matchConditions(q *Request) bool {
	for i := range s.conditions {
		if !s.conditions[i].holds(q.Context) {
			return false
		}
	}
	return true
}
