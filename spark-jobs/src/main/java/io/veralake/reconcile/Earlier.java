package io.veralake.reconcile;

import java.util.List;
import java.util.Optional;

/**
 * The earlier version that a row of the stream shows.
 *
 * @param since when the version began to hold
 * @param overtaken when the next version that differs began to hold
 */
record Earlier(long since, long overtaken) {
  /**
   * The version among {@code versions} (by time) that {@code shown} equals: the latest that had begun when the row's event was committed, else the latest of all. The last
   * version is none, for nothing has overtaken it.
   */
  static Optional<Earlier> shownBy(
      SideRow shown, List<SideRow> versions, Values values, Cut cut) {
    Optional<Earlier> found = Optional.empty();
    for (int i = 0; i < versions.size(); i++) {
      SideRow version = versions.get(i);
      if (!version.deleted() && values.agree(version.values(), shown.values())) {
        Optional<Earlier> earlier = overtaken(i, versions, values);
        boolean begun = version.changed() <= shown.changed();
        if (earlier.isPresent() && (begun || found.isEmpty())) {
          found = earlier;
        }
      }
    }
    return found;
  }

  private static Optional<Earlier> overtaken(int place, List<SideRow> versions, Values values) {
    SideRow version = versions.get(place);
    for (SideRow later : versions.subList(place + 1, versions.size())) {
      if (later.deleted() || !values.agree(later.values(), version.values())) {
        return Optional.of(new Earlier(version.changed(), later.changed()));
      }
    }
    return Optional.empty();
  }
}
