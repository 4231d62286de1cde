package io.veralake.vault;

import io.veralake.catalog.Positions;
import io.veralake.lake.FormColumns;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The ghost records that a table declares and doesn't have. Which it has is in the commit that
 * brought them: they are appended once, however often a load is repeated.
 */
final class GhostRows {
  /** Summary property: the ghost records that the table has, by comma. */
  static final String GHOSTS = "ghosts";

  private static final String SOURCE = "ghost";
  private static final String BEGINNING = "TIMESTAMP '0001-01-01 00:00:00Z'";

  private final Lake lake;
  private final HashText hash;
  private final VaultTable table;
  private final Map<VaultRules.Ghost, Map<String, String>> missing =
      new EnumMap<>(VaultRules.Ghost.class);
  private final Set<String> all = new TreeSet<>();

  /** Of {@code table}, whose last commit said {@code before}. */
  GhostRows(Lake lake, HashText hash, VaultTable table, Positions before) {
    this.lake = lake;
    this.hash = hash;
    this.table = table;
    this.missing.putAll(table.rules().ghosts());
    table.rules().ghosts().keySet().forEach(ghost -> this.all.add(ghost.name()));
    before
        .value(GHOSTS)
        .ifPresent(
            held -> {
              for (String name : held.split(",", -1)) {
                this.missing.remove(VaultRules.Ghost.valueOf(name));
                this.all.add(name);
              }
            });
  }

  /** Whether the table has all that it declares. */
  boolean areThere() {
    return this.missing.isEmpty();
  }

  /** The position that says that they are there. */
  Map<String, String> position() {
    return Map.of(Positions.PREFIX + GHOSTS, String.join(",", this.all));
  }

  /** The missing records, learned {@code asOf}. */
  Dataset<Row> rows(Instant asOf) {
    String sql =
        this.missing.keySet().stream()
            .map(ghost -> this.select(ghost, asOf))
            .collect(Collectors.joining(" UNION ALL "));
    return this.lake.spark().sql(sql);
  }

  private String select(VaultRules.Ghost ghost, Instant asOf) {
    List<String> columns = new ArrayList<>();
    new VaultTables(this.lake, this.hash)
        .types(this.table)
        .forEach(
            (name, type) ->
                columns.add(
                    "CAST(%s AS %s) AS `%s`"
                        .formatted(this.value(ghost, asOf, name, type), type, name)));
    return "SELECT " + String.join(", ", columns);
  }

  private String value(VaultRules.Ghost ghost, Instant asOf, String name, String type) {
    VaultNames names = this.table.names();
    Map<String, String> values = this.missing.getOrDefault(ghost, Map.of());
    if (values.containsKey(name)) {
      return "try_cast('%s' AS %s)".formatted(values.get(name).replace("'", "\\'"), type);
    }
    if (name.equals(FormColumns.MEMBERS) && this.table instanceof Satellite satellite) {
      String member =
          satellite.payload().stream()
              .map(
                  column ->
                      "'%s', %s"
                          .formatted(
                              column.name(),
                              this.value(ghost, asOf, column.name(), column.type().sql())))
              .collect(Collectors.joining(", "));
      return "array(named_struct(" + member + "))";
    }
    if (name.equals(names.loadTime())) {
      return "TIMESTAMP '" + asOf + "'";
    }
    if (name.equals(names.recordSource())) {
      return "'" + SOURCE + "'";
    }
    if (names.position().contains(name)) {
      return "0";
    }
    if (name.equals(names.appliedTime()) || name.equals(FormColumns.SEEN_IN)) {
      return BEGINNING;
    }
    if (name.equals(names.deleted())) {
      return "false";
    }
    if (name.equals(FormColumns.MEMBER_COUNT)) {
      return "1";
    }
    if (name.equals(FormColumns.STATUS)
        && this.table instanceof Satellite satellite
        && satellite.form() instanceof SatelliteForm.Status) {
      return "'created'";
    }
    return this.hashes().contains(name) ? this.hash.ghostKey(ghost) : "NULL";
  }

  /** Columns that hold hashes. */
  private Set<String> hashes() {
    VaultNames names = this.table.names();
    Set<String> hashes = new TreeSet<>(List.of(names.hashKey(), names.hashdiff()));
    if (this.table instanceof Link link) {
      link.ends().forEach(end -> hashes.add(end.hashKey()));
    } else if (this.table instanceof Satellite satellite
        && satellite.form() instanceof SatelliteForm.Effectivity effectivity) {
      effectivity.driving().forEach(end -> hashes.add(end.hashKey()));
    }
    return hashes;
  }
}
