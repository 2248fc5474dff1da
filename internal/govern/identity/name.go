package identity

import (
	"fmt"
	"regexp"
	"strings"
)

// What names may be. Source: "IAM and STS character limits".
var (
	namePattern = regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]+$`)
	pathPattern = regexp.MustCompile(`^/$|^(/[!-~]+)+/$`)
)

func nameMax(k Kind) int {
	if k == User || k == Role {
		return 64
	}
	return 128
}

func checkName(what, name string, max int) error {
	if name == "" || len(name) > max || !namePattern.MatchString(name) {
		return BadInput.New(fmt.Sprintf("The specified value for %s is invalid. It must contain 1 to %d alphanumeric characters and/or the following: +=,.@_-", what, max))
	}
	return nil
}

func checkPath(path string) error {
	if len(path) > 512 || !pathPattern.MatchString(path) {
		return BadInput.New("The specified value for path is invalid. It must begin and end with / and be at most 512 characters")
	}
	return nil
}

func checkTags(tags map[string]string) error {
	if len(tags) > 50 {
		return Limit.New("TagsPerResource", 50)
	}
	for k, v := range tags {
		if k == "" || len(k) > 128 || len(v) > 256 {
			return BadInput.New("A tag's key must have 1 to 128 characters and its value at most 256")
		}
	}
	return nil
}

// fold is a name as it is compared: two names that differ in case are one.
func fold(name string) string { return strings.ToLower(name) }

// title is a kind at the beginning of a message.
func title(k Kind) string { return strings.ToUpper(string(k[:1])) + string(k[1:]) }
