package io.veralake.run;

import io.veralake.catalog.Positions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * How the columns of a table came to be what they are: which were added, widened, renamed or
 * dropped, and by which batch. A table knows all of its schemas; a raw table notes with each the
 * batch that it came with, of others the oldest snapshot with a schema tells.
 */
final class SchemaHistory {
  private static final String NOTED = "veralake.schema.";

  /** The source's columns; rows before a change have the same, the others are Veralake's own. */
  private static final String ROW = "after.";

  private final Table table;

  SchemaHistory(Table table) {
    this.table = table;
  }

  /** A line for each column that a schema changed, in their order. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    Map<Integer, String> known = Map.of();
    Map<Integer, String> names = Map.of();
    for (Schema schema :
        this.table.schemas().values().stream()
            .sorted(Comparator.comparing(Schema::schemaId))
            .toList()) {
      Map<Integer, String> nextNames = new TreeMap<>();
      Map<Integer, String> next = new TreeMap<>();
      columns(schema, nextNames, next);
      for (String change : changes(names, known, nextNames, next)) {
        lines.add(String.format(Locale.ROOT, "  %-58s %s", this.origin(schema.schemaId()), change));
      }
      names = nextNames;
      known = next;
    }
    return lines;
  }

  private static List<String> changes(
      Map<Integer, String> names,
      Map<Integer, String> known,
      Map<Integer, String> nextNames,
      Map<Integer, String> next) {
    List<String> changes = new ArrayList<>();
    next.forEach(
        (id, type) -> {
          String name = nextNames.get(id);
          if (!known.containsKey(id)) {
            changes.add("+ %s %s".formatted(name, type));
            return;
          }
          if (!type.equals(known.get(id))) {
            changes.add("  %s %s, was %s".formatted(name, type, known.get(id)));
          }
          if (!String.valueOf(name).equals(names.get(id))) {
            changes.add("  %s, was named %s".formatted(name, names.get(id)));
          }
        });
    known.forEach(
        (id, type) -> {
          if (!next.containsKey(id)) {
            changes.add("- %s %s".formatted(names.get(id), type));
          }
        });
    return changes;
  }

  /** Columns of the source that hold values, by id. */
  private static void columns(
      Schema schema, Map<Integer, String> names, Map<Integer, String> types) {
    Map<Integer, String> byId = TypeUtil.indexNameById(schema.asStruct());
    for (Types.NestedField field : TypeUtil.indexById(schema.asStruct()).values()) {
      String name = String.valueOf(byId.get(field.fieldId()));
      Type type = field.type();
      if (!type.isStructType() && name.startsWith(ROW)) {
        names.put(field.fieldId(), name);
        types.put(field.fieldId(), type.isPrimitiveType() ? word(type) : "list");
      }
    }
  }

  private String origin(int schema) {
    String noted = this.table.properties().get(NOTED + schema);
    if (noted != null) {
      return noted;
    }
    for (Snapshot snapshot : this.table.snapshots()) {
      Integer id = snapshot.schemaId();
      if (id != null && id == schema) {
        return java.time.Instant.ofEpochMilli(snapshot.timestampMillis())
            + " "
            + snapshot.summary().getOrDefault(Positions.RUN, "-");
      }
    }
    return "-";
  }

  /** The type of a column as models call it. */
  static String type(Type type) {
    return type.isPrimitiveType() ? word(type) : type.toString();
  }

  /** The type as models and Spark call it. */
  private static String word(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG -> type.typeId() == Type.TypeID.LONG ? "bigint" : "int";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC() ? "timestamp" : "timestamp_ntz";
      case DECIMAL -> type.toString().replace(" ", "");
      default -> type.toString();
    };
  }
}
