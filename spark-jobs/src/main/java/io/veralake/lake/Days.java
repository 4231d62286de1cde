package io.veralake.lake;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The days on which rows were committed, as many as the layout of a table cares about. */
public final class Days implements Serializable {
  private static final long serialVersionUID = 1;
  private static final long MICROS = 86_400_000_000L;

  /** Half a century; more are beyond every layout by days. */
  private static final int COUNTED = 20_000;

  private final Set<Long> days = new HashSet<>();
  private long last = Long.MIN_VALUE;

  /** Adds the day of a commit time in microseconds since the epoch. */
  public void add(long micros) {
    long day = Math.floorDiv(micros, MICROS);
    if (day != this.last) {
      this.last = day;
      this.addDay(day);
    }
  }

  /** Adds a day, counted from the epoch. */
  public void addDay(long day) {
    if (this.days.size() < COUNTED) {
      this.days.add(day);
    }
  }

  /** Adds all days of {@code others}. */
  public void addAll(Days others) {
    others.days.forEach(this::addDay);
  }

  /**
   * How many partitions of {@code grain} the days lie in; the largest number if that isn't known.
   */
  public int partitions(TimeGrain grain) {
    if (grain == TimeGrain.NONE) {
      return 1;
    }
    if (this.days.size() == COUNTED) {
      return Integer.MAX_VALUE;
    }
    if (grain == TimeGrain.DAY) {
      return this.days.size();
    }
    Set<Integer> distinct =
        this.days.stream()
            .map(LocalDate::ofEpochDay)
            .map(day -> day.getYear() * 12 + (grain == TimeGrain.MONTH ? day.getMonthValue() : 0))
            .collect(Collectors.toSet());
    return distinct.size();
  }
}
