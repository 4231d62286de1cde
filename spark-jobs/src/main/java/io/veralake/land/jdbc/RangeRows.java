package io.veralake.land.jdbc;

import io.veralake.lake.DataException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of one range of a table, one after the other, a bounded number of them in memory. */
public final class RangeRows implements AutoCloseable {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.nnnnnnnnn");

  private final SourceRows source;
  private final List<SourceColumn> columns;
  private final Session session;
  private @Nullable PreparedStatement statement;
  private @Nullable ResultSet rows;

  /** Opens the rows of {@code range} as of {@code snapshot}; empty: as of now. */
  public RangeRows(
      SourceRows source, List<SourceColumn> columns, Range range, String snapshot, int fetchSize) {
    this.source = source;
    this.columns = columns;
    this.session = Session.of(source.database(), snapshot);
    try {
      PreparedStatement opened =
          this.session
              .connection()
              .prepareStatement(
                  range.sql(selected(source, columns), source.from()),
                  ResultSet.TYPE_FORWARD_ONLY,
                  ResultSet.CONCUR_READ_ONLY);
      this.statement = opened;
      opened.setFetchSize(fetchSize);
      range.bind(opened, source.database().dialect());
      this.rows = opened.executeQuery();
      this.check(this.rows);
    } catch (SQLException e) {
      this.close();
      throw this.failure(e);
    }
  }

  /** The next row's values, one a column; null at the end. */
  public @Nullable String @Nullable [] next() {
    ResultSet from = this.rows;
    try {
      if (from == null || !from.next()) {
        return null;
      }
      @Nullable String[] texts = new String[this.columns.size()];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = text(from, i + 1, this.columns.get(i).form());
      }
      return texts;
    } catch (SQLException e) {
      throw this.failure(e);
    }
  }

  static @Nullable String text(ResultSet rows, int at, SourceColumn.Form form) throws SQLException {
    switch (form) {
      case TEXT -> {
        return rows.getString(at);
      }
      case BYTES -> {
        byte[] bytes = rows.getBytes(at);
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
      }
      case DECIMAL -> {
        java.math.BigDecimal number = rows.getBigDecimal(at);
        return number == null ? null : number.toPlainString();
      }
      case LOCAL_TIME -> {
        LocalDateTime time = rows.getObject(at, LocalDateTime.class);
        return time == null ? null : LOCAL.format(time);
      }
      case INSTANT -> {
        OffsetDateTime time = rows.getObject(at, OffsetDateTime.class);
        return time == null
            ? null
            : LOCAL.format(time.withOffsetSameInstant(ZoneOffset.UTC)) + "+00";
      }
    }
    throw new IllegalStateException(form.toString());
  }

  /** A table may be changed between the look at its columns and the reading. */
  private void check(ResultSet opened) throws SQLException {
    int width = opened.getMetaData().getColumnCount();
    boolean same = width == this.columns.size();
    for (int i = 0; same && i < width; i++) {
      SourceColumn known = this.columns.get(i);
      String type =
          SourceColumn.of(this.source.database().dialect(), opened.getMetaData(), i + 1).type();
      same = type.equals(known.type()) || known.type().equals("float") && type.equals("double");
    }
    if (!same) {
      throw new DataException(
          "Cannot read %s: its columns changed while it was read (land it again)"
              .formatted(this.source.what()));
    }
  }

  private static String selected(SourceRows source, List<SourceColumn> columns) {
    return columns.stream()
        .map(source.database().dialect()::selected)
        .collect(Collectors.joining(", "));
  }

  private DataException failure(SQLException e) {
    return this.source.database().failure("Cannot read " + this.source.name(), e);
  }

  @Override
  public void close() {
    try (Session closing = this.session;
        PreparedStatement closed = this.statement) {
      this.rows = null;
    } catch (SQLException e) {
      // What was read is kept by the caller, or lost with its failure.
    }
  }
}
