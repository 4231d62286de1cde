package io.veralake.vault;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Hashes of a vault table's rows beside what they are when they are computed from the stored
 * columns: a hub's keys, a link's keys through its hubs, a satellite's hashdiffs.
 */
final class StoredHashes {
  /** The stored hash. */
  static final String FOUND = "_found";

  /** The same computed. */
  static final String COMPUTED = "_computed";

  private final Lake lake;
  private final HashText hash;

  StoredHashes(Lake lake, HashText hash) {
    this.lake = lake;
    this.hash = hash;
  }

  /**
   * The rows of {@code table} with the two columns; empty if its hashes are made from what isn't
   * there.
   */
  Optional<Dataset<Row>> of(VaultTable table) {
    Dataset<Row> rows = this.lake.rows(VaultTables.name(table));
    if (table instanceof Hub hub) {
      List<HashText.Part> parts = parts(hub.businessKey(), "");
      return Optional.of(compared(rows, table.hashKey(), this.hash.key(parts)));
    }
    if (table instanceof Link link) {
      return this.withHubs(link, rows).map(all -> this.link(link, all));
    }
    return this.satellite((Satellite) table, rows);
  }

  private Dataset<Row> link(Link link, Dataset<Row> rows) {
    List<HashText.Part> parts = new ArrayList<>();
    for (Link.End end : link.ends()) {
      parts.addAll(parts(end.hub().businessKey(), "_" + end.role() + "_"));
    }
    parts.addAll(parts(link.dependentKey(), ""));
    return compared(rows, link.hashKey(), this.hash.key(parts));
  }

  private Optional<Dataset<Row>> satellite(Satellite satellite, Dataset<Row> rows) {
    List<HashText.Part> parts = new ArrayList<>();
    boolean payload = true;
    for (String name : satellite.hashdiff()) {
      Optional<io.veralake.spec.Column> column =
          satellite.payload().stream().filter(one -> one.name().equals(name)).findFirst();
      payload = payload && column.isPresent();
      column.ifPresent(one -> parts.addAll(parts(List.of(one), "")));
    }
    if (!payload) {
      return this.overHub(satellite, rows);
    }
    return Optional.of(this.difference(satellite, rows, parts));
  }

  private Optional<Dataset<Row>> overHub(Satellite satellite, Dataset<Row> rows) {
    if (!(satellite.parent() instanceof Hub hub) || !this.lake.exists(VaultTables.name(hub))) {
      return Optional.empty();
    }
    List<HashText.Part> parts = new ArrayList<>();
    for (String name : satellite.hashdiff()) {
      satellite.payload().stream()
          .filter(one -> one.name().equals(name))
          .forEach(one -> parts.addAll(parts(List.of(one), "")));
      hub.businessKey().stream()
          .filter(one -> one.name().equals(name))
          .filter(one -> satellite.payload().stream().noneMatch(p -> p.name().equals(name)))
          .forEach(
              one -> parts.add(new HashText.Part(name, one.type(), col("_hub_" + one.name()))));
    }
    Dataset<Row> keys = this.hub(hub, "_hub_");
    Dataset<Row> joined =
        rows.join(keys, rows.col(satellite.hashKey()).equalTo(keys.col("_hub__hash")));
    return Optional.of(this.difference(satellite, joined, parts));
  }

  private Dataset<Row> difference(
      Satellite satellite, Dataset<Row> rows, List<HashText.Part> parts) {
    Column computed = this.hash.difference(parts);
    String deleted = satellite.names().deleted();
    boolean deletes = VaultTables.type(rows.schema(), deleted).isPresent();
    return rows.withColumn(FOUND, col(satellite.names().hashdiff()))
        .withColumn(
            COMPUTED,
            deletes ? when(col(deleted), this.hash.deletion()).otherwise(computed) : computed);
  }

  private Optional<Dataset<Row>> withHubs(Link link, Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (Link.End end : link.ends()) {
      if (!this.lake.exists(VaultTables.name(end.hub()))) {
        return Optional.empty();
      }
      Dataset<Row> keys = this.hub(end.hub(), "_" + end.role() + "_");
      result =
          result.join(keys, rows.col(end.hashKey()).equalTo(keys.col("_" + end.role() + "__hash")));
    }
    return Optional.of(result);
  }

  /** Keys of {@code hub}; a ghost record stands for those that have no value. */
  private Dataset<Row> hub(Hub hub, String prefix) {
    List<Column> columns = new ArrayList<>(List.of(col(hub.hashKey()).as(prefix + "_hash")));
    Column named = not(this.hash.isGhost(col(hub.hashKey())));
    hub.businessKey()
        .forEach(one -> columns.add(when(named, col(one.name())).as(prefix + one.name())));
    return this.lake.rows(VaultTables.name(hub)).select(columns.toArray(Column[]::new));
  }

  private static Dataset<Row> compared(Dataset<Row> rows, String found, Column computed) {
    return rows.withColumn(FOUND, col(found)).withColumn(COMPUTED, computed);
  }

  private static List<HashText.Part> parts(List<io.veralake.spec.Column> columns, String prefix) {
    return columns.stream()
        .map(one -> new HashText.Part(one.name(), one.type(), col(prefix + one.name())))
        .toList();
  }
}
