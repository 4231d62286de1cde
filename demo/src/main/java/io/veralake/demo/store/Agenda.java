package io.veralake.demo.store;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * What is going to happen, in the order of simulated time; the shop rests in the last five seconds
 * of each day.
 */
final class Agenda {
  private static final long REST = 5 * StoreCalendar.SECOND;

  private record Entry(long time, long number, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::time).thenComparingLong(Entry::number));
  private long number;
  private long now = StoreCalendar.start(1) - StoreCalendar.HOUR;

  /** The simulated instant, micros since epoch. */
  long now() {
    return this.now;
  }

  /** Plans an action; one that falls into the rest before midnight happens just after midnight. */
  void at(long time, Runnable action) {
    boolean resting = Math.floorMod(time, StoreCalendar.DAY) >= StoreCalendar.DAY - REST;
    this.entries.add(
        new Entry(resting ? time + REST + StoreCalendar.SECOND : time, this.number++, action));
  }

  /** Plans an action some time from now. */
  void in(long micros, Runnable action) {
    at(this.now + micros, action);
  }

  /** Does everything planned before an instant. */
  void runUntil(long end) {
    while (!this.entries.isEmpty() && this.entries.element().time() < end) {
      Entry entry = this.entries.remove();
      this.now = Math.max(this.now, entry.time());
      entry.action().run();
    }
    this.now = Math.max(this.now, end);
  }
}
