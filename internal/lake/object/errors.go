package object

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals of this package.
var (
	NoBucket         = fault.Define("object.no_bucket", fault.NotFound, "The specified bucket %q does not exist: create it first")
	BucketExists     = fault.Define("object.bucket_exists", fault.Exists, "Your previous request to create the named bucket %q succeeded and you already own it: use it, or choose another name")
	BucketNotEmpty   = fault.Define("object.bucket_not_empty", fault.Conflict, "The bucket %q you tried to delete is not empty: delete its objects first")
	BadBucketName    = fault.Define("object.bad_bucket_name", fault.Invalid, "The specified bucket name %q is not valid: use 3 to 63 lower-case letters, digits, dots and hyphens, starting and ending with a letter or digit")
	NoKey            = fault.Define("object.no_key", fault.NotFound, "The specified key %q does not exist: list the bucket to see what is there")
	BadKey           = fault.Define("object.bad_key", fault.Invalid, "The object key is not valid: use 1 to 1024 bytes of UTF-8")
	KeyTooLong       = fault.Define("object.key_too_long", fault.Invalid, "Your key is too long: it has %d bytes, use at most 1024")
	MetadataTooLarge = fault.Define("object.metadata_too_large", fault.Invalid, "Your metadata headers exceed the maximum allowed metadata size: they have %d bytes, use at most 2048")
	BadTags          = fault.Define("object.bad_tags", fault.Invalid, "The tags are not valid: %s")
	NoTags           = fault.Define("object.no_tags", fault.NotFound, "The TagSet of bucket %q does not exist: put tags first")
	TooLarge         = fault.Define("object.too_large", fault.Limit, "Your proposed upload exceeds the maximum allowed size: send at most %d bytes, or upload it in parts")
	Incomplete       = fault.Define("object.incomplete", fault.Invalid, "You did not provide the number of bytes specified by the Content-Length HTTP header: send the whole body")
	BadMD5           = fault.Define("object.bad_md5", fault.Invalid, "The Content-MD5 you specified is not valid: send the base64 of the 16 bytes of the body's MD5")
	MD5Mismatch      = fault.Define("object.md5_mismatch", fault.Invalid, "The Content-MD5 you specified did not match what we received: send the body again")
	BadChecksum      = fault.Define("object.bad_checksum", fault.Invalid, "Value for the %s checksum is invalid: send the base64 of the checksum's bytes")
	BadAlgorithm     = fault.Define("object.bad_algorithm", fault.Invalid, "The checksum algorithm %q is not known: use CRC32, CRC32C, CRC64NVME, SHA1 or SHA256")
	BadChecksumType  = fault.Define("object.bad_checksum_type", fault.Invalid, "The checksum type %s cannot be used with the %s checksum algorithm: SHA1 and SHA256 are COMPOSITE, CRC64NVME is FULL_OBJECT")
	ChecksumMismatch = fault.Define("object.checksum_mismatch", fault.Invalid, "The %s you specified did not match the calculated checksum: send the body again")
	WrongAlgorithm   = fault.Define("object.wrong_algorithm", fault.Invalid, "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s")
	PreconditionFail = fault.Define("object.precondition_failed", fault.Conflict, "At least one of the pre-conditions you specified did not hold: %s")
	NotModified      = fault.Define("object.not_modified", fault.Conflict, "Not Modified: %s")
	BadCondition     = fault.Define("object.bad_condition", fault.Unsupported, "A condition you specified is not implemented: a write takes %s")
	BadRange         = fault.Define("object.bad_range", fault.Invalid, "The requested range is not satisfiable: the object has %d bytes")
	BadCopyRange     = fault.Define("object.bad_copy_range", fault.Invalid, "Range specified is not valid for source object of size: %d")
	NoPart           = fault.Define("object.no_part", fault.Invalid, "The requested part number is not satisfiable: the object has %d parts")
	NoUpload         = fault.Define("object.no_upload", fault.NotFound, "The specified upload %q does not exist: the upload ID may be invalid, or the upload may have been aborted or completed")
	BadPartNumber    = fault.Define("object.bad_part_number", fault.Invalid, "Part number must be an integer between 1 and 10000, inclusive, not %d")
	InvalidPart      = fault.Define("object.invalid_part", fault.Invalid, "Part %d could not be found: it may not have been uploaded, or its entity tag or checksum may not match what was uploaded")
	PartOrder        = fault.Define("object.part_order", fault.Invalid, "The list of parts was not in ascending order: order it by part number, each once")
	PartTooSmall     = fault.Define("object.part_too_small", fault.Invalid, "Your proposed upload is smaller than the minimum allowed size: part %d has %d bytes, each part but the last has at least %d")
	NoParts          = fault.Define("object.no_parts", fault.Invalid, "You must specify at least one part, and at most 10000")
	WrongSize        = fault.Define("object.wrong_size", fault.Invalid, "The size that was given for the object (%d bytes) is not that of its parts (%d bytes)")
	CopyOntoItself   = fault.Define("object.copy_onto_itself", fault.Invalid, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes: replace the metadata or choose another key")
	TooManyKeys      = fault.Define("object.too_many_keys", fault.Invalid, "A batch has 1 to 1000 keys, not %d")
	DiskFull         = fault.Define("object.disk_full", fault.Unavailable, "The server's disk is full: free space on it and send the request again")
	LinkOutside      = fault.Define("object.link_outside", fault.Invalid, "The local name %q is not inside the folder")
	SourceChanged    = fault.Define("object.source_changed", fault.Conflict, "The object %q changed while it was read: send the request again")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{NoBucket, BucketExists, BucketNotEmpty, BadBucketName, NoKey, BadKey, KeyTooLong,
	MetadataTooLarge, BadTags, NoTags, TooLarge, Incomplete, BadMD5, MD5Mismatch, BadChecksum, BadAlgorithm,
	BadChecksumType, ChecksumMismatch, WrongAlgorithm, PreconditionFail, NotModified, BadCondition, BadRange,
	BadCopyRange, NoPart, NoUpload, BadPartNumber, InvalidPart, PartOrder, PartTooSmall, NoParts, WrongSize,
	CopyOntoItself, TooManyKeys, DiskFull, LinkOutside, SourceChanged}
