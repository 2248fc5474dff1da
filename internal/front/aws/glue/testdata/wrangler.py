"""What awswrangler's users do with the catalog, against the running door.

Prints "ok" at the end; any difference ends it with a traceback.
"""
import awswrangler as wr
import boto3
import pandas as pd
from botocore.exceptions import ClientError

glue = boto3.client("glue")


def refused(code, f, **args):
    try:
        f(**args)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        assert e.response["Error"]["Message"], e
        return e
    raise AssertionError(f"{f} was not refused with {code}")


wr.catalog.create_database("lake", description="all of it", database_input_args={"LocationUri": "s3://lake/"})
refused("AlreadyExistsException", glue.create_database, DatabaseInput={"Name": "lake"})
wr.catalog.create_database("lake", description="changed", exist_ok=True)
assert wr.catalog.databases().values.tolist() == [["lake", "changed"]], wr.catalog.databases()
assert [d["Name"] for d in wr.catalog.get_databases()] == ["lake"]

wr.catalog.create_parquet_table(
    database="lake", table="Weather Daily", path="s3://lake/weather/",
    columns_types={"element": "string", "value": "int", "price": "decimal(10,2)"},
    partitions_types={"year": "int", "station": "string"}, compression="snappy", description="measured",
    parameters={"source": "noaa"}, columns_comments={"value": "tenths of degrees"},
    athena_partition_projection_settings={"projection_types": {"year": "integer"}, "projection_ranges": {"year": "2000,2030"}})
assert wr.catalog.does_table_exist("lake", "weather_daily")
assert not wr.catalog.does_table_exist("lake", "nothing")
assert wr.catalog.get_table_types("lake", "weather_daily") == {"element": "string", "value": "int", "price": "decimal(10,2)", "year": "int", "station": "string"}
assert wr.catalog.get_table_location("lake", "weather_daily") == "s3://lake/weather/"
assert wr.catalog.get_table_description("lake", "weather_daily") == "measured"
assert wr.catalog.get_columns_comments("lake", "weather_daily")["value"] == "tenths of degrees"
p = wr.catalog.get_table_parameters("lake", "weather_daily")
assert p["source"] == "noaa" and p["projection.year.range"] == "2000,2030", p
frame = wr.catalog.table("lake", "weather_daily")
assert frame["Column Name"].tolist() == ["element", "value", "price", "year", "station"], frame
assert frame["Partition"].tolist() == [False, False, False, True, True]

wr.catalog.add_parquet_partitions(
    "lake", "weather_daily", compression="snappy", columns_types={"element": "string", "value": "int"},
    partitions_values={f"s3://lake/weather/year={y}/station={s}/": [str(y), s] for y in range(2000, 2030) for s in "abcdef"})
wr.catalog.add_parquet_partitions("lake", "weather_daily", partitions_values={"s3://lake/weather/year=2000/station=a/": ["2000", "a"]})
everything = wr.catalog.get_partitions("lake", "weather_daily")
assert len(everything) == 180 and everything["s3://lake/weather/year=2005/station=c/"] == ["2005", "c"], everything
some = wr.catalog.get_parquet_partitions("lake", "weather_daily", expression="year >= 2028 AND station IN ('a', 'f')")
assert sorted(some.values()) == [["2028", "a"], ["2028", "f"], ["2029", "a"], ["2029", "f"]], some
refused("InvalidInputException", wr.catalog.get_partitions, database="lake", table="weather_daily", expression="colour = 1")
wr.catalog.delete_partitions("weather_daily", "lake", [[str(y), "a"] for y in range(2000, 2030)])
assert len(wr.catalog.get_partitions("lake", "weather_daily")) == 150
wr.catalog.delete_all_partitions("weather_daily", "lake")
assert wr.catalog.get_partitions("lake", "weather_daily") == {}

wr.catalog.create_csv_table("lake", "stations", "s3://lake/stations/", {"id": "string", "lat": "double"}, sep=";", skip_header_line_count=1,
                            partitions_types={"country": "string"})
wr.catalog.add_csv_partitions("lake", "stations", {"s3://lake/stations/country=nl/": ["nl"]}, sep=";")
assert wr.catalog.get_csv_partitions("lake", "stations") == {"s3://lake/stations/country=nl/": ["nl"]}
wr.catalog.create_json_table("lake", "events", "s3://lake/events/", {"at": "timestamp"})
wr.catalog.add_column("lake", "stations", "height", "int", "metres")
assert wr.catalog.get_table_types("lake", "stations")["height"] == "int"
wr.catalog.delete_column("lake", "stations", "lat")
assert list(wr.catalog.get_table_types("lake", "stations")) == ["id", "height", "country"]
assert wr.catalog.get_table_number_of_versions("lake", "stations") == 3
assert wr.catalog.upsert_table_parameters({"a": "1"}, "lake", "stations")["a"] == "1"
assert wr.catalog.overwrite_table_parameters({"b": "2"}, "lake", "stations") == {"b": "2"}
assert "a" not in wr.catalog.get_table_parameters("lake", "stations")
assert glue.get_table(DatabaseName="lake", Name="stations")["Table"]["VersionId"] == "4"

assert wr.catalog.tables(database="lake")["Table"].tolist() == ["events", "stations", "weather_daily"]
assert wr.catalog.tables(database="lake", name_prefix="st")["Table"].tolist() == ["stations"]
assert wr.catalog.tables(database="lake", name_suffix="daily")["Table"].tolist() == ["weather_daily"]
assert wr.catalog.tables(database="lake", name_contains="tion")["Table"].tolist() == ["stations"]
assert wr.catalog.tables(search_text="noaa")["Table"].tolist() == ["weather_daily"]
assert [t["Name"] for t in wr.catalog.search_tables("measured")] == ["weather_daily"]
assert "stations" in wr.catalog.tables(database="lake", limit=2)["Table"].tolist()

# What clients read without asking whether it is there.
table = glue.get_table(DatabaseName="lake", Name="events")["Table"]
for member in ["Retention", "PartitionKeys", "Parameters", "CreateTime", "UpdateTime", "IsRegisteredWithLakeFormation", "CatalogId", "VersionId"]:
    assert member in table, member
for member in ["Columns", "Location", "InputFormat", "OutputFormat", "Compressed", "NumberOfBuckets", "SerdeInfo", "BucketColumns", "SortColumns", "StoredAsSubDirectories"]:
    assert member in table["StorageDescriptor"], member

assert wr.catalog.delete_table_if_exists("lake", "events")
assert not wr.catalog.delete_table_if_exists("lake", "events")
wr.catalog.delete_database("lake")
refused("EntityNotFoundException", glue.get_database, Name="lake")
refused("EntityNotFoundException", glue.get_tables, DatabaseName="lake")
print("ok", pd.__version__)
