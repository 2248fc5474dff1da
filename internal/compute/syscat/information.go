package syscat

import (
	"fmt"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// The columns of the information_schema, as SQL:2016 part 11 and the
// warehouse's reference name them.
const (
	tablesColumns  = "table_catalog text, table_schema text, table_name text, table_type text, self_referencing_column_name text, reference_generation text, user_defined_type_catalog text, user_defined_type_schema text, user_defined_type_name text, is_insertable_into text, is_typed text, commit_action text"
	columnsColumns = "table_catalog text, table_schema text, table_name text, column_name text, ordinal_position int4, column_default text, is_nullable text, data_type text, character_maximum_length int4, character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type text, interval_precision int4, character_set_catalog text, character_set_schema text, character_set_name text, collation_catalog text, collation_schema text, collation_name text, domain_catalog text, domain_schema text, domain_name text, udt_catalog text, udt_schema text, udt_name text, scope_catalog text, scope_schema text, scope_name text, maximum_cardinality int4, dtd_identifier text, is_self_referencing text, is_identity text, identity_generation text, identity_start text, identity_increment text, identity_maximum text, identity_minimum text, identity_cycle text, is_generated text, generation_expression text, is_updatable text"
)

// information is the warehouse's information_schema.
func information() []relation {
	list := []relation{
		{name: "schemata", rows: schemataRows, columns: "catalog_name text, schema_name text, schema_owner text, default_character_set_catalog text, default_character_set_schema text, default_character_set_name text, sql_path text"},
		{name: "tables", rows: informationTables, columns: tablesColumns},
		{name: "columns", rows: informationColumns, columns: columnsColumns},
		{name: "views", rows: informationViews, columns: "table_catalog text, table_schema text, table_name text, view_definition text, check_option text, is_updatable text, is_insertable_into text, is_trigger_updatable text, is_trigger_deletable text, is_trigger_insertable_into text"},
		{name: "information_schema_catalog_name", rows: func(v *view) []row { return []row{{"catalog_name": v.session.Database}} }, columns: "catalog_name text"},
		{name: "enabled_roles", rows: func(v *view) []row { return []row{{"role_name": v.session.User}} }, columns: "role_name text"},
		{name: "character_sets", rows: func(v *view) []row {
			return []row{{"character_set_name": "UTF8", "character_repertoire": "UCS", "form_of_use": "UTF8"}}
		}, columns: "character_set_name text, character_repertoire text, form_of_use text"},
		{name: "table_constraints", columns: "constraint_catalog text, constraint_schema text, constraint_name text, table_catalog text, table_schema text, table_name text, constraint_type text, is_deferrable text, initially_deferred text, enforced text, nulls_distinct text"},
		{name: "key_column_usage", columns: "constraint_catalog text, constraint_schema text, constraint_name text, table_catalog text, table_schema text, table_name text, column_name text, ordinal_position int4, position_in_unique_constraint int4"},
		{name: "constraint_column_usage", columns: "table_catalog text, table_schema text, table_name text, column_name text, constraint_catalog text, constraint_schema text, constraint_name text"},
		{name: "referential_constraints", columns: "constraint_catalog text, constraint_schema text, constraint_name text, unique_constraint_catalog text, unique_constraint_schema text, unique_constraint_name text, match_option text, update_rule text, delete_rule text"},
		{name: "check_constraints", columns: "constraint_catalog text, constraint_schema text, constraint_name text, check_clause text"},
		{name: "sequences", columns: "sequence_catalog text, sequence_schema text, sequence_name text, data_type text, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, start_value text, minimum_value text, maximum_value text, increment text, cycle_option text"},
		{name: "routines", columns: "specific_catalog text, specific_schema text, specific_name text, routine_catalog text, routine_schema text, routine_name text, routine_type text, data_type text, routine_body text, routine_definition text, external_language text"},
		{name: "parameters", columns: "specific_catalog text, specific_schema text, specific_name text, ordinal_position int4, parameter_mode text, parameter_name text, data_type text"},
		{name: "triggers", columns: "trigger_catalog text, trigger_schema text, trigger_name text, event_manipulation text, event_object_catalog text, event_object_schema text, event_object_table text, action_order int4, action_condition text, action_statement text, action_orientation text, action_timing text"},
		{name: "domains", columns: "domain_catalog text, domain_schema text, domain_name text, data_type text"},
		{name: "table_privileges", rows: tablePrivileges, columns: "grantor text, grantee text, table_catalog text, table_schema text, table_name text, privilege_type text, is_grantable text, with_hierarchy text"},
	}
	for i := range list {
		list[i].schema, list[i].kind = "information_schema", "v"
	}
	return list
}

func schemataRows(v *view) (out []row) {
	for _, s := range v.schemas {
		out = append(out, row{"catalog_name": v.session.Database, "schema_name": s.name, "schema_owner": ownerName})
	}
	return out
}

func tableType(t *table) string {
	if t.kind == "v" {
		return "VIEW"
	}
	return "BASE TABLE"
}

func informationTables(v *view) (out []row) {
	v.each(func(t *table) {
		out = append(out, row{"table_catalog": v.session.Database, "table_schema": t.schema.name, "table_name": t.name,
			"table_type": tableType(t), "is_insertable_into": "NO", "is_typed": "NO"})
	})
	return out
}

func informationViews(v *view) (out []row) {
	v.each(func(t *table) {
		if t.kind == "v" {
			out = append(out, row{"table_catalog": v.session.Database, "table_schema": t.schema.name, "table_name": t.name, "view_definition": t.definition,
				"check_option": "NONE", "is_updatable": "NO", "is_insertable_into": "NO", "is_trigger_updatable": "NO",
				"is_trigger_deletable": "NO", "is_trigger_insertable_into": "NO"})
		}
	})
	return out
}

func informationColumns(v *view) (out []row) {
	names := map[int64]string{}
	for _, t := range builtin() {
		names[t.oid], names[t.array] = t.name, "_"+t.name
	}
	v.each(func(t *table) {
		for i, c := range t.columns {
			s := shapeOfType(c.kind)
			r := row{"table_catalog": v.session.Database, "table_schema": t.schema.name, "table_name": t.name, "column_name": c.name,
				"ordinal_position": i + 1, "is_nullable": "YES", "data_type": informationType(c.kind), "udt_catalog": v.session.Database,
				"udt_schema": "pg_catalog", "udt_name": names[s.oid], "dtd_identifier": fmt.Sprint(i + 1), "is_self_referencing": "NO",
				"is_identity": "NO", "identity_cycle": "NO", "is_generated": "NEVER", "is_updatable": "NO"}
			measure(r, c.kind)
			out = append(out, r)
		}
	})
	return out
}

// informationType is the type's name without its measures.
func informationType(t dialect.Type) string {
	switch t.Kind {
	case dialect.Array:
		if shapeOfType(t).oid == 114 {
			return "json"
		}
		return "ARRAY"
	case dialect.Decimal, dialect.HugeInt, dialect.UHugeInt, dialect.UBigInt:
		return "numeric"
	case dialect.Varchar:
		if t.Length == 0 {
			return "text"
		}
		return "character varying"
	case dialect.Char:
		return "character"
	}
	return t.Postgres()
}

// measure fills in length, precision and scale.
func measure(r row, t dialect.Type) {
	number := func(precision, radix, scale int) {
		r["numeric_precision"], r["numeric_precision_radix"], r["numeric_scale"] = precision, radix, scale
	}
	switch t.Kind {
	case dialect.Varchar, dialect.Char:
		if t.Length > 0 {
			r["character_maximum_length"], r["character_octet_length"] = t.Length, 4*t.Length
		}
	case dialect.TinyInt, dialect.SmallInt, dialect.UTinyInt:
		number(16, 2, 0)
	case dialect.Integer, dialect.USmallInt:
		number(32, 2, 0)
	case dialect.BigInt, dialect.UInteger:
		number(64, 2, 0)
	case dialect.Decimal:
		number(t.Precision, 10, t.Scale)
	case dialect.Real:
		r["numeric_precision"], r["numeric_precision_radix"] = 24, 2
	case dialect.Double:
		r["numeric_precision"], r["numeric_precision_radix"] = 53, 2
	case dialect.Date:
		r["datetime_precision"] = 0
	case dialect.Time, dialect.Timestamp, dialect.TimestampTZ, dialect.TimeTZ, dialect.Interval:
		r["datetime_precision"] = 6
	}
}

// tablePrivileges lists what the user may read: nothing else is listed at all.
func tablePrivileges(v *view) (out []row) {
	v.each(func(t *table) {
		out = append(out, row{"grantor": ownerName, "grantee": v.session.User, "table_catalog": v.session.Database,
			"table_schema": t.schema.name, "table_name": t.name, "privilege_type": "SELECT", "is_grantable": "NO", "with_hierarchy": "YES"})
	})
	return out
}

// lakeCatalog is the name of the one catalog in the lake dialect.
const lakeCatalog = "awsdatacatalog"

// lakeInformation is the information_schema of the lake dialect, with the
// columns that its engine has.
func lakeInformation() []relation {
	list := []relation{
		{name: "schemata", rows: lakeSchemata, columns: "catalog_name text, schema_name text"},
		{name: "tables", rows: lakeTables, columns: "table_catalog text, table_schema text, table_name text, table_type text"},
		{name: "columns", rows: lakeColumns, columns: "table_catalog text, table_schema text, table_name text, column_name text, ordinal_position int8, column_default text, is_nullable text, data_type text, comment text, extra_info text"},
		{name: "views", rows: lakeViews, columns: "table_catalog text, table_schema text, table_name text, view_definition text"},
		{name: "table_privileges", columns: "grantor text, grantor_type text, grantee text, grantee_type text, table_catalog text, table_schema text, table_name text, privilege_type text, is_grantable text, with_hierarchy text"},
	}
	for i := range list {
		list[i].schema, list[i].kind = "information_schema", "v"
	}
	return list
}

// lakeEach calls f for every table that the lake dialect knows.
func (v *view) lakeEach(f func(t *table)) {
	v.each(func(t *table) {
		if !t.schema.system {
			f(t)
		}
	})
}

func lakeSchemata(v *view) []row {
	out := []row{{"catalog_name": lakeCatalog, "schema_name": "information_schema"}}
	for _, s := range v.schemas {
		if !s.system && !s.absent {
			out = append(out, row{"catalog_name": lakeCatalog, "schema_name": s.database})
		}
	}
	return out
}

func lakeTables(v *view) (out []row) {
	v.lakeEach(func(t *table) {
		out = append(out, row{"table_catalog": lakeCatalog, "table_schema": t.schema.database, "table_name": t.name, "table_type": tableType(t)})
	})
	return out
}

func lakeColumns(v *view) (out []row) {
	v.lakeEach(func(t *table) {
		for i, c := range t.columns {
			r := row{"table_catalog": lakeCatalog, "table_schema": t.schema.database, "table_name": t.name, "column_name": c.name,
				"ordinal_position": i + 1, "is_nullable": "YES", "data_type": c.kind.Trino()}
			if c.comment != "" {
				r["comment"] = c.comment
			}
			if c.partition {
				r["extra_info"] = "partition key"
			}
			out = append(out, r)
		}
	})
	return out
}

func lakeViews(v *view) (out []row) {
	v.lakeEach(func(t *table) {
		if t.kind == "v" {
			out = append(out, row{"table_catalog": lakeCatalog, "table_schema": t.schema.database, "table_name": t.name, "view_definition": t.definition})
		}
	})
	return out
}
