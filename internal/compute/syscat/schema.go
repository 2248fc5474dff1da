package syscat

import "strings"

// schemas are the relations of schemas, roles, databases and settings.
func schemas() []relation {
	const role = "rolname name, rolsuper bool, rolinherit bool, rolcreaterole bool, rolcreatedb bool, rolcanlogin bool, rolreplication bool, rolconnlimit int4, rolpassword text, rolvaliduntil timestamptz, rolbypassrls bool, rolconfig text[], oid oid"
	return []relation{
		{schema: "pg_catalog", name: "pg_namespace", oid: namespaceClass, kind: "r", rows: namespaceRows, columns: "oid oid, nspname name, nspowner oid, nspacl text[]"},
		{schema: "pg_catalog", name: "pg_roles", kind: "v", rows: roleRows, columns: role},
		{schema: "pg_catalog", name: private + "role", kind: "v", rows: roleNameRows, columns: "b_oid oid, b_name text"},
		{schema: "pg_catalog", name: private + "setting", kind: "v", rows: settingValueRows, columns: "b_name text, b_value text"},
		{schema: "pg_catalog", name: private + "schema", kind: "v", rows: schemaNameRows, columns: "b_oid oid, b_name text"},
		{schema: "pg_catalog", name: "pg_user", kind: "v", rows: userRows, columns: "usename name, usesysid oid, usecreatedb bool, usesuper bool, userepl bool, usebypassrls bool, passwd text, valuntil timestamptz, useconfig text[]"},
		{schema: "pg_catalog", name: "pg_database", oid: 1262, kind: "r", rows: databaseRows, columns: "oid oid, datname name, datdba oid, encoding int4, datlocprovider char, datistemplate bool, datallowconn bool, datconnlimit int4, datfrozenxid int8, datminmxid int8, dattablespace oid, datcollate text, datctype text, daticulocale text, datcollversion text, datacl text[]"},
		{schema: "pg_catalog", name: "pg_tablespace", oid: 1213, kind: "r", rows: tablespaceRows, columns: "oid oid, spcname name, spcowner oid, spcacl text[], spcoptions text[]"},
		{schema: "pg_catalog", name: "pg_settings", kind: "v", rows: settingRows, columns: "name text, setting text, unit text, category text, short_desc text, extra_desc text, context text, vartype text, source text, min_val text, max_val text, enumvals text[], boot_val text, reset_val text, sourcefile text, sourceline int4, pending_restart bool"},
		{schema: "pg_catalog", name: "pg_stat_activity", kind: "v", rows: activityRows, columns: "datid oid, datname name, pid int4, leader_pid int4, usesysid oid, usename name, application_name text, client_addr text, client_hostname text, client_port int4, backend_start timestamptz, xact_start timestamptz, query_start timestamptz, state_change timestamptz, wait_event_type text, wait_event text, state text, backend_xid int8, backend_xmin int8, query_id int8, query text, backend_type text"},
	}
}

func namespaceRows(v *view) (out []row) {
	for _, s := range v.schemas {
		out = append(out, row{"oid": s.oid, "nspname": s.name, "nspowner": ownerOID})
	}
	return out
}

// userOID is the number of the session's user, the only one that is shown
// beside the owner: others are asked for at the identity door.
const userOID = 16383

func (v *view) roles() map[string]int64 {
	out := map[string]int64{ownerName: ownerOID}
	if v.session.User != "" && v.session.User != ownerName {
		out[v.session.User] = userOID
	}
	return out
}

func roleRows(v *view) (out []row) {
	for name, oid := range v.roles() {
		out = append(out, row{"rolname": name, "rolsuper": false, "rolinherit": true, "rolcreaterole": false, "rolcreatedb": false,
			"rolcanlogin": oid == userOID, "rolreplication": false, "rolconnlimit": -1, "rolpassword": "********", "rolbypassrls": false, "oid": oid})
	}
	return out
}

func roleNameRows(v *view) (out []row) {
	for name, oid := range v.roles() {
		out = append(out, row{"b_oid": oid, "b_name": name})
	}
	return out
}

func schemaNameRows(v *view) (out []row) {
	for _, s := range v.schemas {
		out = append(out, row{"b_oid": s.oid, "b_name": s.name})
	}
	return out
}

func userRows(v *view) (out []row) {
	for name, oid := range v.roles() {
		out = append(out, row{"usename": name, "usesysid": oid, "usecreatedb": false, "usesuper": false, "userepl": false,
			"usebypassrls": false, "passwd": "********"})
	}
	return out
}

const databaseOID = 5

func databaseRows(v *view) []row {
	return []row{{"oid": databaseOID, "datname": v.session.Database, "datdba": ownerOID, "encoding": 6, "datlocprovider": "c", "datistemplate": false,
		"datallowconn": true, "datconnlimit": -1, "datfrozenxid": 0, "datminmxid": 0, "dattablespace": 1663, "datcollate": "C", "datctype": "C.UTF-8"}}
}

func tablespaceRows(*view) []row {
	return []row{{"oid": 1663, "spcname": "pg_default", "spcowner": ownerOID}}
}

func settingRows(v *view) (out []row) {
	for _, s := range v.session.Settings {
		out = append(out, row{"name": s.Name, "setting": s.Value, "category": "Session", "short_desc": s.About, "context": "user",
			"vartype": "string", "source": "default", "boot_val": s.Initial, "reset_val": s.Initial, "pending_restart": false})
	}
	return out
}

func settingValueRows(v *view) (out []row) {
	for _, s := range v.session.Settings {
		out = append(out, row{"b_name": strings.ToLower(s.Name), "b_value": s.Value})
	}
	return out
}

// activityRows shows the session that asks and no other.
func activityRows(v *view) []row {
	name, _ := v.session.Get("application_name")
	return []row{{"datid": databaseOID, "datname": v.session.Database, "pid": v.session.ProcessID, "usesysid": userOID, "usename": v.session.User,
		"application_name": name, "state": "active", "backend_type": "client backend"}}
}
