package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private static final Shape SHAPE = Shape.of(Shop.declared("db", Shop.mart(), "0"), List.of());

  @Test
  void streamedAndTheCausesGiveTheCorrectedInEveryPartition() {
    Ledger ledger =
        new Ledger(
            SHAPE,
            List.of(
                tally(Cause.MISSING, null, side("d1", 1, 30, 3)),
                tally(Cause.PHANTOM, side("d1", 2, 12, 5), null),
                // A row that the stream shows in another partition.
                tally(Cause.WRONG_VALUE, side("d1", 1, 7, 1), side(null, 1, 8, 2)),
                tally(Cause.TOLERATED, side(null, 1, 50, 1), side(null, 1, 51, 1))));
    List<Ledger.Line> lines =
        ledger.lines(
            sums("d1", sum(10, 0, 100, 20), null, sum(4, 0, 90, 9)),
            sums("d1", sum(8, 0, 111, 17), null, sum(5, 0, 99, 11)));
    assertThat(lines.stream().map(LedgerTest::printed))
        .containsExactly(
            "null rows 4 {WRONG_VALUE=1, TOLERATED=0} 5 0",
            "null price 90 {WRONG_VALUE=8, TOLERATED=1} 99 0",
            "null quantity 9 {WRONG_VALUE=2, TOLERATED=0} 11 0",
            "d1 rows 10 {MISSING=1, PHANTOM=-2, WRONG_VALUE=-1} 8 0",
            "d1 price 100 {MISSING=30, PHANTOM=-12, WRONG_VALUE=-7} 111 0",
            "d1 quantity 20 {MISSING=3, PHANTOM=-5, WRONG_VALUE=-1} 17 0");
    Reconciled.Restated price = Ledger.totals(lines).get("price");
    assertThat(price.streamed()).isEqualByComparingTo("190");
    assertThat(price.corrected()).isEqualByComparingTo("210");
    assertThat(price.causes())
        .containsEntry(Cause.WRONG_VALUE, BigDecimal.ONE)
        .containsEntry(Cause.MISSING, BigDecimal.valueOf(30));
  }

  @Test
  void whatIsInFlightIsLeftOutOnBothSidesAndCounted() {
    Ledger ledger =
        new Ledger(
            SHAPE,
            List.of(
                tally(Cause.IN_FLIGHT, side("d1", 2, 20, 4), null),
                tally(Cause.IN_FLIGHT, null, side("d1", 3, 31, 5))));
    List<Ledger.Line> lines =
        ledger.lines(sums("d1", sum(10, 7, 100, 20)), sums("d1", sum(11, 40, 111, 21)));
    assertThat(lines.stream().map(LedgerTest::printed))
        .containsExactly("d1 rows 8 {} 8 52", "d1 price 80 {} 80 52", "d1 quantity 16 {} 16 52");
  }

  @Test
  void aLineThatDoesNotAddUpIsRefused() {
    Ledger ledger = new Ledger(SHAPE, List.of(tally(Cause.MISSING, null, side("d1", 1, 30, 3))));
    assertThatThrownBy(
            () -> ledger.lines(sums("d1", sum(1, 0, 10, 1)), sums("d1", sum(2, 0, 41, 4))))
        .isInstanceOf(Ledger.Unbalanced.class)
        .hasMessage(
            "Unbalanced ledger: partition d1, price: streamed 10 + causes {MISSING=30} = 40 <> corrected 41");
  }

  @Test
  void aFindingOutsideOfWhatWasMeasuredIsRefused() {
    Ledger ledger = new Ledger(SHAPE, List.of(tally(Cause.MISSING, null, side("d9", 1, 30, 3))));
    assertThatThrownBy(
            () -> ledger.lines(sums("d1", sum(1, 0, 10, 1)), sums("d1", sum(1, 0, 10, 1))))
        .isInstanceOf(Ledger.Unbalanced.class)
        .hasMessage("Unbalanced ledger: nothing was measured of partition d9");
  }

  private static String printed(Ledger.Line line) {
    return "%s %s %s %s %s %d"
        .formatted(
            line.partition(),
            line.measure(),
            line.streamed(),
            line.causes(),
            line.corrected(),
            line.inFlight());
  }

  private static Tally tally(
      Cause cause, Tally.@Nullable Side streamed, Tally.@Nullable Side corrected) {
    return new Tally(cause, streamed, corrected, null, 1);
  }

  private static Tally.Side side(@Nullable String partition, long... sums) {
    return new Tally.Side(partition, numbers(sums));
  }

  private static Sums sum(long rows, long inFlight, long price, long quantity) {
    return new Sums(rows, 0, 0, inFlight, numbers(rows, price, quantity));
  }

  private static Map<@Nullable String, Sums> sums(@Nullable Object... pairs) {
    Map<@Nullable String, Sums> sums = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      sums.put((String) pairs[i], (Sums) pairs[i + 1]);
    }
    return sums;
  }

  private static List<BigDecimal> numbers(long... values) {
    return Arrays.stream(values).mapToObj(BigDecimal::valueOf).toList();
  }
}
