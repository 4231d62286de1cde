package io.veralake.run;

import io.veralake.catalog.NightLock;
import io.veralake.catalog.Positions;
import io.veralake.spec.Engine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The state of a lake in lines: who works on it, tables with their rows, last commit and run, what
 * is quarantined, how far each mart is reconciled, the last runs and what failed in them. Needs no
 * Spark, and reads of data only the account of runs and reconciliations.
 */
final class StatusReport {
  private static final List<String> NAMESPACES = List.of("raw", "stage", "vault", "mart", "recon");

  private final Catalog catalog;
  private final List<String> lines = new ArrayList<>();

  private StatusReport(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The lines on the lake of {@code engine}. */
  static List<String> of(Engine engine) {
    try (LakeCatalog catalog = LakeCatalog.open(engine)) {
      StatusReport report = new StatusReport(catalog.iceberg());
      report.tables();
      if (report.lines.isEmpty()) {
        report.lines.add("The lake is empty: no run has landed anything yet");
      }
      report.quarantine();
      report.waiting();
      report.lines.addAll(LandingHistory.lines(report.catalog));
      report.lines.addAll(RunHistory.reconciled(report.catalog));
      report.lines.addAll(RunHistory.runs(report.catalog));
      NightLock.holder(report.catalog)
          .ifPresent(holder -> report.lines.addAll(List.of("", "Working now: " + holder)));
      return report.lines;
    }
  }

  private void tables() {
    for (String namespace : NAMESPACES) {
      for (TableIdentifier name : this.tables(Namespace.of(namespace))) {
        if (this.lines.isEmpty()) {
          this.lines.add(
              String.format(
                  Locale.ROOT, "%-36s %14s  %-20s %s", "table", "rows", "last commit", "by run"));
        }
        this.lines.add(table(name, this.catalog.loadTable(name)));
      }
    }
  }

  private List<TableIdentifier> tables(Namespace namespace) {
    if (this.catalog instanceof SupportsNamespaces namespaces
        && !namespaces.namespaceExists(namespace)) {
      return List.of();
    }
    return this.catalog.listTables(namespace).stream()
        .sorted(Comparator.comparing(TableIdentifier::name))
        .toList();
  }

  private static String table(TableIdentifier name, Table table) {
    Snapshot current = table.currentSnapshot();
    if (current == null) {
      return String.format(Locale.ROOT, "%-36s %14d", name, 0);
    }
    return String.format(
        Locale.ROOT,
        "%-36s %,14d  %-20s %s",
        name,
        Long.parseLong(current.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0")),
        RunHistory.second(Instant.ofEpochMilli(current.timestampMillis())),
        Positions.of(table).properties().getOrDefault(Positions.RUN, "-"));
  }

  /** Rows that take columns of others which nobody has said yet. */
  private void waiting() {
    List<String> waiting = new ArrayList<>();
    for (TableIdentifier name : this.tables(Namespace.of("stage"))) {
      long rows = Waiting.forPartners(this.catalog.loadTable(name));
      if (rows > 0) {
        waiting.add(String.format(Locale.ROOT, "  %-34s %,14d", name, rows));
      }
    }
    if (!waiting.isEmpty()) {
      this.lines.addAll(List.of("", "Waiting for a partner (rows of the table where _waiting):"));
      this.lines.addAll(waiting);
    }
  }

  private void quarantine() {
    Map<String, Long> waiting = Waiting.of(this.catalog);
    if (!waiting.isEmpty()) {
      this.lines.addAll(List.of("", "Quarantined (veralake quarantine list says why):"));
      waiting.forEach(
          (table, count) ->
              this.lines.add(String.format(Locale.ROOT, "  %-34s %,14d", table, count)));
    }
  }
}
