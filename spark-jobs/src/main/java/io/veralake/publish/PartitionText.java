package io.veralake.publish;

import io.veralake.clickhouse.ClickHouseType;
import io.veralake.clickhouse.Sql;
import io.veralake.lake.DataException;
import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import io.veralake.spec.Mart;
import io.veralake.spec.Mart.PartitionField;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.StructLike;
import org.apache.spark.sql.functions;

/**
 * The name of a mart's partition, the same in Iceberg, Spark and ClickHouse: a text for each
 * partition field, {@code yyyyMM} for a month, {@code yyyyMMdd} for a day, the value's canonical
 * text for the value itself.
 */
final class PartitionText {
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("yyyyMM", Locale.ROOT);

  private final Mart mart;

  PartitionText(Mart mart) {
    this.mart = mart;
    for (PartitionField field : mart.partitionBy()) {
      ColumnType.Kind kind = this.type(field).kind();
      boolean dated = kind == ColumnType.Kind.DATE || kind == ColumnType.Kind.TIMESTAMP;
      boolean named =
          kind == ColumnType.Kind.STRING
              || kind == ColumnType.Kind.INT
              || kind == ColumnType.Kind.BIGINT
              || kind == ColumnType.Kind.DATE
              || kind == ColumnType.Kind.BOOLEAN;
      if (field.transform() == PartitionField.Transform.IDENTITY ? !named : !dated) {
        throw new DataException(
            "Cannot publish mart "
                + mart.name()
                + " partitioned by "
                + field
                + " (day and month of a date or timestamp, or the value of a string, int, bigint,"
                + " boolean or date)");
      }
    }
  }

  /** The partition of a data file. */
  List<String> of(StructLike partition) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < this.mart.partitionBy().size(); i++) {
      PartitionField field = this.mart.partitionBy().get(i);
      Object value = partition.get(i, Object.class);
      if (value == null) {
        throw new DataException(
            "Invalid null in column "
                + field.column()
                + " of mart."
                + this.mart.name()
                + " (a partition column of a published mart is never null)");
      }
      texts.add(this.text(field, value));
    }
    return List.copyOf(texts);
  }

  private String text(PartitionField field, Object value) {
    return switch (field.transform()) {
      case DAY -> LocalDate.ofEpochDay(((Number) value).longValue()).format(DAY);
      case MONTH -> YearMonth.of(1970, 1).plusMonths(((Number) value).longValue()).format(MONTH);
      case IDENTITY ->
          this.type(field).kind() == ColumnType.Kind.DATE
              ? LocalDate.ofEpochDay(((Number) value).longValue()).toString()
              : value.toString();
    };
  }

  /** Spark: the partition of a row, an array of strings. */
  org.apache.spark.sql.Column spark() {
    org.apache.spark.sql.Column[] texts =
        this.mart.partitionBy().stream()
            .map(
                field -> {
                  org.apache.spark.sql.Column value = functions.col("`" + field.column() + "`");
                  return switch (field.transform()) {
                    case DAY -> functions.date_format(value, "yyyyMMdd");
                    case MONTH -> functions.date_format(value, "yyyyMM");
                    case IDENTITY -> value.cast("string");
                  };
                })
            .toArray(org.apache.spark.sql.Column[]::new);
    return texts.length == 0 ? functions.array().cast("array<string>") : functions.array(texts);
  }

  /**
   * Spark SQL: whether a row lies in {@code partition}; ranges of the column itself, so that files
   * are skipped.
   */
  String sparkFilter(List<String> partition) {
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < partition.size(); i++) {
      PartitionField field = this.mart.partitionBy().get(i);
      String column = "`" + field.column() + "`";
      String text = partition.get(i);
      switch (field.transform()) {
        case DAY -> {
          LocalDate day = LocalDate.parse(text, DAY);
          terms.add(this.range(field, column, day, day.plusDays(1)));
        }
        case MONTH -> {
          LocalDate first = YearMonth.parse(text, MONTH).atDay(1);
          terms.add(this.range(field, column, first, first.plusMonths(1)));
        }
        case IDENTITY ->
            terms.add(
                column + " = CAST(" + sparkLiteral(text) + " AS " + this.type(field).sql() + ")");
      }
    }
    return terms.isEmpty() ? "true" : "(" + String.join(" AND ", terms) + ")";
  }

  private String range(PartitionField field, String column, LocalDate from, LocalDate until) {
    boolean date = this.type(field).kind() == ColumnType.Kind.DATE;
    String form = date ? "DATE'%s'" : "TIMESTAMP'%s 00:00:00Z'";
    return String.format(
        Locale.ROOT, "%s >= " + form + " AND %s < " + form, column, from, column, until);
  }

  private static String sparkLiteral(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** ClickHouse: expressions of the partition key, without the version. */
  List<String> clickHouseKey() {
    return this.mart.partitionBy().stream()
        .map(
            field -> {
              String column = Sql.identifier(field.column());
              return switch (field.transform()) {
                case DAY -> "toYYYYMMDD(" + column + ")";
                case MONTH -> "toYYYYMM(" + column + ")";
                case IDENTITY -> column;
              };
            })
        .toList();
  }

  /** ClickHouse: the partition of a row, an array of strings. */
  String clickHouse() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < this.mart.partitionBy().size(); i++) {
      texts.add("toString(" + this.clickHouseKey().get(i) + ")");
    }
    return texts.isEmpty()
        ? "CAST([] AS Array(String))"
        : texts.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * ClickHouse: the values of the partition key that the texts in array column {@code partition}
   * stand for.
   */
  List<String> clickHouseValues(String partition) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < this.mart.partitionBy().size(); i++) {
      PartitionField field = this.mart.partitionBy().get(i);
      String text = partition + "[" + (i + 1) + "]";
      values.add(
          switch (field.transform()) {
            case DAY, MONTH -> "toUInt32(" + text + ")";
            case IDENTITY ->
                this.type(field).kind() == ColumnType.Kind.STRING
                    ? text
                    : "CAST(" + text + " AS " + ClickHouseType.of(this.type(field), false) + ")";
          });
    }
    return values;
  }

  /** ClickHouse: whether a row lies in one of {@code partitions}; parts are skipped by it. */
  String clickHouseFilter(Set<List<String>> partitions) {
    List<String> key = this.clickHouseKey();
    if (key.isEmpty()) {
      return "true";
    }
    return partitions.stream()
        .map(this::clickHouseValue)
        .sorted()
        .collect(Collectors.joining(", ", "(" + String.join(", ", key) + ") IN (", ")"));
  }

  private String clickHouseValue(List<String> partition) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < partition.size(); i++) {
      values.add(
          switch (this.mart.partitionBy().get(i).transform()) {
            case DAY, MONTH -> Long.toString(Long.parseLong(partition.get(i)));
            case IDENTITY ->
                "CAST("
                    + Sql.literal(partition.get(i))
                    + " AS "
                    + ClickHouseType.of(this.type(this.mart.partitionBy().get(i)), false)
                    + ")";
          });
    }
    return values.size() == 1 ? values.get(0) : "(" + String.join(", ", values) + ")";
  }

  private ColumnType type(PartitionField field) {
    return this.mart.columns().stream()
        .filter(column -> column.name().equals(field.column()))
        .map(Column::type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("Missing partition column " + field));
  }
}
