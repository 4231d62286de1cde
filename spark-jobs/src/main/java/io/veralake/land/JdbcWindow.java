package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.veralake.lake.DataException;
import io.veralake.lake.RawColumns;
import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.TextRowDecoder;
import io.veralake.land.jdbc.Moment;
import io.veralake.land.jdbc.Range;
import io.veralake.land.jdbc.Session;
import io.veralake.land.jdbc.SourceColumn;
import io.veralake.land.jdbc.SourceRows;
import io.veralake.spec.DumpMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a column says to be new: those from a little before the largest value that was seen
 * the last time. What a value is beyond the database's present counts as present: a row that is
 * dated ahead hides no others.
 *
 * @param column the column
 * @param from the smallest value that is read, in Spark's internal form; empty: all are
 * @param until the largest value seen; empty: there is none
 */
record JdbcWindow(SourceColumn column, OptionalLong from, OptionalLong until) {
  private static final String COLUMN = "dump.column";
  private static final String UNTIL = "dump.until";
  private static final long DAY = 86_400_000_000L;
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /**
   * The window of {@code source} after what {@code positions}, of the raw table, tell.
   *
   * @param property a property of the raw table's current snapshot, by its name
   */
  static JdbcWindow of(
      SourceRows source,
      Session session,
      Moment moment,
      SourceColumn column,
      DumpMode.Incremental mode,
      java.util.function.Function<String, Optional<String>> property) {
    boolean known = property.apply(COLUMN).filter(column.name()::equals).isPresent();
    OptionalLong seen =
        known
            ? property.apply(UNTIL).stream().mapToLong(Long::parseLong).findFirst()
            : OptionalLong.empty();
    OptionalLong now = largest(source, session, moment, column);
    OptionalLong until =
        seen.isPresent() && now.isPresent()
            ? OptionalLong.of(Math.max(seen.getAsLong(), now.getAsLong()))
            : now.isPresent() ? now : seen;
    OptionalLong from =
        seen.isPresent()
            ? OptionalLong.of(seen.getAsLong() - overlap(source, column, mode))
            : OptionalLong.empty();
    return new JdbcWindow(column, from, until);
  }

  private static long overlap(SourceRows source, SourceColumn column, DumpMode.Incremental mode) {
    boolean number = column.type().equals("int") || column.type().equals("bigint");
    if (number != mode.behind() >= 0) {
      throw new DataException(
          "Invalid overlap for column %s of %s, a %s (%s)"
              .formatted(
                  column.name(),
                  source.what(),
                  column.type(),
                  number ? "a whole number, such as 1000" : "a duration, such as 10 minutes"));
    }
    if (number) {
      return mode.behind();
    }
    long micros = Math.multiplyExact(mode.overlap().toMillis(), 1000L);
    return column.type().equals("date") ? -Math.floorDiv(-micros, DAY) : micros;
  }

  private static OptionalLong largest(
      SourceRows source, Session session, Moment moment, SourceColumn column) {
    Optional<String> text = source.largest(session, column);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    long present =
        switch (column.type()) {
          case "date" -> Math.floorDiv(moment.time(), DAY);
          case "timestamp", "timestamp_ntz" -> moment.time();
          case "int", "bigint" -> Long.MAX_VALUE;
          default ->
              throw new DataException(
                  "Cannot tell new rows of %s by column %s, a %s (a date, a timestamp or a whole number)"
                      .formatted(source.what(), column.name(), column.type()));
        };
    try {
      return OptionalLong.of(
          Math.min(present, TextRowDecoder.number(column.type(), text.orElseThrow())));
    } catch (BadRecordException e) {
      // Later than any time that can be written: infinity.
      return OptionalLong.of(present);
    }
  }

  /** The rows of {@code quoted}, the column's name in SQL. A row without a value may be new. */
  Range range(String quoted, boolean zoned) {
    return this.from.isEmpty()
        ? Range.ALL
        : Range.ALL.and(
            "%1$s >= ? OR %1$s IS NULL".formatted(quoted),
            List.of(new Range.Value(this.column.type(), this.text(zoned))));
  }

  private String text(boolean zoned) {
    long value = this.from.orElseThrow();
    return switch (this.column.type()) {
      case "date" -> LocalDate.ofEpochDay(value).toString();
      case "timestamp" -> LOCAL.format(instant(value)) + (zoned ? "+00" : "");
      case "timestamp_ntz" -> LOCAL.format(instant(value));
      default -> Long.toString(value);
    };
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Condition that holds for all rows of the raw table that the window's rows may repeat. */
  @Nullable Column again() {
    if (this.from.isEmpty()) {
      return null;
    }
    Column value = col(RawColumns.AFTER).getField(this.column.name());
    Column bound =
        switch (this.column.type()) {
          case "date", "timestamp", "timestamp_ntz" ->
              lit(this.text(true).replaceFirst("\\+00$", "Z")).cast(this.column.type());
          default -> lit(this.from.orElseThrow());
        };
    return value.geq(bound).or(value.isNull());
  }

  /** Snapshot properties that say how far the column was read. */
  Map<String, String> positions() {
    Map<String, String> positions = new HashMap<>();
    positions.put("veralake." + COLUMN, this.column.name());
    this.until.ifPresent(value -> positions.put("veralake." + UNTIL, Long.toString(value)));
    return positions;
  }
}
