package io.veralake.run;

import io.veralake.catalog.Catalogs;
import io.veralake.catalog.Positions;
import io.veralake.spec.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The state of a lake in lines: tables with their rows, last commit and run, then the last runs.
 * Needs no Spark.
 */
final class StatusReport {
  private static final int RUNS = 5;
  private static final List<String> NAMESPACES = List.of("raw", "vault", "mart", "recon");

  private StatusReport() {}

  static List<String> of(Engine engine) {
    Catalog catalog =
        Catalogs.open(
            engine.catalog().name(),
            CatalogProperties.iceberg(engine),
            CatalogProperties.hadoopConfiguration(engine));
    List<String> lines = new ArrayList<>();
    for (String namespace : NAMESPACES) {
      for (TableIdentifier name : tables(catalog, Namespace.of(namespace))) {
        lines.add(table(name, catalog.loadTable(name)));
      }
    }
    if (lines.isEmpty()) {
      return List.of("The lake is empty: no run has landed anything yet");
    }
    lines.add(
        0,
        String.format(
            Locale.ROOT, "%-36s %14s  %-24s %s", "table", "rows", "last commit", "by run"));
    TableIdentifier runs = TableIdentifier.of("ops", "runs");
    if (catalog.tableExists(runs)) {
      lines.add("");
      lines.addAll(runs(catalog.loadTable(runs)));
    }
    return lines;
  }

  private static List<TableIdentifier> tables(Catalog catalog, Namespace namespace) {
    if (catalog instanceof SupportsNamespaces namespaces
        && !namespaces.namespaceExists(namespace)) {
      return List.of();
    }
    return catalog.listTables(namespace).stream()
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
        "%-36s %,14d  %-24s %s",
        name,
        Long.parseLong(current.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0")),
        Instant.ofEpochMilli(current.timestampMillis()),
        Positions.of(table).properties().getOrDefault(Positions.RUN, "-"));
  }

  private static List<String> runs(Table table) {
    List<Record> ended = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      for (Record row : rows) {
        if (row.getField("step") == null) {
          ended.add(row);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // A run that ended has two rows, started and ended; the later one tells.
    ended.sort(Comparator.comparing(StatusReport::order).reversed());
    List<String> lines = new ArrayList<>();
    List<Object> told = new ArrayList<>();
    for (Record row : ended) {
      Object run = row.getField("run_id");
      if (told.size() < RUNS && !told.contains(run)) {
        told.add(run);
        lines.add(
            String.format(
                Locale.ROOT,
                "%-10s as of %s, %s%s",
                row.getField("command"),
                row.getField("as_of"),
                "started".equals(row.getField("state"))
                    ? "started " + row.getField("started") + ", not ended"
                    : row.getField("state") + " " + row.getField("ended"),
                row.getField("message") == null ? "" : ": " + row.getField("message")));
      }
    }
    return lines;
  }

  private static String order(Record row) {
    return row.getField("started") + (Objects.isNull(row.getField("ended")) ? " 0" : " 1");
  }
}
