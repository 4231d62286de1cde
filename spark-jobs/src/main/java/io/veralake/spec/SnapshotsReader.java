package io.veralake.spec;

/** Reads which instants a snapshot table holds. */
final class SnapshotsReader {
  private static final String KEY = "snapshots";
  private static final int MOST = 10_000;

  private SnapshotsReader() {}

  /** The object {@code snapshots} of {@code node}, which has to be there. */
  static SnapshotCalendar read(Node node) {
    if (!node.has(KEY)) {
      node.missing(KEY);
    }
    return node.object(KEY, KEY)
        .map(SnapshotsReader::calendar)
        .orElseGet(() -> new SnapshotCalendar(0, 0, 0, 0));
  }

  private static SnapshotCalendar calendar(Node node) {
    SnapshotCalendar calendar =
        new SnapshotCalendar(
            Scalars.integer(node, "daily", 0, MOST, 0),
            Scalars.integer(node, "weekly", 0, MOST, 0),
            Scalars.integer(node, "monthly", 0, MOST, 0),
            Scalars.integer(node, "yearly", 0, MOST, 0));
    if (calendar.daily() + calendar.weekly() + calendar.monthly() + calendar.yearly() == 0) {
      node.invalid(
          "daily", "0", "at least one snapshot: daily, weekly, monthly or yearly = how many");
    }
    node.end();
    return calendar;
  }
}
