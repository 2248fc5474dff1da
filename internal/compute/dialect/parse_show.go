package dialect

// show reads the lake's SHOW statements.
func (c *cursor) show() Statement {
	c.next()
	switch {
	case c.accept("DATABASES"), c.accept("SCHEMAS"):
		return c.showScoped(ShowDatabases)
	case c.accept("TABLES"):
		return c.showScoped(ShowTables)
	case c.accept("VIEWS"):
		return c.showScoped(ShowViews)
	case c.accept("COLUMNS"):
		return c.showColumns()
	case c.accept("PARTITIONS"):
		s := c.showNamed(ShowPartitions)
		if c.accept("PARTITION") {
			s.Partition = c.partitionSpec(false)
		}
		return s
	case c.accept("TBLPROPERTIES"):
		s := c.showNamed(ShowProperties)
		if c.accept("(") {
			s.Key = c.string()
			c.expect(")")
		}
		return s
	case c.accept("CREATE", "TABLE"):
		return c.showNamed(ShowCreateTable)
	case c.accept("CREATE", "VIEW"):
		return c.showNamed(ShowCreateView)
	case c.accept("FUNCTIONS"):
		return c.like(&Show{What: ShowFunctions})
	case c.accept("CATALOGS"):
		return c.like(&Show{What: ShowCatalogs})
	case c.accept("SESSION"):
		return c.like(&Show{What: ShowSession})
	case c.accept("STATS", "FOR"):
		if c.sees("(") {
			return nil
		}
		return c.showNamed(ShowStats)
	}
	return nil
}

func (c *cursor) showNamed(what ShowKind) *Show {
	c.acceptOne("FROM", "IN")
	n := c.name()
	return &Show{What: what, Name: &n}
}

// showScoped reads [FROM|IN name] [LIKE] ['pattern'].
func (c *cursor) showScoped(what ShowKind) Statement {
	s := &Show{What: what}
	if c.acceptOne("FROM", "IN") != "" {
		n := c.name()
		s.Name = &n
	}
	return c.like(s)
}

func (c *cursor) like(s *Show) Statement {
	s.IsLike = c.accept("LIKE")
	if s.IsLike || c.peek().Kind == String {
		s.Pattern = c.string()
		if c.accept("ESCAPE") {
			s.Escape = c.string()
		}
	}
	return s
}

// showColumns reads FROM|IN table [FROM|IN database].
func (c *cursor) showColumns() Statement {
	if c.acceptOne("FROM", "IN") == "" {
		c.mismatch("FROM", "IN")
		return nil
	}
	n := c.name()
	if c.acceptOne("FROM", "IN") != "" {
		db := c.name()
		n.Parts = append(db.Parts, n.Parts...)
	}
	return c.like(&Show{What: ShowColumns, Name: &n})
}

func (c *cursor) describe() Statement {
	c.next()
	switch {
	case (c.sees("INPUT") || c.sees("OUTPUT")) && c.ahead(1).Kind != EOF && !c.ahead(1).Is(".") && !c.ahead(1).Is(";"):
		input := c.next().Value == "INPUT"
		return &DescribePrepared{Name: c.identifier(), Input: input}
	case c.accept("DATABASE"), c.accept("SCHEMA"):
		return &DescribeDatabase{Extended: c.accept("EXTENDED"), Name: c.name()}
	}
	s := &Describe{}
	if after := c.ahead(1); after.Kind == Word || after.Kind == Quoted {
		switch {
		case c.accept("EXTENDED"):
			s.Extended = true
		case c.accept("FORMATTED"):
			s.Formatted = true
		}
	}
	s.Name = c.name()
	if c.accept("PARTITION") {
		s.Partition = c.partitionSpec(false)
	}
	if t := c.peek(); t.Kind == Word || t.Kind == Quoted {
		s.Column = c.identifier()
		for c.accept(".") {
			s.Column += "." + c.identifier()
		}
	}
	return s
}
