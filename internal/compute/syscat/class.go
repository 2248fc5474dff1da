package syscat

import (
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// owner is the role that owns everything: the server itself. What a user may
// do is said by policies, not by ownership.
const (
	ownerOID  = 10
	ownerName = "boathouse"
)

// The numbers by which catalogs know each other.
const (
	typeClass      = 1247
	attributeClass = 1249
	procClass      = 1255
	classClass     = 1259
	namespaceClass = 2615
)

// classes are the relations of tables and columns.
func classes() []relation {
	return []relation{
		{schema: "pg_catalog", name: "pg_class", oid: classClass, kind: "r", rows: classRows, columns: "oid oid, relname name, relnamespace oid, reltype oid, reloftype oid, relowner oid, relam oid, relfilenode oid, reltablespace oid, relpages int4, reltuples float4, relallvisible int4, reltoastrelid oid, relhasindex bool, relisshared bool, relpersistence char, relkind char, relnatts int2, relchecks int2, relhasrules bool, relhastriggers bool, relhassubclass bool, relrowsecurity bool, relforcerowsecurity bool, relispopulated bool, relreplident char, relispartition bool, relrewrite oid, relfrozenxid int8, relminmxid int8, relacl text[], reloptions text[], relpartbound text"},
		{schema: "pg_catalog", name: "pg_attribute", oid: attributeClass, kind: "r", rows: attributeRows, columns: "attrelid oid, attname name, atttypid oid, attstattarget int4, attlen int2, attnum int2, attndims int4, attcacheoff int4, atttypmod int4, attbyval bool, attalign char, attstorage char, attcompression char, attnotnull bool, atthasdef bool, atthasmissing bool, attidentity char, attgenerated char, attisdropped bool, attislocal bool, attinhcount int4, attcollation oid, attacl text[], attoptions text[], attfdwoptions text[], attmissingval text"},
		{schema: "pg_catalog", name: "pg_tables", kind: "v", rows: tablesRows, columns: "schemaname name, tablename name, tableowner name, tablespace name, hasindexes bool, hasrules bool, hastriggers bool, rowsecurity bool"},
		{schema: "pg_catalog", name: "pg_views", kind: "v", rows: viewsRows, columns: "schemaname name, viewname name, viewowner name, definition text"},
		{schema: "pg_catalog", name: "pg_description", oid: 2609, kind: "r", rows: descriptionRows, columns: "objoid oid, classoid oid, objsubid int4, description text"},
		{schema: "pg_catalog", name: "pg_stats", kind: "v", columns: "schemaname name, tablename name, attname name, inherited bool, null_frac float4, avg_width int4, n_distinct float4, most_common_vals text, most_common_freqs text, histogram_bounds text, correlation float4"},
		{schema: "pg_catalog", name: private + "relation", kind: "v", rows: relationRows, columns: "b_oid oid, b_name text, b_full text, b_visible bool, b_definition text"},
		{schema: "pg_catalog", name: private + "comment", kind: "v", rows: commentRows, columns: "b_object oid, b_class oid, b_column int4, b_text text"},
	}
}

func classRows(v *view) (out []row) {
	v.each(func(t *table) {
		out = append(out, row{
			"oid": t.oid, "relname": t.name, "relnamespace": t.schema.oid, "reltype": t.rowType, "reloftype": 0, "relowner": ownerOID,
			"relam": heapOf(t), "relfilenode": 0, "reltablespace": 0, "relpages": 0, "reltuples": -1, "relallvisible": 0, "reltoastrelid": 0,
			"relhasindex": false, "relisshared": false, "relpersistence": "p", "relkind": t.kind, "relnatts": len(t.columns), "relchecks": 0,
			"relhasrules": t.kind == "v", "relhastriggers": false, "relhassubclass": false, "relrowsecurity": false, "relforcerowsecurity": false,
			"relispopulated": true, "relreplident": "d", "relispartition": false, "relrewrite": 0, "relfrozenxid": 0, "relminmxid": 0, "relacl": []string{v.session.User + "=r/" + ownerName},
		})
	})
	return out
}

// heapOID is the access method of tables.
const heapOID = 2

func heapOf(t *table) int64 {
	if t.kind == "v" {
		return 0
	}
	return heapOID
}

func attributeRows(v *view) (out []row) {
	v.each(func(t *table) {
		for i, c := range t.columns {
			s := shapeOfType(c.kind)
			align, storage := "i", "p"
			if s.size < 0 {
				storage = "x"
			}
			out = append(out, row{
				"attrelid": t.oid, "attname": c.name, "atttypid": s.oid, "attstattarget": -1, "attlen": s.size, "attnum": i + 1, "attndims": s.dims,
				"attcacheoff": -1, "atttypmod": s.modifier, "attbyval": s.size > 0 && s.size <= 8, "attalign": align, "attstorage": storage,
				"attcompression": "", "attnotnull": false, "atthasdef": false, "atthasmissing": false, "attidentity": "", "attgenerated": "",
				"attisdropped": false, "attislocal": true, "attinhcount": 0, "attcollation": collationOf(c.kind),
			})
		}
	})
	return out
}

// defaultCollation is the number of the collation "default".
const defaultCollation = 100

func collationOf(t dialect.Type) int64 {
	switch t.Kind {
	case dialect.Varchar, dialect.Char, dialect.Enum:
		return defaultCollation
	case dialect.SystemName:
		return 950 // "C"
	}
	return 0
}

func tablesRows(v *view) (out []row) {
	v.each(func(t *table) {
		if t.kind == "r" {
			out = append(out, row{"schemaname": t.schema.name, "tablename": t.name, "tableowner": ownerName,
				"hasindexes": false, "hasrules": false, "hastriggers": false, "rowsecurity": false})
		}
	})
	return out
}

func viewsRows(v *view) (out []row) {
	v.each(func(t *table) {
		if t.kind == "v" {
			out = append(out, row{"schemaname": t.schema.name, "viewname": t.name, "viewowner": ownerName, "definition": t.definition})
		}
	})
	return out
}

func descriptionRows(v *view) (out []row) {
	add := func(oid int64, class, sub int, text string) {
		if text != "" {
			out = append(out, row{"objoid": oid, "classoid": class, "objsubid": sub, "description": text})
		}
	}
	for _, sc := range v.schemas {
		add(sc.oid, namespaceClass, 0, sc.comment)
	}
	v.each(func(t *table) {
		add(t.oid, classClass, 0, t.comment)
		for i, c := range t.columns {
			add(t.oid, classClass, i+1, c.comment)
		}
	})
	return out
}

// commentRows are the descriptions under names of columns that no statement
// uses: an argument that Expand puts into a sub-query must not meet its own.
func commentRows(v *view) (out []row) {
	for _, r := range descriptionRows(v) {
		out = append(out, row{"b_object": r["objoid"], "b_class": r["classoid"], "b_column": r["objsubid"], "b_text": r["description"]})
	}
	return out
}

// relationRows is what Expand's sub-queries look up.
func relationRows(v *view) (out []row) {
	v.each(func(t *table) {
		visible := v.visible(t)
		name := quoteName(t.name)
		if !visible {
			name = quoteName(t.schema.name) + "." + name
		}
		out = append(out, row{"b_oid": t.oid, "b_name": name, "b_full": quoteName(t.schema.name) + "." + quoteName(t.name), "b_visible": visible, "b_definition": t.definition})
	})
	return out
}

// quoteName writes a name as the warehouse shows it: in quotes only if needed.
func quoteName(name string) string {
	for i, c := range name {
		if !(c == '_' || c >= 'a' && c <= 'z' || i > 0 && c >= '0' && c <= '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}
