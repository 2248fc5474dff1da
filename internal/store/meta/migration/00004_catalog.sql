-- +goose Up
-- The names and shapes of tables. Documents are JSON; times are Unix
-- microseconds, 0 for none.
CREATE TABLE catalog_database (
  name     TEXT NOT NULL PRIMARY KEY,
  document TEXT NOT NULL
);

-- id names a table's life: a table made again under an old name gets another.
CREATE TABLE catalog_table (
  database_name TEXT NOT NULL REFERENCES catalog_database (name) ON DELETE CASCADE,
  name          TEXT NOT NULL,
  id            TEXT NOT NULL UNIQUE,
  version       INTEGER NOT NULL,
  partitions    INTEGER NOT NULL,
  document      TEXT NOT NULL,
  PRIMARY KEY (database_name, name)
);

-- The versions before the current one.
CREATE TABLE catalog_version (
  table_id TEXT NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
  version  INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (table_id, version)
);

-- What most partitions of a table share: columns, formats, row format. Kept
-- once and named by its hash.
CREATE TABLE catalog_shape (
  table_id TEXT NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
  hash     TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (table_id, hash)
);

-- place is the partition's values, joined so that the order of places is the
-- order of the values (see DESIGN.md in lake/catalog).
CREATE TABLE catalog_partition (
  table_id      TEXT NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
  place         TEXT NOT NULL,
  location      TEXT NOT NULL,
  shape         TEXT NOT NULL,
  parameters    TEXT NOT NULL,
  created       INTEGER NOT NULL,
  last_access   INTEGER NOT NULL,
  last_analyzed INTEGER NOT NULL,
  PRIMARY KEY (table_id, place)
) WITHOUT ROWID;

-- Column statistics; place is empty for those of the whole table.
CREATE TABLE catalog_statistic (
  table_id    TEXT NOT NULL REFERENCES catalog_table (id) ON DELETE CASCADE,
  place       TEXT NOT NULL,
  column_name TEXT NOT NULL,
  document    TEXT NOT NULL,
  PRIMARY KEY (table_id, place, column_name)
);

-- +goose Down
DROP TABLE catalog_statistic;
DROP TABLE catalog_partition;
DROP TABLE catalog_shape;
DROP TABLE catalog_version;
DROP TABLE catalog_table;
DROP TABLE catalog_database;
