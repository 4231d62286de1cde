package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Readings of single values, as Kafka Connect's JSON converter writes them. */
final class ConnectValues {
  private static final String PLACEHOLDER = "__debezium_unavailable_value";
  private static final byte[] PLACEHOLDER_BYTES = PLACEHOLDER.getBytes(StandardCharsets.UTF_8);
  private static final UTF8String PLACEHOLDER_TEXT = UTF8String.fromString(PLACEHOLDER);
  private static final JsonFactory JSON = new JsonFactory();

  /** What Java prints of an array that nobody told it how to print. */
  private static final Pattern JAVA_ARRAY =
      Pattern.compile("\\[+(L[\\w.$]+;|[ZBCSIJFD])@[0-9a-f]+");

  private static final long[] POWERS =
      LongStream.iterate(1, power -> power * 10).limit(19).toArray();

  /** More than the numbers of any database: PostgreSQL's have at most 147,455 digits. */
  private static final int LONGEST_NUMBER = 65_536;

  /** Seconds; MySQL's times end before. */
  private static final long LONGEST_TIME = 839 * 3600;

  private static final int LARGEST_SCALE = 150_000;

  private ConnectValues() {}

  static Object bool(JsonParser parser) throws IOException, BadRecordException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw invalid(parser, "true or false");
    };
  }

  static Object int32(JsonParser parser) throws IOException, BadRecordException {
    long value = integer(parser);
    if (value != (int) value) {
      throw invalid(parser, "an integer of 32 bits");
    }
    return (int) value;
  }

  static Object int64(JsonParser parser) throws IOException, BadRecordException {
    return integer(parser);
  }

  /** A number of 64 bits without sign, where the schema has room for those with one. */
  static Object unsigned(JsonParser parser) throws IOException, BadRecordException {
    long value = integer(parser);
    if (value < 0) {
      throw invalid(
          parser,
          "a BIGINT UNSIGNED of less than 2^63: bigint.unsigned.handling.mode = precise, or on-loss = accept");
    }
    return value;
  }

  static Object float32(JsonParser parser) throws IOException, BadRecordException {
    if (parser instanceof AvroTokens avro && avro.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      return (float) avro.real();
    }
    return Float.parseFloat(floating(parser));
  }

  static Object float64(JsonParser parser) throws IOException, BadRecordException {
    if (parser instanceof AvroTokens avro && avro.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      return avro.real();
    }
    return Double.parseDouble(floating(parser));
  }

  static Object string(JsonParser parser) throws IOException, BadRecordException {
    if (parser instanceof AvroTokens avro && avro.currentToken() == JsonToken.VALUE_STRING) {
      UTF8String text = avro.utf8();
      return text.equals(PLACEHOLDER_TEXT) ? ValueReader.UNAVAILABLE : text;
    }
    String text = text(parser);
    return text.equals(PLACEHOLDER) ? ValueReader.UNAVAILABLE : UTF8String.fromString(text);
  }

  static Object bytes(JsonParser parser) throws IOException, BadRecordException {
    return available(binary(parser));
  }

  /** {@code bytes}, unless they stand for a value that the source didn't send. */
  static Object available(byte[] bytes) {
    return Arrays.equals(bytes, PLACEHOLDER_BYTES) ? ValueReader.UNAVAILABLE : bytes;
  }

  static Object array(JsonParser parser, ValueReader item) throws IOException, BadRecordException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw invalid(parser, "an array");
    }
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean none = parser.currentToken() == JsonToken.VALUE_NULL;
      Object value = none ? null : item.read(parser);
      items.add(value);
    }
    if (items.contains(ValueReader.UNAVAILABLE)) {
      return ValueReader.UNAVAILABLE;
    }
    for (Object value : items) {
      if (value instanceof UTF8String text && JAVA_ARRAY.matcher(text.toString()).matches()) {
        throw new BadRecordException(
            text + " (one dimension: the connector sends no more than the type of an inner array)");
      }
    }
    return new GenericArrayData(items.toArray());
  }

  /** {@code array} with {@code change} applied to each of its items that isn't null. */
  static Object each(Object array, UnaryOperator<Object> change, DataType itemType) {
    @Nullable Object[] items = ((GenericArrayData) array).toObjectArray(itemType);
    for (int i = 0; i < items.length; i++) {
      Object item = items[i];
      items[i] = item == null ? null : change.apply(item);
    }
    return new GenericArrayData(items);
  }

  /** The value as JSON text without spaces. */
  static Object json(JsonParser parser) throws IOException, BadRecordException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      generator.copyCurrentStructureExact(parser);
    }
    String written = text.toString();
    return written.contains(PLACEHOLDER) ? ValueReader.UNAVAILABLE : UTF8String.fromString(written);
  }

  static Object decimal(JsonParser parser, int precision, int scale)
      throws IOException, BadRecordException {
    byte[] bytes = binary(parser);
    if (Arrays.equals(bytes, PLACEHOLDER_BYTES)) {
      return ValueReader.UNAVAILABLE;
    }
    if (bytes.length > 0 && bytes.length <= 8 && precision <= Decimal.MAX_LONG_DIGITS()) {
      long small = smallInteger(bytes);
      long limit = POWERS[precision];
      if (small > -limit && small < limit) {
        return Decimal.createUnsafe(small, precision, scale);
      }
    }
    BigDecimal value = unscaled(parser, bytes, scale);
    if (value.precision() > precision) {
      throw new BadRecordException(value.toPlainString() + " (at most " + precision + " digits)");
    }
    return Decimal.apply(value, precision, scale);
  }

  static Object decimalText(JsonParser parser, int scale) throws IOException, BadRecordException {
    byte[] bytes = binary(parser);
    return Arrays.equals(bytes, PLACEHOLDER_BYTES)
        ? ValueReader.UNAVAILABLE
        : UTF8String.fromString(unscaled(parser, bytes, scale).toPlainString());
  }

  static Object variableDecimal(JsonParser parser) throws IOException, BadRecordException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw invalid(parser, "an object of scale and value");
    }
    Integer scale = null;
    byte[] bytes = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals("scale")) {
        scale = (Integer) int32(parser);
      } else if (name.equals("value")) {
        bytes = binary(parser);
      } else {
        parser.skipChildren();
      }
    }
    if (scale == null || bytes == null) {
      throw new BadRecordException("an object without scale or value (both)");
    }
    return Arrays.equals(bytes, PLACEHOLDER_BYTES)
        ? ValueReader.UNAVAILABLE
        : UTF8String.fromString(unscaled(parser, bytes, scale).toPlainString());
  }

  static Object days(JsonParser parser) throws IOException, BadRecordException {
    long days = integer(parser);
    if (days < Times.FIRST_DAY || days > Times.LAST_DAY) {
      throw invalid(parser, "days from 0001-01-01 to 9999-12-31; infinity can't be held");
    }
    return (int) days;
  }

  static Object isoDate(JsonParser parser) throws IOException, BadRecordException {
    String text = text(parser);
    return Times.day(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
  }

  /** A count of units, {@code micros} microseconds each or {@code parts} to a microsecond. */
  static Object timestamp(JsonParser parser, int micros, int parts)
      throws IOException, BadRecordException {
    long count = integer(parser);
    long value = Math.floorDiv(count, (long) parts);
    long high = Math.multiplyHigh(value, (long) micros);
    long product = value * micros;
    boolean held = high == product >> 63 && product >= Times.FIRST && product <= Times.LAST;
    if (!held || Math.floorMod(count, (long) parts) != 0) {
      throw invalid(
          parser, "whole microseconds from 0001-01-01 to 9999-12-31; infinity can't be held");
    }
    return product;
  }

  /** A time without a zone; Debezium writes one nevertheless. */
  static Object isoTime(JsonParser parser) throws IOException, BadRecordException {
    String text = text(parser);
    return UTF8String.fromString(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
  }

  /** A count that isn't the largest there is, which stands for all that are larger. */
  static Object duration(JsonParser parser) throws IOException, BadRecordException {
    long value = integer(parser);
    if (value == Long.MAX_VALUE || value == Long.MIN_VALUE) {
      throw invalid(parser, "a duration of less than 2^63 units; interval.handling.mode = string");
    }
    return value;
  }

  /** Refuses each value, because of {@code reason}. */
  static ValueReader refusing(String reason) {
    return parser -> {
      throw invalid(parser, reason);
    };
  }

  static Object isoTimestamp(JsonParser parser) throws IOException, BadRecordException {
    return Times.instant(text(parser));
  }

  /**
   * Time of day as text, or a length of time as MySQL has it; the value counts units of {@code
   * digits} decimals of a second.
   */
  static Object timeOfDay(JsonParser parser, int digits) throws IOException, BadRecordException {
    long unit = POWERS[digits];
    long value = integer(parser);
    if (value < 0 || value > 86_400 * unit) {
      return length(parser, value, digits);
    }
    long seconds = value / unit;
    byte[] text = new byte[9 + digits];
    decimal(text, 0, 2, seconds / 3600);
    decimal(text, 3, 2, seconds / 60 % 60);
    decimal(text, 6, 2, seconds % 60);
    decimal(text, 9, digits, value % unit);
    text[2] = text[5] = ':';
    text[8] = '.';
    return UTF8String.fromBytes(text);
  }

  /** What MySQL writes of a time that is none of a day. */
  private static Object length(JsonParser parser, long value, int digits)
      throws IOException, BadRecordException {
    long unit = POWERS[digits];
    if (value <= -LONGEST_TIME * unit || value >= LONGEST_TIME * unit) {
      throw invalid(parser, "a time of less than 839 hours");
    }
    long seconds = Math.abs(value) / unit;
    String text = "%s%02d:%02d:%02d.%0" + digits + "d";
    return UTF8String.fromString(
        text.formatted(
            value < 0 ? "-" : "",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            Math.abs(value) % unit));
  }

  private static void decimal(byte[] text, int from, int digits, long number) {
    long left = number;
    for (int i = from + digits - 1; i >= from; i--) {
      text[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }

  private static long integer(JsonParser parser) throws IOException, BadRecordException {
    if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw invalid(parser, "an integer");
    }
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw invalid(parser, "an integer of 64 bits");
    }
    return parser.getLongValue();
  }

  private static String floating(JsonParser parser) throws IOException, BadRecordException {
    String text = parser.getText();
    boolean number =
        parser.currentToken().isNumeric()
            || text.equals("NaN")
            || text.equals("Infinity")
            || text.equals("-Infinity");
    if (!number) {
      throw invalid(parser, "a number");
    }
    return text;
  }

  private static String text(JsonParser parser) throws IOException, BadRecordException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(parser, "a text");
    }
    return parser.getText();
  }

  private static byte[] binary(JsonParser parser) throws IOException, BadRecordException {
    if (parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
      return parser.getBinaryValue();
    }
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(parser, "bytes in Base64");
    }
    if (parser.getTextLength() == PLACEHOLDER.length() && parser.getText().equals(PLACEHOLDER)) {
      return PLACEHOLDER_BYTES;
    }
    try {
      return parser.getBinaryValue();
    } catch (IOException e) {
      throw invalid(parser, "bytes in Base64");
    }
  }

  private static long smallInteger(byte[] bytes) {
    long value = bytes.length == 0 || bytes[0] >= 0 ? 0 : -1;
    for (byte b : bytes) {
      value = (value << 8) | (b & 0xFF);
    }
    return value;
  }

  private static BigDecimal unscaled(JsonParser parser, byte[] bytes, int scale)
      throws IOException, BadRecordException {
    if (bytes.length == 0) {
      throw invalid(parser, "a number of at least one byte in Base64");
    }
    if (bytes.length > LONGEST_NUMBER || scale > LARGEST_SCALE || scale < -LARGEST_SCALE) {
      throw new BadRecordException(
          "a number of "
              + bytes.length
              + " bytes and scale "
              + scale
              + " (at most "
              + LONGEST_NUMBER
              + " and "
              + LARGEST_SCALE
              + ")");
    }
    return new BigDecimal(new BigInteger(bytes), scale);
  }

  private static BadRecordException invalid(JsonParser parser, String allowed) throws IOException {
    String found =
        parser.currentToken().isStructStart() ? parser.currentToken().asString() : parser.getText();
    return new BadRecordException(found + " (" + allowed + ")");
  }
}
