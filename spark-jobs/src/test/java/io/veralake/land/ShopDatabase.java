package io.veralake.land;

import io.veralake.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** A PostgreSQL database whose changes are captured: all types in one table, random operations. */
final class ShopDatabase implements AutoCloseable {
  /** What tables of random operations are compared by: the database's own texts. */
  static final String ORDER =
      """
      id, coalesce(amount::text, 'null'), coalesce(note, 'null'),
      coalesce(to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), 'null'),
      coalesce(day::text, 'null'), coalesce(flag::text, 'null'),
      coalesce(upper(encode(raw, 'hex')), 'null')""";

  private static final String COLUMNS =
      "amount numeric(20,4), note text, at timestamptz, day date, flag boolean, raw bytea";

  private final Connection connection;
  private final Statement statement;

  ShopDatabase(TestPostgres postgres) throws SQLException {
    this.connection =
        DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    this.statement = this.connection.createStatement();
    this.run("set timezone = 'UTC'");
    this.run("create schema shop");
    this.run("create type shop.status as enum ('new', 'it''s')");
    this.run("create domain shop.price as numeric(8,2)");
    this.run("create table shop.marker (id int primary key)");
    for (String table : List.of("kept", "whole")) {
      this.run("create table shop.%s (id bigint primary key, %s)".formatted(table, COLUMNS));
      this.run("alter table shop.%s alter note set storage external".formatted(table));
    }
    this.run("alter table shop.whole replica identity full");
    this.run("create table shop.changing (id int primary key, a int, b numeric(8,2), c text)");
    this.types();
  }

  /** A table with a column for each of {@link TypeCases} and a row for each of their values. */
  private void types() throws SQLException {
    StringBuilder columns = new StringBuilder("id int primary key, touched int not null default 0");
    TypeCases.COLUMNS.forEach(
        c -> columns.append(", ").append(c.name()).append(" ").append(c.type()));
    this.run("create table shop.types (" + columns + ")");
    this.run("alter table shop.types replica identity full");
    int id = 0;
    for (TypeCases.Column column : TypeCases.COLUMNS) {
      for (String value : column.values()) {
        this.run(
            "insert into shop.types (id, %s) values (%d, '%s')"
                .formatted(column.name(), ++id, value.replace("'", "''")));
      }
    }
    this.run("insert into shop.types (id) values (0)");
  }

  void run(String sql) throws SQLException {
    this.statement.execute(sql);
  }

  /** Rows of one text a column, separated by bars. */
  TreeMap<Long, String> rows(String columns, String table) throws SQLException {
    TreeMap<Long, String> rows = new TreeMap<>();
    String sql = "select " + columns + " from shop." + table;
    try (ResultSet result = this.statement.executeQuery(sql)) {
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 2; i <= width; i++) {
          values.add(result.getString(i));
        }
        rows.put(result.getLong(1), String.join("|", values));
      }
    }
    return rows;
  }

  /** The text of a value of {@code shop.types}. */
  String type(String column, int id) throws SQLException {
    String sql = "select %s::text from shop.types where id = %d".formatted(column, id);
    try (ResultSet result = this.statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  /** Some transactions, of which some are undone. */
  void transactions(Random random, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      this.connection.setAutoCommit(false);
      String table = random.nextBoolean() ? "kept" : "whole";
      int operations = 1 + random.nextInt(4);
      for (int j = 0; j < operations; j++) {
        if (random.nextInt(8) == 0) {
          this.run("savepoint s");
          this.run(operation(random, table));
          this.run("rollback to savepoint s");
        } else {
          this.run(operation(random, table));
        }
      }
      if (random.nextInt(6) == 0) {
        this.connection.rollback();
      } else {
        this.connection.commit();
      }
      this.connection.setAutoCommit(true);
    }
  }

  private static String operation(Random random, String table) {
    int id = random.nextInt(30);
    String where = " where id = " + id;
    String update = "update shop." + table + " set ";
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 ->
          "insert into shop.%s values (%d, %s, %s, %s, %s, %s, %s) on conflict (id) do update set amount = excluded.amount, flag = excluded.flag"
              .formatted(
                  table,
                  id,
                  some(random, (random.nextLong() >> 12) + "." + random.nextInt(10_000)),
                  note(random),
                  some(
                      random,
                      "'"
                          + (1900 + random.nextInt(200))
                          + "-02-28 23:59:59.%06d+05:30'".formatted(random.nextInt(1_000_000))),
                  some(random, "'" + (1600 + random.nextInt(8000)) + "-03-01'"),
                  some(random, "" + random.nextBoolean()),
                  some(random, "'\\x%08x'".formatted(random.nextInt())));
      case 4, 5 -> update + "amount = amount + 0.0001" + where;
      case 6 -> update + "note = " + note(random) + where;
      case 7 -> update + "flag = not flag, day = day + 1 where id % 5 = " + id % 5;
      case 8 ->
          update
              + "id = id + 30"
              + where
              + " and not exists (select from shop."
              + table
              + " where id = "
              + (id + 30)
              + ")";
      case 9 -> "delete from shop." + table + " where id = " + (id + random.nextInt(2) * 30);
      case 10 ->
          random.nextInt(10) == 0 ? "truncate shop." + table : "delete from shop." + table + where;
      default -> update + "at = null" + where;
    };
  }

  private static String some(Random random, String value) {
    return random.nextInt(6) == 0 ? "null" : value;
  }

  /** Short, or so long that it is stored aside, and not sent by an update of other columns. */
  private static String note(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> "null";
      case 1 -> "'n" + random.nextInt(100) + "'";
      default -> "repeat('" + (char) ('a' + random.nextInt(26)) + "', 2500)";
    };
  }

  @Override
  public void close() throws SQLException {
    this.connection.close();
  }
}
