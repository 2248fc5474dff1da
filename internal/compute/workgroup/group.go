package workgroup

import (
	"context"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Primary is the group that is always there and takes queries that name none.
const Primary = "primary"

// Group is a work group.
type Group struct {
	Name        string
	Enabled     bool
	Description string
	Settings    Settings
	Tags        map[string]string
	Created     time.Time
}

// Settings say how the queries of a group run.
type Settings struct {
	Output          string `json:"output,omitempty"`          // "s3://bucket/prefix/", where results go; empty: the caller says
	Enforce         bool   `json:"enforce,omitempty"`         // Output counts, whatever the caller says
	BytesScannedMax int64  `json:"bytesScannedMax,omitempty"` // a query that reads more is cancelled; 0: no bound
	EngineVersion   string `json:"engineVersion,omitempty"`   // as chosen; empty for the newest
	BucketOwner     string `json:"bucketOwner,omitempty"`     // the account that owns Output's bucket, as the group's maker was sure of
}

// The least bound on scanned bytes that the real service takes.
const bytesScannedLeast = 10_000_000

const (
	tagsMax        = 50
	descriptionMax = 1024
)

var groupName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)

func (g Group) validate() error {
	if !groupName.MatchString(g.Name) {
		return BadGroup.New("the workgroup name must have 1 to 128 letters, digits, dots, underscores or hyphens")
	}
	if len(g.Description) > descriptionMax {
		return BadGroup.New("the description may have at most 1024 characters")
	}
	if n := g.Settings.BytesScannedMax; n != 0 && n < bytesScannedLeast {
		return BadGroup.New("the bytes-scanned cutoff must be at least 10000000 bytes")
	}
	if g.Settings.Output != "" {
		if _, _, err := splitLocation(g.Settings.Output); err != nil {
			return err
		}
	} else if g.Settings.Enforce {
		return nil // as the real service: queries are then refused until there is one
	}
	return checkTags(g.Tags)
}

func checkTags(tags map[string]string) error {
	if len(tags) > tagsMax {
		return BadTags.New("a workgroup may have at most 50 tags")
	}
	for k, v := range tags {
		if k == "" || len(k) > 128 || len(v) > 256 || strings.HasPrefix(strings.ToLower(k), "aws:") {
			return BadTags.New("tag keys have 1 to 128 characters and do not begin with aws:, values at most 256")
		}
	}
	return nil
}

func (s *Service) makePrimary(ctx context.Context) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		_, err := tx.Exec(`INSERT INTO workgroup (name, enabled, description, settings, tags, created)
			VALUES (?, 1, '', '{}', '{}', ?) ON CONFLICT (name) DO NOTHING`, Primary, micros(s.now()))
		return err
	})
}

// CreateGroup adds an enabled group. Refuses with GroupExists, BadGroup,
// BadOutput and BadTags.
func (s *Service) CreateGroup(ctx context.Context, g Group) error {
	if err := g.validate(); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		n, err := tx.Exec(`INSERT INTO workgroup (name, enabled, description, settings, tags, created)
			VALUES (?, 1, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING`,
			g.Name, g.Description, encode(g.Settings), encode(g.Tags), micros(s.now()))
		if err == nil && n == 0 {
			return GroupExists.New(g.Name)
		}
		return err
	})
}

const groupColumns = "name, enabled, description, settings, tags, created"

func scanGroup(scan func(...any) error) (g Group, err error) {
	var settings, tags string
	var created, enabled int64
	if err = scan(&g.Name, &enabled, &g.Description, &settings, &tags, &created); err != nil {
		return g, err
	}
	g.Enabled, g.Created = enabled != 0, fromMicros(created)
	if err = decode(settings, &g.Settings); err != nil {
		return g, err
	}
	return g, decode(tags, &g.Tags)
}

func getGroup(tx *meta.Tx, name string) (g Group, err error) {
	found := false
	err = tx.Query(func(scan func(...any) error) (err error) {
		found = true
		g, err = scanGroup(scan)
		return err
	}, "SELECT "+groupColumns+" FROM workgroup WHERE name = ?", name)
	if err == nil && !found {
		err = GroupNotFound.New(name)
	}
	return g, err
}

// GetGroup returns a group.
func (s *Service) GetGroup(ctx context.Context, name string) (g Group, err error) {
	err = s.db.View(ctx, func(tx *meta.Tx) (err error) {
		g, err = getGroup(tx, name)
		return err
	})
	return g, err
}

// UpdateGroup changes a group as change says. Refuses with GroupNotFound,
// GroupPrimary, BadGroup and BadOutput.
func (s *Service) UpdateGroup(ctx context.Context, name string, change func(*Group) error) error {
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		g, err := getGroup(tx, name)
		if err != nil {
			return err
		}
		if err := change(&g); err != nil {
			return err
		}
		if name == Primary && !g.Enabled {
			return GroupPrimary.New("disabled")
		}
		g.Name = name
		if err := g.validate(); err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE workgroup SET enabled = ?, description = ?, settings = ?, tags = ? WHERE name = ?",
			btoi(g.Enabled), g.Description, encode(g.Settings), encode(g.Tags), name)
		return err
	})
}

// SetTags adds tags to a group and removes others.
func (s *Service) SetTags(ctx context.Context, name string, add map[string]string, remove []string) error {
	return s.UpdateGroup(ctx, name, func(g *Group) error {
		tags := maps.Clone(g.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		maps.Copy(tags, add)
		for _, k := range remove {
			delete(tags, k)
		}
		g.Tags = tags
		return nil
	})
}

// DeleteGroup removes a group; with recursive also what it holds. Refuses with
// GroupPrimary, and GroupNotEmpty: without recursive when it holds anything,
// with it while a query waits or runs.
func (s *Service) DeleteGroup(ctx context.Context, name string, recursive bool) error {
	if name == Primary {
		return GroupPrimary.New("deleted")
	}
	return s.db.Update(ctx, func(tx *meta.Tx) error {
		if _, err := getGroup(tx, name); err != nil {
			return err
		}
		var holds int
		count := `SELECT (SELECT count(*) FROM workgroup_execution WHERE workgroup = ? AND (? = 0 OR completed = 0))
			+ (SELECT count(*) FROM workgroup_query WHERE workgroup = ? AND ? = 0)
			+ (SELECT count(*) FROM workgroup_statement WHERE workgroup = ? AND ? = 0)`
		r := btoi(recursive)
		if _, err := tx.Get([]any{&holds}, count, name, r, name, r, name, r); err != nil {
			return err
		}
		if holds > 0 {
			return GroupNotEmpty.New(name)
		}
		for _, q := range []string{"DELETE FROM workgroup_execution WHERE workgroup = ?", "DELETE FROM workgroup_query WHERE workgroup = ?",
			"DELETE FROM workgroup_statement WHERE workgroup = ?", "DELETE FROM workgroup WHERE name = ?"} {
			if _, err := tx.Exec(q, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// ListGroups returns up to max groups by name and the token for more.
func (s *Service) ListGroups(ctx context.Context, token string, max int) (out []Group, next string, err error) {
	after, err := page.After("workgroups", token)
	if err != nil {
		return nil, "", err
	}
	err = s.db.View(ctx, func(tx *meta.Tx) error {
		return tx.Query(func(scan func(...any) error) error {
			g, err := scanGroup(scan)
			out = append(out, g)
			return err
		}, "SELECT "+groupColumns+" FROM workgroup WHERE name > ? ORDER BY name LIMIT ?", after, max+1)
	})
	out, next = page.Cut("workgroups", out, max, func(g Group) string { return g.Name })
	return out, next, err
}
