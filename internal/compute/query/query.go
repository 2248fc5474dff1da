// Package query answers SQL over the tables of the catalog.
package query

import (
	"context"
	"time"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/boathouse-data/boathouse/internal/lib/fault"
)

// Dialect is the SQL that a statement is written in.
type Dialect string

// The dialects.
const (
	Lake      Dialect = "lake"      // Trino's, with Hive DDL: what the query-in-place doors speak
	Warehouse Dialect = "warehouse" // PostgreSQL's: what the warehouse door speaks
)

// Statement is one SQL statement and what it is read against. The caller is
// the context's principal.
type Statement struct {
	SQL      string
	Dialect  Dialect
	Database string // the database of unqualified names; empty for "default" ("public" in the warehouse)
}

// Kind is the class of a statement.
type Kind string

// The kinds of statement.
const (
	KindSelect  Kind = "SELECT"
	KindInsert  Kind = "INSERT"
	KindCTAS    Kind = "CREATE TABLE AS"
	KindUnload  Kind = "UNLOAD"
	KindDDL     Kind = "DDL"     // creates, drops, alters
	KindUtility Kind = "UTILITY" // SHOW, DESCRIBE, EXPLAIN: rows about things
)

// Column is a column of a result.
type Column struct {
	Name     string
	Type     string         // Trino's name of the type: "bigint", "decimal(10,2)", "array(varchar)"
	Arrow    arrow.DataType // how Next's batches carry it
	Nullable bool
}

// Stats says what a statement cost.
type Stats struct {
	BytesScanned int64 // of files opened for it
	RowsWritten  int64
	Planning     time.Duration
	Execution    time.Duration
	FilesRead    int
	FilesPruned  int // left out by partition
	Partitions   int // matched
}

// Target is where a CREATE TABLE AS, INSERT or UNLOAD wrote.
type Target struct {
	Database, Table string   // empty for UNLOAD
	Location        string   // "s3://bucket/prefix/"
	Files           []string // "s3://..." of each file written
}

// Rows is a running statement. It is read by one goroutine; Close it always.
type Rows interface {
	Kind() Kind
	// Tag is the statement's command word, as in "CREATE EXTERNAL TABLE", "SHOW".
	Tag() string
	// Columns describes the batches; empty for statements without rows.
	Columns() []Column
	// Next returns the next batch, which the caller releases, or io.EOF.
	Next(ctx context.Context) (arrow.RecordBatch, error)
	// Stats is complete after Next returned io.EOF.
	Stats() Stats
	// Target is set for statements that write.
	Target() *Target
	Close() error
}

// Prepared is a statement whose types are known. It may run several times,
// one Rows open at a time or more. Close it.
type Prepared interface {
	Kind() Kind
	Tag() string
	Columns() []Column
	// Parameters are the types of $1, $2 ... or ? in order; a nil Arrow type
	// says that any text will do.
	Parameters() []Column
	// Execute runs the statement. An argument is nil, bool, int64, float64,
	// string (cast to the parameter's type), []byte or time.Time.
	Execute(ctx context.Context, args []any) (Rows, error)
	Close() error
}

// Position is a place in a statement's text, from 1.
type Position struct{ Line, Column, Offset int }

// Service plans and runs statements.
type Service struct{}

var notYet = fault.Define("query.not_yet", fault.Unsupported, "not built yet")

// Prepare checks a statement, binds its names and finds its types.
func (s *Service) Prepare(ctx context.Context, st Statement) (Prepared, error) {
	return nil, notYet.New()
}

// Execute prepares and runs a statement.
func (s *Service) Execute(ctx context.Context, st Statement, args ...any) (Rows, error) {
	return nil, notYet.New()
}

// PositionOf returns the place that an error speaks of.
func PositionOf(err error) (Position, bool) { return Position{}, false }
