package io.veralake.land;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A random log of several tables' changes among each other, as one topic holds them, and whose each
 * record is: known because it was made so.
 */
final class SharedLog {
  /** The tables; {@code a} and {@code c} have the same columns, {@code d} no model. */
  static final List<String> TABLES = List.of("a", "b", "c", "d");

  /** The owner of what names no table. */
  static final String NOBODY = "";

  /** The records, without their keys; null is a tombstone. */
  final List<String> values = new ArrayList<>();

  /** Rows by table, as {@code position op id}. */
  final Map<String, TreeSet<String>> rows = new TreeMap<>();

  /** How many rows there are by table, with those sent again. */
  final Map<String, Integer> sent = new TreeMap<>();

  /** How many can't be read, by the table that they name. */
  final Map<String, Integer> bad = new TreeMap<>();

  private final Random random;
  private final boolean schemas;

  SharedLog(Random random, int count, boolean schemas) {
    this.random = random;
    this.schemas = schemas;
    for (int i = 0; i < count; i++) {
      String table = TABLES.get(random.nextInt(TABLES.size()));
      this.add(table, 1000 + i);
    }
  }

  /** The log as lines, with keys or without. */
  byte[] lines() {
    StringBuilder lines = new StringBuilder();
    for (String value : this.values) {
      boolean key = value == null || this.random.nextBoolean();
      lines.append(
          key ? "{\"key\":{\"source\":{\"schema\":\"public\",\"table\":\"a\"}},\"value\":" : "");
      lines.append(value).append(key ? "}\n" : "\n");
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void add(String table, long lsn) {
    int id = this.random.nextInt(9);
    String row = row(table, Integer.toString(id));
    switch (this.random.nextInt(12)) {
      case 0 -> this.values.add(null);
      case 1 -> this.bad(NOBODY, this.event(table, "c", "null", row, lsn).substring(1));
      case 2 -> {
        String event = this.event(table, "c", "null", row, lsn);
        this.bad(NOBODY, event.substring(0, event.indexOf("\"source\"") - 3));
      }
      case 3 ->
          this.bad(
              NOBODY, "{\"schema\":{},\"payload\":{\"source\":{\"table\":\"a\"},\"op\":\"?\"}}");
      case 4 -> this.bad(table, this.event(table, "x", "null", row, lsn));
      case 5 -> this.bad(table, this.event(table, "c", "null", row(table, "\"no number\""), lsn));
      case 6 -> this.values.add(this.marker());
      case 7 ->
          this.row(
              table, "%d d %d".formatted(lsn, id), this.event(table, "d", row, "null", lsn), 1);
      case 8 ->
          this.row(table, "%d u %d".formatted(lsn, id), this.event(table, "u", row, row, lsn), 2);
      default ->
          this.row(
              table, "%d c %d".formatted(lsn, id), this.event(table, "c", "null", row, lsn), 1);
    }
  }

  private void row(String table, String row, String value, int times) {
    this.rows.computeIfAbsent(table, t -> new TreeSet<>()).add(row);
    this.sent.merge(table, times, Integer::sum);
    for (int i = 0; i < times; i++) {
      this.values.add(value);
    }
  }

  private void bad(String owner, String value) {
    this.bad.merge(owner, 1, Integer::sum);
    this.values.add(value);
  }

  /** The begin of a transaction: none of a table's records, whoever looks. */
  private String marker() {
    String marker = "{\"status\":\"BEGIN\",\"id\":\"1\",\"event_count\":null}";
    return this.schemas
        ? "{\"schema\":{\"type\":\"struct\",\"fields\":[]},\"payload\":%s}".formatted(marker)
        : marker;
  }

  private static String row(String table, String id) {
    // What a row says of a source is not its source.
    return switch (table) {
      case "b" -> "{\"id\":%s,\"b\":0.5}".formatted(id);
      case "d" -> "{\"id\":%s,\"d\":\"\\\"source\\\":{\"}".formatted(id);
      default -> "{\"id\":%s,\"text\":\"x\"}".formatted(id);
    };
  }

  private String event(String table, String op, String before, String after, long lsn) {
    String schema =
        switch (table) {
          case "b" -> Envelopes.schema("id int32", "b double");
          case "d" -> Envelopes.schema("id int32", "d string");
          default -> Envelopes.schema("id int32", "text string");
        };
    String payload =
        "{\"before\":%s,\"after\":%s,\"source\":{\"db\":\"shop\",\"schema\":\"public\",\"table\":\"%s\",\"lsn\":%d,\"ts_ms\":1772323200000},\"op\":\"%s\"}"
            .formatted(before, after, table, lsn, op);
    return this.schemas ? "{\"schema\":%s,\"payload\":%s}".formatted(schema, payload) : payload;
  }
}
