package io.veralake.reconcile;

import java.util.Comparator;
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
   * The version among {@code versions} (by time) that {@code shown} equals: the latest that had
   * begun when the row's event was committed, else the latest of all. What nothing has overtaken is
   * none.
   */
  static Optional<Earlier> shownBy(SideRow shown, List<SideRow> versions, Values values) {
    Optional<Earlier> found = Optional.empty();
    for (SideRow version : versions) {
      if (!version.deleted() && values.agree(version.values(), shown.values())) {
        Optional<Earlier> earlier = overtaken(version, versions, values);
        boolean begun = version.changed() <= shown.changed();
        if (earlier.isPresent() && (begun || found.isEmpty())) {
          found = earlier;
        }
      }
    }
    return found;
  }

  private static Optional<Earlier> overtaken(
      SideRow version, List<SideRow> versions, Values values) {
    return versions.stream()
        .filter(later -> later.changed() >= version.changed())
        .filter(later -> later.deleted() || !values.agree(later.values(), version.values()))
        .map(later -> new Earlier(version.changed(), later.changed()))
        .min(Comparator.comparingLong(Earlier::overtaken));
  }
}
