package io.veralake.land.decode;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The text of a value that is to be hashed or encrypted: of one value always the same, however wide
 * its column is. Numbers in digits ({@code 12}, {@code 12.5} without zeros behind), dates as {@code
 * 2026-03-01}, times as {@code 2026-03-01T23:59:59.000001Z} (without {@code Z} if they have no
 * zone), booleans as {@code true} and {@code false}, texts and bytes as they are, lists as {@code
 * [a, b]}.
 */
public final class PlainText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

  private PlainText() {}

  /** The text, in UTF-8, of {@code value}, one of Spark's internal values of {@code type}. */
  public static byte[] of(Object value, DataType type) {
    if (value instanceof UTF8String text) {
      return text.getBytes();
    }
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    return text(value, type).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Object value, DataType type) {
    if (value instanceof ArrayData list && type instanceof ArrayType array) {
      return list(list, array.elementType());
    }
    if (type instanceof DecimalType) {
      String plain = ((Decimal) value).toJavaBigDecimal().stripTrailingZeros().toPlainString();
      return plain;
    }
    if (value instanceof Float narrow) {
      return Double.toString(narrow);
    }
    if (type.equals(DataTypes.DateType)) {
      return LocalDate.ofEpochDay((Integer) value).toString();
    }
    if (type.equals(DataTypes.TimestampType) || type.equals(DataTypes.TimestampNTZType)) {
      Instant instant = Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS);
      String time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC).format(TIME);
      return type.equals(DataTypes.TimestampType) ? time + "Z" : time;
    }
    return value.toString();
  }

  private static String list(ArrayData list, DataType type) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < list.numElements(); i++) {
      String item =
          list.isNullAt(i)
              ? "null"
              : new String(of(list.get(i, type), type), StandardCharsets.UTF_8);
      text.append(i == 0 ? "" : ", ").append(item);
    }
    return text.append("]").toString();
  }
}
