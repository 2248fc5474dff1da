-- The functions of the lake dialect that the engine lacks or understands
-- otherwise. Where the result depends on an argument's type, a macro f(a) calls
-- f_of([a], a): the engine chooses the form by the type of the list, which it
-- converts to nothing else, and the form uses the untouched argument.
--
-- A refusal is a cast of '!! message !!' to a number (see EngineMessage), because
-- the engine's error() may not stand inside TRY.

CREATE SCHEMA IF NOT EXISTS lake;
CREATE SCHEMA IF NOT EXISTS lake_operators;

-- fail refuses with a message where a value of w's type is wanted.
CREATE OR REPLACE MACRO lake.fail(m, w) AS cast_to_type(CAST(CAST('!! ' || m || ' !!' AS INTEGER) AS VARCHAR), w);

-- operators ------------------------------------------------------------------

-- Whole numbers divide to whole numbers. A decimal divides to as many digits
-- behind the point as the longer operand has, rounded half away from zero: the
-- quotient is computed in whole numbers of 128 bits.
CREATE OR REPLACE MACRO lake.scale(a) AS CAST(coalesce(nullif(regexp_extract(typeof(a), '^DECIMAL\(\d+,(\d+)\)$', 1), ''), '0') AS INTEGER);
CREATE OR REPLACE MACRO lake.power_of_ten(n) AS CAST('1' || repeat('0', n) AS HUGEINT);
CREATE OR REPLACE MACRO lake.half_up(n, d) AS CASE WHEN (n < 0) = (d < 0) THEN (2 * n + d) // (2 * d) ELSE (2 * n - d) // (2 * d) END;
CREATE OR REPLACE MACRO lake.divide_decimals(a, b, w, s) AS
  CAST(lake.half_up(CAST(a * lake.power_of_ten(s + lake.scale(b)) AS HUGEINT), CAST(b * lake.power_of_ten(lake.scale(b)) AS HUGEINT)) AS DECIMAL(38,0))
  * cast_to_type(CASE WHEN s = 0 THEN '1' ELSE '0.' || repeat('0', s - 1) || '1' END, w);
CREATE OR REPLACE MACRO lake.divide(a, b) AS CASE
  WHEN typeof(add(a, b)) NOT LIKE 'DECIMAL%' THEN cast_to_type(system.main."/"(a, b), add(a, b))
  WHEN b = 0 THEN lake.fail('Division by zero', add(add(a, b), CAST(0 AS DECIMAL(38,0))))
  ELSE cast_to_type(lake.divide_decimals(a, b, add(add(a, b), CAST(0 AS DECIMAL(38,0))), lake.scale(add(a, b))), add(add(a, b), CAST(0 AS DECIMAL(38,0)))) END;
CREATE OR REPLACE MACRO lake_operators."/"
  (a TINYINT, b TINYINT) AS CAST(CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS TINYINT) ELSE divide(a, b) END AS TINYINT),
  (a SMALLINT, b SMALLINT) AS CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS SMALLINT) ELSE divide(a, b) END,
  (a INTEGER, b INTEGER) AS CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS INTEGER) ELSE divide(a, b) END,
  (a BIGINT, b BIGINT) AS CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS BIGINT) ELSE divide(a, b) END,
  (a HUGEINT, b HUGEINT) AS CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS HUGEINT) ELSE divide(a, b) END,
  (a, b) AS lake.divide(a, b);
-- In TRY over aggregates a division by zero is NULL.
CREATE OR REPLACE MACRO lake_operators."//"
  (a BIGINT, b BIGINT) AS divide(a, b),
  (a HUGEINT, b HUGEINT) AS divide(a, b),
  (a, b) AS lake.divide(a, nullif(b, 0));
CREATE OR REPLACE MACRO lake_operators."%"
  (a BIGINT, b BIGINT) AS CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS INTEGER) ELSE mod(a, b) END,
  (a INTEGER, b INTEGER) AS CASE WHEN b = 0 THEN CAST('!! Division by zero !!' AS INTEGER) ELSE mod(a, b) END,
  (a, b) AS CASE WHEN b = 0 AND typeof(add(a, b)) LIKE 'DECIMAL%' THEN lake.fail('Division by zero', mod(a, b)) ELSE mod(a, b) END;
-- A date and an interval make a date: the type of what is not the interval.
CREATE OR REPLACE MACRO lake.plus(a, b) AS cast_to_type(a + b, a);
CREATE OR REPLACE MACRO lake.plus_left(a, b) AS cast_to_type(b + a, b);
CREATE OR REPLACE MACRO lake.minus(a, b) AS cast_to_type(a - b, a);

-- list[index] and map[key] fail on what is not there.
CREATE OR REPLACE MACRO lake.subscript_of
  (p MAP(VARCHAR, VARCHAR), a, b) AS CASE WHEN a IS NULL OR b IS NULL OR map_contains(a, b) THEN a[b]
    ELSE lake.fail('Key not present in map: ' || CAST(b AS VARCHAR), a[b]) END,
  (p, a, b) AS CASE WHEN b BETWEEN 1 AND len(a) THEN a[b] WHEN a IS NULL OR b IS NULL THEN NULL
    WHEN b = 0 THEN lake.fail('SQL array indices start at 1', a[b])
    WHEN b < 0 THEN lake.fail('Array subscript is negative: ' || CAST(b AS VARCHAR), a[b])
    ELSE lake.fail('Array subscript must be less than or equal to array length: ' || CAST(b AS VARCHAR) || ' > ' || CAST(len(a) AS VARCHAR), a[b]) END;
CREATE OR REPLACE MACRO lake.subscript(a, b) AS lake.subscript_of(a, a, b);

-- casts ----------------------------------------------------------------------

CREATE OR REPLACE MACRO lake.scientific(t) AS CASE
  WHEN contains(t, 'e') THEN (CASE WHEN contains(split_part(t, 'e', 1), '.') THEN split_part(t, 'e', 1) ELSE split_part(t, 'e', 1) || '.0' END)
    || 'E' || CAST(CAST(split_part(t, 'e', 2) AS INTEGER) AS VARCHAR)
  WHEN regexp_full_match(t, '0(\.0*)?') THEN '0.0E0'
  WHEN NOT starts_with(t, '0.') THEN t[1] || '.' || coalesce(nullif(rtrim(substr(replace(t, '.', ''), 2), '0'), ''), '0')
    || 'E' || CAST(length(split_part(t, '.', 1)) - 1 AS VARCHAR)
  ELSE ltrim(substr(t, 3), '0')[1] || '.' || coalesce(nullif(substr(ltrim(substr(t, 3), '0'), 2), ''), '0')
    || 'E-' || CAST(length(substr(t, 3)) - length(ltrim(substr(t, 3), '0')) + 1 AS VARCHAR) END;
CREATE OR REPLACE MACRO lake.float_text(a) AS CASE
  WHEN isnan(a) THEN 'NaN' WHEN isinf(a) THEN (CASE WHEN a > 0 THEN 'Infinity' ELSE '-Infinity' END)
  WHEN a < 0 THEN '-' || lake.scientific(substr(CAST(a AS VARCHAR), 2))
  ELSE lake.scientific(CAST(a AS VARCHAR)) END;
CREATE OR REPLACE MACRO lake.cast_varchar_of
  (p VARCHAR[], a) AS a,
  (p JSON[], a) AS CASE WHEN json_type(a) IN ('OBJECT', 'ARRAY') THEN lake.fail('Cannot cast JSON to varchar', '') ELSE json_extract_string(a, '$') END,
  (p DOUBLE[], a) AS lake.float_text(CAST(a AS DOUBLE)),
  (p FLOAT[], a) AS lake.float_text(CAST(a AS FLOAT)),
  (p TIMESTAMP[], a) AS strftime(a, '%Y-%m-%d %H:%M:%S.%g'),
  (p TIMESTAMP WITH TIME ZONE[], a) AS strftime(timezone('UTC', a), '%Y-%m-%d %H:%M:%S.%g') || ' UTC',
  (p DATE[], a) AS CAST(a AS VARCHAR),
  (p BLOB[], a) AS decode(a),
  (p BOOLEAN[], a) AS CAST(a AS VARCHAR),
  (p TINYINT[], a) AS CAST(a AS VARCHAR),
  (p SMALLINT[], a) AS CAST(a AS VARCHAR),
  (p INTEGER[], a) AS CAST(a AS VARCHAR),
  (p BIGINT[], a) AS CAST(a AS VARCHAR),
  (p HUGEINT[], a) AS CAST(a AS VARCHAR),
  (p UBIGINT[], a) AS CAST(a AS VARCHAR),
  (p, a) AS CAST(a AS VARCHAR);
CREATE OR REPLACE MACRO lake.cast_varchar(a) AS CASE WHEN typeof(a) LIKE 'DECIMAL%' THEN CAST(a AS VARCHAR) ELSE lake.cast_varchar_of([a], a) END;

-- The engine's name of a type in the lake's words; arrays up to three deep.
CREATE OR REPLACE MACRO lake.array_words(t) AS regexp_replace(t, '([a-z_]+[0-9]*(?:\((?:[^()]|\([^()]*\))*\))?(?: with time zone)?)\[\]', 'array(\1)', 'g');
CREATE OR REPLACE MACRO lake.type_words(t) AS lake.array_words(lake.array_words(lake.array_words(
  regexp_replace(regexp_replace(regexp_replace(replace(replace(replace(replace(replace(lower(t),
    'struct(', 'row('), 'blob', 'varbinary'), 'float', 'real'), 'hugeint', 'decimal(38,0)'), '"null"', 'unknown'),
    '\btimestamp\b', 'timestamp(3)', 'g'), '\binterval\b', 'interval day to second', 'g'), '\btime\b([^ ]|$)', 'time(3)\1', 'g'))));
CREATE OR REPLACE MACRO lake.typeof(a) AS lake.type_words(typeof(a));

-- arithmetic -----------------------------------------------------------------

CREATE OR REPLACE MACRO lake.random() AS random(), (n) AS CAST(floor(random() * n) AS BIGINT), (m, n) AS m + CAST(floor(random() * (n - m)) AS BIGINT);
CREATE OR REPLACE MACRO lake.truncate(a) AS trunc(a), (a, n) AS cast_to_type(system.main."/"(trunc(a * pow(10, n)), pow(10, n)), a);
CREATE OR REPLACE MACRO lake.width_bucket(x, low, high, n) AS CASE
  WHEN low < high THEN (CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE CAST(floor(system.main."/"(n * (x - low), high - low)) AS BIGINT) + 1 END)
  ELSE (CASE WHEN x > low THEN 0 WHEN x <= high THEN n + 1 ELSE CAST(floor(system.main."/"(n * (low - x), low - high)) AS BIGINT) + 1 END) END;
CREATE OR REPLACE MACRO lake.log(b, x) AS system.main."/"(ln(x), ln(CAST(b AS DOUBLE)));
CREATE OR REPLACE MACRO lake.from_base(s, radix) AS list_reduce(
  list_transform(string_split(lower(ltrim(s, '+-')), ''), lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS BIGINT)),
  lambda x, y: x * radix + y) * (CASE WHEN starts_with(s, '-') THEN -1 ELSE 1 END);
CREATE OR REPLACE MACRO lake.to_base(n, radix) AS CASE WHEN n < 0 THEN '-' ELSE '' END || lower(to_base(abs(n), radix));
CREATE OR REPLACE MACRO lake.greatest_of(l) AS CASE WHEN list_count(l) = len(l) THEN list_max(l) END;
CREATE OR REPLACE MACRO lake.least_of(l) AS CASE WHEN list_count(l) = len(l) THEN list_min(l) END;

-- aggregates -----------------------------------------------------------------

-- Their arguments are aggregates: see guard.go.
CREATE OR REPLACE MACRO lake.sum_of(p HUGEINT[], a) AS CAST(a AS BIGINT), (p, a) AS a;
CREATE OR REPLACE MACRO lake.sum_result(a) AS list_transform([a], lambda v: lake.sum_of([v], v))[1];
CREATE OR REPLACE MACRO lake.avg_of(p HUGEINT[], s, n) AS system.main."/"(CAST(s AS DOUBLE), nullif(n, 0)), (p, s, n) AS lake.divide(s, nullif(n, 0));
CREATE OR REPLACE MACRO lake.avg_result(s, n) AS list_transform([{'s': s, 'n': n}], lambda v: lake.avg_of([struct_extract(v, 's')], struct_extract(v, 's'), struct_extract(v, 'n')))[1];
CREATE OR REPLACE MACRO lake.map_of_list(l) AS CASE WHEN len(list_distinct(list_transform(l, lambda e: struct_extract(e, 'key')))) = len(l) THEN map_from_entries(l)
  ELSE map_from_entries(list_filter(l, lambda e, i: list_position(list_transform(l, lambda x: struct_extract(x, 'key')), struct_extract(e, 'key')) = i)) END;
CREATE OR REPLACE MACRO lake.map_of(l) AS lake.map_of_list(list_filter(l, lambda e: struct_extract(e, 'key') IS NOT NULL));
CREATE OR REPLACE MACRO lake.multimap_of(l) AS map_from_entries(list_transform(
  list_distinct(list_transform(l, lambda e: struct_extract(e, 'key'))),
  lambda k: {'key': k, 'value': list_transform(list_filter(l, lambda e: struct_extract(e, 'key') = k), lambda e: struct_extract(e, 'value'))}));
CREATE OR REPLACE MACRO lake.histogram_of(m) AS map_from_entries(list_transform(map_entries(m), lambda e: {'key': struct_extract(e, 'key'), 'value': CAST(struct_extract(e, 'value') AS BIGINT)}));

-- text -----------------------------------------------------------------------

CREATE OR REPLACE MACRO lake.length_of(p BLOB[], a) AS octet_length(a), (p VARCHAR[], a) AS length(a), (p, a) AS length(a);
CREATE OR REPLACE MACRO lake.length(a) AS lake.length_of([a], a);
CREATE OR REPLACE MACRO lake.reverse_of(p VARCHAR[], a) AS reverse(a), (p, a) AS list_reverse(a);
CREATE OR REPLACE MACRO lake.reverse(a) AS lake.reverse_of([a], a);
CREATE OR REPLACE MACRO lake.substr
  (s, n) AS CASE WHEN n = 0 OR n < - length(s) THEN '' ELSE substring(s, n) END,
  (s, n, l) AS CASE WHEN n = 0 OR n < - length(s) OR l <= 0 THEN '' ELSE substring(s, n, l) END;
CREATE OR REPLACE MACRO lake.split
  (s, d) AS string_split(s, d),
  (s, d, n) AS CASE WHEN len(string_split(s, d)) <= n THEN string_split(s, d)
    ELSE list_concat(string_split(s, d)[:n - 1], [array_to_string(string_split(s, d)[n:], d)]) END;
CREATE OR REPLACE MACRO lake.split_part(s, d, n) AS CASE WHEN n > 0 THEN string_split(s, d)[n] ELSE lake.fail('Index must be greater than zero', '') END;
CREATE OR REPLACE MACRO lake.split_to_map(s, d, kv) AS map_from_entries(list_transform(string_split(s, d),
  lambda e: {'key': string_split(e, kv)[1], 'value': array_to_string(string_split(e, kv)[2:], kv)}));
CREATE OR REPLACE MACRO lake.strpos
  (s, x) AS strpos(s, x),
  (s, x, n) AS CASE WHEN len(string_split(s, x)) > n THEN length(array_to_string(string_split(s, x)[:n], x)) + 1 ELSE 0 END;
CREATE OR REPLACE MACRO lake.regexp_extract
  (s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
  (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END;
CREATE OR REPLACE MACRO lake.regexp_replace
  (s, p) AS regexp_replace(s, p, '', 'g'),
  (s, p, r) AS regexp_replace(s, p, regexp_replace(replace(r, '\', '\\'), '\$(\d)', '\\\1', 'g'), 'g');
CREATE OR REPLACE MACRO lake.regexp_count(s, p) AS CAST(len(regexp_extract_all(s, p)) AS BIGINT);
CREATE OR REPLACE MACRO lake.regexp_position(s, p) AS CASE WHEN regexp_matches(s, p)
  THEN length(regexp_extract(s, '^((?s:.*?))(?:' || p || ')', 1)) + 1 WHEN s IS NOT NULL AND p IS NOT NULL THEN -1 END;
CREATE OR REPLACE MACRO lake.url_encode(s) AS replace(replace(replace(url_encode(s), '%20', '+'), '~', '%7E'), '%2A', '*');
CREATE OR REPLACE MACRO lake.url_decode(s) AS url_decode(replace(s, '+', ' '));
CREATE OR REPLACE MACRO lake.url_part(s, n) AS regexp_extract(s, '^(?:([^:/?#]+):)?(?://(?:[^/?#@]*@)?([^/?#:]*)(?::(\d+))?)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$', n);
CREATE OR REPLACE MACRO lake.url_extract_protocol(s) AS lake.url_part(s, 1);
CREATE OR REPLACE MACRO lake.url_extract_host(s) AS lake.url_part(s, 2);
CREATE OR REPLACE MACRO lake.url_extract_port(s) AS CAST(nullif(lake.url_part(s, 3), '') AS BIGINT);
CREATE OR REPLACE MACRO lake.url_extract_path(s) AS url_decode(lake.url_part(s, 4));
CREATE OR REPLACE MACRO lake.url_extract_query(s) AS url_decode(lake.url_part(s, 5));
CREATE OR REPLACE MACRO lake.url_extract_fragment(s) AS url_decode(lake.url_part(s, 6));
CREATE OR REPLACE MACRO lake.url_extract_parameter(s, n) AS lake.url_decode(list_filter(
  list_transform(string_split(lake.url_part(s, 5), '&'), lambda e: {'key': split_part(e, '=', 1), 'value': array_to_string(string_split(e, '=')[2:], '=')}),
  lambda e: struct_extract(e, 'key') = n)[1].value);

-- date and time --------------------------------------------------------------

CREATE OR REPLACE MACRO lake.current_timezone() AS current_setting('TimeZone');
CREATE OR REPLACE MACRO lake.at_timezone
  (a TIMESTAMP WITH TIME ZONE, z) AS timezone(z, a),
  (a TIMESTAMP, z) AS timezone(z, timezone('UTC', a)),
  (a DATE, z) AS timezone(z, timezone('UTC', CAST(a AS TIMESTAMP)));
CREATE OR REPLACE MACRO lake.with_timezone(a, z) AS timezone(z, CAST(a AS TIMESTAMP));
CREATE OR REPLACE MACRO lake.from_unixtime(x) AS to_timestamp(x), (x, z) AS to_timestamp(x);
CREATE OR REPLACE MACRO lake.units(u, n) AS CASE lower(u)
  WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n) WHEN 'minute' THEN to_minutes(n)
  WHEN 'hour' THEN to_hours(n) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER))
  WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(CAST(n * 3 AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER))
  ELSE to_seconds(lake.fail('''' || u || ''' is not a valid field', 0)) END;
CREATE OR REPLACE MACRO lake.date_add
  (u, n, a DATE) AS CAST(a + lake.units(u, n) AS DATE),
  (u, n, a TIMESTAMP) AS a + lake.units(u, n),
  (u, n, a TIMESTAMP WITH TIME ZONE) AS a + lake.units(u, n),
  (u, n, a TIME) AS a + lake.units(u, n);
CREATE OR REPLACE MACRO lake.date_diff(u, a, b) AS date_sub(u, a, b);
CREATE OR REPLACE MACRO lake.date_trunc_of(p DATE[], u, a) AS CAST(date_trunc(u, a) AS DATE), (p, u, a) AS date_trunc(u, a);
CREATE OR REPLACE MACRO lake.date_trunc(u, a) AS lake.date_trunc_of([a], u, a);
CREATE OR REPLACE MACRO lake.to_iso8601_of
  (p DATE[], a) AS strftime(a, '%Y-%m-%d'),
  (p TIMESTAMP[], a) AS strftime(a, '%Y-%m-%dT%H:%M:%S.%g'),
  (p TIMESTAMP WITH TIME ZONE[], a) AS strftime(timezone('UTC', a), '%Y-%m-%dT%H:%M:%S.%gZ');
CREATE OR REPLACE MACRO lake.to_iso8601(a) AS lake.to_iso8601_of([a], a);

-- MySQL's letters of formats in the engine's.
CREATE OR REPLACE MACRO lake.mysql_letter(p) AS CASE p
  WHEN '%a' THEN '%a' WHEN '%b' THEN '%b' WHEN '%c' THEN '%-m' WHEN '%d' THEN '%d' WHEN '%e' THEN '%-d' WHEN '%f' THEN '%f'
  WHEN '%H' THEN '%H' WHEN '%h' THEN '%I' WHEN '%I' THEN '%I' WHEN '%i' THEN '%M' WHEN '%j' THEN '%j' WHEN '%k' THEN '%-H'
  WHEN '%l' THEN '%-I' WHEN '%M' THEN '%B' WHEN '%m' THEN '%m' WHEN '%p' THEN '%p' WHEN '%r' THEN '%I:%M:%S %p' WHEN '%S' THEN '%S'
  WHEN '%s' THEN '%S' WHEN '%T' THEN '%H:%M:%S' WHEN '%v' THEN '%V' WHEN '%W' THEN '%A' WHEN '%x' THEN '%G' WHEN '%Y' THEN '%Y'
  WHEN '%y' THEN '%y' WHEN '%%' THEN '%%'
  WHEN '%D' THEN lake.fail('%D not supported in date format string', '')
  WHEN '%U' THEN lake.fail('%U not supported in date format string', '')
  WHEN '%u' THEN lake.fail('%u not supported in date format string', '')
  WHEN '%V' THEN lake.fail('%V not supported in date format string', '')
  WHEN '%w' THEN lake.fail('%w not supported in date format string', '')
  WHEN '%X' THEN lake.fail('%X not supported in date format string', '')
  ELSE (CASE WHEN p[1] = '%' THEN p[2:] ELSE p END) END;
CREATE OR REPLACE MACRO lake.mysql_format(f) AS array_to_string(list_transform(regexp_extract_all(f, '(?s:%.|[^%]+)'), lambda p: lake.mysql_letter(p)), '');

-- Joda's letters of formats in the engine's.
CREATE OR REPLACE MACRO lake.joda_letter(p) AS CASE
  WHEN p = '''''' THEN '''' WHEN p[1] = '''' THEN replace(replace(p[2:-2], '''''', ''''), '%', '%%')
  WHEN p IN ('y', 'yyy', 'yyyy', 'Y', 'YYYY', 'u', 'uuuu') THEN '%Y' WHEN p = 'yy' THEN '%y' WHEN p IN ('x', 'xxxx') THEN '%G'
  WHEN p = 'M' THEN '%-m' WHEN p = 'MM' THEN '%m' WHEN p = 'MMM' THEN '%b' WHEN p = 'MMMM' THEN '%B'
  WHEN p = 'd' THEN '%-d' WHEN p = 'dd' THEN '%d' WHEN p = 'D' THEN '%-j' WHEN p = 'DDD' THEN '%j'
  WHEN p IN ('E', 'EE', 'EEE') THEN '%a' WHEN p = 'EEEE' THEN '%A' WHEN p = 'e' THEN '%u' WHEN p = 'ww' THEN '%V'
  WHEN p = 'H' THEN '%-H' WHEN p = 'HH' THEN '%H' WHEN p = 'h' THEN '%-I' WHEN p = 'hh' THEN '%I' WHEN p = 'a' THEN '%p'
  WHEN p = 'm' THEN '%-M' WHEN p = 'mm' THEN '%M' WHEN p = 's' THEN '%-S' WHEN p = 'ss' THEN '%S' WHEN p = 'SSS' THEN '%g'
  WHEN p = 'SSSSSS' THEN '%f' WHEN p = '%' THEN '%%' WHEN p = 'z' THEN '%Z' WHEN p IN ('Z', 'ZZ') THEN '%z'
  WHEN regexp_matches(p, '[A-Za-z]') THEN lake.fail('the pattern letter ' || p || ' is not supported', '')
  ELSE p END;
CREATE OR REPLACE MACRO lake.joda_format(f) AS array_to_string(list_transform(
  regexp_extract_all(f, '''(?:[^'']|'''')*''|y+|Y+|u+|x+|M+|d+|D+|E+|e+|w+|H+|h+|a|m+|s+|S+|z+|Z+|(?s:.)'), lambda p: lake.joda_letter(p)), '');

-- JSON -----------------------------------------------------------------------

CREATE OR REPLACE MACRO lake.json_path(p) AS regexp_replace(p, '\[["'']([^"'']*)["'']\]', '."\1"', 'g');
CREATE OR REPLACE MACRO lake.json_extract(j, p) AS CASE WHEN json_valid(j) THEN to_json(json_extract(j, lake.json_path(p))) END;
CREATE OR REPLACE MACRO lake.json_extract_scalar(j, p) AS CASE WHEN json_valid(j) THEN
  (CASE WHEN json_type(j, lake.json_path(p)) NOT IN ('OBJECT', 'ARRAY') THEN json_extract_string(j, lake.json_path(p)) END) END;
CREATE OR REPLACE MACRO lake.json_array_length(j) AS CASE WHEN json_valid(j) THEN (CASE WHEN json_type(j) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END) END;
CREATE OR REPLACE MACRO lake.json_array_get(j, n) AS CASE WHEN json_valid(j) THEN (CASE WHEN json_type(j) = 'ARRAY' THEN CAST(j AS JSON[])[CASE WHEN n >= 0 THEN n + 1 ELSE n END] END) END;
CREATE OR REPLACE MACRO lake.json_array_contains(j, v) AS CASE WHEN json_valid(j) THEN (CASE WHEN json_type(j) = 'ARRAY' THEN list_contains(CAST(j AS JSON[]), to_json(v)) END) END;
CREATE OR REPLACE MACRO lake.json_size(j, p) AS CASE WHEN json_valid(j) THEN (CASE json_type(j, lake.json_path(p))
  WHEN 'ARRAY' THEN CAST(json_array_length(j, lake.json_path(p)) AS BIGINT) WHEN 'OBJECT' THEN len(json_keys(j, lake.json_path(p))) WHEN NULL THEN NULL
  ELSE (CASE WHEN json_type(j, lake.json_path(p)) IS NOT NULL THEN 0 END) END) END;
CREATE OR REPLACE MACRO lake.is_json_scalar(j) AS json_type(j) NOT IN ('OBJECT', 'ARRAY');

-- arrays and maps ------------------------------------------------------------

CREATE OR REPLACE MACRO lake.cardinality_of(p MAP(VARCHAR, VARCHAR), a) AS len(map_keys(a)), (p, a) AS len(a);
CREATE OR REPLACE MACRO lake.cardinality(a) AS lake.cardinality_of(a, a);
CREATE OR REPLACE MACRO lake.unnest_parts_of(p MAP(VARCHAR, VARCHAR), a) AS map_entries(a),
  (p, a) AS CASE WHEN typeof(a) LIKE '%[][]' THEN lake.fail('name the columns of UNNEST over arrays of arrays: AS t(column)', a) ELSE a END;
CREATE OR REPLACE MACRO lake.unnest_parts(a) AS lake.unnest_parts_of(a, a);
CREATE OR REPLACE MACRO lake.any_of(l) AS CASE WHEN list_contains(l, TRUE) THEN TRUE WHEN len(l) > list_count(l) THEN NULL WHEN l IS NOT NULL THEN FALSE END;
CREATE OR REPLACE MACRO lake.all_of(l) AS CASE WHEN list_contains(l, FALSE) THEN FALSE WHEN len(l) > list_count(l) THEN NULL WHEN l IS NOT NULL THEN TRUE END;
CREATE OR REPLACE MACRO lake.contains(l, x) AS CASE WHEN list_contains(l, x) THEN TRUE WHEN x IS NULL OR len(l) > list_count(l) THEN NULL WHEN l IS NOT NULL THEN FALSE END;
CREATE OR REPLACE MACRO lake.array_distinct(l) AS list_filter(l, lambda x, i: CASE WHEN x IS NULL THEN list_count(l[:i - 1]) = i - 1 ELSE list_position(l, x) = i END);
CREATE OR REPLACE MACRO lake.has(l, x) AS CASE WHEN x IS NULL THEN len(l) > list_count(l) ELSE list_contains(l, x) END;
CREATE OR REPLACE MACRO lake.array_intersect(a, b) AS lake.array_distinct(list_filter(a, lambda x: lake.has(b, x)));
CREATE OR REPLACE MACRO lake.array_except(a, b) AS lake.array_distinct(list_filter(a, lambda x: NOT lake.has(b, x)));
CREATE OR REPLACE MACRO lake.array_union(a, b) AS lake.array_distinct(list_concat(a, b));
CREATE OR REPLACE MACRO lake.arrays_overlap(a, b) AS CASE
  WHEN list_has_any(list_filter(a, lambda x: x IS NOT NULL), list_filter(b, lambda x: x IS NOT NULL)) THEN TRUE
  WHEN len(a) > list_count(a) OR len(b) > list_count(b) THEN NULL WHEN a IS NOT NULL AND b IS NOT NULL THEN FALSE END;
CREATE OR REPLACE MACRO lake.array_join
  (l, d) AS array_to_string(list_transform(l, lambda x: lake.cast_varchar(x)), d),
  (l, d, n) AS array_to_string(list_transform(l, lambda x: coalesce(lake.cast_varchar(x), n)), d);
CREATE OR REPLACE MACRO lake.array_position(l, x) AS CASE WHEN l IS NOT NULL AND x IS NOT NULL THEN CAST(coalesce(list_position(l, x), 0) AS BIGINT) END;
CREATE OR REPLACE MACRO lake.array_remove(l, v) AS list_filter(l, lambda x: x IS DISTINCT FROM v);
CREATE OR REPLACE MACRO lake.array_sort(l) AS list_sort(l, 'ASC', 'NULLS LAST');
CREATE OR REPLACE MACRO lake.repeat(x, n) AS list_transform(range(n), lambda i: x);
CREATE OR REPLACE MACRO lake.sequence
  (a BIGINT, b BIGINT) AS generate_series(a, b, CASE WHEN a <= b THEN 1 ELSE -1 END),
  (a BIGINT, b BIGINT, s BIGINT) AS generate_series(a, b, s),
  (a DATE, b DATE) AS CAST(generate_series(a, b, CASE WHEN a <= b THEN to_days(1) ELSE to_days(-1) END) AS DATE[]),
  (a DATE, b DATE, s INTERVAL) AS CAST(generate_series(a, b, s) AS DATE[]),
  (a TIMESTAMP, b TIMESTAMP, s INTERVAL) AS generate_series(a, b, s),
  (a TIMESTAMP WITH TIME ZONE, b TIMESTAMP WITH TIME ZONE, s INTERVAL) AS generate_series(a, b, s);
CREATE OR REPLACE MACRO lake.slice(l, s, n) AS CASE
  WHEN s > 0 THEN l[s:s + n - 1] WHEN s < 0 AND -s <= len(l) THEN l[len(l) + s + 1:len(l) + s + n] WHEN s < 0 THEN l[1:0]
  ELSE lake.fail('SQL array indices start at 1', l) END;
CREATE OR REPLACE MACRO lake.trim_array(l, n) AS CASE WHEN n BETWEEN 0 AND len(l) THEN l[:len(l) - n]
  ELSE lake.fail('size must not exceed array cardinality', l) END;
CREATE OR REPLACE MACRO lake.ngrams(l, n) AS list_transform(range(1, greatest(len(l) - n + 1, 1) + 1), lambda i: l[i:i + n - 1]);

-- The work of a distance is the product of the lengths and cannot be
-- interrupted; the bound is the original's.
CREATE OR REPLACE MACRO lake.levenshtein_distance(a, b) AS CASE
  WHEN length(a) * greatest(length(b) - 1, 0) > 1000000 THEN CAST('!! The combined inputs for Levenshtein distance are too large !!' AS BIGINT)
  ELSE CAST(levenshtein(a, b) AS BIGINT) END;
