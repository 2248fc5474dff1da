package shell

import (
	"context"
	"fmt"
	"strings"
)

// theirs are the schemas that hold no tables of the user's.
const theirs = `('information_schema', 'pg_catalog')`

func (s *shell) schemas(ctx context.Context, _ string) error {
	return s.execute(ctx, statement{text: `SELECT schema_name AS database FROM information_schema.schemata
WHERE schema_name NOT IN ` + theirs + ` ORDER BY 1`})
}

func (s *shell) tables(ctx context.Context, pattern string) error {
	where := ""
	if pattern != "" {
		schema, table := splitName(pattern)
		if schema != "" {
			where += " AND table_schema LIKE " + like(schema)
		}
		where += " AND table_name LIKE " + like(table)
	}
	return s.execute(ctx, statement{text: `SELECT table_schema AS database, table_name AS table,
  CASE table_type WHEN 'VIEW' THEN 'view' ELSE 'table' END AS type
FROM information_schema.tables
WHERE table_schema NOT IN ` + theirs + where + ` ORDER BY 1, 2`})
}

// describe shows the columns of a table, of each when several databases have
// one of that name and none is chosen.
func (s *shell) describe(ctx context.Context, name string) error {
	if name == "" {
		return s.tables(ctx, "")
	}
	schema, table := splitName(name)
	if strings.ContainsAny(name, "*?") {
		return s.tables(ctx, name)
	}
	found, err := s.ask(ctx, `SELECT table_schema FROM information_schema.tables WHERE table_name = `+literal(table)+` ORDER BY 1`)
	if err != nil {
		return err
	}
	shown := 0
	for _, f := range found {
		if schema == "" && s.cfg.Database != "" && f[0] != s.cfg.Database && contains(found, s.cfg.Database) {
			continue
		}
		if schema != "" && f[0] != schema {
			continue
		}
		shown++
		fmt.Fprintf(s.out, "Table %s.%s\n", printable(f[0]), printable(table))
		if err := s.execute(ctx, statement{text: `SELECT column_name AS column, data_type AS type
FROM information_schema.columns
WHERE table_schema = ` + literal(f[0]) + ` AND table_name = ` + literal(table) + ` ORDER BY ordinal_position`}); err != nil {
			return err
		}
	}
	if shown == 0 {
		return fmt.Errorf(`there is no table %q; \dt lists them`, printable(name))
	}
	return nil
}

func contains(rows [][]string, name string) bool {
	for _, r := range rows {
		if r[0] == name {
			return true
		}
	}
	return false
}

// splitName cuts schema.table; unquoted names are lower case.
func splitName(name string) (schema, table string) {
	part := func(p string) string {
		if len(p) > 1 && p[0] == '"' && p[len(p)-1] == '"' {
			return strings.ReplaceAll(p[1:len(p)-1], `""`, `"`)
		}
		return strings.ToLower(p)
	}
	if a, b, ok := strings.Cut(name, "."); ok {
		return part(a), part(b)
	}
	return "", part(name)
}

// like turns a pattern with * and ? into a LIKE literal.
func like(pattern string) string {
	return literal(strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, `*`, `%`, `?`, `_`).Replace(pattern))
}
