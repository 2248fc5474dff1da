// Package dialect knows the words of SQL: it reads the two dialects that people
// write and says them again in the engine's.
//
// A statement is read in three steps, each usable alone:
//
//   - [Lex] cuts text into tokens that remember their byte offsets, [Split]
//     cuts a script into statements;
//   - [Parse] reads everything but queries (DDL, SHOW, UNLOAD, COPY, session
//     statements) into typed structs; the queries inside stay text;
//   - [Translate] turns a query's text into the engine's by edits of tokens and
//     keeps an [Edits] that leads from a position in the result back to the
//     user's text, so that an error of the engine can point at what was typed.
//
// [Macros] are the functions that the engine lacks or that mean something else
// there, [Functions] is the table of all functions of the lake dialect with
// what is served of each: a function that is not in the table is refused, and
// so is one that cannot be made right. [ParseType] and [Type] carry type names
// between the dialects, the catalog, the engine and Arrow.
//
// The package has no engine, no catalog and no IO.
package dialect

// Dialect is the SQL that a text is written in.
type Dialect string

// The dialects.
const (
	Lake      Dialect = "lake"      // Trino's queries with Hive's DDL
	Warehouse Dialect = "warehouse" // PostgreSQL's
)
