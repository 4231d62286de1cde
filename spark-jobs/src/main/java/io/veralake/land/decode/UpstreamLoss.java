package io.veralake.land.decode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * What a connector's settings may have cut off a column's values before they were sent, as far as
 * the schema shows it: the connector tells the source's own types if {@code
 * column.propagate.source.type} is set.
 */
final class UpstreamLoss {
  private static final String SOURCE = "__debezium.source.column.";
  private static final Pattern FLOATING =
      Pattern.compile("[_\"]*(FLOAT|DOUBLE|REAL|BINARY_FLOAT|BINARY_DOUBLE).*");

  private static final Pattern UNSIGNED = Pattern.compile("(BIGINT|INT8) UNSIGNED.*");

  private UpstreamLoss() {}

  /** Why values of the column that {@code field} declares may differ from the source's, or "". */
  static String of(JsonNode field) {
    JsonNode source = field.path("parameters");
    JsonNode value = field.path("type").asText().equals("array") ? field.path("items") : field;
    String name = value.path("name").asText("");
    if (name.equals("org.apache.kafka.connect.data.Timestamp")
        || name.equals("org.apache.kafka.connect.data.Time")) {
      return digits(source) <= 3
          ? ""
          : "cut to milliseconds by the connector: another time.precision.mode than connect, or on-loss = accept";
    }
    String type = source.path(SOURCE + "type").asText("");
    boolean made = isFloating(value.path("type").asText()) && !FLOATING.matcher(type).matches();
    return type.isEmpty() || !made
        ? ""
        : "a double that the connector made of a "
            + type
            + ": decimal.handling.mode = string or precise, or on-loss = accept";
  }

  /** Whether the column that {@code field} declares has values that its type has no room for. */
  static boolean wraps(JsonNode field) {
    String type = field.path("parameters").path(SOURCE + "type").asText("");
    return field.path("type").asText().equals("int64") && UNSIGNED.matcher(type).matches();
  }

  private static boolean isFloating(String type) {
    return type.equals("double")
        || type.equals("float64")
        || type.equals("float")
        || type.equals("float32");
  }

  /** Decimals of a second in the source; if it isn't told, MySQL's default or else 6. */
  private static int digits(JsonNode source) {
    int otherwise = source.path(SOURCE + "type").asText("").equals("DATETIME") ? 0 : 6;
    return source.path(SOURCE + "scale").asInt(source.path(SOURCE + "length").asInt(otherwise));
  }
}
