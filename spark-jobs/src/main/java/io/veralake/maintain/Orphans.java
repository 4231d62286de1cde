package io.veralake.maintain;

import io.veralake.lake.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.spark.actions.SparkActions;

/**
 * Files of a table that no snapshot names: of runs that were killed, and lists of landed files. Of
 * a small table they are found here, by one listing of its folder; a large one's lists of files are
 * compared by Spark.
 */
final class Orphans {
  /** Where landing keeps its lists, whose addresses are in the summaries of snapshots. */
  private static final String LISTS = "/_landed/";

  private final Lake lake;
  private final String name;

  Orphans(Lake lake, String name) {
    this.lake = lake;
    this.name = name;
  }

  /**
   * Removes those that were last written before {@code before}; returns how many.
   *
   * @param small whether the names of all files of the table fit into memory easily
   */
  long remove(Instant before, boolean small) {
    if (!(this.lake.table(this.name).io() instanceof SupportsPrefixOperations files)) {
      return this.compared(before, false);
    }
    return small ? this.listed(before, files) : this.compared(before, true) + this.lists(before);
  }

  /** By Spark. */
  private long compared(Instant before, boolean prefixes) {
    DeleteOrphanFiles.Result result =
        SparkActions.get(this.lake.spark())
            .deleteOrphanFiles(this.lake.table(this.name))
            .usePrefixListing(prefixes)
            .olderThan(before.toEpochMilli())
            .execute();
    long removed = 0;
    for (String ignored : result.orphanFileLocations()) {
      removed++;
    }
    return removed;
  }

  private long listed(Instant before, SupportsPrefixOperations files) {
    String location = this.lake.table(this.name).location();
    Map<String, String> old = new HashMap<>();
    Map<String, String> lists = new HashMap<>();
    for (FileInfo file : files.listPrefix(folder(location))) {
      if (file.createdAtMillis() < before.toEpochMilli()) {
        String path = path(file.location());
        if (path.contains(LISTS)) {
          lists.put(base(path), file.location());
        } else if (!hidden(path.substring(path(location).length() + 1))) {
          old.put(path, file.location());
        }
      }
    }
    // The table is read after the listing: what was committed in between is known.
    Table table = this.lake.table(this.name);
    Set<String> named = named(table);
    if (!named.isEmpty()) {
      lists.keySet().removeAll(named);
      old.putAll(lists);
    }
    if (!old.isEmpty()) {
      forget(old, table);
    }
    old.values().forEach(table.io()::deleteFile);
    return old.size();
  }

  /** Takes from {@code files} those that {@code table} is made of. */
  private static void forget(Map<String, String> files, Table table) {
    ReachableFileUtil.metadataFileLocations(table, true).forEach(file -> files.remove(path(file)));
    ReachableFileUtil.manifestListLocations(table).forEach(file -> files.remove(path(file)));
    ReachableFileUtil.statisticsFilesLocations(table).forEach(file -> files.remove(path(file)));
    files.remove(path(ReachableFileUtil.versionHintLocation(table)));
    Set<String> read = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        if (read.add(manifest.path())) {
          files.remove(path(manifest.path()));
          if (!files.isEmpty()) {
            forgetContent(files, manifest, table);
          }
        }
      }
    }
  }

  private static void forgetContent(Map<String, String> files, ManifestFile manifest, Table table) {
    try (CloseableIterable<String> paths =
        ManifestFiles.readPaths(manifest, table.io(), table.specs())) {
      paths.forEach(file -> files.remove(path(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long lists(Instant before) {
    Table table = this.lake.table(this.name);
    Set<String> named = named(table);
    if (named.isEmpty()) {
      return 0;
    }
    List<String> old = new ArrayList<>();
    for (FileInfo file :
        ((SupportsPrefixOperations) table.io()).listPrefix(table.location() + LISTS)) {
      if (file.createdAtMillis() < before.toEpochMilli()
          && !named.contains(base(file.location()))) {
        old.add(file.location());
      }
    }
    old.forEach(table.io()::deleteFile);
    return old.size();
  }

  private static Set<String> named(Table table) {
    Set<String> named = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      for (String value : snapshot.summary().values()) {
        if (value.contains(LISTS)) {
          named.add(base(value));
        }
      }
    }
    return named;
  }

  /**
   * Whether other programs keep the file for themselves. Folders of partitions have a {@code =}.
   */
  private static boolean hidden(String below) {
    for (String part : below.split("/", -1)) {
      if ((part.startsWith("_") || part.startsWith(".")) && !part.contains("=")) {
        return true;
      }
    }
    return false;
  }

  /** Without scheme and server, which are written in several ways. */
  private static String path(String location) {
    return new Path(location).toUri().getPath();
  }

  private static String folder(String location) {
    return location.endsWith("/") ? location : location + "/";
  }

  private static String base(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
