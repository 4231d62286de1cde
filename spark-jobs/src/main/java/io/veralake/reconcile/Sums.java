package io.veralake.reconcile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine says of one side's rows in a partition, up to the cut, by an aggregate of its own.
 *
 * @param count rows
 * @param low sum of the lower halves of the rows' checksums
 * @param high sum of the upper halves
 * @param inFlight rows after the watermark, which the other numbers leave out
 * @param measures sum of each measure, in the order of {@link Shape#measureNames}
 */
record Sums(long count, long low, long high, long inFlight, List<BigDecimal> measures) {
  /** Of no rows. */
  static Sums none(Shape shape) {
    return new Sums(
        0, 0, 0, 0, shape.measureNames().stream().map(name -> BigDecimal.ZERO).toList());
  }

  /** Whether the rows are the same, as far as their checksums tell. */
  boolean sameRows(Sums other) {
    return this.count == other.count && this.low == other.low && this.high == other.high;
  }

  /** From the columns of {@link StreamSql#partitionSums} after the first. */
  static Sums of(List<@Nullable String> texts) {
    List<BigDecimal> numbers = new ArrayList<>();
    for (String text : texts) {
      numbers.add(text == null ? BigDecimal.ZERO : new BigDecimal(text));
    }
    List<BigDecimal> measures = new ArrayList<>();
    measures.add(numbers.get(0));
    measures.addAll(numbers.subList(4, numbers.size()));
    return new Sums(
        numbers.get(0).longValueExact(),
        numbers.get(1).longValueExact(),
        numbers.get(2).longValueExact(),
        numbers.get(3).longValueExact(),
        measures);
  }
}
