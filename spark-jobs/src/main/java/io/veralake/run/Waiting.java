package io.veralake.run;

import io.veralake.lake.RawColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** How many records wait in quarantine, and how many rows for others, by metadata alone. */
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

  /** How many rows of a stage's table wait for a partner. */
  static long forPartners(Table table) {
    if (table.schema().findField(RawColumns.WAITING) == null) {
      return 0;
    }
    long rows = 0;
    try (CloseableIterable<FileScanTask> files =
        table.newScan().filter(Expressions.equal(RawColumns.WAITING, true)).planFiles()) {
      for (FileScanTask file : files) {
        rows += file.file().recordCount();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
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
