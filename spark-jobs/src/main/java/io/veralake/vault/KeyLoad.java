package io.veralake.vault;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import io.veralake.lake.Lake;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows by which a hub or a historised link grows in one load: keys that it doesn't hold. */
final class KeyLoad {
  private static final String ORIGIN = "_origin";

  private final Lake lake;
  private final VaultTable table;
  private final StagedRows staged;

  KeyLoad(Lake lake, VaultTable table, StagedRows staged) {
    this.lake = lake;
    this.table = table;
    this.staged = staged;
  }

  /** Keys that the table doesn't hold, each with the first of its record sources. */
  Dataset<Row> missing(StagedRows.Counts counts) {
    Dataset<Row> keyed = this.staged.keyed();
    if (this.lake.snapshot(VaultTables.name(this.table)).isPresent()) {
      Dataset<Row> known =
          new HeldRows(this.lake, this.staged)
              .of(VaultTables.name(this.table), List.of(this.table.hashKey()), keyed, counts);
      if (counts.few()) {
        known = broadcast(known);
      }
      keyed = keyed.join(known, this.table.hashKey(), "left_anti");
    }
    String loadTime = this.table.names().loadTime();
    String recordSource = this.table.names().recordSource();
    List<String> keys = new ArrayList<>(VaultTables.columns(this.table));
    keys.remove(this.table.hashKey());
    keys.remove(loadTime);
    keys.remove(recordSource);
    List<Column> columns = new ArrayList<>();
    columns.add(min(struct(col(loadTime), col(recordSource))).as(ORIGIN));
    keys.forEach(key -> columns.add(first(col(key)).as(key)));
    return keyed
        .groupBy(this.table.hashKey())
        .agg(columns.get(0), columns.subList(1, columns.size()).toArray(Column[]::new))
        .withColumn(loadTime, col(ORIGIN).getField(loadTime))
        .withColumn(recordSource, col(ORIGIN).getField(recordSource))
        .drop(ORIGIN);
  }
}
