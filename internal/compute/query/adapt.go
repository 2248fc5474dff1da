package query

// macros are the dialect's functions that the engine lacks.
func macros(d Dialect) []string { return nil }

// translate writes a query in the engine's words; back leads from an offset in
// the result to one in the query.
func translate(text string, d Dialect) (out string, back func(int) int, err error) {
	return text, func(i int) int { return i }, nil
}

// searchPath is where a dialect's functions are looked up.
func searchPath(d Dialect) string { return string(d) }
