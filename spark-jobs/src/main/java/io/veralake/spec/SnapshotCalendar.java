package io.veralake.spec;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.TreeSet;

/**
 * Which instants a snapshot table holds: midnights in UTC, the closer together the younger they
 * are.
 *
 * @param daily how many midnights
 * @param weekly how many of Mondays
 * @param monthly how many of first days of months
 * @param yearly how many of first days of years
 */
public record SnapshotCalendar(int daily, int weekly, int monthly, int yearly) {
  /** The days at whose beginning the snapshots are that are held at {@code asOf}, in order. */
  public List<LocalDate> at(Instant asOf) {
    LocalDate today = asOf.atZone(ZoneOffset.UTC).toLocalDate();
    TreeSet<LocalDate> days = new TreeSet<>();
    for (int i = 0; i < this.daily; i++) {
      days.add(today.minusDays(i));
    }
    LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    for (int i = 0; i < this.weekly; i++) {
      days.add(monday.minusWeeks(i));
    }
    for (int i = 0; i < this.monthly; i++) {
      days.add(today.withDayOfMonth(1).minusMonths(i));
    }
    LocalDate year = LocalDate.of(today.getYear(), Month.JANUARY, 1);
    for (int i = 0; i < this.yearly; i++) {
      days.add(year.minusYears(i));
    }
    return List.copyOf(days);
  }
}
