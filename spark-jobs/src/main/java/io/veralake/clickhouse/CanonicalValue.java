package io.veralake.clickhouse;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HexFormat;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The canonical text of single values, called by Spark's generated code on its internal values:
 * hence public.
 */
public final class CanonicalValue {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private CanonicalValue() {}

  /**
   * {@code <length in bytes>:<text>}, made at once: Spark's own expressions would compute the text
   * twice.
   */
  public static UTF8String part(UTF8String text) {
    int length = text.numBytes();
    int digits = 1;
    for (int rest = length; rest >= 10; rest /= 10) {
      digits++;
    }
    byte[] part = new byte[digits + 1 + length];
    writeDigits(length, digits, part, 0);
    part[digits] = ':';
    text.writeToMemory(part, Platform.BYTE_ARRAY_OFFSET + digits + 1);
    return UTF8String.fromBytes(part);
  }

  /** {@code yyyy-MM-dd} of days since 1970-01-01. */
  public static UTF8String date(int days) {
    byte[] text = new byte[10];
    boolean plain = writeDate(days, text);
    return plain
        ? UTF8String.fromBytes(text)
        : UTF8String.fromString(LocalDate.ofEpochDay(days).toString());
  }

  /** {@code yyyy-MM-ddTHH:mm:ss.ffffffZ} of microseconds since 1970-01-01T00:00Z. */
  public static UTF8String timestamp(long micros) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    int fraction = (int) Math.floorMod(micros, MICROS_PER_SECOND);
    long days = Math.floorDiv(seconds, SECONDS_PER_DAY);
    int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
    byte[] text = new byte[27];
    if (!writeDate(days, text)) {
      byte[] date = LocalDate.ofEpochDay(days).toString().getBytes(StandardCharsets.US_ASCII);
      byte[] longer = new byte[date.length + 17];
      System.arraycopy(date, 0, longer, 0, date.length);
      text = longer;
    }
    int at = text.length - 17;
    text[at] = 'T';
    writeDigits(second / 3600, 2, text, at + 1);
    text[at + 3] = ':';
    writeDigits(second / 60 % 60, 2, text, at + 4);
    text[at + 6] = ':';
    writeDigits(second % 60, 2, text, at + 7);
    text[at + 9] = '.';
    writeDigits(fraction, 6, text, at + 10);
    text[at + 16] = 'Z';
    return UTF8String.fromBytes(text);
  }

  /** Plain decimal digits with exactly {@code scale} of them after the point. */
  public static UTF8String decimal(Decimal value, int scale) {
    if (value.precision() > Decimal.MAX_LONG_DIGITS() || value.scale() != scale) {
      return UTF8String.fromString(value.toJavaBigDecimal().setScale(scale).toPlainString());
    }
    return UTF8String.fromBytes(plain(value.toUnscaledLong(), scale));
  }

  /** 16 hexadecimal digits of the IEEE double, 0.0 for -0.0, one NaN. */
  public static UTF8String real(double value) {
    return UTF8String.fromString(
        HexFormat.of().toHexDigits(Double.doubleToLongBits(value == 0 ? 0.0 : value)));
  }

  private static byte[] plain(long unscaled, int scale) {
    byte[] digits = Long.toString(Math.abs(unscaled)).getBytes(StandardCharsets.US_ASCII);
    int sign = unscaled < 0 ? 1 : 0;
    int whole = Math.max(digits.length - scale, 1);
    byte[] text = new byte[sign + whole + (scale == 0 ? 0 : 1 + scale)];
    java.util.Arrays.fill(text, (byte) '0');
    if (sign == 1) {
      text[0] = '-';
    }
    int fraction = Math.min(scale, digits.length);
    int leading = digits.length - fraction;
    System.arraycopy(digits, 0, text, sign + whole - leading, leading);
    if (scale > 0) {
      text[sign + whole] = '.';
      System.arraycopy(digits, leading, text, text.length - fraction, fraction);
    }
    return text;
  }

  /** Writes the date to the first ten bytes, false if its year has not four digits. */
  private static boolean writeDate(long days, byte[] text) {
    LocalDate date = LocalDate.ofEpochDay(days);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      return false;
    }
    writeDigits(date.getYear(), 4, text, 0);
    text[4] = '-';
    writeDigits(date.getMonthValue(), 2, text, 5);
    text[7] = '-';
    writeDigits(date.getDayOfMonth(), 2, text, 8);
    return true;
  }

  private static void writeDigits(int number, int digits, byte[] text, int at) {
    int rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
