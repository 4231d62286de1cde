package io.veralake.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShrinkingTest {
  /** What is needed is left, and nothing else. */
  @Test
  void onlyWhatFailsIsLeft() throws Exception {
    long seed = Seed.of(5);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(40);
      List<Integer> items = IntStream.range(0, size).boxed().toList();
      TreeSet<Integer> needed = new TreeSet<>();
      for (int i = 0; i < 1 + random.nextInt(3); i++) {
        needed.add(random.nextInt(size));
      }
      List<Integer> found =
          Shrinking.smallest(
              items,
              candidates ->
                  IntStream.range(0, candidates.size())
                      .filter(i -> candidates.get(i).containsAll(needed))
                      .boxed()
                      .toList());
      assertThat(found).as("seed %d, round %d", seed, round).containsExactlyElementsOf(needed);
    }
  }
}
