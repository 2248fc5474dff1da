package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/govern/identity/policy"
	"github.com/boathouse-data/boathouse/internal/lib/id"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

const (
	managedMax  = 6144 // bytes of a managed policy's document
	versionsMax = 5
	attachMax   = 10 // managed policies of one user, role or group
)

// Policy is a managed policy: one that stands alone, has versions, and is
// attached to users, roles and groups.
type Policy struct {
	ARN         string
	Name        string
	ID          string // ANPA...
	Path        string
	Description string
	Default     int // the version in force
	Attachments int
	Created     time.Time
	Updated     time.Time
	Tags        map[string]string
	Builtin     bool // comes with the server
}

// Version is one version of a managed policy.
type Version struct {
	Number   int
	Document string
	Default  bool
	Created  time.Time
}

// CreatePolicy adds a managed policy with its first version. Of p the name,
// path, description and tags are read. Refuses with PolicyExists, BadInput,
// BadDocument and Limit.
func (s *Service) CreatePolicy(ctx context.Context, p Policy, document string) (*Policy, error) {
	if p.Path == "" {
		p.Path = "/"
	}
	if err := checkName("policyName", p.Name, 128); err != nil {
		return nil, err
	}
	if err := checkPath(p.Path); err != nil {
		return nil, err
	}
	if err := checkTags(p.Tags); err != nil {
		return nil, err
	}
	if len(p.Description) > 1000 {
		return nil, BadInput.New("Description must have at most 1000 characters")
	}
	if err := checkDocument(document, policy.Identity, managedMax); err != nil {
		return nil, err
	}
	p.ARN = fmt.Sprintf("arn:aws:iam::%s:policy%s%s", s.cfg.Account, p.Path, p.Name)
	p.ID, p.Default, p.Created = "ANPA"+id.Upper(17), 1, s.now().UTC().Truncate(time.Second)
	p.Updated = p.Created
	tags, _ := json.Marshal(p.Tags) // plain data
	return &p, s.update(ctx, func(tx *meta.Tx) error {
		n := 0
		if _, err := tx.Get([]any{&n}, "SELECT count(*) FROM identity_policy WHERE key = ?", fold(p.Name)); err != nil {
			return err
		}
		if n > 0 {
			return PolicyExists.New(p.Name)
		}
		if _, err := tx.Exec("INSERT INTO identity_policy (arn, key, name, id, path, description, default_version, last_version, created, updated, tags) VALUES (?, ?, ?, ?, ?, ?, 1, 1, ?, ?, ?)",
			p.ARN, fold(p.Name), p.Name, p.ID, p.Path, p.Description, p.Created.Unix(), p.Created.Unix(), string(tags)); err != nil {
			return err
		}
		return addVersion(tx, p.ARN, 1, document, p.Created)
	})
}

func addVersion(tx *meta.Tx, arn string, n int, document string, at time.Time) error {
	_, err := tx.Exec("INSERT INTO identity_policy_version (arn, version, document, created) VALUES (?, ?, ?, ?)", arn, n, document, at.Unix())
	return err
}

const policyColumns = `arn, name, id, path, description, default_version, created, updated, tags,
	(SELECT count(*) FROM identity_attachment a WHERE a.arn = p.arn)`

func scanPolicy(scan func(...any) error) (*Policy, error) {
	var p Policy
	var created, updated int64
	var tags string
	if err := scan(&p.ARN, &p.Name, &p.ID, &p.Path, &p.Description, &p.Default, &created, &updated, &tags, &p.Attachments); err != nil {
		return nil, err
	}
	p.Created, p.Updated = time.Unix(created, 0).UTC(), time.Unix(updated, 0).UTC()
	return &p, json.Unmarshal([]byte(tags), &p.Tags)
}

// findPolicy finds a managed policy, the server's own too.
func findPolicy(tx *meta.Tx, arn string) (p *Policy, err error) {
	if b, ok := builtins()[arn]; ok {
		p := b.Policy
		_, err := tx.Get([]any{&p.Attachments}, "SELECT count(*) FROM identity_attachment WHERE arn = ?", arn)
		return &p, err
	}
	err = tx.Query(func(scan func(...any) error) error {
		p, err = scanPolicy(scan)
		return err
	}, "SELECT "+policyColumns+" FROM identity_policy p WHERE arn = ?", arn)
	if err == nil && p == nil {
		err = NoPolicy.New(arn)
	}
	return p, err
}

// GetPolicy returns a managed policy or refuses with NoPolicy.
func (s *Service) GetPolicy(ctx context.Context, arn string) (p *Policy, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		p, err = findPolicy(tx, arn)
		return err
	})
	return p, err
}

// ListPolicies returns a page of the managed policies by name, the server's
// own too, and whether there are more. keep filters; nil keeps all.
func (s *Service) ListPolicies(ctx context.Context, in ListInput, keep func(*Policy) bool) (out []Policy, more bool, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		var all []Policy
		for _, b := range builtinList() {
			p, err := findPolicy(tx, b.ARN)
			if err != nil {
				return err
			}
			all = append(all, *p)
		}
		if err := tx.Query(func(scan func(...any) error) error {
			p, err := scanPolicy(scan)
			if err == nil {
				all = append(all, *p)
			}
			return err
		}, "SELECT "+policyColumns+" FROM identity_policy p ORDER BY key"); err != nil {
			return err
		}
		out, more = pick(all, in, keep)
		return nil
	})
	return out, more, err
}

// pick sorts policies by name and cuts a page.
func pick(all []Policy, in ListInput, keep func(*Policy) bool) (out []Policy, more bool) {
	sortPolicies(all)
	for i := range all {
		p := &all[i]
		if fold(p.Name) <= fold(in.After) || !strings.HasPrefix(p.Path, in.PathPrefix) || keep != nil && !keep(p) {
			continue
		}
		if len(out) == in.Max {
			return out, true
		}
		out = append(out, *p)
	}
	return out, false
}

// changePolicy runs an update of a policy that may be changed.
func (s *Service) changePolicy(ctx context.Context, arn string, f func(tx *meta.Tx, p *Policy) error) error {
	return s.update(ctx, func(tx *meta.Tx) error {
		p, err := findPolicy(tx, arn)
		if err != nil {
			return err
		}
		if p.Builtin {
			return NotChangeable.New(arn)
		}
		return f(tx, p)
	})
}

// DeletePolicy removes a managed policy with its default version. Refuses with
// NoPolicy, and with InUse while it is attached or has other versions.
func (s *Service) DeletePolicy(ctx context.Context, arn string) error {
	return s.changePolicy(ctx, arn, func(tx *meta.Tx, p *Policy) error {
		if p.Attachments > 0 {
			return InUse.New("detach the policy from all users, groups and roles")
		}
		n := 0
		if _, err := tx.Get([]any{&n}, "SELECT count(*) FROM identity_policy_version WHERE arn = ?", arn); err != nil {
			return err
		}
		if n > 1 {
			return InUse.New("delete all versions but the default one")
		}
		if _, err := tx.Exec("DELETE FROM identity_policy_version WHERE arn = ?", arn); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM identity_policy WHERE arn = ?", arn)
		return err
	})
}

// SetPolicyTags changes a policy's tags: change gets them and changes them.
func (s *Service) SetPolicyTags(ctx context.Context, arn string, change func(tags map[string]string)) error {
	return s.changePolicy(ctx, arn, func(tx *meta.Tx, p *Policy) error {
		if p.Tags == nil {
			p.Tags = map[string]string{}
		}
		change(p.Tags)
		if err := checkTags(p.Tags); err != nil {
			return err
		}
		tags, _ := json.Marshal(p.Tags) // plain data
		_, err := tx.Exec("UPDATE identity_policy SET tags = ? WHERE arn = ?", string(tags), arn)
		return err
	})
}
