package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;

/**
 * The tables that a reconciliation writes, each with one partition for a reconciliation and an
 * as-of, replaced as a whole.
 */
final class ReconTables {
  static final String DISCREPANCY = "recon.discrepancy";
  static final String RESTATEMENT = "recon.restatement";
  static final String SUMMARY = "recon.summary";
  static final String QUALITY = "recon.quality";

  /** All of them; the summary last: who finds a night there finds the others' rows too. */
  static final List<String> ALL = List.of(DISCREPANCY, RESTATEMENT, QUALITY, SUMMARY);

  private static final String AMOUNT = "decimal(38," + Shape.LEDGER_SCALE + ")";
  private static final String HEAD =
      "run_id string NOT NULL, as_of timestamp NOT NULL, reconciliation string NOT NULL, mart string NOT NULL";

  private final Lake lake;

  ReconTables(Lake lake) {
    this.lake = lake;
  }

  /** Columns of {@code table} as Spark's DDL writes them. */
  static String columns(String table) {
    return switch (table) {
      case DISCREPANCY ->
          HEAD
              + ", cause string NOT NULL, evidence string NOT NULL, `key` string NOT NULL, `partition` string, streamed_partition string, corrected_partition string,"
              + " columns array<string>, streamed string, corrected string, delta map<string, "
              + AMOUNT
              + ">";
      case RESTATEMENT ->
          HEAD
              + ", `partition` string, measure string NOT NULL, streamed "
              + AMOUNT
              + " NOT NULL, "
              + causes(AMOUNT, Cause.TOLERATED)
              + ", corrected "
              + AMOUNT
              + " NOT NULL, previous_corrected "
              + AMOUNT
              + ", moved "
              + AMOUNT
              + ", in_flight bigint NOT NULL";
      case SUMMARY ->
          HEAD
              + ", watermark timestamp NOT NULL, mart_snapshot bigint NOT NULL, partitions bigint NOT NULL, compared bigint NOT NULL, fetched bigint NOT NULL,"
              + " in_flight bigint NOT NULL, discrepancies bigint NOT NULL, "
              + causes("bigint", Cause.WRONG_VALUE)
              + ", open_partitions array<string> NOT NULL";
      case QUALITY ->
          HEAD
              + ", stream string NOT NULL, cause string NOT NULL, differences bigint NOT NULL, compared bigint NOT NULL, rate double NOT NULL,"
              + " nights bigint NOT NULL, usual double, score double, unusual boolean NOT NULL";
      default -> throw new IllegalStateException(table);
    };
  }

  private static String causes(String type, Cause last) {
    return Arrays.stream(Cause.values())
        .filter(cause -> cause.compareTo(last) <= 0)
        .map(cause -> cause.column() + " " + type + " NOT NULL")
        .collect(Collectors.joining(", "));
  }

  /** Creates what isn't there. */
  void create() {
    this.lake.spark().sql("CREATE NAMESPACE IF NOT EXISTS " + this.lake.sqlName("recon"));
    for (String table : ALL) {
      this.lake
          .spark()
          .sql(
              "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg PARTITIONED BY (reconciliation, as_of) TBLPROPERTIES ('write.distribution-mode' = 'none')"
                  .formatted(this.lake.sqlName(table), columns(table)));
    }
  }

  /** Replaces in one commit what {@code table} says of the reconciliation at the run's as-of. */
  void replace(String table, Dataset<Row> rows, RunContext context, String reconciliation) {
    Column same =
        col("reconciliation")
            .equalTo(reconciliation)
            .and(col("as_of").equalTo(lit(context.asOf())));
    try {
      this.lake
          .carrying(rows.writeTo(this.lake.sqlName(table)), table, context.runId(), Map.of())
          .overwrite(same);
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("Missing table " + table, e);
    }
  }
}
