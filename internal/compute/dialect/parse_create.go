package dialect

import "strings"

// create reads the lake's CREATE statements.
func (c *cursor) create() Statement {
	c.next()
	switch {
	case c.accept("DATABASE"), c.accept("SCHEMA"):
		return c.createDatabase()
	case c.accept("EXTERNAL", "TABLE"):
		return c.createTable(true)
	case c.accept("TABLE"):
		return c.createTable(false)
	case c.accept("OR", "REPLACE", "VIEW"):
		return c.createView(true)
	case c.accept("VIEW"):
		return c.createView(false)
	}
	return nil
}

func (c *cursor) createDatabase() Statement {
	s := &CreateDatabase{IfNotExists: c.accept("IF", "NOT", "EXISTS"), Name: c.name()}
	for c.err == nil {
		switch {
		case c.accept("COMMENT"):
			s.Comment = c.string()
		case c.accept("LOCATION"):
			s.Location = c.string()
		case c.accept("WITH", "DBPROPERTIES"):
			s.Properties = c.properties()
		case c.accept("WITH"):
			s.Properties = c.properties()
			if v, ok := s.Properties.Get("location"); ok {
				s.Location = v.Text
			}
		default:
			return s
		}
	}
	return s
}

func (c *cursor) createView(replace bool) Statement {
	s := &CreateView{OrReplace: replace, IfNotExists: c.accept("IF", "NOT", "EXISTS"), Name: c.name()}
	if c.sees("(") {
		s.Columns = c.identifiers()
	}
	if c.accept("COMMENT") {
		s.Comment = c.string()
	}
	c.accept("SECURITY", "DEFINER")
	c.expect("AS")
	s.Query = c.query()
	return s
}

// createTable reads CREATE TABLE with columns, LIKE another or AS a query.
func (c *cursor) createTable(external bool) Statement {
	ifNot := c.accept("IF", "NOT", "EXISTS")
	s := &CreateTable{External: external, IfNotExists: ifNot, Name: c.name()}
	if !external && (c.sees("WITH") || c.sees("AS") || c.sees("COMMENT") || c.aliasList()) {
		return c.createTableAs(s)
	}
	if c.accept("LIKE") {
		like := c.name()
		s.Like = &like
	} else if c.sees("(") {
		s.Columns = c.columnDefs()
	} else {
		c.mismatch("(")
	}
	for c.err == nil && c.tableClause(s) {
	}
	return s
}

// aliasList says whether (a, b) comes next: names without types.
func (c *cursor) aliasList() bool {
	if !c.sees("(") {
		return false
	}
	after := c.ahead(2)
	return after.Is(",") || after.Is(")")
}

func (c *cursor) createTableAs(t *CreateTable) Statement {
	s := &CreateTableAs{Name: t.Name, IfNotExists: t.IfNotExists}
	if c.sees("(") {
		s.Columns = c.identifiers()
	}
	if c.accept("COMMENT") {
		s.Comment = c.string()
	}
	if c.accept("WITH") {
		s.Properties = c.properties()
	}
	if !c.expect("AS") {
		return s
	}
	s.NoData = c.cutDataClause()
	s.Query = c.query()
	return s
}

// cutDataClause takes WITH [NO] DATA off the statement's end.
func (c *cursor) cutDataClause() (noData bool) {
	if c.err != nil {
		return false
	}
	last := len(c.toks) - 1
	for last > c.i && c.toks[last-1].Is(";") {
		last--
	}
	n := 0
	switch {
	case last-c.i > 3 && c.toks[last-3].Is("WITH") && c.toks[last-2].Is("NO") && c.toks[last-1].Is("DATA"):
		n, noData = 3, true
	case last-c.i > 2 && c.toks[last-2].Is("WITH") && c.toks[last-1].Is("DATA"):
		n = 2
	}
	if n > 0 {
		c.toks = append(c.toks[:last-n:last-n], c.toks[len(c.toks)-1])
	}
	return noData
}

// columnDefs reads (name type [NOT NULL] [COMMENT 'text'], ...).
func (c *cursor) columnDefs() []ColumnDef {
	var out []ColumnDef
	c.expect("(")
	for {
		out = append(out, c.columnDef())
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	c.distinct(out)
	return out
}

func (c *cursor) columnDef() ColumnDef {
	d := ColumnDef{Offset: c.peek().Start, Name: c.identifier()}
	c.accept(":")
	c.hive = c.d == Lake
	d.Type = c.typeName(0)
	c.hive = false
	d.NotNull = c.accept("NOT", "NULL")
	if c.accept("COMMENT") {
		d.Comment = c.string()
	}
	return d
}

// distinct refuses a column that is named twice.
func (c *cursor) distinct(cols []ColumnDef) {
	seen := map[string]bool{}
	for _, col := range cols {
		if seen[col.Name] {
			c.fail(Syntax, col.Offset, "Column name '%s' specified more than once", col.Name)
		}
		seen[col.Name] = true
	}
}

// tableClause reads one of the clauses after the columns; false says that none
// is there.
func (c *cursor) tableClause(s *CreateTable) bool {
	switch {
	case c.accept("COMMENT"):
		s.Comment = c.string()
	case c.accept("PARTITIONED", "BY"):
		c.partitionedBy(s)
	case c.accept("CLUSTERED", "BY"):
		c.clusteredBy(s)
	case c.accept("ROW", "FORMAT"):
		c.rowFormat(&s.RowFormat)
	case c.accept("WITH", "SERDEPROPERTIES"):
		s.RowFormat.Properties = c.hiveProperties()
	case c.accept("STORED", "AS"):
		c.storedAs(s)
	case c.accept("STORED", "BY"):
		at := c.peek().Start
		c.string()
		c.fail(NotSupported, at, "STORED BY is not supported: use STORED AS with a format")
	case c.accept("LOCATION"):
		s.Location = c.string()
	case c.accept("TBLPROPERTIES"):
		s.Properties = c.hiveProperties()
	default:
		return false
	}
	return true
}

// partitionedBy reads columns with types, or columns and transforms of a table
// format.
func (c *cursor) partitionedBy(s *CreateTable) {
	after := c.ahead(2)
	if after.Is(",") || after.Is(")") || after.Is("(") && contains(transforms(), c.ahead(1).Value) {
		s.Transforms = c.transformList()
		return
	}
	s.Partitions = c.columnDefs()
	c.distinct(append(append([]ColumnDef{}, s.Columns...), s.Partitions...))
}

func transforms() []string {
	return []string{"YEAR", "YEARS", "MONTH", "MONTHS", "DAY", "DAYS", "HOUR", "HOURS", "BUCKET", "TRUNCATE"}
}

func (c *cursor) transformList() []Transform {
	var out []Transform
	c.expect("(")
	for {
		t := Transform{Column: c.identifier()}
		if c.accept("(") {
			t.Function = strings.TrimSuffix(t.Column, "s")
			t.Argument, t.Column = c.transformArguments()
			c.expect(")")
		}
		out = append(out, t)
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return out
}

// transformArguments reads "8, column", "column, 8" or "column".
func (c *cursor) transformArguments() (n int, column string) {
	if c.peek().Kind == Number {
		n = c.integer()
		c.expect(",")
		return n, c.identifier()
	}
	column = c.identifier()
	if c.accept(",") {
		n = c.integer()
	}
	return n, column
}

func (c *cursor) clusteredBy(s *CreateTable) {
	s.ClusteredBy = c.identifiers()
	if c.accept("SORTED", "BY") {
		c.expect("(")
		for {
			col := SortColumn{Column: c.identifier(), Descending: c.accept("DESC")}
			if !col.Descending {
				c.accept("ASC")
			}
			s.SortedBy = append(s.SortedBy, col)
			if !c.accept(",") {
				break
			}
		}
		c.expect(")")
	}
	if c.expect("INTO") {
		s.Buckets = c.integer()
		c.expect("BUCKETS")
	}
}

func (c *cursor) rowFormat(f *RowFormat) {
	switch {
	case c.accept("SERDE"):
		f.Serde = c.string()
		if c.accept("WITH", "SERDEPROPERTIES") {
			f.Properties = c.hiveProperties()
		}
	case c.accept("DELIMITED"):
		f.Delimited = true
		for c.err == nil && c.delimiter(f) {
		}
	default:
		c.mismatch("SERDE", "DELIMITED")
	}
}

// delimiter reads one clause of DELIMITED.
func (c *cursor) delimiter(f *RowFormat) bool {
	switch {
	case c.accept("FIELDS", "TERMINATED", "BY"):
		f.Fields = hiveText(c.string())
		if c.accept("ESCAPED", "BY") {
			f.Escape = hiveText(c.string())
		}
	case c.accept("COLLECTION", "ITEMS", "TERMINATED", "BY"):
		f.Collection = hiveText(c.string())
	case c.accept("MAP", "KEYS", "TERMINATED", "BY"):
		f.MapKeys = hiveText(c.string())
	case c.accept("LINES", "TERMINATED", "BY"):
		f.Lines = hiveText(c.string())
	case c.accept("NULL", "DEFINED", "AS"):
		f.Null = strings.ReplaceAll(c.string(), `\\`, `\`) // '\N' is meant as it stands
	default:
		return false
	}
	return true
}

// hiveText decodes the escapes of Hive's strings: \t, \\, \001, \u0001.
func hiveText(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		rest := s[i+1:]
		switch {
		case s[i] != '\\' || rest == "":
			b.WriteByte(s[i])
		case len(rest) >= 3 && isOctal(rest[:3]):
			b.WriteByte((rest[0]-'0')<<6 | (rest[1]-'0')<<3 | (rest[2] - '0'))
			i += 3
		case rest[0] == 'u' && len(rest) >= 5 && isHex(rest[1:5]):
			n := 0
			for k := 1; k < 5; k++ {
				n = n<<4 | hexValue(rest[k])
			}
			b.WriteRune(rune(n))
			i += 5
		case escapes[rest[0]] != 0:
			b.WriteByte(escapes[rest[0]])
			i++
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String()
}

func isOctal(s string) bool {
	return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' && s[2] >= '0' && s[2] <= '7'
}

func isHex(s string) bool {
	for i := range len(s) {
		if hexValue(s[i]) < 0 {
			return false
		}
	}
	return true
}

func (c *cursor) storedAs(s *CreateTable) {
	if c.accept("INPUTFORMAT") {
		s.InputFormat = c.string()
		if c.expect("OUTPUTFORMAT") {
			s.OutputFormat = c.string()
		}
		return
	}
	s.StoredAs = strings.ToUpper(c.identifier())
}

// hiveProperties reads properties whose strings have Hive's escapes.
func (c *cursor) hiveProperties() Properties {
	out := c.properties()
	for i, p := range out {
		if p.Value.Kind == String {
			out[i].Value.Text = hiveText(p.Value.Text)
		}
	}
	return out
}

// properties reads (key = value, ...). Keys are words or strings and may be
// written once.
func (c *cursor) properties() Properties {
	var out Properties
	c.expect("(")
	if c.accept(")") {
		return out
	}
	for c.err == nil {
		p := Property{Offset: c.peek().Start}
		if t := c.peek(); t.Kind == String || t.Kind == Quoted {
			c.next()
			p.Key = t.Value
		} else {
			p.Key = c.identifier()
			for c.accept(".") {
				p.Key += "." + c.identifier()
			}
		}
		c.expect("=")
		p.Value = c.value(0)
		if _, twice := out.Get(p.Key); twice {
			c.fail(Syntax, p.Offset, "Duplicate property: %s", p.Key)
		}
		out = append(out, p)
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return out
}

// value reads a property's value: 'text', 12, -1, true, ARRAY['a', 'b'].
func (c *cursor) value(depth int) Value {
	t := c.peek()
	if c.sees("ARRAY", "[") && depth == 0 {
		c.i += 2
		v := Value{Kind: EOF}
		for !c.sees("]") && c.err == nil {
			v.List = append(v.List, c.value(depth+1))
			if !c.accept(",") {
				break
			}
		}
		c.expect("]")
		return v
	}
	minus := ""
	if t.Is("-") && c.ahead(1).Kind == Number {
		c.next()
		minus, t = "-", c.peek()
	}
	switch t.Kind {
	case String, Quoted:
		c.next()
		return Value{Kind: String, Text: t.Value}
	case Number, Word:
		c.next()
		return Value{Kind: t.Kind, Text: minus + t.Text}
	}
	c.mismatch("<expression>")
	return Value{}
}
