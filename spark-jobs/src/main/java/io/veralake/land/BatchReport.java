package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import io.veralake.lake.RawColumns;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a batch holds, in numbers. */
final class BatchReport implements Serializable {
  private static final long serialVersionUID = 1;

  private final long[] counts = new long[BatchColumns.Fate.values().length];
  private final PositionRanges positions = new PositionRanges();
  private long highCommitTime = Long.MIN_VALUE;

  private BatchReport() {}

  /** Counts {@code batch}. */
  static BatchReport of(Dataset<Row> batch) {
    // Bounded: one small report a task.
    List<BatchReport> parts =
        batch
            .select(
                col(BatchColumns.FATE),
                col(RawColumns.POSITION + ".major"),
                unix_micros(col(RawColumns.COMMIT_TIME)))
            .toJavaRDD()
            .mapPartitions(rows -> List.of(counted(rows)).iterator())
            .collect();
    BatchReport whole = new BatchReport();
    parts.forEach(whole::add);
    return whole;
  }

  private static BatchReport counted(Iterator<Row> rows) {
    BatchReport report = new BatchReport();
    while (rows.hasNext()) {
      Row row = rows.next();
      report.counts[row.getInt(0)]++;
      if (!row.isNullAt(1)) {
        report.positions.add(row.getLong(1));
        report.highCommitTime = Math.max(report.highCommitTime, row.getLong(2));
      }
    }
    return report;
  }

  private void add(BatchReport part) {
    for (int i = 0; i < this.counts.length; i++) {
      this.counts[i] += part.counts[i];
    }
    this.positions.addAll(part.positions);
    this.highCommitTime = Math.max(this.highCommitTime, part.highCommitTime);
  }

  /** How many records have {@code fate}. */
  long count(BatchColumns.Fate fate) {
    return this.counts[fate.ordinal()];
  }

  /** Where in the source's order the rows are. */
  PositionRanges positions() {
    return this.positions;
  }

  /** The latest commit time, microseconds since the epoch; the smallest number if there is no row. */
  long highCommitTime() {
    return this.highCommitTime;
  }
}
