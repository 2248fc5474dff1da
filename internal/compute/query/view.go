package query

import (
	"context"
	"fmt"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

func isView(t *catalog.Table) bool { return t.Type == "VIRTUAL_VIEW" }

func (s *Service) view(ctx context.Context, c *duck.Conn, b *bound, ref *tableRef, t *catalog.Table) (*relation, error) {
	return nil, b.fail(Unsupported, ref.at, "%s.%s is a view", t.Database, t.Name)
}

// viewSQL is the view's query as a sub-query.
func (r *relation) viewSQL(sql func(*relation) (string, error)) (string, error) {
	text, err := r.view.assemble(sql)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("(%s)", text), nil
}
