"""Puts a folder of envelopes into a Parquet file with DuckDB and prints how long that took."""

import os
import resource
import sys
import time

import duckdb

folder, target, envelopes = sys.argv[1], sys.argv[2], int(sys.argv[3])
row = (
    "STRUCT(order_id BIGINT, line_number INTEGER, product_id BIGINT, seller_id BIGINT, quantity INTEGER,"
    " unit_price VARCHAR, note VARCHAR, created_at BIGINT, gift BOOLEAN)"
)
payload = f"STRUCT(before {row}, after {row}, source STRUCT(ts_ms BIGINT, lsn BIGINT), op VARCHAR)"
database = duckdb.connect()
database.execute(f"SET memory_limit = '4GB'; SET temp_directory = '{os.path.dirname(target)}/spill'")
began = time.monotonic()
database.execute(
    f"""
    COPY (
      SELECT DISTINCT ON (value.payload.source.lsn) value.payload.op, value.payload.before, value.payload.after, value.payload.source
      FROM read_json('{folder}/*.json', format = 'newline_delimited', columns = {{value: 'STRUCT(payload {payload})'}})
    ) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
    """
)
seconds = time.monotonic() - began
usage = resource.getrusage(resource.RUSAGE_SELF)
cpu = usage.ru_utime + usage.ru_stime
rows, quantity = database.execute(f"SELECT count(*), sum(after.quantity) FROM '{target}'").fetchone()
print(f"land  duckdb    {envelopes:>11,} envelopes {seconds:7.1f} s {envelopes / seconds:9,.0f} /s {cpu:7.1f} CPU s; {rows:,} rows, quantity {quantity:,}")
