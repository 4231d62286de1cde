package io.veralake.reconcile;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;

/**
 * What a reconciliation found.
 *
 * @param name the reconciliation
 * @param watermark up to when the two sides were compared
 * @param partitions how many partitions were compared
 * @param compared rows of the mart that were compared: the partitions touched since the last
 *     reconciliation, up to the watermark
 * @param inFlight rows, of either side, that were left out because their key changed after the
 *     watermark
 * @param discrepancies rows that differ
 * @param causes how many of them by cause, every cause named
 * @param measures for each measure what the stream showed, what is true, and what each cause
 *     contributed
 */
public record Reconciled(
    String name,
    Instant watermark,
    int partitions,
    long compared,
    long inFlight,
    long discrepancies,
    Map<Cause, Long> causes,
    Map<String, Restated> measures) {
  /**
   * A measure over all compared partitions; {@code streamed + Σ causes = corrected}.
   *
   * @param streamed what the stream showed
   * @param corrected what is true
   * @param causes what each cause adds to the first to give the second
   */
  public record Restated(BigDecimal streamed, BigDecimal corrected, Map<Cause, BigDecimal> causes) {
    /** Checks the identity. */
    public Restated {
      causes = Map.copyOf(causes);
      BigDecimal sum = causes.values().stream().reduce(streamed, BigDecimal::add);
      if (sum.compareTo(corrected) != 0) {
        throw new IllegalArgumentException(
            "Invalid restatement: " + streamed + " + " + causes + " <> " + corrected);
      }
    }
  }

  /** Checks that the causes add up. */
  public Reconciled {
    causes = Map.copyOf(causes);
    measures = Map.copyOf(measures);
    long sum = causes.values().stream().mapToLong(Long::longValue).sum();
    if (sum != discrepancies) {
      throw new IllegalArgumentException(
          "Invalid number of discrepancies: " + discrepancies + " (causes: " + causes + ")");
    }
  }
}
