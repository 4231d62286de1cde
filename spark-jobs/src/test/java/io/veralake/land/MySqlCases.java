package io.veralake.land;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of MySQL's types that are hard for someone on the way, and what a raw table must hold of
 * each, in each of the connector's modes.
 */
final class MySqlCases {
  /** The record must be quarantined. */
  static final String REFUSED = "refused";

  static final List<Mode> MODES =
      List.of(
          new Mode("micros", "precise", "adaptive_time_microseconds", "precise", "bytes"),
          new Mode("iso", "string", "isostring", "long", "base64"),
          new Mode("connect", "double", "connect", "long", "bytes"),
          new Mode("nanos", "precise", "nanoseconds", "precise", "hex"),
          new Mode("micro", "string", "microseconds", "precise", "bytes"));

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("ti", "tinyint"),
          Map.entry("t1", "tinyint(1)"),
          Map.entry("tu", "tinyint unsigned"),
          Map.entry("su", "smallint unsigned"),
          Map.entry("mu", "mediumint unsigned"),
          Map.entry("iu", "int unsigned"),
          Map.entry("bu", "bigint unsigned"),
          Map.entry("de", "decimal(20,4)"),
          Map.entry("d65", "decimal(65,30)"),
          Map.entry("fl", "float"),
          Map.entry("db", "double"),
          Map.entry("ye", "year"),
          Map.entry("dt", "datetime"),
          Map.entry("dt3", "datetime(3)"),
          Map.entry("dt6", "datetime(6)"),
          Map.entry("ts", "timestamp(6) null"),
          Map.entry("da", "date"),
          Map.entry("tm6", "time(6)"),
          Map.entry("en", "enum('a','b''c')"),
          Map.entry("se", "set('x','y')"),
          Map.entry("b1", "bit(1)"),
          Map.entry("b10", "bit(10)"),
          Map.entry("js", "json"),
          Map.entry("bi", "binary(4)"),
          Map.entry("bl", "blob"),
          Map.entry("tx", "longtext"),
          Map.entry("nd", "int default 5"),
          Map.entry("zn", "date not null"));

  /** In their order ids begin at 1. What differs in a mode is named behind it. */
  static final List<Value> VALUES =
      List.of(
          same("ti", "-128"),
          same("t1", "1"),
          same("tu", "255"),
          same("su", "65535"),
          same("mu", "16777215"),
          same("iu", "4294967295"),
          same("bu", "9223372036854775807"),
          value("bu", "18446744073709551615", "iso", REFUSED, "connect", REFUSED),
          value("bu", "9223372036854775808", "iso", REFUSED, "connect", REFUSED),
          value("de", "-9999999999999999.9999", "connect", REFUSED),
          value(
              "d65",
              "12345678901234567890123456789012345.123456789012345678901234567890",
              "connect",
              REFUSED),
          same("fl", "1.5"),
          as("db", "1e300", "1.0E300"),
          same("ye", "2155"),
          as("dt", "2024-02-29 12:34:56", "2024-02-29 12:34:56.000000"),
          as("dt3", "2024-02-29 12:34:56.123", "2024-02-29 12:34:56.123000"),
          value("dt6", "2024-02-29 12:34:56.123456", "connect", REFUSED),
          value("dt6", "9999-12-31 23:59:59.999999", "connect", REFUSED, "nanos", "null"),
          as("dt", "0000-00-00 00:00:00", "null"),
          same("ts", "2038-01-19 03:14:07.999999"),
          same("ts", "1970-01-01 00:00:01.000001"),
          same("da", "9999-12-31"),
          same("da", "1000-01-01"),
          as("da", "0000-00-00", "null"),
          value("tm6", "12:34:56.123456", "connect", REFUSED, "nanos", "12:34:56.123456000"),
          value(
              "tm6",
              "838:59:59.999999",
              "connect",
              "null",
              "iso",
              "null",
              "nanos",
              "838:59:59.999999000"),
          value(
              "tm6",
              "-00:00:01.500000",
              "connect",
              "null",
              "iso",
              "null",
              "nanos",
              "-00:00:01.500000000"),
          same("en", "b'c"),
          same("se", "x,y"),
          same("se", ""),
          as("b1", "1", "true"),
          as("b10", "513", "0102"),
          same("js", "{\"a\": 1.50}"),
          value("bi", "a\\0\\0\\0", "61000000", "iso", "YQAAAA=="),
          value("bl", "blob", "626C6F62", "iso", "YmxvYg==", "nanos", "626c6f62"),
          same("tx", "ä€😀"),
          as("nd", "null", "null"),
          // A column that is never null gets the epoch instead.
          as("zn", "0000-00-00", "1970-01-01"));

  private MySqlCases() {}

  /** How a connector writes values. */
  record Mode(String name, String decimals, String times, String unsigned, String binaries) {
    Map<String, String> settings() {
      return Map.of(
          "decimal.handling.mode",
          this.decimals,
          "time.precision.mode",
          this.times,
          "bigint.unsigned.handling.mode",
          this.unsigned,
          "binary.handling.mode",
          this.binaries,
          "column.propagate.source.type",
          ".*");
    }
  }

  /** A value, and what its record lands as; {@code others} by the name of the mode. */
  record Value(String column, String text, String usual, Map<String, String> others) {
    String expected(Mode mode) {
      return this.others.getOrDefault(mode.name(), this.usual);
    }
  }

  /** What runs SQL. */
  interface Database {
    void run(String sql) throws SQLException;
  }

  /** Makes the table {@code types} with a row for each value. */
  static void create(Database database) throws SQLException {
    StringBuilder columns = new StringBuilder("id int primary key, touched int not null default 0");
    TYPES.forEach((name, type) -> columns.append(", ").append(name).append(" ").append(type));
    database.run("create table types (" + columns + ")");
    int id = 0;
    for (Value value : VALUES) {
      boolean plain = value.column.startsWith("b1") || value.column.equals("nd");
      String literal = plain ? value.text : "'" + value.text.replace("'", "''") + "'";
      database.run(
          "insert into types (id, %s) values (%d, %s)".formatted(value.column, ++id, literal));
    }
  }

  private static Value same(String column, String text) {
    return as(column, text, text);
  }

  private static Value as(String column, String text, String expected) {
    return new Value(column, text, expected, Map.of());
  }

  /** With pairs of modes and what is expected in them; an odd one in front is for all others. */
  private static Value value(String column, String text, String... pairs) {
    int from = pairs.length % 2;
    Map<String, String> others = new LinkedHashMap<>();
    for (int i = from; i < pairs.length; i += 2) {
      others.put(pairs[i], pairs[i + 1]);
    }
    return new Value(column, text, from == 1 ? pairs[0] : text, others);
  }
}
