package io.veralake.spec;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Type of a column as a model writes it: {@code boolean}, {@code int}, {@code bigint}, {@code
 * float}, {@code double}, {@code decimal(p,s)}, {@code string}, {@code binary}, {@code date},
 * {@code timestamp} (an instant, microseconds, UTC).
 *
 * @param kind the family
 * @param precision total digits of a decimal, 1 to 38; 0 for other kinds
 * @param scale digits after the point of a decimal, 0 to {@code precision}; 0 for other kinds
 */
public record ColumnType(Kind kind, int precision, int scale) implements Serializable {
  /** The families of types; the lower-case name is the word in a model. */
  public enum Kind {
    BOOLEAN,
    INT,
    BIGINT,
    FLOAT,
    DOUBLE,
    DECIMAL,
    STRING,
    BINARY,
    DATE,
    TIMESTAMP
  }

  /** What a model may write, for messages. */
  public static final String ALLOWED =
      "boolean, int, bigint, float, double, decimal(p,s), string, binary, date or timestamp";

  private static final Pattern DECIMAL_TEXT =
      Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");

  /** Checks precision and scale of a decimal. */
  public ColumnType {
    boolean decimal = kind == Kind.DECIMAL;
    if (decimal
        ? precision < 1 || precision > 38 || scale < 0 || scale > precision
        : precision != 0 || scale != 0) {
      throw new IllegalArgumentException(
          "Invalid precision and scale of " + kind + ": " + precision + ", " + scale);
    }
  }

  /** The type that {@code text} names, empty if it names none. */
  public static Optional<ColumnType> parse(String text) {
    Matcher decimal = DECIMAL_TEXT.matcher(text.strip());
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      return precision < 1 || precision > 38 || scale > precision
          ? Optional.empty()
          : Optional.of(new ColumnType(Kind.DECIMAL, precision, scale));
    }
    return List.of(Kind.values()).stream()
        .filter(kind -> kind != Kind.DECIMAL && kind.name().equalsIgnoreCase(text.strip()))
        .findFirst()
        .map(kind -> new ColumnType(kind, 0, 0));
  }

  /** The type as Spark SQL and Iceberg DDL write it. */
  public String sql() {
    return this.toString();
  }

  @Override
  public String toString() {
    return this.kind == Kind.DECIMAL
        ? "decimal(" + this.precision + "," + this.scale + ")"
        : this.kind.name().toLowerCase(java.util.Locale.ROOT);
  }
}
