package s3

import "strings"

// unserved is an operation of the real service that has no handler.
type unserved struct {
	name   string
	method string
	level  level
	sub    string
}

func newTable() *table {
	t := &table{subs: map[string]bool{}, common: map[string]bool{}, existing: map[string]bool{}, codes: codes()}
	t.ops = append(t.ops, bucketOps()...)
	t.ops = append(t.ops, configOps()...)
	t.ops = append(t.ops, objectOps()...)
	t.ops = append(t.ops, uploadOps()...)
	t.known = parseUnserved(unservedRows)
	for _, o := range t.ops {
		t.subs[o.sub] = o.sub != ""
	}
	for _, u := range t.known {
		t.subs[u.sub] = u.sub != ""
	}
	// Part of the signature and of its body, or only a label; the owner and the
	// version are judged for all operations in one place.
	for name := range strings.FieldsSeq(`X-Amz-Algorithm X-Amz-Credential X-Amz-Date X-Amz-Expires X-Amz-SignedHeaders
		X-Amz-Signature X-Amz-Security-Token X-Amz-Content-Sha256 x-id versionId
		x-amz-date x-amz-content-sha256 x-amz-security-token x-amz-decoded-content-length x-amz-trailer x-amz-user-agent
		x-amz-api-version x-amz-expected-bucket-owner`) {
		t.common[name] = true
	}
	for action := range strings.FieldsSeq(`s3:GetObject s3:GetObjectTagging s3:PutObjectTagging s3:DeleteObjectTagging
		s3:GetObjectAttributes s3:GetObjectAcl s3:DeleteObject`) {
		t.existing[action] = true
	}
	return t
}

func bucketOps() []op {
	return []op{
		serve("ListBuckets", "GET", ofService, "", "s3:ListAllMyBuckets", (*call).listBuckets),
		serve("CreateBucket", "PUT", ofBucket, "", "s3:CreateBucket", (*call).createBucket).
			partly("owner enforced and private: no ACLs, no object lock; one region"),
		serve("HeadBucket", "HEAD", ofBucket, "", "s3:ListBucket", (*call).headBucket),
		serve("DeleteBucket", "DELETE", ofBucket, "", "s3:DeleteBucket", (*call).deleteBucket),
		serve("ListObjects", "GET", ofBucket, "", "s3:ListBucket", (*call).listObjects),
		serve("ListObjectsV2", "GET", ofBucket, "list-type", "s3:ListBucket", (*call).listObjectsV2),
		serve("ListObjectVersions", "GET", ofBucket, "versions", "s3:ListBucketVersions", (*call).listObjectVersions).
			partly("buckets have no versioning yet: every object is its one version, null"),
		serve("DeleteObjects", "POST", ofBucket, "delete", "", (*call).deleteObjects),
		serve("GetBucketTagging", "GET", ofBucket, "tagging", "s3:GetBucketTagging", (*call).getBucketTagging),
		serve("PutBucketTagging", "PUT", ofBucket, "tagging", "s3:PutBucketTagging", (*call).putBucketTagging),
		serve("DeleteBucketTagging", "DELETE", ofBucket, "tagging", "s3:PutBucketTagging", (*call).deleteBucketTagging),
	}
}

func objectOps() []op {
	return []op{
		serve("PutObject", "PUT", ofKey, "", "s3:PutObject", (*call).putObject).
			partly("storage class STANDARD; no ACLs, encryption, object lock or redirects"),
		serve("CopyObject", "PUT", ofKey, "", "s3:PutObject", (*call).copyObject).when("x-amz-copy-source").
			partly("storage class STANDARD; no ACLs, encryption, object lock or redirects"),
		serve("GetObject", "GET", ofKey, "", "s3:GetObject", (*call).getObject).
			partly("one range; several are answered with the whole object, as the real service does"),
		serve("HeadObject", "HEAD", ofKey, "", "s3:GetObject", (*call).headObject),
		serve("DeleteObject", "DELETE", ofKey, "", "s3:DeleteObject", (*call).deleteObject),
		serve("GetObjectAttributes", "GET", ofKey, "attributes", "s3:GetObjectAttributes", (*call).getObjectAttributes),
		serve("GetObjectAcl", "GET", ofKey, "acl", "s3:GetObjectAcl", (*call).getACL).partly("the owner's full control"),
		serve("GetObjectTagging", "GET", ofKey, "tagging", "s3:GetObjectTagging", (*call).getObjectTagging),
		serve("PutObjectTagging", "PUT", ofKey, "tagging", "s3:PutObjectTagging", (*call).putObjectTagging),
		serve("DeleteObjectTagging", "DELETE", ofKey, "tagging", "s3:DeleteObjectTagging", (*call).deleteObjectTagging),
	}
}

func uploadOps() []op {
	return []op{
		serve("CreateMultipartUpload", "POST", ofKey, "uploads", "s3:PutObject", (*call).createMultipartUpload).
			partly("storage class STANDARD; no ACLs, encryption, object lock or redirects"),
		serve("UploadPart", "PUT", ofKey, "uploadId", "s3:PutObject", (*call).uploadPart),
		serve("UploadPartCopy", "PUT", ofKey, "uploadId", "s3:PutObject", (*call).uploadPartCopy).when("x-amz-copy-source"),
		serve("CompleteMultipartUpload", "POST", ofKey, "uploadId", "s3:PutObject", (*call).completeMultipartUpload),
		serve("AbortMultipartUpload", "DELETE", ofKey, "uploadId", "s3:AbortMultipartUpload", (*call).abortMultipartUpload),
		serve("ListParts", "GET", ofKey, "uploadId", "s3:ListMultipartUploadParts", (*call).listParts),
		serve("ListMultipartUploads", "GET", ofBucket, "uploads", "s3:ListBucketMultipartUploads", (*call).listMultipartUploads),
	}
}

// unservedRows is what the real service has and this door not, after the API
// model of 2006-03-01: name, method, level, sub-resource.
const unservedRows = `
CreateBucketMetadataConfiguration POST bucket metadataConfiguration
CreateBucketMetadataTableConfiguration POST bucket metadataTable
CreateSession GET bucket session
DeleteBucketAnalyticsConfiguration DELETE bucket analytics
DeleteBucketCors DELETE bucket cors
DeleteBucketEncryption DELETE bucket encryption
DeleteBucketIntelligentTieringConfiguration DELETE bucket intelligent-tiering
DeleteBucketInventoryConfiguration DELETE bucket inventory
DeleteBucketLifecycle DELETE bucket lifecycle
DeleteBucketMetadataConfiguration DELETE bucket metadataConfiguration
DeleteBucketMetadataTableConfiguration DELETE bucket metadataTable
DeleteBucketMetricsConfiguration DELETE bucket metrics
DeleteBucketOwnershipControls DELETE bucket ownershipControls
DeleteBucketPolicy DELETE bucket policy
DeleteBucketReplication DELETE bucket replication
DeleteBucketWebsite DELETE bucket website
DeleteObjectAnnotation DELETE key annotation
DeletePublicAccessBlock DELETE bucket publicAccessBlock
GetBucketAbac GET bucket abac
GetBucketAnalyticsConfiguration GET bucket analytics
GetBucketIntelligentTieringConfiguration GET bucket intelligent-tiering
GetBucketInventoryConfiguration GET bucket inventory
GetBucketMetadataConfiguration GET bucket metadataConfiguration
GetBucketMetadataTableConfiguration GET bucket metadataTable
GetBucketMetricsConfiguration GET bucket metrics
GetObjectAnnotation GET key annotation
GetObjectLegalHold GET key legal-hold
GetObjectRetention GET key retention
GetObjectTorrent GET key torrent
ListBucketAnalyticsConfigurations GET bucket analytics
ListBucketIntelligentTieringConfigurations GET bucket intelligent-tiering
ListBucketInventoryConfigurations GET bucket inventory
ListBucketMetricsConfigurations GET bucket metrics
ListDirectoryBuckets GET service max-directory-buckets
ListObjectAnnotations GET key annotation
PostObject POST bucket -
PutBucketAbac PUT bucket abac
PutBucketAccelerateConfiguration PUT bucket accelerate
PutBucketAcl PUT bucket acl
PutBucketAnalyticsConfiguration PUT bucket analytics
PutBucketCors PUT bucket cors
PutBucketEncryption PUT bucket encryption
PutBucketIntelligentTieringConfiguration PUT bucket intelligent-tiering
PutBucketInventoryConfiguration PUT bucket inventory
PutBucketLifecycleConfiguration PUT bucket lifecycle
PutBucketLogging PUT bucket logging
PutBucketMetricsConfiguration PUT bucket metrics
PutBucketNotificationConfiguration PUT bucket notification
PutBucketOwnershipControls PUT bucket ownershipControls
PutBucketPolicy PUT bucket policy
PutBucketReplication PUT bucket replication
PutBucketRequestPayment PUT bucket requestPayment
PutBucketVersioning PUT bucket versioning
PutBucketWebsite PUT bucket website
PutObjectAcl PUT key acl
PutObjectAnnotation PUT key annotation
PutObjectLegalHold PUT key legal-hold
PutObjectLockConfiguration PUT bucket object-lock
PutObjectRetention PUT key retention
PutPublicAccessBlock PUT bucket publicAccessBlock
RenameObject PUT key renameObject
RestoreObject POST key restore
SelectObjectContent POST key select
UpdateBucketMetadataAnnotationTableConfiguration PUT bucket metadataAnnotationTable
UpdateBucketMetadataInventoryTableConfiguration PUT bucket metadataInventoryTable
UpdateBucketMetadataJournalTableConfiguration PUT bucket metadataJournalTable
UpdateObjectEncryption PUT key encryption
WriteGetObjectResponse POST service -
`

func parseUnserved(rows string) (out []unserved) {
	levels := map[string]level{"service": ofService, "bucket": ofBucket, "key": ofKey}
	for line := range strings.Lines(rows) {
		f := strings.Fields(line)
		if len(f) == 4 {
			out = append(out, unserved{f[0], f[1], levels[f[2]], strings.TrimPrefix(f[3], "-")})
		}
	}
	return out
}
