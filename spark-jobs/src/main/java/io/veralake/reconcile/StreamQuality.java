package io.veralake.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How wrong a stream was, night by night and cause by cause, and which nights stand out from the
 * ones before them.
 *
 * <p>The measure is the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle
 * Outliers, 1993): 0.6745 times the distance from the median, in median absolute deviations, where
 * more than 3.5 is an outlier. A bad night among the earlier ones moves a median hardly at all, a
 * mean and a standard deviation a lot. If more than half of the earlier nights are equal, that
 * deviation is 0 and the mean absolute deviation takes its place, with the factor 0.7979.
 */
final class StreamQuality {
  /** So many earlier nights are looked at. */
  static final int NIGHTS = 28;

  /** Of fewer earlier nights nothing is said to be usual. */
  static final int FEWEST_NIGHTS = 7;

  private static final double OUTLIER = 3.5;
  private static final double OF_MEDIAN_DEVIATION = 0.6745;
  private static final double OF_MEAN_DEVIATION = 0.7979;

  /** So many rows more than usual are noise, whatever their share. */
  private static final double NOISE = 5;

  private StreamQuality() {}

  /**
   * What a night found.
   *
   * @param asOf the night
   * @param compared rows of the truth that were compared
   * @param differences rows that differ, by cause
   */
  record Night(Instant asOf, long compared, Map<Cause, Long> differences) {
    double rate(Cause cause) {
      long found = this.differences.getOrDefault(cause, 0L);
      return found == 0 ? 0 : (double) found / Math.max(this.compared, found);
    }
  }

  /**
   * What is to be said of a night and a cause.
   *
   * @param cause the cause
   * @param differences rows that differ
   * @param rate their share in the rows compared, 0 to 1
   * @param nights how many earlier nights it is measured by
   * @param usual the median of their rates; null if they are too few
   * @param score the modified z-score; null as long as no earlier night differs from another and
   *     this one neither
   * @param unusual whether it stands out upwards
   */
  record Quality(
      Cause cause,
      long differences,
      double rate,
      long nights,
      @Nullable Double usual,
      @Nullable Double score,
      boolean unusual) {}

  /** The qualities of {@code night} after {@code earlier} nights (any order), a cause each. */
  static List<Quality> of(Night night, List<Night> earlier) {
    List<Night> last =
        earlier.stream()
            .filter(other -> other.asOf().isBefore(night.asOf()))
            .sorted((a, b) -> b.asOf().compareTo(a.asOf()))
            .limit(NIGHTS)
            .toList();
    List<Quality> qualities = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      if (cause.isDiscrepancy()) {
        qualities.add(quality(cause, night, last));
      }
    }
    return qualities;
  }

  private static Quality quality(Cause cause, Night night, List<Night> earlier) {
    long found = night.differences().getOrDefault(cause, 0L);
    double rate = night.rate(cause);
    if (earlier.size() < FEWEST_NIGHTS) {
      return new Quality(cause, found, rate, earlier.size(), null, null, false);
    }
    double[] rates = earlier.stream().mapToDouble(other -> other.rate(cause)).toArray();
    double usual = median(rates);
    double[] deviations = Arrays.stream(rates).map(value -> Math.abs(value - usual)).toArray();
    double deviation = median(deviations) / OF_MEDIAN_DEVIATION;
    if (deviation == 0) {
      deviation = Arrays.stream(deviations).average().orElse(0) / OF_MEAN_DEVIATION;
    }
    boolean more = found - usual * night.compared() > NOISE;
    if (deviation == 0) {
      return new Quality(cause, found, rate, earlier.size(), usual, null, more && rate > usual);
    }
    double score = (rate - usual) / deviation;
    return new Quality(cause, found, rate, earlier.size(), usual, score, more && score > OUTLIER);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
