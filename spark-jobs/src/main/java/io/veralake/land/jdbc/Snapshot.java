package io.veralake.land.jdbc;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A session that holds the moment of a dump, so that others can read as of it. The position is
 * taken before the snapshot: a change that is in both is applied twice, and never lost.
 */
public final class Snapshot implements AutoCloseable {
  private final Session session;
  private final Moment moment;

  private Snapshot(Session session, Moment moment) {
    this.session = session;
    this.moment = moment;
  }

  /** The present moment of {@code database}. */
  public static Snapshot of(Database database) {
    try {
      return switch (database.dialect()) {
        case POSTGRESQL -> postgresql(database);
        case MARIADB -> mariadb(database);
        case OTHER -> other(database);
      };
    } catch (SQLException e) {
      throw database.failure("Cannot take a snapshot", e);
    }
  }

  private static Snapshot postgresql(Database database) throws SQLException {
    long lsn;
    try (Connection connection = database.open()) {
      lsn =
          number(
              connection,
              "SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END) - '0/0'::pg_lsn");
    }
    Session session = Session.of(database, "");
    try {
      Connection connection = session.connection();
      String name = session.value("SELECT pg_export_snapshot()");
      long time =
          number(
              connection,
              "SELECT floor(extract(epoch FROM transaction_timestamp()) * 1000000)::bigint");
      return new Snapshot(session, new Moment("lsn", List.of(lsn, time, 0L), time, name));
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  private static Snapshot mariadb(Database database) throws SQLException {
    Session session = Session.of(database, "");
    try {
      Connection connection = session.connection();
      long time = number(connection, "SELECT CAST(unix_timestamp(sysdate(6)) * 1000000 AS SIGNED)");
      List<Long> binlog = binlog(connection, time);
      return new Snapshot(
          session,
          binlog.isEmpty()
              ? new Moment("time", List.of(time, 0L, 0L), time, "")
              : new Moment("binlog", binlog, time, ""));
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  /** Number of the binlog's file and offset in it; empty if there is no log that we may see. */
  private static List<Long> binlog(Connection connection, long time) {
    for (String sql : List.of("SHOW MASTER STATUS", "SHOW BINARY LOG STATUS")) {
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        if (rows.next()) {
          String file = rows.getString(1);
          long number = Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
          return List.of(number, rows.getLong(2), time);
        }
      } catch (SQLException | NumberFormatException e) {
        // Not allowed, or not known by this version: the clock is there for all.
      }
    }
    return List.of();
  }

  private static Snapshot other(Database database) throws SQLException {
    Session session = Session.of(database, "");
    SQLException last = new SQLException("no clock");
    for (String sql : List.of("SELECT CURRENT_TIMESTAMP", "SELECT CURRENT_TIMESTAMP FROM DUAL")) {
      try (Statement statement = session.connection().createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        Instant now = rows.getTimestamp(1).toInstant();
        long time = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        return new Snapshot(session, new Moment("time", List.of(time, 0L, 0L), time, ""));
      } catch (SQLException e) {
        last = e;
      }
    }
    session.close();
    throw last;
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      BigDecimal number = rows.getBigDecimal(1);
      return number.longValueExact();
    }
  }

  /** The moment. */
  public Moment moment() {
    return this.moment;
  }

  /** A session as of the moment. */
  public Session session() {
    return this.session;
  }

  @Override
  public void close() {
    this.session.close();
  }
}
