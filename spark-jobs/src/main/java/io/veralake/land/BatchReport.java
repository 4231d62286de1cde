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

  /** Of nothing. */
  BatchReport() {}

  /** Adds up the reports of {@code blocks}. */
  static BatchReport of(JavaRDD<RowBlock> blocks) {
    // Bounded: one small report a task.
    List<BatchReport> parts =
        blocks.map(RowBlock::report).mapPartitions(own -> List.of(sum(own)).iterator()).collect();
    return sum(parts.iterator());
  }

  private static BatchReport sum(Iterator<BatchReport> parts) {
    BatchReport sum = new BatchReport();
    parts.forEachRemaining(sum::add);
    return sum;
  }

  /** Counts a row of {@link BatchColumns}. */
  void add(InternalRow row) {
    this.counts[row.getInt(0)]++;
    if (!row.isNullAt(BatchColumns.POSITION)) {
      this.positions.add(row.getStruct(BatchColumns.POSITION, 3).getLong(0));
      this.highCommitTime = Math.max(this.highCommitTime, row.getLong(BatchColumns.COMMIT_TIME));
    }
  }

  /** This report, in as little memory as it needs. */
  BatchReport compact() {
    this.positions.trim();
    return this;
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
