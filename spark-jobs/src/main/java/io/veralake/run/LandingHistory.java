package io.veralake.run;

import io.veralake.land.LandAudit;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** What the audit of the last landings says, in lines. */
final class LandingHistory {
  private static final TableIdentifier LANDINGS = TableIdentifier.of("ops", "landings");
  private static final List<String> DUPLICATES =
      List.of("landed_before", "twice_in_batch", "tombstones");

  /** Rows of earlier versions don't say when they were written. */
  private static final Comparator<Record> LATER =
      Comparator.comparing(LandingHistory::time)
          .thenComparing(
              row ->
                  field(row, "landed_at") instanceof OffsetDateTime at ? at : OffsetDateTime.MIN);

  private LandingHistory() {}

  /** The last landing of each table, with what was lost, or may have been. */
  static List<String> lines(Catalog catalog) {
    Map<String, Record> last = new TreeMap<>();
    for (Record row : RunHistory.rows(catalog, LANDINGS)) {
      last.merge(
          String.valueOf(row.getField("table")), row, (a, b) -> LATER.compare(a, b) > 0 ? a : b);
    }
    List<String> lines = new ArrayList<>();
    last.forEach(
        (table, row) -> {
          lines.add(line(table, row));
          lines.addAll(trouble("gap", row.getField("gaps")));
          lines.addAll(trouble("doubt", field(row, "doubts")));
          lines.addAll(trouble("repeated", field(row, "repeated_files")));
        });
    return RunHistory.headed("Last landings:", lines);
  }

  /**
   * What the operator of a run must know of a landing, and whom to tell, by the owners of the
   * model's tables; empty if all is well.
   */
  static List<String> trouble(LandAudit audit, Map<String, String> owners) {
    List<String> lines = new ArrayList<>();
    if (audit.landed().quarantined() > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "    %,d records can't be landed (veralake quarantine list says why)",
              audit.landed().quarantined()));
    }
    lines.addAll(trouble("gap", audit.landed().gaps()));
    lines.addAll(trouble("doubt", audit.doubts()));
    lines.addAll(trouble("repeated", audit.repeated()));
    if (!lines.isEmpty()) {
      String owner = owners.getOrDefault(audit.landed().table(), "");
      lines.add(
          0, "  raw." + audit.landed().table() + ":" + (owner.isEmpty() ? "" : " tell " + owner));
    }
    return lines;
  }

  private static String line(String table, Record row) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "  %-34s as of %s: %,d read, %,d new",
                table,
                RunHistory.day(time(row).toInstant()),
                RunHistory.number(row, "read"),
                RunHistory.number(row, "appended")));
    for (String kind : DUPLICATES) {
      if (field(row, kind) instanceof Long count && count > 0) {
        line.append(String.format(Locale.ROOT, ", %,d %s", count, kind.replace('_', ' ')));
      }
    }
    if (field(row, "absent") instanceof Long count && count > 0) {
      line.append(String.format(Locale.ROOT, ", %,d gone", count));
    }
    if (row.getField("quarantined") instanceof Long count && count > 0) {
      line.append(String.format(Locale.ROOT, ", %,d quarantined", count));
    }
    // Below zero the source was read after the instant up to which the run spoke: no lag at all.
    if (field(row, "lag_seconds") instanceof Long seconds && seconds >= 0) {
      line.append(", lag ").append(duration(seconds));
    }
    if (field(row, "last_position") instanceof Record position) {
      line.append(
          String.format(
              Locale.ROOT,
              ", up to %d/%d/%d",
              RunHistory.number(position, "major"),
              RunHistory.number(position, "minor"),
              RunHistory.number(position, "row")));
    }
    return line.toString();
  }

  private static String duration(long seconds) {
    Duration lag = Duration.ofSeconds(Math.abs(seconds));
    return String.format(
        Locale.ROOT,
        "%s%s%d:%02d:%02d",
        seconds < 0 ? "-" : "",
        lag.toDays() == 0 ? "" : lag.toDays() + "d ",
        lag.toHoursPart(),
        lag.toMinutesPart(),
        lag.toSecondsPart());
  }

  private static List<String> trouble(String kind, @Nullable Object texts) {
    return texts instanceof List<?> list
        ? list.stream().map(text -> "    " + kind + ": " + text).toList()
        : List.of();
  }

  /** A value of a column that an old table lacks: null. */
  private static @Nullable Object field(Record row, String column) {
    return row.struct().field(column) == null ? null : row.getField(column);
  }

  private static OffsetDateTime time(Record row) {
    return (OffsetDateTime) row.getField("as_of");
  }
}
