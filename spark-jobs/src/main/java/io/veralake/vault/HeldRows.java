package io.veralake.vault;

import io.veralake.lake.Lake;
import io.veralake.lake.lookup.KeyLookup;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** What the vault's tables hold of a night's keys: the one place where history is read by key. */
final class HeldRows {
  /** More keys than this are joined rather than sent to every task. */
  private static final long LOOKED_UP_AT_MOST = 5_000_000;

  private final Lake lake;
  private final StagedRows staged;

  HeldRows(Lake lake, StagedRows staged) {
    this.lake = lake;
    this.staged = staged;
  }

  /**
   * The rows of {@code table}, with its namespace, that have the key of one of {@code
   * observations}, with others perhaps where the key has several columns.
   *
   * @param columns what to read; that by which rows are found first
   * @param counts of the night's rows; a truncate observes any number of keys
   */
  Dataset<Row> of(
      String table, List<String> columns, Dataset<Row> observations, StagedRows.Counts counts) {
    if (counts.keyed() <= LOOKED_UP_AT_MOST && counts.truncates() == 0) {
      KeyLookup lookup = new KeyLookup(this.lake);
      return this.staged
          .known(observations, columns.get(0))
          .map(keys -> lookup.rows(table, columns, keys))
          .orElseGet(() -> lookup.rows(table, columns, observations.select(columns.get(0))))
          .orElseGet(() -> this.joined(table, columns, observations, counts));
    }
    return this.joined(table, columns, observations, counts);
  }

  private Dataset<Row> joined(
      String table, List<String> columns, Dataset<Row> observations, StagedRows.Counts counts) {
    return this.lake
        .rows(table)
        .select(columns.stream().map(functions::col).toArray(Column[]::new))
        .join(this.staged.keys(observations, counts), columns.get(0), "left_semi");
  }
}
