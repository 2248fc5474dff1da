package s3

// The settings that a bucket of the real service has. None can be set here
// yet; reading one says the truth: it is not there, or what always holds.

// noSuch is a setting that a bucket does not have.
func noSuch(name, sub, action, code, message string) op {
	return serve(name, "GET", ofBucket, sub, action, func(c *call, _ *none) (*none, error) {
		if _, err := c.d.cfg.Objects.GetBucket(c.r.Context(), c.bucket); err != nil {
			return nil, err
		}
		return nil, NoConfiguration.Wrap(absent(code), message)
	}).partly("always says that there is none: it cannot be set yet")
}

// always is a setting that is the same for all buckets.
func always[Out any](name, sub, action, limit string, out func(c *call) *Out) op {
	return serve(name, "GET", ofBucket, sub, action, func(c *call, _ *none) (*Out, error) {
		if _, err := c.d.cfg.Objects.GetBucket(c.r.Context(), c.bucket); err != nil {
			return nil, err
		}
		return out(c), nil
	}).partly(limit)
}

type locationOut struct {
	Location plain `body:"LocationConstraint"`
}

// plain is an element that holds nothing but text.
type plain struct {
	Text string `xml:",chardata"`
}

type versioningOut struct {
	Config struct{} `body:"VersioningConfiguration"`
}

type notificationOut struct {
	Config struct{} `body:"NotificationConfiguration"`
}

type loggingOut struct {
	Config struct{} `body:"BucketLoggingStatus"`
}

type accelerateOut struct {
	Config struct{} `body:"AccelerateConfiguration"`
}

type paymentOut struct {
	Config struct {
		Payer string `xml:"Payer"`
	} `body:"RequestPaymentConfiguration"`
}

type ownershipOut struct {
	Config struct {
		Rules []struct {
			Ownership string `xml:"ObjectOwnership"`
		} `xml:"Rule"`
	} `body:"OwnershipControls"`
}

type publicAccessOut struct {
	Config struct {
		BlockACLs       bool `xml:"BlockPublicAcls"`
		IgnoreACLs      bool `xml:"IgnorePublicAcls"`
		BlockPolicy     bool `xml:"BlockPublicPolicy"`
		RestrictBuckets bool `xml:"RestrictPublicBuckets"`
	} `body:"PublicAccessBlockConfiguration"`
}

func configOps() []op {
	const fixed = "cannot be set yet"
	return []op{
		always("GetBucketLocation", "location", "s3:GetBucketLocation", "", func(c *call) *locationOut {
			if c.d.cfg.Region == "us-east-1" {
				return &locationOut{} // as the real service names its first region
			}
			return &locationOut{plain{c.d.cfg.Region}}
		}),
		always("GetBucketVersioning", "versioning", "s3:GetBucketVersioning", "always off: "+fixed, func(*call) *versioningOut { return &versioningOut{} }),
		always("GetBucketNotificationConfiguration", "notification", "s3:GetBucketNotification", "always none: "+fixed, func(*call) *notificationOut { return &notificationOut{} }),
		always("GetBucketLogging", "logging", "s3:GetBucketLogging", "always off: "+fixed, func(*call) *loggingOut { return &loggingOut{} }),
		always("GetBucketAccelerateConfiguration", "accelerate", "s3:GetAccelerateConfiguration", "always off", func(*call) *accelerateOut { return &accelerateOut{} }),
		always("GetBucketRequestPayment", "requestPayment", "s3:GetBucketRequestPayment", "always the owner", func(*call) *paymentOut {
			out := &paymentOut{}
			out.Config.Payer = "BucketOwner"
			return out
		}),
		always("GetBucketOwnershipControls", "ownershipControls", "s3:GetBucketOwnershipControls", "always BucketOwnerEnforced", func(*call) *ownershipOut {
			out := &ownershipOut{}
			out.Config.Rules = append(out.Config.Rules, struct {
				Ownership string `xml:"ObjectOwnership"`
			}{"BucketOwnerEnforced"})
			return out
		}),
		always("GetPublicAccessBlock", "publicAccessBlock", "s3:GetBucketPublicAccessBlock", "always all blocked: there is no public access", func(*call) *publicAccessOut {
			out := &publicAccessOut{}
			out.Config.BlockACLs, out.Config.IgnoreACLs, out.Config.BlockPolicy, out.Config.RestrictBuckets = true, true, true, true
			return out
		}),
		serve("GetBucketAcl", "GET", ofBucket, "acl", "s3:GetBucketAcl", (*call).getBucketACL).partly("the owner's full control"),
		noSuch("GetBucketPolicy", "policy", "s3:GetBucketPolicy", "NoSuchBucketPolicy", "The bucket policy does not exist"),
		noSuch("GetBucketPolicyStatus", "policyStatus", "s3:GetBucketPolicyStatus", "NoSuchBucketPolicy", "The bucket policy does not exist"),
		noSuch("GetBucketCors", "cors", "s3:GetBucketCORS", "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
		noSuch("GetBucketLifecycleConfiguration", "lifecycle", "s3:GetLifecycleConfiguration", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
		noSuch("GetBucketEncryption", "encryption", "s3:GetEncryptionConfiguration", "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found"),
		noSuch("GetBucketReplication", "replication", "s3:GetReplicationConfiguration", "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
		noSuch("GetBucketWebsite", "website", "s3:GetBucketWebsite", "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
		noSuch("GetObjectLockConfiguration", "object-lock", "s3:GetBucketObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
	}
}

type grantee struct {
	XSI  string `xml:"xmlns:xsi,attr"`
	Type string `xml:"xsi:type,attr"`
	ID   string `xml:"ID"`
}

type grant struct {
	Grantee    grantee `xml:"Grantee"`
	Permission string  `xml:"Permission"`
}

type aclOut struct {
	Policy struct {
		Owner  owner   `xml:"Owner"`
		Grants []grant `xml:"AccessControlList>Grant"`
	} `body:"AccessControlPolicy"`
}

func (c *call) acl() *aclOut {
	out := &aclOut{}
	out.Policy.Owner.ID = c.d.owner
	out.Policy.Grants = []grant{{grantee{"http://www.w3.org/2001/XMLSchema-instance", "CanonicalUser", c.d.owner}, "FULL_CONTROL"}}
	return out
}

func (c *call) getBucketACL(*none) (*aclOut, error) {
	_, err := c.d.cfg.Objects.GetBucket(c.r.Context(), c.bucket)
	return c.acl(), err
}

func (c *call) getACL(*none) (*aclOut, error) {
	_, err := c.d.cfg.Objects.Head(c.r.Context(), c.bucket, c.key)
	return c.acl(), err
}
