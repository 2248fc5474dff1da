package awsquery

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a form.
const (
	parametersMax = 10_000
	depthMax      = 12
)

// node is a parameter and those whose names go on after a dot.
type node struct {
	value    *string
	children map[string]*node
}

// Decode reads the form into in, a pointer to an SDK input struct, and returns
// the dotted names of parameters that it does not have. A form is the body of
// a POST or the query of a GET.
func (c Codec) Decode(r *http.Request, body []byte, in any) (unknown []string, err error) {
	text := string(body)
	if len(body) == 0 {
		text = r.URL.RawQuery
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, fmt.Errorf("the form is not correctly percent-encoded")
	}
	root, err := tree(form)
	if err != nil {
		return nil, err
	}
	d := decoder{}
	if err := d.value(reflect.ValueOf(in).Elem(), root, ""); err != nil {
		return nil, err
	}
	slices.Sort(d.unknown)
	return d.unknown, nil
}

func tree(form url.Values) (*node, error) {
	if len(form) > parametersMax {
		return nil, fmt.Errorf("the form has more than %d parameters", parametersMax)
	}
	root := &node{}
	for name, values := range form {
		if name == "Action" || name == "Version" || strings.HasPrefix(name, "X-Amz-") {
			continue
		}
		if len(values) > 1 {
			return nil, fmt.Errorf("the parameter %q is there %d times", name, len(values))
		}
		at := root
		parts := strings.Split(name, ".")
		if len(parts) > depthMax {
			return nil, fmt.Errorf("the parameter %q is nested too deeply", name)
		}
		for _, part := range parts {
			if at.children == nil {
				at.children = map[string]*node{}
			}
			if at.children[part] == nil {
				at.children[part] = &node{}
			}
			at = at.children[part]
		}
		at.value = &values[0]
	}
	return root, nil
}

type decoder struct{ unknown []string }

func (d *decoder) value(v reflect.Value, n *node, path string) error {
	if v.Kind() == reflect.Pointer {
		p := reflect.New(v.Type().Elem())
		v.Set(p)
		return d.value(p.Elem(), n, path)
	}
	if _, isTime := v.Interface().(time.Time); isTime {
		return d.scalar(v, n, path)
	}
	switch v.Kind() {
	case reflect.Struct:
		return d.structure(v, n, path)
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			return d.list(v, n, path)
		}
	case reflect.Map:
		return d.entries(v, n, path)
	}
	return d.scalar(v, n, path)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func (d *decoder) structure(v reflect.Value, n *node, path string) error {
	for name, child := range n.children {
		f, ok := v.Type().FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
		if !ok || !member(f) || len(f.Index) != 1 {
			d.unknown = append(d.unknown, join(path, name))
			continue
		}
		if err := d.value(v.FieldByIndex(f.Index), child, join(path, name)); err != nil {
			return err
		}
	}
	return nil
}

// numbered returns the children 1 to n of a list in order.
func numbered(n *node, path string) ([]*node, error) {
	out := make([]*node, len(n.children))
	for name, child := range n.children {
		i, err := strconv.Atoi(name)
		if err != nil || i < 1 || i > len(out) || out[i-1] != nil {
			return nil, fmt.Errorf("the members of %s must be numbered from 1 without gaps", path)
		}
		out[i-1] = child
	}
	return out, nil
}

func (d *decoder) list(v reflect.Value, n *node, path string) error {
	items := n.children["member"]
	if items == nil {
		if len(n.children) > 0 {
			return fmt.Errorf("the list %s must be given as %s.member.1 and so on", path, path)
		}
		v.Set(reflect.MakeSlice(v.Type(), 0, 0)) // "Tags=" is an empty list
		return nil
	}
	nodes, err := numbered(items, path)
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), len(nodes), len(nodes)))
	for i, item := range nodes {
		if err := d.value(v.Index(i), item, path+".member."+strconv.Itoa(i+1)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) entries(v reflect.Value, n *node, path string) error {
	v.Set(reflect.MakeMap(v.Type()))
	items := n.children["entry"]
	if items == nil {
		return nil
	}
	nodes, err := numbered(items, path)
	if err != nil {
		return err
	}
	for _, item := range nodes {
		key, value := item.children["key"], item.children["value"]
		if key == nil || key.value == nil || value == nil {
			return fmt.Errorf("an entry of %s has no key or no value", path)
		}
		x := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(x, value, path+"."+*key.value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(*key.value).Convert(v.Type().Key()), x)
	}
	return nil
}

func (d *decoder) scalar(v reflect.Value, n *node, path string) error {
	if n.value == nil || len(n.children) > 0 {
		return fmt.Errorf("the parameter %s must be a single value", path)
	}
	s := *n.value
	bad := func(what string) error { return fmt.Errorf("the parameter %s must be %s", path, what) }
	switch v.Interface().(type) {
	case time.Time:
		t, err := parseTime(s)
		if err != nil {
			return bad("a time such as 2006-01-02T15:04:05Z")
		}
		v.Set(reflect.ValueOf(t))
		return nil
	case []byte:
		b, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return bad("base64")
		}
		v.SetBytes(b)
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		if s != "true" && s != "false" {
			return bad("true or false")
		}
		v.SetBool(s == "true")
	case reflect.Int32, reflect.Int64:
		i, err := strconv.ParseInt(s, 10, v.Type().Bits())
		if err != nil {
			return bad("a number")
		}
		v.SetInt(i)
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(s, v.Type().Bits())
		if err != nil {
			return bad("a number")
		}
		v.SetFloat(f)
	default:
		return bad("of a type this server knows")
	}
	return nil
}

func parseTime(s string) (time.Time, error) {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return time.UnixMilli(int64(n * 1000)).UTC(), nil
	}
	return time.Parse(time.RFC3339Nano, s)
}
