package io.veralake.vault;

import io.veralake.fixture.Seed;
import org.junit.jupiter.api.Test;

/**
 * Promise 1: however the input is split, ordered and repeated, the vault answers as the oracle
 * does. Each run holds hundreds of histories, each with keys of its own. More of them: {@link
 * Convergence}.
 */
final class ConvergenceTest {
  @Test
  void someRowsAreLate() throws Exception {
    Convergence.check(new RandomHistories(seed(7), 800, 2, 0.3, 0));
  }

  @Test
  void allRowsAreInDisorderAndSourcesAreTruncated() throws Exception {
    Convergence.check(new RandomHistories(seed(8), 800, 3, 1.0, 3));
  }

  @Test
  void rowsComeInOrder() throws Exception {
    Convergence.check(new RandomHistories(seed(9), 500, 2, 0.0, 0));
  }

  private static long seed(long usual) {
    return Seed.of(usual);
  }
}
