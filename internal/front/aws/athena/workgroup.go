package athena

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
)

func (d *door) createWorkGroup(ctx context.Context, in *athena.CreateWorkGroupInput) (*athena.CreateWorkGroupOutput, error) {
	g := workgroup.Group{Name: text(in.Name), Description: text(in.Description), Tags: tagsOf(in.Tags)}
	if c := in.Configuration; c != nil {
		version, err := chosenVersion(c.EngineVersion)
		if err != nil {
			return nil, err
		}
		g.Settings = workgroup.Settings{Enforce: c.EnforceWorkGroupConfiguration == nil || *c.EnforceWorkGroupConfiguration, EngineVersion: version}
		if c.BytesScannedCutoffPerQuery != nil {
			g.Settings.BytesScannedMax = *c.BytesScannedCutoffPerQuery
		}
		if r := c.ResultConfiguration; r != nil {
			if err := d.checkOwner(r.ExpectedBucketOwner); err != nil {
				return nil, err
			}
			g.Settings.Output, g.Settings.BucketOwner = text(r.OutputLocation), text(r.ExpectedBucketOwner)
		}
	} else {
		g.Settings.Enforce = true // the real service's default for groups that are made
	}
	return &athena.CreateWorkGroupOutput{}, d.Groups.CreateGroup(ctx, g)
}

// chosenVersion checks an engine version; "" stands for AUTO.
func chosenVersion(v *types.EngineVersion) (string, error) {
	if v == nil {
		return "", nil
	}
	if e := text(v.EffectiveEngineVersion); e != "" && e != engineVersion {
		return "", invalid.New(fmt.Sprintf("the engine version %s is not served: use AUTO or %s", e, engineVersion))
	}
	switch s := text(v.SelectedEngineVersion); s {
	case "", "AUTO":
		return "", nil
	case engineVersion:
		return s, nil
	default:
		return "", invalid.New(fmt.Sprintf("the engine version %s is not served: use AUTO or %s", s, engineVersion))
	}
}

func versionOf(chosen string) *types.EngineVersion {
	if chosen == "" {
		chosen = "AUTO"
	}
	return &types.EngineVersion{SelectedEngineVersion: &chosen, EffectiveEngineVersion: new(engineVersion)}
}

func (d *door) getWorkGroup(ctx context.Context, in *athena.GetWorkGroupInput) (*athena.GetWorkGroupOutput, error) {
	if in.WorkGroup == nil {
		return nil, missing("workGroup")
	}
	g, err := d.Groups.GetGroup(ctx, *in.WorkGroup)
	if err != nil {
		return nil, err
	}
	s := g.Settings
	c := &types.WorkGroupConfiguration{EnforceWorkGroupConfiguration: &s.Enforce, EngineVersion: versionOf(s.EngineVersion),
		PublishCloudWatchMetricsEnabled: new(false), RequesterPaysEnabled: new(false), EnableMinimumEncryptionConfiguration: new(false),
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: optional(s.Output), ExpectedBucketOwner: optional(s.BucketOwner)}}
	if s.BytesScannedMax > 0 {
		c.BytesScannedCutoffPerQuery = &s.BytesScannedMax
	}
	return &athena.GetWorkGroupOutput{WorkGroup: &types.WorkGroup{Name: &g.Name, Description: optional(g.Description),
		State: stateOf(g), CreationTime: &g.Created, Configuration: c}}, nil
}

func stateOf(g workgroup.Group) types.WorkGroupState {
	if g.Enabled {
		return types.WorkGroupStateEnabled
	}
	return types.WorkGroupStateDisabled
}

func (d *door) listWorkGroups(ctx context.Context, in *athena.ListWorkGroupsInput) (*athena.ListWorkGroupsOutput, error) {
	max, err := pageSize(in.MaxResults, in.NextToken, 50, 50)
	if err != nil {
		return nil, err
	}
	groups, next, err := d.Groups.ListGroups(ctx, text(in.NextToken), max)
	if err != nil {
		return nil, err
	}
	out := &athena.ListWorkGroupsOutput{NextToken: optional(next), WorkGroups: make([]types.WorkGroupSummary, len(groups))}
	for i, g := range groups {
		out.WorkGroups[i] = types.WorkGroupSummary{Name: &g.Name, Description: &g.Description, State: stateOf(g),
			CreationTime: &g.Created, EngineVersion: versionOf(g.Settings.EngineVersion)}
	}
	return out, nil
}

func (d *door) updateWorkGroup(ctx context.Context, in *athena.UpdateWorkGroupInput) (*athena.UpdateWorkGroupOutput, error) {
	if in.WorkGroup == nil {
		return nil, missing("workGroup")
	}
	return &athena.UpdateWorkGroupOutput{}, d.Groups.UpdateGroup(ctx, *in.WorkGroup, func(g *workgroup.Group) error {
		switch in.State {
		case "":
		case types.WorkGroupStateEnabled, types.WorkGroupStateDisabled:
			g.Enabled = in.State == types.WorkGroupStateEnabled
		default:
			return invalid.New("the state of a workgroup must be ENABLED or DISABLED")
		}
		if in.Description != nil {
			g.Description = *in.Description
		}
		if in.ConfigurationUpdates == nil {
			return nil
		}
		return d.changeSettings(&g.Settings, in.ConfigurationUpdates)
	})
}

func (d *door) changeSettings(s *workgroup.Settings, u *types.WorkGroupConfigurationUpdates) error {
	if u.EnforceWorkGroupConfiguration != nil {
		s.Enforce = *u.EnforceWorkGroupConfiguration
	}
	if u.BytesScannedCutoffPerQuery != nil {
		s.BytesScannedMax = *u.BytesScannedCutoffPerQuery
	}
	if isTrue(u.RemoveBytesScannedCutoffPerQuery) {
		s.BytesScannedMax = 0
	}
	if u.EngineVersion != nil {
		version, err := chosenVersion(u.EngineVersion)
		if err != nil {
			return err
		}
		s.EngineVersion = version
	}
	r := u.ResultConfigurationUpdates
	if r == nil {
		return nil
	}
	if err := d.checkOwner(r.ExpectedBucketOwner); err != nil {
		return err
	}
	if r.OutputLocation != nil {
		s.Output = *r.OutputLocation
	}
	if isTrue(r.RemoveOutputLocation) {
		s.Output = ""
	}
	if r.ExpectedBucketOwner != nil {
		s.BucketOwner = *r.ExpectedBucketOwner
	}
	if isTrue(r.RemoveExpectedBucketOwner) {
		s.BucketOwner = ""
	}
	return nil
}

func isTrue(b *bool) bool { return b != nil && *b }

func (d *door) deleteWorkGroup(ctx context.Context, in *athena.DeleteWorkGroupInput) (*athena.DeleteWorkGroupOutput, error) {
	if in.WorkGroup == nil {
		return nil, missing("workGroup")
	}
	return &athena.DeleteWorkGroupOutput{}, d.Groups.DeleteGroup(ctx, *in.WorkGroup, isTrue(in.RecursiveDeleteOption))
}

func (d *door) listEngineVersions(_ context.Context, in *athena.ListEngineVersionsInput) (*athena.ListEngineVersionsOutput, error) {
	if _, err := pageSize(in.MaxResults, in.NextToken, 10, 10); err != nil {
		return nil, err
	}
	return &athena.ListEngineVersionsOutput{EngineVersions: []types.EngineVersion{*versionOf(""), *versionOf(engineVersion)}}, nil
}

func tagsOf(tags []types.Tag) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		out[text(t.Key)] = text(t.Value)
	}
	return out
}

// tagged is the group that an ARN names.
func (d *door) tagged(ctx context.Context, arn *string) (workgroup.Group, error) {
	name, ok := strings.CutPrefix(text(arn), strings.TrimSuffix(d.arn("x"), "x"))
	if !ok {
		return workgroup.Group{}, noResource.New(text(arn))
	}
	g, err := d.Groups.GetGroup(ctx, name)
	if err != nil {
		return g, noResource.Wrap(err, text(arn))
	}
	return g, nil
}

func (d *door) tagResource(ctx context.Context, in *athena.TagResourceInput) (*athena.TagResourceOutput, error) {
	g, err := d.tagged(ctx, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &athena.TagResourceOutput{}, d.Groups.SetTags(ctx, g.Name, tagsOf(in.Tags), nil)
}

func (d *door) untagResource(ctx context.Context, in *athena.UntagResourceInput) (*athena.UntagResourceOutput, error) {
	g, err := d.tagged(ctx, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	return &athena.UntagResourceOutput{}, d.Groups.SetTags(ctx, g.Name, nil, in.TagKeys)
}

// listTagsForResource answers all tags at once: a group has at most fifty, and
// a page at least seventy-five.
func (d *door) listTagsForResource(ctx context.Context, in *athena.ListTagsForResourceInput) (*athena.ListTagsForResourceOutput, error) {
	if in.MaxResults != nil && *in.MaxResults < 75 {
		return nil, invalid.New("1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 75")
	}
	g, err := d.tagged(ctx, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	out := &athena.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for k, v := range g.Tags {
		out.Tags = append(out.Tags, types.Tag{Key: &k, Value: &v})
	}
	slices.SortFunc(out.Tags, func(a, b types.Tag) int { return strings.Compare(*a.Key, *b.Key) })
	return out, nil
}
