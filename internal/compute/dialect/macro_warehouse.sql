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
CREATE OR REPLACE MACRO warehouse."%"
  (a INTEGER, b INTEGER) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS INTEGER) ELSE system.main."%"(a, b) END,
  (a BIGINT, b BIGINT) AS CASE WHEN b = 0 THEN CAST('!! division by zero !!' AS BIGINT) ELSE system.main."%"(a, b) END,
  (a, b) AS system.main."%"(a, b);

-- x ~ y looks for the pattern anywhere; the engine's matches the whole text.
CREATE OR REPLACE MACRO warehouse.regexp_full_match(s, p) AS system.main.regexp_matches(s, p);
CREATE OR REPLACE MACRO warehouse."~*"(s, p) AS system.main.regexp_matches(s, p, 'i');
CREATE OR REPLACE MACRO warehouse."!~*"(s, p) AS NOT system.main.regexp_matches(s, p, 'i');
CREATE OR REPLACE MACRO warehouse."|/"(x) AS sqrt(x);
CREATE OR REPLACE MACRO warehouse."||/"(x) AS cbrt(x);

CREATE OR REPLACE MACRO warehouse.sum_of(p HUGEINT[], a) AS CAST(a AS BIGINT), (p, a) AS a;
CREATE OR REPLACE MACRO warehouse.sum_result(a) AS list_transform([a], lambda v: warehouse.sum_of([v], v))[1];

CREATE OR REPLACE MACRO warehouse.getdate() AS localtimestamp;
CREATE OR REPLACE MACRO warehouse.units(u, n) AS CASE lower(u)
  WHEN 'microsecond' THEN to_microseconds(n) WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n)
  WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n) WHEN 'day' THEN to_days(CAST(n AS INTEGER))
  WHEN 'week' THEN to_weeks(CAST(n AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER))
  WHEN 'quarter' THEN to_months(CAST(n * 3 AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER))
  ELSE to_seconds(CAST('!! "' || u || '" is not a part of a date !!' AS BIGINT)) END;
CREATE OR REPLACE MACRO warehouse.dateadd(u, n, a) AS CAST(a AS TIMESTAMP) + warehouse.units(u, n);
CREATE OR REPLACE MACRO warehouse.add_months(a, n) AS CAST(a AS TIMESTAMP) + to_months(CAST(n AS INTEGER));
CREATE OR REPLACE MACRO warehouse.months_between(a, b) AS date_sub('month', CAST(b AS TIMESTAMP), CAST(a AS TIMESTAMP));
CREATE OR REPLACE MACRO warehouse.convert_timezone
  (z, a) AS timezone(z, timezone('UTC', CAST(a AS TIMESTAMP))),
  (f, z, a) AS timezone(z, timezone(f, CAST(a AS TIMESTAMP)));

CREATE OR REPLACE MACRO warehouse.charindex(x, s) AS strpos(s, x);
CREATE OR REPLACE MACRO warehouse.btrim(s) AS trim(s), (s, c) AS trim(s, c);
CREATE OR REPLACE MACRO warehouse.initcap(s) AS array_to_string(list_transform(
  regexp_extract_all(s, '[\p{L}\p{N}]+|[^\p{L}\p{N}]+'), lambda w: upper(w[1]) || lower(w[2:])), '');
CREATE OR REPLACE MACRO warehouse.regexp_like(s, p) AS system.main.regexp_matches(s, p);
CREATE OR REPLACE MACRO warehouse.regexp_substr(s, p) AS regexp_extract(s, p);
CREATE OR REPLACE MACRO warehouse.regexp_count(s, p) AS CAST(len(regexp_extract_all(s, p)) AS INTEGER);
CREATE OR REPLACE MACRO warehouse.octet_length(s) AS system.main.octet_length(encode(s));
CREATE OR REPLACE MACRO warehouse.json_extract_path_text
  (j, a) AS json_extract_string(j, '$."' || a || '"'),
  (j, a, b) AS json_extract_string(j, '$."' || a || '"."' || b || '"'),
  (j, a, b, c) AS json_extract_string(j, '$."' || a || '"."' || b || '"."' || c || '"'),
  (j, a, b, c, d) AS json_extract_string(j, '$."' || a || '"."' || b || '"."' || c || '"."' || d || '"');
CREATE OR REPLACE MACRO warehouse.json_extract_array_element_text(j, n) AS json_extract_string(j, '$[' || CAST(n AS VARCHAR) || ']');
CREATE OR REPLACE MACRO warehouse.is_valid_json(j) AS json_valid(j);
CREATE OR REPLACE MACRO warehouse.func_sha1(s) AS system.main.sha1(s);
