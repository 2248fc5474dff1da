// Package catalog keeps the names and shapes of tables: databases, tables with
// their versions, partitions and statistics.
package catalog

import "time"

// Database is a named set of tables. Names are kept in lower case.
type Database struct {
	Name        string
	Description string
	LocationURI string // "s3://bucket/prefix/" or empty
	Parameters  map[string]string
	Created     time.Time
}

// Column is a column of a table or partition. Type is a Hive type name:
// "bigint", "decimal(10,2)", "array<struct<a:int,b:string>>".
type Column struct {
	Name       string
	Type       string
	Comment    string
	Parameters map[string]string
}

// Serde says how rows are written in files.
type Serde struct {
	Name       string
	Library    string // the Java class that other engines load
	Parameters map[string]string
}

// Order is one column of a sort order.
type Order struct {
	Column     string
	Descending bool
}

// Storage says where and how the rows of a table or partition are kept.
type Storage struct {
	Columns                []Column
	Location               string // "s3://bucket/prefix"
	AdditionalLocations    []string
	InputFormat            string
	OutputFormat           string
	Compressed             bool
	Buckets                int
	Serde                  Serde
	BucketColumns          []string
	Sort                   []Order
	Parameters             map[string]string
	StoredAsSubDirectories bool
}

// Table is one version of a table.
type Table struct {
	Database         string
	Name             string
	Description      string
	Owner            string
	Type             string // "EXTERNAL_TABLE", "VIRTUAL_VIEW", or as the writer says
	Created, Updated time.Time
	LastAccess       time.Time
	LastAnalyzed     time.Time
	RetentionSeconds int
	Storage          Storage
	PartitionKeys    []Column
	ViewOriginal     string
	ViewExpanded     string
	Parameters       map[string]string
	CreatedBy        string // ARN
	Version          string // decimal, from "0"
}

// Partition is one partition of a table, named by its values in the order of
// the table's partition keys.
type Partition struct {
	Database, Table string
	Values          []string
	Created         time.Time
	LastAccess      time.Time
	LastAnalyzed    time.Time
	Storage         Storage
	Parameters      map[string]string
}
