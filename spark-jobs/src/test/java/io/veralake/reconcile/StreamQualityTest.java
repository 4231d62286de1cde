package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.reconcile.StreamQuality.Night;
import io.veralake.reconcile.StreamQuality.Quality;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreamQualityTest {
  private static final Instant TONIGHT = Instant.parse("2026-03-31T00:00:00Z");

  private static Night night(int daysAgo, long compared, long missing) {
    return new Night(
        TONIGHT.minus(daysAgo, ChronoUnit.DAYS), compared, Map.of(Cause.MISSING, missing));
  }

  private static Quality missing(Night night, List<Night> earlier) {
    return StreamQuality.of(night, earlier).stream()
        .filter(quality -> quality.cause() == Cause.MISSING)
        .findFirst()
        .orElseThrow();
  }

  private static List<Night> earlier(long... missing) {
    List<Night> nights = new ArrayList<>();
    for (int i = 0; i < missing.length; i++) {
      nights.add(night(i + 1, 100_000, missing[i]));
    }
    return nights;
  }

  @Test
  void everyCauseOfADifferenceIsMeasured() {
    assertThat(StreamQuality.of(night(0, 10, 1), List.of()))
        .extracting(Quality::cause)
        .containsExactly(
            Cause.MISSING,
            Cause.LATE,
            Cause.DUPLICATE,
            Cause.PHANTOM,
            Cause.STALE,
            Cause.OUT_OF_ORDER,
            Cause.WRONG_VALUE);
  }

  /** The median of 90, 95, 98, 100, 100, 104, 110 is 100; distances 10, 5, 2, 0, 0, 4, 10: 4. */
  @Test
  void theScoreIsThatOfTheBook() {
    List<Night> earlier = earlier(100, 98, 110, 95, 100, 104, 90);
    Quality quality = missing(night(0, 100_000, 122), earlier);
    assertThat(quality.usual()).isEqualTo(0.001);
    assertThat(quality.score())
        .isCloseTo(0.6745 * 22 / 4, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(quality.unusual()).isTrue();
    assertThat(missing(night(0, 100_000, 120), earlier).unusual()).as("3.37").isFalse();
    assertThat(missing(night(0, 100_000, 10), earlier).unusual()).as("better").isFalse();
  }

  @Test
  void nothingIsUsualAsLongAsNightsAreFew() {
    Quality quality = missing(night(0, 100_000, 5_000), earlier(1, 2, 1, 2, 1, 2));
    assertThat(quality.usual()).isNull();
    assertThat(quality.unusual()).isFalse();
    assertThat(quality.rate()).isEqualTo(0.05);
  }

  @Test
  void afterNightsThatAreAllEqualAnyMoreIsUnusualUnlessItIsAHandful() {
    List<Night> clean = earlier(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(missing(night(0, 100_000, 5), clean).unusual()).isFalse();
    assertThat(missing(night(0, 100_000, 6), clean).unusual()).isTrue();
    assertThat(missing(night(0, 100_000, 0), clean).score()).isNull();
  }

  /** More than half of the nights equal: the mean deviation, 0.7979 of 1.25 over 8. */
  @Test
  void mostlyEqualNightsAreMeasuredByTheMeanDeviation() {
    Quality quality = missing(night(0, 100_000, 30), earlier(20, 20, 20, 20, 20, 20, 20, 30));
    assertThat(quality.score())
        .isCloseTo(0.7979 * 10 / 1.25, org.assertj.core.data.Offset.offset(1e-9));
  }

  @Test
  void oneBadNightDoesNotHideTheNext() {
    List<Night> earlier = earlier(9_000, 100, 98, 110, 95, 100, 104, 90);
    assertThat(missing(night(0, 100_000, 9_000), earlier).unusual()).isTrue();
  }

  /** Neither the order of nights, nor nights that are too old or later, change anything. */
  @Test
  void onlyTheLastNightsBeforeCount() {
    long seed = Seed.of(20261122L);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Night> last = new ArrayList<>();
      int nights = 1 + random.nextInt(StreamQuality.NIGHTS);
      for (int i = 1; i <= nights; i++) {
        last.add(night(i, 1 + random.nextInt(100_000), random.nextInt(300)));
      }
      Night tonight = night(0, 1 + random.nextInt(100_000), random.nextInt(600));
      List<Quality> expected = StreamQuality.of(tonight, last);
      List<Night> more = new ArrayList<>(last);
      for (int i = 0; i < 5; i++) {
        more.add(night(-i, 1_000, 1_000));
        if (nights == StreamQuality.NIGHTS) {
          more.add(night(100 + i, 1_000, 1_000));
        }
      }
      Collections.shuffle(more, random);
      assertThat(StreamQuality.of(tonight, more)).as("seed " + seed).isEqualTo(expected);
      for (Quality quality : expected) {
        assertThat(quality.rate()).as("seed " + seed).isBetween(0.0, 1.0);
        assertThat(quality.usual() == null).isEqualTo(nights < StreamQuality.FEWEST_NIGHTS);
      }
    }
  }
}
