package io.veralake.reconcile;

import io.veralake.clickhouse.ClickHouse;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import io.veralake.spec.Reconciliation;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares a mart with the streaming layer's table up to the watermark, and keeps every difference
 * with its cause. A rerun of the same as-of replaces what the first run wrote.
 */
public final class ReconcileStep {
  /**
   * The stream goes on while it is read: a comparison that it disturbed is done again, so many
   * times.
   */
  private static final int ATTEMPTS = 3;

  private final RunContext context;
  private final Reconciliation reconciliation;
  private final Shape shape;
  private final ClickHouse clickHouse;

  private ReconcileStep(RunContext context, Reconciliation reconciliation, ClickHouse clickHouse) {
    this.context = context;
    this.reconciliation = reconciliation;
    this.shape = Shape.of(reconciliation, context.model().vault());
    this.clickHouse = clickHouse;
  }

  /**
   * Compares the partitions that changed on either side since the last reconciliation, or weren't
   * settled by it, and writes {@code recon.discrepancy}, {@code recon.restatement} and {@code
   * recon.summary}, in the lake and in ClickHouse.
   */
  public static Reconciled run(RunContext context, Reconciliation reconciliation) {
    try (ClickHouse clickHouse = ClickHouse.connect(context.engine().clickhouse())) {
      return new ReconcileStep(context, reconciliation, clickHouse).run();
    }
  }

  private Reconciled run() {
    ReconTables tables = new ReconTables(this.context.lake());
    tables.create();
    new StreamColumns(this.reconciliation, this.shape).check(this.clickHouse);
    String mart = "mart." + this.reconciliation.mart().name();
    long snapshot =
        this.context
            .lake()
            .snapshot(mart)
            .orElseThrow(
                () ->
                    new DataException(
                        "Cannot reconcile %s: table %s is missing or was never written (run `veralake mart` first)"
                            .formatted(this.reconciliation.name(), mart)));
    for (int attempt = 1; ; attempt++) {
      Comparison comparison =
          new Comparison(this.context, this.reconciliation, this.shape, this.clickHouse);
      try {
        return this.compare(comparison, tables, snapshot);
      } catch (Ledger.Unbalanced e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } finally {
        comparison.release();
      }
    }
  }

  private Reconciled compare(Comparison comparison, ReconTables tables, long snapshot) {
    Cut cut =
        new Watermark(this.context, this.reconciliation)
            .cut(this.clickHouse, new StreamSql(this.reconciliation, this.shape));
    Comparison.Outcome outcome = this.compare(comparison, cut, snapshot);
    List<Ledger.Line> lines =
        new Ledger(this.shape, outcome.tallies()).lines(outcome.streamed(), outcome.corrected());
    Map<Cause, Long> causes = this.causes(outcome);
    Reconciled reconciled = this.reconciled(cut, lines, causes);
    Written written = new Written(this.context, this.reconciliation, this.shape);
    String name = this.reconciliation.name();
    tables.replace(
        ReconTables.DISCREPANCY,
        written.discrepancies(
            outcome.findings(), outcome.tallies().stream().mapToLong(Tally::count).sum()),
        this.context,
        name);
    tables.replace(ReconTables.RESTATEMENT, written.restatements(lines), this.context, name);
    tables.replace(ReconTables.QUALITY, written.quality(reconciled), this.context, name);
    tables.replace(
        ReconTables.SUMMARY,
        written.summary(reconciled, snapshot, outcome.fetched(), this.open(outcome, lines)),
        this.context,
        name);
    new Mirror(this.context.lake(), this.clickHouse, name).copy();
    return reconciled;
  }

  private Comparison.Outcome compare(Comparison comparison, Cut cut, long snapshot) {
    Set<@Nullable String> partitions =
        Previous.of(this.context, this.reconciliation.name())
            .map(previous -> this.touched(previous, snapshot, cut))
            .orElse(null);
    Comparison.Outcome outcome = comparison.compare(cut, snapshot, partitions);
    Set<@Nullable String> elsewhere = outcome.elsewhere(partitions);
    while (partitions != null && !elsewhere.isEmpty()) {
      partitions.addAll(elsewhere);
      comparison.release();
      outcome = comparison.compare(cut, snapshot, partitions);
      elsewhere = outcome.elsewhere(partitions);
    }
    return outcome;
  }

  private @Nullable Set<@Nullable String> touched(Previous previous, long snapshot, Cut cut) {
    return new TouchedPartitions(this.context.lake(), this.reconciliation, this.shape)
        .since(previous, snapshot, this.clickHouse, cut.latency());
  }

  private Reconciled reconciled(Cut cut, List<Ledger.Line> lines, Map<Cause, Long> causes) {
    List<Ledger.Line> rows =
        lines.stream().filter(line -> line.measure().equals(Shape.ROWS)).toList();
    BigDecimal compared =
        rows.stream().map(Ledger.Line::corrected).reduce(BigDecimal.ZERO, BigDecimal::add);
    return new Reconciled(
        this.reconciliation.name(),
        Instant.EPOCH.plus(cut.watermark(), ChronoUnit.MICROS),
        rows.size(),
        compared.longValueExact(),
        rows.stream().mapToLong(Ledger.Line::inFlight).sum(),
        causes.values().stream().mapToLong(Long::longValue).sum(),
        causes,
        Ledger.totals(lines));
  }

  private Map<Cause, Long> causes(Comparison.Outcome outcome) {
    Map<Cause, Long> causes = new EnumMap<>(Cause.class);
    for (Cause cause : Cause.values()) {
      if (cause.isDiscrepancy()) {
        causes.put(cause, 0L);
      }
    }
    for (Tally tally : outcome.tallies()) {
      if (tally.cause().isDiscrepancy()) {
        causes.merge(tally.cause(), tally.count(), Long::sum);
      }
    }
    return causes;
  }

  /**
   * Partitions that the next reconciliation must look at again: those with differences and those
   * with rows in flight.
   */
  private List<@Nullable String> open(Comparison.Outcome outcome, List<Ledger.Line> lines) {
    Set<@Nullable String> open =
        new TreeSet<>(java.util.Comparator.nullsFirst(java.util.Comparator.naturalOrder()));
    lines.stream().filter(line -> line.inFlight() > 0).forEach(line -> open.add(line.partition()));
    for (Tally tally : outcome.tallies()) {
      for (Tally.Side side : Arrays.asList(tally.streamed(), tally.corrected())) {
        if (side != null && tally.cause() != Cause.TOLERATED) {
          open.add(side.partition());
        }
      }
    }
    return new ArrayList<>(open);
  }
}
