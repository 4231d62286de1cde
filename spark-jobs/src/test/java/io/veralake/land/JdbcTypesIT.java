package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.fixture.TestMariaDb;
import io.veralake.fixture.TestPostgres;
import io.veralake.spec.Connection;
import io.veralake.spec.DumpMode;
import java.math.BigDecimal;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Values of every type, with those that are hard for someone on the way, row by row. */
final class JdbcTypesIT {
  private static final String REFUSED = "refused";

  @RegisterExtension static final TestLake LAKE = new TestLake();
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();
  @RegisterExtension static final TestMariaDb MARIADB = new TestMariaDb();

  /** A column of a table of cases; {@code text} is SQL that gives the database's text of it. */
  private record Case(String name, String type, String lands, String text, List<String> values) {}

  @Test
  void whatPostgresSaysIsWhatRawHolds() throws SQLException {
    List<Case> cases = new ArrayList<>();
    for (TypeCases.Column column : TypeCases.COLUMNS) {
      List<String> values = column.values().stream().map(JdbcTypesIT::quoted).toList();
      cases.add(
          new Case(
              column.name(), column.type(), "", "format('%s', " + column.name() + ")", values));
    }
    try (java.sql.Connection connection =
            DriverManager.getConnection(POSTGRES.url(), POSTGRES.user(), POSTGRES.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create schema shop");
      statement.execute("create type shop.status as enum ('new', 'it''s')");
      statement.execute("create domain shop.price as numeric(8,2)");
      statement.execute("set intervalstyle = 'iso_8601'");
      statement.execute("set timezone = 'UTC'");
      TreeMap<Integer, String> expected = this.fill(statement, cases);

      this.land("types", Dumping.postgres(POSTGRES), "types");

      this.compare("types", cases, expected);
    }
    StructType type = after("types");
    assertThat(type.apply("n38").dataType().sql()).isEqualTo("DECIMAL(38,10)");
    assertThat(type.apply("n50").dataType().sql()).isEqualTo("STRING");
    assertThat(type.apply("tt").dataType().sql()).isEqualTo("TIMESTAMP");
    assertThat(type.apply("ts").dataType().sql()).isEqualTo("TIMESTAMP_NTZ");
    assertThat(type.apply("an").dataType().sql()).isEqualTo("ARRAY<DECIMAL(10,2)>");

    // What the database's type can't carry, a declared one may.
    this.land(
        "declared",
        Dumping.postgres(POSTGRES),
        "types",
        "nn string",
        "d string",
        "nn2 decimal(10,2)");
    assertThat(after("declared").apply("nn2").dataType().sql()).isEqualTo("DECIMAL(10,2)");
    assertThat(LAKE.lake().rows("raw.declared").where("after.d = 'infinity'").count()).isOne();
    assertThat(
            LAKE.lake()
                .rows("raw.quarantine")
                .where(
                    "source_table = 'declared' and reason like '%column nn2: NaN (decimal(10,2), exactly)'")
                .count())
        .isOne();
  }

  @Test
  void whatMariaDbSaysIsWhatRawHolds() throws SQLException {
    String many = "'" + "9".repeat(35) + "." + "9".repeat(30) + "'";
    List<Case> cases =
        List.of(
            maria("ti", "tinyint", "INT", "-128", "127"),
            maria("b1", "boolean", "INT", "true", "2"),
            maria("tu", "tinyint unsigned", "INT", "255"),
            maria("su", "smallint unsigned", "INT", "65535"),
            maria("mi", "mediumint unsigned zerofill", "INT", "42", "16777215"),
            maria("i4", "int", "INT", "-2147483648"),
            maria("iu", "int unsigned", "BIGINT", "4294967295"),
            maria("i8", "bigint", "BIGINT", "-9223372036854775808"),
            maria("bu", "bigint unsigned", "DECIMAL(20,0)", "18446744073709551615"),
            maria("n38", "decimal(38,10)", "DECIMAL(38,10)", "1e-10", "-0.5"),
            maria("n65", "decimal(65,30)", "STRING", many, "0.1"),
            maria("nu", "decimal(10,2) unsigned", "DECIMAL(10,2)", "0.10"),
            new Case("f4", "float", "FLOAT", "cast(f4 as double)", List.of("16777216", "0.1")),
            maria("f8", "double", "DOUBLE", "1.7976931348623157e308", "0.1", "9007199254740993"),
            maria(
                "d",
                "date",
                "DATE",
                "'2024-02-29'",
                "'0000-00-00'",
                "'2024-00-15'",
                "'9999-12-31'"),
            maria(
                "dt",
                "datetime",
                "TIMESTAMP_NTZ",
                "'2024-02-29 12:34:56'",
                "'0000-00-00 00:00:00'"),
            maria(
                "dt6",
                "datetime(6)",
                "TIMESTAMP_NTZ",
                "'1000-01-01 00:00:00.000001'",
                "'9999-12-31 23:59:59.999999'"),
            maria("ts", "timestamp null", "TIMESTAMP", "'2024-02-29 12:34:56'"),
            maria(
                "ts6",
                "timestamp(6) null",
                "TIMESTAMP",
                "'2024-02-29 12:34:56.123456'",
                "'0000-00-00 00:00:00'"),
            maria("tm", "time(6)", "STRING", "'838:59:59.999999'", "'-12:34:56.5'"),
            maria("t0", "time", "STRING", "'12:34:56'"),
            maria("y", "year", "INT", "2024", "1901", "0"),
            maria("c", "char(5)", "STRING", "'ab'"),
            maria("vl", "varchar(20) character set latin1", "STRING", "'ünï'"),
            maria("vs", "varchar(20) character set sjis", "STRING", "'テスト'"),
            maria("vu", "varchar(20) character set ucs2", "STRING", "'ß'"),
            maria("x", "longtext", "STRING", "''", "'ü😀\\n\\t\\'\\\\'"),
            maria("e", "enum('new','it''s')", "STRING", "'it''s'"),
            maria("st", "set('a','b')", "STRING", "'a,b'", "''"),
            maria("j", "json", "STRING", "'{\"a\" : 1.00}'"),
            maria("u", "uuid", "STRING", "'6f1a0b1e-3a1c-4e1b-9a3a-0123456789ab'"),
            maria("ip", "inet6", "STRING", "'::1'"),
            bytes("bi", "binary(4)", "x'00ff'"),
            bytes("vb", "varbinary(9)", "x'00ff10'", "''"),
            bytes("bl", "longblob", "x'00ff10'"),
            bytes("tb", "tinyblob", "x'01'"),
            new Case("bt", "bit(1)", "BINARY", "lpad(hex(bt), 2, '0')", List.of("b'1'", "b'0'")),
            new Case(
                "b12", "bit(12)", "BINARY", "lpad(hex(b12), 4, '0')", List.of("b'101010101010'")));
    try (java.sql.Connection connection =
            DriverManager.getConnection(MARIADB.url(), MARIADB.user(), MARIADB.password());
        Statement statement = connection.createStatement()) {
      statement.execute("set sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'");
      TreeMap<Integer, String> expected = this.fill(statement, cases);

      this.land(
          "mtypes", Dumping.connection(MARIADB.url(), MARIADB.user(), MARIADB.password()), "types");

      this.compare("mtypes", cases, expected);
    }
    for (Case column : cases) {
      assertThat(after("mtypes").apply(column.name()).dataType().sql())
          .as(column.name())
          .isEqualTo(column.lands());
    }
    this.land(
        "zero",
        // MySQL's scheme, MariaDB's driver.
        Dumping.connection(
            MARIADB.url().replace("jdbc:mariadb:", "jdbc:mysql:"),
            MARIADB.user(),
            MARIADB.password()),
        "types",
        "d string");
    assertThat(LAKE.lake().rows("raw.zero").where("after.d = '0000-00-00'").count()).isOne();
  }

  private static Case maria(String name, String type, String lands, String... values) {
    return new Case(name, type, lands, "cast(" + name + " as char)", List.of(values));
  }

  private static Case bytes(String name, String type, String... values) {
    return new Case(name, type, "BINARY", "hex(" + name + ")", List.of(values));
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** Makes the table, a row a value; returns by row the text of its value. */
  private TreeMap<Integer, String> fill(Statement statement, List<Case> cases) throws SQLException {
    StringBuilder columns = new StringBuilder("id int primary key");
    cases.forEach(c -> columns.append(", ").append(c.name()).append(" ").append(c.type()));
    statement.execute("create table types (" + columns + ")");
    TreeMap<Integer, String> texts = new TreeMap<>();
    int id = 0;
    for (Case column : cases) {
      for (String value : column.values()) {
        statement.execute(
            "insert into types (id, %s) values (%d, %s)".formatted(column.name(), ++id, value));
        try (ResultSet row =
            statement.executeQuery(
                "select %s from types where id = %d".formatted(column.text(), id))) {
          row.next();
          texts.put(id, row.getString(1));
        }
      }
    }
    return texts;
  }

  private void compare(String table, List<Case> cases, TreeMap<Integer, String> texts) {
    StructType type = after(table);
    TreeMap<Integer, Row> rows = new TreeMap<>();
    LAKE.lake()
        .spark()
        .sql(
            "select after.id, %s from %s.raw.%s"
                .formatted(ColumnTexts.of("after", type), LAKE.lake().catalog(), table))
        .collectAsList()
        .forEach(row -> rows.put(row.getInt(0), row));
    List<String> wrong = new ArrayList<>();
    int id = 0;
    for (Case column : cases) {
      StructField field = type.apply(column.name());
      for (String value : column.values()) {
        Row row = rows.get(++id);
        String held = row == null ? REFUSED : row.getString(1 + type.fieldIndex(column.name()));
        String expected = expected(field.dataType(), texts.get(id));
        if (!held.equals(expected)) {
          wrong.add(
              "%s %s %s: %s, not %s"
                  .formatted(column.name(), column.type(), value, held, expected));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** What raw must hold of a value with the database's text {@code text}. */
  private static String expected(DataType type, String text) {
    String sql = type.sql();
    if (sql.startsWith("DECIMAL")) {
      int scale = Integer.parseInt(sql.replaceAll(".*,|\\)", ""));
      return text.equals("NaN") ? REFUSED : new BigDecimal(text).setScale(scale).toPlainString();
    }
    if (sql.startsWith("ARRAY")) {
      if (text.startsWith("{{") || text.contains("infinity")) {
        return REFUSED;
      }
      return "["
          + text.substring(1, text.length() - 1)
              .replace("\"", "")
              .replace("NULL", "null")
              .replaceAll("(^|,)t(?=,|$)", "$1true")
              .replaceAll("(^|,)f(?=,|$)", "$1false")
              .replace("+00", "")
              .replace(",", ", ")
          + "]";
    }
    boolean year = text.matches("(?!0000)\\d{4}-(?!00).*") && !text.endsWith("BC");
    return switch (sql) {
      case "DATE" -> year ? text : REFUSED;
      case "TIMESTAMP", "TIMESTAMP_NTZ" -> {
        String local = text.replaceAll("\\+00$", "");
        yield !year
            ? REFUSED
            : local.length() == 19 ? local + ".000000" : local + "0".repeat(26 - local.length());
      }
      case "FLOAT" -> Float.toString(Float.parseFloat(text));
      case "DOUBLE" -> Double.toString(Double.parseDouble(text));
      case "BOOLEAN" -> text.startsWith("t") ? "true" : "false";
      case "INT" -> Integer.toString(Integer.parseInt(text));
      case "BINARY" -> text.replace("\\x", "").toUpperCase(java.util.Locale.ROOT);
      default -> text;
    };
  }

  private void land(String table, Connection connection, String source, String... columns) {
    Landed landed =
        LandStep.run(
            Landing.context(LAKE.lake(), LAKE.folder(), "r1", connection),
            Dumping.table(
                table, List.of("id"), Dumping.jdbc(source, new DumpMode.Full(50)), columns));
    assertThat(landed.duplicate()).isZero();
  }

  private static StructType after(String table) {
    return (StructType) LAKE.lake().rows("raw." + table).schema().apply("after").dataType();
  }
}
