package query

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// keyConditions are the conditions of the query that say something about a
// relation's partition keys and nothing else, in the engine's SQL with the bare
// names of the keys. narrow is those of them that the catalog can evaluate
// itself, in its words.
func (b *bound) keyConditions(ctx context.Context, c *duck.Conn, r *relation, args []any) (all []string, narrow string, err error) {
	if !r.ref.inner {
		return nil, "", nil // an outer join may make nulls of rows that a condition then wants
	}
	var simple []string
	for _, cond := range r.ref.from.conditions {
		p := &pruner{bound: b, rel: r, args: args}
		expr := p.rewrite(cond)
		if p.foreign || !p.keyed {
			continue
		}
		sql, err := deparse(ctx, c, expr)
		if err != nil {
			continue // the engine cannot write it back: prune less
		}
		all = append(all, sql)
		if n, ok := expr.(node); ok {
			if s := catalogCondition(r.keys, n); s != "" {
				simple = append(simple, s)
			}
		}
	}
	return all, strings.Join(simple, " AND "), nil
}

// catalogCondition writes a comparison of a key and a constant of its type as
// the catalog's expressions have it; empty for anything else.
func catalogCondition(keys []column, n node) string {
	switch text(n, "type") {
	case "COMPARE_IN":
		operands := list(n, "children")
		var values []string
		for _, e := range operands[min(1, len(operands)):] {
			v, _ := e.(node)
			values = append(values, catalogValue(keys, operands[0], v))
		}
		if len(values) == 0 || slices.Contains(values, "") {
			return ""
		}
		return catalogKey(operands[0]) + " IN (" + strings.Join(values, ", ") + ")"
	case "COMPARE_BETWEEN":
		lower, upper := catalogValue(keys, n["input"], child(n, "lower")), catalogValue(keys, n["input"], child(n, "upper"))
		if lower == "" || upper == "" {
			return ""
		}
		return fmt.Sprintf("%s BETWEEN %s AND %s", catalogKey(n["input"]), lower, upper)
	}
	op := map[string]string{"COMPARE_EQUAL": "=", "COMPARE_LESSTHAN": "<", "COMPARE_GREATERTHAN": ">",
		"COMPARE_LESSTHANOREQUALTO": "<=", "COMPARE_GREATERTHANOREQUALTO": ">="}[text(n, "type")]
	if v := catalogValue(keys, n["left"], child(n, "right")); op != "" && v != "" {
		return catalogKey(n["left"]) + " " + op + " " + v
	}
	return ""
}

// catalogKey is the name of the key that a rewritten column reference is.
func catalogKey(v any) string {
	n, _ := v.(node)
	names := list(n, "column_names")
	if text(n, "class") != "COLUMN_REF" || len(names) != 1 {
		return ""
	}
	name, _ := names[0].(string)
	return name
}

// catalogValue writes a constant that is compared with a key, if both are text
// or both whole numbers: other types compare differently here and there.
func catalogValue(keys []column, key any, v node) string {
	name := catalogKey(key)
	constant := child(v, "value")
	if null, _ := constant["is_null"].(bool); null || text(v, "class") != "CONSTANT" || name == "" {
		return ""
	}
	for _, k := range keys {
		if k.name != name {
			continue
		}
		switch value := constant["value"].(type) {
		case string:
			if k.kind.Kind == dialect.Varchar && text(child(constant, "type"), "id") == "VARCHAR" {
				return dialect.QuoteString(value)
			}
		case json.Number:
			if id := text(child(constant, "type"), "id"); isInteger(k.kind.Kind) && (id == "INTEGER" || id == "BIGINT") {
				return value.String()
			}
		}
	}
	return ""
}

// pruner copies a condition with its keys under their bare names and its
// parameters' values in place.
type pruner struct {
	bound   *bound
	rel     *relation
	args    []any
	keyed   bool // names a key
	foreign bool // names something else
}

func (p *pruner) rewrite(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = p.rewrite(e)
		}
		return out
	case node:
		return p.node(v)
	}
	return v
}

func (p *pruner) node(n node) any {
	switch text(n, "class") {
	case "COLUMN_REF":
		key, ok := p.key(n)
		if !ok {
			p.foreign = true
			return n
		}
		p.keyed = true
		out := node{}
		for k, v := range n {
			out[k] = v
		}
		out["column_names"] = []any{key}
		return out
	case "PARAMETER":
		return p.parameter(n)
	case "FUNCTION":
		if volatile(text(n, "function_name")) {
			p.foreign = true
		}
	case "SUBQUERY", "WINDOW", "LAMBDA", "STAR", "POSITIONAL_REFERENCE":
		p.foreign = true
	}
	out := node{}
	for k, v := range n {
		out[k] = p.rewrite(v)
	}
	return out
}

func volatile(name string) bool {
	switch strings.ToLower(name) {
	case "random", "uuid", "gen_random_uuid", "uuidv4", "uuidv7", "error", "unnest":
		return true
	}
	return false
}

// key says which partition key a column's name is, if it is the relation's.
func (p *pruner) key(n node) (string, bool) {
	var parts []string
	for _, s := range list(n, "column_names") {
		part, _ := s.(string)
		parts = append(parts, part)
	}
	name := parts[len(parts)-1]
	found := false
	for _, k := range p.rel.keys {
		found = found || strings.EqualFold(k.name, name)
	}
	if !found || len(parts) > 4 {
		return "", false
	}
	if q := parts[:len(parts)-1]; len(q) > 0 {
		return strings.ToLower(name), p.qualifies(q)
	}
	for _, o := range p.bound.relations { // a bare name of two tables is one table's by USING or an error
		if o != p.rel && o.ref.from == p.rel.ref.from && (o.table == nil || o.hasColumn(name)) {
			return "", false
		}
	}
	return strings.ToLower(name), true
}

// qualifies says whether the words before a column's name mean the relation.
func (p *pruner) qualifies(words []string) bool {
	ref := p.rel.ref
	if ref.alias != "" {
		return len(words) == 1 && strings.EqualFold(words[0], ref.alias)
	}
	parts := refParts(ref)
	if len(words) > len(parts) {
		return false
	}
	return foldPrefix(words, parts[len(parts)-len(words):])
}

func (r *relation) hasColumn(name string) bool {
	for _, c := range append(append([]column{}, r.columns...), r.keys...) {
		if strings.EqualFold(c.name, name) {
			return true
		}
	}
	return false
}

// parameter puts a parameter's value in its place.
func (p *pruner) parameter(n node) any {
	i, err := strconv.Atoi(text(n, "identifier"))
	if err != nil || i < 1 || i > len(p.args) {
		p.foreign = true
		return n
	}
	constant := func(kind string, v any) any {
		value := node{"type": node{"id": kind, "type_info": nil}, "is_null": v == nil}
		if v != nil {
			value["value"] = v
		}
		return node{"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "query_location": 0, "value": value}
	}
	switch v := p.args[i-1].(type) {
	case nil:
		return constant("NULL", nil)
	case string:
		return constant("VARCHAR", v)
	case int64:
		return constant("BIGINT", json.Number(strconv.FormatInt(v, 10)))
	case bool:
		return constant("BOOLEAN", v)
	}
	p.foreign = true
	return n
}

// parts are the places that a run of the query reads a relation from.
func (r *reading) parts(ctx context.Context, c *duck.Conn, b *bound, rel *relation, args []any) ([]part, error) {
	t := rel.table
	if len(rel.keys) == 0 {
		if t.Storage.Location == "" {
			return nil, BadTable.New(fmt.Sprintf("table %s.%s has no location: set one in the catalog", t.Database, t.Name))
		}
		bucket, prefix, err := splitLocation(t.Storage.Location)
		if err != nil {
			return nil, err
		}
		return []part{{bucket: bucket, prefix: prefix, format: rel.format}}, nil
	}
	conditions, narrow, err := b.keyConditions(ctx, c, rel, args)
	if err != nil {
		return nil, err
	}
	all, err := r.s.partitions(ctx, t, narrow)
	if err != nil {
		return nil, err
	}
	chosen, err := choose(ctx, c, rel, all, conditions)
	if err != nil {
		return nil, err
	}
	r.stats.Partitions += len(chosen)
	r.dense = len(chosen) >= denseMin && 2*len(chosen) >= len(all) && narrow == ""
	out := make([]part, 0, len(chosen))
	formats := map[string]format{}
	for _, p := range chosen {
		f, err := partitionFormat(formats, rel, &p)
		if err != nil {
			return nil, err
		}
		bucket, prefix, err := splitLocation(p.Storage.Location)
		if err != nil {
			return nil, err
		}
		out = append(out, part{bucket: bucket, prefix: prefix, values: p.Values, format: f})
	}
	return out, nil
}

// partitions lists a table's partitions, those that an expression of the
// catalog is true for.
func (s *Service) partitions(ctx context.Context, t *catalog.Table, narrow string) (out []catalog.Partition, err error) {
	const pageSize = 1000
	token := ""
	for {
		page, next, err := s.needs.Catalog.ListPartitions(ctx, t.Database, t.Name, narrow, token, pageSize)
		if err != nil {
			return nil, err
		}
		if out = append(out, page...); len(out) > s.cfg.PartitionsMax {
			return nil, TooMuch.New(fmt.Sprintf("table %s.%s has more than %d partitions: raise partitions-max in the server's configuration", t.Database, t.Name, s.cfg.PartitionsMax))
		}
		if token = next; token == "" {
			return out, nil
		}
	}
}

// partitionFormat is how a partition's files are read: as the partition says,
// or as the table does.
func partitionFormat(seen map[string]format, rel *relation, p *catalog.Partition) (format, error) {
	if p.Storage.Serde.Library == "" && p.Storage.InputFormat == "" {
		return rel.format, nil
	}
	key := fmt.Sprint(p.Storage.Serde.Library, p.Storage.InputFormat, p.Storage.Serde.Parameters)
	if f, ok := seen[key]; ok {
		return f, nil
	}
	f, err := formatOf(rel.table, p.Storage, len(rel.columns))
	seen[key] = f
	return f, err
}

// choose lets the engine evaluate the conditions over the partitions' values.
func choose(ctx context.Context, c *duck.Conn, rel *relation, all []catalog.Partition, conditions []string) ([]catalog.Partition, error) {
	if len(conditions) == 0 || len(all) == 0 {
		return all, nil
	}
	values := make([][]string, len(all))
	for i, p := range all {
		if len(p.Values) != len(rel.keys) {
			return nil, BadPartition.New(fmt.Sprintf("a partition of %s.%s has %d values and the table has %d partition keys", p.Database, p.Table, len(p.Values), len(rel.keys)))
		}
		values[i] = p.Values
	}
	doc, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	picked, err := c.Text(ctx, chooseSQL(rel.keys, conditions), string(doc))
	if err != nil {
		var e *duck.Error
		if errors.As(err, &e) && e.Class == duck.Conversion {
			return nil, BadPartition.Wrap(err, fmt.Sprintf("a partition of %s.%s has a value that is not of its key's type: %s", rel.table.Database, rel.table.Name, e.Message))
		}
		return all, stopped(ctx, nil) // what does not evaluate here may evaluate over the rows
	}
	var out []catalog.Partition
	for _, f := range strings.Split(picked, ",") {
		if i, err := strconv.Atoi(f); err == nil && i < len(all) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

func chooseSQL(keys []column, conditions []string) string {
	cols := make([]string, len(keys))
	for i, k := range keys {
		cols[i] = fmt.Sprintf("CAST(nullif(v[%d], '%s') AS %s) AS %s", i+1, nullPartition, k.engine(), duck.Name(k.name))
	}
	return fmt.Sprintf(`SELECT coalesce(string_agg("$i", ',' ORDER BY "$i"), '') FROM (SELECT "$i", %s FROM `+
		`(SELECT unnest(l) AS v, generate_subscripts(l, 1) - 1 AS "$i" FROM (SELECT from_json(?::VARCHAR, '[["VARCHAR"]]') AS l))) WHERE (%s)`,
		strings.Join(cols, ", "), strings.Join(conditions, ") AND ("))
}
