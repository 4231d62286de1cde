package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.VaultRules;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Business keys that sources claim under different collision codes. They are different keys; how
 * many of a night's there are tells whether the codes are needed, or wrong.
 */
final class SharedKeys {
  private static final String OTHER = "_other_key";
  private static final String OWN = "_own_key";

  /** How many keys a message names. */
  private static final int SHOWN = 3;

  private final Lake lake;
  private final Hub hub;
  private final StagedRows staged;

  SharedKeys(Lake lake, Hub hub, StagedRows staged) {
    this.lake = lake;
    this.hub = hub;
    this.staged = staged;
  }

  /**
   * How many of the night's business keys the hub, or the night, has under another code too.
   *
   * @throws DataException if there are any, and the hub's rules say stop
   */
  long count(StagedRows.Counts counts) {
    if (!this.hub.coded() || counts.keyed() == 0) {
      return 0;
    }
    List<org.apache.spark.sql.Column> codes =
        this.hub.sources().stream()
            .map(source -> source.expression(Hub.COLLISION_CODE))
            .distinct()
            .map(org.apache.spark.sql.functions::expr)
            .toList();
    List<String> key = this.hub.businessKey().stream().map(Column::name).toList();
    List<String> named = key.subList(1, key.size());
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    named.forEach(name -> columns.add(col(name)));
    columns.add(col(this.hub.hashKey()).as(OWN));
    columns.add(col(Hub.COLLISION_CODE).as("_own"));
    columns.add(
        explode(array(codes.toArray(org.apache.spark.sql.Column[]::new))).as(Hub.COLLISION_CODE));
    Dataset<Row> night =
        this.staged.keyed().select(columns.toArray(org.apache.spark.sql.Column[]::new)).distinct();
    List<HashText.Part> parts =
        this.hub.businessKey().stream()
            .map(one -> new HashText.Part(one.name(), one.type(), col(one.name())))
            .toList();
    Dataset<Row> others =
        night
            .filter(col("_own").notEqual(col(Hub.COLLISION_CODE)))
            .withColumn(OTHER, this.staged.staging().hash().key(parts));
    Dataset<Row> known = night.select(col(OWN).as(this.hub.hashKey()));
    String name = VaultTables.name(this.hub);
    if (this.lake.snapshot(name).isPresent()) {
      Dataset<Row> asked = others.select(col(OTHER).as(this.hub.hashKey()));
      known =
          known.unionByName(
              new HeldRows(this.lake, this.staged)
                  .of(name, List.of(this.hub.hashKey()), asked, counts));
    }
    Dataset<Row> shared =
        others
            .join(known, col(OTHER).equalTo(col(this.hub.hashKey())), "left_semi")
            .select(
                named.stream()
                    .map(org.apache.spark.sql.functions::col)
                    .toArray(org.apache.spark.sql.Column[]::new))
            .distinct();
    long count = shared.count();
    if (count > 0 && this.hub.rules().sharedKeys() == VaultRules.SharedKeys.STOP) {
      String some =
          shared.orderBy(named.get(0)).limit(SHOWN).collectAsList().stream()
              .map(row -> row.mkString(" "))
              .collect(Collectors.joining(", "));
      throw new DataException(
          "Cannot load %s: %d business keys are claimed under several collision codes: %s%s (give their sources one code if they mean the same, or shared-keys = count)"
              .formatted(name, count, some, count > SHOWN ? ", …" : ""));
    }
    return count;
  }
}
