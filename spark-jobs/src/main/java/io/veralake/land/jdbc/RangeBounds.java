package io.veralake.land.jdbc;

import io.veralake.lake.DataException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a table where its rows are, not where its keys are: each range has about as many rows as the
 * others, however uneven the keys lie. A single key is never cut.
 */
public final class RangeBounds {
  /** PostgreSQL looks at about so many rows of a large table, instead of sorting all. */
  private static final long SAMPLE = 200_000;

  private RangeBounds() {}

  /** At most {@code count} ranges of the rows for which {@code all} holds. */
  public static List<Range> of(
      Session session, SourceRows source, SourceColumn by, int count, Range all) {
    if (by.form() == SourceColumn.Form.BYTES || by.type().startsWith("array")) {
      throw new DataException(
          "Cannot cut %s by %s, a %s (a number, a date, a timestamp or a text)"
              .formatted(source.what(), by.name(), by.type()));
    }
    Dialect dialect = source.database().dialect();
    try {
      String from = source.from() + sample(session, source);
      String column = dialect.quoted(by.name());
      List<String> bounds = bounds(session, dialect, sql(from, column, count, all), all);
      return ranges(bounds, column, by.type(), all);
    } catch (SQLException e) {
      throw source.database().failure("Cannot read " + source.name(), e);
    }
  }

  private static String sql(String from, String column, int count, Range all) {
    return """
        SELECT DISTINCT k FROM (
          SELECT k, n, lag(n) OVER (ORDER BY k, n) AS p FROM (
            SELECT %1$s AS k, ntile(%2$d) OVER (ORDER BY %1$s) AS n FROM %3$s%4$s) a) b
        WHERE n <> p AND k IS NOT NULL ORDER BY k"""
        .formatted(column, count, from, all.where());
  }

  private static List<String> bounds(Session session, Dialect dialect, String sql, Range all)
      throws SQLException {
    List<String> bounds = new ArrayList<>();
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      all.bind(statement, dialect);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          bounds.add(rows.getString(1));
        }
      }
    }
    return bounds;
  }

  private static List<Range> ranges(List<String> bounds, String column, String type, Range all) {
    if (bounds.isEmpty()) {
      return List.of(all);
    }
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i <= bounds.size(); i++) {
      Range range = new Range(i + 1, all.conditions(), all.values());
      if (i == 0) {
        range =
            range.and(
                "%1$s < ? OR %1$s IS NULL".formatted(column),
                List.of(new Range.Value(type, bounds.get(0))));
      } else {
        range = range.and(column + " >= ?", List.of(new Range.Value(type, bounds.get(i - 1))));
        if (i < bounds.size()) {
          range = range.and(column + " < ?", List.of(new Range.Value(type, bounds.get(i))));
        }
      }
      ranges.add(range);
    }
    return ranges;
  }

  private static String sample(Session session, SourceRows source) throws SQLException {
    if (source.database().dialect() != Dialect.POSTGRESQL || source.from().startsWith("(")) {
      return "";
    }
    try (PreparedStatement statement =
        session
            .connection()
            .prepareStatement(
                "SELECT reltuples FROM pg_class WHERE oid = to_regclass(?::text) AND relkind IN ('r', 'm')")) {
      statement.setString(1, source.from());
      try (ResultSet rows = statement.executeQuery()) {
        double count = rows.next() ? rows.getDouble(1) : 0;
        return count < SAMPLE * 5
            ? ""
            : " TABLESAMPLE SYSTEM (" + Math.max(0.01, 100.0 * SAMPLE / count) + ")";
      }
    }
  }
}
