-- The functions and operators of the warehouse dialect that the engine lacks or
-- understands otherwise. They are found through the search path, so a macro that
-- uses the engine's function of its own name says system.main.

CREATE SCHEMA IF NOT EXISTS warehouse;

CREATE OR REPLACE MACRO warehouse."/"
  (a SMALLINT, b SMALLINT) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS SMALLINT) ELSE divide(a, b) END,
  (a INTEGER, b INTEGER) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS INTEGER) ELSE divide(a, b) END,
  (a BIGINT, b BIGINT) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS BIGINT) ELSE divide(a, b) END,
  (a HUGEINT, b HUGEINT) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS HUGEINT) ELSE divide(a, b) END,
  (a, b) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS DOUBLE) ELSE system.main."/"(a, b) END;
