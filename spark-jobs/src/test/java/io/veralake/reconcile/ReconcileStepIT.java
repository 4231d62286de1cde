package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import io.veralake.lake.DataException;
import io.veralake.lake.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReconcileStepIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  @Test
  void everyDifferenceHasItsCause() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "causes")) {
      shop.truth(
          """
          1|a|2026-03-01|2|20.00|fine|100
          2|a|2026-03-01|3|30.00|missing|100
          3|a|2026-03-01|1|10.00|late|100
          4|a|2026-03-01|1|11.50|doubled|100
          6|a|2026-03-02|1|9.00|stale|90000
          7|a|2026-03-02|4|40.00|overwritten|90000
          8|a|2026-03-02|5|50.00|wrong|90000
          9|a|2026-03-02|5|50.00|moved|90000
          10|a|2026-03-03|5|50.00|flying|259198""");
      shop.versions(
          """
          5|a|2026-03-01|5|50.00|deleted|100|false
          5|a|-|-|-|-|200|true
          6|a|2026-03-02|2|18.00|stale|89000|false
          6|a|2026-03-02|1|9.00|stale|90000|false
          7|a|2026-03-02|3|30.00|overwritten|89000|false
          7|a|2026-03-02|4|40.00|overwritten|90000|false
          8|a|2026-03-02|5|50.00|wrong|90000|false
          9|a|2026-03-02|5|50.00|moved|90000|false""");
      shop.stream(
          """
          1|a|2026-03-01|2|20.00|fine|100|101
          3|a|2026-03-01|1|10.00|late|100|259201
          4|a|2026-03-01|1|11.50|doubled|100|101
          4|a|2026-03-01|1|11.50|doubled|100|301
          5|a|2026-03-01|5|50.00|deleted|100|101
          55|a|2026-03-01|1|1.00|invented|100|101
          6|a|2026-03-02|2|18.00|stale|89000|89001
          7|a|2026-03-02|3|30.00|overwritten|89000|90020
          8|a|2026-03-02|5|51.00|wrong|90000|90001
          9|a|2026-03-01|5|50.00|moved|90000|90001
          11|a|2026-03-03|5|50.00|flying|259198|259199""");
      Reconciled reconciled = ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      assertThat(shop.discrepancies(Shop.AS_OF))
          .containsExactly(
              "duplicate 4 a",
              "late 3 a",
              "missing 2 a",
              "out-of-order 7 a quantity,price",
              "phantom 5 a",
              "phantom 55 a",
              "stale 6 a quantity,price",
              "wrong-value 8 a price",
              "wrong-value 9 a day");
      Reconciled.Restated price = reconciled.measures().get("price");
      assertThat(price.streamed()).isEqualByComparingTo("243.00");
      assertThat(price.corrected()).isEqualByComparingTo("220.50");
      assertThat(reconciled.causes()).containsAllEntriesOf(Map.of(Cause.PHANTOM, 2L));
    }
  }

  @Test
  void anotherRunOfTheSameNightReplacesTheFirst() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "rerun")) {
      RandomShop made = new RandomShop(11, 1, 60, 0, Shop.AS_OF);
      fill(shop, made);
      Reconciled first = ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      List<String> found = shop.everything();
      List<List<String>> mirrored = shop.mirrored();
      // As if the run had died between its moves: differences of a dead run, no summary, nothing in
      // ClickHouse.
      shop.leaveHalfARun(Shop.AS_OF);
      Reconciled second = ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      assertThat(second).isEqualTo(first);
      assertThat(shop.everything()).isEqualTo(found);
      assertThat(shop.mirrored()).isEqualTo(mirrored);
      assertThat(mirrored.get(0).get(0)).isEqualTo(Long.toString(first.discrepancies()));
    }
  }

  @Test
  void aNightThatStandsOutIsFlagged() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "quality")) {
      StringBuilder rows = new StringBuilder();
      for (int id = 1; id <= 20; id++) {
        rows.append("%d|a|2026-03-01|1|10.00|x|100%n".formatted(id));
      }
      shop.truth(rows.toString());
      shop.versions("1|a|2026-03-01|1|10.00|x|100|false");
      shop.stream("1|a|2026-03-01|1|10.00|x|100|101");
      ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      assertThat(new ShopQuality(shop).unusual(Shop.AS_OF)).as("nothing is usual yet").isEmpty();
      new ShopQuality(shop).earlierNights(Shop.AS_OF, 9, 2);
      ReconcileStep.run(shop.run("r2", Shop.AS_OF), shop.reconciliation);
      assertThat(new ShopQuality(shop).unusual(Shop.AS_OF))
          .containsExactly("lake: missing 19/20 0.1000", "ClickHouse: missing 19/20 0.1000");
    }
  }

  @Test
  void aRowInFlightIsLookedAtAgainThoughNothingTouchesItsPartition() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "flight")) {
      shop.truth("1|a|2026-03-01|1|10.00|x|100\n2|a|2026-03-02|1|10.00|x|100");
      shop.versions("1|a|2026-03-01|1|10.00|x|100|false");
      shop.stream("1|a|2026-03-01|1|99.00|x|172799|172800\n2|a|2026-03-02|1|10.00|x|100|101");
      Reconciled first = ReconcileStep.run(shop.run("r1", 172_800), shop.reconciliation);
      assertThat(first.discrepancies()).isZero();
      assertThat(first.inFlight()).isEqualTo(2);
      assertThat(first.compared()).isEqualTo(1);
      shop.stream("3|a|2026-03-02|1|10.00|x|259000|259001");
      Reconciled second = ReconcileStep.run(shop.run("r2", Shop.AS_OF), shop.reconciliation);
      assertThat(shop.causes(Shop.AS_OF)).containsExactly("phantom 3", "wrong-value 1");
      assertThat(second.partitions()).isEqualTo(2);
      Reconciled third =
          ReconcileStep.run(shop.run("r3", Shop.AS_OF + 86_400), shop.reconciliation);
      assertThat(third.discrepancies()).isEqualTo(2);
    }
  }

  @Test
  void whatNothingTouchedIsNotComparedAgainAndSettledPartitionsKeepTheirLastWord() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "touch")) {
      shop.truth("1|a|2026-03-01|1|10.00|x|100\n2|a|2026-03-02|1|20.00|x|200");
      shop.versions("2|a|2026-03-02|1|20.00|x|200|false");
      shop.stream("1|a|2026-03-01|1|10.00|x|100|101\n2|a|2026-03-02|1|20.00|x|200|201");
      shop.landed(172_000);
      ReconcileStep.run(shop.run("r1", 172_800), shop.reconciliation);
      shop.truth("2|a|2026-03-02|1|25.00|x|150");
      Reconciled second = ReconcileStep.run(shop.run("r2", Shop.AS_OF), shop.reconciliation);
      assertThat(second.partitions()).isEqualTo(1);
      assertThat(shop.previous(Shop.AS_OF)).containsExactly("2026-03-02 20.000000000 25.000000000");
    }
  }

  @Test
  void aDifferenceWithinTheToleranceIsNoneButTheLedgerStaysExact() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "tolerance")) {
      shop.truth("1|a|2026-03-01|1|10.00|x|100\n2|a|2026-03-01|1|10.00|x|100");
      shop.versions("1|a|2026-03-01|1|10.00|x|100|false");
      shop.stream("1|a|2026-03-01|1|10.01|x|100|101\n2|a|2026-03-01|1|10.02|x|100|101");
      Reconciled reconciled =
          ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation("0.01"));
      assertThat(shop.discrepancies(Shop.AS_OF)).containsExactly("wrong-value 2 a price");
      assertThat(reconciled.measures().get("price").causes().get(Cause.TOLERATED))
          .isEqualByComparingTo("-0.01");
    }
  }

  @Test
  void aRowThatTheStreamPutsIntoAnotherPartitionIsFoundEvenIfItsOwnWasNotTouched() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "moved")) {
      shop.truth("1|a|2026-03-01|1|10.00|x|100\n2|a|2026-03-02|1|20.00|x|200");
      shop.versions("1|a|2026-03-01|1|10.00|x|100|false");
      shop.stream("1|a|2026-03-01|1|10.00|x|100|101\n2|a|2026-03-02|1|20.00|x|200|201");
      ReconcileStep.run(shop.run("r1", 172_800), shop.reconciliation);
      shop.clickHouse()
          .execute("ALTER TABLE moved.sales DELETE WHERE id = 1 SETTINGS mutations_sync = 2");
      shop.stream("1|a|2026-03-05|1|10.00|x|100|200000");
      ReconcileStep.run(shop.run("r2", Shop.AS_OF), shop.reconciliation);
      assertThat(shop.discrepancies(Shop.AS_OF)).containsExactly("wrong-value 1 a day");
    }
  }

  @Test
  void onlySegmentsThatDifferAreRead() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "segments")) {
      List<String> rows =
          IntStream.range(0, 4_000).mapToObj(i -> i + "|a|2026-03-01|1|10.00|x|100").toList();
      shop.truth(String.join("\n", rows));
      shop.versions("1|a|2026-03-01|1|10.00|x|100|false");
      shop.stream(
          rows.stream()
              .map(
                  row ->
                      row.startsWith("77|") ? row.replace("10.00", "10.01") + "|101" : row + "|101")
              .collect(Collectors.joining("\n")));
      ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      assertThat(shop.discrepancies(Shop.AS_OF)).containsExactly("wrong-value 77 a price");
      assertThat(shop.fetched(Shop.AS_OF)).isBetween(2L, 160L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-01", "-"})
  void aFaultInOnePartitionReadsNoRowsOfTheOthers(String faulty) {
    String database = faulty.equals("-") ? "lonely_null" : "lonely_day";
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), database)) {
      List<String> days =
          List.of("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "-");
      List<String> rows =
          IntStream.range(0, 240)
              .mapToObj(i -> i + "|a|" + days.get(i % days.size()) + "|1|10.00|x|100")
              .toList();
      shop.truth(String.join("\n", rows));
      shop.versions("1|a|2026-03-01|1|10.00|x|100|false");
      String wrong = days.indexOf(faulty) + "|a|";
      shop.stream(
          rows.stream()
              .map(row -> (row.startsWith(wrong) ? row.replace("10.00", "10.01") : row) + "|101")
              .collect(Collectors.joining("\n")));
      ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      assertThat(shop.causes(Shop.AS_OF)).containsExactly("wrong-value " + days.indexOf(faulty));
      // The faulty partition has forty rows on each side.
      assertThat(shop.fetched(Shop.AS_OF)).isBetween(2L, 80L);
    }
  }

  @Test
  void aStreamThatCannotBeComparedIsRefused() {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "refused")) {
      shop.truth("1|a|2026-03-01|1|10.00|x|100");
      shop.clickHouse()
          .execute(
              "ALTER TABLE refused.sales MODIFY COLUMN price Nullable(Float64), DROP COLUMN note");
      assertThatThrownBy(() -> ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation))
          .isInstanceOf(DataException.class)
          .hasMessage(
              "Cannot reconcile sales_refused: the rows of refused.sales don't fit mart sales: price is Nullable(Float64), which decimal(12,2) can't hold exactly; note is missing"
                  + " (stream.rows must give these columns: [id, line, ingest, day, quantity, price, commit_time, received_time])");
    }
  }

  @Test
  void theReportTellsTheNight() throws IOException {
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "report")) {
      fill(shop, new RandomShop(5, 1, 200, 0, Shop.AS_OF));
      RunContext run = shop.run("r1", Shop.AS_OF);
      Reconciled reconciled = ReconcileStep.run(run, shop.reconciliation);
      Path report = ReportStep.run(run);
      assertThat(report).hasFileName("night-2026-03-04.html");
      assertThat(Files.readString(report))
          .contains(
              "Books closed as of 4 March 2026, 00:00 UTC", "lost-delete: deleted", "overtaken")
          .contains(reconciled.discrepancies() + " (");
    }
  }

  private static void fill(Shop shop, RandomShop made) {
    shop.truth(String.join("\n", made.truth));
    shop.versions(String.join("\n", made.versions));
    shop.stream(String.join("\n", made.stream));
  }
}
