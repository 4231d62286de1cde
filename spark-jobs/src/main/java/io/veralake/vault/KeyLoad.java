package io.veralake.vault;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
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
  private static final String KEY = "_key";
  private static final String HELD = "_held_";

  private final Lake lake;
  private final VaultTable table;
  private final StagedRows staged;

  KeyLoad(Lake lake, VaultTable table, StagedRows staged) {
    this.lake = lake;
    this.table = table;
    this.staged = staged;
  }

  /**
   * Keys that the table doesn't hold, each with the first of its record sources. Two keys with one
   * hash make the query fail, see {@link HashCollision}.
   */
  Dataset<Row> missing(StagedRows.Counts counts) {
    String hash = this.table.hashKey();
    String loadTime = this.table.names().loadTime();
    String recordSource = this.table.names().recordSource();
    List<String> keys = new ArrayList<>(VaultTables.columns(this.table));
    keys.removeAll(List.of(hash, loadTime, recordSource));
    Dataset<Row> keyed = this.unknown(keys, counts);
    Column key = min(HashCollision.key(keys, ""));
    if (this.toldApart()) {
      key = HashCollision.same(col(hash), key, max(HashCollision.key(keys, "")));
    }
    List<Column> columns = new ArrayList<>(List.of(col(hash)));
    keys.forEach(name -> columns.add(col(KEY).getField(name).as(name)));
    columns.add(col(ORIGIN).getField(loadTime).as(loadTime));
    columns.add(col(ORIGIN).getField(recordSource).as(recordSource));
    return keyed
        .groupBy(hash)
        .agg(min(struct(col(loadTime), col(recordSource))).as(ORIGIN), key.as(KEY))
        .select(columns.toArray(Column[]::new));
  }

  /** The night's rows whose keys the table doesn't hold. */
  private Dataset<Row> unknown(List<String> keys, StagedRows.Counts counts) {
    Dataset<Row> keyed = this.staged.keyed();
    if (this.lake.snapshot(VaultTables.name(this.table)).isEmpty()) {
      return keyed;
    }
    String hash = this.table.hashKey();
    List<String> read = new ArrayList<>(List.of(hash));
    if (this.toldApart()) {
      read.addAll(keys);
    }
    Dataset<Row> known =
        new HeldRows(this.lake, this.staged)
            .of(VaultTables.name(this.table), read, keyed, counts)
            .select(HashCollision.renamed(read, HELD));
    if (counts.few()) {
      known = broadcast(known);
    }
    Column same = col(hash).equalTo(col(HELD + hash));
    if (!this.toldApart()) {
      return keyed.join(known, same, "left_anti");
    }
    return keyed
        .join(known, same, "left")
        .filter(
            HashCollision.unknown(
                col(HELD + hash), HashCollision.key(keys, ""), HashCollision.key(keys, HELD)));
  }

  private boolean toldApart() {
    return this.staged.staging().hash().tellsKeysApart();
  }
}
