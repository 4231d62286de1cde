package io.veralake.clickhouse;

import io.veralake.spec.ColumnType;
import java.util.Locale;

/** ClickHouse's type for a declared column. */
public final class ClickHouseType {
  private ClickHouseType() {}

  /**
   * The type that holds every value of {@code type} that ClickHouse can hold: timestamps are {@code
   * DateTime64(6, 'UTC')} and dates {@code Date32}, both from 1900 to 2299. Nullable if {@code
   * nullable}.
   */
  public static String of(ColumnType type, boolean nullable) {
    String plain = plain(type);
    return nullable ? "Nullable(" + plain + ")" : plain;
  }

  /** {@code type}, as ClickHouse writes it, made nullable; also inside {@code LowCardinality}. */
  public static String nullable(String type) {
    String low = "LowCardinality(";
    if (type.startsWith("Nullable(") || type.startsWith(low + "Nullable(")) {
      return type;
    }
    return type.startsWith(low)
        ? low + "Nullable(" + type.substring(low.length(), type.length() - 1) + "))"
        : "Nullable(" + type + ")";
  }

  private static String plain(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "Bool";
      case INT -> "Int32";
      case BIGINT -> "Int64";
      case FLOAT -> "Float32";
      case DOUBLE -> "Float64";
      case DECIMAL -> String.format(Locale.ROOT, "Decimal(%d, %d)", type.precision(), type.scale());
      case STRING, BINARY -> "String";
      case DATE -> "Date32";
      case TIMESTAMP -> "DateTime64(6, 'UTC')";
    };
  }
}
