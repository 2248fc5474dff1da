package query

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// viewText is a view as Trino keeps it in a Hive catalog: JSON in base64 in a
// comment.
type viewText struct {
	SQL        string       `json:"originalSql"`
	Catalog    string       `json:"catalog"`
	Schema     string       `json:"schema"`
	Columns    []viewColumn `json:"columns"`
	Comment    string       `json:"comment,omitempty"`
	Owner      string       `json:"owner,omitempty"`
	Invoker    bool         `json:"runAsInvoker"`
	Properties struct{}     `json:"properties"`
}

type viewColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

const viewPrefix, viewSuffix = "/* Presto View: ", " */"

var errNoView = errors.New("not a view")

func isView(t *catalog.Table) bool { return t.Type == "VIRTUAL_VIEW" }

// readView reads a view's text.
func readView(t *catalog.Table) (viewText, error) {
	var v viewText
	if !isView(t) {
		return v, errNoView
	}
	doc, ok := strings.CutPrefix(strings.TrimSpace(t.ViewOriginal), viewPrefix)
	if !ok { // a view of plain text, as Hive has
		return viewText{SQL: t.ViewOriginal, Schema: t.Database}, nil
	}
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(strings.TrimSuffix(doc, viewSuffix)))
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	return v, err
}

// view expands a view: its query is bound in its own database. What it reads
// is asked of the caller, as for a view that runs as its invoker.
func (s *Service) view(ctx context.Context, c *duck.Conn, b *bound, ref *tableRef, t *catalog.Table) (*relation, error) {
	v, err := readView(t)
	if err != nil {
		return nil, b.fail(BadTable, ref.at, "the text of view %s.%s cannot be read: create it again", t.Database, t.Name)
	}
	if b.depth >= viewDepthMax {
		return nil, b.fail(TooMuch, ref.at, "views refer to views more than %d deep, or to themselves", viewDepthMax)
	}
	inner, err := s.bind(ctx, c, source{v.SQL, Lake}, dialect.Query{Text: v.SQL}, v.Schema, b)
	if err != nil {
		return nil, b.src.wrap(Semantic, err, b.at(ref.at), "Failed analyzing stored view '%s.%s': %s", t.Database, t.Name, messageOf(err))
	}
	return &relation{ref: ref, table: t, view: inner}, nil
}

// viewSQL is the view's query as a sub-query.
func (r *relation) viewSQL(sql func(*relation) (string, error)) (string, error) {
	text, err := r.view.assemble(sql)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("(%s)", text), nil
}

// createView plans CREATE VIEW: the query is bound and its types are kept.
func (p *prepared) createView(ctx context.Context, st *dialect.CreateView) error {
	columns, err := p.shapeOf(ctx, st.Query)
	if err != nil {
		return err
	}
	if len(st.Columns) > 0 {
		return p.src.fail(Unsupported, st.Name.Offset, "a list of column names is not supported: name the columns in the query")
	}
	return p.planAction(func(ctx context.Context) error { return p.putView(ctx, st, columns) })
}

func (p *prepared) putView(ctx context.Context, st *dialect.CreateView, columns []Column) error {
	db, name, err := p.object(st.Name)
	if err != nil {
		return err
	}
	if err := p.s.allowTable(ctx, "create", db, name); err != nil {
		return err
	}
	v := viewText{SQL: st.Query.Text, Catalog: "awsdatacatalog", Schema: p.database, Comment: st.Comment}
	t := catalog.Table{Database: db, Name: name, Type: "VIRTUAL_VIEW", ViewExpanded: "/* Presto View */",
		Parameters: map[string]string{"presto_view": "true", "comment": "Presto View"}}
	for _, c := range columns {
		v.Columns = append(v.Columns, viewColumn{c.Name, c.Type})
		kind, err := dialect.ParseType(c.Type)
		if err != nil {
			return err
		}
		t.Storage.Columns = append(t.Storage.Columns, catalog.Column{Name: strings.ToLower(c.Name), Type: kind.Hive()})
	}
	doc, err := json.Marshal(v)
	if err != nil {
		return err
	}
	t.ViewOriginal = viewPrefix + base64.StdEncoding.EncodeToString(doc) + viewSuffix
	old, err := p.s.needs.Catalog.GetTable(ctx, db, name)
	if err != nil || !st.OrReplace {
		return p.addTable(ctx, t, st.Name.Offset, st.IfNotExists)
	}
	if err := p.s.allowTable(ctx, "alter", db, name); err != nil {
		return err
	}
	if !isView(&old) {
		return p.src.fail(AlreadyExists, st.Name.Offset, "Table '%s.%s' already exists and is not a view", db, name)
	}
	return p.s.needs.Catalog.UpdateTable(ctx, t, old.Version, true)
}

// shapeOf binds a query and returns its columns.
func (p *prepared) shapeOf(ctx context.Context, q dialect.Query) ([]Column, error) {
	probe := &prepared{s: p.s, src: p.src, database: p.database}
	err := p.s.planSelect(ctx, probe, q)
	return probe.columns, err
}
