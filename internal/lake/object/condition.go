package object

import "time"

// checkForm refuses conditions that a write cannot have.
func (c Conditions) checkForm() error {
	if c.IfNoneMatch != "" && c.IfNoneMatch != "*" {
		return BadCondition.New("If-None-Match only as *")
	}
	if !c.IfModifiedSince.IsZero() || !c.IfUnmodifiedSince.IsZero() {
		return BadCondition.New("If-Match and If-None-Match")
	}
	return nil
}

// write decides whether a write may go on over what is there. A missing object
// and If-Match is NoKey, as the real service answers.
func (c Conditions) write(o old, key string) error {
	if c.IfNoneMatch != "" && o.there {
		return PreconditionFail.New("If-None-Match")
	}
	if c.IfMatch == "" {
		return nil
	}
	if !o.there {
		return NoKey.New(key)
	}
	if !sameETag(c.IfMatch, o.etag) {
		return PreconditionFail.New("If-Match")
	}
	return nil
}

// read decides whether a read may go on. ETags come before times: a matching
// If-Match makes If-Unmodified-Since void, and If-None-Match makes
// If-Modified-Since void (RFC 9110 section 13.2.2, and the S3 API).
func (c Conditions) read(o *Object) error {
	modified := o.Modified.Truncate(time.Second)
	switch {
	case c.IfMatch != "":
		if !sameETag(c.IfMatch, o.ETag) {
			return PreconditionFail.New("If-Match")
		}
	case !c.IfUnmodifiedSince.IsZero() && modified.After(c.IfUnmodifiedSince):
		return PreconditionFail.New("If-Unmodified-Since")
	}
	switch {
	case c.IfNoneMatch != "":
		if sameETag(c.IfNoneMatch, o.ETag) {
			return NotModified.New("If-None-Match")
		}
	case !c.IfModifiedSince.IsZero() && !modified.After(c.IfModifiedSince):
		return NotModified.New("If-Modified-Since")
	}
	return nil
}
