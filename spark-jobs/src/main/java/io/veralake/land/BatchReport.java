package io.veralake.land;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;

/** What a batch holds, in numbers. */
final class BatchReport implements Serializable {
  private static final long serialVersionUID = 1;

  private final long[] counts = new long[BatchColumns.Fate.values().length];
  private final PositionRanges positions = new PositionRanges();
  private long highCommitTime = Long.MIN_VALUE;

  private BatchReport() {}

  /** Counts rows of {@link BatchColumns}. */
  static BatchReport of(JavaRDD<InternalRow> rows) {
    // Bounded: one small report a task.
    List<BatchReport> parts = rows.mapPartitions(own -> List.of(counted(own)).iterator()).collect();
    BatchReport whole = new BatchReport();
    parts.forEach(whole::add);
    return whole;
  }

  private static BatchReport counted(Iterator<InternalRow> rows) {
    BatchReport report = new BatchReport();
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      report.counts[row.getInt(0)]++;
      if (!row.isNullAt(BatchColumns.POSITION)) {
        report.positions.add(row.getStruct(BatchColumns.POSITION, 3).getLong(0));
        report.highCommitTime =
            Math.max(report.highCommitTime, row.getLong(BatchColumns.COMMIT_TIME));
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
    return this.counts[fate.code()];
  }

  /** Where in the source's order the rows are. */
  PositionRanges positions() {
    return this.positions;
  }

  /**
   * The latest commit time, microseconds since the epoch; the smallest number if there is no row.
   */
  long highCommitTime() {
    return this.highCommitTime;
  }
}
