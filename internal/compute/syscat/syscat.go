// Package syscat shows the catalog as relations that can be queried: the
// pg_catalog of the warehouse dialect and the information_schema of both.
//
// Clients find tables, columns and types by joining these relations, and they
// know things by number. A database of the catalog is a schema here; the
// database "default" is the schema "public", unless there is a database of that
// name. Numbers of schemas, tables and row types come from a register in the
// metadata store (oid.go), so that they never collide and never change.
//
// A relation is computed for each statement that names it, from the catalog as
// it is then, for what the caller may read; it reaches the engine as SQL that
// holds its rows (sql.go). A relation of things that do not exist here, such as
// triggers, is there and empty: that is the truth. What cannot be known, such
// as the pages of a table, is null.
//
// Functions and casts that ask the catalog or the session (format_type,
// 'x'::regclass, current_schema()) are written out by [Expand] before the
// statement is planned.
package syscat

import (
	"context"
	"slices"
	"sync"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/meta"
)

// Access says what the context's principal may do; verb is "read".
type Access interface {
	Table(ctx context.Context, verb, database, table string) error
}

// Needs are the parts that the relations are made from.
type Needs struct {
	Catalog *catalog.Service
	Meta    *meta.DB
	Access  Access // nil: everything may be read
	Version string // of the product
}

// Service answers for the relations; safe for concurrent use.
type Service struct {
	needs     Needs
	relations map[string]*relation // by schema "." name
	lake      map[string]*relation
	mu        struct {
		sync.Mutex
		oids map[string]int64 // what is known of the register
	}
}

// Open makes the service.
func Open(needs Needs) *Service {
	s := &Service{needs: needs, relations: map[string]*relation{}, lake: map[string]*relation{}}
	for _, list := range [][]relation{classes(), types(), schemas(), nothings(), information()} {
		for _, r := range list {
			s.relations[r.schema+"."+r.name] = &r
		}
	}
	for _, r := range lakeInformation() {
		s.lake[r.schema+"."+r.name] = &r
	}
	s.mu.oids = map[string]int64{}
	return s
}

// Relation returns a relation as a sub-query in the engine's words. In the
// warehouse dialect a name without a schema is looked for in pg_catalog, which
// goes before all other schemas. database is the one of unqualified names.
func (s *Service) Relation(ctx context.Context, d dialect.Dialect, database, schema, table string) (sql string, found bool, err error) {
	relations := s.relations
	if d == dialect.Lake {
		relations = s.lake
	} else if schema == "" {
		schema = "pg_catalog"
	}
	r := relations[schema+"."+table]
	if r == nil {
		return "", false, nil
	}
	v, err := s.view(ctx)
	if err != nil {
		return "", true, err
	}
	rows := []row{}
	if r.rows != nil {
		rows = r.rows(v)
	}
	sql, err = r.sql(rows)
	return "(" + sql + ")", true, err
}

// relation is one table of the system's catalogs.
type relation struct {
	schema, name string
	oid          int64  // where clients know it; 0: from the register
	kind         string // "r" or "v"
	columns      string // "name type, name type"
	rows         func(v *view) []row
	fields       []field // of columns, filled when needed
}

// row is one row; a column that it does not name is null.
type row map[string]any

// names lists the relations in order.
func (s *Service) names() []string {
	out := make([]string, 0, len(s.relations))
	for n := range s.relations {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
