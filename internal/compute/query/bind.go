package query

import (
	"context"
	"errors"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/lib/fault"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// failer refuses at a byte offset of the engine's text; -1 for no place.
type failer func(reason *fault.Reason, at int, format string, args ...any) error

// bound is a query whose tables are found.
type bound struct {
	src       source
	base      int // where the query stands in src.text, in bytes
	text      string
	origin    func(int) int // from text to the query
	tree      *tree
	relations []*relation
	casts     map[int]string    // of parameters
	depth     int               // of views
	named     *int              // how many tables the statement names, in its views too
	objects   map[string]string // local path -> address, for messages
	tmp       string            // the folder of local paths
}

// at leads from an offset in the engine's text to one in the statement's.
func (b *bound) at(offset int) int {
	if offset < 0 {
		return -1
	}
	return b.base + b.origin(offset)
}

func (b *bound) fail(reason *fault.Reason, at int, format string, args ...any) error {
	return b.src.fail(reason, b.at(at), format, args...)
}

// viewDepthMax bounds views over views.
const viewDepthMax = 16

// relationsMax bounds the tables that a statement names, those in views
// counted: views of views can name them a great many times.
const relationsMax = 1000

// bind translates, checks and binds a query; outer is the one that it stands in
// as a view, nil for none.
func (s *Service) bind(ctx context.Context, c *duck.Conn, src source, q dialect.Query, database string, outer *bound) (*bound, error) {
	b := &bound{src: src, base: q.Offset, named: new(int), tmp: s.tmp}
	if outer != nil {
		b.depth, b.named = outer.depth+1, outer.named
	}
	var err error
	b.text, b.origin, err = translate(q.Text, src.dialect)
	if err != nil {
		return nil, b.shift(err)
	}
	t, said, err := parseTree(ctx, c, b.text)
	if err != nil {
		return nil, b.explain(ctx, nil, err)
	}
	if said != nil {
		return nil, b.unparsed(said)
	}
	b.tree = t
	if err := s.allow[src.dialect].check(t, b.fail); err != nil {
		return nil, err
	}
	for _, ref := range t.tables {
		if *b.named++; *b.named > relationsMax {
			return nil, b.fail(TooMuch, ref.at, "the statement and its views name more than %d tables: split it", relationsMax)
		}
		r, err := s.resolve(ctx, c, b, ref, database)
		if err != nil {
			return nil, err
		}
		b.relations = append(b.relations, r)
	}
	return b, nil
}

// shift gives an error of the dialect, which counts in the query, its place in
// the statement.
func (b *bound) shift(err error) error {
	at, ok := dialect.PositionOf(err)
	if !ok {
		return err
	}
	if b.base == 0 {
		return b.src.known(err)
	}
	msg := fault.Message(err)
	if b.src.dialect == Lake { // it begins with the place in the query
		if _, rest, cut := strings.Cut(msg, ": "); cut && strings.HasPrefix(msg, "line ") {
			msg = rest
		}
	}
	reason := fault.ReasonOf(err)
	switch reason {
	case dialect.NotSupported:
		reason = Unsupported
	case dialect.NoFunction:
		reason = FunctionNotFound
	default:
		reason = Syntax
	}
	return b.src.wrap(reason, err, b.base+at.Offset, "%s", msg)
}

// unparsed explains what the engine's parser said.
func (b *bound) unparsed(e *duck.Error) error {
	switch {
	case strings.Contains(e.Message, tooDeep):
		return b.fail(TooMuch, e.Position, "%s", sayTooDeep(e))
	case e.Class == "several":
		return b.fail(Syntax, -1, "give one statement at a time")
	case strings.Contains(e.Message, "Only SELECT"):
		return b.fail(Forbidden, 0, "only queries may stand here")
	case e.Class == "not implemented":
		return b.fail(Unsupported, e.Position, "%s", e.Message)
	}
	return b.fail(Syntax, e.Position, "%s", strings.TrimSuffix(e.Message, "!"))
}

// ownCatalogs are the names that the catalog answers to in three-part names.
func ownCatalog(name string) bool {
	switch strings.ToLower(name) {
	case "", "awsdatacatalog", "boathouse":
		return true
	}
	return false
}

// resolve finds what a table's name stands for.
func (s *Service) resolve(ctx context.Context, c *duck.Conn, b *bound, ref *tableRef, database string) (*relation, error) {
	if ref.time {
		return nil, b.fail(Unsupported, ref.at, "table %s is kept in files as they are: it has no older versions to read", ref.name)
	}
	if s.needs.System != nil {
		sql, found, err := s.needs.System.Relation(ctx, b.src.dialect, database, strings.ToLower(ref.schema), strings.ToLower(ref.name))
		if err != nil {
			return nil, err
		}
		if found {
			return &relation{ref: ref, sql: sql}, nil
		}
	}
	if !ownCatalog(ref.catalog) {
		return nil, b.fail(TableNotFound, ref.at, "Catalog '%s' does not exist", ref.catalog)
	}
	db := ref.schema
	if db == "" {
		db = database
	}
	db, err := s.schema(ctx, b.src.dialect, db)
	if err != nil {
		return nil, err
	}
	t, err := s.table(ctx, b.fail, ref.at, db, ref.name)
	if errors.Is(err, DatabaseNotFound) && b.src.dialect == Warehouse && db == "default" { // "public", which is always there
		return nil, b.fail(TableNotFound, ref.at, "relation \"%s\" does not exist", ref.name)
	}
	if err != nil {
		return nil, err
	}
	if err := s.allowTable(ctx, "read", t.Database, t.Name); err != nil {
		return nil, err
	}
	if isView(&t) {
		return s.view(ctx, c, b, ref, &t)
	}
	r, err := newRelation(ref, &t, b.fail)
	if err != nil {
		return nil, err
	}
	r.paths = b.tree.mentions(pathColumn)
	return r, s.allowLocation(ctx, "read", t.Storage.Location)
}

// schema is the database that a schema's name stands for: in the warehouse
// "public" is the database "default", unless there is one of that name.
func (s *Service) schema(ctx context.Context, d Dialect, name string) (string, error) {
	if d != Warehouse || !strings.EqualFold(name, "public") {
		return name, nil
	}
	_, err := s.needs.Catalog.GetDatabase(ctx, "public")
	if errors.Is(err, catalog.DatabaseNotFound) {
		return "default", nil
	}
	return name, err
}

// table gets a table of the catalog.
func (s *Service) table(ctx context.Context, fail failer, at int, database, name string) (catalog.Table, error) {
	database, name = strings.ToLower(database), strings.ToLower(name)
	t, err := s.needs.Catalog.GetTable(ctx, database, name)
	switch {
	case err == nil:
		return t, nil
	case errors.Is(err, catalog.DatabaseNotFound):
		return t, fail(DatabaseNotFound, at, "Schema '%s' does not exist", database)
	case errors.Is(err, catalog.TableNotFound), errors.Is(err, catalog.BadName):
		return t, fail(TableNotFound, at, "Table '%s.%s' does not exist", database, name)
	}
	return t, err
}

// allowLocation asks for the objects below a location.
func (s *Service) allowLocation(ctx context.Context, verb, location string) error {
	bucket, prefix, err := splitLocation(location)
	if err != nil {
		return nil // nothing to read
	}
	return s.allowData(ctx, verb, bucket, prefix)
}

// splitLocation cuts "s3://bucket/prefix" and ends the prefix with a slash.
func splitLocation(location string) (bucket, prefix string, err error) {
	scheme, rest, ok := strings.Cut(location, "://")
	if !ok || scheme != "s3" && scheme != "s3a" && scheme != "s3n" {
		return "", "", BadTable.New("the location \"" + location + "\" is not of the form s3://bucket/prefix/")
	}
	bucket, prefix, _ = strings.Cut(rest, "/")
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	return bucket, prefix, nil
}

// assemble puts each relation's sub-query into the text in place of its name.
func (b *bound) assemble(sql func(r *relation) (string, error)) (*splices, error) {
	out := &splices{base: b.text}
	alias := b.aliases()
	for _, r := range b.relations {
		sub, err := sql(r)
		if err != nil {
			return nil, err
		}
		end, err := b.nameAt(r.ref)
		if err != nil {
			return nil, err
		}
		if r.ref.alias == "" {
			sub += " AS " + duck.Name(alias[r.ref])
		}
		out.replace(r.ref.at, end, sub)
	}
	b.unqualify(out, alias)
	b.cast(out)
	return out, nil
}

// nameAt checks that the tree and the text agree about a table's name, and
// returns where the name ends.
func (b *bound) nameAt(ref *tableRef) (int, error) {
	parts := refParts(ref)
	end, ok := nameEnd(b.text, ref.at, len(parts))
	if ok {
		last := b.text[ref.at:end]
		if i := len(last) - len(parts[len(parts)-1]); i >= 0 && strings.EqualFold(last[i:], ref.name) ||
			strings.EqualFold(lastName(last), ref.name) {
			return end, nil
		}
	}
	return 0, b.fail(Unsupported, ref.at, "the table name %s cannot stand here: use SELECT * FROM with the name", ref.name)
}

func lastName(dotted string) string {
	at, last := 0, ""
	for at < len(dotted) {
		end := wordEnd(dotted, at)
		if end < 0 {
			return last
		}
		last = unquote(dotted[at:end])
		at = skipSpace(dotted, end)
		if at < len(dotted) && dotted[at] == '.' {
			at = skipSpace(dotted, at+1)
		}
	}
	return last
}

func refParts(ref *tableRef) (parts []string) {
	for _, p := range []string{ref.catalog, ref.schema, ref.name} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// aliases names the sub-queries of tables that have no alias: by the table's
// name, or by the full name when another table in the same FROM has that name.
func (b *bound) aliases() map[*tableRef]string {
	out := map[*tableRef]string{}
	for _, r := range b.relations {
		out[r.ref] = r.ref.name
		for _, o := range r.ref.from.tables {
			if o != r.ref && strings.EqualFold(o.name, r.ref.name) && o.alias == "" && !strings.EqualFold(o.schema, r.ref.schema) {
				out[r.ref] = strings.Join(refParts(r.ref), ".")
			}
		}
	}
	return out
}

// unqualify cuts database.table.column down to what the sub-query is called.
func (b *bound) unqualify(out *splices, alias map[*tableRef]string) {
	for _, c := range b.tree.columns {
		for _, r := range b.relations {
			parts := refParts(r.ref)
			if r.ref.alias != "" || len(parts) < 2 || len(c.names) <= len(parts) || c.at < 0 || !foldPrefix(c.names, parts) {
				continue
			}
			if end, ok := nameEnd(b.text, c.at, len(parts)); ok {
				out.replace(c.at, end, duck.Name(alias[r.ref]))
			}
			break
		}
	}
}

func foldPrefix(names, prefix []string) bool {
	for i, p := range prefix {
		if !strings.EqualFold(names[i], p) {
			return false
		}
	}
	return true
}
