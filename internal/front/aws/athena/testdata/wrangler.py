"""Walks awswrangler's Athena functions against the server that AWS_ENDPOINT_URL names.

Each step prints its name when it has passed; the first failure ends the script.
"""
import datetime as dt
import decimal
import time
import uuid

import awswrangler as wr
import boto3
import pandas as pd

wr.config.athena_query_wait_polling_delay = 0.05
BUCKET, DB = "wrangler", "lake"
OUT = f"s3://{BUCKET}/out/"


def step(name):
    print("ok", name, flush=True)


def same(a, b, what):
    a, b = (x.sort_values("id").reset_index(drop=True) for x in (a, b))
    pd.testing.assert_frame_equal(a, b, check_dtype=False, check_like=True, obj=what)


boto3.client("s3").create_bucket(Bucket=BUCKET)
wr.catalog.create_database(DB)

df = pd.DataFrame({
    "id": [1, 2, 3, 4],
    "name": ["a", 'b"c', None, "d, e\nf"],
    "value": [1.5, float("nan"), 1e10, -0.25],
    "ok": pd.array([True, False, None, True], dtype="boolean"),
    "at": pd.to_datetime(["2020-01-01 12:34:56.789", None, "1999-12-31", "2024-02-29 23:59:59"], format="ISO8601"),
    "day": [dt.date(2020, 1, 1), dt.date(1999, 12, 31), None, dt.date(2024, 2, 29)],
    "amount": [decimal.Decimal("1.20"), decimal.Decimal("-3.45"), None, decimal.Decimal("12345678.90")],
    "part": ["x", "x", "y", "y"],
})
wr.s3.to_parquet(df, f"s3://{BUCKET}/t/", dataset=True, database=DB, table="t", partition_cols=["part"],
                 dtype={"amount": "decimal(10,2)"})
step("to_parquet with partitions")

regular = wr.athena.read_sql_query("SELECT * FROM t", DB, ctas_approach=False, s3_output=OUT)
assert len(regular) == 4, regular
row = regular.sort_values("id").reset_index(drop=True)
assert row.name[1] == 'b"c' and pd.isna(row.name[2]) and row.name[3] == "d, e\nf", row.name
assert row["value"][2] == 1e10 and row.amount[3] == decimal.Decimal("12345678.90") and row.amount[2] is None, row
assert row["at"][0] == pd.Timestamp("2020-01-01 12:34:56.789") and row.day[0] == dt.date(2020, 1, 1), row
step("read_sql_query, regular")

ctas = wr.athena.read_sql_query("SELECT * FROM t", DB, s3_output=OUT)
same(regular, ctas, "ctas")
assert not [t for t in wr.catalog.get_tables(database=DB) if t["Name"].startswith("temp_table_")]
step("read_sql_query, ctas_approach")

unload = wr.athena.read_sql_query("SELECT * FROM t", DB, ctas_approach=False, unload_approach=True,
                                  s3_output=f"s3://{BUCKET}/unload-{uuid.uuid4().hex}/")
same(regular, unload, "unload")
step("read_sql_query, unload_approach")

for kind, kw in {"regular": {"ctas_approach": False}, "ctas": {}, "unload": {"ctas_approach": False, "unload_approach": True}}.items():
    out = f"s3://{BUCKET}/chunks-{kind}-{uuid.uuid4().hex}/"
    chunks = list(wr.athena.read_sql_query("SELECT id FROM t", DB, chunksize=3, s3_output=out, **kw))
    assert sum(len(c) for c in chunks) == 4 and all(len(c) <= 3 for c in chunks), (kind, [len(c) for c in chunks])
    step(f"read_sql_query, chunksize, {kind}")

q = "SELECT id, name FROM t WHERE part = :part AND id > :id AND day < :day"
got = wr.athena.read_sql_query(q, DB, ctas_approach=False, s3_output=OUT, params={"part": "y", "id": 2, "day": dt.date(2025, 1, 1)})
assert list(got.id) == [4], got
for kw in ({"ctas_approach": False}, {}):
    got = wr.athena.read_sql_query("SELECT id, ? AS p, ? AS w FROM t WHERE part = ? AND id >= ?", DB, s3_output=OUT,
                                   params=["1 + 1", "it's text", "y", "4"], paramstyle="qmark", **kw)
    assert list(got.id) == [4] and list(got.p) == [2] and list(got.w) == ["it's text"], got
step("params")

for kw in ({"ctas_approach": False}, {}):
    empty = wr.athena.read_sql_query("SELECT id, name FROM t WHERE id < 0", DB, s3_output=OUT, **kw)
    assert len(empty) == 0 and list(empty.columns) == ["id", "name"], empty
step("empty results")

before = len(wr.athena.list_query_executions(workgroup="primary"))
cached = {"max_cache_seconds": 600}
for kw in ({"ctas_approach": False}, {}):
    sql = f"SELECT id, '{kw}' AS k FROM t".replace("'{", "'").replace("}'", "'").replace("'ctas_approach': ", "")
    one = wr.athena.read_sql_query(sql, DB, s3_output=OUT, athena_cache_settings=cached, **kw)
    n = len(wr.athena.list_query_executions(workgroup="primary"))
    two = wr.athena.read_sql_query(sql, DB, s3_output=OUT, athena_cache_settings=cached, **kw)
    assert len(wr.athena.list_query_executions(workgroup="primary")) == n
    same(one, two, "cached")
step("cache")

qid = wr.athena.start_query_execution("SELECT count(*) AS n FROM t", DB, s3_output=OUT)
done = wr.athena.wait_query(qid, athena_query_wait_polling_delay=0.1)
assert done["Status"]["State"] == "SUCCEEDED" and done["Statistics"]["DataScannedInBytes"] >= 0
assert done["StatementType"] == "DML" and done["SubstatementType"] == "SELECT"
assert list(wr.athena.get_query_results(qid).n) == [4]
assert wr.athena.get_query_columns_types(qid) == {"n": "bigint"}
assert len(wr.athena.get_query_executions([qid])) == 1
step("start_query_execution, wait_query, get_query_results")

made = wr.athena.create_ctas_table("SELECT id, name, part FROM t", DB, ctas_table="made", s3_output=OUT, wait=True,
                                   partitioning_info=["part"], storage_format="parquet", write_compression="snappy")
assert made["ctas_table"] == "made"
assert list(wr.athena.read_sql_query("SELECT id FROM made WHERE part = 'y' ORDER BY id", DB, ctas_approach=False, s3_output=OUT).id) == [3, 4]
none = wr.athena.create_ctas_table("SELECT id, name FROM t", DB, ctas_table="shape", s3_output=OUT, wait=True, schema_only=True)
assert len(wr.athena.read_sql_query("SELECT * FROM shape", DB, ctas_approach=False, s3_output=OUT)) == 0
step("create_ctas_table")

meta = wr.athena.unload("SELECT id, name FROM t", f"s3://{BUCKET}/unloaded/", DB)
assert meta.manifest_location, meta
assert len(wr.s3.read_parquet(f"s3://{BUCKET}/unloaded/", path_ignore_suffix=[".csv", ".metadata"])) == 4
step("unload")

boto3.client("s3").copy_object(Bucket=BUCKET, Key="t/part=z/copy.parquet", CopySource={
    "Bucket": BUCKET, "Key": wr.s3.list_objects(f"s3://{BUCKET}/t/part=x/")[0].split("/", 3)[3]})
assert wr.athena.repair_table("t", DB, s3_output=OUT) == "SUCCEEDED"
assert wr.athena.read_sql_query("SELECT count(*) AS n FROM t WHERE part = 'z'", DB, ctas_approach=False, s3_output=OUT).n[0] == 2
step("repair_table")

described = wr.athena.describe_table("t", DB, s3_output=OUT)
assert list(described["Column Name"]) == ["id", "name", "value", "ok", "at", "day", "amount", "part"], described
assert list(described["Type"])[:2] == ["bigint", "string"] and list(described["Partition"])[-1], described
step("describe_table")

text = wr.athena.show_create_table("t", DB, s3_output=OUT)
assert "CREATE EXTERNAL TABLE" in text and "`id` bigint" in text and "PARTITIONED BY" in text, text
assert "CREATE EXTERNAL TABLE" in wr.athena.generate_create_query("t", DB)
step("show_create_table, generate_create_query")

wr.athena.create_prepared_statement("SELECT id FROM t WHERE id = ?", "by_id")
assert [p["StatementName"] for p in wr.athena.list_prepared_statements()] == ["by_id"]
got = wr.athena.read_sql_query("EXECUTE \"by_id\" USING 3", DB, ctas_approach=False, s3_output=OUT)
assert list(got.id) == [3], got
got = wr.athena.read_sql_query("EXECUTE by_id", DB, ctas_approach=False, s3_output=OUT, params=["4"], paramstyle="qmark")
assert list(got.id) == [4], got
wr.athena.delete_prepared_statement("by_id")
step("prepared statements")

assert len(wr.athena.read_sql_table("t", DB, ctas_approach=False, s3_output=OUT)) == 6
step("read_sql_table")

try:
    wr.athena.read_sql_query("SELECT nothing FROM t", DB, ctas_approach=False, s3_output=OUT)
    raise SystemExit("a query of no column succeeded")
except wr.exceptions.QueryFailed as e:
    assert "nothing" in str(e) and "COLUMN_NOT_FOUND" in str(e), e
try:
    wr.athena.read_sql_query("SELECT 1 FROM nowhere", DB, ctas_approach=False, s3_output=OUT)
    raise SystemExit("a query of no table succeeded")
except wr.exceptions.QueryFailed as e:
    assert "TABLE_NOT_FOUND" in str(e), e
step("failures")

wr.catalog.delete_table_if_exists(DB, "made")
default = wr.athena.read_sql_query("SELECT 1 AS one", DB, ctas_approach=False)
assert list(default.one) == [1]
step("default output bucket")
