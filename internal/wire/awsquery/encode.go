package awsquery

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// encode writes an output struct as the named element; nothing if the type has
// no members, as the operations without a result.
func encode(b *strings.Builder, name string, out any) error {
	v := reflect.ValueOf(out)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct || !hasMembers(v.Type()) {
		return nil
	}
	return element(b, name, v)
}

func hasMembers(t reflect.Type) bool {
	for i := range t.NumField() {
		if member(t.Field(i)) {
			return true
		}
	}
	return false
}

// member tells the fields that are of the model.
func member(f reflect.StructField) bool { return f.IsExported() && f.Name != "ResultMetadata" }

func element(b *strings.Builder, name string, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return element(b, name, v.Elem())
	case reflect.Slice, reflect.Map:
		if v.IsNil() {
			return nil
		}
	}
	b.WriteString("<" + name + ">")
	if err := content(b, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	b.WriteString("</" + name + ">")
	return nil
}

func content(b *strings.Builder, v reflect.Value) error {
	if t, ok := v.Interface().(time.Time); ok {
		b.WriteString(t.UTC().Format("2006-01-02T15:04:05Z"))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		b.WriteString(escape(v.String()))
	case reflect.Bool:
		b.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int32, reflect.Int64:
		b.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Float32, reflect.Float64:
		b.WriteString(strconv.FormatFloat(v.Float(), 'g', -1, 64))
	case reflect.Slice:
		for i := range v.Len() {
			if err := element(b, "member", v.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return entries(b, v)
	case reflect.Struct:
		return members(b, v)
	default:
		return fmt.Errorf("no form for %s", v.Type())
	}
	return nil
}

// members writes a struct's fields. Enums that are not set are not there.
func members(b *strings.Builder, v reflect.Value) error {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !member(f) || v.Field(i).Kind() == reflect.String && v.Field(i).Len() == 0 {
			continue
		}
		if err := element(b, f.Name, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func entries(b *strings.Builder, v reflect.Value) error {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	for _, k := range keys {
		b.WriteString("<entry>")
		if err := element(b, "key", k); err != nil {
			return err
		}
		if err := element(b, "value", v.MapIndex(k)); err != nil {
			return err
		}
		b.WriteString("</entry>")
	}
	return nil
}
