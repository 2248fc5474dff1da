package catalog

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals of this package.
var (
	DatabaseNotFound  = fault.Define("catalog.database_not_found", fault.NotFound, "Database %s not found.")
	DatabaseExists    = fault.Define("catalog.database_exists", fault.Exists, "Database %s already exists.")
	TableNotFound     = fault.Define("catalog.table_not_found", fault.NotFound, "Table %s not found.")
	TableExists       = fault.Define("catalog.table_exists", fault.Exists, "Table %s already exists.")
	TableChanged      = fault.Define("catalog.table_changed", fault.Conflict, "Update table failed due to concurrent modifications: the table is at version %s, not %s. Read it again and repeat the change.")
	VersionNotFound   = fault.Define("catalog.version_not_found", fault.NotFound, "Version %s of table %s not found.")
	VersionCurrent    = fault.Define("catalog.version_current", fault.Conflict, "Version %s is the current version of table %s: only older versions can be deleted.")
	PartitionNotFound = fault.Define("catalog.partition_not_found", fault.NotFound, "Partition %v not found.")
	PartitionExists   = fault.Define("catalog.partition_exists", fault.Exists, "Partition %v already exists.")
	StatisticNotFound = fault.Define("catalog.statistic_not_found", fault.NotFound, "Statistics of column %s not found.")
	ColumnNotFound    = fault.Define("catalog.column_not_found", fault.NotFound, "Column %s not found.")
	BadName           = fault.Define("catalog.bad_name", fault.Invalid, "%s: %s")
	BadValue          = fault.Define("catalog.bad_value", fault.Invalid, "%s: %s")
	BadPattern        = fault.Define("catalog.bad_pattern", fault.Invalid, "%q is not a regular expression that can be used to match names: %s")
	BadExpression     = fault.Define("catalog.bad_expression", fault.Invalid, "Invalid partition expression: %s")
	TooMany           = fault.Define("catalog.too_many", fault.Limit, "%s would have more than %d %s: delete some first, or raise the limit in the server's configuration")
)

// Reasons lists every refusal of this package. Listings also refuse with those
// of lib/page.
var Reasons = []*fault.Reason{
	DatabaseNotFound, DatabaseExists, TableNotFound, TableExists, TableChanged, VersionNotFound, VersionCurrent,
	PartitionNotFound, PartitionExists, StatisticNotFound, ColumnNotFound,
	BadName, BadValue, BadPattern, BadExpression, TooMany,
}
