package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get_json_object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.DocumentDecoder;
import io.veralake.spec.DumpMode;
import io.veralake.spec.JsonPath;
import io.veralake.spec.LandSource;
import io.veralake.spec.LandTable;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * What tells the rows of a dump apart.
 *
 * @param parts columns, or paths {@code $.a.b} into documents; none: the table isn't of dumps
 */
record DumpKey(List<String> parts) implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of {@code table}; empty if its source tells of changes itself. */
  static DumpKey of(LandTable table) {
    return new DumpKey(mode(table.source()) == null ? List.of() : table.key());
  }

  /** How {@code source} is read again; null if it tells of changes itself. */
  static @Nullable DumpMode mode(LandSource source) {
    if (source instanceof LandSource.Jdbc jdbc) {
      return jdbc.mode();
    }
    if (source instanceof LandSource.Mongo mongo) {
      return mongo.mode();
    }
    return source instanceof LandSource.Dumps dumps ? dumps.mode() : null;
  }

  /** The parts of the key of the row in {@code struct}. */
  List<Column> columns(String struct) {
    return this.parts.stream()
        .map(
            part ->
                part.startsWith("$")
                    ? get_json_object(col(struct).getField(DocumentDecoder.DOCUMENT), spark(part))
                    : col(struct).getField(part))
        .toList();
  }

  /** Passes if {@code row} has each part. */
  void check(StructType type, @Nullable Object @Nullable [] row) throws BadRecordException {
    for (String part : this.parts) {
      boolean there =
          part.startsWith("$")
              ? inDocument(part, row)
              : row != null && row[place(type, part)] != null;
      if (!there) {
        throw new BadRecordException("Missing value of " + part + " (the key of the dump)");
      }
    }
  }

  private static List<JsonPath.Step> steps(String path) {
    return JsonPath.parse(path).orElseThrow().steps();
  }

  private static String spark(String path) {
    return steps(path).stream()
        .map(step -> step.name() == null ? "[" + step.index() + "]" : "['" + step.name() + "']")
        .collect(Collectors.joining("", "$", ""));
  }

  private static int place(StructType type, String column) throws BadRecordException {
    int place = List.of(type.fieldNames()).indexOf(column);
    if (place < 0) {
      throw new BadRecordException("Missing column " + column + " (the key of the dump)");
    }
    return place;
  }

  private static boolean inDocument(String path, @Nullable Object @Nullable [] row) {
    if (row == null || row.length == 0 || !(row[0] instanceof UTF8String document)) {
      return false;
    }
    try {
      JsonNode node = JSON.readTree(document.getBytes());
      for (JsonPath.Step step : steps(path)) {
        node = step.name() == null ? node.path(step.index()) : node.path(step.name());
      }
      return !node.isMissingNode() && !node.isNull();
    } catch (IOException e) {
      return false;
    }
  }
}
