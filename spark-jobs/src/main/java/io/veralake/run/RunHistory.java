package io.veralake.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** What the account of runs and reconciliations says of the last ones. */
final class RunHistory {
  private static final int RUNS = 5;
  private static final TableIdentifier LEDGER = TableIdentifier.of("ops", "runs");
  private static final TableIdentifier SUMMARY = TableIdentifier.of("recon", "summary");

  private RunHistory() {}

  /** The last reconciliation of each name: up to when, and what it found. */
  static List<String> reconciled(Catalog catalog) {
    Map<String, Record> last = new TreeMap<>();
    for (Record row : rows(catalog, SUMMARY)) {
      last.merge(
          text(row, "reconciliation"),
          row,
          (a, b) -> instant(a, "as_of").isBefore(instant(b, "as_of")) ? b : a);
    }
    List<String> lines = new ArrayList<>();
    last.forEach(
        (name, row) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "  %-34s up to %s (as of %s): %,d rows compared, %,d in flight, %,d differ",
                    name,
                    instant(row, "watermark"),
                    day(instant(row, "as_of")),
                    number(row, "compared"),
                    number(row, "in_flight"),
                    number(row, "discrepancies"))));
    return headed("Reconciled:", lines);
  }

  /** The last runs, the newest first, with the steps that didn't end well. */
  static List<String> runs(Catalog catalog) {
    Map<String, Record> last = new HashMap<>();
    Map<String, List<Record>> steps = new HashMap<>();
    for (Record row : rows(catalog, LEDGER)) {
      if (row.getField("step") == null) {
        // A run that ended has two rows, started and ended; the latter tells.
        last.merge(text(row, "run_id"), row, (a, b) -> b.getField("ended") == null ? a : b);
      } else if (!"done".equals(row.getField("state"))) {
        steps.computeIfAbsent(text(row, "run_id"), run -> new ArrayList<>()).add(row);
      }
    }
    List<String> lines = new ArrayList<>();
    last.values().stream()
        .sorted(Comparator.comparing((Record row) -> instant(row, "started")).reversed())
        .limit(RUNS)
        .forEach(
            row -> {
              lines.add(run(row));
              List<Record> bad = steps.getOrDefault(text(row, "run_id"), List.of());
              bad.forEach(step -> lines.add(step(step)));
              if (bad.isEmpty() && row.getField("message") != null) {
                lines.add("    " + row.getField("message"));
              }
            });
    return headed("Last runs:", lines);
  }

  /** An instant to the second. */
  static String second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String run(Record row) {
    Instant started = instant(row, "started");
    String end =
        row.getField("ended") == null
            ? "started, not ended"
            : String.format(
                Locale.ROOT,
                "%s after %.1f s",
                row.getField("state"),
                Duration.between(started, instant(row, "ended")).toMillis() / 1000.0);
    return String.format(
        Locale.ROOT,
        "  %s  %-18s as of %-22s %s",
        second(started),
        row.getField("command"),
        day(instant(row, "as_of")),
        end);
  }

  private static String step(Record row) {
    return "    %s: %s: %s"
        .formatted(row.getField("step"), row.getField("state"), row.getField("message"));
  }

  /** A midnight as its date. */
  static String day(Instant instant) {
    return instant.toString().replace("T00:00:00Z", "");
  }

  /** A whole number that is never null. */
  static long number(Record row, String column) {
    return (Long) row.getField(column);
  }

  private static Instant instant(Record row, String column) {
    return ((OffsetDateTime) row.getField(column)).toInstant();
  }

  private static String text(Record row, String column) {
    return String.valueOf((@Nullable Object) row.getField(column));
  }

  /** All rows of a table; none if it is missing. */
  static List<Record> rows(Catalog catalog, TableIdentifier name) {
    List<Record> result = new ArrayList<>();
    if (catalog.tableExists(name)) {
      try (CloseableIterable<Record> rows = IcebergGenerics.read(catalog.loadTable(name)).build()) {
        rows.forEach(result::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return result;
  }

  /** {@code lines} below a heading; none if there are none. */
  static List<String> headed(String heading, List<String> lines) {
    if (!lines.isEmpty()) {
      lines.addAll(0, List.of("", heading));
    }
    return lines;
  }
}
