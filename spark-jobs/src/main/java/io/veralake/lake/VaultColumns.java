package io.veralake.lake;

import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns that the tables of the vault have, as they follow from their declarations. */
public final class VaultColumns {
  /** Of a snapshot table: the instant. Timestamp. */
  public static final String SNAPSHOT_TIME = "snapshot_time";

  private VaultColumns() {}

  /**
   * Types in SQL of the columns of {@code table} by name, in order.
   *
   * @param hash the type of hashes
   */
  public static Map<String, String> types(VaultTable table, String hash) {
    VaultNames names = table.names();
    Map<String, String> result = new LinkedHashMap<>();
    result.put(table.hashKey(), hash);
    if (table instanceof Bridge bridge) {
      result.put(SNAPSHOT_TIME, "timestamp");
      bridge
          .shown()
          .forEach(one -> result.put(one.name(), one.type().map(ColumnType::sql).orElse(hash)));
      return result;
    }
    if (table instanceof Pit pit) {
      result.put(SNAPSHOT_TIME, "timestamp");
      pit.satellites().forEach(satellite -> result.put(Pit.from(satellite), "timestamp"));
      return result;
    }
    if (table instanceof Hub hub) {
      declare(result, hub.businessKey());
    } else if (table instanceof Link link) {
      link.ends().forEach(end -> result.put(end.hashKey(), hash));
      declare(result, link.dependentKey());
      declare(result, link.payload());
    } else if (table instanceof Satellite satellite) {
      describe(result, satellite, hash);
    }
    if (events(table) || table instanceof Satellite satellite && satellite.versions()) {
      result.put(names.appliedTime(), "timestamp");
      names.position().forEach(column -> result.put(column, "bigint"));
    }
    result.put(names.loadTime(), "timestamp");
    result.put(names.recordSource(), "string");
    return result;
  }

  /** Whether {@code table} holds of each key the first row, which never changes. */
  public static boolean events(VaultTable table) {
    return table instanceof Link link && !link.historised()
        || table instanceof Satellite satellite && satellite.form() instanceof SatelliteForm.Once;
  }

  /** Type of the set of members of {@code satellite}. */
  public static String membersType(Satellite satellite) {
    return satellite.payload().stream()
        .map(column -> "`" + column.name() + "`: " + column.type().sql())
        .collect(Collectors.joining(", ", "array<struct<", ">>"));
  }

  private static void describe(Map<String, String> result, Satellite satellite, String hash) {
    VaultNames names = satellite.names();
    SatelliteForm form = satellite.form();
    if (form instanceof SatelliteForm.Effectivity effectivity) {
      effectivity.driving().forEach(end -> result.put(end.hashKey(), hash));
      declare(result, effectivity.dependent());
    } else if (form instanceof SatelliteForm.Sightings) {
      result.put(FormColumns.SEEN_IN, "timestamp");
    } else if (form instanceof SatelliteForm.Once) {
      declare(result, satellite.payload());
    } else {
      if (form instanceof SatelliteForm.Members several) {
        declare(result, several.key());
      }
      result.put(names.hashdiff(), hash);
      if (form instanceof SatelliteForm.Sets) {
        result.put(FormColumns.MEMBERS, membersType(satellite));
        result.put(FormColumns.MEMBER_COUNT, "int");
      } else if (form instanceof SatelliteForm.Status) {
        result.put(FormColumns.STATUS, "string");
      } else {
        declare(result, satellite.payload());
      }
    }
    if (satellite.carries()) {
      result.put(FormColumns.UNSENT, "array<string>");
    }
    if (satellite.versions()) {
      result.put(names.deleted(), "boolean");
    }
  }

  private static void declare(Map<String, String> types, List<Column> columns) {
    columns.forEach(column -> types.put(column.name(), column.type().sql()));
  }
}
