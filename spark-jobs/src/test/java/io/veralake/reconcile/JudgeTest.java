package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.Seed;
import io.veralake.lake.DataException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JudgeTest {
  private static final long SECOND = 1_000_000;
  private static final Cut CUT = new Cut(900 * SECOND, 1000 * SECOND, 5 * SECOND);
  private static final Shape SHAPE = Shape.of(Shop.declared("db", Shop.mart(), "0"), List.of());
  private static final Judge JUDGE = new Judge("sales", SHAPE, CUT);

  @Test
  void equalRowsAreClean() {
    List<SideRow> rows = List.of(truth("1.00", 10), stream("1.00", 10, 11));
    assertThat(JUDGE.isClean(rows)).isTrue();
    assertThat(JUDGE.findings(rows)).isEmpty();
  }

  @Test
  void whatHasAnythingToJudgeIsNotClean() {
    assertThat(JUDGE.isClean(List.of(truth("1.00", 10), stream("1.00", 901, 902)))).isFalse();
    assertThat(JUDGE.isClean(List.of(stream("1.00", 10, 11)))).isFalse();
    assertThat(JUDGE.isClean(List.of(truth("1.00", 10)))).isFalse();
    assertThat(JUDGE.isClean(List.of(truth("1.00", 10), stream("1.01", 10, 11)))).isFalse();
    assertThat(
            JUDGE.isClean(
                List.of(truth("1.00", 10), stream("1.00", 10, 11), stream("1.00", 10, 12))))
        .isFalse();
    assertThat(JUDGE.isClean(List.of(stream("1.00", 10, 1001)))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "100, 101, stale",
    "100, 205, stale",
    "100, 206, out-of-order",
    "250, 251, out-of-order"
  })
  void anEarlierVersionIsStaleUnlessItArrivedAfterTheLaterOneHadTo(
      long committed, long received, String cause) {
    assertThat(
            causes(
                truth("2.00", 200),
                stream("1.00", committed, received),
                version("1.00", 100),
                version("2.00", 200)))
        .containsExactly(cause);
  }

  @Test
  void theVersionOfTheEventsOwnTimeIsTheOneThatCounts() {
    // 1.00 held twice; the row shows the second time, overtaken at 400.
    assertThat(
            causes(
                truth("3.00", 400),
                stream("1.00", 300, 402),
                version("1.00", 100),
                version("2.00", 200),
                version("1.00", 300),
                version("3.00", 400)))
        .containsExactly("stale");
  }

  @Test
  void aVersionThatBeganAfterTheEventDoesNotCount() {
    // 1.00 held twice; the row shows the first time, overtaken at 200.
    assertThat(
            causes(
                truth("3.00", 400),
                stream("1.00", 100, 206),
                version("3.00", 400),
                version("1.00", 300),
                version("2.00", 200),
                version("1.00", 100)))
        .containsExactly("out-of-order");
  }

  @Test
  void aDeletionOvertakesEvenIfItCarriesTheSameValues() {
    assertThat(
            causes(
                truth("3.00", 400),
                stream("1.00", 100, 206),
                version("1.00", 100),
                row(SideRow.Side.HISTORY, "1.00", 200 * SECOND, SideRow.NO_TIME, true),
                version("3.00", 400)))
        .containsExactly("out-of-order");
  }

  @Test
  void aVersionOvertakenWithinItsInstantIsStillAVersion() {
    assertThat(
            causes(
                truth("2.00", 100),
                stream("1.00", 100, 101),
                version("2.00", 100),
                version("1.00", 100)))
        .containsExactly("stale");
  }

  @Test
  void theRowClosestToTheTruthIsKeptAndTheOthersAreDuplicates() {
    List<Finding> findings =
        JUDGE.findings(
            List.of(
                truth("1.00", 10),
                stream("7.00", 12, 13),
                stream("1.00", 10, 11),
                stream("1.00", 10, 12)));
    assertThat(findings)
        .extracting(finding -> finding.cause().word())
        .containsExactly("duplicate", "duplicate");
    assertThat(
            findings.stream()
                .map(Finding::streamed)
                .map(shown -> shown == null ? "" : shown.json()))
        .anyMatch(json -> json.contains("7.00"))
        .anyMatch(json -> json.contains("1.00"));
  }

  @Test
  void aKeyThatIsWrongAndDoubledIsBoth() {
    assertThat(
            causes(
                truth("1.00", 10),
                stream("3.00", 10, 11),
                stream("4.00", 10, 11),
                version("1.00", 10)))
        .containsExactly("wrong-value", "duplicate");
  }

  @Test
  void aPhantomTwiceIsOnePhantomAndOneDuplicate() {
    assertThat(causes(stream("3.00", 10, 11), stream("3.00", 10, 12)))
        .containsExactly("phantom", "duplicate");
    assertThat(JUDGE.findings(List.of(stream("3.00", 10, 11), stream("4.00", 12, 13))))
        .extracting(finding -> finding.cause().word() + " " + finding.streamed().json())
        .satisfiesExactly(
            latest -> assertThat(latest).startsWith("phantom").contains("4.00"),
            other -> assertThat(other).startsWith("duplicate").contains("3.00"));
  }

  @Test
  void aPhantomSaysWhereItsKeyShouldBe() {
    assertThat(JUDGE.findings(List.of(stream("3.00", 10, 11), version("3.00", 10))))
        .extracting(Finding::elsewhere)
        .containsExactly("2026-03-01");
    assertThat(JUDGE.findings(List.of(stream("3.00", 10, 11), version("3.00", 10), deleted(20))))
        .extracting(Finding::elsewhere)
        .containsOnlyNulls();
  }

  @Test
  void aDifferenceWithinTheToleranceCountsInTheLedgerOnly() {
    Judge tolerant =
        new Judge("sales", Shape.of(Shop.declared("db", Shop.mart(), "0.01"), List.of()), CUT);
    assertThat(tolerant.findings(List.of(truth("1.00", 10), stream("1.01", 10, 11))))
        .extracting(Finding::cause)
        .containsExactly(Cause.TOLERATED);
    assertThat(tolerant.findings(List.of(truth("1.00", 10), stream("1.02", 10, 11))))
        .extracting(Finding::cause)
        .containsExactly(Cause.WRONG_VALUE);
    // Of two that both agree, the one that is equal counts.
    assertThat(
            tolerant.findings(
                List.of(truth("1.00", 10), stream("1.01", 12, 13), stream("1.00", 10, 11))))
        .extracting(Finding::cause)
        .containsExactly(Cause.DUPLICATE);
  }

  @Test
  void aPhantomKnowsWhatBecameOfItsKey() {
    assertThat(evidence(stream("3.00", 10, 11))).startsWith("never-existed");
    assertThat(evidence(stream("3.00", 10, 11), version("3.00", 10), deleted(20)))
        .startsWith("lost-delete: deleted 1970-01-01T00:00:20Z");
    assertThat(evidence(stream("3.00", 10, 11), deleted(20), version("3.00", 10)))
        .startsWith("lost-delete: deleted 1970-01-01T00:00:20Z");
    assertThat(evidence(stream("3.00", 10, 11), version("3.00", 10))).startsWith("left-out");
  }

  @Test
  void whatArrivedAfterTheBooksWereClosedIsLate() {
    assertThat(causes(truth("1.00", 10), stream("1.00", 10, 1001))).containsExactly("late");
    assertThat(causes(truth("2.00", 20), stream("1.00", 10, 11), stream("2.00", 20, 1001)))
        .containsExactly("late");
    assertThat(evidence(truth("1.00", 10), stream("5.00", 10, 1001)))
        .endsWith("what came also differs: price");
    assertThat(evidence(truth("1.00", 10), stream("5.00", 10, 1001), stream("1.00", 10, 1002)))
        .isEqualTo("received 1970-01-01T00:16:42Z, committed 1970-01-01T00:00:10Z");
    assertThat(causes(truth("1.00", 10), stream("1.00", 10, 1000))).isEmpty();
  }

  @Test
  void onlyALateRowThatIsRightExplainsADifferenceAndTheFirstDoes() {
    assertThat(
            causes(
                truth("3.00", 30),
                stream("1.00", 10, 11),
                stream("2.00", 20, 1001),
                version("1.00", 10),
                version("3.00", 30)))
        .containsExactly("stale");
    assertThat(
            evidence(
                truth("2.00", 20),
                stream("1.00", 10, 11),
                stream("2.00", 20, 1003),
                stream("2.00", 20, 1002)))
        .startsWith("received 1970-01-01T00:16:42Z");
    assertThat(evidence(truth("2.00", 20), stream("1.00", 10, 1003), stream("2.00", 20, 1002)))
        .isEqualTo("received 1970-01-01T00:16:42Z, committed 1970-01-01T00:00:20Z");
  }

  @Test
  void aLateRowBesideARightOneIsNothingYet() {
    assertThat(causes(truth("1.00", 10), stream("1.00", 10, 11), stream("9.00", 10, 1001)))
        .isEmpty();
    assertThat(causes(stream("9.00", 10, 1001))).isEmpty();
  }

  @Test
  void whateverChangedAfterTheWatermarkIsInFlight() {
    assertThat(causes(truth("1.00", 901), stream("2.00", 10, 11))).containsExactly("in-flight");
    assertThat(causes(truth("1.00", 10), stream("2.00", 901, 902))).containsExactly("in-flight");
    assertThat(causes(truth("1.00", 10), stream("2.00", 10, 11), stream("3.00", 901, 1001)))
        .containsExactly("in-flight");
    // What the engines' sums hold of the key, which end at the watermark, is taken back: no more.
    assertThat(sides(truth("1.00", 900), stream("2.00", 900, 901), stream("3.00", 901, 902)))
        .containsExactly("streamed", "corrected");
    assertThat(sides(truth("1.00", 901), stream("2.00", 10, 11))).containsExactly("streamed");
    assertThat(causes(stream("2.00", 10, 11), version("2.00", 10), deleted(901)))
        .containsExactly("in-flight");
    assertThat(causes(truth("1.00", 900), stream("2.00", 10, 11), version("1.00", 900)))
        .containsExactly("wrong-value");
  }

  @Test
  void aKeyOnTwoRowsOfTheTruthIsRefusedWithoutPersonalData() {
    assertThatThrownBy(() -> JUDGE.findings(List.of(truth("1.00", 10), truth("2.00", 10))))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Invalid key of reconciliation sales: {\"id\":1,\"line\":\"a\"} is on more than one row of the mart (a key must identify a row)");
  }

  @Test
  void personalValuesAreNeverPrinted() {
    Shape personal =
        new Shape(
            SHAPE.key(),
            SHAPE.values(),
            SHAPE.tolerances(),
            SHAPE.measures(),
            java.util.Set.of("note", "line"));
    Finding finding = new Judge("sales", personal, CUT).findings(List.of(truth("1.00", 10))).get(0);
    assertThat(finding.toString()).doesNotContain("secret", "\"a\"").contains("personal:");
  }

  @Test
  void randomKeysGetTheCauseTheyWereMadeWithAndTheLedgerIsExact() {
    long seed = Seed.of(42L);
    RandomShop made = new RandomShop(seed, 1, 20_000, 0, Shop.AS_OF);
    Cut cut = new Cut((Shop.AS_OF - 5) * SECOND, Shop.AS_OF * SECOND, 5 * SECOND);
    Map<List<@Nullable String>, List<SideRow>> keys = new LinkedHashMap<>();
    made.truth.forEach(line -> add(keys, SideRow.Side.TRUTH, line));
    made.stream.forEach(line -> add(keys, SideRow.Side.STREAM, line));
    made.versions.forEach(line -> add(keys, SideRow.Side.HISTORY, line));
    Judge judge = new Judge("sales", SHAPE, cut);
    List<String> found = new ArrayList<>();
    Map<String, BigDecimal> ledger = new TreeMap<>();
    keys.forEach(
        (key, rows) -> {
          for (Finding finding : judge.findings(rows)) {
            if (finding.cause() != Cause.IN_FLIGHT) {
              found.add(finding.cause().word() + " " + key.get(0));
              account(ledger, finding);
            }
          }
        });
    assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(made.findings);
    Map<String, BigDecimal> expected = new TreeMap<>(made.ledger);
    expected
        .keySet()
        .removeIf(account -> account.endsWith("streamed") || account.endsWith("corrected"));
    assertThat(Shop.normal(ledger)).as("seed %d", seed).isEqualTo(Shop.normal(expected));
  }

  private static void account(Map<String, BigDecimal> ledger, Finding finding) {
    Finding.Shown streamed = finding.streamed();
    if (streamed != null) {
      ledger.merge(
          streamed.partition() + " " + finding.cause().word(),
          streamed.measures().get(1).negate(),
          BigDecimal::add);
    }
    Finding.Shown corrected = finding.corrected();
    if (corrected != null) {
      ledger.merge(
          corrected.partition() + " " + finding.cause().word(),
          corrected.measures().get(1),
          BigDecimal::add);
    }
  }

  private static void add(
      Map<List<@Nullable String>, List<SideRow>> keys, SideRow.Side side, String line) {
    @Nullable String[] fields = line.split("\\|", -1);
    for (int i = 0; i < fields.length; i++) {
      fields[i] = "-".equals(fields[i]) ? null : fields[i];
    }
    List<@Nullable String> key = Arrays.asList(fields[0], fields[1]);
    long last =
        side == SideRow.Side.STREAM
            ? Long.parseLong(String.valueOf(fields[7])) * SECOND
            : SideRow.NO_TIME;
    SideRow row =
        new SideRow(
            side,
            key,
            Arrays.asList(fields[2], fields[3], fields[4], fields[5]),
            Long.parseLong(String.valueOf(fields[6])) * SECOND,
            last,
            side == SideRow.Side.HISTORY && "true".equals(fields[7]));
    keys.computeIfAbsent(key, any -> new ArrayList<>()).add(row);
  }

  private static List<String> causes(SideRow... rows) {
    return JUDGE.findings(List.of(rows)).stream()
        .map(finding -> finding.cause().word())
        .distinct()
        .toList();
  }

  /** The side that each finding counts on. */
  private static List<String> sides(SideRow... rows) {
    return JUDGE.findings(List.of(rows)).stream()
        .map(finding -> finding.streamed() == null ? "corrected" : "streamed")
        .toList();
  }

  private static String evidence(SideRow... rows) {
    return JUDGE.findings(List.of(rows)).get(0).evidence();
  }

  private static SideRow truth(String price, long changed) {
    return row(SideRow.Side.TRUTH, price, changed * SECOND, SideRow.NO_TIME, false);
  }

  private static SideRow stream(String price, long committed, long received) {
    return row(SideRow.Side.STREAM, price, committed * SECOND, received * SECOND, false);
  }

  private static SideRow version(String price, long from) {
    return row(SideRow.Side.HISTORY, price, from * SECOND, SideRow.NO_TIME, false);
  }

  private static SideRow deleted(long from) {
    return row(SideRow.Side.HISTORY, "0.00", from * SECOND, SideRow.NO_TIME, true);
  }

  private static SideRow row(
      SideRow.Side side, String price, long changed, long received, boolean deleted) {
    return new SideRow(
        side,
        List.of("1", "a"),
        List.of("2026-03-01", "1", price, "secret"),
        changed,
        received,
        deleted);
  }
}
