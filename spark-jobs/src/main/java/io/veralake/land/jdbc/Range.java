package io.veralake.land.jdbc;

import java.io.Serializable;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Some of the rows of a table.
 *
 * @param number which one, from 0
 * @param conditions SQL conditions, all of which hold for them
 * @param values what stands for the question marks in the conditions, in their order
 */
public record Range(int number, List<String> conditions, List<Value> values)
    implements Serializable {
  /** All rows. */
  public static final Range ALL = new Range(0, List.of(), List.of());

  /**
   * A value of a column.
   *
   * @param type the column's type
   * @param text the value
   */
  public record Value(String type, String text) implements Serializable {
    /** A time for drivers that take no text for it. */
    private Object time() {
      String iso = this.text.replace(' ', 'T').replaceFirst("\\+00$", "Z");
      return switch (this.type) {
        case "date" -> LocalDate.parse(iso);
        case "timestamp" -> OffsetDateTime.parse(iso);
        default -> LocalDateTime.parse(iso);
      };
    }
  }

  /** Copies the lists. */
  public Range {
    conditions = List.copyOf(conditions);
    values = List.copyOf(values);
  }

  /** This with one condition more. */
  public Range and(String condition, List<Value> more) {
    List<String> all = new ArrayList<>(this.conditions);
    all.add(condition);
    List<Value> bound = new ArrayList<>(this.values);
    bound.addAll(more);
    return new Range(this.number, all, bound);
  }

  String sql(String columns, String from) {
    return "SELECT " + columns + " FROM " + from + this.where();
  }

  String where() {
    return this.conditions.isEmpty()
        ? ""
        : " WHERE (" + String.join(") AND (", this.conditions) + ")";
  }

  /** A number is bound as one: compared with a text it would be rounded. */
  void bind(PreparedStatement statement, Dialect dialect) throws SQLException {
    for (int i = 0; i < this.values.size(); i++) {
      Value value = this.values.get(i);
      boolean time = value.type().startsWith("timestamp") || value.type().equals("date");
      if (dialect == Dialect.OTHER && time) {
        statement.setObject(i + 1, value.time());
        continue;
      }
      switch (value.type()) {
        case "int", "bigint" -> statement.setLong(i + 1, Long.parseLong(value.text()));
        case "string", "date", "timestamp", "timestamp_ntz" ->
            statement.setString(i + 1, value.text());
        default -> statement.setBigDecimal(i + 1, new BigDecimal(value.text()));
      }
    }
  }
}
