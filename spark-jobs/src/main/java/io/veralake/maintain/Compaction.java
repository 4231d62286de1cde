package io.veralake.maintain;

import io.veralake.catalog.Positions;
import io.veralake.lake.Days;
import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.TimeGrain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.actions.RewriteDataFiles;
import org.apache.iceberg.actions.RewriteManifests;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.SparkWriteOptions;
import org.apache.iceberg.spark.actions.SparkActions;

/**
 * Puts small files together. Its commits carry the positions that the table had, so that they are
 * found whichever earlier snapshots are dropped later.
 */
final class Compaction {
  private static final long TARGET = 128L << 20;

  /** So many small files of a partition are worth being put together. */
  private static final String WORTH = "3";

  /** So many manifests more than the entries need are worth being put together. */
  private static final long SPARE_MANIFESTS = 16;

  private final Lake lake;
  private final String name;
  private final String runId;

  Compaction(Lake lake, String name, String runId) {
    this.lake = lake;
    this.name = name;
    this.runId = runId;
  }

  /** Data files. */
  void files() {
    Table table = this.lake.table(this.name);
    RewriteDataFiles rewrite =
        SparkActions.get(this.lake.spark())
            .rewriteDataFiles(table)
            .binPack()
            .option(RewriteDataFiles.TARGET_FILE_SIZE_BYTES, Long.toString(TARGET))
            .option("min-input-files", WORTH);
    if (this.name.startsWith("raw.") && table.schema().findField(RawColumns.COMMIT_TIME) != null) {
      rewrite = rewrite.option(SparkWriteOptions.OUTPUT_SPEC_ID, Integer.toString(spec(table)));
    }
    for (Map.Entry<String, String> property : this.positions(table).entrySet()) {
      rewrite = rewrite.snapshotProperty(property.getKey(), property.getValue());
    }
    rewrite.execute();
  }

  /** Lists of data files. */
  void manifests() {
    Table table = this.lake.table(this.name);
    Snapshot current = table.currentSnapshot();
    long count = current.dataManifests(table.io()).size();
    long bytes = current.dataManifests(table.io()).stream().mapToLong(ManifestFile::length).sum();
    if (count <= bytes / TableProperties.MANIFEST_TARGET_SIZE_BYTES_DEFAULT + SPARE_MANIFESTS) {
      return;
    }
    RewriteManifests rewrite = SparkActions.get(this.lake.spark()).rewriteManifests(table);
    for (Map.Entry<String, String> property : this.positions(table).entrySet()) {
      rewrite = rewrite.snapshotProperty(property.getKey(), property.getValue());
    }
    rewrite.execute();
  }

  /** None for a table that Veralake never committed to. */
  private Map<String, String> positions(Table table) {
    Map<String, String> positions = new java.util.LinkedHashMap<>(Positions.of(table).properties());
    if (!positions.isEmpty()) {
      positions.put(Positions.RUN, this.runId);
    }
    return positions;
  }

  /**
   * The partition spec of a raw table whose partitions aren't too thin for files of their own. Rows
   * that lie more coarsely say nothing of days, and stay where they are if days are thick enough.
   */
  private static int spec(Table table) {
    int days = TimeGrain.DAY.spec(table);
    Days known = new Days();
    long rows = 0;
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      for (FileScanTask task : files) {
        DataFile file = task.file();
        if (file.specId() == days) {
          known.addDay(file.partition().get(0, Integer.class));
          rows += file.recordCount();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return TimeGrain.of(known, rows).spec(table);
  }
}
