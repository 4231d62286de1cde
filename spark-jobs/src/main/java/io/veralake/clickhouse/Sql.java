package io.veralake.clickhouse;

import java.util.List;
import java.util.stream.Collectors;

/** Quoting of names and values in ClickHouse's SQL. */
public final class Sql {
  private Sql() {}

  /** {@code name} as one quoted identifier, whatever is in it. */
  public static String identifier(String name) {
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  /** {@code database} and {@code name} as a quoted table name. */
  public static String table(String database, String name) {
    return identifier(database) + "." + identifier(name);
  }

  /** {@code value} as a quoted string. */
  public static String literal(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** {@code names} as quoted identifiers, separated by commas. */
  public static String identifiers(List<String> names) {
    return names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
  }
}
