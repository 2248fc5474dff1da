package glue

import (
	"strings"
)

// What a policy is asked about follows the service: an operation on a table
// needs its action allowed on the table, on its database and on the catalog.
// Source: "Specifying AWS Glue resource ARNs" in the developer guide.

func (d *door) arn(resource string) string {
	return "arn:aws:glue:" + d.Region + ":" + d.Account + ":" + resource
}

func (d *door) catalogARN() string { return d.arn("catalog") }

func (d *door) databaseARN(name string) string { return d.arn("database/" + strings.ToLower(name)) }

func (d *door) tableARN(database, name string) string {
	return d.arn("table/" + strings.ToLower(database) + "/" + strings.ToLower(name))
}

func ofCatalog[In any](d *door) func(*In) []string {
	return func(*In) []string { return []string{d.catalogARN()} }
}

func ofDatabase[In any](d *door, name func(*In) *string) func(*In) []string {
	return func(in *In) []string { return []string{d.catalogARN(), d.databaseARN(str(name(in)))} }
}

// ofTables asks about a database and all its tables.
func ofTables[In any](d *door, database func(*In) *string) func(*In) []string {
	return func(in *In) []string {
		db := str(database(in))
		return []string{d.catalogARN(), d.databaseARN(db), d.tableARN(db, "*")}
	}
}

func ofTable[In any](d *door, names func(*In) (database, table *string)) func(*In) []string {
	return func(in *In) []string {
		db, table := names(in)
		return []string{d.catalogARN(), d.databaseARN(str(db)), d.tableARN(str(db), str(table))}
	}
}
