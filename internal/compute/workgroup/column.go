package workgroup

import (
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/query"
)

// Column is what clients are told of a result's column.
type Column struct {
	Name          string `json:"name"`
	Type          string `json:"type"` // without its parameters: "decimal", "array", "timestamp"
	Precision     int    `json:"precision,omitempty"`
	Scale         int    `json:"scale,omitempty"`
	CaseSensitive bool   `json:"caseSensitive,omitempty"`
}

// Lengths of types without one of their own.
const (
	varcharMax   = 2147483647
	varbinaryMax = 1073741824
)

// facts are what a column's description has, by type. The metadata file leaves
// out the members that a type does not have, so "has" and "is zero" differ.
type facts struct {
	precision int
	sized     bool // precision is there
	scaled    bool // scale is there
	cased     bool // case sensitivity is there
}

var factsOf = map[string]facts{
	"tinyint":                  {3, true, true, true},
	"smallint":                 {5, true, true, true},
	"integer":                  {10, true, true, true},
	"bigint":                   {19, true, true, true},
	"float":                    {17, true, true, true},
	"double":                   {17, true, true, true},
	"decimal":                  {38, true, true, true},
	"varchar":                  {varcharMax, true, true, true},
	"char":                     {1, true, true, true},
	"varbinary":                {varbinaryMax, true, true, true},
	"timestamp":                {3, true, true, true},
	"timestamp with time zone": {3, true, true, true},
	"time":                     {3, true, true, true},
	"time with time zone":      {3, true, true, true},
	"boolean":                  {0, false, false, true},
	"date":                     {0, false, true, true},
	"interval day to second":   {0, false, false, true},
	"interval year to month":   {0, false, false, true},
}

// columnOf describes a column of the engine's.
func columnOf(c query.Column) Column {
	base, args := splitType(c.Type)
	out := Column{Name: c.Name, Type: base, Precision: factsOf[base].precision,
		CaseSensitive: base == "varchar" || base == "char"}
	switch base {
	case "varchar", "char", "decimal":
		if len(args) > 0 {
			out.Precision = args[0]
		}
		if len(args) > 1 {
			out.Scale = args[1]
		}
	}
	return out
}

// splitType cuts "decimal(10,2)" to its name and numbers, "array(varchar)" to
// its name, and puts "timestamp(3) with time zone" together again.
func splitType(typ string) (base string, args []int) {
	base, rest, ok := strings.Cut(strings.ToLower(typ), "(")
	if ok {
		inner, tail := rest, ""
		if end := strings.LastIndexByte(rest, ')'); end >= 0 {
			inner, tail = rest[:end], rest[end+1:]
		}
		base += tail
		for _, a := range strings.Split(inner, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(a))
			if err != nil {
				args = nil
				break
			}
			args = append(args, n)
		}
	}
	switch base = strings.TrimSpace(base); base {
	case "real":
		base = "float"
	case "int":
		base = "integer"
	}
	return base, args
}

// countColumn is the one column of statements that say how many rows they wrote.
var countColumn = Column{Name: "rows", Type: "bigint", Precision: 19}

// utilityColumns are the columns of statements about things, whatever the
// planner calls them: clients look for these names.
var utilityColumns = map[string][]string{
	"SHOW_TABLES":        {"tab_name"},
	"SHOW_DATABASES":     {"database_name"},
	"SHOW_COLUMNS":       {"field"},
	"SHOW_PARTITIONS":    {"partition"},
	"SHOW_TBLPROPERTIES": {"prpt_name", "prpt_value"},
	"SHOW_CREATE_TABLE":  {"createtab_stmt"},
	"DESCRIBE_TABLE":     {"col_name", "data_type", "comment"},
}

// utilityColumnsText are those whose columns are of type varchar.
var utilityColumnsText = map[string][]string{
	"SHOW_VIEWS":       {"views"},
	"SHOW_CREATE_VIEW": {"create view"},
}

// columnsOf describes a result of a statement of class c.
func columnsOf(c Class, cols []query.Column) []Column {
	names, typ := utilityColumns[c.Subtype], "string"
	if names == nil {
		names, typ = utilityColumnsText[c.Subtype], "varchar"
	}
	var out []Column
	if names != nil {
		for _, n := range names {
			out = append(out, Column{Name: n, Type: typ})
		}
		return out
	}
	for _, col := range cols {
		out = append(out, columnOf(col))
	}
	return out
}
