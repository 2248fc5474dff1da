package identity

import (
	"context"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Answer is what Simulate says to one question.
type Answer uint8

// The answers.
const (
	DeniedImplicitly Answer = iota
	DeniedExplicitly
	Allowed
)

// Simulate answers questions with the policies of an entity and with given
// documents, and does nothing. kind "" asks the documents alone. Refuses with
// NoEntity and BadDocument.
func (s *Service) Simulate(ctx context.Context, kind Kind, name string, texts []string, questions []Request) ([]Answer, error) {
	who := Principal{Account: s.cfg.Account, Kind: kind}
	if kind != "" {
		if err := s.db.View(ctx, func(tx *meta.Tx) error {
			e, err := find(tx, kind, name)
			if err != nil {
				return err
			}
			who.Name, who.Path, who.ID = e.Name, e.Path, e.ID
			own, err := documents(tx, kind, fold(name))
			texts = append(own, texts...)
			return err
		}); err != nil {
			return nil, err
		}
	}
	var docs []*policy.Document
	for _, text := range texts {
		d, err := policy.Parse(text, policy.Identity)
		if err != nil {
			return nil, BadDocument.New(err.Error())
		}
		docs = append(docs, d)
	}
	answers := make([]Answer, len(questions))
	for i, q := range questions {
		if kind == User || kind == Role {
			q.Context = s.principalContext(&who, nil, q.Context)
		}
		switch policy.Evaluate(docs, &policy.Request{Action: q.Action, Resource: q.Resource, Context: q.Context}) {
		case policy.Allow:
			answers[i] = Allowed
		case policy.Deny:
			answers[i] = DeniedExplicitly
		}
	}
	return answers, nil
}
