#!/usr/bin/env python3
"""Optimize Python ETL by extending pandas with AWS Data Wrangler.

The walk through the post, with awswrangler as it comes from pip and a running
Boathouse where the post has AWS. The comments that begin with "Post:" are the
post's steps. After each step the numbers are held against a count of the same
files in plain Python, which neither pandas nor the server has touched.
"""

import argparse
import csv
import os
import pathlib
import sys
import time

import awswrangler as wr
import boto3
import matplotlib
import pandas as pd

matplotlib.use("Agg")  # draw into files; a notebook has %matplotlib inline instead

SOURCE = "noaa-ghcn-pds"
DATABASE = "awswrangler_test"

SQL = """
    SELECT
        dt,
        (value / 10.0) AS temperature  -- Converting tenths of degrees C to regular degrees C
    FROM noaa
    WHERE year BETWEEN 1887 AND 1889   -- Only last 3 years (PARTITION filter)
    AND substr(id, 1, 2)='US'          -- Only U.S. stations
    AND element='TMAX'                 -- Only Maximum temperature elements
    AND q_flag is NULL                 -- Only HIGH quality measurement
"""


def main():
    args = arguments()
    files = sorted(args.files.glob("188*.csv"))
    if len(files) != 10:
        sys.exit(f"{args.files} does not hold 1880.csv to 1889.csv: make them with `boathouse demo --generate {args.files}`")
    expected = Expected(files)
    publish(files)
    bucket = args.bucket

    # Post: Configuring Amazon S3; Creating a new database in the Data Catalog.
    boto3.client("s3").create_bucket(Bucket=bucket)
    wr.catalog.create_database(DATABASE, exist_ok=True)

    # Post: List all files in the NOAA public bucket from the decade of 1880.
    with step("list the files"):
        listed = wr.s3.list_objects(f"s3://{SOURCE}/csv/188")
        equal("files", listed, [f"s3://{SOURCE}/csv/{f.name}" for f in files])

    # Post: Load the whole decade (10 files) into a Pandas DataFrame using the prefix.
    with step("read the decade"):
        col_names = ["id", "dt", "element", "value", "m_flag", "q_flag", "s_flag", "obs_time"]
        df = wr.s3.read_csv(
            path=f"s3://{SOURCE}/csv/188",
            names=col_names,
            parse_dates=["dt", "obs_time"],  # Hint to parse these columns as date instead of strings
        )
        equal("rows read", len(df), expected.rows)

    # Post: Create a new column extracting the year from the dt column.
    df["year"] = df["dt"].dt.year

    # Post: Store the Pandas DataFrame in the S3 bucket, as the table noaa.
    with step("store as partitioned Parquet"):
        written = wr.s3.to_parquet(
            df=df,
            path=f"s3://{bucket}/data/",
            dataset=True,
            mode="overwrite",
            database=DATABASE,
            table="noaa",
            partition_cols=["year"],
        )
        equal("partitions", len(written["partitions_values"]), 10)
    del df

    # Post: Confirm the Parquet files exist in Amazon S3 and the table noaa is in the catalog.
    with step("look it up in the catalog"):
        table = wr.catalog.table(database=DATABASE, table="noaa")
        print(table.to_string(index=False))
        equal("columns", list(table["Column Name"]), col_names + ["year"])
        equal("partition columns", list(table[table["Partition"]]["Column Name"]), ["year"])
        equal("partitions", len(wr.catalog.get_partitions(database=DATABASE, table="noaa")), 10)

    # Post: Run a SQL query from Athena and receive the result as a Pandas DataFrame.
    with step("query (the default: CREATE TABLE AS, then Parquet)"):
        df = wr.athena.read_sql_query(SQL, database=DATABASE)
        expected.check(df)
    with step("query (ctas_approach=False: the result's CSV file)"):
        expected.check(
            wr.athena.read_sql_query(SQL, database=DATABASE, ctas_approach=False, s3_output=f"s3://{bucket}/results/")
        )
    with step("query (unload_approach=True: UNLOAD to Parquet)"):
        expected.check(
            wr.athena.read_sql_query(
                SQL, database=DATABASE, ctas_approach=False, unload_approach=True, s3_output=f"s3://{bucket}/unload/"
            )
        )

    # Post: To plot the average maximum temperature measured in the tracked station.
    with step("plot"):
        df["temperature"] = df["temperature"].astype(float)  # decimals: pandas draws numbers only
        args.plots.mkdir(parents=True, exist_ok=True)
        daily = df.groupby("dt").mean()
        save(daily.plot(), args.plots / "average.png", "average maximum temperature of each day, °C")
        # Post: To plot a moving average of the previous metric with a 30-day window.
        moving = daily.rolling(window=30, center=True).mean()
        save(moving.plot(), args.plots / "moving-average.png", "30-day moving average, °C")
        equal("days", len(daily), len(expected.days))
        close("moving average", moving["temperature"].dropna(), expected.moving(30))

    if args.clean_up:
        # Post: Cleaning up.
        wr.catalog.delete_database(DATABASE)
        for b in (bucket, SOURCE):
            wr.s3.delete_objects(f"s3://{b}/")
            boto3.client("s3").delete_bucket(Bucket=b)
    print(f"all as counted: {expected.rows} rows, {expected.matching} in the answer, {len(expected.days)} days")


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--files", type=pathlib.Path, required=True, help="folder with 1880.csv to 1889.csv")
    p.add_argument("--bucket", default="data-frames", help="your bucket")
    p.add_argument("--plots", type=pathlib.Path, default=pathlib.Path("."), help="folder for the two plots")
    p.add_argument("--clean-up", action="store_true", help="delete the database and the buckets at the end")
    args = p.parse_args()
    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit('AWS_ENDPOINT_URL is not set: run  eval "$(boathouse env)"  first')
    return args


def publish(files):
    """Puts the files where the post finds them: in NOAA's public bucket."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=SOURCE)
    for f in files:
        s3.upload_file(str(f), SOURCE, f"csv/{f.name}")


class Expected:
    """What the files hold, counted line by line and in whole tenths of degrees."""

    def __init__(self, files):
        self.rows, self.days = 0, {}
        for name in files:
            with open(name, newline="") as f:
                for id, dt, element, value, _, q_flag, _, _ in csv.reader(f):
                    self.rows += 1
                    if element == "TMAX" and q_flag == "" and id.startswith("US") and "1887" <= dt[:4] <= "1889":
                        total, n = self.days.get(dt, (0, 0))
                        self.days[dt] = (total + int(value), n + 1)
        self.matching = sum(n for _, n in self.days.values())

    def check(self, df):
        """Holds a query's answer against the count, day by day and to the tenth."""
        equal("rows in the answer", len(df), self.matching)
        got = {}
        for dt, temperature in zip(df["dt"], df["temperature"]):
            key = pd.Timestamp(dt).strftime("%Y%m%d")
            total, n = got.get(key, (0, 0))
            got[key] = (total + round(float(temperature) * 10), n + 1)
        equal("sum and count of each day", got, self.days)

    def moving(self, window):
        days = [self.days[k] for k in sorted(self.days)]
        means = [total / n / 10 for total, n in days]
        return [sum(means[i : i + window]) / window for i in range(len(means) - window + 1)]


def equal(what, got, want):
    if got != want:
        shown = f"{str(got)[:200]} is not {str(want)[:200]}"
        sys.exit(f"wrong {what}: {shown}")


def close(what, got, want):
    equal(f"length of the {what}", len(got), len(want))
    worst = max(abs(a - b) for a, b in zip(got, want))
    if worst > 1e-9:
        sys.exit(f"wrong {what}: off by {worst}")


def save(axes, name, title):
    axes.set_title(title)
    axes.figure.set_size_inches(9, 4)
    axes.figure.tight_layout()
    axes.figure.savefig(name, dpi=80)


class step:
    """Prints how long a step took."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        self.start = time.monotonic()

    def __exit__(self, kind, *_):
        if kind is None:
            print(f"{self.what}: {time.monotonic() - self.start:.2f} s", flush=True)


if __name__ == "__main__":
    main()
