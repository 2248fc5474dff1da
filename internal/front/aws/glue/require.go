package glue

import (
	"fmt"
	"reflect"
	"strconv"
	"unicode"
)

// check tests one rule on an operation's input.
type check func(d *door, in reflect.Value) error

// required lists the members that an input must have wherever it has them. The
// SDK's types do not say which of their members are required, but across the
// operations of this door the same names always are.
var required = []string{"DatabaseName", "TableName", "DatabaseInput", "TableInput", "PartitionInput", "PartitionInputList", "PartitionsToGet",
	"PartitionsToDelete", "PartitionValues", "PartitionValueList", "TablesToDelete", "VersionIds", "Entries", "ColumnNames", "ColumnStatisticsList", "ColumnName"}

// bounds are the lengths of lists and the values of numbers that the service takes.
var bounds = map[string][2]int{
	"PartitionInputList": {0, 100}, "PartitionsToGet": {0, 1000}, "PartitionsToDelete": {0, 25}, "TablesToDelete": {0, 100},
	"VersionIds": {0, 100}, "Entries": {1, 100}, "ColumnNames": {0, 100}, "ColumnStatisticsList": {0, 25}, "PartitionValueList": {0, 100},
}

// requirements makes the checks of an input type.
func requirements(t reflect.Type) []check {
	var out []check
	for _, name := range required {
		if f, ok := t.FieldByName(name); ok {
			out = append(out, present(f))
			if b, ok := bounds[name]; ok {
				out = append(out, length(f, b[0], b[1]))
			}
		}
	}
	// Name is required where it is the thing's own name, but not beside an
	// input structure that carries it.
	if f, ok := t.FieldByName("Name"); ok {
		if _, table := t.FieldByName("TableInput"); !table {
			out = append(out, present(f))
		}
	}
	// VersionId is required where a version is deleted.
	if f, ok := t.FieldByName("VersionId"); ok && t.Name() == "DeleteTableVersionInput" {
		out = append(out, present(f))
	}
	if f, ok := t.FieldByName("CatalogId"); ok {
		out = append(out, func(d *door, in reflect.Value) error {
			if id, _ := in.FieldByIndex(f.Index).Interface().(*string); id != nil && *id != d.Account {
				return CatalogNotFound.New(*id, d.Account)
			}
			return nil
		})
	}
	return out
}

func present(f reflect.StructField) check {
	return func(_ *door, in reflect.Value) error {
		v := in.FieldByIndex(f.Index)
		if v.IsNil() {
			return Constraint.New("null", wireName(f.Name), "not be null")
		}
		if s, ok := v.Interface().(*string); ok && *s == "" {
			return Constraint.New("''", wireName(f.Name), "have length greater than or equal to 1")
		}
		return nil
	}
}

func length(f reflect.StructField, low, high int) check {
	return func(_ *door, in reflect.Value) error {
		return between(fmt.Sprintf("'[%d members]'", in.FieldByIndex(f.Index).Len()), f.Name, "length", in.FieldByIndex(f.Index).Len(), low, high)
	}
}

func between(value, name, what string, n, low, high int) error {
	switch {
	case n < low:
		return Constraint.New(value, wireName(name), fmt.Sprintf("have %s greater than or equal to %d", what, low))
	case n > high:
		return Constraint.New(value, wireName(name), fmt.Sprintf("have %s less than or equal to %d", what, high))
	}
	return nil
}

// size reads a page size.
func size(n *int32, high int) (int, error) {
	if n == nil {
		return high, nil
	}
	return int(*n), between("'"+strconv.Itoa(int(*n))+"'", "MaxResults", "value", int(*n), 1, high)
}

// wireName is how validation errors write a member: with a small first letter.
func wireName(field string) string {
	r := []rune(field)
	r[0] = unicode.ToLower(r[0])
	return string(r)
}
