package query

import (
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// relation is what a table's name in a query stands for: a table in files, a
// view, or a relation that describes the catalog.
type relation struct {
	ref     *tableRef
	table   *catalog.Table
	format  format
	columns []column
	keys    []column // partition keys
	view    *bound
	sql     string // the whole sub-query of a system relation, in brackets
	paths   bool   // the query asks for "$path"
}

// column is a column of a table as the engine reads it.
type column struct {
	name string
	kind dialect.Type
}

// engine is the engine's name of the column's type.
func (c column) engine() string { return c.kind.Engine() }

// format reads files of one kind. Its sub-query has the columns under their
// names and fileColumn.
type format interface {
	// read is the sub-query over the files' paths, which are not empty.
	read(columns []column, paths string) string
}

// fileColumn carries the local path of a row's file. pathColumn is what users
// call the object's address.
const (
	fileColumn = "$file"
	pathColumn = "$path"
)

// newRelation reads the catalog's description of a table.
func newRelation(ref *tableRef, t *catalog.Table, fail failer) (*relation, error) {
	if strings.EqualFold(t.Parameters["projection.enabled"], "true") {
		return nil, fail(Unsupported, ref.at, "table %s.%s has projection.enabled: partition projection is not supported; set it to false and add the partitions, as with MSCK REPAIR TABLE", t.Database, t.Name)
	}
	r := &relation{ref: ref, table: t}
	var err error
	if r.columns, err = readColumns(t, t.Storage.Columns); err != nil {
		return nil, err
	}
	if r.keys, err = readColumns(t, t.PartitionKeys); err != nil {
		return nil, err
	}
	if r.format, err = formatOf(t, t.Storage, len(r.columns)); err != nil {
		return nil, err
	}
	return r, nil
}

func readColumns(t *catalog.Table, in []catalog.Column) ([]column, error) {
	out := make([]column, len(in))
	for i, c := range in {
		kind, err := dialect.ParseType(c.Type)
		if err != nil {
			return nil, BadTable.Wrap(err, fmt.Sprintf("column %s of table %s.%s has the type %q, which is not one that tables in files have: correct it in the catalog", c.Name, t.Database, t.Name, c.Type))
		}
		out[i] = column{strings.ToLower(c.Name), kind}
	}
	return out, nil
}

// empty is a sub-query without rows that has the relation's columns and types.
func (r *relation) empty() string {
	var cols []string
	for _, c := range append(append([]column{}, r.columns...), r.keys...) {
		cols = append(cols, fmt.Sprintf("NULL::%s AS %s", c.engine(), duck.Name(c.name)))
	}
	if r.paths {
		cols = append(cols, "NULL::VARCHAR AS "+duck.Name(pathColumn))
	}
	if len(cols) == 0 {
		cols = []string{"NULL"}
	}
	return "(SELECT " + strings.Join(cols, ", ") + " WHERE false)"
}

// read is the sub-query over files.
func (r *relation) read(files []file) string {
	if len(files) == 0 {
		return r.empty()
	}
	branches := groupFiles(files)
	sql := make([]string, len(branches))
	for i, group := range branches {
		sql[i] = r.branch(group)
	}
	return "(" + strings.Join(sql, " UNION ALL ") + ")"
}

// branch reads files of one format.
func (r *relation) branch(files []file) string {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = duck.Quote(f.path)
	}
	var cols []string
	for _, c := range r.columns {
		cols = append(cols, duck.Name(c.name))
	}
	for i, k := range r.keys {
		cols = append(cols, keyValue(i, k)+" AS "+duck.Name(k.name))
	}
	if r.paths {
		cols = append(cols, objectPath(files)+" AS "+duck.Name(pathColumn))
	}
	if len(cols) == 0 {
		cols = []string{"NULL"}
	}
	return "SELECT " + strings.Join(cols, ", ") + " FROM " + files[0].format.read(r.columns, strings.Join(paths, ", "))
}

// nullPartition is how Hive writes the absence of a partition's value.
const nullPartition = "__HIVE_DEFAULT_PARTITION__"

// keyValue reads a partition's value out of the file's path. The engine folds
// it per file and leaves out files that a condition on it excludes.
func keyValue(i int, k column) string {
	return fmt.Sprintf("CAST(nullif(url_decode(replace(regexp_extract(%s, '/p%d=((?:[^/]|/\\+)*)/', 1), '/+', '')), '%s') AS %s)", duck.Name(fileColumn), i, nullPartition, k.engine())
}

// objectPath turns a file's path, whose name begins with its number in the
// query, into the object's address.
func objectPath(files []file) string {
	entries := make([]string, len(files))
	for i, f := range files {
		entries[i] = duck.Quote(f.path) + ": " + duck.Quote(f.object())
	}
	return "MAP {" + strings.Join(entries, ", ") + "}[" + duck.Name(fileColumn) + "]"
}

// groupFiles cuts files into runs that are read alike, in the order given.
func groupFiles(files []file) (out [][]file) {
	index := map[string]int{}
	for _, f := range files {
		key := fmt.Sprintf("%T%v", f.format, f.format)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], f)
	}
	return out
}
