package object

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	keyMaxBytes      = 1024
	metadataMaxBytes = 2048
	partsMax         = 10000
	batchMax         = 1000
)

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// checkBucketName follows "General purpose bucket naming rules" of the S3 user
// guide.
func checkBucketName(name string) error {
	_, err := netip.ParseAddr(name)
	bad := !bucketName.MatchString(name) || err == nil || strings.Contains(name, "..")
	for _, p := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		bad = bad || strings.HasPrefix(name, p)
	}
	for _, p := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		bad = bad || strings.HasSuffix(name, p)
	}
	if bad {
		return BadBucketName.New(name)
	}
	return nil
}

func checkKey(key string) error {
	if len(key) > keyMaxBytes {
		return KeyTooLong.New(len(key))
	}
	if key == "" || !utf8.ValidString(key) {
		return BadKey.New()
	}
	return nil
}

func checkAttributes(a Attributes) error {
	n := 0
	for k, v := range a.Metadata {
		n += len(k) + len(v)
	}
	if n > metadataMaxBytes {
		return MetadataTooLarge.New(n)
	}
	return nil
}

// checkTags follows the tag restrictions of the S3 user guide: keys of 1 to
// 128 and values of 0 to 256 characters.
func checkTags(tags map[string]string, max int) error {
	if len(tags) > max {
		return BadTags.New(fmt.Sprintf("there are %d, use at most %d", len(tags), max))
	}
	for k, v := range tags {
		switch {
		case k == "" || utf8.RuneCountInString(k) > 128 || !utf8.ValidString(k):
			return BadTags.New("a tag key has 1 to 128 characters")
		case utf8.RuneCountInString(v) > 256 || !utf8.ValidString(v):
			return BadTags.New("a tag value has 0 to 256 characters")
		case strings.HasPrefix(k, "aws:"):
			return BadTags.New("tag keys that start with aws: are reserved")
		}
	}
	return nil
}

const (
	objectTagsMax = 10
	bucketTagsMax = 50
)
