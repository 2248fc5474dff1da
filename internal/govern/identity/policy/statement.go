package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// rawStatement is a statement as written. Its keys are matched exactly:
// encoding/json alone would take "action" for "Action".
type rawStatement map[string]json.RawMessage

func readStatement(raw json.RawMessage, use Use, variables bool) (statement, error) {
	var s statement
	var r rawStatement
	if err := json.Unmarshal(raw, &r); err != nil {
		return s, errors.New("a statement must be an object")
	}
	for key := range r {
		switch key {
		case "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition":
		default:
			return s, fmt.Errorf("unknown element %q", key)
		}
	}
	if sid, ok := r["Sid"]; ok {
		if err := json.Unmarshal(sid, &s.sid); err != nil || !alphanumeric(s.sid) {
			return s, errors.New("Sid must be letters and digits")
		}
	}
	var effect string
	_ = json.Unmarshal(r["Effect"], &effect) // what is no string is neither of the two
	switch effect {
	case "Allow":
	case "Deny":
		s.deny = true
	default:
		return s, errors.New("Effect must be Allow or Deny")
	}
	if err := s.readActions(r); err != nil {
		return s, err
	}
	if err := s.readResources(r, use, variables); err != nil {
		return s, err
	}
	if err := s.readPrincipals(r, use); err != nil {
		return s, err
	}
	return s, s.readConditions(r["Condition"], variables)
}

// either reads the one of two opposite elements that is there.
func (r rawStatement) either(name string) (values []string, not bool, err error) {
	raw, positive := r[name]
	negative, not := r["Not"+name]
	switch {
	case positive && not:
		return nil, false, fmt.Errorf("use %s or Not%s, not both", name, name)
	case not:
		raw, name = negative, "Not"+name
	case !positive:
		return nil, false, fmt.Errorf("missing required field %s", name)
	}
	values, err = texts(raw, name)
	if err == nil && len(values) == 0 {
		err = fmt.Errorf("%s must not be empty", name)
	}
	return values, not, err
}

func (s *statement) readActions(r rawStatement) error {
	values, not, err := r.either("Action")
	if err != nil {
		return err
	}
	s.notActions = not
	for _, v := range values {
		vendor, name, ok := strings.Cut(v, ":")
		if v != "*" && (!ok || vendor == "" || name == "" || strings.ContainsAny(v, " \t\r\n") || strings.Contains(name, ":")) {
			return fmt.Errorf("action %q: actions must be prefaced by a service, e.g., iam:CreateUser, or *", v)
		}
		s.actions = append(s.actions, action{compile(strings.ToLower(v), true, false)})
	}
	return nil
}

func (s *statement) readResources(r rawStatement, use Use, variables bool) error {
	if use == Trust {
		if r["Resource"] != nil || r["NotResource"] != nil {
			return errors.New("has prohibited field Resource")
		}
		s.anyResource = true
		return nil
	}
	values, not, err := r.either("Resource")
	if err != nil {
		return err
	}
	s.notResources = not
	for _, v := range values {
		if v != "*" && !strings.HasPrefix(v, "arn:") {
			return fmt.Errorf("resource %q must be in ARN format or \"*\"", v)
		}
		s.resources = append(s.resources, compileARN(v, variables))
	}
	return nil
}

// readPrincipals reads "*" or {"AWS": ..., "Service": ..., "Federated": ...}.
// Services and federations never call this server, so their names match
// nobody; they are kept as written in the document.
func (s *statement) readPrincipals(r rawStatement, use Use) error {
	positive, has := r["Principal"]
	negative, not := r["NotPrincipal"]
	if use == Identity {
		if has || not {
			return errors.New("policy document should not specify a principal")
		}
		s.anyPrincipal = true
		return nil
	}
	raw := positive
	switch {
	case has && not:
		return errors.New("use Principal or NotPrincipal, not both")
	case not:
		raw, s.notPrincipals = negative, true
	case !has:
		return errors.New("missing required field Principal")
	}
	if string(raw) == `"*"` {
		s.principals = []string{"*"}
		return nil
	}
	var kinds map[string]json.RawMessage
	if err := json.Unmarshal(raw, &kinds); err != nil || len(kinds) == 0 {
		return errors.New(`Principal must be "*" or an object with AWS, Service, Federated or CanonicalUser`)
	}
	for kind, names := range kinds {
		values, err := texts(names, "Principal")
		if err != nil {
			return err
		}
		if err := s.addPrincipals(kind, values); err != nil {
			return err
		}
	}
	return nil
}

func (s *statement) addPrincipals(kind string, values []string) error {
	switch kind {
	case "AWS":
	case "Service", "Federated", "CanonicalUser":
		for _, v := range values {
			s.principals = append(s.principals, kind+" "+v) // no caller is called this
		}
		return nil
	default:
		return fmt.Errorf("invalid principal type %q", kind)
	}
	for _, v := range values {
		switch {
		case v == "*":
		case len(v) == 12 && isDigits(v):
			v = "arn:aws:iam::" + v + ":root"
		case len(splitARN(v)) != 6 || strings.ContainsAny(v, "*?"):
			return fmt.Errorf("invalid principal in policy: %q: name an account, a user, a role or \"*\"", v)
		}
		s.principals = append(s.principals, v)
	}
	return nil
}

func (s *statement) readConditions(raw json.RawMessage, variables bool) error {
	if raw == nil {
		return nil
	}
	var ops map[string]map[string]json.RawMessage
	if err := json.Unmarshal(raw, &ops); err != nil {
		return errors.New("Condition must be an object of operators, each an object of keys and values")
	}
	for name, keys := range ops {
		c, ok := readOperator(name)
		if !ok {
			return fmt.Errorf("invalid condition operator %q", name)
		}
		for key, raw := range keys {
			if prefix, rest, ok := strings.Cut(key, ":"); !ok || prefix == "" || rest == "" {
				return fmt.Errorf("condition key %q must be prefaced by a service, e.g., aws:username", key)
			}
			c.key, c.values = strings.ToLower(key), nil
			if err := c.readValues(raw, name, variables); err != nil {
				return err
			}
			s.conditions = append(s.conditions, c)
		}
	}
	return nil
}

// readValues reads one or more strings, numbers or booleans.
func (c *condition) readValues(raw json.RawMessage, name string, variables bool) error {
	items, err := list(raw)
	if err != nil {
		return err
	}
	for _, item := range items {
		text := string(item)
		if item[0] == '"' {
			if err := json.Unmarshal(item, &text); err != nil {
				return err
			}
		} else if _, err := strconv.ParseFloat(text, 64); err != nil && text != "true" && text != "false" {
			return fmt.Errorf("condition %s: values must be strings, numbers or booleans", name)
		}
		v, ok := c.op.read(text, variables)
		if !ok {
			return fmt.Errorf("condition %s: the value %q is not of its type", name, text)
		}
		c.values = append(c.values, v)
	}
	return nil
}

func alphanumeric(s string) bool {
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
