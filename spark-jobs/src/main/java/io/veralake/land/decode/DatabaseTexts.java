package io.veralake.land.decode;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/** Values as databases write them. */
final class DatabaseTexts {
  private DatabaseTexts() {}

  /** The value of {@code type} that {@code text} writes, in Spark's internal form. */
  static Object read(DataType type, String text) throws BadRecordException {
    if (type instanceof ArrayType array) {
      return list(array.elementType(), text);
    }
    if (type.equals(DataTypes.BooleanType)) {
      return bool(text);
    }
    if (type.equals(DataTypes.BinaryType)) {
      return binary(text);
    }
    if (type.equals(DataTypes.TimestampNTZType) || type.equals(DataTypes.TimestampType)) {
      return Times.instant(iso(text));
    }
    return TextValues.read(type, text);
  }

  /** The form that is read without objects, if the text is a usual one. */
  private static String iso(String text) {
    boolean zoned = text.endsWith("+00");
    int end = zoned ? text.length() - 3 : text.length();
    boolean usual = end >= 19 && end <= 26 && text.charAt(10) == ' ';
    boolean digits = usual && Character.isDigit(text.charAt(end - 1)) && text.charAt(4) == '-';
    if (!digits || text.indexOf('+') >= 0 && !zoned || text.indexOf('-', 11) >= 0) {
      return text;
    }
    return text.substring(0, 10) + 'T' + text.substring(11, end) + 'Z';
  }

  private static Object bool(String text) throws BadRecordException {
    return switch (text) {
      case "t", "1", "true" -> true;
      case "f", "0", "false" -> false;
      default -> throw new BadRecordException(text + " (true or false)");
    };
  }

  private static Object binary(String text) throws BadRecordException {
    try {
      return HexFormat.of().parseHex(text.startsWith("\\x") ? text.substring(2) : text);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(text + " (bytes in hexadecimal)");
    }
  }

  /** PostgreSQL's literal of an array of one dimension. */
  private static Object list(DataType item, String text) throws BadRecordException {
    List<@Nullable Object> items = new ArrayList<>();
    int at = 1;
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw new BadRecordException(text + " (an array that begins at 1: declare it as string)");
    }
    int end = text.length() - 1;
    while (at < end) {
      if (text.charAt(at) == '{') {
        throw new BadRecordException(
            text + " (an array of one dimension: declare it as string for more)");
      }
      boolean quoted = text.charAt(at) == '"';
      StringBuilder value = new StringBuilder();
      at += quoted ? 1 : 0;
      while (at < end && text.charAt(at) != (quoted ? '"' : ',')) {
        at += text.charAt(at) == '\\' ? 1 : 0;
        value.append(text.charAt(at++));
      }
      at += quoted ? 2 : 1;
      boolean none = !quoted && value.toString().equals("NULL");
      items.add(none ? null : read(item, value.toString()));
    }
    return new GenericArrayData(items.toArray());
  }
}
