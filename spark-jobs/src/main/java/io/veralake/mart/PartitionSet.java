package io.veralake.mart;

import io.veralake.spec.ColumnType;
import io.veralake.spec.Mart;
import io.veralake.spec.Mart.PartitionField;
import io.veralake.spec.Mart.PartitionField.Transform;
import java.sql.Date;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Partitions of a mart.
 *
 * @param count how many
 * @param condition SQL condition that their rows meet, and no others; whole partitions, so that
 *     Iceberg drops files by it without reading them
 */
record PartitionSet(int count, String condition) {
  private static final int MOST_CONDITIONS = 400;

  /** The whole table. */
  static final PartitionSet ALL = new PartitionSet(1, "true");

  /** The partitions that {@code rows}, which have the mart's columns, belong to. */
  static PartitionSet of(Mart mart, Dataset<Row> rows) {
    List<PartitionField> fields = mart.partitionBy();
    if (fields.isEmpty()) {
      return rows.isEmpty() ? new PartitionSet(0, "false") : ALL;
    }
    // As many rows as there are partitions.
    List<Row> values =
        rows.select(
                fields.stream()
                    .map(field -> functions.expr(value(field)))
                    .toArray(org.apache.spark.sql.Column[]::new))
            .distinct()
            .collectAsList();
    if (values.isEmpty()) {
      return new PartitionSet(0, "false");
    }
    List<String> conditions =
        fields.size() == 1 && fields.get(0).transform() != Transform.IDENTITY
            ? ranges(mart, fields.get(0), values)
            : values.stream().map(row -> condition(mart, fields, row)).toList();
    return conditions.size() > MOST_CONDITIONS
        ? new PartitionSet(values.size(), "true")
        : new PartitionSet(values.size(), String.join(" OR ", conditions));
  }

  private static String value(PartitionField field) {
    return switch (field.transform()) {
      case IDENTITY -> "`" + field.column() + "`";
      case DAY -> "CAST(`" + field.column() + "` AS date)";
      case MONTH -> "trunc(CAST(`" + field.column() + "` AS date), 'MONTH')";
    };
  }

  private static String condition(Mart mart, List<PartitionField> fields, Row row) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      PartitionField field = fields.get(i);
      Object value = row.isNullAt(i) ? null : row.get(i);
      parts.add(
          field.transform() == Transform.IDENTITY || value == null
              ? Literal.equal(field.column(), value)
              : range(mart, field, date(value), end(field, date(value))));
    }
    return parts.stream().collect(Collectors.joining(" AND ", "(", ")"));
  }

  /** One condition for each run of adjacent partitions. */
  private static List<String> ranges(Mart mart, PartitionField field, List<Row> values) {
    List<String> result = new ArrayList<>();
    if (values.stream().anyMatch(row -> row.isNullAt(0))) {
      result.add(Literal.equal(field.column(), null));
    }
    TreeSet<LocalDate> starts =
        values.stream()
            .filter(row -> !row.isNullAt(0))
            .map(row -> date(row.get(0)))
            .collect(Collectors.toCollection(TreeSet::new));
    @Nullable LocalDate from = null;
    for (LocalDate start : starts) {
      from = from == null ? start : from;
      if (!Objects.equals(starts.higher(start), end(field, start))) {
        result.add(range(mart, field, from, end(field, start)));
        from = null;
      }
    }
    return result;
  }

  private static String range(Mart mart, PartitionField field, LocalDate from, LocalDate until) {
    boolean date =
        mart.columns().stream()
            .anyMatch(
                column ->
                    column.name().equals(field.column())
                        && column.type().kind() == ColumnType.Kind.DATE);
    return "(`%s` >= %s AND `%s` < %s)"
        .formatted(field.column(), bound(from, date), field.column(), bound(until, date));
  }

  private static String bound(LocalDate day, boolean date) {
    return Literal.of(date ? day : day.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static LocalDate end(PartitionField field, LocalDate start) {
    return field.transform() == Transform.MONTH ? start.plusMonths(1) : start.plusDays(1);
  }

  private static LocalDate date(Object value) {
    return value instanceof Date date ? date.toLocalDate() : (LocalDate) value;
  }
}
