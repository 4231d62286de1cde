package io.veralake.land.jdbc;

import io.veralake.lake.DataException;
import io.veralake.spec.LandSource;
import java.io.Serializable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The table or the query that is read.
 *
 * @param database where
 * @param from what stands behind {@code FROM}
 * @param name what messages call it
 */
public record SourceRows(Database database, String from, String name) implements Serializable {
  /** What {@code source} names. */
  public static SourceRows of(Database database, LandSource.Jdbc source) {
    return source.table().isEmpty()
        ? new SourceRows(database, "(" + source.query() + ") veralake_rows", "query")
        : new SourceRows(database, source.table(), source.table());
  }

  /** The columns that it has now. */
  public List<SourceColumn> columns(Session session) {
    try (PreparedStatement statement =
            session.connection().prepareStatement("SELECT * FROM " + this.from + " WHERE 1 = 0");
        ResultSet rows = statement.executeQuery()) {
      ResultSetMetaData types = rows.getMetaData();
      List<SourceColumn> columns = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (int i = 1; i <= types.getColumnCount(); i++) {
        SourceColumn column = SourceColumn.of(this.database.dialect(), types, i);
        if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
          throw new DataException(
              "Invalid columns of %s: %s twice (once each, in upper or lower case)"
                  .formatted(this.what(), column.name()));
        }
        columns.add(column);
      }
      return columns;
    } catch (SQLException e) {
      throw this.database.failure("Cannot read " + this.name, e);
    }
  }

  /** The largest value of {@code column}; empty if there is none. */
  public Optional<String> largest(Session session, SourceColumn column) {
    String name = this.database.dialect().quoted(column.name());
    try (PreparedStatement statement =
            session.connection().prepareStatement("SELECT max(" + name + ") FROM " + this.from);
        ResultSet rows = statement.executeQuery()) {
      return rows.next()
          ? Optional.ofNullable(RangeRows.text(rows, 1, column.form()))
          : Optional.empty();
    } catch (SQLException e) {
      throw this.database.failure("Cannot read " + this.name, e);
    }
  }

  /** How messages name it and its place. */
  public String what() {
    return "%s of connection %s (%s)"
        .formatted(this.name, this.database.server().name(), this.database.address());
  }
}
