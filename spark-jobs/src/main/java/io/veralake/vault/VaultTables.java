package io.veralake.vault;

import io.veralake.lake.DataException;
import io.veralake.lake.FormColumns;
import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.HashRules;
import io.veralake.spec.Link;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
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
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

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

  /** Table property: names of the columns that a satellite's hashdiffs are made from. */
  static final String HASHDIFF_PROPERTY = "veralake.hashdiff";

  /** Table property: what a bridge was made by. */
  static final String DEFINITION_PROPERTY = "veralake.definition";

  private final Lake lake;
  private final HashText hash;

  VaultTables(Lake lake, HashText hash) {
    this.lake = lake;
    this.hash = hash;
  }

  /** What the properties of {@code table} have to be, ordered by {@code order}; empty for none. */
  Map<String, String> properties(VaultTable table, String order) {
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
    if (table instanceof Satellite satellite
        && hasHashdiff(satellite)
        && !satellite.hashdiff().isEmpty()) {
      boolean ordered = rules.text() == HashRules.Text.DATAVAULT4DBT;
      properties.put(
          HASHDIFF_PROPERTY,
          (ordered ? satellite.hashdiff().stream() : satellite.hashdiff().stream().sorted())
              .collect(Collectors.joining(",")));
    }
    if (table instanceof Bridge bridge) {
      properties.put(DEFINITION_PROPERTY, bridge.definition());
    }
    return properties;
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
    if (table instanceof Pit pit) {
      ColumnType instant = new ColumnType(ColumnType.Kind.TIMESTAMP, 0, 0);
      return pit.satellites().stream().map(s -> new Column(Pit.from(s), instant)).toList();
    }
    return table instanceof Link link ? link.payload() : List.of();
  }

  /** Names of the table's columns, in order. */
  static List<String> columns(VaultTable table) {
    return List.copyOf(VaultColumns.types(table, "").keySet());
  }

  /**
   * Makes sure that {@code table} is there as declared; {@code order} is what {@link
   * #ORDER_PROPERTY} has to be, empty for none.
   */
  void ensure(VaultTable table, String order) {
    String name = name(table);
    Map<String, String> properties = this.properties(table, order);
    if (!this.lake.exists(name)) {
      this.create(table, properties, "CREATE TABLE IF NOT EXISTS");
      return;
    }
    if (table instanceof Bridge bridge) {
      Map<String, String> stored = this.lake.table(name).properties();
      this.check(table, without(properties));
      if (!bridge.definition().equals(stored.get(DEFINITION_PROPERTY))) {
        this.replace(bridge);
      }
      return;
    }
    this.check(table, properties);
    this.widen(table);
  }

  /** Properties that a table has to have as it stands. */
  private static Map<String, String> without(Map<String, String> properties) {
    Map<String, String> result = new LinkedHashMap<>(properties);
    result.remove(DEFINITION_PROPERTY);
    return result;
  }

  /** Puts an empty table in the place of one that holds nothing that isn't in its inputs. */
  void replace(Bridge bridge) {
    this.create(bridge, this.properties(bridge, ""), "CREATE OR REPLACE TABLE");
    this.lake.table(name(bridge));
  }

  private void create(VaultTable table, Map<String, String> required, String statement) {
    Map<String, String> properties = new LinkedHashMap<>(required);
    properties.put("format-version", "2");
    properties.put("write.distribution-mode", "none");
    properties.put("write.delete.mode", "merge-on-read");
    String parts = "";
    if (table instanceof Pit || table instanceof Bridge) {
      properties.put("write.distribution-mode", "hash");
      properties.put("write.merge.mode", "merge-on-read");
      parts = "PARTITIONED BY (" + VaultColumns.SNAPSHOT_TIME + ")";
    }
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
            "%s %s (%s) USING iceberg %s TBLPROPERTIES (%s)"
                .formatted(statement, this.lake.sqlName(name(table)), columns, parts, listed));
  }

  private void check(VaultTable table, Map<String, String> required) {
    Table stored = this.lake.table(name(table));
    if (!stored.properties().containsKey(HashText.VERSION_PROPERTY)) {
      throw new DataException(
          "Cannot load %s: Veralake didn't make it (veralake adopt --only %s checks it and takes it over)"
              .formatted(name(table), table.name()));
    }
    required.forEach(
        (property, value) -> {
          String found = stored.properties().get(property);
          if (property.equals(HASHDIFF_PROPERTY)) {
            this.checkDifference(table, stored, found, value);
          } else if (!value.equals(found)) {
            throw new DataException(
                "Cannot load %s: its %s is %s, the configuration gives %s (put the configuration back%s, or drop the table and load it again from raw)"
                    .formatted(
                        name(table),
                        property,
                        found,
                        value,
                        property.equals(ORDER_PROPERTY)
                            ? ""
                            : ", let veralake rehash make the hashes anew"));
          }
        });
  }

  /** Columns that are new to the table leave the hashdiffs of what it holds as they are. */
  private void checkDifference(
      VaultTable table, Table stored, @Nullable String found, String declared) {
    if (declared.equals(found)) {
      return;
    }
    List<String> before = found == null ? List.of() : List.of(found.split(",", -1));
    List<String> now = List.of(declared.split(",", -1));
    HashRules rules = this.hash.rules();
    boolean grown =
        rules.text() == HashRules.Text.VERALAKE
            ? now.containsAll(before)
            : rules.delimited().shortened() && declared.startsWith(found + ",");
    boolean fresh =
        now.stream()
            .filter(column -> !before.contains(column))
            .noneMatch(column -> stored.schema().caseInsensitiveFindField(column) != null);
    if (found != null && !(grown && fresh)) {
      throw new DataException(
          "Cannot load %s: its hashdiffs are made from %s, the model says %s (let veralake rehash --only %s make them anew, or put the columns back)"
              .formatted(name(table), found, declared, table.name()));
    }
    stored.updateProperties().set(HASHDIFF_PROPERTY, declared).commit();
  }

  /** Adds and widens columns as the model says. */
  void widen(VaultTable table) {
    StructType stored = this.lake.rows(name(table)).schema();
    List<String> payload = payload(table).stream().map(Column::name).toList();
    List<String> added = new ArrayList<>();
    this.types(table)
        .forEach(
            (column, type) -> {
              Optional<DataType> found = type(stored, column);
              if (found.isPresent() && column.equals(FormColumns.MEMBERS)) {
                this.widenMembers((Satellite) table, found.orElseThrow());
              } else if (found.isEmpty()
                  && (payload.contains(column) || column.equals(FormColumns.UNSENT))) {
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

  private void widenMembers(Satellite satellite, DataType stored) {
    StructType member = (StructType) ((ArrayType) stored).elementType();
    for (Column column : satellite.payload()) {
      String name = FormColumns.MEMBERS + ".element." + column.name();
      Optional<DataType> found = type(member, column.name());
      String declared = column.type().sql();
      if (found.isEmpty()) {
        this.alter(satellite, "ADD COLUMN " + quoted(name) + " " + declared);
      } else if (!same(found.orElseThrow(), declared)) {
        this.changed(satellite, name, found.orElseThrow().sql(), declared, List.of(name));
      }
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
      this.alter(table, "ALTER COLUMN " + quoted(column) + " TYPE " + declared);
    } catch (RuntimeException e) {
      refused.addSuppressed(e);
      throw refused;
    }
  }

  private void alter(VaultTable table, String change) {
    this.lake.spark().sql("ALTER TABLE " + this.lake.sqlName(name(table)) + " " + change);
    this.lake.table(name(table));
  }

  private static String quoted(String path) {
    return "`" + path.replace(".", "`.`") + "`";
  }

  /** Type of {@code column}, whose name may be written in another case. */
  static Optional<DataType> type(StructType stored, String column) {
    return Stream.of(stored.fields())
        .filter(field -> field.name().equalsIgnoreCase(column))
        .map(StructField::dataType)
        .findFirst();
  }

  static boolean same(DataType stored, String declared) {
    return DataType.equalsIgnoreNullability(stored, DataType.fromDDL(declared));
  }

  /** Whether the table holds of each key the first row, which never changes. */
  static boolean events(VaultTable table) {
    return VaultColumns.events(table);
  }

  /** Whether versions of {@code satellite} differ by a hash. */
  static boolean hasHashdiff(Satellite satellite) {
    SatelliteForm form = satellite.form();
    return !(form instanceof SatelliteForm.Effectivity
        || form instanceof SatelliteForm.Sightings
        || form instanceof SatelliteForm.Once);
  }

  /** Types of the table's columns in SQL by name, in order. */
  Map<String, String> types(VaultTable table) {
    return VaultColumns.types(table, this.hash.sqlType());
  }

  /** Spark's type of a satellite's set of members. */
  static String membersType(Satellite satellite) {
    return VaultColumns.membersType(satellite);
  }
}
