"""Loads a hub and a satellite with DuckDB, batch by batch, and prints how long each took.

Its own storage, plain SQL, the hash as a 128-bit integer: what a careful engineer would write by hand for rows that arrive in order and once.
"""

import os
import resource
import sys
import time

import duckdb

folder = sys.argv[1]
database = duckdb.connect(os.path.join(folder, "vault.duckdb"))
database.execute(f"SET memory_limit = '8GB'; SET threads = {len(os.sched_getaffinity(0))}; SET temp_directory = '{folder}/spill'")
database.execute("SET preserve_insertion_order = false")
database.execute("CREATE TABLE hub (hk UHUGEINT, id BIGINT, load_time TIMESTAMP, record_source VARCHAR)")
database.execute(
    "CREATE TABLE sat (hk UHUGEINT, hashdiff UHUGEINT, name VARCHAR, email VARCHAR, city VARCHAR, birthday DATE, balance DECIMAL(12,2),"
    " applied_time TIMESTAMPTZ, load_time TIMESTAMP, record_source VARCHAR)"
)
COLUMNS = "name, email, city, birthday, balance"


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


for line in open(os.path.join(folder, "batches.txt")):
    batch, *files = line.split()
    listed = "[" + ", ".join("'" + name.removeprefix("file:") + "'" for name in files) + "]"
    began, used = time.monotonic(), cpu()
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE staged AS
        SELECT md5_number(length(after.id::VARCHAR) || ':' || after.id) AS hk, after.id AS id,
          md5_number(concat_ws('|', after.balance, after.birthday, after.city, after.email, after.name)) AS hashdiff,
          after.name AS name, after.email AS email, after.city AS city, after.birthday AS birthday, after.balance AS balance,
          _commit_time AS applied_time, TIMESTAMP '2026-03-02' AS load_time, _record_source AS record_source
        FROM read_parquet({listed})
        """
    )
    database.execute(
        "INSERT INTO hub SELECT hk, any_value(id), min(load_time), min(record_source) FROM staged s"
        " WHERE NOT EXISTS (SELECT 1 FROM hub h WHERE h.hk = s.hk) GROUP BY hk"
    )
    database.execute(
        f"""
        INSERT INTO sat
        WITH latest AS (
          SELECT hk, arg_max(hashdiff, applied_time) AS hashdiff FROM sat WHERE hk IN (SELECT hk FROM staged) GROUP BY hk)
        SELECT s.hk, s.hashdiff, {COLUMNS}, applied_time, load_time, record_source
        FROM staged s LEFT JOIN latest l ON s.hk = l.hk WHERE l.hk IS NULL OR l.hashdiff <> s.hashdiff
        """
    )
    seconds, rows = time.monotonic() - began, database.execute("SELECT count(*) FROM staged").fetchone()[0]
    counts = database.execute("SELECT (SELECT count(*) FROM hub), (SELECT count(*) FROM sat)").fetchone()
    print(f"vault batch {batch:<2} duckdb     {rows:>12,} rows {seconds:7.2f} s {cpu() - used:7.2f} CPU s; hub {counts[0]:,}, satellite {counts[1]:,}")
