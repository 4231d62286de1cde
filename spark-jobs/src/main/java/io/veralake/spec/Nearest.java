package io.veralake.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a wrong one was probably meant to be. */
public final class Nearest {
  private Nearest() {}

  /**
   * {@code did you mean "x"?} for the known name nearest to {@code wrong}; empty if none is near.
   */
  public static Optional<String> hint(String wrong, Collection<String> known) {
    int allowed = Math.min(Math.max(2, wrong.length() / 3), wrong.length() - 1);
    return known.stream()
        .filter(name -> far(wrong, name) <= allowed)
        .min(
            Comparator.<String>comparingInt(name -> far(wrong, name))
                .thenComparing(Comparator.naturalOrder()))
        .map(name -> "did you mean \"" + name + "\"?");
  }

  /** One step if one begins with the other, else their distance. */
  private static int far(String left, String right) {
    int common = Math.min(left.length(), right.length());
    boolean begins = common >= 4 && left.regionMatches(true, 0, right, 0, common);
    return begins ? Math.min(1, distance(left, right)) : distance(left, right);
  }

  /** Characters to insert, delete, replace or swap with their neighbour, ignoring case. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(int[][] cost, String a, String b, int i, int j) {
    int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
