package io.veralake.land;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PositionRangesTest {
  @Test
  void aLateRecordIsARangeOfItsOwn() {
    PositionRanges ranges = new PositionRanges();
    for (long number = 1_000_000; number < 1_100_000; number += 3) {
      ranges.add(number);
    }
    ranges.add(17);
    assertThat(texts(ranges)).startsWith("[17, 17]").hasSizeLessThanOrEqualTo(16);
    assertThat(ranges.condition("p")).startsWith("(p >= 17L AND p <= 17L) OR (p >= 1000000L");
  }

  @Test
  void everyNumberIsInOneOfAFewRangesApart() {
    long seed = Seed.of(5);
    Random random = new Random(seed);
    PositionRanges whole = new PositionRanges();
    long[] numbers = random.longs(20_000, 0, 1L << 40).toArray();
    for (int part = 0; part < 4; part++) {
      PositionRanges one = new PositionRanges();
      for (int i = part; i < numbers.length; i += 4) {
        one.add(numbers[i]);
      }
      whole.addAll(one);
    }
    List<long[]> ranges = whole.ranges();
    assertThat(ranges).as("seed %d", seed).hasSizeLessThanOrEqualTo(16);
    for (long number : numbers) {
      assertThat(ranges.stream().filter(r -> number >= r[0] && number <= r[1]))
          .as("seed %d: %d", seed, number)
          .hasSize(1);
    }
  }

  @Test
  void nothingIsNowhere() {
    assertThat(new PositionRanges().condition("p")).isEqualTo("false");
  }

  private static List<String> texts(PositionRanges ranges) {
    return ranges.ranges().stream().map(Arrays::toString).toList();
  }
}
