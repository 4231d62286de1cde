package io.veralake.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Segments of partitions that have to be read row by row. A segment is the rows whose key's
 * checksum ends in the segment's number.
 *
 * @param bits how many bits of the checksum tell segments apart
 * @param byPartition the segments to read in each partition
 */
record Segments(int bits, Map<@Nullable String, SortedSet<Long>> byPartition) {
  private static final int ROWS_IN_SEGMENT = 32;
  private static final int MOST_BITS = 20;
  private static final int MOST_IN_QUERY = 2_000;

  /**
   * How many bits make segments of about {@value #ROWS_IN_SEGMENT} rows in a partition with {@code
   * rows}.
   */
  static int bits(long rows) {
    int bits = 0;
    while (bits < MOST_BITS && rows >> bits > ROWS_IN_SEGMENT) {
      bits++;
    }
    return bits;
  }

  /** Adds one. */
  void add(@Nullable String partition, long segment) {
    this.byPartition.computeIfAbsent(partition, any -> new TreeSet<>()).add(segment);
  }

  /** The same segments in portions that fit into a query each. */
  List<Segments> portions() {
    List<Segments> portions = new ArrayList<>();
    Segments open = new Segments(this.bits, new LinkedHashMap<>());
    int size = 0;
    for (Map.Entry<@Nullable String, SortedSet<Long>> entry : this.byPartition.entrySet()) {
      for (long segment : entry.getValue()) {
        if (size == MOST_IN_QUERY) {
          portions.add(open);
          open = new Segments(this.bits, new LinkedHashMap<>());
          size = 0;
        }
        open.add(entry.getKey(), segment);
        size++;
      }
    }
    if (size > 0) {
      portions.add(open);
    }
    return portions;
  }
}
