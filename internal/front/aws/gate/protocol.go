package gate

import (
	"maps"

	"github.com/boathouse-data/boathouse/internal/govern/identity"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/wire/sigv4"
)

// protocol is how a family of services names the refusals that come before an
// operation's own, and what it calls a refusal that no table names.
type protocol struct {
	codes map[*fault.Reason]Code
	kinds map[fault.Kind]Code
}

func protocolOf(d Door) protocol {
	if d.Version != "" {
		return queryProtocol()
	}
	return jsonProtocol()
}

// jsonProtocol is what the JSON services answer: always 400 for a client's fault.
// Source: "Common Errors" in the services' API references.
func jsonProtocol() protocol {
	signature := Code{"InvalidSignatureException", 400}
	incomplete := Code{"IncompleteSignatureException", 400}
	denied := Code{"AccessDeniedException", 400}
	unknown := Code{"UnrecognizedClientException", 400}
	operation := Code{"UnknownOperationException", 400}
	return protocol{
		codes: map[*fault.Reason]Code{
			sigv4.Missing:      {"MissingAuthenticationTokenException", 400},
			sigv4.TwoWays:      signature,
			sigv4.BadAlgorithm: incomplete, sigv4.Malformed: incomplete, sigv4.BadQuery: incomplete,
			sigv4.BadScope: signature, sigv4.Late: signature, sigv4.Early: signature, sigv4.Expired: signature,
			sigv4.BadExpires: signature, sigv4.Unsigned: signature, sigv4.Mismatch: signature,
			identity.UnknownKey: unknown, identity.BadToken: unknown,
			identity.ExpiredToken: {"ExpiredTokenException", 400},
			identity.Implicit:     denied, identity.Explicit: denied, identity.Session: denied, identity.Anonymous: denied,
			UnknownOperation: operation, NotServed: operation, UnknownService: operation,
			BadBody:       {"SerializationException", 400},
			TooLarge:      {"RequestEntityTooLargeException", 413},
			page.BadToken: {"InvalidNextTokenException", 400},
		},
		kinds: map[fault.Kind]Code{
			fault.Internal:        {"InternalServerException", 500},
			fault.Invalid:         {"ValidationException", 400},
			fault.NotFound:        {"ResourceNotFoundException", 400},
			fault.Exists:          {"ResourceAlreadyExistsException", 400},
			fault.Conflict:        {"ConflictException", 400},
			fault.Denied:          denied,
			fault.Unauthenticated: unknown,
			fault.Limit:           {"LimitExceededException", 400},
			fault.Unavailable:     {"ServiceUnavailableException", 503},
			fault.Unsupported:     {"UnsupportedOperationException", 400},
		},
	}
}

// queryProtocol is what IAM and STS answer.
// Source: "Common Errors" in the IAM and STS API references.
func queryProtocol() protocol {
	signature := Code{"SignatureDoesNotMatch", 403}
	incomplete := Code{"IncompleteSignature", 400}
	denied := Code{"AccessDenied", 403}
	unknown := Code{"InvalidClientTokenId", 403}
	operation := Code{"InvalidAction", 400}
	return protocol{
		codes: map[*fault.Reason]Code{
			sigv4.Missing:      {"MissingAuthenticationToken", 403},
			sigv4.TwoWays:      signature,
			sigv4.BadAlgorithm: incomplete, sigv4.Malformed: incomplete, sigv4.BadQuery: incomplete,
			sigv4.BadScope: signature, sigv4.Late: signature, sigv4.Early: signature, sigv4.Expired: signature,
			sigv4.BadExpires: signature, sigv4.Unsigned: signature, sigv4.Mismatch: signature,
			identity.UnknownKey: unknown, identity.BadToken: unknown,
			identity.ExpiredToken: {"ExpiredToken", 403},
			identity.Implicit:     denied, identity.Explicit: denied, identity.Session: denied, identity.Anonymous: denied,
			UnknownOperation: operation, NotServed: operation, UnknownService: operation,
			BadBody:       {"ValidationError", 400},
			TooLarge:      {"RequestEntityTooLarge", 413},
			page.BadToken: {"ValidationError", 400},
		},
		kinds: map[fault.Kind]Code{
			fault.Internal:        {"InternalFailure", 500},
			fault.Invalid:         {"ValidationError", 400},
			fault.NotFound:        {"NoSuchEntity", 404},
			fault.Exists:          {"EntityAlreadyExists", 409},
			fault.Conflict:        {"ConcurrentModification", 409},
			fault.Denied:          denied,
			fault.Unauthenticated: unknown,
			fault.Limit:           {"LimitExceeded", 409},
			fault.Unavailable:     {"ServiceUnavailable", 503},
			fault.Unsupported:     {"UnsupportedOperation", 400},
		},
	}
}

// RESTCodes is what the S3 door answers for the refusals of Admit, Authorize
// and the verified body. Source: "List of error codes" in the S3 API reference.
func RESTCodes() map[*fault.Reason]Code {
	denied := Code{"AccessDenied", 403}
	header := Code{"AuthorizationHeaderMalformed", 400}
	query := Code{"AuthorizationQueryParametersError", 400}
	skewed := Code{"RequestTimeTooSkewed", 403}
	return map[*fault.Reason]Code{
		sigv4.Missing:         denied,
		sigv4.TwoWays:         {"InvalidArgument", 400},
		sigv4.BadAlgorithm:    {"InvalidRequest", 400},
		sigv4.Malformed:       header,
		sigv4.BadQuery:        query,
		sigv4.BadScope:        header,
		sigv4.Late:            skewed,
		sigv4.Early:           skewed,
		sigv4.Expired:         denied,
		sigv4.BadExpires:      query,
		sigv4.Unsigned:        denied,
		sigv4.Mismatch:        {"SignatureDoesNotMatch", 403},
		sigv4.BadPayload:      {"InvalidArgument", 400},
		sigv4.NoPayload:       {"InvalidRequest", 400},
		sigv4.BodyMismatch:    {"XAmzContentSHA256Mismatch", 400},
		sigv4.NoLength:        {"MissingContentLength", 411},
		sigv4.BadLength:       {"IncompleteBody", 400},
		sigv4.BadChunk:        {"IncompleteBody", 400},
		sigv4.BadTrailer:      {"MalformedTrailerError", 400},
		sigv4.BadDigest:       {"BadDigest", 400},
		identity.UnknownKey:   {"InvalidAccessKeyId", 403},
		identity.BadToken:     {"InvalidToken", 400},
		identity.ExpiredToken: {"ExpiredToken", 400},
		identity.Implicit:     denied,
		identity.Explicit:     denied,
		identity.Session:      denied,
		identity.Anonymous:    denied,
		UnknownOperation:      {"NotImplemented", 501},
		NotServed:             {"NotImplemented", 501},
		UnknownService:        {"NotImplemented", 501},
		Unhonoured:            {"NotImplemented", 501},
		BadBody:               {"MalformedXML", 400},
		TooLarge:              {"EntityTooLarge", 400},
	}
}

// Codes returns what a door answers for each reason: its own names over the
// protocol's. Tests check with it that no reason is left to a guess.
func Codes(d Door) map[*fault.Reason]Code {
	all := maps.Clone(protocolOf(d).codes)
	maps.Copy(all, d.Codes)
	return all
}
