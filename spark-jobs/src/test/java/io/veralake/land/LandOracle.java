package io.veralake.land;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.veralake.lake.Lake;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Row;

/**
 * What landing must come to, worked out the slow and obvious way: each line is read as a tree,
 * equal rows are one.
 */
final class LandOracle {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  final TreeSet<String> rows = new TreeSet<>();
  final TreeSet<String> bad = new TreeSet<>();
  int read;

  LandOracle(List<byte[]> files) {
    for (int file = 0; file < files.size(); file++) {
      String[] lines = new String(files.get(file), StandardCharsets.UTF_8).split("\n", -1);
      for (int line = 0; line < lines.length; line++) {
        if (!lines[line].isEmpty()) {
          this.read++;
          this.add(lines[line], file + ":" + (line + 1));
        }
      }
    }
  }

  private void add(String line, String place) {
    try {
      JsonNode value = JSON.readTree(line).path("value");
      if (value.isNull()) {
        return;
      }
      JsonNode payload = value.path("payload");
      if (!List.of("c", "u", "d").contains(payload.path("op").asText())) {
        this.bad.add(place);
        return;
      }
      this.rows.add(
          "[%d,%d,%s,%s,%s,%d]"
              .formatted(
                  payload.path("source").path("lsn").asLong(),
                  payload.path("transaction").path("total_order").asLong(),
                  payload.path("op").asText(),
                  row(payload.path("before")),
                  row(payload.path("after")),
                  payload.path("source").path("ts_ms").asLong() * 1000));
    } catch (JsonProcessingException e) {
      this.bad.add(place);
    }
  }

  private static String row(JsonNode row) {
    if (row.isNull()) {
      return "null";
    }
    String b = row.has("b") ? Double.toString(row.get("b").asDouble()) : "-";
    return row.get("id").asLong() + "/" + row.get("a").asText() + "/" + b;
  }

  /** The rows of a raw table, in the form of {@link #rows}. */
  static List<String> landed(Lake lake, String table) {
    String row =
        "if(%1$s is null, 'null', concat_ws('/', %1$s.id, %1$s.a, coalesce(cast(%1$s.b as string), '-')))";
    return lake
        .rows(table)
        .selectExpr(
            "_position.major",
            "_position.minor",
            "_op",
            row.formatted("before"),
            row.formatted("after"),
            "unix_micros(_commit_time)")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }
}
