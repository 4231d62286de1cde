package io.veralake.land.decode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/** ISO texts of dates and instants as Spark's numbers; strict, without loss. */
public final class Times {
  /** 0001-01-01 in days since the epoch. */
  public static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();

  /** 9999-12-31 in days since the epoch. */
  public static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

  /** First microsecond of {@link #FIRST_DAY}. */
  public static final long FIRST = FIRST_DAY * 86_400_000_000L;

  /** Last microsecond of {@link #LAST_DAY}. */
  public static final long LAST = (LAST_DAY + 1) * 86_400_000_000L - 1;

  private Times() {}

  /** Days since the epoch of {@code yyyy-MM-dd}. */
  static int day(String text) throws BadRecordException {
    try {
      long days = LocalDate.parse(text).toEpochDay();
      if (days >= FIRST_DAY && days <= LAST_DAY) {
        return (int) days;
      }
    } catch (DateTimeException e) {
      throw new BadRecordException(text + " (a date as 2026-03-01)");
    }
    throw new BadRecordException(
        text + " (a date from 0001-01-01 to 9999-12-31; infinity can't be held)");
  }

  /**
   * Microseconds since the epoch of {@code yyyy-MM-dd'T'HH:mm:ss}, or with a space for the {@code
   * T}, with up to nine decimals of which those after the sixth are zero, and with or without a
   * zone: none is UTC.
   */
  static long instant(String text) throws BadRecordException {
    long fast = plain(text);
    if (fast != Long.MIN_VALUE) {
      return fast;
    }
    try {
      String iso =
          text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
      boolean zoned = iso.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)$") && iso.indexOf('T') > 0;
      if (iso.matches(".*[+-]\\d\\d$") && iso.indexOf('T') > 0) {
        iso = iso + ":00";
      }
      OffsetDateTime time =
          zoned ? OffsetDateTime.parse(iso) : LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
      long seconds = time.toEpochSecond();
      if (seconds >= FIRST_DAY * 86_400
          && seconds < (LAST_DAY + 1) * 86_400
          && time.get(ChronoField.NANO_OF_SECOND) % 1000 == 0) {
        return seconds * 1_000_000 + time.get(ChronoField.MICRO_OF_SECOND);
      }
    } catch (DateTimeException e) {
      throw new BadRecordException(text + " (a time as 2026-03-01T23:59:59.999999Z)");
    }
    throw new BadRecordException(
        text + " (whole microseconds from 0001-01-01 to 9999-12-31; infinity can't be held)");
  }

  /**
   * The common form {@code yyyy-MM-ddTHH:mm:ss[.f…]Z} without objects; {@link Long#MIN_VALUE} if it
   * is another.
   */
  private static long plain(String text) {
    int length = text.length();
    if (length < 20
        || length > 27
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(length - 1) != 'Z') {
      return Long.MIN_VALUE;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    int fraction = fraction(text, length - 1);
    if ((year | month | day | hour | minute | second | fraction) < 0
        || year < 1
        || month < 1
        || month > 12
        || day < 1
        || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())
        || hour > 23
        || minute > 59
        || second > 59) {
      return Long.MIN_VALUE;
    }
    long days = epochDay(year, month, day);
    return ((days * 24 + hour) * 60 + minute) * 60_000_000L + second * 1_000_000L + fraction;
  }

  private static long epochDay(int year, int month, int day) {
    return LocalDate.of(year, month, day).toEpochDay();
  }

  private static int fraction(String text, int end) {
    if (end == 19) {
      return 0;
    }
    if (text.charAt(19) != '.' || end == 20) {
      return -1;
    }
    int value = digits(text, 20, end);
    for (int i = end; value > 0 && i < 26; i++) {
      value *= 10;
    }
    return value;
  }

  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
