package io.veralake.vault;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.FormColumns;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a vault table with hashes computed anew from what is stored: a hub's business keys; a
 * link's through its hubs; a satellite's through its parent, its hashdiff from what it says. Ghost
 * records keep their keys of zeros or ones, in the length of the algorithm.
 */
final class NewHashes {
  /** The old hash key. */
  static final String OLD = "_old_key";

  private static final String PARENT = "_parent";
  private static final String PART = "_part_";

  private final Lake lake;
  private final HashText hash;

  NewHashes(Lake lake, HashText hash) {
    this.lake = lake;
    this.hash = hash;
  }

  /** Columns of {@code table} that hold hashes. */
  static List<String> columns(VaultTable table) {
    List<String> result = new ArrayList<>(List.of(table.hashKey()));
    ends(table).forEach(end -> result.add(end.hashKey()));
    if (table instanceof Satellite satellite && VaultTables.hasHashdiff(satellite)) {
      result.add(satellite.names().hashdiff());
    }
    return result;
  }

  /**
   * Whether keys of {@code table} are made from values that aren't stored: those beside a null that
   * led to a ghost record.
   */
  static boolean isLossy(VaultTable table) {
    VaultTable named = table instanceof Satellite satellite ? satellite.parent() : table;
    return named instanceof Link link
        && link.ends().stream()
            .filter(end -> end.hub().businessKey().size() > 1)
            .anyMatch(
                end ->
                    end.hub().businessKey().stream()
                        .map(column -> link.rules().nullKey(end.role(), column.name()))
                        .anyMatch(led -> led != VaultRules.NullKey.SKIP));
  }

  /** Hubs whose keys {@code table} holds beside its own. */
  private static List<Link.End> ends(VaultTable table) {
    if (table instanceof Link link) {
      return link.ends();
    }
    return table instanceof Satellite satellite
            && satellite.form() instanceof SatelliteForm.Effectivity effectivity
        ? effectivity.driving()
        : List.of();
  }

  /** The rows, in the table's columns, with {@link #OLD}. Rows without parent are missing. */
  Dataset<Row> of(VaultTable table) {
    Dataset<Row> rows = this.lake.rows(VaultTables.name(table));
    Dataset<Row> named =
        this.named(ends(table), rows.withColumn(OLD, col("`" + table.hashKey() + "`")));
    Map<String, Column> hashes = new LinkedHashMap<>();
    for (Link.End end : ends(table)) {
      hashes.put(end.hashKey(), this.key(end.hashKey(), parts(end.hub(), prefix(end))));
    }
    if (table instanceof Satellite satellite) {
      List<HashText.Part> parts = parentParts(satellite);
      named = this.withParent(satellite, named);
      hashes.put(satellite.hashKey(), this.key(satellite.hashKey(), parts));
      if (VaultTables.hasHashdiff(satellite)) {
        hashes.put(satellite.names().hashdiff(), this.difference(satellite, parts));
      }
    } else {
      hashes.put(table.hashKey(), this.key(table.hashKey(), parts(table)));
    }
    // At once: all are made from the old ones.
    Dataset<Row> result = named.withColumns(hashes);
    List<Column> columns = new ArrayList<>();
    for (String column : rows.columns()) {
      columns.add(col("`" + column + "`"));
    }
    columns.add(col(OLD));
    return result.select(columns.toArray(Column[]::new));
  }

  /** {@code rows} of {@code satellite} with its parent's {@link #parentParts}. */
  private Dataset<Row> withParent(Satellite satellite, Dataset<Row> rows) {
    if (hasOwnKey(satellite)) {
      return rows;
    }
    VaultTable parent = satellite.parent();
    Dataset<Row> named = this.named(ends(parent), this.lake.rows(VaultTables.name(parent)));
    List<Column> columns = new ArrayList<>(List.of(col(parent.hashKey()).as(PARENT)));
    List<HashText.Part> parts = parts(parent);
    for (int i = 0; i < parts.size(); i++) {
      columns.add(parts.get(i).value().as(PART + i));
    }
    Column own = col(satellite.hashKey());
    return rows.join(named.select(columns.toArray(Column[]::new)), own.equalTo(col(PARENT)), "left")
        .filter(col(PARENT).isNotNull().or(own.isNull()).or(this.hash.isGhost(own)));
  }

  /** Parts of a satellite's key, as columns of {@link #withParent}. */
  private static List<HashText.Part> parentParts(Satellite satellite) {
    List<HashText.Part> parts = parts(satellite.parent());
    if (hasOwnKey(satellite)) {
      return parts;
    }
    List<HashText.Part> result = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      result.add(new HashText.Part(parts.get(i).name(), parts.get(i).type(), col(PART + i)));
    }
    return result;
  }

  /** Whether what it describes is nowhere else: a reference table. */
  private static boolean hasOwnKey(Satellite satellite) {
    return satellite.parent().name().equals(satellite.name());
  }

  private Column difference(Satellite satellite, List<HashText.Part> keyed) {
    Column old = col(satellite.names().hashdiff());
    Column there;
    if (satellite.form() instanceof SatelliteForm.Sets) {
      there =
          this.hash.set(
              col(FormColumns.MEMBERS),
              member ->
                  satellite.payload().stream()
                      .map(one -> part(one, member.getField(one.name())))
                      .toList());
    } else if (satellite.form() instanceof SatelliteForm.Status) {
      there = this.hash.difference(List.of(part(Observed.STATUS, col(FormColumns.STATUS))));
    } else {
      List<HashText.Part> parts = compared(satellite, keyed);
      there =
          satellite.carries()
              ? this.hash.difference(parts, col(FormColumns.UNSENT))
              : this.hash.difference(parts);
    }
    Column ghost = this.hash.isGhost(col(satellite.hashKey())).and(this.hash.isGhost(old));
    return when(ghost, this.hash.ghostKey(old))
        .when(coalesce(col(satellite.names().deleted()), lit(false)), this.hash.deletion())
        .otherwise(there);
  }

  private static List<HashText.Part> compared(Satellite satellite, List<HashText.Part> keyed) {
    List<HashText.Part> result = new ArrayList<>();
    for (String name : satellite.hashdiff()) {
      Optional<io.veralake.spec.Column> column =
          satellite.payload().stream().filter(one -> one.name().equals(name)).findFirst();
      result.add(
          column
              .map(one -> part(one, col(one.name())))
              .or(() -> keyed.stream().filter(part -> part.name().equals(name)).findFirst())
              .orElseThrow());
    }
    return result;
  }

  /** {@code rows} with the business keys of {@code ends}; those of a ghost record are null. */
  private Dataset<Row> named(List<Link.End> ends, Dataset<Row> rows) {
    Dataset<Row> result = rows;
    for (Link.End end : ends) {
      String prefix = prefix(end);
      Column key = col(end.hub().hashKey());
      List<Column> columns = new ArrayList<>(List.of(key.as(prefix)));
      for (io.veralake.spec.Column column : end.hub().businessKey()) {
        columns.add(
            when(not(this.hash.isGhost(key)), col(column.name())).as(prefix + column.name()));
      }
      Dataset<Row> keys =
          this.lake.rows(VaultTables.name(end.hub())).select(columns.toArray(Column[]::new));
      result =
          result
              .join(keys, col(end.hashKey()).equalTo(col(prefix)), "left")
              .filter(col(prefix).isNotNull().or(this.hash.isGhost(col(end.hashKey()))));
    }
    return result;
  }

  private Column key(String column, List<HashText.Part> parts) {
    Column old = col(column);
    return when(old.isNull(), old)
        .when(this.hash.isGhost(old), this.hash.ghostKey(old))
        .otherwise(this.hash.key(parts));
  }

  private static String prefix(Link.End end) {
    return "_end_" + end.role() + "_";
  }

  /** Parts of the key of a hub, or of a link whose ends are named. */
  private static List<HashText.Part> parts(VaultTable table) {
    if (table instanceof Hub hub) {
      return parts(hub, "");
    }
    Link link = (Link) table;
    List<HashText.Part> result = new ArrayList<>();
    link.ends().forEach(end -> result.addAll(parts(end.hub(), prefix(end))));
    link.dependentKey().forEach(column -> result.add(part(column, col(column.name()))));
    return result;
  }

  private static List<HashText.Part> parts(Hub hub, String prefix) {
    return hub.businessKey().stream()
        .map(column -> part(column, col(prefix + column.name())))
        .toList();
  }

  private static HashText.Part part(io.veralake.spec.Column column, Column value) {
    return new HashText.Part(column.name(), column.type(), value);
  }
}
