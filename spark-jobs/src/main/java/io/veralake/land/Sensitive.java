package io.veralake.land;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.DataException;
import io.veralake.lake.KeyedHash;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Engine;
import io.veralake.spec.LandTable;
import io.veralake.spec.Protection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a raw table's properties say of its sensitive values. A table holds a column in one form: if
 * a model changed that, plain values would lie beside protected ones.
 */
final class Sensitive {
  private static final String PROPERTY = "veralake.sensitive";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Sensitive() {}

  /**
   * Checks that the table's rows, if there are any, are protected as {@code table} declares, and
   * that each sensitive column is one that the source has.
   *
   * @throws DataException if not
   */
  static void check(RunContext context, LandTable table, List<StructType> wanted) {
    Lake lake = context.lake();
    String raw = "raw." + table.name();
    boolean there = lake.exists(raw);
    RenamedColumns renamed = RenamedColumns.of(table);
    Map<String, String> noted = there ? renamed.today(noted(lake.table(raw))) : Map.of();
    Map<String, String> now = described(table, context.engine().privacy());
    boolean rows = there && lake.table(raw).currentSnapshot() != null;
    List<String> held = there ? renamed.today(columns(lake.table(raw))) : List.of();
    if (rows) {
      compare(raw, noted, now, held);
    }
    TreeSet<String> known = new TreeSet<>(held);
    wanted.forEach(type -> known.addAll(Arrays.asList(type.fieldNames())));
    for (String name : table.sensitive().keySet()) {
      String column = name.startsWith("$") ? "document" : name;
      if (!known.contains(column) && !noted.containsKey(name)) {
        throw new DataException(
            "Unknown column in sensitive of %s: %s (the source has %s)"
                .formatted(raw, column, String.join(", ", known)));
      }
    }
  }

  /** Writes how the values are protected from now on. */
  static void note(RunContext context, LandTable table) {
    Map<String, String> now = described(table, context.engine().privacy());
    Table raw = context.lake().table("raw." + table.name());
    if (!now.equals(noted(raw))) {
      try {
        raw.updateProperties().set(PROPERTY, JSON.writeValueAsString(now)).commit();
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void compare(
      String raw, Map<String, String> noted, Map<String, String> now, List<String> held) {
    TreeSet<String> names = new TreeSet<>(noted.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      @Nullable String before = noted.get(name);
      @Nullable String after = now.get(name);
      boolean fresh = before == null && !name.startsWith("$") && !held.contains(name);
      if (!fresh && !Objects.equals(before, after)) {
        throw new DataException(
            "Cannot land %s: its rows have %s %s, and the model says %s (rows of both kinds would lie side by side: land it into a table of another name, or put the model or the key back)"
                .formatted(raw, name, words(before), words(after)));
      }
    }
  }

  private static String words(@Nullable String protection) {
    return protection == null ? "as it was sent" : protection.replace(":", " with key ");
  }

  private static Map<String, String> described(LandTable table, Engine.Privacy keys) {
    Map<String, String> described = new TreeMap<>();
    for (Map.Entry<String, Protection> entry : table.sensitive().entrySet()) {
      described.put(
          entry.getKey(),
          switch (entry.getValue()) {
            case DROP -> "drop";
            case HASH -> "hash:" + new KeyedHash(keys.hashKey().value()).fingerprint();
            case ENCRYPT -> "encrypt:" + new KeyedHash(keys.encryptionKey().value()).fingerprint();
          });
    }
    return described;
  }

  private static Map<String, String> noted(Table raw) {
    String text = raw.properties().get(PROPERTY);
    if (text == null) {
      return Map.of();
    }
    try {
      return JSON.readValue(text, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new DataException("Invalid property " + PROPERTY + " of " + raw.name(), e);
    }
  }

  private static List<String> columns(Table raw) {
    return raw.schema().findType("after").asStructType().fields().stream()
        .map(Types.NestedField::name)
        .toList();
  }
}
