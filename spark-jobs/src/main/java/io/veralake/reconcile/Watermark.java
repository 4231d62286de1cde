package io.veralake.reconcile;

import io.veralake.catalog.Positions;
import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.LandTable;
import io.veralake.spec.Reconciliation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

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
   * The cut. The watermark is the earliest of: the run's as-of less the stream's latency (what was committed later may still be on its way), the highest commit time that has
   * been landed of each system, and the highest commit time that the stream showed at the as-of.
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
    Lake lake = this.context.lake();
    return this.context.model().land().stream()
        .filter(table -> table.system().equals(system))
        .map(LandTable::name)
        .filter(table -> lake.exists("raw." + table))
        .map(table -> lake.positions("raw." + table).value(HIGH))
        .flatMap(Optional::stream)
        .mapToLong(Long::parseLong)
        .max()
        .orElseThrow(
            () ->
                new DataException(
                    "Cannot reconcile %s: nothing of system %s has been landed (no raw table says %s%s; run `veralake land` first)"
                        .formatted(this.reconciliation.name(), system, Positions.PREFIX, HIGH)));
  }

  /** Microseconds since 1970. */
  static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
