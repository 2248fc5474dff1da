"""Every type of the dialect, through CSV, GetQueryResults and Parquet."""
import datetime as dt
import decimal
import time

import awswrangler as wr
import boto3
import pandas as pd

wr.config.athena_query_wait_polling_delay = 0.05
BUCKET, DB = "types", "types"
OUT = f"s3://{BUCKET}/out/"
boto3.client("s3").create_bucket(Bucket=BUCKET)
wr.catalog.create_database(DB)
athena = boto3.client("athena")

# name, SQL, text of the value, ColumnInfo type, precision, scale
CASES = [
    ("boolean", "true", "true", "boolean", 0, 0),
    ("tinyint", "CAST(1 AS tinyint)", "1", "tinyint", 3, 0),
    ("smallint", "CAST(-2 AS smallint)", "-2", "smallint", 5, 0),
    ("integer", "3", "3", "integer", 10, 0),
    ("bigint", "9223372036854775807", "9223372036854775807", "bigint", 19, 0),
    ("real", "CAST(0.1 AS real)", "0.1", "float", 17, 0),
    ("double", "1e10", "1.0E10", "double", 17, 0),
    ("double_nan", "nan()", "NaN", "double", 17, 0),
    ("double_inf", "-infinity()", "-Infinity", "double", 17, 0),
    ("decimal", "DECIMAL '-12.50'", "-12.50", "decimal", 4, 2),
    ("varchar", "CAST('it''s \"q\"' AS varchar)", "it's \"q\"", "varchar", 2147483647, 0),
    ("empty", "CAST('' AS varchar)", "", "varchar", 2147483647, 0),
    ("varbinary", "X'6162'", "61 62", "varbinary", 1073741824, 0),
    ("date", "DATE '2020-02-29'", "2020-02-29", "date", 0, 0),
    ("timestamp", "TIMESTAMP '2020-01-01 00:00:00.000'", "2020-01-01 00:00:00.000", "timestamp", 3, 0),
    ("time_", "TIME '12:34:56.789'", "12:34:56.789", "time", 3, 0),
    ("tz", "TIMESTAMP '2020-01-01 01:02:03 UTC'", "2020-01-01 01:02:03.000 UTC", "timestamp with time zone", 3, 0),
    ("array_", "ARRAY[1, NULL, 3]", "[1, null, 3]", "array", 0, 0),
    ("map_", "MAP(ARRAY['k'], ARRAY[1])", "{k=1}", "map", 0, 0),
    ("row_", "CAST(ROW(1, 'x') AS ROW(a integer, b varchar))", "{a=1, b=x}", "row", 0, 0),
    ("nothing", "CAST(NULL AS bigint)", None, "bigint", 19, 0),
]


def run(sql, **kw):
    qid = athena.start_query_execution(QueryString=sql, QueryExecutionContext={"Database": DB},
                                       ResultConfiguration={"OutputLocation": OUT}, **kw)["QueryExecutionId"]
    while True:
        e = athena.get_query_execution(QueryExecutionId=qid)["QueryExecution"]
        if e["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
            return e
        time.sleep(0.05)


def first_row(e):
    r = athena.get_query_results(QueryExecutionId=e["QueryExecutionId"])["ResultSet"]
    return r["ResultSetMetadata"]["ColumnInfo"], [d.get("VarCharValue") for d in r["Rows"][1]["Data"]]


bad = []
e = run("SELECT " + ", ".join(f"{sql} AS {name}" for name, sql, *_ in CASES))
assert e["Status"]["State"] == "SUCCEEDED", e["Status"]
cols, row = first_row(e)
for (name, sql, text, typ, precision, scale), col, value in zip(CASES, cols, row):
    got = (value, col["Type"], col["Precision"], col["Scale"])
    if got != (text, typ, precision, scale):
        bad.append(f"{name}: {got}, want {(text, typ, precision, scale)}")
csv = wr.athena.get_query_results(e["QueryExecutionId"])
assert len(csv) == 1 and csv.bigint[0] == 9223372036854775807 and csv.decimal[0] == decimal.Decimal("-12.50"), csv.T

# What Parquet and the catalog can hold, written by CTAS and read back as CSV:
# the text of every value stays the same.
KEPT = [c for c in CASES if c[0] not in ("time_", "tz")]
e = run("CREATE TABLE all_types WITH (format = 'PARQUET') AS SELECT " + ", ".join(f"{sql} AS {name}" for name, sql, *_ in KEPT))
if e["Status"]["State"] != "SUCCEEDED":
    bad.append(f"ctas: {e['Status']}")
else:
    cols, row = first_row(run("SELECT " + ", ".join(name for name, *_ in KEPT) + " FROM all_types"))
    for (name, sql, text, typ, *_), col, value in zip(KEPT, cols, row):
        if (value, col["Type"]) != (text, typ):
            bad.append(f"{name} through parquet: {(value, col['Type'])}, want {(text, typ)}")
    frame = wr.athena.read_sql_query("SELECT * FROM all_types", DB, s3_output=OUT)
    assert frame.timestamp[0] == pd.Timestamp("2020-01-01") and frame.date[0] == dt.date(2020, 2, 29), frame.T
    assert bytes(frame.varbinary[0]) == b"ab" and list(frame.array_[0])[0] == 1, frame.T
for b in bad:
    print("bad", b)
if bad:
    raise SystemExit(1)
print("ok types")
