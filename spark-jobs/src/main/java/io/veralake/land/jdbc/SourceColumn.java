package io.veralake.land.jdbc;

import java.io.Serializable;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Map;

/**
 * A column of a table.
 *
 * @param name its name
 * @param type the type that it lands as, as Spark's DDL, unless a model declares another
 * @param form how its values are fetched
 */
public record SourceColumn(String name, String type, Form form) implements Serializable {
  /** What a driver is asked for. */
  public enum Form {
    /** The database's own text. */
    TEXT,
    /** Bytes. */
    BYTES,
    /** A number, whose digits are written out. */
    DECIMAL,
    /** A time without a zone. */
    LOCAL_TIME,
    /** A time with a zone. */
    INSTANT
  }

  private static final int DIGITS = 38;
  private static final Map<String, String> POSTGRESQL =
      Map.ofEntries(
          Map.entry("bool", "boolean"),
          Map.entry("int2", "int"),
          Map.entry("smallserial", "int"),
          Map.entry("int4", "int"),
          Map.entry("serial", "int"),
          Map.entry("int8", "bigint"),
          Map.entry("bigserial", "bigint"),
          Map.entry("oid", "bigint"),
          Map.entry("float4", "float"),
          Map.entry("float8", "double"),
          Map.entry("date", "date"),
          Map.entry("timestamp", "timestamp_ntz"),
          Map.entry("timestamptz", "timestamp"),
          Map.entry("bytea", "binary"));

  static SourceColumn of(Dialect dialect, ResultSetMetaData types, int at) throws SQLException {
    String name = types.getColumnLabel(at);
    String type = types.getColumnTypeName(at);
    int digits = types.getPrecision(at);
    int scale = types.getScale(at);
    return switch (dialect) {
      case POSTGRESQL -> new SourceColumn(name, postgresql(type, digits, scale), Form.TEXT);
      case MARIADB -> mariadb(name, type.toUpperCase(Locale.ROOT), types, at);
      case OTHER -> other(name, types.getColumnType(at), digits, scale);
    };
  }

  private static String postgresql(String type, int digits, int scale) {
    if (type.equals("numeric")) {
      return decimal(digits, scale);
    }
    if (type.startsWith("_")) {
      return "array<" + postgresql(type.substring(1), digits, scale) + ">";
    }
    if (type.matches("\".*\"\\.\"_.*\"")) {
      return "array<string>";
    }
    return POSTGRESQL.getOrDefault(type, "string");
  }

  private static SourceColumn mariadb(String name, String type, ResultSetMetaData types, int at)
      throws SQLException {
    boolean signed = !type.contains("UNSIGNED") && types.isSigned(at);
    String kind = type.replaceFirst(" .*", "");
    int jdbc = types.getColumnType(at);
    return switch (kind) {
      case "TINYINT", "SMALLINT", "MEDIUMINT", "YEAR" -> new SourceColumn(name, "int", Form.TEXT);
      case "INT", "INTEGER" -> new SourceColumn(name, signed ? "int" : "bigint", Form.TEXT);
      case "BIGINT" -> new SourceColumn(name, signed ? "bigint" : "decimal(20,0)", Form.TEXT);
      case "DECIMAL", "OLDDECIMAL" ->
          new SourceColumn(name, decimal(types.getPrecision(at), types.getScale(at)), Form.TEXT);
      case "FLOAT" -> new SourceColumn(name, "float", Form.TEXT);
      case "DOUBLE" -> new SourceColumn(name, "double", Form.TEXT);
      case "DATE" -> new SourceColumn(name, "date", Form.TEXT);
      case "DATETIME" -> new SourceColumn(name, "timestamp_ntz", Form.TEXT);
      case "TIMESTAMP" -> new SourceColumn(name, "timestamp", Form.TEXT);
      case "BIT", "GEOMETRY" -> new SourceColumn(name, "binary", Form.BYTES);
      default ->
          jdbc == Types.BINARY
                  || jdbc == Types.VARBINARY
                  || jdbc == Types.LONGVARBINARY
                  || jdbc == Types.BLOB
              ? new SourceColumn(name, "binary", Form.BYTES)
              : new SourceColumn(name, "string", Form.TEXT);
    };
  }

  private static SourceColumn other(String name, int type, int digits, int scale) {
    return switch (type) {
      case Types.BOOLEAN -> new SourceColumn(name, "boolean", Form.TEXT);
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER ->
          new SourceColumn(name, digits > 10 ? "bigint" : "int", Form.TEXT);
      case Types.BIGINT -> new SourceColumn(name, "bigint", Form.TEXT);
      case Types.REAL -> new SourceColumn(name, "float", Form.TEXT);
      case Types.DOUBLE, Types.FLOAT -> new SourceColumn(name, "double", Form.TEXT);
      case Types.NUMERIC, Types.DECIMAL ->
          new SourceColumn(name, decimal(digits, scale), Form.DECIMAL);
      case Types.DATE -> new SourceColumn(name, "date", Form.TEXT);
      case Types.TIMESTAMP -> new SourceColumn(name, "timestamp_ntz", Form.LOCAL_TIME);
      case Types.TIMESTAMP_WITH_TIMEZONE -> new SourceColumn(name, "timestamp", Form.INSTANT);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
          new SourceColumn(name, "binary", Form.BYTES);
      default -> new SourceColumn(name, "string", Form.TEXT);
    };
  }

  /** More digits than Spark holds, or a number of digits that isn't known, are kept as text. */
  private static String decimal(int digits, int scale) {
    int all = Math.max(digits, scale);
    return digits < 1 || scale < 0 || all > DIGITS
        ? "string"
        : "decimal(%d,%d)".formatted(all, scale);
  }
}
