package io.veralake.reconcile;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Says in a phrase what a cause was decided by. */
final class Evidence {
  private Evidence() {}

  static String missing(SideRow truth) {
    return "no row in the stream; true since " + time(truth.changed());
  }

  static String late(SideRow row, List<String> differing) {
    String arrival = "received " + time(row.received()) + ", committed " + time(row.changed());
    return differing.isEmpty()
        ? arrival
        : arrival + "; what came also differs: " + String.join(", ", differing);
  }

  static String duplicate(int rows, SideRow extra) {
    return "one of " + rows + " rows of the key, received " + time(extra.received());
  }

  static String phantom(List<SideRow> versions) {
    if (versions.isEmpty()) {
      return "never-existed: no version is known";
    }
    SideRow last = versions.get(versions.size() - 1);
    return last.deleted()
        ? "lost-delete: deleted " + time(last.changed())
        : "left-out: known since " + time(versions.get(0).changed()) + ", but not in the mart";
  }

  static String wrong(int versions) {
    return "equals none of " + versions + (versions == 1 ? " version" : " versions");
  }

  static String earlier(SideRow shown, Earlier earlier) {
    return "equals the version of "
        + time(earlier.since())
        + ", overtaken "
        + time(earlier.overtaken())
        + "; received "
        + time(shown.received());
  }

  /** {@code micros} as an instant; a dash if there is none. */
  static String time(long micros) {
    return micros == SideRow.NO_TIME
        ? "at an unknown time"
        : Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
