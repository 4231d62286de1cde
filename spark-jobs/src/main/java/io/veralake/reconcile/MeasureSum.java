package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftright;

import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.UnscaledValue;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.functions;

/**
 * The exact sum of a measure in Spark. Spark adds decimals by way of {@link BigDecimal}, which
 * costs more than the row's checksum. What fits in 64 bits is added as two halves of 32 bits
 * instead, whose sums can't overflow before 2<sup>31</sup> rows.
 */
final class MeasureSum {
  /** More digits than this don't fit in 64 bits. */
  private static final int LONG_DIGITS = 18;

  /** Up to this scale a sum of 2^95 at most, and its factor, fit in Spark's 38 digits. */
  private static final int HALVED_SCALE = 5;

  private static final long HALF = 1L << 32;

  private final Column column;
  private final String name;
  private final boolean halved;

  /** Of {@code column}, as {@code name}. */
  MeasureSum(Column column, String name) {
    this.column = column;
    this.name = name;
    ColumnType type = column.type();
    this.halved =
        type.kind() != ColumnType.Kind.DECIMAL
            || type.precision() <= LONG_DIGITS && type.scale() <= HALVED_SCALE;
  }

  /** What is needed of a row: a column {@code name}. */
  List<org.apache.spark.sql.Column> inputs() {
    org.apache.spark.sql.Column value = col("`" + this.column.name() + "`");
    if (!this.halved) {
      return List.of(value.cast(Finding.AMOUNT).as(this.name));
    }
    if (this.column.type().kind() == ColumnType.Kind.DECIMAL) {
      return List.of(
          ExpressionUtils.column(new UnscaledValue(ExpressionUtils.expression(value)))
              .as(this.name));
    }
    return List.of(value.cast("bigint").as(this.name));
  }

  /** What is added up, by the sum's name. */
  Map<String, org.apache.spark.sql.Column> sums() {
    Map<String, org.apache.spark.sql.Column> sums = new LinkedHashMap<>();
    if (this.halved) {
      sums.put(this.name + "_low", col(this.name).bitwiseAND(lit(HALF - 1)));
      sums.put(this.name + "_high", shiftright(col(this.name), 32));
    } else {
      sums.put(this.name, col(this.name));
    }
    return sums;
  }

  /** The sum, of type {@link Finding#AMOUNT}, made of the added up. */
  org.apache.spark.sql.Column result() {
    if (!this.halved) {
      return col(this.name);
    }
    org.apache.spark.sql.Column whole =
        col(this.name + "_high")
            .cast("decimal(20,0)")
            .multiply(lit(HALF).cast("decimal(10,0)"))
            .plus(col(this.name + "_low").cast("decimal(20,0)"));
    int scale = this.column.type().scale();
    org.apache.spark.sql.Column scaled =
        scale == 0 ? whole : whole.multiply(functions.lit(BigDecimal.ONE.movePointLeft(scale)));
    return scaled.cast(Finding.AMOUNT).as(this.name);
  }
}
