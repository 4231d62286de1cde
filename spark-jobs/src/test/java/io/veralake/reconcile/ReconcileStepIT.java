package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
}
