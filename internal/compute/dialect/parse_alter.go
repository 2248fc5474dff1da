package dialect

// drop reads the lake's DROP statements.
func (c *cursor) drop() Statement {
	c.next()
	switch {
	case c.accept("DATABASE"), c.accept("SCHEMA"):
		s := &DropDatabase{IfExists: c.accept("IF", "EXISTS"), Name: c.name()}
		if s.Cascade = c.accept("CASCADE"); !s.Cascade {
			c.accept("RESTRICT")
		}
		return s
	case c.accept("TABLE"):
		s := &DropTable{IfExists: c.accept("IF", "EXISTS"), Names: c.names()}
		s.Purge = c.accept("PURGE")
		return s
	case c.accept("VIEW"):
		return &DropView{IfExists: c.accept("IF", "EXISTS"), Names: c.names()}
	}
	return nil
}

// alter reads the lake's ALTER statements.
func (c *cursor) alter() Statement {
	c.next()
	switch {
	case c.accept("DATABASE"), c.accept("SCHEMA"):
		s := &AlterDatabase{Name: c.name()}
		switch {
		case c.accept("SET", "DBPROPERTIES"):
			s.Properties = c.hiveProperties()
		case c.accept("SET", "LOCATION"):
			s.Location = c.string()
		default:
			return nil
		}
		return s
	case c.accept("TABLE"):
		c.accept("IF", "EXISTS")
		s := &AlterTable{Name: c.name()}
		if s.Action = c.action(); s.Action == nil {
			return nil
		}
		return s
	}
	return nil
}

// action reads what an ALTER TABLE does, or returns nil.
func (c *cursor) action() AlterAction {
	switch {
	case c.accept("ADD"):
		return c.addAction()
	case c.accept("DROP"):
		return c.dropAction()
	case c.accept("REPLACE", "COLUMNS"):
		return &ReplaceColumns{Columns: c.columnDefs()}
	case c.accept("CHANGE"):
		return c.changeColumn()
	case c.accept("RENAME", "TO"):
		return &RenameTable{To: c.name()}
	case c.accept("RENAME", "COLUMN"):
		a := &RenameColumn{From: c.identifier()}
		c.expect("TO")
		a.To = c.identifier()
		return a
	case c.accept("UNSET", "TBLPROPERTIES"):
		return c.unsetProperties()
	}
	var spec PartitionSpec
	if c.accept("PARTITION") {
		spec = c.partitionSpec(false)
		if c.accept("RENAME", "TO", "PARTITION") {
			return &RenamePartition{From: spec, To: c.partitionSpec(false)}
		}
	}
	return c.setAction(spec)
}

func (c *cursor) setAction(spec PartitionSpec) AlterAction {
	switch {
	case c.accept("SET", "LOCATION"):
		return &SetLocation{Partition: spec, Location: c.string()}
	case spec == nil && c.accept("SET", "TBLPROPERTIES"):
		return &SetProperties{Properties: c.hiveProperties()}
	case c.accept("SET", "SERDEPROPERTIES"):
		return &SetSerde{Partition: spec, Properties: c.hiveProperties()}
	case c.accept("SET", "SERDE"):
		a := &SetSerde{Partition: spec, Serde: c.string()}
		if c.accept("WITH", "SERDEPROPERTIES") {
			a.Properties = c.hiveProperties()
		}
		return a
	}
	return nil
}

func (c *cursor) unsetProperties() AlterAction {
	a := &UnsetProperties{IfExists: c.accept("IF", "EXISTS")}
	c.expect("(")
	for {
		a.Keys = append(a.Keys, c.string())
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return a
}

func (c *cursor) addAction() AlterAction {
	if c.accept("COLUMNS") {
		return &AddColumns{Columns: c.columnDefs()}
	}
	if c.accept("COLUMN") {
		a := &AddColumns{IfNotExists: c.accept("IF", "NOT", "EXISTS")}
		a.Columns = []ColumnDef{c.columnDef()}
		return a
	}
	a := &AddPartitions{IfNotExists: c.accept("IF", "NOT", "EXISTS")}
	if !c.sees("PARTITION") {
		c.mismatch("PARTITION", "COLUMNS")
		return a
	}
	for c.accept("PARTITION") {
		p := AddedPartition{Spec: c.partitionSpec(false)}
		if c.accept("LOCATION") {
			p.Location = c.string()
		}
		a.Partitions = append(a.Partitions, p)
		c.accept(",")
	}
	return a
}

func (c *cursor) dropAction() AlterAction {
	if c.accept("COLUMNS") {
		return &DropColumns{Columns: c.identifiers()}
	}
	if c.accept("COLUMN") {
		return &DropColumns{IfExists: c.accept("IF", "EXISTS"), Columns: []string{c.identifier()}}
	}
	a := &DropPartitions{IfExists: c.accept("IF", "EXISTS")}
	c.expect("PARTITION")
	a.Partitions = append(a.Partitions, c.partitionSpec(true))
	for c.accept(",") {
		c.expect("PARTITION")
		a.Partitions = append(a.Partitions, c.partitionSpec(true))
	}
	a.Purge = c.accept("PURGE")
	return a
}

func (c *cursor) changeColumn() AlterAction {
	c.accept("COLUMN")
	a := &ChangeColumn{Old: c.identifier(), Column: c.columnDef()}
	switch {
	case c.accept("FIRST"):
		a.First = true
	case c.accept("AFTER"):
		a.After = c.identifier()
	}
	return a
}

// partitionSpec reads (a = '1', b = 2); with comparisons any of = < > <= >= <>.
func (c *cursor) partitionSpec(comparisons bool) PartitionSpec {
	out := PartitionSpec{}
	c.expect("(")
	for c.err == nil {
		v := PartitionValue{Column: c.identifier(), Operator: "="}
		if comparisons {
			if v.Operator = c.acceptOne("=", "<", ">", "<=", ">=", "<>", "!="); v.Operator == "" {
				c.mismatch("=", "<", ">", "<=", ">=", "<>")
			}
		} else {
			c.expect("=")
		}
		v.Value, v.Quoted = c.partitionValue()
		out = append(out, v)
		if !c.accept(",") {
			break
		}
	}
	c.expect(")")
	return out
}

// partitionValue reads 'text', 12, -1, true or DATE '2024-01-01'.
func (c *cursor) partitionValue() (string, bool) {
	if (c.sees("DATE") || c.sees("TIMESTAMP")) && c.ahead(1).Kind == String {
		c.next()
	}
	t := c.peek()
	if t.Kind == String || t.Kind == Quoted {
		return c.string(), true
	}
	v := c.value(1)
	return v.Text, false
}

func (c *cursor) repair() Statement {
	c.next()
	c.expect("REPAIR", "TABLE")
	s := &RepairTable{Name: c.name(), Add: true}
	switch {
	case c.accept("ADD", "PARTITIONS"):
	case c.accept("DROP", "PARTITIONS"):
		s.Add, s.Drop = false, true
	case c.accept("SYNC", "PARTITIONS"):
		s.Drop = true
	}
	return s
}

func (c *cursor) insert() Statement {
	c.next()
	if c.sees("OVERWRITE") {
		return nil
	}
	c.expect("INTO")
	c.accept("TABLE")
	s := &Insert{Table: c.name()}
	if c.sees("PARTITION") {
		c.fail(NotSupported, c.peek().Start, "INSERT INTO ... PARTITION is not supported: put the partition columns last in the query")
	}
	if c.sees("(") && !startsQuery(c.ahead(1)) {
		s.Columns = c.identifiers()
	}
	s.Query = c.query()
	return s
}

// queryInBrackets reads (query); c.err says why it is none.
func (c *cursor) queryInBrackets() Query {
	open := c.i
	from, to := c.group()
	if c.err != nil {
		return Query{}
	}
	if !startsQuery(c.toks[open+1]) {
		c.i = open + 1
		c.mismatch("<query>")
		return Query{}
	}
	c.balanced(c.toks[open:c.i])
	return trimmed(c.text, from, to)
}

func (c *cursor) unload() Statement {
	c.next()
	s := &Unload{}
	if s.Query = c.queryInBrackets(); c.err != nil {
		return s
	}
	c.expect("TO")
	s.To = c.string()
	if c.accept("WITH") {
		s.Properties = c.properties()
	}
	return s
}

// trimmed is a part of a text without the blanks around it.
func trimmed(text string, from, to int) Query {
	for from < to && isBlank(text[from]) {
		from++
	}
	for to > from && isBlank(text[to-1]) {
		to--
	}
	return Query{Text: text[from:to], Offset: from}
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

func (c *cursor) use() Statement {
	c.next()
	return &Use{Name: c.name()}
}
