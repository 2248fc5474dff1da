package athena

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"github.com/boathouse-data/boathouse/internal/compute/workgroup"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Categories of a failed execution's error.
// Source: "Athena error catalog" in the user guide.
const (
	systemError = 1
	userError   = 2
)

// trouble is how the real service names a failure: the word before its text,
// which is the engine's error code, and the number of its type.
type trouble struct {
	word string
	kind int32
}

// Types that several failures share, and those that have none of their own.
const (
	typeUser   = 1000
	typeEngine = 200
	typeBusy   = 100
	typeResult = 401
	typeDenied = 1500
)

// troubles names the failures of executions by the name of their reason.
// Source of the words: the error codes of Trino; of the numbers: the error
// catalog and published measurements.
var troubles = map[string]trouble{
	"query.syntax":             {"SYNTAX_ERROR", 1006},
	"query.table_not_found":    {"TABLE_NOT_FOUND", 1301},
	"query.database_not_found": {"SCHEMA_NOT_FOUND", 1301},
	"query.column_not_found":   {"COLUMN_NOT_FOUND", 1006},
	"query.function_not_found": {"FUNCTION_NOT_FOUND", 1303},
	"query.type_mismatch":      {"TYPE_MISMATCH", 1002},
	"query.semantic":           {"SYNTAX_ERROR", 1006},
	"query.unsupported":        {"NOT_SUPPORTED", 1200},
	"query.forbidden":          {"PERMISSION_DENIED", typeDenied},
	"query.bad_parameter":      {"INVALID_PARAMETER_USAGE", 1100},
	"query.invalid_cast":       {"INVALID_CAST_ARGUMENT", 1100},
	"query.out_of_range":       {"NUMERIC_VALUE_OUT_OF_RANGE", 1100},
	"query.division_by_zero":   {"DIVISION_BY_ZERO", 1001},
	"query.invalid_argument":   {"INVALID_FUNCTION_ARGUMENT", 1106},
	"query.bad_data":           {"HIVE_BAD_DATA", 1100},
	"query.bad_partition":      {"HIVE_INVALID_PARTITION_VALUE", 1100},
	"query.bad_table":          {"HIVE_INVALID_METADATA", 1100},
	"query.already_exists":     {"TABLE_ALREADY_EXISTS", 1110},
	"query.not_empty":          {"HIVE_METASTORE_ERROR", typeUser},
	"query.path_not_empty":     {"HIVE_PATH_ALREADY_EXISTS", 1110},
	"query.vanished":           {"HIVE_FILE_NOT_FOUND", 1100},
	"query.canceled":           {"QUERY_CANCELED", typeUser},
	"query.memory_limit":       {"EXCEEDED_MEMORY_LIMIT", typeUser},
	"query.temp_limit":         {"EXCEEDED_LOCAL_MEMORY_LIMIT", typeUser},
	"query.disk_full":          {"GENERIC_INTERNAL_ERROR", typeEngine},
	"query.too_much":           {"QUERY_EXCEEDED_LIMIT", typeUser},
	"query.scan_limit":         {"QUERY_EXCEEDED_SCAN_LIMIT", typeUser},
	"query.failed":             {"GENERIC_INTERNAL_ERROR", typeEngine},

	"dialect.syntax":        {"SYNTAX_ERROR", 1006},
	"dialect.no_function":   {"FUNCTION_NOT_FOUND", 1303},
	"dialect.not_supported": {"NOT_SUPPORTED", 1200},
	"dialect.bad_type":      {"TYPE_NOT_FOUND", 1002},
	"dialect.too_deep":      {"QUERY_TEXT_TOO_LONG", typeUser},

	"catalog.database_not_found":  {"SCHEMA_NOT_FOUND", 1301},
	"catalog.database_exists":     {"SCHEMA_ALREADY_EXISTS", 1110},
	"catalog.table_not_found":     {"TABLE_NOT_FOUND", 1301},
	"catalog.table_exists":        {"TABLE_ALREADY_EXISTS", 1110},
	"catalog.table_changed":       {"HIVE_CONCURRENT_MODIFICATION_DETECTED", 1100},
	"catalog.version_not_found":   {"NOT_FOUND", 1301},
	"catalog.version_current":     {"GENERIC_USER_ERROR", typeUser},
	"catalog.partition_not_found": {"HIVE_PARTITION_DROPPED_DURING_QUERY", 1301},
	"catalog.partition_exists":    {"ALREADY_EXISTS", 1110},
	"catalog.statistic_not_found": {"NOT_FOUND", 1301},
	"catalog.column_not_found":    {"COLUMN_NOT_FOUND", 1006},
	"catalog.bad_name":            {"GENERIC_USER_ERROR", typeUser},
	"catalog.bad_value":           {"GENERIC_USER_ERROR", typeUser},
	"catalog.bad_pattern":         {"GENERIC_USER_ERROR", typeUser},
	"catalog.bad_expression":      {"GENERIC_USER_ERROR", typeUser},
	"catalog.too_many":            {"GENERIC_USER_ERROR", typeUser},

	"identity.denied":            {"PERMISSION_DENIED", typeDenied},
	"identity.denied_explicitly": {"PERMISSION_DENIED", typeDenied},
	"identity.denied_by_session": {"PERMISSION_DENIED", typeDenied},

	"workgroup.statement_not_found": {"NOT_FOUND", 1301},
	"workgroup.bad_parameters":      {"INVALID_PARAMETER_USAGE", 1100},
	"workgroup.bad_prepared":        {"GENERIC_USER_ERROR", typeUser},
	"workgroup.lost":                {"", typeBusy},
	"workgroup.unstored":            {"", typeResult},
}

// named is the trouble of a failure. A refusal without a row (those of the
// object store's checks of what the server itself sends) is told by its kind.
func named(f workgroup.Failure) trouble {
	if t, ok := troubles[f.Name]; ok {
		return t
	}
	if system(f.Kind) {
		return trouble{"GENERIC_INTERNAL_ERROR", typeEngine}
	}
	return trouble{"GENERIC_USER_ERROR", typeUser}
}

// system says whether a failure is the server's and not the query's.
func system(k fault.Kind) bool { return k == fault.Internal || k == fault.Unavailable }

// reasonOf is why an execution did not succeed, as people are told.
func reasonOf(e workgroup.Execution) *string {
	if e.Failure == nil {
		return optional(e.Reason)
	}
	reason := e.Reason
	if e.Failure.Name == "query.table_not_found" { // names in full have the catalog before the database
		reason = strings.Replace(reason, "Table '", "Table '"+strings.ToLower(catalogName)+".", 1)
	}
	if word := named(*e.Failure).word; word != "" {
		reason = word + ": " + reason
	}
	return &reason
}

// athenaError is the same for programs; nil unless the execution failed.
func athenaError(e workgroup.Execution) *types.AthenaError {
	if e.Failure == nil {
		return nil
	}
	out := &types.AthenaError{ErrorCategory: new(int32(userError)), ErrorType: new(named(*e.Failure).kind), ErrorMessage: reasonOf(e)}
	if system(e.Failure.Kind) {
		out.ErrorCategory = new(int32(systemError))
		out.Retryable = e.Failure.Kind == fault.Unavailable
	}
	return out
}
