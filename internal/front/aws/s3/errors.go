package s3

import (
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/boathouse-data/boathouse/internal/front/aws/gate"
	"github.com/boathouse-data/boathouse/internal/lake/object"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/lib/page"
	"github.com/boathouse-data/boathouse/internal/wire/restxml"
)

// Refusals of the door itself.
var (
	NotServed        = fault.Define("s3.not_served", fault.Unsupported, "The operation %s is not implemented by this server: see docs/compat/s3.md for what is")
	BadMethod        = fault.Define("s3.bad_method", fault.Invalid, "The specified method %s is not allowed against this resource")
	NoCORS           = fault.Define("s3.no_cors", fault.Denied, "CORSResponse: CORS is not enabled for this bucket.")
	OtherOwner       = fault.Define("s3.other_owner", fault.Denied, "Access Denied: the bucket's owner is not the account that the request expects")
	NoVersion        = fault.Define("s3.no_version", fault.Invalid, "Invalid version id specified: %q: buckets have no versions, use null or leave it out")
	NoLength         = fault.Define("s3.no_length", fault.Invalid, "You must provide the Content-Length HTTP header.")
	DocumentTooLarge = fault.Define("s3.document_too_large", fault.Limit, "Your request was too big: send at most %d bytes of XML")
	SlowBody         = fault.Define("s3.slow_body", fault.Invalid, "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.")
	BrokenBody       = fault.Define("s3.broken_body", fault.Invalid, "You did not provide the number of bytes specified by the Content-Length HTTP header: send the whole body")
	BadArgument      = fault.Define("s3.bad_argument", fault.Invalid, "%s")
	BadRequest       = fault.Define("s3.bad_request", fault.Invalid, "%s")
	BadCopySource    = fault.Define("s3.bad_copy_source", fault.Invalid, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
	WrongLocation    = fault.Define("s3.wrong_location", fault.Invalid, "The specified location-constraint is not valid: this server is in %s")
	NoConfiguration  = fault.Define("s3.no_configuration", fault.NotFound, "%s")
	BadTagging       = fault.Define("s3.bad_tagging", fault.Invalid, "The tags are not valid: %s")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{NotServed, BadMethod, NoCORS, OtherOwner, NoVersion, NoLength, DocumentTooLarge, SlowBody,
	BrokenBody, BadArgument, BadRequest, BadCopySource, WrongLocation, NoConfiguration, BadTagging}

// codes is the real service's name and status of each refusal, after "List of
// error codes" of the S3 API reference.
func codes() map[*fault.Reason]gate.Code {
	m := gate.RESTCodes()
	maps.Copy(m, map[*fault.Reason]gate.Code{
		NotServed: {Name: "NotImplemented", Status: 501}, BadMethod: {Name: "MethodNotAllowed", Status: 405},
		NoCORS: {Name: "AccessForbidden", Status: 403}, OtherOwner: {Name: "AccessDenied", Status: 403},
		NoVersion: {Name: "InvalidArgument", Status: 400}, NoLength: {Name: "MissingContentLength", Status: 411},
		DocumentTooLarge: {Name: "MaxMessageLengthExceeded", Status: 400}, SlowBody: {Name: "RequestTimeout", Status: 400},
		BrokenBody: {Name: "IncompleteBody", Status: 400}, BadArgument: {Name: "InvalidArgument", Status: 400},
		BadRequest: {Name: "InvalidRequest", Status: 400}, BadCopySource: {Name: "InvalidArgument", Status: 400},
		WrongLocation: {Name: "IllegalLocationConstraintException", Status: 400}, BadTagging: {Name: "InvalidTag", Status: 400},
		restxml.Unhonoured: {Name: "NotImplemented", Status: 501}, restxml.BadValue: {Name: "InvalidArgument", Status: 400},
		restxml.BadXML: {Name: "MalformedXML", Status: 400}, page.BadToken: {Name: "InvalidArgument", Status: 400},
		object.NoBucket: {Name: "NoSuchBucket", Status: 404}, object.BucketExists: {Name: "BucketAlreadyOwnedByYou", Status: 409},
		object.BucketNotEmpty: {Name: "BucketNotEmpty", Status: 409}, object.BadBucketName: {Name: "InvalidBucketName", Status: 400},
		object.NoKey: {Name: "NoSuchKey", Status: 404}, object.BadKey: {Name: "InvalidURI", Status: 400},
		object.KeyTooLong: {Name: "KeyTooLongError", Status: 400}, object.MetadataTooLarge: {Name: "MetadataTooLarge", Status: 400},
		object.BadTags: {Name: "InvalidTag", Status: 400}, object.NoTags: {Name: "NoSuchTagSet", Status: 404},
		object.TooLarge: {Name: "EntityTooLarge", Status: 400}, object.Incomplete: {Name: "IncompleteBody", Status: 400},
		object.BadMD5: {Name: "InvalidDigest", Status: 400}, object.MD5Mismatch: {Name: "BadDigest", Status: 400},
		object.BadChecksum: {Name: "InvalidRequest", Status: 400}, object.BadAlgorithm: {Name: "InvalidRequest", Status: 400},
		object.BadChecksumType: {Name: "InvalidRequest", Status: 400}, object.ChecksumMismatch: {Name: "BadDigest", Status: 400},
		object.WrongAlgorithm: {Name: "InvalidRequest", Status: 400}, object.PreconditionFail: {Name: "PreconditionFailed", Status: 412},
		object.NotModified: {Name: "NotModified", Status: 304}, object.BadCondition: {Name: "NotImplemented", Status: 501},
		object.BadRange: {Name: "InvalidRange", Status: 416}, object.BadCopyRange: {Name: "InvalidArgument", Status: 400},
		object.NoPart: {Name: "InvalidPartNumber", Status: 416}, object.NoUpload: {Name: "NoSuchUpload", Status: 404},
		object.BadPartNumber: {Name: "InvalidArgument", Status: 400}, object.InvalidPart: {Name: "InvalidPart", Status: 400},
		object.PartOrder: {Name: "InvalidPartOrder", Status: 400}, object.PartTooSmall: {Name: "EntityTooSmall", Status: 400},
		object.NoParts: {Name: "MalformedXML", Status: 400}, object.WrongSize: {Name: "InvalidRequest", Status: 400},
		object.CopyOntoItself: {Name: "InvalidRequest", Status: 400}, object.TooManyKeys: {Name: "MalformedXML", Status: 400},
		object.DiskFull: {Name: "InsufficientStorage", Status: 507}, object.LinkOutside: {Name: "InvalidArgument", Status: 400},
		object.SourceChanged: {Name: "OperationAborted", Status: 409},
		// Its codes are in absent: they differ by the configuration.
		NoConfiguration: {Name: "NoSuchConfiguration", Status: 404},
	})
	return m
}

// absent carries the code of a configuration that a bucket does not have.
type absent string

func (a absent) Error() string { return string(a) }

// codeOf names a refusal. What no table names is an accident of ours.
func (t *table) codeOf(err error) gate.Code {
	var a absent
	if errors.As(err, &a) {
		return gate.Code{Name: string(a), Status: 404}
	}
	if c, ok := t.codes[fault.ReasonOf(err)]; ok {
		return c
	}
	return gate.Code{Name: "InternalError", Status: 500}
}

// fail writes a refusal in the S3 form.
func (c *call) fail(err error) {
	code := c.d.table.codeOf(err)
	if code.Status >= 500 && code.Status != http.StatusNotImplemented {
		c.d.cfg.Log.Error("request failed", "service", "s3", "request", c.id, "method", c.r.Method, "path", c.r.URL.Path, "error", err)
	}
	c.d.cfg.Log.Debug("refused", "service", "s3", "request", c.id, "method", c.r.Method, "path", c.r.URL.Path, "error", err)
	h := c.w.Header()
	if errors.Is(err, SlowBody) {
		h["Connection"] = []string{"close"} // the rest will not come either
	}
	if code.Status == http.StatusNotModified {
		c.w.WriteHeader(code.Status)
		return
	}
	if c.r.Method == http.MethodHead {
		c.w.WriteHeader(code.Status)
		return
	}
	body := c.faultBody(code, err)
	h["Content-Type"] = []string{"application/xml"}
	h["Content-Length"] = []string{itoa(int64(len(body)))}
	c.w.WriteHeader(code.Status)
	_, _ = c.w.Write(body) // a client that is gone needs no answer
}

// faultBody is the error document: the four elements of every error, and what
// this one is about.
func (c *call) faultBody(code gate.Code, err error) []byte {
	message := fault.Message(err)
	if code.Status == 500 {
		message = "We encountered an internal error. Please try again."
	}
	pairs := append([][2]string{{"Code", code.Name}, {"Message", message}}, c.about(err)...)
	pairs = append(pairs, [2]string{"Resource", c.r.URL.Path}, [2]string{"RequestId", c.id}, [2]string{"HostId", c.id})
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error>")
	for _, p := range pairs {
		b.WriteString("<" + p[0] + ">")
		_ = xml.EscapeText(&b, []byte(p[1])) // a Builder does not fail
		b.WriteString("</" + p[0] + ">")
	}
	b.WriteString("</Error>")
	return []byte(b.String())
}

func (c *call) about(err error) [][2]string {
	var s *restxml.Subject
	if errors.As(err, &s) {
		switch {
		case errors.Is(err, restxml.BadValue):
			return [][2]string{{"ArgumentName", s.Name}, {"ArgumentValue", s.Value}}
		case errors.Is(err, restxml.Unhonoured) && s.Where == "header":
			return [][2]string{{"Header", s.Name}}
		case errors.Is(err, restxml.Unhonoured):
			return [][2]string{{"ParameterName", s.Name}}
		}
	}
	var absence absent
	switch {
	case errors.Is(err, object.NoKey):
		return [][2]string{{"Key", c.key}}
	case errors.Is(err, object.NoBucket), errors.Is(err, object.BucketExists), errors.Is(err, object.BucketNotEmpty),
		errors.Is(err, object.BadBucketName), errors.Is(err, object.NoTags), errors.As(err, &absence):
		return [][2]string{{"BucketName", c.bucket}}
	case errors.Is(err, object.NoUpload):
		return [][2]string{{"UploadId", c.query.Get("uploadId")}}
	case errors.Is(err, object.KeyTooLong):
		return [][2]string{{"Size", itoa(int64(len(c.key)))}, {"MaxSizeAllowed", "1024"}}
	case errors.Is(err, object.BadRange):
		return [][2]string{{"RangeRequested", c.r.Header.Get("Range")}}
	case errors.Is(err, BadMethod):
		return [][2]string{{"Method", c.r.Method}, {"ResourceType", map[level]string{ofService: "SERVICE", ofBucket: "BUCKET", ofKey: "OBJECT"}[c.level]}}
	case errors.Is(err, NoVersion):
		return [][2]string{{"ArgumentName", "versionId"}, {"ArgumentValue", c.query.Get("versionId")}}
	}
	return nil
}
