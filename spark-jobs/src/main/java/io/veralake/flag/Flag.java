package io.veralake.flag;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A figure that a reader doubts, as it was written: nothing in it is checked yet.
 *
 * @param id tells it from all others
 * @param flaggedAt when
 * @param reader who, as far as is known
 * @param mart the mart that the figure is of
 * @param key columns and values (texts) of the row; empty: a partition is meant
 * @param partition the partition (text), with {@code measure}; empty: a row is meant
 * @param measure the measure of the partition
 * @param seen columns and values (texts) that the reader saw; of a partition the measure's
 * @param doubt what the reader says
 */
public record Flag(
    UUID id,
    Instant flaggedAt,
    String reader,
    String mart,
    Map<String, String> key,
    String partition,
    String measure,
    Map<String, String> seen,
    String doubt) {
  /** Copies the maps. */
  public Flag {
    key = Map.copyOf(key);
    seen = Map.copyOf(seen);
  }

  /** Whether a measure of a partition is meant, not a row. */
  public boolean ofPartition() {
    return this.key.isEmpty();
  }
}
