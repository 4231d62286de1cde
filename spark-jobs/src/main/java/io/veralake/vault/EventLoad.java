package io.veralake.vault;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import io.veralake.lake.Lake;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows by which a non-historised link or satellite grows in one load: of each key the first row
 * in order. A row that precedes the one that the table holds takes its place: the old one is
 * deleted in a commit of its own, which moves no position, before the new one is appended; a run
 * killed in between appends it when it is repeated.
 */
final class EventLoad {
  private static final String FIRST = "_first";
  private static final String HELD = "_held_";

  private final Lake lake;
  private final VaultTable table;
  private final List<String> order;
  private final StagedRows staged;

  EventLoad(Lake lake, VaultTable table, SourceOrder order, StagedRows staged) {
    this.lake = lake;
    this.table = table;
    this.order =
        new ArrayList<>(
            List.of(this.table.names().appliedTime(), this.table.names().recordSource()));
    this.order.addAll(order == SourceOrder.POSITION ? 0 : 1, this.table.names().position());
    this.staged = staged;
  }

  /** Rows to append. Rows of the table that they replace have been deleted. */
  Dataset<Row> first(StagedRows.Counts counts) {
    Dataset<Row> first =
        this.staged
            .keyed()
            .groupBy(this.table.hashKey())
            .agg(min(struct(this.compared(this.table.names().loadTime()))).as(FIRST))
            .select(col(this.table.hashKey()), col(FIRST + ".*"));
    if (this.lake.snapshot(this.name()).isEmpty()) {
      return first;
    }
    Dataset<Row> held =
        renamed(
            new HeldRows(this.lake, this.staged)
                .of(this.name(), this.columns(), this.staged.keyed(), counts));
    Dataset<Row> compared =
        fixed(
            first.join(
                held, col(this.table.hashKey()).equalTo(col(HELD + this.table.hashKey())), "left"));
    Column known = col(HELD + this.table.hashKey()).isNotNull();
    Column notLater = this.ordered("", this.order).leq(this.ordered(HELD, this.order));
    Dataset<Row> fresh = this.trimmed(compared.filter(functions.not(known)));
    Dataset<Row> rivals = compared.filter(known.and(notLater));
    return rivals.isEmpty() ? fresh : fresh.unionByName(this.replacing(this.trimmed(rivals)));
  }

  /** Those of {@code rivals} that precede what the table holds of their keys, which is deleted. */
  private Dataset<Row> replacing(Dataset<Row> rivals) {
    List<String> all = this.compared();
    Dataset<Row> held =
        renamed(
            this.held(broadcast(rivals.select(this.table.hashKey())))
                .drop(this.table.names().loadTime()));
    Dataset<Row> replacing =
        fixed(
            this.trimmed(
                rivals
                    .join(held, col(this.table.hashKey()).equalTo(col(HELD + this.table.hashKey())))
                    .filter(this.ordered("", all).lt(this.ordered(HELD, all)))));
    if (!replacing.isEmpty()) {
      String view = "_replaced_" + this.table.name();
      replacing.createOrReplaceTempView(view);
      this.lake
          .spark()
          .sql(
              "DELETE FROM %1$s WHERE `%2$s` IN (SELECT `%2$s` FROM %3$s)"
                  .formatted(this.lake.sqlName(this.name()), this.table.hashKey(), view));
      this.lake.spark().catalog().dropTempView(view);
    }
    return replacing;
  }

  private Dataset<Row> held(Dataset<Row> keys) {
    return this.lake.rows(this.name()).join(keys, this.table.hashKey(), "left_semi");
  }

  private String name() {
    return VaultTables.name(this.table);
  }

  /**
   * All columns but the hash key in the order in which rows are compared, {@code last} at the end.
   */
  private Column[] compared(String last) {
    List<String> names = new ArrayList<>(this.compared());
    names.add(last);
    return names.stream().map(functions::col).toArray(Column[]::new);
  }

  private List<String> compared() {
    List<String> names = new ArrayList<>(this.order);
    for (String column : VaultTables.columns(this.table)) {
      boolean other =
          !column.equals(this.table.hashKey()) && !column.equals(this.table.names().loadTime());
      if (other && !names.contains(column)) {
        names.add(column);
      }
    }
    return names;
  }

  private List<String> columns() {
    List<String> names = new ArrayList<>(List.of(this.table.hashKey()));
    names.addAll(this.order);
    return names;
  }

  private Column ordered(String prefix, List<String> names) {
    return struct(names.stream().map(name -> col(prefix + name)).toArray(Column[]::new));
  }

  private Dataset<Row> trimmed(Dataset<Row> rows) {
    return rows.select(
        VaultTables.columns(this.table).stream().map(functions::col).toArray(Column[]::new));
  }

  /**
   * The rows as they are now. A cache would not do: Spark makes it anew when the table that it was
   * read from changes, which it does between the deletion and the appending.
   */
  private static Dataset<Row> fixed(Dataset<Row> rows) {
    return rows.localCheckpoint();
  }

  private static Dataset<Row> renamed(Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (String column : rows.columns()) {
      result = result.withColumnRenamed(column, HELD + column);
    }
    return result;
  }
}
