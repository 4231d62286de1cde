package io.veralake.maintain;

import io.veralake.lake.Lake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.spark.actions.SparkActions;

/** Files of a table that no snapshot names: of runs that were killed, and lists of landed files. */
final class Orphans {
  /** Where landing keeps its lists, whose addresses are in the summaries of snapshots. */
  private static final String LISTS = "/_landed/";

  private final Lake lake;
  private final String name;

  Orphans(Lake lake, String name) {
    this.lake = lake;
    this.name = name;
  }

  /** Removes those that were last written before {@code before}; returns how many. */
  long remove(Instant before) {
    Table table = this.lake.table(this.name);
    DeleteOrphanFiles.Result result =
        SparkActions.get(this.lake.spark())
            .deleteOrphanFiles(table)
            .olderThan(before.toEpochMilli())
            .execute();
    long removed = 0;
    for (String ignored : result.orphanFileLocations()) {
      removed++;
    }
    return removed + this.lists(table, before);
  }

  private long lists(Table table, Instant before) {
    if (!(table.io() instanceof SupportsPrefixOperations files) || this.named(table).isEmpty()) {
      return 0;
    }
    Set<String> named = this.named(table);
    List<String> old = new ArrayList<>();
    for (FileInfo file : files.listPrefix(table.location() + LISTS)) {
      if (file.createdAtMillis() < before.toEpochMilli()
          && !named.contains(base(file.location()))) {
        old.add(file.location());
      }
    }
    old.forEach(table.io()::deleteFile);
    return old.size();
  }

  private Set<String> named(Table table) {
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

  private static String base(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
