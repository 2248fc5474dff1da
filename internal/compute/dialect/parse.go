package dialect

import "strings"

// reader reads the statement that starts at the cursor. It returns nil for one
// that is not built: Parse then names it by its leading words.
type reader func(c *cursor) Statement

// readers are the statements of each dialect by their first word.
func readers(d Dialect) map[string]reader {
	m := map[string]reader{
		"SELECT": (*cursor).queryStatement, "WITH": (*cursor).queryStatement, "VALUES": (*cursor).queryStatement,
		"TABLE": (*cursor).queryStatement, "(": (*cursor).queryStatement,
		"EXPLAIN": (*cursor).explain, "PREPARE": (*cursor).prepare, "EXECUTE": (*cursor).execute,
		"DEALLOCATE": (*cursor).deallocate,
	}
	more := lakeReaders
	if d == Warehouse {
		more = sessionReaders
	}
	for word, r := range more() {
		m[word] = r
	}
	return m
}

func lakeReaders() map[string]reader {
	return map[string]reader{
		"CREATE": (*cursor).create, "DROP": (*cursor).drop, "ALTER": (*cursor).alter, "INSERT": (*cursor).insert,
		"MSCK": (*cursor).repair, "SHOW": (*cursor).show, "DESCRIBE": (*cursor).describe, "DESC": (*cursor).describe,
		"UNLOAD": (*cursor).unload, "USE": (*cursor).use,
	}
}

// otherVerbs begin statements that exist somewhere and are refused by name. Any
// other first word is a syntax error.
func otherVerbs() []string {
	return []string{"CREATE", "DROP", "ALTER", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "VACUUM", "OPTIMIZE",
		"ANALYZE", "CALL", "COMMENT", "COMMIT", "ROLLBACK", "START", "BEGIN", "GRANT", "REVOKE", "DENY", "REFRESH",
		"RESET", "SET", "ATTACH", "DETACH", "INSTALL", "LOAD", "PRAGMA", "COPY", "EXPORT", "IMPORT", "CHECKPOINT",
		"FORCE", "LOCK", "LISTEN", "NOTIFY", "UNLISTEN", "REINDEX", "CLUSTER", "DO", "SECURITY", "REASSIGN", "DECLARE",
		"FETCH", "MOVE", "CLOSE", "DISCARD", "SAVEPOINT", "RELEASE", "ABORT", "END", "UNLOAD", "SHOW", "USE", "MSCK",
		"DESCRIBE", "DESC", "SUMMARIZE", "PIVOT", "UNPIVOT", "KILL", "UNCACHE", "CACHE", "RESTORE", "CANCEL", "WATCH"}
}

// maxStatementDepth bounds EXPLAIN EXPLAIN ... and PREPARE p FROM PREPARE ...
const maxStatementDepth = 4

// Parse reads one statement. Queries are returned as text; a text without a
// statement is [Empty]. Refusals know their place: see [PositionOf].
func Parse(sql string, d Dialect) (Statement, error) {
	c, err := newCursor(sql, d)
	if err != nil {
		return nil, err
	}
	st := c.statement(0)
	if c.err != nil {
		return nil, c.err
	}
	return st, nil
}

func (c *cursor) statement(depth int) Statement {
	for c.accept(";") {
	}
	first := c.peek()
	if first.Kind == EOF && depth == 0 {
		return &Empty{}
	}
	if depth > maxStatementDepth {
		c.fail(TooDeep, first.Start, "statements may be nested at most %d deep", maxStatementDepth)
		return nil
	}
	if read, ok := readers(c.d)[first.Value]; ok && first.Kind != Quoted && first.Kind != String {
		st := read(c)
		if c.err != nil {
			return nil
		}
		if st != nil {
			c.end()
			return st
		}
	} else if first.Kind != Word || !contains(otherVerbs(), first.Value) {
		c.mismatch(firstWords()...)
		return nil
	}
	c.i = c.find(first)
	return c.unsupported()
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

func firstWords() []string {
	return []string{"ALTER", "CREATE", "DEALLOCATE", "DESC", "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN", "INSERT", "MSCK",
		"PREPARE", "SHOW", "UNLOAD", "USE", "WITH", "<query>"}
}

// find is the index of a token.
func (c *cursor) find(t Token) int {
	for i := range c.toks {
		if c.toks[i].Start == t.Start {
			return i
		}
	}
	return len(c.toks) - 1
}

// secondWords are those after which one more word belongs to the statement's
// name: CREATE MATERIALIZED VIEW, ALTER TABLE t EXECUTE.
func secondWords() []string {
	return []string{"OR", "REPLACE", "MATERIALIZED", "EXTERNAL", "TEMP", "TEMPORARY", "UNIQUE", "USER", "PROTECTED",
		"MULTI", "DIALECT", "GLOBAL", "LOCAL", "RECURSIVE", "DEFAULT", "FOREIGN", "IF", "NOT"}
}

// unsupported names the statement by its leading words and passes the rest.
func (c *cursor) unsupported() Statement {
	first := c.next()
	words := []string{first.Value}
	two := []string{"CREATE", "DROP", "ALTER", "SET", "RESET", "SHOW", "REFRESH", "START", "COMMENT", "FORCE", "DETACH",
		"EXPORT", "IMPORT", "DESCRIBE"}
	if contains(two, first.Value) {
		for c.peek().Kind == Word {
			t := c.next()
			words = append(words, t.Value)
			if !contains(secondWords(), t.Value) {
				break
			}
		}
	}
	if first.Value == "INSERT" && c.sees("OVERWRITE") {
		words = append(words, "OVERWRITE")
	}
	if first.Value == "ALTER" && len(words) == 2 {
		words = append(words, c.alterAction()...)
	}
	c.remaining()
	return &Unsupported{Name: strings.Join(words, " "), Offset: first.Start}
}

// alterAction is the word or two after the name of what is altered.
func (c *cursor) alterAction() []string {
	c.accept("IF", "EXISTS")
	for c.peek().Kind == Word || c.peek().Kind == Quoted {
		c.next()
		if !c.accept(".") {
			break
		}
	}
	if c.peek().Kind != Word {
		return nil
	}
	out := []string{c.next().Value}
	if c.peek().Kind == Word && out[0] != "EXECUTE" {
		out = append(out, c.peek().Value)
	}
	return out
}

// startsQuery says whether a query may begin with the token.
func startsQuery(t Token) bool {
	return t.Is("SELECT") || t.Is("WITH") || t.Is("VALUES") || t.Is("TABLE") || t.Is("(")
}

func (c *cursor) queryStatement() Statement {
	q := c.query()
	return &q
}

// query reads all that is left as a query and looks that its brackets match.
func (c *cursor) query() Query {
	if !startsQuery(c.peek()) {
		c.mismatch("<query>")
		return Query{}
	}
	from := c.i
	text, offset := c.remaining()
	last := c.i
	for last > from && c.toks[last-1].Is(";") && c.toks[last].Kind == EOF {
		last--
	}
	c.balanced(c.toks[min(from, last):last])
	return Query{Text: text, Offset: offset}
}

// maxBrackets bounds how deep brackets are nested in a query.
const maxBrackets = 500

// balanced refuses brackets that do not match.
func (c *cursor) balanced(toks []Token) {
	pairs := map[string]string{")": "(", "]": "[", "}": "{"}
	var open []Token
	for _, t := range toks {
		if t.Kind != Operator {
			continue
		}
		switch t.Value {
		case "(", "[", "{":
			open = append(open, t)
			if len(open) > maxBrackets {
				c.fail(TooDeep, t.Start, "brackets may be nested at most %d deep", maxBrackets)
				return
			}
		case ")", "]", "}":
			if len(open) == 0 || open[len(open)-1].Value != pairs[t.Value] {
				c.misplaced(t)
				return
			}
			open = open[:len(open)-1]
		case ";":
			c.misplaced(t)
			return
		}
	}
	if len(open) > 0 {
		last := open[len(open)-1]
		closing := map[string]string{"(": ")", "[": "]", "{": "}"}[last.Value]
		if c.d == Warehouse {
			c.mismatch(closing)
			return
		}
		c.fail(Syntax, c.toks[len(c.toks)-1].Start, "mismatched input '<EOF>'. Expecting: '%s'", closing)
	}
}

// misplaced refuses a token that is not the next one.
func (c *cursor) misplaced(t Token) {
	if c.d == Warehouse {
		c.fail(Syntax, t.Start, "syntax error at or near \"%s\"", t.Text)
		return
	}
	c.fail(Syntax, t.Start, "mismatched input '%s'. Expecting: <EOF>", t.Text)
}

func (c *cursor) explain() Statement {
	c.next()
	e := &Explain{}
	e.Analyze = c.accept("ANALYZE")
	e.Verbose = c.accept("VERBOSE")
	if c.sees("(") && !startsQuery(c.ahead(1)) {
		e.Options = c.explainOptions()
		for _, o := range e.Options {
			switch on := !strings.EqualFold(o.Value.Text, "off") && !strings.EqualFold(o.Value.Text, "false"); o.Key {
			case "analyze":
				e.Analyze = on
			case "verbose":
				e.Verbose = on
			}
		}
	}
	e.Offset = c.peek().Start
	e.Statement = c.inner()
	return e
}

// inner reads the statement inside another one.
func (c *cursor) inner() Statement {
	depth := 1
	for _, t := range c.toks[:min(c.i, len(c.toks))] {
		if t.Is("EXPLAIN") || t.Is("PREPARE") {
			depth++
		}
	}
	return c.statement(depth)
}

// explainOptions reads (FORMAT JSON, TYPE LOGICAL, ANALYZE).
func (c *cursor) explainOptions() Properties {
	var out Properties
	c.expect("(")
	for {
		p := Property{Offset: c.peek().Start, Key: c.identifier()}
		if t := c.peek(); t.Kind == Word || t.Kind == String || t.Kind == Number {
			p.Value = Value{Text: t.Text, Kind: t.Kind}
			if t.Kind == String {
				p.Value.Text = t.Value
			}
			c.next()
		}
		out = append(out, p)
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return out
}

func (c *cursor) prepare() Statement {
	c.next()
	p := &Prepare{Name: c.identifier()}
	if c.sees("(") {
		c.next()
		for {
			p.Types = append(p.Types, c.typeName(0))
			if !c.accept(",") {
				break
			}
		}
		c.expect(")")
	}
	if c.d == Warehouse {
		c.expect("AS")
	} else {
		c.expect("FROM")
	}
	at := c.i
	p.Text, p.Offset = c.remaining()
	if c.err == nil {
		c.i = at
		p.Statement = c.inner()
	}
	return p
}

func (c *cursor) execute() Statement {
	c.next()
	e := &Execute{Name: c.identifier()}
	switch {
	case c.accept("USING"):
		e.Args = c.arguments("")
	case c.d == Warehouse && c.accept("("):
		e.Args = c.arguments(")")
		c.expect(")")
	}
	return e
}

// arguments reads expressions as text, up to the closing bracket or the end.
func (c *cursor) arguments(closing string) []Query {
	var out []Query
	for c.err == nil {
		from := c.i
		depth := 0
		for !c.done() && !c.sees(";") {
			t := c.peek()
			if depth == 0 && (t.Is(",") || closing != "" && t.Is(closing)) {
				break
			}
			if t.Is("(") || t.Is("[") {
				depth++
			} else if t.Is(")") || t.Is("]") {
				depth--
			}
			c.next()
		}
		if c.i == from {
			c.mismatch("<expression>")
			return out
		}
		c.balanced(c.toks[from:c.i])
		first, last := c.toks[from], c.toks[c.i-1]
		out = append(out, Query{Text: c.text[first.Start:last.End], Offset: first.Start})
		if !c.accept(",") {
			break
		}
	}
	return out
}

func (c *cursor) deallocate() Statement {
	c.next()
	c.accept("PREPARE")
	if c.d == Warehouse && c.accept("ALL") {
		return &Deallocate{}
	}
	return &Deallocate{Name: c.identifier()}
}
