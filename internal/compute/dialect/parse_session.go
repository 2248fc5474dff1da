package dialect

import "strings"

func sessionReaders() map[string]reader {
	transaction := func(c *cursor) Statement { return c.transaction() }
	m := map[string]reader{
		"SET": (*cursor).set, "SHOW": (*cursor).showVariable, "RESET": (*cursor).reset,
		"DISCARD": (*cursor).discard, "DECLARE": (*cursor).declare, "FETCH": (*cursor).fetch, "MOVE": (*cursor).fetch,
		"CLOSE": (*cursor).closeCursor, "COPY": (*cursor).copy,
	}
	for _, w := range []string{"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"} {
		m[w] = transaction
	}
	return m
}

// set reads SET [SESSION|LOCAL] name TO|= value, ... and its special forms.
func (c *cursor) set() Statement {
	c.next()
	if c.accept("SESSION", "CHARACTERISTICS", "AS", "TRANSACTION") {
		return c.modes(&Transaction{Verb: SetChars})
	}
	s := &Set{Local: c.accept("LOCAL")}
	if !s.Local && c.ahead(1).Kind == Word {
		c.accept("SESSION")
	}
	switch {
	case c.sees("AUTHORIZATION"), c.sees("ROLE"), c.sees("CONSTRAINTS"):
		return nil
	case c.accept("TRANSACTION"):
		return c.modes(&Transaction{Verb: SetChars})
	case c.accept("TIME", "ZONE"):
		s.Name = "timezone"
		return c.settings(s)
	case c.accept("NAMES"):
		s.Name = "client_encoding"
		return c.settings(s)
	}
	s.Name = c.variable()
	if c.acceptOne("TO", "=") == "" {
		c.mismatch("TO", "=")
	}
	return c.settings(s)
}

// variable reads a setting's name, which may have dots.
func (c *cursor) variable() string {
	name := c.identifier()
	for c.accept(".") {
		name += "." + c.identifier()
	}
	return strings.ToLower(name)
}

// settings reads the values of SET.
func (c *cursor) settings(s *Set) Statement {
	if c.accept("DEFAULT") || s.Name == "timezone" && c.accept("LOCAL") {
		s.Default = true
		return s
	}
	for c.err == nil {
		c.accept("INTERVAL")
		t := c.peek()
		minus := ""
		if t.Is("-") || t.Is("+") {
			minus = strings.Trim(c.next().Text, "+")
			t = c.peek()
		}
		switch t.Kind {
		case String, Quoted:
			s.Values = append(s.Values, t.Value)
		case Word:
			s.Values = append(s.Values, strings.ToLower(t.Text))
		case Number:
			s.Values = append(s.Values, minus+t.Text)
		default:
			c.mismatch("<value>")
		}
		c.next()
		if !c.accept(",") {
			break
		}
	}
	return s
}

func (c *cursor) showVariable() Statement {
	c.next()
	switch {
	case c.accept("TIME", "ZONE"):
		return &ShowVariable{Name: "timezone"}
	case c.accept("TRANSACTION", "ISOLATION", "LEVEL"):
		return &ShowVariable{Name: "transaction_isolation"}
	case c.accept("SESSION", "AUTHORIZATION"):
		return &ShowVariable{Name: "session_authorization"}
	}
	if c.ahead(1).Kind == Word {
		return nil
	}
	return &ShowVariable{Name: c.variable()}
}

func (c *cursor) reset() Statement {
	c.next()
	if c.accept("SESSION", "AUTHORIZATION") {
		return &Reset{Name: "session_authorization"}
	}
	if c.accept("TIME", "ZONE") {
		return &Reset{Name: "timezone"}
	}
	return &Reset{Name: c.variable()}
}

// transaction reads BEGIN, COMMIT and their like.
func (c *cursor) transaction() Statement {
	word := c.next().Value
	noise := func() { c.acceptOne("WORK", "TRANSACTION") }
	switch word {
	case "BEGIN":
		noise()
		return c.modes(&Transaction{Verb: Begin})
	case "START":
		c.expect("TRANSACTION")
		return c.modes(&Transaction{Verb: Start})
	case "COMMIT", "END":
		noise()
		if c.sees("PREPARED") {
			return nil
		}
		c.accept("AND", "NO", "CHAIN")
		return &Transaction{Verb: Commit}
	case "SAVEPOINT":
		return &Transaction{Verb: Savepoint, Name: c.identifier()}
	case "RELEASE":
		c.accept("SAVEPOINT")
		return &Transaction{Verb: Release, Name: c.identifier()}
	}
	noise()
	if c.sees("PREPARED") {
		return nil
	}
	if c.accept("TO") {
		c.accept("SAVEPOINT")
		return &Transaction{Verb: RollbackTo, Name: c.identifier()}
	}
	c.accept("AND", "NO", "CHAIN")
	return &Transaction{Verb: Rollback}
}

// modes reads ISOLATION LEVEL ..., READ ONLY, [NOT] DEFERRABLE.
func (c *cursor) modes(t *Transaction) Statement {
	for c.err == nil {
		switch {
		case c.accept("ISOLATION", "LEVEL"):
			t.Isolation = c.isolation()
		case c.accept("READ", "ONLY"):
			t.ReadOnly, t.ReadWrite = true, false
		case c.accept("READ", "WRITE"):
			t.ReadOnly, t.ReadWrite = false, true
		case c.accept("NOT", "DEFERRABLE"), c.accept("DEFERRABLE"):
		default:
			return t
		}
		c.accept(",")
	}
	return t
}

func (c *cursor) isolation() string {
	for _, level := range []string{"SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED", "READ UNCOMMITTED", "SNAPSHOT"} {
		if c.accept(strings.Fields(level)...) {
			return level
		}
	}
	c.mismatch("SERIALIZABLE", "REPEATABLE", "READ")
	return ""
}

func (c *cursor) discard() Statement {
	c.next()
	what := c.acceptOne("ALL", "PLANS", "SEQUENCES", "TEMP", "TEMPORARY")
	if what == "" {
		c.mismatch("ALL", "PLANS", "SEQUENCES", "TEMP")
	}
	return &Discard{What: what}
}

func (c *cursor) declare() Statement {
	c.next()
	s := &DeclareCursor{Name: c.identifier()}
	for c.err == nil && !c.accept("CURSOR") {
		switch {
		case c.accept("BINARY"):
			s.Binary = true
		case c.accept("NO", "SCROLL"):
		case c.accept("SCROLL"):
			s.Scroll = true
		case c.accept("INSENSITIVE"), c.accept("ASENSITIVE"):
		default:
			c.mismatch("CURSOR")
		}
	}
	if c.accept("WITH", "HOLD") {
		s.Hold = true
	} else {
		c.accept("WITHOUT", "HOLD")
	}
	c.expect("FOR")
	s.Query = c.query()
	return s
}

// fetch reads FETCH|MOVE [direction] [FROM|IN] cursor.
func (c *cursor) fetch() Statement {
	s := &Fetch{Move: c.next().Value == "MOVE", Count: 1, Direction: "FORWARD"}
	if w := c.acceptOne("NEXT", "FORWARD", "BACKWARD", "PRIOR", "FIRST", "LAST", "ABSOLUTE", "RELATIVE"); w != "" && w != "NEXT" {
		s.Direction = w
	}
	minus := c.accept("-")
	switch {
	case c.accept("ALL"):
		s.All, s.Count = true, 0
	case c.peek().Kind == Number:
		s.Count = c.integer()
	}
	if minus {
		s.Direction = "BACKWARD"
	}
	c.acceptOne("FROM", "IN")
	s.Cursor = c.identifier()
	return s
}

func (c *cursor) closeCursor() Statement {
	c.next()
	if c.accept("ALL") {
		return &CloseCursor{}
	}
	return &CloseCursor{Name: c.identifier()}
}

// copy reads COPY (query)|table TO STDOUT with its options.
func (c *cursor) copy() Statement {
	at := c.next().Start
	s := &Copy{Format: "text"}
	if c.sees("(") {
		q := c.queryInBrackets()
		if c.err != nil {
			return s
		}
		s.Query = &q
	} else {
		n := c.name()
		s.Table = &n
		if c.sees("(") {
			s.Columns = c.identifiers()
		}
	}
	if c.sees("FROM") {
		c.remaining()
		return &Unsupported{Name: "COPY FROM", Offset: at}
	}
	c.expect("TO")
	if c.err == nil && !c.accept("STDOUT") {
		c.remaining()
		return &Unsupported{Name: "COPY TO a file", Offset: at}
	}
	c.copyOptions(s)
	return s
}

func (c *cursor) copyOptions(s *Copy) {
	c.accept("WITH")
	bracket := c.accept("(")
	for c.err == nil && !c.done() && !c.sees(")") && !c.sees(";") {
		c.copyOption(s)
		if bracket && !c.accept(",") {
			break
		}
	}
	if bracket {
		c.expect(")")
	}
}

// copyOption reads one option of either form: FORMAT csv, HEADER true, CSV,
// DELIMITER AS ','.
func (c *cursor) copyOption(s *Copy) {
	t := c.next()
	text := func(to *string) {
		c.accept("AS")
		*to = c.string()
	}
	switch t.Value {
	case "FORMAT":
		s.Format = strings.ToLower(c.next().Value)
		if s.Format != "text" && s.Format != "csv" && s.Format != "binary" {
			c.fail(Syntax, t.End, "COPY format \"%s\" not recognized", s.Format)
		}
	case "CSV", "BINARY":
		s.Format = strings.ToLower(t.Value)
	case "HEADER":
		s.Header = true
		if w := c.acceptOne("TRUE", "ON", "FALSE", "OFF"); w == "FALSE" || w == "OFF" {
			s.Header = false
		}
	case "DELIMITER", "DELIMITERS":
		text(&s.Delimiter)
	case "NULL":
		text(&s.Null)
	case "QUOTE":
		text(&s.Quote)
	case "ESCAPE":
		text(&s.Escape)
	case "ENCODING":
		text(&s.Encoding)
	case "FORCE_QUOTE":
		c.forceQuote(s)
	case "FORCE":
		c.expect("QUOTE")
		c.forceQuote(s)
	default:
		c.fail(Syntax, t.Start, "option \"%s\" not recognized", strings.ToLower(clip(t.Text)))
	}
}

func (c *cursor) forceQuote(s *Copy) {
	if c.accept("*") {
		s.ForceQuote = []string{"*"}
		return
	}
	if c.sees("(") {
		s.ForceQuote = c.identifiers()
		return
	}
	s.ForceQuote = append(s.ForceQuote, c.identifier())
	for c.accept(",") {
		s.ForceQuote = append(s.ForceQuote, c.identifier())
	}
}
