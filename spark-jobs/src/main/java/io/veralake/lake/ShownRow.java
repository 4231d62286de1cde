package io.veralake.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/** Rows as text for people: instants in UTC, bytes in hex, long texts cut off. */
public final class ShownRow {
  /** What stands in the place of a value that must not be printed. */
  public static final String HIDDEN = "(personal)";

  private static final int LONGEST = 160;
  private static final int LONGEST_JSON = 2000;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private ShownRow() {}

  /**
   * The values of {@code row} by name, in order; those of {@code hidden} columns aren't shown, nor
   * fields of such a name in values that are JSON objects.
   */
  public static Map<String, @Nullable String> of(Row row, Predicate<String> hidden) {
    Map<String, @Nullable String> shown = new LinkedHashMap<>();
    String[] names = row.schema().fieldNames();
    for (int i = 0; i < names.length; i++) {
      Object value = row.get(i);
      shown.put(
          names[i], value == null ? null : hidden.test(names[i]) ? HIDDEN : shown(value, hidden));
    }
    return shown;
  }

  private static String shown(Object value, Predicate<String> hidden) {
    if (value instanceof String text && text.startsWith("{")) {
      try {
        return cut(hide(JSON.readTree(text), hidden).toString(), LONGEST_JSON);
      } catch (JsonProcessingException e) {
        return cut(text, LONGEST);
      }
    }
    return cut(text(value), LONGEST);
  }

  private static JsonNode hide(JsonNode json, Predicate<String> hidden) {
    if (json instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              field ->
                  field.setValue(
                      hidden.test(field.getKey())
                          ? TextNode.valueOf(HIDDEN)
                          : hide(field.getValue(), hidden)));
    } else if (json instanceof ArrayNode array) {
      array.forEach(item -> hide(item, hidden));
    }
    return json;
  }

  private static String text(Object value) {
    if (value instanceof Timestamp timestamp) {
      return timestamp.toInstant().toString();
    }
    if (value instanceof Instant || value instanceof Date || value instanceof LocalDate) {
      return value.toString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof java.math.BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Row row) {
      return of(row, any -> false).toString();
    }
    if (value instanceof Iterable<?> several) {
      return CollectionConverters.asJava(several.toSeq()).stream()
          .map(item -> item == null ? "null" : text(item))
          .toList()
          .toString();
    }
    return value.toString();
  }

  private static String cut(String text, int longest) {
    String line = text.replace("\n", "\\n").replace("\r", "\\r");
    return line.length() <= longest ? line : line.substring(0, longest) + "…";
  }
}
