package awsjson

import "reflect"

var SchemaOf = schemaOf

// WireNames returns the names that a type's fields are found under.
func WireNames(t reflect.Type) (out []string) {
	for _, m := range members(t, false) {
		out = append(out, m.name)
	}
	return out
}
