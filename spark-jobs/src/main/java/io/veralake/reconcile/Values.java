package io.veralake.reconcile;

import io.veralake.spec.Column;
import io.veralake.spec.ColumnType;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares the values of two rows, each given by canonical texts. */
final class Values implements Serializable {
  private static final long serialVersionUID = 1;

  private final Shape shape;

  Values(Shape shape) {
    this.shape = shape;
  }

  /** Whether every text is the same. */
  boolean same(List<@Nullable String> one, List<@Nullable String> other) {
    return one.equals(other);
  }

  /** Whether every value agrees within its tolerance. */
  boolean agree(List<@Nullable String> one, List<@Nullable String> other) {
    return this.same(one, other) || this.differing(one, other).isEmpty();
  }

  /** Names of the columns that differ by more than their tolerance, in the declared order. */
  List<String> differing(List<@Nullable String> one, List<@Nullable String> other) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < this.shape.values().size(); i++) {
      if (!this.agree(i, one.get(i), other.get(i))) {
        columns.add(this.shape.values().get(i).name());
      }
    }
    return columns;
  }

  private boolean agree(int place, @Nullable String one, @Nullable String other) {
    if (Objects.equals(one, other)) {
      return true;
    }
    BigDecimal tolerance = this.shape.tolerances().get(place);
    if (one == null || other == null || tolerance.signum() == 0) {
      return false;
    }
    BigDecimal first = number(this.shape.values().get(place), one);
    BigDecimal second = number(this.shape.values().get(place), other);
    return first != null
        && second != null
        && first.subtract(second).abs().compareTo(tolerance) <= 0;
  }

  /**
   * The value as a number that a tolerance applies to: timestamps in seconds, dates in days; null
   * if it has none (NaN, a string).
   */
  private static @Nullable BigDecimal number(Column column, String text) {
    return switch (column.type().kind()) {
      case INT, BIGINT, DECIMAL -> new BigDecimal(text);
      case FLOAT, DOUBLE -> {
        double value = real(text);
        yield Double.isFinite(value) ? new BigDecimal(value) : null;
      }
      case TIMESTAMP -> new BigDecimal(micros(text)).movePointLeft(6);
      case DATE -> BigDecimal.valueOf(LocalDate.parse(text).toEpochDay());
      case BOOLEAN, STRING, BINARY -> null;
    };
  }

  private static java.math.BigInteger micros(String text) {
    Instant instant = Instant.parse(text);
    return java.math.BigInteger.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
  }

  /** The double that sixteen hexadecimal digits stand for. */
  static double real(String text) {
    return Double.longBitsToDouble(Long.parseUnsignedLong(text, 16));
  }

  /** The value of a measure; zero for null. */
  static BigDecimal measure(@Nullable String text) {
    return text == null ? BigDecimal.ZERO : new BigDecimal(text);
  }

  /** Spark's value of {@code type} for a canonical text. */
  static org.apache.spark.sql.Column sparkValue(org.apache.spark.sql.Column text, ColumnType type) {
    return type.kind() == ColumnType.Kind.BINARY
        ? org.apache.spark.sql.functions.unhex(text)
        : text.cast(type.sql());
  }
}
