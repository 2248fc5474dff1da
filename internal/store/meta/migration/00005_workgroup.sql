-- +goose Up
-- Work groups: who runs queries together, under which settings (JSON).
CREATE TABLE workgroup (
  name        TEXT NOT NULL PRIMARY KEY,
  enabled     INTEGER NOT NULL,
  description TEXT NOT NULL,
  settings    TEXT NOT NULL,
  tags        TEXT NOT NULL,
  created     INTEGER NOT NULL
);

-- Saved queries, named for people; the id is what programs use.
CREATE TABLE workgroup_query (
  id            TEXT NOT NULL PRIMARY KEY,
  workgroup     TEXT NOT NULL,
  name          TEXT NOT NULL,
  description   TEXT NOT NULL,
  database_name TEXT NOT NULL,
  statement     TEXT NOT NULL,
  token         TEXT NOT NULL
);
CREATE INDEX workgroup_query_group ON workgroup_query (workgroup, id);
CREATE UNIQUE INDEX workgroup_query_token ON workgroup_query (token) WHERE token <> '';

-- Prepared statements.
CREATE TABLE workgroup_statement (
  workgroup   TEXT NOT NULL,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  statement   TEXT NOT NULL,
  modified    INTEGER NOT NULL,
  PRIMARY KEY (workgroup, name)
);

-- Executions, their queue and their history. request is what was asked,
-- outcome what came of it (both JSON); times are Unix microseconds.
CREATE TABLE workgroup_execution (
  id        TEXT NOT NULL PRIMARY KEY,
  workgroup TEXT NOT NULL,
  token     TEXT NOT NULL,
  state     TEXT NOT NULL,
  submitted INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  request   TEXT NOT NULL,
  outcome   TEXT NOT NULL
);
CREATE UNIQUE INDEX workgroup_execution_token ON workgroup_execution (token);
CREATE INDEX workgroup_execution_group ON workgroup_execution (workgroup, submitted, id);
CREATE INDEX workgroup_execution_state ON workgroup_execution (state, submitted, id);
CREATE INDEX workgroup_execution_completed ON workgroup_execution (completed);

-- +goose Down
DROP TABLE workgroup_execution;
DROP TABLE workgroup_statement;
DROP TABLE workgroup_query;
DROP TABLE workgroup;
