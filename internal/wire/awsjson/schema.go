package awsjson

import (
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/traits"
)

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

// schemaOf returns the schema of an SDK struct, or nil for one of an older
// service that has none. A type names its schema nowhere but in the first call
// that its Serialize method makes, so that call is caught.
func schemaOf(t reflect.Type) (found *smithy.Schema) {
	s, ok := reflect.New(t).Interface().(smithy.Serializable)
	if !ok {
		return nil
	}
	p := &probe{}
	defer func() {
		if r := recover(); r != nil && r != any(p) {
			panic(r)
		}
		found = p.schema
	}()
	s.Serialize(p)
	return nil
}

// probe is a serializer that ends at the first struct.
type probe struct {
	smithy.ShapeSerializer
	schema *smithy.Schema
}

func (p *probe) WriteStruct(s *smithy.Schema) { p.schema = s; panic(p) }

// member is a field of an SDK struct with its name on the wire.
type member struct {
	index  int
	name   string
	schema *smithy.Schema // nil for types without
	typ    reflect.Type
}

// members pairs the fields of an SDK struct with its schema.
func members(t reflect.Type, lowerCamel bool) []member {
	byField := map[string]*smithy.Schema{}
	if s := schemaOf(t); s != nil {
		for name, m := range s.Members() {
			byField[strings.ToLower(name)] = m
		}
	}
	var out []member
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		m := member{index: i, name: f.Name, typ: f.Type}
		if s := byField[strings.ToLower(f.Name)]; s != nil {
			m.name, m.schema = s.MemberName(), s
		} else if lowerCamel {
			r, n := utf8.DecodeRuneInString(f.Name)
			m.name = string(unicode.ToLower(r)) + f.Name[n:]
		}
		out = append(out, m)
	}
	return out
}

// variantName is the wire name of a union's variant struct: what its type
// name has behind "<Union>Member".
func variantName(union, variant reflect.Type) string {
	return strings.TrimPrefix(variant.Name(), union.Name()+"Member")
}

// timeFormat is how a timestamp is written.
type timeFormat uint8

const (
	epochSeconds timeFormat = iota
	dateTime
	httpDate
)

func timeFormatOf(s *smithy.Schema) timeFormat {
	if s == nil {
		return epochSeconds
	}
	if t, ok := smithy.SchemaTrait[*traits.TimestampFormat](s); ok {
		switch t.Format {
		case "date-time":
			return dateTime
		case "http-date":
			return httpDate
		}
	}
	return epochSeconds
}

func listMember(s *smithy.Schema) *smithy.Schema {
	if s == nil {
		return nil
	}
	return s.ListMember()
}

func mapValue(s *smithy.Schema) *smithy.Schema {
	if s == nil {
		return nil
	}
	return s.MapValue()
}
