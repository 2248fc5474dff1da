package sigv4

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals of this package. Their texts follow the real services', because
// some clients look for words in them (a skewed clock is corrected and tried
// again, for one).
var (
	Missing      = fault.Define("sigv4.missing", fault.Unauthenticated, "Missing Authentication Token: sign the request with an access key")
	TwoWays      = fault.Define("sigv4.two_ways", fault.Invalid, "Only one auth mechanism allowed: use the Authorization header or the X-Amz- query parameters, not both")
	BadAlgorithm = fault.Define("sigv4.bad_algorithm", fault.Unauthenticated, "The authorization mechanism %q is not supported: use AWS4-HMAC-SHA256")
	Malformed    = fault.Define("sigv4.malformed", fault.Unauthenticated, "The signature is incomplete or malformed: %s")
	BadQuery     = fault.Define("sigv4.malformed_query", fault.Unauthenticated, "The X-Amz- query parameters are incomplete or malformed: %s")
	BadScope     = fault.Define("sigv4.bad_scope", fault.Unauthenticated, "Credential should be scoped to a valid %s: it says %q, this server expects %q")
	Late         = fault.Define("sigv4.late", fault.Unauthenticated, "Signature expired: %s is now earlier than %s (%s - 15 min.): set the client's clock")
	Early        = fault.Define("sigv4.early", fault.Unauthenticated, "Signature not yet current: %s is still later than %s (%s + 15 min.): set the client's clock")
	Expired      = fault.Define("sigv4.expired", fault.Denied, "Request has expired: make a new presigned URL")
	BadExpires   = fault.Define("sigv4.bad_expires", fault.Invalid, "X-Amz-Expires must be a number of seconds from 1 to 604800 (a week)")
	Unsigned     = fault.Define("sigv4.unsigned_header", fault.Denied, "There were headers present in the request which were not signed: sign %s")
	Mismatch     = fault.Define("sigv4.mismatch", fault.Unauthenticated, "The request signature we calculated does not match the signature you provided. Check your secret access key and signing method.")
	BadPayload   = fault.Define("sigv4.bad_payload", fault.Invalid, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value")
	NoPayload    = fault.Define("sigv4.no_payload", fault.Invalid, "Missing required header for this request: x-amz-content-sha256")
	BodyMismatch = fault.Define("sigv4.body_mismatch", fault.Invalid, "The provided 'x-amz-content-sha256' header does not match what was computed")
	NoLength     = fault.Define("sigv4.no_length", fault.Invalid, "You must provide the x-amz-decoded-content-length HTTP header with a chunked body")
	BadLength    = fault.Define("sigv4.bad_length", fault.Invalid, "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header")
	BadChunk     = fault.Define("sigv4.bad_chunk", fault.Invalid, "The chunked body is malformed: %s")
	BadTrailer   = fault.Define("sigv4.bad_trailer", fault.Invalid, "The request contained trailing data that was not well-formed: %s")
	BadDigest    = fault.Define("sigv4.bad_digest", fault.Invalid, "The %s you specified did not match the calculated checksum")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{Missing, TwoWays, BadAlgorithm, Malformed, BadQuery, BadScope, Late, Early, Expired,
	BadExpires, Unsigned, Mismatch, BadPayload, NoPayload, BodyMismatch, NoLength, BadLength, BadChunk, BadTrailer, BadDigest}
