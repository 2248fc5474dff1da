-- +goose Up
-- Buckets, objects and uploads. Bytes above a small size are files (store/blob)
-- that are named here by blob.
CREATE TABLE bucket (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  name    TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL,
  tags    TEXT NOT NULL
);

-- The index of keys: narrow, and in key order on the disk, so that listing
-- reads it from end to end. Keys are bytes: the order is that of their bytes.
-- At most one of blob, body and manifest says where the bytes are.
CREATE TABLE object (
  bucket     INTEGER NOT NULL REFERENCES bucket (id),
  key        BLOB NOT NULL,
  size       INTEGER NOT NULL,
  etag       TEXT NOT NULL,
  modified   INTEGER NOT NULL,
  algorithm  TEXT NOT NULL,
  composite  INTEGER NOT NULL,
  parts      INTEGER NOT NULL,
  blob       TEXT NOT NULL,
  body       INTEGER NOT NULL,
  manifest   TEXT NOT NULL,
  checksum   TEXT NOT NULL,
  tags       TEXT NOT NULL,
  attributes TEXT NOT NULL,
  PRIMARY KEY (bucket, key)
) WITHOUT ROWID;

-- Small bodies. Rows are added at the end whatever the key is.
CREATE TABLE body (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  data BLOB NOT NULL
);

-- Uploads in parts that are not completed.
CREATE TABLE upload (
  id         TEXT NOT NULL PRIMARY KEY,
  bucket     INTEGER NOT NULL REFERENCES bucket (id),
  key        BLOB NOT NULL,
  created    INTEGER NOT NULL,
  algorithm  TEXT NOT NULL,
  composite  INTEGER NOT NULL,
  tags       TEXT NOT NULL,
  attributes TEXT NOT NULL
);
CREATE INDEX upload_key ON upload (bucket, key, id);

-- Parts of uploads, and of objects whose manifest is the upload's id. start is
-- the place of the part in the object; blob is empty when the object's parts
-- were joined into one file.
CREATE TABLE part (
  manifest TEXT NOT NULL,
  number   INTEGER NOT NULL,
  size     INTEGER NOT NULL,
  start    INTEGER NOT NULL,
  etag     TEXT NOT NULL,
  modified INTEGER NOT NULL,
  checksum TEXT NOT NULL,
  blob     TEXT NOT NULL,
  PRIMARY KEY (manifest, number)
) WITHOUT ROWID;

-- Who owns a file: asked by the sweep at start.
CREATE INDEX object_blob ON object (blob) WHERE blob <> '';
CREATE INDEX part_blob ON part (blob) WHERE blob <> '';

-- +goose Down
DROP TABLE part;
DROP TABLE upload;
DROP TABLE body;
DROP TABLE object;
DROP TABLE bucket;
