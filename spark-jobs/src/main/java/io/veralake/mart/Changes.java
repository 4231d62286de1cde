package io.veralake.mart;

import io.veralake.lake.Lake;
import io.veralake.spec.Mart;
import io.veralake.spec.Mart.PartitionField.Transform;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * What an input got between the snapshot that a mart read last and the one that it reads now. Reads
 * the files that came and went, not the table.
 */
final class Changes {
  /**
   * In rows of a mart that differ: how many more of that very row there are now; negative for rows
   * that went.
   */
  static final String COUNT = "_count";

  private final Lake lake;
  private final Input input;
  private final long after;

  private Changes(Lake lake, Input input, long after) {
    this.lake = lake;
    this.input = input;
    this.after = after;
  }

  /**
   * Changes after snapshot {@code after}; none that can be told if that is empty, expired, or the
   * table was rewritten otherwise than by appends (a vault table).
   */
  static Optional<Changes> after(Lake lake, Input input, OptionalLong after) {
    if (after.isEmpty() || input.snapshot().isEmpty()) {
      return Optional.empty();
    }
    Table table = lake.table(input.table());
    long from = after.getAsLong();
    long to = input.snapshot().getAsLong();
    boolean known = table.snapshot(from) != null && SnapshotUtil.isAncestorOf(table, to, from);
    if (!known || input.vault().isPresent() && !appendsOnly(table, from, to)) {
      return Optional.empty();
    }
    return Optional.of(new Changes(lake, input, from));
  }

  private static boolean appendsOnly(Table table, long from, long to) {
    for (Snapshot snapshot : SnapshotUtil.ancestorsBetween(to, from, table::snapshot)) {
      if (!List.of(DataOperations.APPEND, DataOperations.REPLACE).contains(snapshot.operation())) {
        return false;
      }
    }
    return true;
  }

  /** The rows that a vault table got; for a mart the rows that differ, with {@link #COUNT}. */
  Dataset<Row> rows() {
    if (this.input.vault().isPresent()) {
      return this.lake.appended(
          this.input.table(), OptionalLong.of(this.after), this.input.snapshot().orElseThrow());
    }
    return this.touched()
        .selectExpr("*", "IF(_change_type = 'INSERT', 1, -1) AS " + COUNT)
        .groupBy(
            Stream.of(this.lake.rows(this.input.table()).columns())
                .map(functions::col)
                .toArray(Column[]::new))
        .agg(functions.sum(COUNT).as(COUNT))
        .where(COUNT + " <> 0");
  }

  /**
   * Values of {@code key} in the rows that a mart got or lost. If they are partition columns, the
   * rows themselves needn't be compared: an untouched partition has the same files.
   */
  Dataset<Row> keys(Mart upstream, List<String> key) {
    List<String> partitions =
        upstream.partitionBy().stream()
            .filter(field -> field.transform() != Transform.MONTH)
            .map(Mart.PartitionField::column)
            .toList();
    Dataset<Row> rows = partitions.containsAll(key) ? this.touched() : this.rows();
    return rows.selectExpr(key.stream().map(column -> "`" + column + "`").toArray(String[]::new))
        .distinct();
  }

  private Dataset<Row> touched() {
    return this.lake
        .spark()
        .read()
        .option("start-snapshot-id", this.after)
        .option("end-snapshot-id", this.input.snapshot().orElseThrow())
        .table(this.lake.sqlName(this.input.table()) + ".changes");
  }
}
