package query

import "github.com/boathouse-data/boathouse/internal/lib/fault"

// Refusals of this package. Statements are also refused with the reasons of
// compute/dialect, of the catalog and of the object store. In the lake dialect
// a message begins with its place ("line 1:8: "); see [PositionOf].
var (
	Syntax           = fault.Define("query.syntax", fault.Invalid, "%s")
	TableNotFound    = fault.Define("query.table_not_found", fault.NotFound, "%s")
	DatabaseNotFound = fault.Define("query.database_not_found", fault.NotFound, "%s")
	ColumnNotFound   = fault.Define("query.column_not_found", fault.Invalid, "%s")
	FunctionNotFound = fault.Define("query.function_not_found", fault.Invalid, "%s")
	TypeMismatch     = fault.Define("query.type_mismatch", fault.Invalid, "%s")
	Semantic         = fault.Define("query.semantic", fault.Invalid, "%s") // sound words, no sense
	Unsupported      = fault.Define("query.unsupported", fault.Unsupported, "%s")
	Forbidden        = fault.Define("query.forbidden", fault.Denied, "%s") // the sandbox
	BadParameter     = fault.Define("query.bad_parameter", fault.Invalid, "%s")
	InvalidCast      = fault.Define("query.invalid_cast", fault.Invalid, "%s")
	OutOfRange       = fault.Define("query.out_of_range", fault.Invalid, "%s")
	DivisionByZero   = fault.Define("query.division_by_zero", fault.Invalid, "%s")
	InvalidArgument  = fault.Define("query.invalid_argument", fault.Invalid, "%s")
	BadData          = fault.Define("query.bad_data", fault.Invalid, "%s")
	BadPartition     = fault.Define("query.bad_partition", fault.Invalid, "%s")
	BadTable         = fault.Define("query.bad_table", fault.Invalid, "%s") // the catalog describes what cannot be read
	AlreadyExists    = fault.Define("query.already_exists", fault.Exists, "%s")
	PathNotEmpty     = fault.Define("query.path_not_empty", fault.Exists, "%s")
	NotEmpty         = fault.Define("query.not_empty", fault.Conflict, "%s")
	Vanished         = fault.Define("query.vanished", fault.Conflict, "%s")
	Canceled         = fault.Define("query.canceled", fault.Unavailable, "%s")
	MemoryLimit      = fault.Define("query.memory_limit", fault.Limit, "%s")
	TempLimit        = fault.Define("query.temp_limit", fault.Limit, "%s")
	DiskFull         = fault.Define("query.disk_full", fault.Unavailable, "%s")
	TooMuch          = fault.Define("query.too_much", fault.Limit, "%s")
	ScanLimit        = fault.Define("query.scan_limit", fault.Limit, "%s")
	Failed           = fault.Define("query.failed", fault.Internal, "%s")
)

// Reasons lists every refusal of this package.
var Reasons = []*fault.Reason{
	Syntax, TableNotFound, DatabaseNotFound, ColumnNotFound, FunctionNotFound, TypeMismatch, Semantic, Unsupported,
	Forbidden, BadParameter, InvalidCast, OutOfRange, DivisionByZero, InvalidArgument, BadData, BadPartition, BadTable,
	AlreadyExists, PathNotEmpty, NotEmpty, Vanished, Canceled, MemoryLimit, TempLimit, DiskFull, TooMuch, ScanLimit, Failed,
}
