-- +goose Up
-- Users, roles and groups. key is the name in lower case: names are unique
-- without regard to case. body is the JSON of what only some kinds have.
CREATE TABLE identity_entity (
  kind    TEXT NOT NULL,
  key     TEXT NOT NULL,
  name    TEXT NOT NULL,
  id      TEXT NOT NULL,
  path    TEXT NOT NULL,
  created INTEGER NOT NULL,
  body    TEXT NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE UNIQUE INDEX identity_entity_id ON identity_entity (id);

-- Long-term access keys of users. secret is sealed. Times are Unix seconds.
CREATE TABLE identity_key (
  access_key   TEXT NOT NULL PRIMARY KEY,
  owner        TEXT NOT NULL,
  secret       BLOB NOT NULL,
  active       INTEGER NOT NULL,
  created      INTEGER NOT NULL,
  used         INTEGER NOT NULL,
  used_service TEXT NOT NULL,
  used_region  TEXT NOT NULL
);
CREATE INDEX identity_key_owner ON identity_key (owner, created);

-- Temporary credentials. token is the SHA-256 of the session token.
CREATE TABLE identity_session (
  access_key TEXT NOT NULL PRIMARY KEY,
  secret     BLOB NOT NULL,
  token      TEXT NOT NULL,
  issued     INTEGER NOT NULL,
  expires    INTEGER NOT NULL,
  body       TEXT NOT NULL
);
CREATE INDEX identity_session_expires ON identity_session (expires);

-- Policies written into one user, role or group.
CREATE TABLE identity_inline (
  kind     TEXT NOT NULL,
  key      TEXT NOT NULL,
  name     TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (kind, key, name)
);

-- Managed policies, their versions, and whom they are attached to.
CREATE TABLE identity_policy (
  arn             TEXT NOT NULL PRIMARY KEY,
  key             TEXT NOT NULL,
  name            TEXT NOT NULL,
  id              TEXT NOT NULL,
  path            TEXT NOT NULL,
  description     TEXT NOT NULL,
  default_version INTEGER NOT NULL,
  last_version    INTEGER NOT NULL,
  created         INTEGER NOT NULL,
  updated         INTEGER NOT NULL,
  tags            TEXT NOT NULL
);
CREATE UNIQUE INDEX identity_policy_key ON identity_policy (key);
CREATE TABLE identity_policy_version (
  arn      TEXT NOT NULL,
  version  INTEGER NOT NULL,
  document TEXT NOT NULL,
  created  INTEGER NOT NULL,
  PRIMARY KEY (arn, version)
);
CREATE TABLE identity_attachment (
  kind TEXT NOT NULL,
  key  TEXT NOT NULL,
  arn  TEXT NOT NULL,
  PRIMARY KEY (kind, key, arn)
);
CREATE INDEX identity_attachment_arn ON identity_attachment (arn, kind, key);

-- Users in groups.
CREATE TABLE identity_member (
  group_key TEXT NOT NULL,
  user_key  TEXT NOT NULL,
  PRIMARY KEY (group_key, user_key)
);
CREATE INDEX identity_member_user ON identity_member (user_key, group_key);

-- +goose Down
DROP TABLE identity_member;
DROP TABLE identity_attachment;
DROP TABLE identity_policy_version;
DROP TABLE identity_policy;
DROP TABLE identity_inline;
DROP TABLE identity_session;
DROP TABLE identity_key;
DROP TABLE identity_entity;
