package io.veralake.vault;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the raw tables behind a vault table have that the vault table hasn't consumed: known from
 * snapshots alone, without reading a row.
 */
final class Increment {
  private final Lake lake;
  private final List<Range> ranges;

  /**
   * What is new of one source.
   *
   * @param source the source
   * @param after the last snapshot that was consumed; empty: none
   * @param upTo the snapshot that this load goes up to
   * @param rows how many rows were appended in between
   */
  record Range(VaultSource source, OptionalLong after, long upTo, long rows) {
    /** The raw table. */
    String table() {
      return this.source.table();
    }

    /** Whether there is a snapshot that wasn't consumed. */
    boolean moved() {
      return this.after.isEmpty() || this.after.getAsLong() != this.upTo;
    }
  }

  private Increment(Lake lake, List<Range> ranges) {
    this.lake = lake;
    this.ranges = List.copyOf(ranges);
  }

  /** What {@code table}, consumed up to {@code positions}, hasn't consumed. */
  static Increment of(Lake lake, VaultTable table, Positions positions) {
    return of(lake, table.sources(), positions);
  }

  /** What of {@code sources} wasn't consumed by a table that says {@code positions}. */
  static Increment of(Lake lake, List<VaultSource> sources, Positions positions) {
    List<Range> ranges = new ArrayList<>();
    for (VaultSource source : sources) {
      String raw = source.table();
      OptionalLong upTo = lake.snapshot(raw);
      if (upTo.isPresent()) {
        OptionalLong after = positions.lastRead(raw);
        Table table = lake.table(raw);
        long rows =
            source.prejoin().isPresent()
                ? PrejoinTables.count(table, after, upTo.getAsLong(), false)
                : rows(table, after, upTo.getAsLong());
        ranges.add(new Range(source, after, upTo.getAsLong(), rows));
      }
    }
    return new Increment(lake, ranges);
  }

  /** Whether any source has a snapshot that wasn't consumed. */
  boolean moved() {
    return this.ranges.stream().anyMatch(Range::moved);
  }

  /** Raw rows that are new. A raw table that feeds the vault table twice counts twice. */
  long rows() {
    return this.ranges.stream().mapToLong(Range::rows).sum();
  }

  /** Every source that has been written at all. */
  List<Range> ranges() {
    return this.ranges;
  }

  /** The new raw rows of {@code range}. */
  Dataset<Row> fresh(Range range) {
    return this.there(range, this.lake.appended(range.table(), range.after(), range.upTo()));
  }

  /** All raw rows of {@code range}'s source up to this load. */
  Dataset<Row> all(Range range) {
    return this.there(range, this.lake.appended(range.table(), OptionalLong.empty(), range.upTo()));
  }

  private Dataset<Row> there(Range range, Dataset<Row> rows) {
    return range.source().prejoin().isPresent() ? PrejoinTables.joined(rows) : rows;
  }

  /** Positions after this load. */
  Map<String, String> positions() {
    Map<String, String> result = new LinkedHashMap<>();
    for (Range range : this.ranges) {
      result.put(Positions.READ + range.table(), Long.toString(range.upTo()));
    }
    return result;
  }

  private static long rows(Table raw, OptionalLong after, long upTo) {
    if (after.isEmpty()
        || raw.snapshot(after.getAsLong()) == null
        || !SnapshotUtil.isAncestorOf(raw, upTo, after.getAsLong())) {
      Snapshot last = Objects.requireNonNull(raw.snapshot(upTo));
      return count(last, SnapshotSummary.TOTAL_RECORDS_PROP);
    }
    long rows = 0;
    for (Snapshot snapshot :
        SnapshotUtil.ancestorsBetween(upTo, after.getAsLong(), raw::snapshot)) {
      if (DataOperations.APPEND.equals(snapshot.operation())) {
        rows += count(snapshot, SnapshotSummary.ADDED_RECORDS_PROP);
      }
    }
    return rows;
  }

  private static long count(Snapshot snapshot, String property) {
    return Long.parseLong(snapshot.summary().getOrDefault(property, "0"));
  }
}
