package io.veralake.reconcile;

import io.veralake.catalog.Positions;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.spec.Reconciliation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Finds the instant up to which both the batch and the stream know everything. */
final class Watermark {
  private static final String HIGH = "high.commit-time";

  private final RunContext context;
  private final Reconciliation reconciliation;

  Watermark(RunContext context, Reconciliation reconciliation) {
    this.context = context;
    this.reconciliation = reconciliation;
  }

  /**
   * The cut. The watermark is the earliest of: the run's as-of less the stream's latency (what was
   * committed later may still be on its way), the highest commit time of each system that went into
   * the mart, and the highest commit time that the stream showed at the as-of.
   */
  Cut cut(ClickHouse clickHouse, StreamSql sql) {
    long asOf = micros(this.context.asOf());
    long latency = this.reconciliation.stream().latency().toNanos() / 1_000;
    long watermark = asOf - latency;
    for (String system : this.reconciliation.systems()) {
      watermark = Math.min(watermark, this.landed(system));
    }
    long streamed = Long.parseLong(clickHouse.value(sql.highestCommit(asOf)));
    return new Cut(Math.min(watermark, streamed), asOf, latency);
  }

  private long landed(String system) {
    Set<String> tables =
        this.context.model().land().stream()
            .filter(table -> table.system().equals(system))
            .map(table -> "raw." + table.name())
            .filter(this.context.lake()::exists)
            .collect(Collectors.toSet());
    Map<String, Long> known = new HashMap<>();
    String mart = "mart." + this.reconciliation.mart().name();
    this.follow(this.context.lake().positions(mart), tables, new HashSet<>(), known);
    if (known.isEmpty()) {
      tables.forEach(table -> add(table, this.context.lake().positions(table), known));
    }
    return known.values().stream()
        .mapToLong(Long::longValue)
        .max()
        .orElseThrow(
            () ->
                new DataException(
                    "Cannot reconcile %s: nothing of system %s has been landed (no raw table says %s%s; run `veralake land` first)"
                        .formatted(this.reconciliation.name(), system, Positions.PREFIX, HIGH)));
  }

  /**
   * Follows what was read, snapshot by snapshot, back to those of {@code tables} that it came from.
   */
  private void follow(
      Positions positions, Set<String> tables, Set<String> seen, Map<String, Long> known) {
    for (String name : positions.properties().keySet()) {
      if (!name.startsWith(Positions.READ)) {
        continue;
      }
      String input = name.substring(Positions.READ.length());
      long snapshot = positions.lastRead(input).orElseThrow();
      if (!seen.add(input + " " + snapshot) || !this.context.lake().exists(input)) {
        continue;
      }
      Table table = this.context.lake().table(input);
      Snapshot read = table.snapshot(snapshot);
      Positions then = read == null ? Positions.of(table) : Positions.at(table, read);
      if (tables.contains(input)) {
        add(input, then, known);
      } else if (!input.startsWith("raw.")) {
        this.follow(then, tables, seen, known);
      }
    }
  }

  private static void add(String table, Positions positions, Map<String, Long> known) {
    positions.value(HIGH).ifPresent(high -> known.merge(table, Long.parseLong(high), Math::max));
  }

  /** Microseconds since 1970. */
  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
