package s3

import (
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/lake/object"
)

type createUploadIn struct {
	attributesIn
	Algorithm string `header:"x-amz-checksum-algorithm"`
	Type      string `header:"x-amz-checksum-type" only:"COMPOSITE,FULL_OBJECT"`
}

type createUploadOut struct {
	Algorithm string `header:"x-amz-checksum-algorithm"`
	Type      string `header:"x-amz-checksum-type"`
	Result    struct {
		Bucket string `xml:"Bucket"`
		Key    string `xml:"Key"`
		Upload string `xml:"UploadId"`
	} `body:"InitiateMultipartUploadResult"`
}

// createMultipartUpload: without a type the checksum is of the parts, but for
// CRC64NVME, which is always of the whole.
func (c *call) createMultipartUpload(in *createUploadIn) (*createUploadOut, error) {
	algorithm := strings.ToUpper(in.Algorithm)
	if algorithm == "" && in.Type != "" {
		return nil, BadRequest.New("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	}
	composite := algorithm != "" && (in.Type == "COMPOSITE" || in.Type == "" && algorithm != "CRC64NVME")
	tags, err := c.tags(in.Tagging)
	if err != nil {
		return nil, err
	}
	u, err := c.d.cfg.Objects.CreateUpload(c.r.Context(), object.Upload{Bucket: c.bucket, Key: c.key, Algorithm: algorithm, Composite: composite,
		Tags: tags, Attributes: in.attributes()})
	if err != nil {
		return nil, err
	}
	out := &createUploadOut{Algorithm: algorithm, Type: checksumType(object.Checksum{Algorithm: algorithm, Composite: composite})}
	out.Result.Bucket, out.Result.Key, out.Result.Upload = c.bucket, c.key, u.ID
	return out, nil
}

type uploadPartIn struct {
	sumsIn
	MD5    string `header:"Content-MD5"`
	Upload string `query:"uploadId"`
	Number *int   `query:"partNumber"`
}

type uploadPartOut struct {
	ETag string `header:"ETag"`
	sumsOut
}

func (c *call) uploadPart(in *uploadPartIn) (*uploadPartOut, error) {
	if in.Number == nil {
		return nil, BadRequest.New("This operation does not accept a request without partNumber: give a number from 1 to 10000")
	}
	body, size, err := c.body()
	if err != nil {
		return nil, err
	}
	sums, err := c.sums()
	if err != nil {
		return nil, err
	}
	p, err := c.d.cfg.Objects.PutPart(c.r.Context(), object.PartInput{Bucket: c.bucket, Key: c.key, UploadID: in.Upload, Number: *in.Number,
		Body: body, Size: size, Checksum: sums, MD5: in.MD5})
	if err != nil {
		return nil, err
	}
	return &uploadPartOut{quoted(p.ETag), newSums(p.Checksum)}, nil
}

type completeIn struct {
	writeIn
	sumsOut
	Upload string `query:"uploadId"`
	Type   string `header:"x-amz-checksum-type" only:"COMPOSITE,FULL_OBJECT"`
	Size   int64  `header:"x-amz-mp-object-size"`
	Parts  struct {
		Parts []struct {
			Number int    `xml:"PartNumber"`
			ETag   string `xml:"ETag"`
			sumsOut
		} `xml:"Part"`
	} `body:"CompleteMultipartUpload"`
}

type completeOut struct {
	Result struct {
		Location string `xml:"Location"`
		Bucket   string `xml:"Bucket"`
		Key      string `xml:"Key"`
		ETag     string `xml:"ETag"`
		typedSumsOut
	} `body:"CompleteMultipartUploadResult"`
}

func (c *call) completeMultipartUpload(in *completeIn) (*completeOut, error) {
	complete := object.CompleteInput{Bucket: c.bucket, Key: c.key, UploadID: in.Upload, Checksum: in.sumsOut.given(), Size: in.Size, Conditions: in.conditions()}
	for _, p := range in.Parts.Parts {
		complete.Parts = append(complete.Parts, object.CompletePart{Number: p.Number, ETag: unquoted(p.ETag), Checksum: p.sumsOut.given()})
	}
	if in.Type != "" {
		u, err := c.d.cfg.Objects.GetUpload(c.r.Context(), c.bucket, c.key, in.Upload)
		if err != nil {
			return nil, err
		}
		if made := checksumType(object.Checksum{Algorithm: u.Algorithm, Composite: u.Composite}); made != "" && made != in.Type {
			return nil, BadRequest.New("The upload was created using the " + made + " checksum mode. The complete request must use the same checksum mode.")
		}
	}
	o, err := c.d.cfg.Objects.CompleteUpload(c.r.Context(), complete)
	if err != nil {
		return nil, err
	}
	out := &completeOut{}
	r := &out.Result
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	r.Location = scheme + c.r.Host + c.r.URL.EscapedPath()
	r.Bucket, r.Key, r.ETag, r.typedSumsOut = c.bucket, c.key, quoted(o.ETag), newTypedSums(o.Checksum)
	return out, nil
}

type abortIn struct {
	Upload string `query:"uploadId"`
}

func (c *call) abortMultipartUpload(in *abortIn) (*none, error) {
	c.status = 204
	return &none{}, c.d.cfg.Objects.AbortUpload(c.r.Context(), c.bucket, c.key, in.Upload)
}

type listPartsIn struct {
	Upload string `query:"uploadId"`
	Max    *int   `query:"max-parts"`
	After  int    `query:"part-number-marker"`
}

type partOut struct {
	Number   int       `xml:"PartNumber"`
	Modified time.Time `xml:"LastModified"`
	ETag     string    `xml:"ETag"`
	Size     int64     `xml:"Size"`
	sumsOut
}

type listPartsOut struct {
	List struct {
		Bucket    string    `xml:"Bucket"`
		Key       string    `xml:"Key"`
		Upload    string    `xml:"UploadId"`
		Initiator owner     `xml:"Initiator"`
		Owner     owner     `xml:"Owner"`
		Class     string    `xml:"StorageClass"`
		Algorithm string    `xml:"ChecksumAlgorithm,omitempty"`
		Type      string    `xml:"ChecksumType,omitempty"`
		Marker    int       `xml:"PartNumberMarker"`
		Next      int       `xml:"NextPartNumberMarker"`
		Max       int       `xml:"MaxParts"`
		Truncated bool      `xml:"IsTruncated"`
		Parts     []partOut `xml:"Part"`
	} `body:"ListPartsResult"`
}

// upTo is a page's size: 1,000 unless fewer are asked for.
func upTo(max *int, name string) (int, error) {
	if max == nil {
		return 1000, nil
	}
	if *max < 0 {
		return 0, BadArgument.New("Argument " + name + " must be an integer between 0 and 2147483647")
	}
	return min(*max, 1000), nil
}

func (c *call) listParts(in *listPartsIn) (*listPartsOut, error) {
	max, err := upTo(in.Max, "max-parts")
	if err != nil {
		return nil, err
	}
	u, parts, err := c.d.cfg.Objects.ListParts(c.r.Context(), c.bucket, c.key, in.Upload, in.After, max+1)
	if err != nil {
		return nil, err
	}
	out := &listPartsOut{}
	r := &out.List
	r.Bucket, r.Key, r.Upload, r.Initiator.ID, r.Owner.ID, r.Class = c.bucket, c.key, in.Upload, c.d.owner, c.d.owner, "STANDARD"
	r.Algorithm, r.Type = u.Algorithm, checksumType(object.Checksum{Algorithm: u.Algorithm, Composite: u.Composite})
	r.Marker, r.Max = in.After, max
	if len(parts) > max {
		parts, r.Truncated = parts[:max], max > 0
	}
	for _, p := range parts {
		r.Parts = append(r.Parts, partOut{p.Number, p.Modified.Truncate(time.Second), quoted(p.ETag), p.Size, newSums(p.Checksum)})
		r.Next = p.Number
	}
	return out, nil
}

type listUploadsIn struct {
	Prefix    string  `query:"prefix"`
	Delimiter string  `query:"delimiter"`
	Encoding  *string `query:"encoding-type" only:"url"`
	Max       *int    `query:"max-uploads"`
	KeyMarker string  `query:"key-marker"`
	IDMarker  string  `query:"upload-id-marker"`
}

type uploadOut struct {
	Key       string    `xml:"Key"`
	Upload    string    `xml:"UploadId"`
	Initiator owner     `xml:"Initiator"`
	Owner     owner     `xml:"Owner"`
	Class     string    `xml:"StorageClass"`
	Created   time.Time `xml:"Initiated"`
	Algorithm string    `xml:"ChecksumAlgorithm,omitempty"`
	Type      string    `xml:"ChecksumType,omitempty"`
}

type listUploadsOut struct {
	List struct {
		Bucket    string      `xml:"Bucket"`
		KeyMarker *string     `xml:"KeyMarker"`
		IDMarker  *string     `xml:"UploadIdMarker"`
		NextKey   *string     `xml:"NextKeyMarker"`
		NextID    *string     `xml:"NextUploadIdMarker"`
		Prefix    *string     `xml:"Prefix"`
		Delimiter *string     `xml:"Delimiter"`
		Encoding  *string     `xml:"EncodingType"`
		Max       int         `xml:"MaxUploads"`
		Truncated bool        `xml:"IsTruncated"`
		Uploads   []uploadOut `xml:"Upload"`
		Prefixes  []prefixOut `xml:"CommonPrefixes"`
	} `body:"ListMultipartUploadsResult"`
}

func (c *call) listMultipartUploads(in *listUploadsIn) (*listUploadsOut, error) {
	max, err := upTo(in.Max, "max-uploads")
	if err != nil {
		return nil, err
	}
	if max == 0 {
		return nil, BadArgument.New("Argument max-uploads must be at least 1")
	}
	url := in.Encoding != nil
	l, err := c.d.cfg.Objects.ListUploads(c.r.Context(), object.UploadsInput{Bucket: c.bucket, Prefix: in.Prefix, Delimiter: in.Delimiter,
		AfterKey: in.KeyMarker, AfterID: in.IDMarker, Max: max})
	if err != nil {
		return nil, err
	}
	out := &listUploadsOut{}
	r := &out.List
	r.Bucket, r.KeyMarker, r.IDMarker = c.bucket, text(encoded(in.KeyMarker, url)), text(in.IDMarker)
	r.NextKey, r.NextID = textOr(encoded(l.NextKey, url)), textOr(l.NextID)
	r.Prefix, r.Delimiter, r.Encoding, r.Max, r.Truncated = text(encoded(in.Prefix, url)), textOr(encoded(in.Delimiter, url)), in.Encoding, max, l.NextKey != ""
	for _, u := range l.Uploads {
		r.Uploads = append(r.Uploads, uploadOut{encoded(u.Key, url), u.ID, owner{c.d.owner}, owner{c.d.owner}, "STANDARD", u.Created.Truncate(time.Second),
			u.Algorithm, checksumType(object.Checksum{Algorithm: u.Algorithm, Composite: u.Composite})})
	}
	for _, p := range l.Prefixes {
		r.Prefixes = append(r.Prefixes, prefixOut{encoded(p, url)})
	}
	return out, nil
}
