package restxml

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// document is how a struct type is written as XML.
type document struct {
	elements []element
	attrs    []element
	text     []int // the field with the element's own text; nil for none
}

type element struct {
	index     []int
	wrap      string // of "TagSet>Tag": the element around the repeated ones
	name      string
	open      string // "<Key>"
	shut      string // "</Key>"
	omitEmpty bool
	repeated  bool
	sub       *document // of structs
}

func newDocument(t reflect.Type) *document {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("restxml: a document cannot be a %s", t))
	}
	d := &document{}
	d.read(t, nil)
	return d
}

// read takes in the fields of a struct and of the structs embedded in it.
func (d *document) read(t reflect.Type, at []int) {
	for i := range t.NumField() {
		sf, index := t.Field(i), append(slices.Clone(at), i)
		if sf.Anonymous {
			d.read(sf.Type, index)
			continue
		}
		tag, ok := sf.Tag.Lookup("xml")
		if !ok {
			continue
		}
		if tag == ",chardata" {
			d.text = index
			continue
		}
		e, attr := newElement(index, tag, sf.Type)
		if attr {
			d.attrs = append(d.attrs, e)
			continue
		}
		d.elements = append(d.elements, e)
	}
}

func newElement(index []int, tag string, t reflect.Type) (e element, attr bool) {
	name, options, _ := strings.Cut(tag, ",")
	e = element{index: index, name: name, omitEmpty: strings.Contains(options, "omitempty")}
	if wrap, inner, ok := strings.Cut(name, ">"); ok {
		e.wrap, e.name = wrap, inner
	}
	e.open, e.shut = "<"+e.name+">", "</"+e.name+">"
	if t.Kind() == reflect.Slice {
		e.repeated = true
		t = t.Elem()
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Struct && t != timeType {
		e.sub = newDocument(t)
	} else if !scalar(t) {
		panic(fmt.Sprintf("restxml: element %s cannot be a %s", e.name, t))
	}
	return e, strings.Contains(options, "attr")
}
