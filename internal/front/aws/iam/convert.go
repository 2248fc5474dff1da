package iam

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/page"
)

func ptr[T any](v T) *T { return &v }

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// optional is s, or nil for the empty string.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// document is a policy as answers carry it: percent-encoded as RFC 3986 says.
func document(text string) *string {
	return ptr(strings.ReplaceAll(url.QueryEscape(text), "+", "%20"))
}

func (d door) user(e *identity.Entity) *types.User {
	return &types.User{Arn: ptr(d.ids.ARN(e)), CreateDate: &e.Created, Path: &e.Path, UserId: &e.ID, UserName: &e.Name, Tags: tags(e.Tags)}
}

func (d door) role(e *identity.Entity) *types.Role {
	return &types.Role{Arn: ptr(d.ids.ARN(e)), CreateDate: &e.Created, Path: &e.Path, RoleId: &e.ID, RoleName: &e.Name, Tags: tags(e.Tags),
		AssumeRolePolicyDocument: document(e.Trust), Description: optional(e.Description), MaxSessionDuration: ptr(int32(e.SessionMax / time.Second))}
}

func (d door) group(e *identity.Entity) *types.Group {
	return &types.Group{Arn: ptr(d.ids.ARN(e)), CreateDate: &e.Created, Path: &e.Path, GroupId: &e.ID, GroupName: &e.Name}
}

func managed(p *identity.Policy) *types.Policy {
	return &types.Policy{Arn: &p.ARN, AttachmentCount: ptr(int32(p.Attachments)), CreateDate: &p.Created, DefaultVersionId: ptr(identity.VersionName(p.Default)),
		Description: optional(p.Description), IsAttachable: true, Path: &p.Path, PermissionsBoundaryUsageCount: ptr(int32(0)),
		PolicyId: &p.ID, PolicyName: &p.Name, Tags: tags(p.Tags), UpdateDate: &p.Updated}
}

func version(v identity.Version, withDocument bool) types.PolicyVersion {
	out := types.PolicyVersion{CreateDate: &v.Created, IsDefaultVersion: v.Default, VersionId: ptr(identity.VersionName(v.Number))}
	if withDocument {
		out.Document = document(v.Document)
	}
	return out
}

func status(active bool) types.StatusType {
	if active {
		return types.StatusTypeActive
	}
	return types.StatusTypeInactive
}

// tags are in the order of their keys; nil for none.
func tags(m map[string]string) []types.Tag {
	var out []types.Tag
	for k, v := range m {
		out = append(out, types.Tag{Key: &k, Value: &v})
	}
	slices.SortFunc(out, func(a, b types.Tag) int { return strings.Compare(*a.Key, *b.Key) })
	return out
}

func tagMap(list []types.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range list {
		m[str(t.Key)] = str(t.Value)
	}
	return m
}

const pageMax = 1000

func size(maxItems *int32) (int, error) {
	switch {
	case maxItems == nil:
		return 100, nil
	case *maxItems < 1 || *maxItems > pageMax:
		return 0, identity.BadInput.New("MaxItems must be from 1 to 1000")
	}
	return int(*maxItems), nil
}

// input reads the paging of a listing by name.
func input(listing string, pathPrefix, marker *string, maxItems *int32) (in identity.ListInput, err error) {
	if in.After, err = page.After(listing, str(marker)); err != nil {
		return in, err
	}
	in.PathPrefix = str(pathPrefix)
	in.Max, err = size(maxItems)
	return in, err
}

// next is the marker of the page after a listing by name.
func next(listing string, more bool, last string) *string {
	if !more {
		return nil
	}
	return ptr(page.Token(listing, last))
}

// paged cuts a page out of a short list that is at hand; its marker is a place.
func paged[T any](listing string, all []T, marker *string, maxItems *int32) (out []T, more bool, after *string, err error) {
	n, err := size(maxItems)
	if err != nil {
		return nil, false, nil, err
	}
	from, err := page.After(listing, str(marker))
	if err != nil {
		return nil, false, nil, err
	}
	start := 0
	if from != "" {
		if start, err = strconv.Atoi(from); err != nil || start < 0 {
			return nil, false, nil, page.BadToken.New()
		}
	}
	start = min(start, len(all))
	end := min(start+n, len(all))
	out = append([]T{}, all[start:end]...)
	if end < len(all) {
		return out, true, ptr(page.Token(listing, strconv.Itoa(end))), nil
	}
	return out, false, nil, nil
}
