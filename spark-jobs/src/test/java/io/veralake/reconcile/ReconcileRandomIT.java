package io.veralake.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestClickHouse;
import io.veralake.fixture.TestLake;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random shops with faults of every kind: what is found is what was made, to the row and to the
 * cent.
 */
final class ReconcileRandomIT {
  @RegisterExtension static final TestClickHouse CLICKHOUSE = new TestClickHouse();

  static Stream<Long> seeds() {
    Long seed = Long.getLong("veralake.seed");
    return seed == null ? Stream.of(1L) : Stream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsFoundIsWhatWasMade(long seed) {
    RandomShop made = new RandomShop(seed, 1, 700, 0, Shop.AS_OF);
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "random" + seed)) {
      shop.truth(String.join("\n", made.truth));
      shop.versions(String.join("\n", made.versions));
      shop.stream(String.join("\n", made.stream));
      ReconcileStep.run(shop.run("r1", Shop.AS_OF), shop.reconciliation);
      assertThat(shop.causes(Shop.AS_OF)).isEqualTo(made.findings);
      assertThat(shop.ledger(Shop.AS_OF)).isEqualTo(Shop.normal(made.ledger));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aNightOnTopFindsWhatAFullComparisonFinds(long seed) {
    long before = Shop.AS_OF - 86_400;
    RandomShop first = new RandomShop(seed, 1, 300, 0, before);
    RandomShop second = new RandomShop(-seed, 5, 300, before, Shop.AS_OF);
    try (Shop shop = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "night" + seed)) {
      shop.truth(String.join("\n", first.truth));
      shop.versions(String.join("\n", first.versions));
      shop.stream(String.join("\n", first.stream));
      ReconcileStep.run(shop.run("r1", before), shop.reconciliation);
      assertThat(shop.causes(before)).isEqualTo(first.findings);
      shop.truth(String.join("\n", second.truth));
      shop.versions(String.join("\n", first.versions) + "\n" + String.join("\n", second.versions));
      shop.stream(String.join("\n", second.stream));
      ReconcileStep.run(shop.run("r2", Shop.AS_OF), shop.reconciliation);
      try (Shop fresh = new Shop(TestLake.fresh(), CLICKHOUSE.server(), "full" + seed)) {
        fresh.truth(String.join("\n", first.truth) + "\n" + String.join("\n", second.truth));
        fresh.versions(
            String.join("\n", first.versions) + "\n" + String.join("\n", second.versions));
        fresh.stream(String.join("\n", first.stream) + "\n" + String.join("\n", second.stream));
        ReconcileStep.run(fresh.run("r", Shop.AS_OF), fresh.reconciliation);
        assertThat(shop.causes(Shop.AS_OF)).isEqualTo(fresh.causes(Shop.AS_OF));
      }
    }
  }
}
