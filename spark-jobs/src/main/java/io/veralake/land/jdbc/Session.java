package io.veralake.land.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A session with a database, in a transaction that reads as of one moment and changes nothing. */
public final class Session implements AutoCloseable {
  private final Database database;
  private final Connection connection;

  private Session(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /** A session as of {@code moment}'s snapshot; without one, as of its own beginning. */
  public static Session of(Database database, String snapshot) {
    Connection connection = database.open();
    Session session = new Session(database, connection);
    try {
      session.begin(snapshot);
      return session;
    } catch (SQLException e) {
      session.close();
      throw database.failure("Cannot begin a snapshot", e);
    }
  }

  private void begin(String snapshot) throws SQLException {
    switch (this.database.dialect()) {
      case POSTGRESQL -> {
        this.connection.setAutoCommit(false);
        this.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        if (!snapshot.isEmpty()) {
          this.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
        }
      }
      case MARIADB -> {
        this.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        this.connection.setAutoCommit(false);
        this.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
      }
      case OTHER -> {
        this.connection.setReadOnly(true);
        this.connection.setAutoCommit(false);
      }
    }
  }

  /** The connection. */
  public Connection connection() {
    return this.connection;
  }

  /** The first column of the first row. */
  String value(String sql) throws SQLException {
    try (Statement statement = this.connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = this.connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends it; whatever it did is undone, which is nothing. */
  @Override
  public void close() {
    try (Connection closing = this.connection) {
      if (!closing.isClosed() && !closing.getAutoCommit()) {
        closing.rollback();
      }
    } catch (SQLException e) {
      // The server has gone, and with it the session.
    }
  }
}
