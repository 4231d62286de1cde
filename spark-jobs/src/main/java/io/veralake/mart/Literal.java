package io.veralake.mart;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Values as Spark SQL writes them. */
final class Literal {
  private Literal() {}

  /** The literal of a value that came out of a row: a number, boolean, text, date or instant. */
  static String of(Object value) {
    if (value instanceof Date date) {
      return of(date.toLocalDate());
    }
    if (value instanceof Timestamp timestamp) {
      return of(timestamp.toInstant());
    }
    if (value instanceof LocalDate date) {
      return "DATE '" + date + "'";
    }
    if (value instanceof Instant instant) {
      return "TIMESTAMP '" + instant + "'";
    }
    if (value instanceof String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
    if (value instanceof Long number) {
      return number == Long.MIN_VALUE ? "CAST('" + number + "' AS bigint)" : number + "L";
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString() + "BD";
    }
    if (value instanceof Integer || value instanceof Boolean) {
      return value.toString();
    }
    throw new IllegalArgumentException("Cannot write as a literal: " + value.getClass());
  }

  /** {@code column = value}, or that it is null. */
  static String equal(String column, @Nullable Object value) {
    return value == null ? "`" + column + "` IS NULL" : "`" + column + "` = " + of(value);
  }
}
