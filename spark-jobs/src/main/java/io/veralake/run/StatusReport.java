package io.veralake.run;

import io.veralake.catalog.NightLock;
import io.veralake.catalog.Positions;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The state of a lake in lines: who works on it, tables with their rows, last commit and run, what
 * is quarantined, how far each mart is reconciled, the last runs and what failed in them. Needs no
 * Spark, and reads of data only the account of runs and reconciliations.
 */
final class StatusReport {
  private static final List<String> NAMESPACES = List.of("raw", "vault", "mart", "recon");
  private static final TableIdentifier QUARANTINE = TableIdentifier.of("raw", "quarantine");
  private static final TableIdentifier REPLAYED = TableIdentifier.of("raw", "quarantine_replayed");

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

  /** Records that wait to be landed, by raw table. */
  private void quarantine() {
    Map<String, Long> waiting = new TreeMap<>();
    this.count(QUARANTINE, 1, waiting);
    this.count(REPLAYED, -1, waiting);
    waiting.values().removeIf(count -> count == 0);
    if (!waiting.isEmpty()) {
      this.lines.addAll(List.of("", "Quarantined (veralake quarantine list says why):"));
      waiting.forEach(
          (table, count) ->
              this.lines.add(String.format(Locale.ROOT, "  %-34s %,14d", table, count)));
    }
  }

  /** Adds the rows of each partition, which is a raw table's. */
  private void count(TableIdentifier name, int sign, Map<String, Long> counts) {
    if (!this.catalog.tableExists(name)) {
      return;
    }
    try (CloseableIterable<FileScanTask> files =
        this.catalog.loadTable(name).newScan().planFiles()) {
      for (FileScanTask file : files) {
        String table = String.valueOf(file.file().partition().get(0, CharSequence.class));
        counts.merge(table, sign * file.file().recordCount(), Long::sum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
