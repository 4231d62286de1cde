package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.Times;
import io.veralake.land.decode.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.UUID;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** Values of rows in containers as Spark holds them; what can't be held exactly is refused. */
final class ExactValues {
  private ExactValues() {}

  /** A text. */
  static UTF8String text(byte[] bytes) throws BadRecordException {
    Utf8.check(bytes, 0, bytes.length);
    return UTF8String.fromBytes(bytes);
  }

  /** A day, counted from 1970. */
  static int day(long days) throws BadRecordException {
    if (days < Times.FIRST_DAY || days > Times.LAST_DAY) {
      throw new BadRecordException(days + " days (a date from 0001-01-01 to 9999-12-31)");
    }
    return (int) days;
  }

  /** A count of milliseconds. */
  static long millis(long count) throws BadRecordException {
    return Math.abs(count) > Long.MAX_VALUE / 1000 ? micros(Long.MAX_VALUE) : micros(count * 1000);
  }

  /** A count of microseconds. */
  static long micros(long count) throws BadRecordException {
    if (count < Times.FIRST || count > Times.LAST) {
      throw new BadRecordException(
          count + " microseconds (a time from 0001-01-01 to 9999-12-31; infinity can't be held)");
    }
    return count;
  }

  /** A count of nanoseconds. */
  static long nanos(long count) throws BadRecordException {
    if (count % 1000 != 0) {
      throw new BadRecordException(count + " nanoseconds (whole microseconds)");
    }
    return count / 1000;
  }

  /** A time of day in units of {@code digits} decimals of a second, as text. */
  static UTF8String timeOfDay(long value, int digits) throws BadRecordException {
    long unit = digits == 3 ? 1_000L : digits == 6 ? 1_000_000L : 1_000_000_000L;
    if (value < 0 || value > 86_400 * unit) {
      throw new BadRecordException(value + " (a time of day)");
    }
    long seconds = value / unit;
    return UTF8String.fromString(
        String.format(
            Locale.ROOT,
            "%02d:%02d:%02d.%0" + digits + "d",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            value % unit));
  }

  /** A number of at most {@code precision} digits. */
  static Decimal decimal(BigDecimal value, int precision, int scale) throws BadRecordException {
    if (value.precision() > precision) {
      throw new BadRecordException(
          value.toPlainString() + " (decimal(" + precision + "," + scale + "))");
    }
    return Decimal.apply(value, precision, scale);
  }

  /** A number from its unscaled value, highest byte first. */
  static BigDecimal unscaled(byte[] bytes, int scale) throws BadRecordException {
    if (bytes.length == 0) {
      throw new BadRecordException("a decimal of no bytes (at least one)");
    }
    return new BigDecimal(new BigInteger(bytes), scale);
  }

  /** A UUID of 16 bytes. */
  static UTF8String uuid(byte[] bytes) {
    ByteBuffer halves = ByteBuffer.wrap(bytes);
    return UTF8String.fromString(new UUID(halves.getLong(), halves.getLong()).toString());
  }

  /** Months, days and milliseconds, four bytes each, lowest first, as an ISO 8601 duration. */
  static UTF8String duration(byte[] bytes) {
    ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long months = Integer.toUnsignedLong(parts.getInt());
    long days = Integer.toUnsignedLong(parts.getInt());
    long millis = Integer.toUnsignedLong(parts.getInt());
    return UTF8String.fromString(
        String.format(Locale.ROOT, "P%dM%dDT%d.%03dS", months, days, millis / 1000, millis % 1000));
  }
}
