package query

import (
	"fmt"
	"strings"

	"github.com/boathouse-data/boathouse/internal/lake/catalog"
)

// formatOf finds how the files of a table or partition are read: by the class
// that is named to read rows, else by the input format or the classification.
func formatOf(t *catalog.Table, st catalog.Storage, columns int) (format, error) {
	library := st.Serde.Library
	for _, k := range formats() {
		if strings.EqualFold(library, k.library) || library == "" && k.hint != "" && hinted(t, st, k.hint) {
			return k.open(t, st)
		}
	}
	name := library
	if name == "" {
		name = st.InputFormat
	}
	if name == "" {
		return nil, BadTable.New(fmt.Sprintf("table %s.%s does not say how its files are read: set the serialization library in its storage descriptor", t.Database, t.Name))
	}
	return nil, Unsupported.New(fmt.Sprintf("table %s.%s is read by %s, which is not supported: supported are Parquet, delimited text, CSV (OpenCSVSerde) and JSON", t.Database, t.Name, name))
}

type formatKind struct {
	library string
	hint    string // in the input format or the classification
	open    func(t *catalog.Table, st catalog.Storage) (format, error)
}

// The classes that other engines load for the formats that we read.
const (
	parquetSerde = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
	lazySerde    = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
	openCSVSerde = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
	openXSerde   = "org.openx.data.jsonserde.JsonSerDe"
	hiveJSON     = "org.apache.hive.hcatalog.data.JsonSerDe"
	hiveJSON2    = "org.apache.hadoop.hive.serde2.JsonSerDe"
	amazonJSON   = "com.amazon.emr.hive.serde.s3.JsonSerDe"
)

func formats() []formatKind {
	return []formatKind{
		{parquetSerde, "parquet", openParquet},
		{lazySerde, "", openText},
		{openCSVSerde, "csv", openCSV},
		{openXSerde, "json", openOpenX},
		{hiveJSON, "", openHiveJSON},
		{hiveJSON2, "", openHiveJSON},
		{amazonJSON, "", openHiveJSON},
	}
}

func hinted(t *catalog.Table, st catalog.Storage, hint string) bool {
	return strings.Contains(strings.ToLower(st.InputFormat), hint) ||
		strings.EqualFold(t.Parameters["classification"], hint) || strings.EqualFold(st.Parameters["classification"], hint)
}

// property finds a setting of the row format: at the serde, or at the table.
func property(t *catalog.Table, st catalog.Storage, key string) (string, bool) {
	for _, m := range []map[string]string{st.Serde.Parameters, st.Parameters, t.Parameters} {
		if v, ok := m[key]; ok {
			return v, true
		}
	}
	return "", false
}
