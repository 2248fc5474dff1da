package iam

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// simulations answer what policies would say, without doing anything.
func (d door) simulations() []gate.Op {
	return []gate.Op{
		gate.Handle("SimulatePrincipalPolicy", d.simulatePrincipal, gate.Row[iam.SimulatePrincipalPolicyInput]{
			Honours:  []string{"PolicySourceArn", "ActionNames", "ResourceArns", "ContextEntries.*", "PolicyInputList"},
			Limit:    "users, groups and roles; answers are not paged and do not name the matching statements",
			Resource: func(in *iam.SimulatePrincipalPolicyInput) []string { return []string{str(in.PolicySourceArn)} }}),
		gate.Handle("SimulateCustomPolicy", d.simulateCustom, gate.Row[iam.SimulateCustomPolicyInput]{
			Honours: []string{"ActionNames", "ResourceArns", "ContextEntries.*", "PolicyInputList"},
			Limit:   "answers are not paged and do not name the matching statements"}),
	}
}

func (d door) simulatePrincipal(ctx context.Context, in *iam.SimulatePrincipalPolicyInput) (*iam.SimulatePrincipalPolicyOutput, error) {
	kind, name, ok := source(str(in.PolicySourceArn))
	if !ok {
		return nil, identity.BadInput.New("PolicySourceArn must be the ARN of a user, a group or a role")
	}
	results, err := d.simulate(ctx, kind, name, in.PolicyInputList, in.ActionNames, in.ResourceArns, in.ContextEntries)
	return &iam.SimulatePrincipalPolicyOutput{EvaluationResults: results}, err
}

func (d door) simulateCustom(ctx context.Context, in *iam.SimulateCustomPolicyInput) (*iam.SimulateCustomPolicyOutput, error) {
	results, err := d.simulate(ctx, "", "", in.PolicyInputList, in.ActionNames, in.ResourceArns, in.ContextEntries)
	return &iam.SimulateCustomPolicyOutput{EvaluationResults: results}, err
}

// source reads arn:aws:iam::ACCOUNT:user/path/NAME.
func source(arn string) (identity.Kind, string, bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return "", "", false
	}
	kind, _, ok := strings.Cut(parts[5], "/")
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	return identity.Kind(kind), name, ok && (kind == "user" || kind == "role" || kind == "group")
}

func (d door) simulate(ctx context.Context, kind identity.Kind, name string, documents, actions, resources []string, entries []types.ContextEntry) ([]types.EvaluationResult, error) {
	if len(actions) == 0 {
		return nil, identity.BadInput.New("ActionNames must name an action")
	}
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	if len(actions)*len(resources) > pageMax {
		return nil, identity.BadInput.New("ask for at most 1000 pairs of an action and a resource at once")
	}
	keys := map[string][]string{}
	for _, e := range entries {
		keys[strings.ToLower(str(e.ContextKeyName))] = e.ContextKeyValues
	}
	var questions []identity.Request
	for _, a := range actions {
		for _, r := range resources {
			questions = append(questions, identity.Request{Action: a, Resource: r, Context: keys})
		}
	}
	answers, err := d.ids.Simulate(ctx, kind, name, documents, questions)
	if err != nil {
		return nil, err
	}
	out := make([]types.EvaluationResult, len(questions))
	for i := range questions {
		out[i] = types.EvaluationResult{EvalActionName: &questions[i].Action, EvalResourceName: &questions[i].Resource,
			EvalDecision: map[identity.Answer]types.PolicyEvaluationDecisionType{identity.Allowed: types.PolicyEvaluationDecisionTypeAllowed,
				identity.DeniedExplicitly: types.PolicyEvaluationDecisionTypeExplicitDeny, identity.DeniedImplicitly: types.PolicyEvaluationDecisionTypeImplicitDeny}[answers[i]],
			MatchedStatements: []types.Statement{}, MissingContextValues: []string{}}
	}
	return out, nil
}
