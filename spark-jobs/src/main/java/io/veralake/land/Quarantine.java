package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** {@code raw.quarantine}: every record that couldn't be landed, byte for byte, once. */
final class Quarantine {
  /** The table. */
  static final String TABLE = "raw.quarantine";

  private Quarantine() {}

  /** Keeps {@code bad} (rows of {@link BatchColumns}) of one raw table; those kept before, by a run that was killed, are not kept twice. */
  static void keep(RunContext context, String table, Dataset<Row> bad) {
    Lake lake = context.lake();
    lake.spark()
        .sql(
            """
            CREATE TABLE IF NOT EXISTS %s (
              source_table string, reason string, file string, row bigint, `offset` bigint, bytes binary,
              context binary, file_time timestamp, batch string, landed_as_of timestamp)
            USING iceberg PARTITIONED BY (source_table)
            """
                .formatted(lake.sqlName(TABLE)));
    Dataset<Row> rows =
        bad.select(
            lit(table).as("source_table"),
            col(BatchColumns.REASON).as("reason"),
            col(RawColumns.FILE).as("file"),
            col(RawColumns.ROW).as("row"),
            col(BatchColumns.OFFSET).as("offset"),
            col(BatchColumns.BYTES).as("bytes"),
            col(BatchColumns.CONTEXT).as("context"),
            timestamp_micros(col(BatchColumns.FILE_TIME)).as("file_time"),
            col(RawColumns.BATCH).as("batch"),
            lit(context.asOf()).as("landed_as_of"));
    Dataset<Row> kept =
        lake.rows(TABLE)
            .where(col("source_table").equalTo(table))
            .select("file", "row", "bytes");
    Dataset<Row> fresh =
        rows.as("l")
            .join(
                kept.as("r"),
                col("l.file")
                    .equalTo(col("r.file"))
                    .and(col("l.row").equalTo(col("r.row")))
                    .and(col("l.bytes").equalTo(col("r.bytes"))),
                "left_anti");
    lake.append(fresh, TABLE, context.runId(), Map.of());
  }
}
