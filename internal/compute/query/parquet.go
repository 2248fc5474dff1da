package query

import (
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
	"github.com/boathouse-data/boathouse/internal/store/duck"
)

// parquet reads columns by name, in any case; a column that a file lacks is
// null, one of another type is cast.
type parquet struct{}

func openParquet(*catalog.Table, catalog.Storage) (format, error) { return parquet{}, nil }

func (parquet) read(columns []column, paths string) string {
	if len(columns) == 0 {
		return fmt.Sprintf("read_parquet([%s], filename = %s)", paths, duck.Quote(fileColumn))
	}
	fields := make([]string, len(columns))
	for i, c := range columns {
		fields[i] = fmt.Sprintf("%s: {name: %[1]s, type: %s, default_value: NULL}", duck.Quote(c.name), duck.Quote(c.engine()))
	}
	return fmt.Sprintf("read_parquet([%s], schema = MAP {%s}, filename = %s)", paths, strings.Join(fields, ", "), duck.Quote(fileColumn))
}
