package query

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// Prepare checks a statement, binds its names and finds its types.
func (s *Service) Prepare(ctx context.Context, st Statement) (Prepared, error) {
	p, err := s.prepare(ctx, st)
	if err != nil {
		return nil, stopped(ctx, err)
	}
	return p, nil
}

// Execute prepares and runs a statement.
func (s *Service) Execute(ctx context.Context, st Statement, args ...any) (Rows, error) {
	p, parsed, err := s.parse(st)
	if err != nil {
		return nil, err
	}
	if q, ok := parsed.(*dialect.Query); ok && len(args) == 0 { // its types come with its rows
		p.kind = KindSelect
		rows, err := s.runSelect(ctx, p, *q, nil)
		if err != nil {
			return nil, stopped(ctx, err)
		}
		return rows, nil
	}
	if err := s.plan(ctx, p, parsed); err != nil {
		return nil, stopped(ctx, err)
	}
	defer p.Close()
	return p.Execute(ctx, args)
}

func (s *Service) prepare(ctx context.Context, st Statement) (*prepared, error) {
	p, parsed, err := s.parse(st)
	if err != nil {
		return nil, err
	}
	return p, s.plan(ctx, p, parsed)
}

// parse reads a statement.
func (s *Service) parse(st Statement) (*prepared, dialect.Statement, error) {
	src := source{st.SQL, st.Dialect}
	if len(st.SQL) > s.cfg.TextMaxBytes {
		return nil, nil, TooMuch.New(fmt.Sprintf("the statement has %d bytes, more than the %d that are allowed", len(st.SQL), s.cfg.TextMaxBytes))
	}
	if st.Database == "" {
		st.Database = "default"
		if st.Dialect == Warehouse {
			st.Database = "public"
		}
	}
	parsed, err := dialect.Parse(st.SQL, st.Dialect)
	if err != nil {
		return nil, nil, src.known(err)
	}
	p := &prepared{s: s, src: src, database: st.Database, output: st.Output, bytesMax: st.BytesMax, tag: parsed.Tag()}
	return p, parsed, nil
}

// prepared is a checked statement.
type prepared struct {
	s        *Service
	src      source
	database string
	output   string // where tables without a location go
	bytesMax int64  // of the files that may be read; 0: no bound
	kind     Kind
	tag      string
	columns  []Column
	params   []Column
	casts    map[int]string // of parameters
	run      func(ctx context.Context, args []any) (Rows, error)
}

func (p *prepared) Kind() Kind           { return p.kind }
func (p *prepared) Tag() string          { return p.tag }
func (p *prepared) Columns() []Column    { return p.columns }
func (p *prepared) Parameters() []Column { return p.params }
func (p *prepared) Close() error         { return nil }

func (p *prepared) Execute(ctx context.Context, args []any) (Rows, error) {
	if len(args) != len(p.params) {
		return nil, BadParameter.New(fmt.Sprintf("Incorrect number of parameters: expected %d but found %d", len(p.params), len(args)))
	}
	rows, err := p.run(ctx, args)
	if err != nil {
		return nil, stopped(ctx, err)
	}
	return rows, nil
}

// plan finds what a parsed statement does.
func (s *Service) plan(ctx context.Context, p *prepared, parsed dialect.Statement) error {
	switch st := parsed.(type) {
	case *dialect.Query:
		return s.planSelect(ctx, p, *st)
	case *dialect.Explain:
		return s.planExplain(ctx, p, st)
	case *dialect.CreateTableAs:
		return s.planCTAS(ctx, p, st)
	case *dialect.Insert:
		return s.planInsert(ctx, p, st)
	case *dialect.Unload:
		return s.planUnload(ctx, p, st)
	case *dialect.CreateDatabase:
		return p.planAction(p.createDatabase(st))
	case *dialect.DropDatabase:
		return p.planAction(p.dropDatabase(st))
	case *dialect.AlterDatabase:
		return p.planAction(p.alterDatabase(st))
	case *dialect.CreateTable:
		return p.planAction(p.createTable(st))
	case *dialect.DropTable:
		return p.planAction(p.dropTables(st.Names, st.IfExists, false))
	case *dialect.AlterTable:
		return p.alterTable(st)
	case *dialect.RepairTable:
		return p.planRepair(st)
	case *dialect.CreateView:
		return p.createView(ctx, st)
	case *dialect.DropView:
		return p.planAction(p.dropTables(st.Names, st.IfExists, true))
	case *dialect.Show:
		return p.planShow(st)
	case *dialect.Describe:
		return p.planDescribe(st)
	case *dialect.DescribeDatabase:
		return p.planDescribeDatabase(st)
	case *dialect.Empty:
		return p.src.fail(Syntax, -1, "the statement is empty")
	case *dialect.Unsupported:
		return p.src.fail(Unsupported, st.Offset, "%s is not supported", st.Name)
	}
	return p.src.fail(Unsupported, 0, "%s is not supported here", parsed.Tag())
}

// planSelect binds a query and finds the types of its columns over relations
// without rows: nothing is read.
func (s *Service) planSelect(ctx context.Context, p *prepared, q dialect.Query) error {
	p.kind = KindSelect
	c, err := s.engine.Acquire(ctx, searchPath(p.src.dialect))
	if err != nil {
		return err
	}
	defer c.Release()
	b, err := s.bind(ctx, c, p.src, q, p.database, nil)
	if err != nil {
		return err
	}
	stmt, err := b.shape(ctx, c)
	if err != nil {
		return err
	}
	defer stmt.Close()
	if p.columns, err = b.describe(stmt.Columns()); err != nil {
		return err
	}
	p.params, p.casts = parameters(b.src.dialect, stmt.Params()), b.casts
	p.run = func(ctx context.Context, args []any) (Rows, error) { return s.runSelect(ctx, p, q, args) }
	return nil
}

func emptyRelation(r *relation) (string, error) {
	switch {
	case r.sql != "":
		return r.sql, nil
	case r.view != nil:
		return r.viewSQL(emptyRelation)
	}
	return r.empty(), nil
}

// describe gives the engine's columns their names and types in the dialect.
func (b *bound) describe(in []duck.Column) ([]Column, error) {
	out := make([]Column, len(in))
	names := b.outputNames(in)
	for i, c := range in {
		to := carried(b.src.dialect, c.Type)
		at := to.Arrow()
		if at == nil {
			if to.Kind == "" {
				return nil, b.src.fail(TypeMismatch, -1, "the type of column %q depends on a parameter whose type is not known: cast the parameter, as in CAST(? AS bigint)", c.Name)
			}
			return nil, b.src.fail(Unsupported, -1, "column %q has the type %s, which results cannot carry: cast it", c.Name, strings.ToLower(to.Kind))
		}
		out[i] = Column{Name: names[i], Type: typeName(to), Arrow: at, Nullable: true}
	}
	for _, i := range b.tree.nulls(len(in)) {
		out[i].Type = "unknown"
	}
	return out, nil
}

// carried is the type that a dialect knows for one that only the engine has.
func carried(d Dialect, t duck.Type) duck.Type {
	switch t.Kind {
	case "HUGEINT", "UHUGEINT", "UBIGINT":
		if d == Warehouse {
			return duck.Type{Kind: "DECIMAL", Width: 38}
		}
		return duck.Type{Kind: "BIGINT"}
	case "UTINYINT":
		return duck.Type{Kind: "SMALLINT"}
	case "USMALLINT":
		return duck.Type{Kind: "INTEGER"}
	case "UINTEGER":
		return duck.Type{Kind: "BIGINT"}
	case "LIST", "ARRAY", "MAP":
		if t.Key != nil {
			key := carried(d, *t.Key)
			t.Key = &key
		}
		elem := carried(d, *t.Elem)
		t.Elem = &elem
	case "STRUCT":
		fields := make([]duck.Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = duck.Field{Name: f.Name, Type: carried(d, f.Type)}
		}
		t.Fields = fields
	}
	return t
}

// typeName is the lake dialect's name of an engine type.
func typeName(t duck.Type) string {
	if t.Kind == "ENUM" {
		return "varchar"
	}
	kind, err := dialect.ParseType(t.SQL())
	if err != nil {
		return strings.ToLower(t.Kind)
	}
	return kind.Trino()
}

func parameters(d Dialect, in []duck.Type) []Column {
	out := make([]Column, len(in))
	for i, t := range in {
		out[i] = Column{Name: "$" + strconv.Itoa(i+1), Nullable: true}
		if t.Kind != "" && t.Kind != "NULL" {
			to := carried(d, t)
			out[i].Type, out[i].Arrow = typeName(to), to.Arrow()
		}
	}
	return out
}

// runSelect binds again, for the catalog may have changed, and starts the rows.
func (s *Service) runSelect(ctx context.Context, p *prepared, q dialect.Query, args []any) (Rows, error) {
	began := time.Now()
	c, err := s.engine.Acquire(ctx, searchPath(p.src.dialect))
	if err != nil {
		return nil, err
	}
	rows := &stream{kind: p.kind, tag: p.tag, conn: c, reading: s.newReading(p)}
	if err := rows.open(ctx, p, q, args); err != nil {
		rows.Close()
		return nil, err
	}
	rows.reading.stats.Planning, rows.began = time.Since(began), time.Now()
	return rows, rows.first(ctx, args)
}

// filled gives the sub-query of each relation over its files.
func (r *reading) filled(ctx context.Context, c *duck.Conn, b *bound, args []any) (*splices, error) {
	var sql func(b *bound) func(rel *relation) (string, error)
	sql = func(b *bound) func(rel *relation) (string, error) {
		return func(rel *relation) (string, error) {
			switch {
			case rel.sql != "":
				return rel.sql, nil
			case rel.view != nil:
				return rel.viewSQL(sql(rel.view))
			}
			parts, err := r.parts(ctx, c, b, rel, args)
			if err != nil {
				return "", err
			}
			files, err := r.files(ctx, rel.table.Database+"."+rel.table.Name, parts)
			if err != nil {
				return "", err
			}
			return rel.read(files), nil
		}
	}
	return b.assemble(sql(b))
}

// explain turns what the engine said into a refusal with its place in the
// statement.
func (b *bound) explain(ctx context.Context, text *splices, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx, err)
	}
	var e *duck.Error
	if !errors.As(err, &e) {
		return err
	}
	at := -1
	if e.Position >= 0 && text != nil {
		at = b.at(text.back(e.Position))
	}
	return b.src.say(e, at, b.local)
}
