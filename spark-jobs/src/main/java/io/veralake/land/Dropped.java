package io.veralake.land;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * How many rows each partition dropped. A partition that is computed again counts once, unlike in
 * Spark's own accumulators.
 */
final class Dropped extends AccumulatorV2<long[], Long> {
  private static final long serialVersionUID = 1;

  private final Map<Long, Long> rows = new ConcurrentHashMap<>();

  /** Notes that {@code partition}, all of it, dropped {@code count} rows. */
  void note(int partition, long count) {
    this.add(new long[] {partition, count});
  }

  @Override
  public boolean isZero() {
    return this.rows.isEmpty();
  }

  @Override
  public Dropped copy() {
    Dropped copy = new Dropped();
    copy.rows.putAll(this.rows);
    return copy;
  }

  @Override
  public void reset() {
    this.rows.clear();
  }

  @Override
  public void add(long[] noted) {
    this.rows.put(noted[0], noted[1]);
  }

  @Override
  public void merge(AccumulatorV2<long[], Long> other) {
    this.rows.putAll(((Dropped) other).rows);
  }

  @Override
  public Long value() {
    return this.rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
