package query

import (
	_ "embed"
	"path"
	"regexp"
	"strings"
)

// The sandbox. A query's parse tree may hold only kinds of nodes that are
// known, tables that the catalog has, and functions that are on the list. The
// list (functions.txt) is what the engine has, less what matches hidden; a test
// says so when a new engine has functions that are on neither side.

//go:embed functions.txt
var functionList string

// hidden are functions that no statement may call: they tell of the engine or
// its host, change its state, or answer for its own catalog where ours is asked.
// Distances between texts compute without a bound and without an interrupt.
func hidden() []string {
	return strings.Fields(`__internal_* current_setting getvariable get_block_size json_serialize_plan json_serialize_sql
json_deserialize_sql json_execute_serialized_sql write_log parse_duckdb_log_message sleep_ms pg_* txid_current
current_transaction_id current_connection_id current_query_id current_query nextval currval in_search_path stats vector_type
create_sort_key icu_* setseed has_*_privilege inet_* col_description obj_description shobj_description version
current_schemas current_database current_schema current_catalog current_role current_user session_user user combine finalize
make_type get_type replace_type variant_* format_type format_pg_type map_to_pg_oid st_* remap_struct unpivot_list
timetz_byte_comparable can_cast_implicitly struct_values is_histogram_other_bin constant_or_null sum_no_overflow
json_group_structure transaction_timestamp
levenshtein damerau_levenshtein editdist3 jaro_similarity jaro_winkler_similarity`)
}

// tableFunctions are what may stand in a FROM.
func tableFunctions() map[string]bool {
	return map[string]bool{"unnest": true, "generate_series": true, "range": true}
}

// allowance is what the queries of a dialect may call.
type allowance struct {
	scalar, table map[string]bool
}

func newAllowance(d Dialect) *allowance {
	a := &allowance{scalar: map[string]bool{}, table: tableFunctions()}
	for _, name := range strings.Fields(functionList) {
		a.scalar[name] = true
	}
	for _, sql := range macros(d) {
		name, table := macroName(sql)
		if name == "" {
			continue
		}
		if table {
			a.table[name] = true
		} else {
			a.scalar[name] = true
		}
	}
	return a
}

// macroName reads the name of CREATE [OR REPLACE] MACRO [schema.]name(...) AS
// [TABLE]; it is empty for other statements.
func macroName(sql string) (name string, table bool) {
	m := macroHead.FindStringSubmatch(sql)
	if m == nil {
		return "", false
	}
	_, after, _ := strings.Cut(sql[len(m[0]):], ") AS ")
	return strings.ToLower(strings.Trim(m[1], `"`)), strings.HasPrefix(strings.TrimSpace(after), "TABLE")
}

var macroHead = regexp.MustCompile(`(?i)^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:MACRO|FUNCTION)\s+(?:[a-z_]+\.)?("[^"]+"|[a-z_0-9]+)\s*\(`)

// check refuses what the tree must not hold.
func (a *allowance) check(t *tree, fail failer) error {
	for _, o := range t.odd {
		return fail(Forbidden, o.at, "%s is not allowed in a query", strings.ReplaceAll(strings.ToUpper(o.name), "_", " "))
	}
	for _, c := range t.calls {
		name := strings.ToLower(c.name)
		switch {
		case c.table && !a.table[name]:
			return fail(Forbidden, c.at, "function %s is not allowed in FROM: queries read tables of the catalog, not files, settings or the network", c.name)
		case !c.table && !a.scalar[name] && denied(name):
			return fail(Forbidden, c.at, "function %s is not allowed in queries", c.name)
		case !c.table && !a.scalar[name]:
			return fail(FunctionNotFound, c.at, "Function '%s' not registered", c.name)
		}
	}
	return nil
}

func denied(name string) bool {
	for _, pattern := range hidden() {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	for _, prefix := range []string{"read_", "getenv", "duckdb_", "pragma_", "query"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// setup is the SQL that prepares the engine: the functions of the dialects.
func setup() (sql []string) {
	for _, d := range []Dialect{Lake, Warehouse} {
		sql = append(sql, macros(d)...)
	}
	return sql
}
