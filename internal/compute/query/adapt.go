package query

import (
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// macros are the statements that make a dialect's functions in the engine.
func macros(d Dialect) []string { return dialect.Macros(d) }

// translate writes a query in the engine's words; back leads from an offset in
// the result to one in the query.
func translate(text string, d Dialect) (out string, back func(int) int, err error) {
	out, edits, err := dialect.Translate(text, d)
	return out, edits.Back, err
}

// searchPath is where a dialect's functions are looked up.
func searchPath(d Dialect) string { return strings.Join(dialect.SearchPath(d), ",") }
