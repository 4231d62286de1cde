package io.veralake.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a step did, in numbers.
 *
 * @param counts number by what it counts, in the order in which they are shown
 */
record Outcome(Map<String, Long> counts) {
  /** Pairs of a word and its number. */
  static Outcome of(Object... pairs) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      counts.put((String) pairs[i], ((Number) pairs[i + 1]).longValue());
    }
    return new Outcome(counts);
  }

  /** The first number, and of the others those that are not zero. */
  @Override
  public String toString() {
    String first = this.counts.keySet().stream().findFirst().orElse("");
    return this.counts.entrySet().stream()
        .filter(count -> count.getValue() != 0 || count.getKey().equals(first))
        .map(
            count ->
                String.format(java.util.Locale.ROOT, "%,d %s", count.getValue(), count.getKey()))
        .collect(Collectors.joining(", "));
  }
}
