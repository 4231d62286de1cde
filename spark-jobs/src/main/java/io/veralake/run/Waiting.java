package io.veralake.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;

/** How many records wait in quarantine, by the tables' metadata alone. */
final class Waiting {
  private static final TableIdentifier QUARANTINE = TableIdentifier.of("raw", "quarantine");
  private static final TableIdentifier REPLAYED = TableIdentifier.of("raw", "quarantine_replayed");

  private Waiting() {}

  /** Their number by raw table; without tables that have none. */
  static Map<String, Long> of(Catalog catalog) {
    Map<String, Long> waiting = new TreeMap<>();
    count(catalog, QUARANTINE, 1, waiting);
    count(catalog, REPLAYED, -1, waiting);
    waiting.values().removeIf(count -> count == 0);
    return waiting;
  }

  /** Adds the rows of each partition, which is a raw table's. */
  private static void count(
      Catalog catalog, TableIdentifier name, int sign, Map<String, Long> counts) {
    if (!catalog.tableExists(name)) {
      return;
    }
    try (CloseableIterable<FileScanTask> files = catalog.loadTable(name).newScan().planFiles()) {
      for (FileScanTask file : files) {
        String table = String.valueOf(file.file().partition().get(0, CharSequence.class));
        counts.merge(table, sign * file.file().recordCount(), Long::sum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
