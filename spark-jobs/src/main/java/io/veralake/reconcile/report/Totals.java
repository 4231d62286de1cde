package io.veralake.reconcile.report;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums over the lines of one measure.
 *
 * @param streamed what the stream showed
 * @param causes contribution of each cause
 * @param corrected what is true
 */
record Totals(BigDecimal streamed, Map<String, BigDecimal> causes, BigDecimal corrected) {
  static Totals of(List<Night.Line> lines) {
    BigDecimal streamed = BigDecimal.ZERO;
    BigDecimal corrected = BigDecimal.ZERO;
    Map<String, BigDecimal> causes = new HashMap<>();
    for (Night.Line line : lines) {
      streamed = streamed.add(line.streamed());
      corrected = corrected.add(line.corrected());
      line.causes().forEach((cause, amount) -> causes.merge(cause, amount, BigDecimal::add));
    }
    return new Totals(streamed, causes, corrected);
  }

  BigDecimal difference() {
    return this.corrected.subtract(this.streamed);
  }

  BigDecimal cause(String word) {
    return this.causes.getOrDefault(word, BigDecimal.ZERO);
  }
}
