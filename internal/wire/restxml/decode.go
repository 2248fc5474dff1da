package restxml

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Request is what a Decode reads.
type Request struct {
	Labels map[string]string
	Query  url.Values
	Header http.Header
	Body   []byte // of operations with a document
	// Operation is the query key that named the operation; empty for none.
	Operation string
	// Common names the query keys and lower-case x-amz- headers that every
	// operation takes, beside those of its input.
	Common map[string]bool
}

// HasBody says whether the input has an XML document.
func (p *Plan) HasBody() bool {
	return slices.ContainsFunc(p.fields, func(f field) bool { return f.where == "body" })
}

// Decode fills in, a pointer to a struct of the plan's type. Fields that the
// request does not have stay as they are. Presigned requests may carry x-amz-
// headers as query parameters, and they count as headers.
func (p *Plan) Decode(r Request, in any) error {
	if err := p.refuseOthers(r); err != nil {
		return err
	}
	v := reflect.ValueOf(in).Elem()
	for _, f := range p.fields {
		if err := f.decode(r, v.FieldByIndex(f.index)); err != nil {
			return err
		}
	}
	return nil
}

// refuseOthers refuses what no field takes.
func (p *Plan) refuseOthers(r Request) error {
	for key, values := range r.Query {
		lower := strings.ToLower(key)
		if p.known["?"+key] || r.Common[key] || key == r.Operation && key != "" || strings.HasPrefix(lower, "x-amz-") && (r.Common[lower] || p.honoursHeader(lower)) {
			continue
		}
		return refuse("query", key, values)
	}
	for key, values := range r.Header {
		lower := strings.ToLower(key)
		if !strings.HasPrefix(lower, "x-amz-") || r.Common[lower] || p.honoursHeader(lower) {
			continue
		}
		return refuse("header", lower, values)
	}
	return nil
}

func refuse(where, name string, values []string) error {
	what := "A header"
	if where == "query" {
		what = "A query parameter"
	}
	return Unhonoured.Wrap(&Subject{where, name, strings.Join(values, ",")}, what, name)
}

func (f *field) decode(r Request, v reflect.Value) error {
	switch f.where {
	case "body":
		return f.doc.decode(r.Body, f.name, v)
	case "headers":
		f.collect(r, v)
		return nil
	}
	text, ok := f.lookup(r)
	if !ok {
		return nil
	}
	if f.only != nil && !slices.Contains(f.only, text) {
		return refuse(f.where, f.name, []string{text})
	}
	if why := set(v, text); why != "" {
		return BadValue.Wrap(&Subject{f.where, f.name, text}, f.name, why)
	}
	return nil
}

func (f *field) lookup(r Request) (string, bool) {
	switch f.where {
	case "label":
		text, ok := r.Labels[f.name]
		return text, ok
	case "query":
		values, ok := r.Query[f.name]
		return strings.Join(values, ","), ok
	}
	if values := r.Header.Values(f.name); len(values) > 0 {
		return strings.Join(values, ","), true
	}
	if strings.HasPrefix(f.name, "x-amz-") {
		for key, values := range r.Query {
			if strings.EqualFold(key, f.name) {
				return strings.Join(values, ","), true
			}
		}
	}
	return "", false
}

// collect takes all headers of a prefix, without it and in lower case.
func (f *field) collect(r Request, v reflect.Value) {
	m := map[string]string{}
	for _, from := range []map[string][]string{r.Query, r.Header} {
		for key, values := range from {
			if name, ok := strings.CutPrefix(strings.ToLower(key), f.name); ok && name != "" {
				m[name] = strings.Join(values, ",")
			}
		}
	}
	if len(m) > 0 {
		v.Set(reflect.ValueOf(m))
	}
}

// set reads text into a scalar; it returns what would have been right.
func set(v reflect.Value, text string) (why string) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if v.Type() == timeType {
		t, ok := parseTime(text)
		if !ok {
			return "send a date such as Mon, 02 Jan 2006 15:04:05 GMT"
		}
		v.Set(reflect.ValueOf(t))
		return ""
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(strings.ToLower(text))
		if err != nil {
			return "send true or false"
		}
		v.SetBool(b)
	default:
		n, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return "send a whole number"
		}
		v.SetInt(n)
	}
	return ""
}

func parseTime(text string) (time.Time, bool) {
	if t, err := http.ParseTime(text); err == nil {
		return t.UTC(), true
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), true
	}
	return time.Time{}, false
}
