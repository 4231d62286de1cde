package io.veralake.run;

import io.veralake.catalog.Positions;
import io.veralake.docs.Stored;
import io.veralake.lake.RawColumns;
import io.veralake.spec.Engine;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;

/** What the metadata of a lake's tables say, without Spark, and without reading a file of data. */
final class StoredTables {
  private StoredTables() {}

  /** By {@code namespace.table}, of the tables that were written. */
  static Map<String, Stored> of(Engine engine) {
    Map<String, Stored> result = new LinkedHashMap<>();
    if (LakeCatalog.missing(engine)) {
      return result;
    }
    try (LakeCatalog catalog = LakeCatalog.open(engine)) {
      for (String name : List.of("raw", "vault", "mart")) {
        for (TableIdentifier table : tables(catalog.iceberg(), Namespace.of(name))) {
          Table loaded = catalog.iceberg().loadTable(table);
          Snapshot current = loaded.currentSnapshot();
          if (current != null) {
            result.put(table.toString(), stored(loaded, current));
          }
        }
      }
    }
    return result;
  }

  private static List<TableIdentifier> tables(Catalog catalog, Namespace namespace) {
    return catalog instanceof SupportsNamespaces namespaces
            && !namespaces.namespaceExists(namespace)
        ? List.of()
        : catalog.listTables(namespace);
  }

  private static Stored stored(Table table, Snapshot current) {
    Map<String, String> summary = current.summary();
    Map<String, String> columns = new LinkedHashMap<>();
    Types.NestedField row = table.schema().findField(RawColumns.AFTER);
    if (row != null && row.type().isStructType()) {
      row.type()
          .asStructType()
          .fields()
          .forEach(field -> columns.put(field.name(), SchemaHistory.type(field.type())));
    }
    return new Stored(
        number(summary, SnapshotSummary.TOTAL_RECORDS_PROP),
        number(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        number(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP),
        current.snapshotId(),
        Instant.ofEpochMilli(current.timestampMillis()),
        Positions.of(table).properties().getOrDefault(Positions.RUN, "-"),
        columns);
  }

  private static long number(Map<String, String> summary, String property) {
    return Long.parseLong(summary.getOrDefault(property, "0"));
  }
}
