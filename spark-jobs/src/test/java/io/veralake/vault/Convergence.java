package io.veralake.vault;

import io.veralake.vault.RandomHistories.Dealt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Loads random histories into vaults until there were enough of them, and compares each vault with
 * the oracle: {@code Convergence <histories> [seed]}. Stops at the first that differs, with the
 * fewest rows that still make it differ.
 */
final class Convergence {
  private static final int AT_ONCE = 2000;

  private Convergence() {}

  public static void main(String[] arguments) throws Exception {
    int histories = Integer.parseInt(arguments[0]);
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    Random random = new Random(seed);
    for (int done = 0; done < histories; done += AT_ONCE) {
      long began = System.nanoTime();
      long round = random.nextLong();
      int batches = 1 + random.nextInt(4);
      double late = List.of(0.0, 0.3, 1.0).get(random.nextInt(3));
      int truncates = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
      check(
          new RandomHistories(
              round, Math.min(AT_ONCE, histories - done), batches, late, truncates));
      System.out.printf(
          Locale.ROOT,
          "converged: %,d of %,d histories; seed %d: %d batches, %.1f of them in disorder, %d truncates, %.0f s%n",
          Math.min(histories, done + AT_ONCE),
          histories,
          round,
          batches,
          late,
          truncates,
          (System.nanoTime() - began) / 1e9);
    }
    System.out.printf("converged: all; again with: %d %d%n", histories, seed);
    System.exit(0);
  }

  /**
   * Fails, with the seed and a smallest history, if the vault answers otherwise than the oracle.
   */
  static void check(RandomHistories random) throws Exception {
    Map<Integer, List<String>> differences = ConvergedVault.differences(random);
    if (differences.isEmpty()) {
      return;
    }
    List<String> first = new ArrayList<>();
    differences.values().forEach(first::addAll);
    throw new AssertionError(
        "seed %d: %d histories differ, such as%n%s%n%s"
            .formatted(
                random.seed(),
                differences.size(),
                first.stream().limit(5).collect(Collectors.joining("\n")),
                smallest(random, differences)));
  }

  /** The fewest rows of one of the histories that differ by themselves, as text. */
  private static String smallest(RandomHistories random, Map<Integer, List<String>> differences)
      throws Exception {
    int history =
        differences.keySet().stream().max(Comparator.naturalOrder()).orElse(RandomHistories.NONE);
    List<Dealt> truncates =
        random.dealt().stream().filter(one -> one.history() == RandomHistories.NONE).toList();
    List<Dealt> rows = random.dealt().stream().filter(one -> one.history() == history).toList();
    for (List<Dealt> around : List.of(List.<Dealt>of(), truncates)) {
      Shrinking.Failing<Dealt> failing = candidates -> failing(random, around, candidates);
      if (history != RandomHistories.NONE && failing.of(List.of(rows)).contains(0)) {
        List<Dealt> fewest = new ArrayList<>(Shrinking.smallest(rows, failing));
        fewest.addAll(around);
        return fewest.stream()
            .sorted(Comparator.comparingInt(Dealt::batch))
            .map(one -> "landing %d of %s: %s".formatted(one.batch(), one.source(), one.row()))
            .collect(Collectors.joining("\n", "fewest rows that still differ:\n", ""));
      }
    }
    return "(none of them differs by itself)";
  }

  /** Which of {@code candidates} differ, each a history of its own in one vault. */
  private static List<Integer> failing(
      RandomHistories random, List<Dealt> around, List<List<Dealt>> candidates) throws Exception {
    List<Dealt> rows = new ArrayList<>(around);
    for (int i = 0; i < candidates.size(); i++) {
      int number = i;
      candidates.get(i).forEach(one -> rows.add(one.of(number)));
    }
    return List.copyOf(ConvergedVault.differences(random.with(rows)).keySet());
  }
}
