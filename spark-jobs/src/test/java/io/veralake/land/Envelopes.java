package io.veralake.land;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random change logs of one small table, as Debezium writes them, with all that goes wrong on the
 * way.
 */
public final class Envelopes {
  private static final String SOURCE =
      "{\"type\":\"struct\",\"fields\":[{\"type\":\"int64\",\"field\":\"lsn\"}],\"field\":\"source\"}";

  private Envelopes() {}

  /** The columns of a version of the table: {@code name type} pairs. */
  public static String schema(String... columns) {
    List<String> fields = new ArrayList<>();
    for (String column : columns) {
      String[] parts = column.split(" ", 2);
      fields.add(
          "{\"type\":%s,\"optional\":true,\"field\":\"%s\"}"
              .formatted(
                  parts[1].startsWith("{")
                      ? "\"bytes\"," + parts[1].substring(1, parts[1].length() - 1)
                      : "\"" + parts[1] + "\"",
                  parts[0]));
    }
    String row =
        "{\"type\":\"struct\",\"fields\":[" + String.join(",", fields) + "],\"field\":\"%s\"}";
    return "{\"type\":\"struct\",\"fields\":[%s,%s,%s]}"
        .formatted(row.formatted("before"), row.formatted("after"), SOURCE);
  }

  /** A decimal's type for {@link #schema}. */
  static String decimal(int precision, int scale) {
    return "{\"name\":\"org.apache.kafka.connect.data.Decimal\",\"parameters\":{\"scale\":\"%d\",\"connect.decimal.precision\":\"%d\"}}"
        .formatted(scale, precision);
  }

  /** One line. Rows are JSON, or {@code null}. */
  public static String line(
      String schema, String op, String before, String after, long lsn, int order) {
    return """
        {"key":{"schema":{"type":"struct"},"payload":{"id":1}},"value":{"schema":%s,"payload":{"before":%s,"after":%s,\
        "source":{"lsn":%d,"ts_ms":%d,"snapshot":"false"},"transaction":{"id":"1:1","total_order":%d,"data_collection_order":1},"op":"%s","ts_ms":1}}}"""
        .formatted(schema, before, after, lsn, 1_772_323_200_000L + lsn, order, op);
  }

  /** Some files of a log: rows, duplicates, tombstones, markers, schema changes, broken lines. */
  static List<byte[]> files(Random random, int count, int lines) {
    String narrow = schema("id int32", "a string");
    String wide = schema("id int64", "a string", "b double");
    List<String> log = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      long lsn = 1000 + random.nextInt(lines) * 10L;
      boolean old = lsn < 1000 + lines * 5L;
      String row =
          "{\"id\":%d,\"a\":\"%s\"%s}"
              .formatted(
                  random.nextInt(9),
                  "x".repeat(random.nextInt(3)),
                  old ? "" : ",\"b\":" + random.nextInt(4) + ".5");
      String schema = old ? narrow : wide;
      int order = random.nextInt(2);
      log.add(
          switch (random.nextInt(12)) {
            case 0 -> line(schema, "d", row, "null", lsn, order);
            case 1 -> "{\"key\":{\"schema\":{},\"payload\":{\"id\":1}},\"value\":null}";
            case 2 -> line(schema, "c", "null", row, lsn, order).substring(random.nextInt(100) + 1);
            case 3 -> line(schema, "x", "null", row, lsn, order);
            case 4 -> "";
            case 5, 6 -> log.isEmpty() ? "" : log.get(random.nextInt(log.size()));
            case 7 -> line(schema, "u", row, row.replace("x", "y"), lsn, order);
            default -> line(schema, "c", "null", row, lsn, order);
          });
    }
    List<StringBuilder> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(new StringBuilder());
    }
    log.forEach(line -> files.get(random.nextInt(count)).append(line).append('\n'));
    return files.stream().map(file -> file.toString().getBytes(StandardCharsets.UTF_8)).toList();
  }
}
