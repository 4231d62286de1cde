package io.veralake.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/** Collects everything that is wrong, so that its author learns of all of it at once. */
final class Problems {
  private record Located(Place place, String text) {}

  private final LinkedHashSet<Located> found = new LinkedHashSet<>();

  /** Adds {@code what: value (allowed)}. */
  void add(Place place, String what, String value, String allowed) {
    this.add(place, what + ": " + value + (allowed.isEmpty() ? "" : " (" + allowed + ")"));
  }

  /** Adds a name that nothing has, with the known name that is nearest. */
  void unknown(Place place, String what, String value, Collection<String> known) {
    String near =
        Nearest.hint(value, known)
            .orElseGet(() -> known.isEmpty() ? "there is none" : String.join(", ", sorted(known)));
    this.add(place, "Unknown " + what, value, near);
  }

  /** Adds a text that says all but the place. */
  void add(Place place, String text) {
    if (!place.file().equals(Place.MISSING)) {
      this.found.add(new Located(place, text));
    }
  }

  /** How many there are. */
  int count() {
    return this.found.size();
  }

  /**
   * Does nothing if there is none.
   *
   * @throws SpecException with all of them, by file and line
   */
  void throwIfAny() {
    if (this.found.isEmpty()) {
      return;
    }
    List<Located> all = new ArrayList<>(this.found);
    all.sort(
        Comparator.<Located, String>comparing(problem -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line()));
    throw new SpecException(
        all.stream().map(problem -> problem.text() + " at " + problem.place()).toList());
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }
}
