package io.veralake.maintain;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.ExpireSnapshots;
import org.apache.iceberg.spark.actions.SparkActions;

/**
 * Maintains one table: puts small files together, drops snapshots that no night, no position and
 * nobody within the time of grace needs, removes files that no snapshot names. Rows, positions and
 * what is new for the next stage stay as they are.
 */
public final class MaintainStep {
  /** A table of so many manifests is maintained by Spark's tasks, a smaller one here. */
  private static final int MANY = 200;

  private final RunContext context;
  private final String name;
  private final Grace grace;
  private final NeededSnapshots needed;

  /**
   * How long what isn't needed stays.
   *
   * @param now by the machine's clock, as the ages of snapshots and files are
   * @param expireAfter age from which a snapshot is dropped
   * @param orphansAfter age from which a file that no snapshot names is removed
   */
  public record Grace(Instant now, Duration expireAfter, Duration orphansAfter) {}

  private MaintainStep(RunContext context, String name, Grace grace, NeededSnapshots needed) {
    this.context = context;
    this.name = name;
    this.grace = grace;
    this.needed = needed;
  }

  /**
   * Maintains {@code table} ({@code namespace.table}).
   *
   * @param compacts whether small files are put together. A mart's aren't: its partitions are
   *     written anew when they change, and one with other files is published again
   */
  public static Maintained run(
      RunContext context, String table, boolean compacts, Grace grace, NeededSnapshots needed) {
    if (context.lake().snapshot(table).isEmpty()) {
      return Maintained.NOTHING;
    }
    return new MaintainStep(context, table, grace, needed).run(compacts);
  }

  private Maintained run(boolean compacts) {
    Lake lake = this.context.lake();
    // The session is the step's own. Lists of files are short: two hundred tasks would only wait.
    lake.spark()
        .conf()
        .set("spark.sql.shuffle.partitions", 2L * lake.spark().sparkContext().defaultParallelism());
    Snapshot before = lake.table(this.name).currentSnapshot();
    if (compacts) {
      Compaction compaction = new Compaction(lake, this.name, this.context.runId());
      compaction.files();
      compaction.manifests();
    }
    this.keepPositions();
    int nights =
        NightTags.drop(
            lake.table(this.name),
            this.context.asOf(),
            this.context.engine().maintain().keepNights());
    long[] expired = this.expire();
    long orphans =
        new Orphans(lake, this.name)
            .remove(
                this.grace.now().minus(this.grace.orphansAfter()), small(lake.table(this.name)));
    Snapshot after = lake.table(this.name).currentSnapshot();
    return new Maintained(
        total(before, "total-data-files"),
        total(after, "total-data-files"),
        total(before, "total-files-size"),
        total(after, "total-files-size"),
        nights,
        expired[0],
        expired[1] + orphans);
  }

  /** If somebody else committed last, the positions lie in a snapshot that may be dropped. */
  private void keepPositions() {
    Table table = this.context.lake().table(this.name);
    Map<String, String> positions = Positions.of(table).properties();
    if (!positions.isEmpty() && !table.currentSnapshot().summary().containsKey(Positions.RUN)) {
      this.context.lake().advance(this.name, this.context.runId(), Map.of());
    }
  }

  /** How many snapshots and files were dropped. */
  private long[] expire() {
    Table table = this.context.lake().table(this.name);
    long before =
        Math.min(
            this.grace.now().minus(this.grace.expireAfter()).toEpochMilli(),
            this.needed.oldest(this.name, table).orElse(Long.MAX_VALUE));
    int snapshots = 0;
    for (Snapshot snapshot : table.snapshots()) {
      snapshots += snapshot.timestampMillis() < before ? 1 : 0;
    }
    if (snapshots == 0) {
      return new long[] {0, 0};
    }
    long held = count(table);
    long removed =
        small(table) ? this.expireHere(table, before) : this.expireBySpark(table, before);
    return new long[] {held - count(this.context.lake().table(this.name)), removed};
  }

  private long expireHere(Table table, long before) {
    AtomicLong removed = new AtomicLong();
    table
        .expireSnapshots()
        .expireOlderThan(before)
        .deleteWith(
            file -> {
              table.io().deleteFile(file);
              removed.incrementAndGet();
            })
        .commit();
    return removed.get();
  }

  private long expireBySpark(Table table, long before) {
    ExpireSnapshots.Result result =
        SparkActions.get(this.context.lake().spark())
            .expireSnapshots(table)
            .expireOlderThan(before)
            .execute();
    return result.deletedDataFilesCount()
        + result.deletedPositionDeleteFilesCount()
        + result.deletedEqualityDeleteFilesCount()
        + result.deletedManifestsCount()
        + result.deletedManifestListsCount();
  }

  private static boolean small(Table table) {
    return table.currentSnapshot().allManifests(table.io()).size() < MANY && count(table) < MANY;
  }

  private static long count(Table table) {
    long count = 0;
    for (Snapshot ignored : table.snapshots()) {
      count++;
    }
    return count;
  }

  private static long total(Snapshot snapshot, String what) {
    return Long.parseLong(snapshot.summary().getOrDefault(what, "0"));
  }
}
