package io.veralake.vault;

import io.veralake.lake.DataException;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.HashRules;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The Iceberg tables behind the declared vault tables: created when missing, widened when the model
 * grew, refused when they were made by another rule.
 */
final class VaultTables {
  /**
   * Table property: what orders the versions of a satellite's key, {@code position} or {@code
   * applied-time}.
   */
  static final String ORDER_PROPERTY = "veralake.order";

  private final Lake lake;
  private final HashText hash;

  VaultTables(Lake lake, HashText hash) {
    this.lake = lake;
    this.hash = hash;
  }

  /** Name with namespace. */
  static String name(VaultTable table) {
    return "vault." + table.name();
  }

  /** Descriptive columns that the table carries. */
  static List<Column> payload(VaultTable table) {
    if (table instanceof Satellite satellite) {
      return satellite.payload();
    }
    return table instanceof Link link ? link.payload() : List.of();
  }

  /** Names of the table's columns, in order. */
  static List<String> columns(VaultTable table) {
    return List.copyOf(types(table, "").keySet());
  }

  /**
   * Makes sure that {@code table} is there as declared; {@code order} is what {@link
   * #ORDER_PROPERTY} has to be, empty for none.
   */
  void ensure(VaultTable table, String order) {
    String name = name(table);
    Map<String, String> properties = new LinkedHashMap<>();
    HashRules rules = this.hash.rules();
    properties.put(HashText.VERSION_PROPERTY, rules.version());
    properties.put(HashText.ALGORITHM_PROPERTY, rules.algorithm());
    if (rules.form() != HashRules.Form.BINARY) {
      properties.put(HashText.FORM_PROPERTY, rules.form().name().toLowerCase(Locale.ROOT));
    }
    if (!order.isEmpty()) {
      properties.put(ORDER_PROPERTY, order);
    }
    if (this.lake.exists(name)) {
      this.check(table, properties);
      this.widen(table);
    } else {
      this.create(table, properties);
    }
  }

  private void create(VaultTable table, Map<String, String> required) {
    Map<String, String> properties = new LinkedHashMap<>(required);
    properties.put("format-version", "2");
    properties.put("write.distribution-mode", "none");
    properties.put("write.delete.mode", "merge-on-read");
    String columns =
        this.types(table).entrySet().stream()
            .map(column -> "`" + column.getKey() + "` " + column.getValue())
            .collect(Collectors.joining(", "));
    String listed =
        properties.entrySet().stream()
            .map(property -> "'" + property.getKey() + "' = '" + property.getValue() + "'")
            .collect(Collectors.joining(", "));
    this.lake
        .spark()
        .sql(
            "CREATE TABLE IF NOT EXISTS %s (%s) USING iceberg TBLPROPERTIES (%s)"
                .formatted(this.lake.sqlName(name(table)), columns, listed));
  }

  private void check(VaultTable table, Map<String, String> required) {
    Table stored = this.lake.table(name(table));
    required.forEach(
        (property, value) -> {
          String found = stored.properties().get(property);
          if (!value.equals(found)) {
            throw new DataException(
                "Cannot load %s: its %s is %s, the configuration gives %s (put the configuration back, or drop the table and load it again from raw)"
                    .formatted(name(table), property, found, value));
          }
        });
  }

  private void widen(VaultTable table) {
    StructType stored = this.lake.rows(name(table)).schema();
    List<String> payload = payload(table).stream().map(Column::name).toList();
    List<String> added = new ArrayList<>();
    this.types(table)
        .forEach(
            (column, type) -> {
              Optional<DataType> found = type(stored, column);
              if (found.isEmpty() && payload.contains(column)) {
                added.add("`" + column + "` " + type);
              } else if (found.filter(known -> same(known, type)).isEmpty()) {
                String known = found.map(DataType::sql).orElse("missing");
                this.changed(table, column, known, type, payload);
              }
            });
    if (!added.isEmpty()) {
      this.alter(table, "ADD COLUMNS (" + String.join(", ", added) + ")");
    }
  }

  private void changed(
      VaultTable table, String column, String stored, String declared, List<String> payload) {
    DataException refused =
        new DataException(
            "Cannot load %s: its column %s is %s, the model says %s (allowed on a loaded table: new payload columns, int to bigint, float to double, more digits of a decimal; else drop the table and load it again from raw)"
                .formatted(name(table), column, stored, declared));
    if (!payload.contains(column) || stored.equals("missing")) {
      throw refused;
    }
    try {
      this.alter(table, "ALTER COLUMN `" + column + "` TYPE " + declared);
    } catch (RuntimeException e) {
      refused.addSuppressed(e);
      throw refused;
    }
  }

  private void alter(VaultTable table, String change) {
    this.lake.spark().sql("ALTER TABLE " + this.lake.sqlName(name(table)) + " " + change);
    this.lake.table(name(table));
  }

  /** Type of {@code column}, whose name may be written in another case. */
  private static Optional<DataType> type(StructType stored, String column) {
    return Stream.of(stored.fields())
        .filter(field -> field.name().equalsIgnoreCase(column))
        .map(StructField::dataType)
        .findFirst();
  }

  private static boolean same(DataType stored, String declared) {
    return DataType.equalsIgnoreNullability(stored, DataType.fromDDL(declared));
  }

  private Map<String, String> types(VaultTable table) {
    return types(table, this.hash.sqlType());
  }

  private static Map<String, String> types(VaultTable table, String hash) {
    VaultNames names = table.names();
    Map<String, String> result = new LinkedHashMap<>();
    result.put(table.hashKey(), hash);
    if (table instanceof Hub hub) {
      declare(result, hub.businessKey());
    } else if (table instanceof Link link) {
      link.ends().forEach(end -> result.put(end.hashKey(), hash));
      declare(result, link.dependentKey());
      if (!link.historised()) {
        declare(result, link.payload());
        result.put(names.appliedTime(), "timestamp");
        names.position().forEach(column -> result.put(column, "bigint"));
      }
    } else if (table instanceof Satellite satellite) {
      result.put(names.hashdiff(), hash);
      declare(result, satellite.payload());
      result.put(names.deleted(), "boolean");
      result.put(names.appliedTime(), "timestamp");
      names.position().forEach(column -> result.put(column, "bigint"));
    }
    result.put(names.loadTime(), "timestamp");
    result.put(names.recordSource(), "string");
    return result;
  }

  private static void declare(Map<String, String> types, List<Column> columns) {
    columns.forEach(column -> types.put(column.name(), column.type().sql()));
  }
}
