package workgroup

import (
	"errors"
	"strings"
	"testing"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

func TestClasses(t *testing.T) {
	for _, tt := range []struct {
		sql, typ, subtype string
		file              File
	}{
		{"select 1", "DML", "SELECT", FileCSV},
		{"-- note\nWITH a AS (SELECT 1) SELECT * FROM a", "DML", "SELECT", FileCSV},
		{"( SELECT 1 ) UNION ALL (SELECT 2)", "DML", "SELECT", FileCSV},
		{"VALUES 1, 2", "DML", "SELECT", FileCSV},
		{"EXPLAIN SELECT 1", "DML", "EXPLAIN", FileText},
		{"INSERT INTO t VALUES (1)", "DML", "INSERT", FileManifest},
		{"UNLOAD (SELECT 1) TO 's3://b/p/' WITH (format = 'PARQUET')", "DML", "UNLOAD", FileManifest},
		{"CREATE /* c */ TABLE \"a\".\"b\" WITH (format = 'PARQUET') AS SELECT 1 x", "DDL", "CREATE_TABLE_AS_SELECT", FileTable},
		{"CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/p/'", "DDL", "CREATE_TABLE", FileText},
		{"CREATE SCHEMA d", "DDL", "CREATE_DATABASE", FileText},
		{"CREATE OR REPLACE VIEW v AS SELECT 1 x", "DDL", "CREATE_VIEW", FileText},
		{"DROP TABLE IF EXISTS t", "DDL", "DROP_TABLE", FileText},
		{"ALTER TABLE t ADD IF NOT EXISTS PARTITION (y = '1')", "DDL", "ALTER_TABLE_ADD_PARTITION", FileText},
		{"ALTER TABLE d.t SET TBLPROPERTIES ('comment' = 'add columns')", "DDL", "ALTER_TABLE_PROPERTIES", FileText},
		{"ALTER TABLE t ADD COLUMNS (a int)", "DDL", "ALTER_TABLE_ADD_COLUMN", FileText},
		{"MSCK REPAIR TABLE `t`;", "DDL", "MSCK_REPAIR_TABLE", FileText},
		{"SHOW TABLES IN d 'x*'", "UTILITY", "SHOW_TABLES", FileText},
		{"SHOW SCHEMAS", "UTILITY", "SHOW_DATABASES", FileText},
		{"SHOW PARTITIONS t", "UTILITY", "SHOW_PARTITIONS", FileText},
		{"SHOW CREATE TABLE `t`;", "UTILITY", "SHOW_CREATE_TABLE", FileText},
		{"DESCRIBE `t`;", "UTILITY", "DESCRIBE_TABLE", FileText},
		{"DESC t", "UTILITY", "DESCRIBE_TABLE", FileText},
		{"PREPARE p FROM SELECT ?", "UTILITY", "", FileText},
	} {
		st, err := dialect.Parse(tt.sql, dialect.Lake)
		if err != nil {
			t.Errorf("%s: %v", tt.sql, err)
			continue
		}
		if c := classOf(st); c.Type != tt.typ || c.Subtype != tt.subtype || c.File != tt.file {
			t.Errorf("%s: %+v", tt.sql, c)
		}
	}
}

func TestParametersAreExpressionsOrText(t *testing.T) {
	for value, want := range map[string]string{
		"1":                                    "1",
		"-1":                                   "(-1)",
		"1 + 1":                                "(1 + 1)",
		"'it''s'":                              "'it''s'",
		"NULL":                                 "NULL",
		"DATE '2020-01-01'":                    "(DATE '2020-01-01')",
		"now()":                                "(now())",
		"date_add('day', 1, now())":            "(date_add('day', 1, now()))",
		"CAST('1' AS decimal(3,1))":            "(CAST('1' AS decimal(3,1)))",
		"ARRAY[1, 2]":                          "(ARRAY[1, 2])",
		"INTERVAL '1' DAY":                     "(INTERVAL '1' DAY)",
		"abc":                                  "'abc'",
		"abc def":                              "'abc def'",
		"it's":                                 "'it''s'",
		"x + 1":                                "'x + 1'",
		"t.x":                                  "'t.x'",
		"123e4567-e89b-12d3-a456-426614174000": "'123e4567-e89b-12d3-a456-426614174000'",
		"1 -- gone":                            "'1 -- gone'",
		"1; DROP TABLE t":                      "'1; DROP TABLE t'",
		"1) OR (1=1":                           "'1) OR (1=1'",
		"(SELECT 1)":                           "'(SELECT 1)'",
		"":                                     "''",
		strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100): "'" + strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100) + "'",
	} {
		if got := literals([]string{value})[0]; got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

func TestBind(t *testing.T) {
	got, err := bind("SELECT '?', \"a?\", ? -- ?\nWHERE x = ?", []string{"1", "'b'"})
	if want := "SELECT '?', \"a?\", 1 -- ?\nWHERE x = 'b'"; err != nil || got != want {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := bind("SELECT ?, ?", []string{"1"}); !errors.Is(err, BadParameters) {
		t.Errorf("one value for two: %v", err)
	}
	if got, err := bind("SELECT 1", []string{"2"}); err != nil || got != "SELECT 1" {
		t.Errorf("a value for none: %q, %v", got, err)
	}
}
