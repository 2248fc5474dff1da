package workgroup

import (
	"strings"

	"github.com/boathouse-data/boathouse/internal/compute/dialect"
)

// Class is the kind of a statement as its history tells it, and where its
// result goes.
type Class struct {
	Type    string `json:"type"`              // "DML", "DDL" or "UTILITY"
	Subtype string `json:"subtype,omitempty"` // "SELECT", "CREATE_TABLE_AS_SELECT", "SHOW_TABLES"
	File    File   `json:"file"`
	Update  string `json:"update,omitempty"` // command word of statements that count rows: "INSERT"
	Header  bool   `json:"header,omitempty"` // the first row of the first page names the columns
}

// File is the form of a statement's result file.
type File string

// The forms.
const (
	FileCSV      File = "csv"      // <id>.csv, rows
	FileText     File = "text"     // <id>.txt, lines
	FileManifest File = "manifest" // <id> by name, never written; <id>-manifest.csv lists what was
	FileTable    File = "table"    // the same under tables/
)

func ddl(subtype string) Class     { return Class{Type: "DDL", Subtype: subtype, File: FileText} }
func utility(subtype string) Class { return Class{Type: "UTILITY", Subtype: subtype, File: FileText} }

var selectClass = Class{Type: "DML", Subtype: "SELECT", File: FileCSV, Header: true}

// classes maps a statement's command words to its class.
var classes = map[string]Class{
	"SELECT":                        selectClass,
	"EXPLAIN":                       {Type: "DML", Subtype: "EXPLAIN", File: FileText, Header: true},
	"INSERT":                        {Type: "DML", Subtype: "INSERT", File: FileManifest, Update: "INSERT"},
	"UNLOAD":                        {Type: "DML", Subtype: "UNLOAD", File: FileManifest, Update: "UNLOAD"},
	"CREATE TABLE AS SELECT":        {Type: "DDL", Subtype: "CREATE_TABLE_AS_SELECT", File: FileTable, Update: "CREATE TABLE"},
	"CREATE TABLE":                  ddl("CREATE_TABLE"),
	"CREATE EXTERNAL TABLE":         ddl("CREATE_TABLE"),
	"CREATE DATABASE":               ddl("CREATE_DATABASE"),
	"CREATE VIEW":                   ddl("CREATE_VIEW"),
	"DROP TABLE":                    ddl("DROP_TABLE"),
	"DROP DATABASE":                 ddl("DROP_DATABASE"),
	"DROP VIEW":                     ddl("DROP_VIEW"),
	"ALTER DATABASE":                ddl("ALTER_DATABASE"),
	"ALTER TABLE ADD PARTITION":     ddl("ALTER_TABLE_ADD_PARTITION"),
	"ALTER TABLE DROP PARTITION":    ddl("ALTER_TABLE_DROP_PARTITION"),
	"ALTER TABLE RENAME PARTITION":  ddl("ALTER_TABLE_RENAME_PARTITION"),
	"ALTER TABLE ADD COLUMNS":       ddl("ALTER_TABLE_ADD_COLUMN"),
	"ALTER TABLE REPLACE COLUMNS":   ddl("ALTER_TABLE_REPLACE_COLUMN"),
	"ALTER TABLE CHANGE COLUMN":     ddl("ALTER_TABLE_CHANGE_COLUMN"),
	"ALTER TABLE DROP COLUMN":       ddl("ALTER_TABLE_DROP_COLUMN"),
	"ALTER TABLE RENAME":            ddl("ALTER_TABLE_RENAME"),
	"ALTER TABLE SET LOCATION":      ddl("ALTER_TABLE_SET_LOCATION"),
	"ALTER TABLE SET TBLPROPERTIES": ddl("ALTER_TABLE_PROPERTIES"),
	"MSCK REPAIR TABLE":             ddl("MSCK_REPAIR_TABLE"),
	"DESCRIBE":                      utility("DESCRIBE_TABLE"),
	"SHOW TABLES":                   utility("SHOW_TABLES"),
	"SHOW VIEWS":                    utility("SHOW_VIEWS"),
	"SHOW DATABASES":                utility("SHOW_DATABASES"),
	"SHOW COLUMNS":                  utility("SHOW_COLUMNS"),
	"SHOW PARTITIONS":               utility("SHOW_PARTITIONS"),
	"SHOW TBLPROPERTIES":            utility("SHOW_TBLPROPERTIES"),
	"SHOW CREATE TABLE":             utility("SHOW_CREATE_TABLE"),
	"SHOW CREATE VIEW":              utility("SHOW_CREATE_VIEW"),
	"SHOW FUNCTIONS":                {Type: "UTILITY", Subtype: "SHOW_FUNCTIONS", File: FileCSV, Header: true},
}

// classOf is a statement's class.
func classOf(st dialect.Statement) Class {
	if c, ok := classes[st.Tag()]; ok {
		return c
	}
	switch verb, _, _ := strings.Cut(st.Tag(), " "); verb {
	case "CREATE", "DROP", "ALTER":
		return ddl("")
	default:
		return utility("")
	}
}
