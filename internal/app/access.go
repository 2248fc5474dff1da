package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
)

// access asks the policies of the caller for what a statement touches, in the
// actions that the services' own operations have: who may not read a table or
// its objects through their doors may not read them by SQL either.
type access struct {
	identity        *identity.Service
	region, account string
}

func (a *App) access() *access { return &access{a.identity, a.cfg.Region, a.cfg.Account} }

// tableActions are the policy actions by verb, for tables and for databases.
var tableActions = map[string][2]string{
	"read":   {"glue:GetTable", "glue:GetDatabase"},
	"write":  {"glue:GetTable", "glue:GetDatabase"}, // the rows go to objects, which Data asks for
	"create": {"glue:CreateTable", "glue:CreateDatabase"},
	"alter":  {"glue:UpdateTable", "glue:UpdateDatabase"},
	"drop":   {"glue:DeleteTable", "glue:DeleteDatabase"},
}

var dataActions = map[string]string{"read": "s3:GetObject", "write": "s3:PutObject", "drop": "s3:DeleteObject"}

// Table asks for a table or, with an empty name, for a database.
func (a *access) Table(ctx context.Context, verb, database, table string) error {
	actions, ok := tableActions[verb]
	if !ok {
		return fmt.Errorf("no policy action for %s on a table", verb)
	}
	// As at the catalog's own door an action on a table must also be allowed on
	// its database and on the catalog.
	resources, action := []string{"catalog", "database/" + database}, actions[1]
	if table != "" {
		resources, action = append(resources, "table/"+database+"/"+table), actions[0]
	}
	for _, r := range resources {
		if err := a.ask(ctx, action, fmt.Sprintf("arn:aws:glue:%s:%s:%s", a.region, a.account, r)); err != nil {
			return err
		}
	}
	return nil
}

// Data asks for the object of that key, or with a key that is empty or ends in
// a slash for all below it.
func (a *access) Data(ctx context.Context, verb, bucket, key string) error {
	action, ok := dataActions[verb]
	if !ok {
		return fmt.Errorf("no policy action for %s on objects", verb)
	}
	if key == "" || strings.HasSuffix(key, "/") {
		key += "*"
	}
	return a.ask(ctx, action, "arn:aws:s3:::"+bucket+"/"+key)
}

func (a *access) ask(ctx context.Context, action, resource string) error {
	p := identity.FromContext(ctx)
	if p == nil {
		return nil // the server acts for itself
	}
	return a.identity.Authorize(ctx, p, identity.Request{Action: action, Resource: resource})
}
