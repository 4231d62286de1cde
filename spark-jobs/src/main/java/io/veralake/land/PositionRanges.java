package io.veralake.land;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A few ranges that together hold all numbers added, cut at the widest gaps between them: one late
 * record among many new ones makes a range of its own, and not the whole history part of the
 * search.
 */
final class PositionRanges implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int KEPT = 16;
  private static final int COLLECTED = 4096;

  /** Smallest and largest number of each range. */
  private long[][] ranges = new long[64][];

  private int count;

  /** Adds a number. */
  void add(long number) {
    if (this.count > 0) {
      long[] last = this.ranges[this.count - 1];
      if (number >= last[0] && number <= last[1]) {
        return;
      }
    }
    this.add(new long[] {number, number});
  }

  /** Adds all that {@code others} holds. */
  void addAll(PositionRanges others) {
    for (int i = 0; i < others.count; i++) {
      this.add(others.ranges[i].clone());
    }
  }

  /** Puts numbers together until there are at most sixteen ranges, and gives up spare memory. */
  void trim() {
    this.compact();
    this.ranges = Arrays.copyOf(this.ranges, this.count);
  }

  /** The ranges, at most sixteen, in order, apart from each other. */
  List<long[]> ranges() {
    this.compact();
    return List.of(Arrays.copyOf(this.ranges, this.count));
  }

  /** SQL condition that {@code column} is in one of the ranges. */
  String condition(String column) {
    return this.ranges().isEmpty()
        ? "false"
        : this.ranges().stream()
            .map(range -> "(%1$s >= %2$dL AND %1$s <= %3$dL)".formatted(column, range[0], range[1]))
            .collect(Collectors.joining(" OR "));
  }

  private void add(long[] range) {
    if (this.count == COLLECTED) {
      this.compact();
    }
    if (this.count == this.ranges.length) {
      this.ranges = Arrays.copyOf(this.ranges, Math.max(KEPT, this.count * 2));
    }
    this.ranges[this.count++] = range;
  }

  private void compact() {
    Arrays.sort(this.ranges, 0, this.count, Comparator.comparingLong(range -> range[0]));
    List<long[]> apart = new ArrayList<>();
    for (int i = 0; i < this.count; i++) {
      long[] range = this.ranges[i];
      long[] last = apart.isEmpty() ? null : apart.get(apart.size() - 1);
      if (last != null && range[0] <= last[1]) {
        last[1] = Math.max(last[1], range[1]);
      } else {
        apart.add(range);
      }
    }
    this.count = 0;
    long widest = limit(apart);
    for (long[] range : apart) {
      long[] last = this.count == 0 ? null : this.ranges[this.count - 1];
      if (last != null && (range[0] - last[1] < widest || this.count == KEPT)) {
        last[1] = range[1];
      } else {
        this.ranges[this.count++] = range;
      }
    }
  }

  /** The narrowest gap that stays a gap. */
  private static long limit(List<long[]> apart) {
    if (apart.size() <= KEPT) {
      return 0;
    }
    long[] gaps = new long[apart.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = apart.get(i + 1)[0] - apart.get(i)[1];
    }
    Arrays.sort(gaps);
    return gaps[gaps.length - KEPT + 1];
  }
}
