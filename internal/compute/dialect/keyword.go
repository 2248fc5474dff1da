package dialect

// isKeyword says whether a word that is not behind a dot is a key word: what
// follows it is no argument list, and no operand ends with it.
func isKeyword(word string, d Dialect) bool {
	_, ok := keywords[word]
	return ok
}

// keywords are words that neither name nor call anything.
var keywords = set("ALL", "AND", "ANTI", "ANY", "AS", "ASC", "AT", "BERNOULLI", "BETWEEN", "BY", "CASE", "COLLATE",
	"CROSS", "CUBE", "CURRENT", "DESC", "DISTINCT", "ELSE", "ESCAPE", "EXCEPT", "EXCLUDE", "EXISTS", "FETCH",
	"FOLLOWING", "FOR", "FROM", "FULL", "GROUP", "GROUPS", "HAVING", "ILIKE", "IN", "INNER", "INTERSECT", "INTO", "IS",
	"ISNULL", "JOIN", "LATERAL", "LEFT", "LIKE", "LIMIT", "MATERIALIZED", "NATURAL", "NOT", "NOTNULL", "NULLS", "OFFSET",
	"ON", "OR", "ORDER", "OUTER", "OVER", "PARTITION", "PRECEDING", "RANGE", "RECURSIVE", "RIGHT", "ROLLUP", "ROWS",
	"SELECT", "SEMI", "SETS", "SIMILAR", "SOME", "SYSTEM", "TABLE", "TABLESAMPLE", "THEN", "TIES", "UNBOUNDED", "UNION",
	"USING", "VALUES", "WHEN", "WHERE", "WINDOW", "WITH", "WITHIN")

func set(words ...string) map[string]struct{} {
	m := make(map[string]struct{}, len(words))
	for _, w := range words {
		m[w] = struct{}{}
	}
	return m
}

// reserved are the engine's reserved words that are none in our dialects: as a
// name they are put into quotes.
var reserved = set("ANALYSE", "ANALYZE", "ASYMMETRIC", "BOTH", "CHECK", "COLUMN", "DEFAULT", "DEFERRABLE", "DESCRIBE", "DO",
	"FOREIGN", "INITIALLY", "LAMBDA", "LEADING", "ONLY", "PIVOT", "PIVOT_LONGER", "PIVOT_WIDER", "PLACING", "PRIMARY",
	"QUALIFY", "REFERENCES", "RETURNING", "SHOW", "SUMMARIZE", "SYMMETRIC", "TO", "TRAILING", "UNIQUE", "UNPIVOT",
	"VARIADIC", "ANTI", "ASOF", "AUTHORIZATION", "BINARY", "COLLATION", "COLUMNS", "CONCURRENTLY", "FREEZE", "GENERATED",
	"GLOB", "MAP", "OVERLAPS", "POSITIONAL", "STRUCT", "UNPACK", "VERBOSE", "ASC", "DESC", "OFFSET", "WINDOW", "LIMIT",
	"END", "GRANT", "ARRAY", "SOME", "ANY", "ALL", "USER", "ROW", "OUT", "INOUT", "SETOF", "TREAT", "NONE", "NATIONAL",
	"OVERLAY", "FETCH", "SEMI", "ISNULL", "NOTNULL", "SIMILAR", "ILIKE", "LATERAL", "COLLATE")

func engineReserved(word string) bool {
	_, ok := reserved[word]
	return ok
}
