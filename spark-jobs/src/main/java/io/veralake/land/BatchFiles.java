package io.veralake.land;

import io.veralake.lake.RawColumns;
import io.veralake.lake.TimeGrain;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.SparkWriteOptions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Into what files a batch is written: as few as its size asks for, whatever the number of days that
 * its rows were committed on.
 */
final class BatchFiles {
  private static final long ROWS = 250_000;

  /** Of rows in memory; in Parquet they take a fraction of it. */
  private static final long BYTES = 512L << 20;

  private final int spec;
  private final int tasks;
  private final boolean open;

  private BatchFiles(int spec, int tasks, boolean open) {
    this.spec = spec;
    this.tasks = tasks;
    this.open = open;
  }

  /** For a batch that is appended to {@code table}, to which a partition spec may be added. */
  static BatchFiles of(Table table, BatchReport report) {
    TimeGrain grain = TimeGrain.of(report.days(), report.count(BatchColumns.Fate.ROW));
    return new BatchFiles(
        grain.spec(table),
        tasks(report, BatchColumns.Fate.ROW),
        report.days().partitions(grain) <= TimeGrain.FEW);
  }

  /** How many tasks write the records of one fate; each has what makes about one file. */
  static int tasks(BatchReport report, BatchColumns.Fate fate) {
    long rows = report.count(fate);
    double share = rows / (double) Math.max(1, report.records());
    long most = Math.max(rows / ROWS, (long) (share * report.bytes()) / BYTES);
    return (int) Math.max(1, Math.min(1000, most));
  }

  /**
   * {@code rows} as they are to be written. In the order of positions if all partitions can be open
   * at once, since files in that order are found fast by it; partition by partition otherwise.
   */
  Dataset<Row> placed(Dataset<Row> rows) {
    if (this.open) {
      return rows;
    }
    Column day = functions.to_date(functions.col(RawColumns.COMMIT_TIME));
    Column place = functions.col(RawColumns.POSITION);
    return (this.tasks == 1 ? rows.coalesce(1) : rows.repartitionByRange(this.tasks, day, place))
        .sortWithinPartitions(day, place);
  }

  /** Options of the writer. */
  Map<String, String> options() {
    return Map.of(
        SparkWriteOptions.OUTPUT_SPEC_ID,
        Integer.toString(this.spec),
        SparkWriteOptions.USE_TABLE_DISTRIBUTION_AND_ORDERING,
        "false",
        SparkWriteOptions.FANOUT_ENABLED,
        Boolean.toString(this.open));
  }
}
