-- +goose Up
-- Numbers of things that clients of the warehouse know by number. A name keeps
-- its number for ever, also when it is dropped and made again.
CREATE TABLE syscat_oid (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  oid  INTEGER NOT NULL,
  PRIMARY KEY (kind, name)
);
CREATE UNIQUE INDEX syscat_oid_oid ON syscat_oid (oid);

-- +goose Down
DROP TABLE syscat_oid;
