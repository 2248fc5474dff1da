package gate

import (
	"fmt"
	"reflect"
	"strings"
)

// honours is a compiled Honours list of one operation.
type honours struct {
	exact   map[string]bool // "DatabaseInput.Name"
	subtree map[string]bool // "TableInput" of "TableInput.*"
	parent  map[string]bool // "DatabaseInput": something below it is honoured
}

// compile checks that every path names a field of t, so that a misspelt path
// is found when the server starts and not by a user.
func compile(t reflect.Type, paths []string) (honours, error) {
	h := honours{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, path := range paths {
		field, all := strings.CutSuffix(path, ".*")
		if !exists(t, strings.Split(field, ".")) {
			return h, fmt.Errorf("honours %q, which %s does not have", path, t)
		}
		if all {
			h.subtree[field] = true
		} else {
			h.exact[field] = true
		}
		for i := strings.LastIndexByte(field, '.'); i > 0; i = strings.LastIndexByte(field[:i], '.') {
			h.parent[field[:i]] = true
		}
	}
	return h, nil
}

func exists(t reflect.Type, path []string) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if len(path) == 0 || t.Kind() == reflect.Interface {
		return true
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	f, ok := t.FieldByName(path[0])
	return ok && exists(f.Type, path[1:])
}

// violated returns the dotted name of a set field that is not honoured, or "".
// A field is set when it is neither absent, zero nor empty.
func (h honours) violated(in reflect.Value) string { return h.fields(in, "") }

func (h honours) fields(v reflect.Value, prefix string) string {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Name == "ResultMetadata" {
			continue
		}
		path := prefix + f.Name
		if h.subtree[path] {
			continue
		}
		if bad := h.value(v.Field(i), path); bad != "" {
			return bad
		}
	}
	return ""
}

func (h honours) value(v reflect.Value, path string) string {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return ""
		}
		return h.value(v.Elem(), path)
	case reflect.Struct:
		if v.IsZero() || h.exact[path] && !h.parent[path] {
			return ""
		}
		if !h.parent[path] {
			return path
		}
		return h.fields(v, path+".")
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if bad := h.element(v.Index(i), path); bad != "" {
				return bad
			}
		}
		return ""
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if bad := h.element(it.Value(), path); bad != "" {
				return bad
			}
		}
		return ""
	}
	if v.IsZero() || h.exact[path] {
		return ""
	}
	return path
}

// element judges a member of a list or a map; a member counts even if it is
// zero, because the list that holds it is not empty.
func (h honours) element(v reflect.Value, path string) string {
	if h.exact[path] && !h.parent[path] {
		return ""
	}
	if !h.parent[path] {
		return path
	}
	return h.value(v, path)
}
