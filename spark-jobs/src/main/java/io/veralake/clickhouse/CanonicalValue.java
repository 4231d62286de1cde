package io.veralake.clickhouse;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The canonical text of single values, called by Spark's generated code on its internal values:
 * hence public. The methods that write into an array return the place after what they wrote.
 */
public final class CanonicalValue {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;
  private static final byte[] LEAST_LONG =
      Long.toString(Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);

  /** More than any text here but a decimal's of more than eighteen digits takes. */
  private static final int MOST = 40;

  private CanonicalValue() {}

  /** {@code yyyy-MM-dd} of days since 1970-01-01. */
  public static UTF8String date(int days) {
    byte[] text = new byte[MOST];
    return UTF8String.fromBytes(text, 0, writeDate(days, text, 0));
  }

  /** {@code yyyy-MM-ddTHH:mm:ss.ffffffZ} of microseconds since 1970-01-01T00:00Z. */
  public static UTF8String timestamp(long micros) {
    byte[] text = new byte[MOST];
    return UTF8String.fromBytes(text, 0, writeTime(micros, text, 0));
  }

  /** Plain decimal digits with exactly {@code scale} of them after the point. */
  public static UTF8String decimal(Decimal value, int scale) {
    if (value.precision() > Decimal.MAX_LONG_DIGITS() || value.scale() != scale) {
      return UTF8String.fromString(value.toJavaBigDecimal().setScale(scale).toPlainString());
    }
    byte[] text = new byte[MOST];
    return UTF8String.fromBytes(text, 0, writeNumber(value.toUnscaledLong(), scale, text, 0));
  }

  /** 16 hexadecimal digits of the IEEE double, 0.0 for -0.0, one NaN. */
  public static UTF8String real(double value) {
    byte[] text = new byte[16];
    writeReal(value, text, 0);
    return UTF8String.fromBytes(text);
  }

  static int writeDate(long days, byte[] to, int at) {
    LocalDate date = LocalDate.ofEpochDay(days);
    if (date.getYear() < 0 || date.getYear() > 9999) {
      byte[] text = date.toString().getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, to, at, text.length);
      return at + text.length;
    }
    writeDigits(date.getYear(), 4, to, at);
    to[at + 4] = '-';
    writeDigits(date.getMonthValue(), 2, to, at + 5);
    to[at + 7] = '-';
    return writeDigits(date.getDayOfMonth(), 2, to, at + 8);
  }

  static int writeTime(long micros, byte[] to, int at) {
    long seconds = Math.floorDiv(micros, MICROS_PER_SECOND);
    int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
    int next = writeDate(Math.floorDiv(seconds, SECONDS_PER_DAY), to, at);
    to[next] = 'T';
    writeDigits(second / 3600, 2, to, next + 1);
    to[next + 3] = ':';
    writeDigits(second / 60 % 60, 2, to, next + 4);
    to[next + 6] = ':';
    writeDigits(second % 60, 2, to, next + 7);
    to[next + 9] = '.';
    writeDigits((int) Math.floorMod(micros, MICROS_PER_SECOND), 6, to, next + 10);
    to[next + 16] = 'Z';
    return next + 17;
  }

  /** Writes {@code unscaled} with {@code scale}, at most 38, of its digits after the point. */
  static int writeNumber(long unscaled, int scale, byte[] to, int at) {
    if (unscaled == Long.MIN_VALUE && scale == 0) {
      System.arraycopy(LEAST_LONG, 0, to, at, LEAST_LONG.length);
      return at + LEAST_LONG.length;
    }
    int start = at;
    if (unscaled < 0) {
      to[start++] = '-';
    }
    long rest = Math.abs(unscaled);
    int digits = 1;
    for (long left = rest / 10; left > 0; left /= 10) {
      digits++;
    }
    int whole = Math.max(digits - scale, 1);
    int end = start + whole + (scale == 0 ? 0 : 1 + scale);
    for (int i = end - 1; i >= start; i--) {
      if (scale > 0 && i == start + whole) {
        to[i] = '.';
      } else {
        to[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    return end;
  }

  static int writeReal(double value, byte[] to, int at) {
    long bits = Double.doubleToLongBits(value == 0 ? 0.0 : value);
    for (int i = 15; i >= 0; i--) {
      to[at + i] = digit((int) bits);
      bits >>>= 4;
    }
    return at + 16;
  }

  /** The hexadecimal digit of the last four bits. */
  static byte digit(int bits) {
    int value = bits & 0xF;
    return (byte) (value < 10 ? '0' + value : 'a' - 10 + value);
  }

  private static int writeDigits(int number, int digits, byte[] to, int at) {
    int rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + digits;
  }
}
