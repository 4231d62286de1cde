package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * {@code raw.quarantine}: every record that couldn't be landed, byte for byte, once. {@code
 * raw.quarantine_replayed}: those of them that were landed later. Both are only appended to.
 */
final class Quarantine {
  /** The table. */
  static final String TABLE = "raw.quarantine";

  /** What was landed later. */
  static final String REPLAYED = "raw.quarantine_replayed";

  /** Whether the bytes are encrypted; null: no. */
  static final String ENCRYPTED = "encrypted";

  /**
   * A record, whatever became of it: its bytes are part of its identity, because a file may be sent
   * again, corrected.
   */
  private static final List<String> IDENTITY = List.of("source_table", "file", "row", "digest");

  private Quarantine() {}

  /**
   * Keeps {@code bad} (rows of {@link BatchColumns}) of one raw table, found at {@code places}, or
   * anywhere if there are none; those kept before, by a run that was killed, are not kept twice.
   *
   * @param encrypted whether their bytes are encrypted
   */
  static void keep(
      RunContext context, String table, Dataset<Row> bad, List<String> places, boolean encrypted) {
    Lake lake = context.lake();
    create(
        lake,
        TABLE,
        """
        source_table string, reason string, file string, row bigint, `offset` bigint, bytes binary, digest string,
        context binary, file_time timestamp, batch string, landed_as_of timestamp, encrypted boolean
        """);
    if (lake.table(TABLE).schema().findField(ENCRYPTED) == null) {
      lake.table(TABLE).updateSchema().addColumn(ENCRYPTED, Types.BooleanType.get()).commit();
      lake.spark().catalog().refreshTable(lake.sqlName(TABLE));
    }
    Dataset<Row> rows =
        bad.select(
            lit(table).as("source_table"),
            col(BatchColumns.REASON).as("reason"),
            col(RawColumns.FILE).as("file"),
            col(RawColumns.ROW).as("row"),
            col(BatchColumns.OFFSET).as("offset"),
            col(BatchColumns.BYTES).as("bytes"),
            sha2(col(BatchColumns.BYTES), 256).as("digest"),
            col(BatchColumns.CONTEXT).as("context"),
            timestamp_micros(col(BatchColumns.FILE_TIME)).as("file_time"),
            col(RawColumns.BATCH).as("batch"),
            lit(context.asOf()).as("landed_as_of"),
            lit(encrypted).as(ENCRYPTED));
    boolean again = Duplicates.touched(lake, TABLE, place(table, places));
    lake.append(
        again ? without(rows, of(lake, TABLE, table)) : rows, TABLE, context.runId(), Map.of());
  }

  /** Records of one raw table that are still not landed. */
  static Dataset<Row> open(Lake lake, String table) {
    Dataset<Row> kept = of(lake, TABLE, table);
    if (!List.of(kept.columns()).contains(ENCRYPTED)) {
      kept = kept.withColumn(ENCRYPTED, lit(false));
    }
    return lake.exists(REPLAYED) ? without(kept, of(lake, REPLAYED, table)) : kept;
  }

  /** Notes that {@code landed}, records of {@link #open}, are in their raw table now. */
  static void replayed(RunContext context, Dataset<Row> landed) {
    create(
        context.lake(),
        REPLAYED,
        "source_table string, file string, row bigint, digest string, batch string, replayed_as_of timestamp");
    Dataset<Row> rows =
        landed
            .select("source_table", "file", "row", "digest")
            .withColumn("batch", lit(context.runId()))
            .withColumn("replayed_as_of", lit(context.asOf()));
    context.lake().append(rows, REPLAYED, context.runId(), Map.of());
  }

  /**
   * Holds for the quarantined records of {@code places}, and for others whose names lie between.
   */
  private static Expression place(String table, List<String> places) {
    Expression place = Expressions.equal("source_table", table);
    if (places.isEmpty()) {
      return place;
    }
    List<String> urls = places.stream().sorted().toList();
    return Expressions.and(
        place,
        Expressions.greaterThanOrEqual("file", urls.get(0)),
        Expressions.lessThanOrEqual("file", urls.get(urls.size() - 1)));
  }

  /** Each append is of one source table: there is nothing to distribute. */
  private static void create(Lake lake, String table, String columns) {
    lake.spark()
        .sql(
            """
            CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg PARTITIONED BY (source_table)
            TBLPROPERTIES ('write.distribution-mode' = 'none', 'write.metadata.metrics.column.file' = 'full')
            """
                .formatted(lake.sqlName(table), columns));
  }

  private static Dataset<Row> of(Lake lake, String table, String source) {
    return lake.rows(table).where(col("source_table").equalTo(source));
  }

  private static Dataset<Row> without(Dataset<Row> rows, Dataset<Row> others) {
    Column same = lit(true);
    for (String column : IDENTITY) {
      same = same.and(col("l." + column).equalTo(col("r." + column)));
    }
    return rows.as("l").join(others.as("r"), same, "left_anti");
  }
}
