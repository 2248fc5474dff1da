package s3

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
)

type none struct{}

type owner struct {
	ID string `xml:"ID"`
}

type listBucketsIn struct {
	Max    *int   `query:"max-buckets"`
	Token  string `query:"continuation-token"`
	Prefix string `query:"prefix"`
	Region string `query:"bucket-region"`
}

type bucketOut struct {
	Name    string    `xml:"Name"`
	Created time.Time `xml:"CreationDate"`
	Region  string    `xml:"BucketRegion,omitempty"`
}

type bucketList struct {
	Owner   owner       `xml:"Owner"`
	Buckets []bucketOut `xml:"Buckets>Bucket"`
	Next    string      `xml:"ContinuationToken,omitempty"`
	Prefix  string      `xml:"Prefix,omitempty"`
}

type listBucketsOut struct {
	List bucketList `body:"ListAllMyBucketsResult"`
}

func (c *call) listBuckets(in *listBucketsIn) (*listBucketsOut, error) {
	max, paged := 10000, in.Max != nil
	if paged {
		if max = *in.Max; max < 1 || max > 10000 {
			return nil, BadArgument.New("Argument max-buckets must be an integer between 1 and 10000")
		}
	}
	after, err := page.After("buckets", in.Token)
	if err != nil {
		return nil, err
	}
	out := &listBucketsOut{bucketList{Owner: owner{c.d.owner}, Prefix: in.Prefix}}
	if in.Region != "" && in.Region != c.d.cfg.Region {
		return out, nil // all buckets are in one region
	}
	buckets, err := c.d.cfg.Objects.ListBuckets(c.r.Context(), in.Prefix, after, max+1)
	if err != nil {
		return nil, err
	}
	buckets, out.List.Next = page.Cut("buckets", buckets, max, func(b object.Bucket) string { return b.Name })
	for _, b := range buckets {
		o := bucketOut{Name: b.Name, Created: b.Created}
		if paged || in.Region != "" || in.Prefix != "" {
			o.Region = c.d.cfg.Region
		}
		out.List.Buckets = append(out.List.Buckets, o)
	}
	return out, nil
}

type createBucketIn struct {
	ACL       string `header:"x-amz-acl" only:"private"`
	Lock      string `header:"x-amz-bucket-object-lock-enabled" only:"false,False"`
	Ownership string `header:"x-amz-object-ownership" only:"BucketOwnerEnforced"`
	sumsIn
	Config *struct {
		Location string `xml:"LocationConstraint"`
		Tags     []tag  `xml:"Tags>Tag"`
	} `body:"CreateBucketConfiguration"`
}

type createBucketOut struct {
	Location string `header:"Location"`
}

// createBucket answers 200 to the owner's second creation where the region is
// us-east-1, as the real service does there alone.
func (c *call) createBucket(in *createBucketIn) (*createBucketOut, error) {
	var tags map[string]string
	if in.Config != nil {
		if l := in.Config.Location; l != "" && l != c.d.cfg.Region {
			return nil, WrongLocation.New(c.d.cfg.Region)
		}
		var err error
		if tags, err = tagMap(in.Config.Tags); err != nil {
			return nil, err
		}
	}
	err := c.d.cfg.Objects.CreateTaggedBucket(c.r.Context(), c.bucket, tags)
	if errors.Is(err, object.BucketExists) && c.d.cfg.Region == "us-east-1" {
		err = nil
	}
	return &createBucketOut{"/" + c.bucket}, err
}

type headBucketOut struct {
	Region string `header:"x-amz-bucket-region"`
	Alias  string `header:"x-amz-access-point-alias"`
}

func (c *call) headBucket(*none) (*headBucketOut, error) {
	_, err := c.d.cfg.Objects.GetBucket(c.r.Context(), c.bucket)
	return &headBucketOut{c.d.cfg.Region, "false"}, err
}

func (c *call) deleteBucket(*none) (*none, error) {
	c.status = 204
	return &none{}, c.d.cfg.Objects.DeleteBucket(c.r.Context(), c.bucket)
}

type deleteObjectsIn struct {
	sumsIn
	Delete struct {
		Quiet   bool `xml:"Quiet"`
		Objects []struct {
			Key     string  `xml:"Key"`
			Version *string `xml:"VersionId"`
			ETag    string  `xml:"ETag"`
		} `xml:"Object"`
	} `body:"Delete"`
}

type deletedOut struct {
	Key     string  `xml:"Key"`
	Version *string `xml:"VersionId"`
}

type deleteFailure struct {
	Key     string  `xml:"Key"`
	Version *string `xml:"VersionId"`
	Code    string  `xml:"Code"`
	Message string  `xml:"Message"`
}

type deleteObjectsOut struct {
	Result struct {
		Deleted []deletedOut    `xml:"Deleted"`
		Errors  []deleteFailure `xml:"Error"`
	} `body:"DeleteResult"`
}

// deleteObjects judges and removes each key by itself.
func (c *call) deleteObjects(in *deleteObjectsIn) (*deleteObjectsOut, error) {
	if sums, err := c.sums(); err != nil || sums.Algorithm == "" && c.r.Header.Get("Content-MD5") == "" {
		return nil, cmp.Or(err, BadRequest.New("Missing required header for this request: Content-MD5 OR x-amz-checksum-*"))
	}
	if n := len(in.Delete.Objects); n == 0 || n > 1000 {
		return nil, object.TooManyKeys.New(n)
	}
	refusals := make([]error, len(in.Delete.Objects))
	var batch []object.Removal
	var at []int
	for i, o := range in.Delete.Objects {
		err := c.allowOn("s3:DeleteObject", arn+c.bucket+"/"+o.Key, nil)
		if err == nil && o.Version != nil && *o.Version != "null" {
			err = NoVersion.New(*o.Version)
		}
		if refusals[i] = err; err == nil {
			batch = append(batch, object.Removal{Key: o.Key, Conditions: object.Conditions{IfMatch: unquoted(o.ETag)}})
			at = append(at, i)
		}
	}
	if len(batch) > 0 {
		results, err := c.d.cfg.Objects.DeleteEach(c.r.Context(), c.bucket, batch)
		if err != nil {
			return nil, err
		}
		for j, r := range results {
			refusals[at[j]] = r
		}
	}
	out := &deleteObjectsOut{}
	for i, o := range in.Delete.Objects {
		switch {
		case refusals[i] != nil:
			code := c.d.table.codeOf(refusals[i])
			out.Result.Errors = append(out.Result.Errors, deleteFailure{o.Key, o.Version, code.Name, fault.Message(refusals[i])})
		case !in.Delete.Quiet:
			out.Result.Deleted = append(out.Result.Deleted, deletedOut{o.Key, o.Version})
		}
	}
	return out, nil
}

type tag struct {
	Key   string `xml:"Key"`
	Value string `xml:"Value"`
}

type tagging struct {
	Tags []tag `xml:"TagSet>Tag"`
}

func newTagging(tags map[string]string) *taggingOut {
	out := &taggingOut{}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out.Tagging.Tags = append(out.Tagging.Tags, tag{k, tags[k]})
	}
	return out
}

func tagMap(list []tag) (map[string]string, error) {
	m := map[string]string{}
	for _, t := range list {
		if _, twice := m[t.Key]; twice {
			return nil, BadTagging.New("Cannot provide multiple Tags with the same key " + t.Key)
		}
		m[t.Key] = t.Value
	}
	return m, nil
}

type taggingIn struct {
	sumsIn
	Tagging tagging `body:"Tagging"`
}

type taggingOut struct {
	Tagging tagging `body:"Tagging"`
}

func (c *call) getBucketTagging(*none) (*taggingOut, error) {
	tags, err := c.d.cfg.Objects.GetBucketTags(c.r.Context(), c.bucket)
	return newTagging(tags), err
}

func (c *call) putBucketTagging(in *taggingIn) (*none, error) {
	c.status = 204
	tags, err := tagMap(in.Tagging.Tags)
	if err != nil {
		return nil, err
	}
	return &none{}, c.d.cfg.Objects.PutBucketTags(c.r.Context(), c.bucket, tags)
}

func (c *call) deleteBucketTagging(*none) (*none, error) {
	c.status = 204
	return &none{}, c.d.cfg.Objects.PutBucketTags(c.r.Context(), c.bucket, nil)
}

// text points to a text that is written even when it is empty.
func text(s string) *string { return &s }

// textOr points to a text, or to nothing when it is empty.
func textOr(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
