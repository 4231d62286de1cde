package io.veralake.land;

import io.veralake.lake.Days;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.jspecify.annotations.Nullable;

/** What a batch holds, in numbers. */
final class BatchReport implements Serializable {
  private static final long serialVersionUID = 1;

  private final long[] counts = new long[BatchColumns.Fate.values().length];
  private final PositionRanges positions = new PositionRanges();
  private final Days days = new Days();
  private final Binlogs binlogs = new Binlogs();
  private long bytes;
  private long missing;
  private long highCommitTime = Long.MIN_VALUE;
  private @Nullable SourceOrder first;
  private @Nullable SourceOrder last;

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
  void add(UnsafeRow row) {
    this.bytes += row.getSizeInBytes();
    this.counts[row.getInt(0)]++;
    if (!row.isNullAt(BatchColumns.POSITION)) {
      InternalRow position = row.getStruct(BatchColumns.POSITION, 3);
      this.positions.add(position.getLong(0));
      this.order(position.getLong(0), position.getLong(1), position.getLong(2));
      long commitTime = row.getLong(BatchColumns.COMMIT_TIME);
      this.highCommitTime = Math.max(this.highCommitTime, commitTime);
      this.days.add(commitTime);
      if (!row.isNullAt(BatchColumns.MISSING_PLACE)) {
        this.missing += row.getLong(BatchColumns.MISSING_PLACE);
      }
      if (!row.isNullAt(BatchColumns.ORIGIN_PLACE)) {
        this.binlogs.add(
            row.getUTF8String(BatchColumns.ORIGIN_PLACE),
            row.getLong(BatchColumns.ORIGIN_PLACE + 1));
      }
    }
  }

  private void order(long major, long minor, long row) {
    if (this.first == null || SourceOrder.compare(major, minor, row, this.first) < 0) {
      this.first = new SourceOrder(major, minor, row);
    }
    if (this.last == null || SourceOrder.compare(major, minor, row, this.last) > 0) {
      this.last = new SourceOrder(major, minor, row);
    }
  }

  /** This report, in as little memory as it needs. */
  BatchReport compact() {
    this.positions.trim();
    return this;
  }

  /** Adds what {@code part} counted. */
  void add(BatchReport part) {
    for (int i = 0; i < this.counts.length; i++) {
      this.counts[i] += part.counts[i];
    }
    this.positions.addAll(part.positions);
    this.days.addAll(part.days);
    this.binlogs.addAll(part.binlogs);
    this.bytes += part.bytes;
    this.missing += part.missing;
    this.highCommitTime = Math.max(this.highCommitTime, part.highCommitTime);
    for (SourceOrder order : new SourceOrder[] {part.first, part.last}) {
      if (order != null) {
        this.order(order.major(), order.minor(), order.row());
      }
    }
  }

  /** How many records have {@code fate}. */
  long count(BatchColumns.Fate fate) {
    return this.counts[fate.code()];
  }

  /** Where in the source's order the rows are. */
  PositionRanges positions() {
    return this.positions;
  }

  /** Bytes of the records while they are kept in memory. */
  long bytes() {
    return this.bytes;
  }

  /** The days on which the rows were committed. */
  Days days() {
    return this.days;
  }

  /** Changes that are missing between others of their transactions. */
  long missing() {
    return this.missing;
  }

  /** The binlogs that the rows are from. */
  Binlogs binlogs() {
    return this.binlogs;
  }

  /** How many records were read, whatever became of them. */
  long records() {
    return Arrays.stream(this.counts).sum();
  }

  /** The lowest place in the source's order; null if there is no row. */
  @Nullable SourceOrder first() {
    return this.first;
  }

  /** The highest place in the source's order; null if there is no row. */
  @Nullable SourceOrder last() {
    return this.last;
  }

  /**
   * The latest commit time, microseconds since the epoch; the smallest number if there is no row.
   */
  long highCommitTime() {
    return this.highCommitTime;
  }
}
