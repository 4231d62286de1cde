package io.veralake.demo.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/** The simulated days, counted from 1, in microseconds since the epoch (UTC). */
final class StoreCalendar {
  /** The first simulated day. */
  static final LocalDate FIRST_DAY = LocalDate.of(2026, 3, 1);

  static final long SECOND = TimeUnit.SECONDS.toMicros(1);
  static final long MINUTE = TimeUnit.MINUTES.toMicros(1);
  static final long HOUR = TimeUnit.HOURS.toMicros(1);
  static final long DAY = TimeUnit.DAYS.toMicros(1);

  /**
   * How far into the next day the files of a day reach: the log is copied a little after midnight.
   */
  static final long FILE_OVERLAP = 2 * MINUTE;

  /** How far into the next day the stream has got when the night starts. */
  static final long STREAM_OVERLAP = 5 * MINUTE;

  private static final long ORIGIN =
      TimeUnit.SECONDS.toMicros(FIRST_DAY.atStartOfDay(ZoneOffset.UTC).toEpochSecond());

  private StoreCalendar() {}

  /** Midnight at which day {@code day} begins. */
  static long start(int day) {
    return ORIGIN + (day - 1) * DAY;
  }

  /** The day that holds an instant, at least 1. */
  static int day(long micros) {
    return (int) Math.max(1, Math.floorDiv(micros - ORIGIN, DAY) + 1);
  }

  /** The calendar date of a day. */
  static LocalDate date(int day) {
    return FIRST_DAY.plusDays(day - 1L);
  }

  /** The end of the day's files. */
  static long fileCut(int day) {
    return start(day + 1) + FILE_OVERLAP;
  }

  /** The end of the day's stream rows. */
  static long streamCut(int day) {
    return start(day + 1) + STREAM_OVERLAP;
  }

  /** Microseconds as an instant. */
  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, SECOND), Math.floorMod(micros, SECOND) * 1000L);
  }
}
