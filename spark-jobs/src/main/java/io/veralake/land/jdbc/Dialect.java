package io.veralake.land.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** What databases do differently. */
public enum Dialect {
  /** PostgreSQL: sessions share snapshots. */
  POSTGRESQL,
  /** MariaDB and MySQL, both through MariaDB's driver: a snapshot belongs to its session. */
  MARIADB,
  /** Any other: what JDBC promises, and no more. */
  OTHER;

  static Dialect of(String url) {
    if (url.startsWith("jdbc:postgresql:")) {
      return POSTGRESQL;
    }
    return url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:") ? MARIADB : OTHER;
  }

  /** {@code url} as the driver knows it. */
  String url(String url) {
    return this == MARIADB ? url.replaceFirst("^jdbc:mysql:", "jdbc:mariadb:") : url;
  }

  /** Settings of the driver that keep values exact. */
  Map<String, String> settings() {
    return switch (this) {
      case POSTGRESQL ->
          Map.of(
              "binaryTransfer",
              "false",
              "prepareThreshold",
              "0",
              "stringtype",
              "unspecified",
              "tcpKeepAlive",
              "true",
              "ApplicationName",
              "veralake");
      // Texts are the server's own; in binary form the driver makes them, and refuses zero dates.
      case MARIADB ->
          Map.of(
              "useServerPrepStmts",
              "false",
              "tinyInt1isBit",
              "false",
              "yearIsDateType",
              "false",
              "tcpKeepAlive",
              "true");
      case OTHER -> Map.of();
    };
  }

  /** Makes a new session write values in one way, whatever the server's settings are. */
  void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : this.preparations()) {
        statement.execute(sql);
      }
    }
  }

  private List<String> preparations() {
    return switch (this) {
      case POSTGRESQL ->
          List.of(
              "SET TIME ZONE 'UTC'",
              "SET datestyle = 'ISO, YMD'",
              "SET intervalstyle = 'iso_8601'",
              "SET extra_float_digits = 3",
              "SET bytea_output = 'hex'",
              "SET statement_timeout = 0",
              "SET idle_in_transaction_session_timeout = 0");
      case MARIADB ->
          List.of(
              "SET time_zone = '+00:00'",
              // An empty mode shows all dates that are stored, and stops nothing that only reads.
              "SET sql_mode = 'ANSI_QUOTES'",
              "SET NAMES utf8mb4",
              "SET net_write_timeout = 3600");
      case OTHER -> List.of();
    };
  }

  /** What is selected for {@code column}: its value, exactly. */
  String selected(SourceColumn column) {
    String name = this.quoted(column.name());
    // The server writes a FLOAT with six digits, a DOUBLE with all.
    return this == MARIADB && column.type().equals("float")
        ? "(%1$s + 0e0) AS %1$s".formatted(name)
        : name;
  }

  /** {@code name} as an identifier. */
  public String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
