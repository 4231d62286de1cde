package io.veralake.land;

import io.veralake.fixture.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.TreeMap;

/** A table {@code (id bigint, n int, note text)} of a database, and random changes of it. */
final class Shelf implements AutoCloseable {
  private final Connection connection;
  private final String table;

  private Shelf(Connection connection, String table) {
    this.connection = connection;
    this.table = table;
  }

  /** One that is there, in a session of its own. */
  static Shelf open(TestPostgres server, String table) throws SQLException {
    return new Shelf(
        DriverManager.getConnection(server.url(), server.user(), server.password()), table);
  }

  static Shelf of(TestPostgres server, String table) throws SQLException {
    return of(DriverManager.getConnection(server.url(), server.user(), server.password()), table);
  }

  static Shelf of(Connection connection, String table) throws SQLException {
    Shelf shelf = new Shelf(connection, table);
    shelf.run("create table " + table + " (id bigint primary key, n int, note text)");
    return shelf;
  }

  void run(String sql) throws SQLException {
    try (Statement statement = this.connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Rows {@code from} to before {@code to}. */
  void insert(long from, long to) throws SQLException {
    StringBuilder values = new StringBuilder();
    for (long id = from; id < to; id++) {
      values.append(id > from ? "," : "").append("(" + id + "," + id % 7 + ",'n" + id + "')");
    }
    this.run("insert into " + this.table + " values " + values);
  }

  /** Some inserts, updates, of which some change nothing, and deletes. */
  void change(Random random, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      long id = random.nextInt(300);
      String where = " where id = " + id;
      this.run(
          switch (random.nextInt(5)) {
            case 0 -> "update " + this.table + " set n = n" + where;
            case 1 -> "update " + this.table + " set n = n + 1" + where;
            case 2 -> "update " + this.table + " set n = null, note = null" + where;
            case 3 -> "delete from " + this.table + where;
            default ->
                "insert into %1$s select %2$d, %3$d, 'x' where not exists (select 1 from %1$s where id = %2$d)"
                    .formatted(this.table, id, random.nextInt(5));
          });
    }
  }

  TreeMap<Long, String> rows() throws SQLException {
    TreeMap<Long, String> rows = new TreeMap<>();
    try (Statement statement = this.connection.createStatement();
        ResultSet result = statement.executeQuery("select id, n, note from " + this.table)) {
      while (result.next()) {
        rows.put(result.getLong(1), result.getString(2) + "|" + result.getString(3));
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    this.connection.close();
  }
}
