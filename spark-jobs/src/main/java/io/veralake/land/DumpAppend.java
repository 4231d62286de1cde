package io.veralake.land;

import static org.apache.spark.sql.functions.col;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import io.veralake.lake.RunContext;
import io.veralake.land.BatchColumns.Fate;
import io.veralake.spec.LandTable;
import java.util.List;
import java.util.Map;

/**
 * Appends to a raw table what a dump changes.
 *
 * @param read rows of the dump that were appended
 * @param absent deletes that were appended, of rows that it doesn't have
 * @param doubts why none were, in words
 */
record DumpAppend(long read, long absent, List<String> doubts) {
  private static final long ROWS_PER_FILE = 250_000;

  DumpAppend {
    doubts = List.copyOf(doubts);
  }

  /** Appends what {@code batch} changes, in one commit with {@code positions}. */
  static DumpAppend of(
      RunContext context,
      LandTable table,
      Batch batch,
      BatchReport report,
      DumpMoment moment,
      Map<String, String> positions) {
    Lake lake = context.lake();
    String raw = "raw." + table.name();
    DumpKey key = DumpKey.of(table);
    long unknown = moment.whole() ? unknown(batch, report) : 0;
    boolean deletes = moment.whole() && unknown == 0;
    try (DumpChanges changes = DumpChanges.of(lake, raw, key, batch, moment, deletes)) {
      changes.check(raw, key, moment, report.count(Fate.ROW));
      long all = changes.changed() + changes.absent();
      if (all == 0) {
        lake.advance(raw, context.runId(), positions);
      } else {
        int partitions = (int) Math.max(1, Math.min(1000, all / ROWS_PER_FILE));
        BatchFiles files = BatchFiles.of(lake.table(raw), report);
        lake.append(
            files.placed(changes.rows(context.runId(), partitions)),
            raw,
            context.runId(),
            positions,
            files.options());
      }
      List<String> doubts =
          unknown == 0
              ? List.of()
              : List.of(
                  "%d records of %s can't be read, not even their keys: no key that it doesn't have was taken as deleted"
                      .formatted(unknown, moment.place()));
      return new DumpAppend(changes.changed(), changes.absent(), doubts);
    }
  }

  /** Records that may be any of those that seem to be missing. */
  private static long unknown(Batch batch, BatchReport report) {
    return report.count(Fate.BAD) == 0
        ? 0
        : batch.rows(Fate.BAD).where(col(RawColumns.AFTER).isNull()).count();
  }
}
