package io.veralake.land.decode;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;

/** Readings of declared types from text: the whole text, nothing trimmed, nothing rounded. */
final class TextValues {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");

  private TextValues() {}

  /** The value that {@code text} writes, in Spark's internal form. */
  static Object read(DataType type, String text) throws BadRecordException {
    if (type.equals(DataTypes.StringType)) {
      return UTF8String.fromString(text);
    }
    if (type.equals(DataTypes.IntegerType) || type.equals(DataTypes.LongType)) {
      return integer(type, text);
    }
    if (type instanceof DecimalType decimal) {
      return decimal(decimal, text);
    }
    if (type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType)) {
      return floating(type, text);
    }
    if (type.equals(DataTypes.DateType)) {
      return Times.day(text);
    }
    if (type.equals(DataTypes.TimestampType)) {
      return Times.instant(text);
    }
    return type.equals(DataTypes.BooleanType) ? bool(text) : binary(text);
  }

  private static Object integer(DataType type, String text) throws BadRecordException {
    try {
      boolean narrow = type.equals(DataTypes.IntegerType);
      return narrow ? (Object) Integer.parseInt(text) : (Object) Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new BadRecordException(text + " (" + type.sql().toLowerCase(Locale.ROOT) + ")");
    }
  }

  private static Object decimal(DecimalType type, String text) throws BadRecordException {
    String allowed = text + " (" + type.sql().toLowerCase(Locale.ROOT) + ", exactly)";
    if (!NUMBER.matcher(text).matches()) {
      throw new BadRecordException(allowed);
    }
    BigDecimal value = new BigDecimal(text).stripTrailingZeros();
    boolean held =
        value.scale() <= type.scale()
            && value.precision() - value.scale() <= type.precision() - type.scale();
    if (!held && value.signum() != 0) {
      throw new BadRecordException(allowed);
    }
    return Decimal.apply(value.setScale(type.scale()), type.precision(), type.scale());
  }

  private static Object floating(DataType type, String text) throws BadRecordException {
    boolean special = text.equals("NaN") || text.matches("[+-]?Infinity");
    if (!special && !NUMBER.matcher(text).matches()) {
      throw new BadRecordException(text + " (a number)");
    }
    return type.equals(DataTypes.FloatType)
        ? (Object) Float.parseFloat(text)
        : (Object) Double.parseDouble(text);
  }

  private static Object bool(String text) throws BadRecordException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadRecordException(text + " (true or false)");
    };
  }

  private static Object binary(String text) throws BadRecordException {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(text + " (bytes in hexadecimal)");
    }
  }
}
