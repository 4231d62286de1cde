package io.veralake.vault;

import java.util.ArrayList;
import java.util.List;

/** Finds few items that still fail, by leaving out parts, halves first and single ones last. */
final class Shrinking {
  private Shrinking() {}

  /** Tells which of many lists fail, by their places. */
  interface Failing<T> {
    List<Integer> of(List<List<T>> candidates) throws Exception;
  }

  /**
   * Some of {@code items}, which fail together, in their order: they fail, and don't if any one is
   * left out.
   */
  static <T> List<T> smallest(List<T> items, Failing<T> failing) throws Exception {
    List<T> left = items;
    int part = Math.max(1, left.size() / 2);
    while (true) {
      List<List<T>> without = new ArrayList<>();
      for (int from = 0; from < left.size(); from += part) {
        List<T> rest = new ArrayList<>(left.subList(0, from));
        rest.addAll(left.subList(Math.min(left.size(), from + part), left.size()));
        if (!rest.isEmpty()) {
          without.add(rest);
        }
      }
      List<Integer> failed = without.isEmpty() ? List.of() : failing.of(without);
      if (!failed.isEmpty()) {
        left = without.get(failed.get(0));
        part = Math.max(1, Math.min(part, left.size() / 2));
      } else if (part > 1) {
        part = part / 2;
      } else {
        return left;
      }
    }
  }
}
