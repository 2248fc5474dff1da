package restxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"strings"
)

// depthMax bounds how deep a document nests.
const depthMax = 16

// decode reads a whole document with the given root.
func (d *document) decode(body []byte, root string, v reflect.Value) error {
	if v.Kind() == reflect.Pointer { // a document that may be left out
		if len(bytes.TrimSpace(body)) == 0 {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	r := &reader{xml.NewDecoder(bytes.NewReader(body))}
	start, err := r.start()
	if err != nil {
		return err
	}
	if start.Name.Local != root {
		return bad("the root element is <%s>, not <"+root+">", start.Name.Local)
	}
	if err := r.fill(d, start, v, 0); err != nil {
		return err
	}
	for {
		t, err := r.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return BadXML.Wrap(err, "after the root element")
		}
		switch t := t.(type) {
		case xml.StartElement:
			return bad("there is <%s> after the root element", t.Name.Local)
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return BadXML.New("there is text after the root element")
			}
		}
	}
}

func bad(format string, name string) error {
	return BadXML.Wrap(&Subject{"body", name, ""}, strings.Replace(format, "%s", name, 1))
}

type reader struct{ *xml.Decoder }

// start finds the root element.
func (r *reader) start() (xml.StartElement, error) {
	for {
		t, err := r.Token()
		if err != nil {
			return xml.StartElement{}, BadXML.Wrap(err, "there is no root element")
		}
		switch t := t.(type) {
		case xml.StartElement:
			return t, nil
		case xml.Directive:
			return xml.StartElement{}, BadXML.New("a document type is not taken")
		}
	}
}

// fill reads the children of an element into a struct, up to its end.
func (r *reader) fill(d *document, start xml.StartElement, v reflect.Value, depth int) error {
	if depth > depthMax {
		return BadXML.New("it nests too deep")
	}
	if err := d.fillAttrs(start, v); err != nil {
		return err
	}
	for {
		t, err := r.Token()
		if err != nil {
			return BadXML.Wrap(err, "<"+start.Name.Local+"> does not end")
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := r.child(d, t, v, depth); err != nil {
				return err
			}
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return BadXML.New("there is text in <" + start.Name.Local + ">")
			}
		}
	}
}

func (d *document) fillAttrs(start xml.StartElement, v reflect.Value) error {
	for _, e := range d.attrs {
		for _, a := range start.Attr {
			if a.Name.Local == e.name[strings.Index(e.name, ":")+1:] {
				if why := set(v.FieldByIndex(e.index), a.Value); why != "" {
					return BadXML.New("attribute " + e.name + ": " + why)
				}
			}
		}
	}
	return nil
}

// child reads one element into the field that takes it.
func (r *reader) child(d *document, start xml.StartElement, v reflect.Value, depth int) error {
	for i := range d.elements {
		e := &d.elements[i]
		if e.wrap == start.Name.Local {
			return r.wrapped(e, start, v, depth)
		}
		if e.wrap == "" && e.name == start.Name.Local {
			return r.element(e, start, v, depth)
		}
	}
	return bad("<%s> is not expected", start.Name.Local)
}

// wrapped reads the list inside an element that only holds it.
func (r *reader) wrapped(e *element, start xml.StartElement, v reflect.Value, depth int) error {
	for {
		t, err := r.Token()
		if err != nil {
			return BadXML.Wrap(err, "<"+start.Name.Local+"> does not end")
		}
		switch t := t.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if t.Name.Local != e.name {
				return bad("<%s> is not expected", t.Name.Local)
			}
			if err := r.element(e, t, v, depth+1); err != nil {
				return err
			}
		}
	}
}

func (r *reader) element(e *element, start xml.StartElement, v reflect.Value, depth int) error {
	f := v.FieldByIndex(e.index)
	if e.repeated {
		one := reflect.New(f.Type().Elem()).Elem()
		if err := r.value(e, start, one, depth); err != nil {
			return err
		}
		f.Set(reflect.Append(f, one))
		return nil
	}
	return r.value(e, start, f, depth)
}

func (r *reader) value(e *element, start xml.StartElement, v reflect.Value, depth int) error {
	if e.sub != nil {
		if v.Kind() == reflect.Pointer {
			v.Set(reflect.New(v.Type().Elem()))
			v = v.Elem()
		}
		return r.fill(e.sub, start, v, depth+1)
	}
	var text strings.Builder
	for {
		t, err := r.Token()
		if err != nil {
			return BadXML.Wrap(err, "<"+e.name+"> does not end")
		}
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			return bad("<%s> is not expected in <"+e.name+">", t.Name.Local)
		case xml.EndElement:
			s := text.String()
			if v.Kind() != reflect.String {
				s = strings.TrimSpace(s)
			}
			if why := set(v, s); why != "" {
				return BadXML.Wrap(&Subject{"body", e.name, s}, "<"+e.name+">: "+why)
			}
			return nil
		}
	}
}
