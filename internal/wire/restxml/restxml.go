// Package restxml reads and writes the AWS protocol "restXml": an operation's
// input is spread over the path, the query, the headers and an XML body, and
// so is its output.
//
// A struct says by tags where its fields travel:
//
//	Bucket   string            `label:"bucket"`         // given by the router
//	MaxKeys  *int              `query:"max-keys"`
//	Class    string            `header:"x-amz-storage-class" only:"STANDARD"`
//	Metadata map[string]string `headers:"x-amz-meta-"`  // all with this prefix
//	Delete   Delete            `body:"Delete"`          // the XML document and its root
//
// Inside a body the tags are those of encoding/xml: `xml:"Key"`,
// `xml:"TagSet>Tag"`, `xml:"xsi:type,attr"`, with omitempty. A slice is a
// repeated element.
//
// The tags are also the list of what an operation honours: Decode refuses, by
// name, query parameters and x-amz- headers that no field takes, values beyond
// `only`, and XML elements that the document's struct does not have.
package restxml

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Refusals of this package. The cause is a *Subject.
var (
	Unhonoured = fault.Define("restxml.unhonoured", fault.Unsupported, "%s you provided implies functionality that is not implemented: leave out %s")
	BadValue   = fault.Define("restxml.bad_value", fault.Invalid, "The value of %s is not valid: %s")
	BadXML     = fault.Define("restxml.bad_xml", fault.Invalid, "The XML you provided was not well-formed or did not validate against our published schema: %s")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{Unhonoured, BadValue, BadXML}

// Subject is what a refusal is about.
type Subject struct {
	Where string // "header", "query" or "body"
	Name  string
	Value string
}

func (s *Subject) Error() string { return fmt.Sprintf("%s %s=%q", s.Where, s.Name, s.Value) }

// Plan is what the tags of a struct type say. It is made once per type, by
// NewPlan, and not changed.
type Plan struct {
	typ    reflect.Type
	fields []field
	known  map[string]bool // lower-case headers and "?"+query keys
	prefix []string        // of `headers`
}

type field struct {
	index []int
	where string // label, query, header, headers, body
	name  string
	only  []string
	doc   *document // of body
}

var places = []string{"label", "query", "header", "headers", "body"}

// NewPlan reads the tags of a struct type; it panics on tags that make no
// sense, which is a mistake in the program.
func NewPlan(t reflect.Type) *Plan {
	p := &Plan{typ: t, known: map[string]bool{}}
	p.read(t, nil)
	return p
}

// read takes in the fields of a struct and of the structs embedded in it.
func (p *Plan) read(t reflect.Type, at []int) {
	for i := range t.NumField() {
		sf, index := t.Field(i), append(slices.Clone(at), i)
		if sf.Anonymous {
			p.read(sf.Type, index)
			continue
		}
		for _, where := range places {
			name, ok := sf.Tag.Lookup(where)
			if !ok {
				continue
			}
			f := field{index: index, where: where, name: name}
			if only := sf.Tag.Get("only"); only != "" {
				f.only = strings.Split(only, ",")
			}
			p.add(f, sf.Type)
		}
	}
}

func (p *Plan) add(f field, t reflect.Type) {
	switch f.where {
	case "query":
		p.known["?"+f.name] = true
	case "header":
		p.known[strings.ToLower(f.name)] = true
	case "headers":
		f.name = strings.ToLower(f.name)
		p.prefix = append(p.prefix, f.name)
		if t != reflect.TypeFor[map[string]string]() {
			panic("restxml: headers " + f.name + " is not a map[string]string")
		}
	case "body":
		f.doc = newDocument(t)
	}
	if f.where == "query" || f.where == "header" || f.where == "label" {
		if !scalar(t) {
			panic(fmt.Sprintf("restxml: %s %s cannot be a %s", f.where, f.name, t))
		}
	}
	p.fields = append(p.fields, f)
}

// Honours says whether a field takes the header (in lower case).
func (p *Plan) honoursHeader(name string) bool {
	if p.known[name] {
		return true
	}
	for _, prefix := range p.prefix {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

var timeType = reflect.TypeFor[time.Time]()

func scalar(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Int64, reflect.Bool:
		return true
	}
	return t == timeType
}
