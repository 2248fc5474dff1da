package syscat

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// view is the catalog as one statement sees it.
type view struct {
	service *Service
	session *Session
	schemas []*schema
}

type schema struct {
	oid      int64
	name     string // as the warehouse shows it
	database string // as the catalog keeps it
	comment  string
	tables   []*table
	system   bool
	absent   bool // "public" without a database "default"
}

type table struct {
	oid, rowType int64
	schema       *schema
	name         string
	kind         string // "r" table, "v" view
	comment      string
	definition   string // of a view
	columns      []column
	location     string
	format       string
}

type column struct {
	name, comment string
	kind          dialect.Type
	partition     bool
}

// The schemas that are always there.
const (
	catalogOID     = 11
	informationOID = 13000
)

// listMax is how many names are read from the catalog at a time.
const listMax = 1000

// view is the catalog as the statement sees it, read once.
func (s *Service) view(ctx context.Context) (*view, error) {
	session := FromContext(ctx)
	session.mu.Lock()
	defer session.mu.Unlock()
	if session.view == nil {
		v, err := s.look(ctx, session)
		if err != nil {
			return nil, err
		}
		session.view = v
	}
	return session.view, nil
}

// look reads the catalog for what the caller may see.
func (s *Service) look(ctx context.Context, session *Session) (*view, error) {
	v := &view{service: s, session: session}
	databases, err := all(func(token string) ([]catalog.Database, string, error) {
		return s.needs.Catalog.ListDatabases(ctx, token, listMax)
	})
	if err != nil {
		return nil, err
	}
	public := slices.ContainsFunc(databases, func(d catalog.Database) bool { return d.Name == "public" })
	for _, d := range databases {
		if s.needs.Access != nil && s.needs.Access.Table(ctx, "read", d.Name, "") != nil {
			continue
		}
		sc := &schema{name: d.Name, database: d.Name, comment: d.Description}
		if d.Name == "default" && !public {
			sc.name = "public"
		}
		if err := s.read(ctx, sc); err != nil {
			return nil, err
		}
		v.schemas = append(v.schemas, sc)
	}
	v.fixed()
	slices.SortFunc(v.schemas, func(a, b *schema) int { return cmp.Compare(a.name, b.name) })
	return v, s.number(ctx, v)
}

// all reads every page of a list.
func all[T any](page func(token string) ([]T, string, error)) (out []T, err error) {
	for token := ""; ; {
		list, next, err := page(token)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
		if token = next; token == "" {
			return out, nil
		}
	}
}

// read lists the tables of a schema that the caller may read. A database that
// was dropped meanwhile has none.
func (s *Service) read(ctx context.Context, sc *schema) error {
	tables, err := all(func(token string) ([]catalog.Table, string, error) {
		return s.needs.Catalog.ListTables(ctx, sc.database, "", token, listMax)
	})
	if fault.KindOf(err) == fault.NotFound && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	for _, t := range tables {
		if s.needs.Access != nil && s.needs.Access.Table(ctx, "read", sc.database, t.Name) != nil {
			continue
		}
		sc.tables = append(sc.tables, tableOf(sc, t))
	}
	return nil
}

func tableOf(sc *schema, t catalog.Table) *table {
	out := &table{schema: sc, name: t.Name, kind: "r", comment: t.Description, location: t.Storage.Location, format: t.Storage.Serde.Library}
	if out.comment == "" {
		out.comment = t.Parameters["comment"]
	}
	if t.Type == "VIRTUAL_VIEW" {
		out.kind, out.definition = "v", viewText(t)
	}
	for i, list := range [][]catalog.Column{t.Storage.Columns, t.PartitionKeys} {
		for _, c := range list {
			kind, err := dialect.ParseType(c.Type)
			if err != nil { // shown as text: the query itself will say what is wrong
				kind = dialect.Of(dialect.Varchar)
			}
			out.columns = append(out.columns, column{c.Name, c.Comment, kind, i == 1})
		}
	}
	return out
}

// viewText is the query of a view. The lake's views are kept as a document in
// base 64 inside of a comment.
func viewText(t catalog.Table) string {
	text := t.ViewOriginal
	body, ok := strings.CutPrefix(text, "/* Presto View: ")
	if !ok {
		return text
	}
	doc, err := base64.StdEncoding.DecodeString(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(body), "*/")))
	var v struct {
		OriginalSQL string `json:"originalSql"`
	}
	if err != nil || json.Unmarshal(doc, &v) != nil {
		return text
	}
	return v.OriginalSQL
}

// fixed adds the schemas that are always there, and "public".
func (v *view) fixed() {
	pg := &schema{oid: catalogOID, name: "pg_catalog", database: "pg_catalog", comment: "system catalog schema", system: true}
	info := &schema{oid: informationOID, name: "information_schema", database: "information_schema", system: true}
	for _, key := range v.service.names() {
		r := v.service.relations[key]
		if strings.HasPrefix(r.name, private) {
			continue
		}
		t := &table{oid: r.oid, schema: pg, name: r.name, kind: r.kind}
		if r.schema == info.name {
			t.schema = info
		}
		for _, f := range r.parse() {
			t.columns = append(t.columns, column{name: f.name, kind: f.kind})
		}
		t.schema.tables = append(t.schema.tables, t)
	}
	v.schemas = append(v.schemas, pg, info)
	if !slices.ContainsFunc(v.schemas, func(s *schema) bool { return s.name == "public" }) {
		v.schemas = append(v.schemas, &schema{name: "public", database: "default", comment: "standard public schema", absent: true})
	}
}

// private is how the names of relations begin that only Expand uses.
const private = "boathouse_"

// number gives everything its number.
func (s *Service) number(ctx context.Context, v *view) error {
	var wanted []string
	for _, sc := range v.schemas {
		wanted = append(wanted, schemaKey(sc.database))
		for _, t := range sc.tables {
			wanted = append(wanted, tableKey(sc.database, t.name), rowTypeKey(sc.database, t.name))
		}
	}
	oids, err := s.numbers(ctx, wanted)
	if err != nil {
		return err
	}
	for _, sc := range v.schemas {
		if sc.oid == 0 {
			sc.oid = oids[schemaKey(sc.database)]
		}
		for _, t := range sc.tables {
			if t.oid == 0 {
				t.oid = oids[tableKey(sc.database, t.name)]
			}
			t.rowType = oids[rowTypeKey(sc.database, t.name)]
		}
	}
	return nil
}

// path lists the schemas in which unqualified names are looked up.
func (v *view) path() []string { return append([]string{"pg_catalog"}, v.session.Schemas...) }

// visible says whether a table is found by its name alone.
func (v *view) visible(t *table) bool {
	for _, name := range v.path() {
		for _, sc := range v.schemas {
			if sc.name != name {
				continue
			}
			if sc == t.schema {
				return true
			}
			if slices.ContainsFunc(sc.tables, func(o *table) bool { return o.name == t.name }) {
				return false
			}
		}
	}
	return false
}

// each calls f for every table.
func (v *view) each(f func(t *table)) {
	for _, sc := range v.schemas {
		for _, t := range sc.tables {
			f(t)
		}
	}
}
