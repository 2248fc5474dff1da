// Package catalog keeps the names and shapes of tables: databases, tables with
// their versions, partitions and statistics.
//
// A table here is a description: columns, partition keys, where the files are
// and how rows are written in them. The bytes are in lake/object; who reads
// them is compute/query. Every door sees the same catalog, so a table that one
// client registers is there for all at once.
//
// Promises:
//   - each call is one transaction of store/meta: all of it happens or nothing,
//     and it is on disk when the call returns;
//   - listings come in the order of names (or partition values, as bytes), and
//     a token goes on correctly when entries came or went in between;
//   - a table update that names the version it read fails when another update
//     came first, so that two writers cannot lose each other's work.
//
// Names of databases and tables are kept in lower case and found in any case;
// names of columns stay as they were given and are matched in any case.
package catalog

import "time"

// Database is a named set of tables. Names are kept in lower case.
type Database struct {
	Name        string            `json:"name"`
	Description string            `json:"description,omitempty"`
	LocationURI string            `json:"location_uri,omitempty"` // "s3://bucket/prefix/" or empty
	Parameters  map[string]string `json:"parameters,omitempty"`
	Created     time.Time         `json:"created,omitzero"`
}

// Column is a column of a table or partition. Type is a Hive type name:
// "bigint", "decimal(10,2)", "array<struct<a:int,b:string>>".
type Column struct {
	Name       string            `json:"name"`
	Type       string            `json:"type,omitempty"`
	Comment    string            `json:"comment,omitempty"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

// Serde says how rows are written in files.
type Serde struct {
	Name       string            `json:"name,omitempty"`
	Library    string            `json:"library,omitempty"` // the Java class that other engines load
	Parameters map[string]string `json:"parameters,omitempty"`
}

// Order is one column of a sort order.
type Order struct {
	Column     string `json:"column"`
	Descending bool   `json:"descending,omitempty"`
}

// Skew says which values of which columns are so frequent that the writer
// keeps their rows in places of their own.
type Skew struct {
	Columns   []string          `json:"columns,omitempty"`
	Values    []string          `json:"values,omitempty"`
	Locations map[string]string `json:"locations,omitempty"` // by value
}

// Storage says where and how the rows of a table or partition are kept.
type Storage struct {
	Columns                []Column          `json:"columns,omitempty"`
	Location               string            `json:"location,omitempty"` // "s3://bucket/prefix"
	AdditionalLocations    []string          `json:"additional_locations,omitempty"`
	InputFormat            string            `json:"input_format,omitempty"`
	OutputFormat           string            `json:"output_format,omitempty"`
	Compressed             bool              `json:"compressed,omitempty"`
	Buckets                int               `json:"buckets,omitempty"`
	Serde                  Serde             `json:"serde,omitzero"`
	BucketColumns          []string          `json:"bucket_columns,omitempty"`
	Sort                   []Order           `json:"sort,omitempty"`
	Skew                   *Skew             `json:"skew,omitempty"`
	Parameters             map[string]string `json:"parameters,omitempty"`
	StoredAsSubDirectories bool              `json:"stored_as_sub_directories,omitempty"`
}

// Table is one version of a table.
type Table struct {
	Database         string            `json:"database"`
	Name             string            `json:"name"`
	Description      string            `json:"description,omitempty"`
	Owner            string            `json:"owner,omitempty"`
	Type             string            `json:"type,omitempty"` // "EXTERNAL_TABLE", "VIRTUAL_VIEW", or as the writer says
	Created          time.Time         `json:"created,omitzero"`
	Updated          time.Time         `json:"updated,omitzero"`
	LastAccess       time.Time         `json:"last_access,omitzero"`
	LastAnalyzed     time.Time         `json:"last_analyzed,omitzero"`
	RetentionSeconds int               `json:"retention_seconds,omitempty"`
	Storage          Storage           `json:"storage,omitzero"`
	PartitionKeys    []Column          `json:"partition_keys,omitempty"`
	ViewOriginal     string            `json:"view_original,omitempty"`
	ViewExpanded     string            `json:"view_expanded,omitempty"`
	Parameters       map[string]string `json:"parameters,omitempty"`
	CreatedBy        string            `json:"created_by,omitempty"` // ARN
	Version          string            `json:"-"`                    // decimal, from "0"
}

// Partition is one partition of a table, named by its values in the order of
// the table's partition keys. Partitions of one listing may share the slices
// and maps of Storage and Parameters: do not write to them.
type Partition struct {
	Database, Table string
	Values          []string
	Created         time.Time
	LastAccess      time.Time
	LastAnalyzed    time.Time
	Storage         Storage
	Parameters      map[string]string
}
