package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Use says what a policy is attached to, which decides what it may hold.
type Use uint8

// The uses of policies.
const (
	Identity Use = iota // to users, groups, roles and sessions: no Principal
	Trust               // to a role: who may assume it; no Resource
)

// BytesMax bounds a document; no use of policies allows more.
const BytesMax = 20480

// Parse reads and checks a policy. The error says what is wrong, for its author.
func Parse(text string, use Use) (*Document, error) {
	if len(text) > BytesMax {
		return nil, fmt.Errorf("the document is longer than %d bytes", BytesMax)
	}
	if err := checkKeys(text); err != nil {
		return nil, err
	}
	var d struct {
		Version   *string
		Id        *string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("syntax errors in policy: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	variables := d.Version != nil && *d.Version == "2012-10-17"
	if d.Version != nil && !variables && *d.Version != "2008-10-17" {
		return nil, fmt.Errorf("the Version must be 2012-10-17, not %q", *d.Version)
	}
	raw, err := list(d.Statement)
	if err != nil || len(raw) == 0 {
		return nil, fmt.Errorf("Statement must be a statement or a list of them")
	}
	doc := &Document{}
	sids := map[string]bool{}
	for i, r := range raw {
		s, err := readStatement(r, use, variables)
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
		if s.sid != "" && sids[s.sid] {
			return nil, fmt.Errorf("statement %d: the Sid %q is not unique", i+1, s.sid)
		}
		sids[s.sid] = true
		doc.statements = append(doc.statements, s)
	}
	return doc, nil
}

// checkKeys refuses what encoding/json would let pass: a key that is there
// twice, of which the last would win, an element that is misspelt, and text
// after the document.
func checkKeys(text string) error {
	d := json.NewDecoder(strings.NewReader(text))
	if err := checkValue(d, 0); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("syntax errors in policy: there is text after the document")
	}
	return nil
}

func checkValue(d *json.Decoder, depth int) error {
	const depthMax = 10
	t, err := d.Token()
	if err != nil {
		return fmt.Errorf("syntax errors in policy: %w", err)
	}
	delim, nested := t.(json.Delim)
	if !nested {
		return nil
	}
	if depth == depthMax {
		return fmt.Errorf("syntax errors in policy: it is nested too deeply")
	}
	seen := map[string]bool{}
	for d.More() {
		if delim == '{' {
			k, err := d.Token()
			if err != nil {
				return fmt.Errorf("syntax errors in policy: %w", err)
			}
			key, _ := k.(string)
			if seen[key] {
				return fmt.Errorf("the key %q is there twice", key)
			}
			seen[key] = true
			if depth == 0 && key != "Version" && key != "Id" && key != "Statement" {
				return fmt.Errorf("unknown element %q", key)
			}
		}
		if err := checkValue(d, depth+1); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("syntax errors in policy: %w", err)
	}
	return nil
}

// list reads a value or a list of values.
func list(raw json.RawMessage) ([]json.RawMessage, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, nil
	}
	if raw[0] != '[' {
		return []json.RawMessage{raw}, nil
	}
	var out []json.RawMessage
	err := json.Unmarshal(raw, &out)
	return out, err
}

// texts reads a string or a list of strings.
func texts(raw json.RawMessage, name string) ([]string, error) {
	items, err := list(raw)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(items))
	for i, item := range items {
		if err := json.Unmarshal(item, &out[i]); err != nil || len(item) == 0 || item[0] != '"' {
			return nil, fmt.Errorf("%s must be a string or a list of strings", name)
		}
	}
	return out, nil
}
