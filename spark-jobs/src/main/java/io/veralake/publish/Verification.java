package io.veralake.publish;

import io.veralake.lake.DataException;
import io.veralake.publish.Contents.Content;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares what ClickHouse holds with what Iceberg holds, partition by partition. */
final class Verification {
  private static final int MOST_LINES = 20;

  private Verification() {}

  /** What differs, by partition, in words. */
  static Map<List<String>, String> differences(
      Map<List<String>, Content> truth, Map<List<String>, Content> served) {
    Map<List<String>, String> differences = new TreeMap<>(Comparator.comparing(String::valueOf));
    truth.forEach(
        (name, content) -> {
          Content other = served.get(name);
          if (other == null || !content.matches(other)) {
            differences.put(name, difference(name, content, other));
          }
        });
    served.forEach(
        (name, content) -> {
          if (!truth.containsKey(name)) {
            differences.put(name, difference(name, null, content));
          }
        });
    return differences;
  }

  /** Stops if the two differ. */
  static void check(
      Map<List<String>, Content> truth, Map<List<String>, Content> staged, Load load) {
    Collection<String> differences = differences(truth, staged).values();
    if (differences.isEmpty()) {
      return;
    }
    List<String> shown = differences.stream().limit(MOST_LINES).toList();
    throw new DataException(
        "Failed to verify "
            + load.stagingName()
            + " against "
            + load.martTable()
            + " snapshot "
            + load.snapshot()
            + ": "
            + differences.size()
            + " of "
            + truth.size()
            + " partitions differ; nothing was published (dates and timestamps must lie between"
            + " 1900 and 2299, declared types must hold every value; run again if the load was"
            + " disturbed)\n"
            + String.join("\n", shown)
            + (shown.size() < differences.size() ? "\n…" : ""));
  }

  private static String difference(
      List<String> name, @Nullable Content truth, @Nullable Content staged) {
    return "partition " + name + ": Iceberg " + text(truth) + ", ClickHouse " + text(staged);
  }

  private static String text(@Nullable Content content) {
    if (content == null) {
      return "no rows";
    }
    StringBuilder text = new StringBuilder();
    text.append(content.sums().count()).append(" rows, checksum ");
    text.append(content.sums().high()).append('/').append(content.sums().low());
    content
        .totals()
        .forEach(
            (column, total) ->
                text.append(", ").append(column).append(' ').append(total.toPlainString()));
    return text.toString();
  }
}
