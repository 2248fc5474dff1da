-- +goose Up
-- What the server knows of itself.
CREATE TABLE server (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- +goose Down
DROP TABLE server;
