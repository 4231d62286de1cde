package io.veralake.vault;

import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Models;
import io.veralake.fixture.TestLake;
import io.veralake.spec.Bridge;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultTable;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** What a night of a bridge reads, and what another declaration or missing partners make of it. */
final class BridgeNightsTest {
  private static final long DAY = 86_400;
  private static final long TODAY =
      Models.asOf().atZone(ZoneOffset.UTC).toLocalDate().toEpochDay() * DAY;
  private static final SnapshotCalendar CALENDAR = new SnapshotCalendar(3, 0, 0, 0);

  private final List<BridgeOracle.Event> landed = new ArrayList<>();

  private void land(VaultFixture vault, BridgeOracle.Event... events) throws Exception {
    for (BridgeOracle.Event event : events) {
      vault.land(event.raw(), List.of(event.row()));
      this.landed.add(event);
    }
    vault.load();
  }

  private static VaultFixture vault(Bridge bridge) {
    return new VaultFixture(TestLake.fresh(), BridgeModel.COLUMNS)
        .raw("shop", BridgeModel.RAW.toArray(String[]::new))
        .vault(bridge.inputs().toArray(VaultTable[]::new));
  }

  private static BridgeOracle.Event event(String raw, long second, long order, String customer) {
    return new BridgeOracle.Event(raw, second, false, order, customer, "p", "p", 1);
  }

  @Test
  void aNightWithoutLateRowsReadsNoOldSnapshot() throws Exception {
    Bridge bridge = BridgeModel.complete(CALENDAR);
    VaultFixture vault = vault(bridge);
    this.land(
        vault,
        event("orders", TODAY - 9 * DAY, 1, "a"),
        event("lines", TODAY - 9 * DAY, 1, "a"),
        event("orders", TODAY - 5 * DAY, 2, "a"),
        event("lines", TODAY - 5 * DAY, 2, "a"));
    List<String> first = scans(vault, () -> VaultStep.run(vault.context(0), bridge));
    assertThat(first).isNotEmpty().noneMatch(scan -> scan.contains("bridge"));

    this.land(
        vault,
        event("orders", TODAY + 1, 1, "b"),
        event("orders", TODAY + 2, 3, "b"),
        event("lines", TODAY + 2, 3, "b"));
    List<Loaded> nights = new ArrayList<>();
    List<String> night = scans(vault, () -> nights.add(VaultStep.run(vault.context(1), bridge)));
    assertThat(nights.get(0)).isEqualTo(new Loaded("bridge_complete", 0, 3, 0, 0));
    assertThat(night).isNotEmpty().noneMatch(scan -> scan.contains("bridge"));

    assertThat(scans(vault, () -> nights.add(VaultStep.run(vault.context(2), bridge))))
        .as("the new snapshot's rows are made from the vault")
        .noneMatch(scan -> scan.contains("bridge"));
    assertThat(nights.get(1)).isEqualTo(new Loaded("bridge_complete", 0, 3, 0, 0));

    this.land(vault, event("orders", TODAY - DAY + 7, 2, "c"));
    assertThat(scans(vault, () -> nights.add(VaultStep.run(vault.context(2), bridge))))
        .as("a late row")
        .anyMatch(scan -> scan.contains("bridge"));
    assertThat(nights.get(2).read())
        .as("rows that went, and that came, of three snapshots")
        .isEqualTo(6);
    this.check(vault, bridge, 2);
  }

  @Test
  void aLateRowTakesAnOrderFromAnotherCustomer() throws Exception {
    Link placed = BridgeModel.PLACED;
    Bridge bridge =
        Bridge.over(
            BridgeModel.tables(),
            "bridge_customer",
            BridgeModel.CUSTOMER,
            List.of(
                new Bridge.Step(
                    placed,
                    placed.ends().get(1),
                    "customer_hk",
                    List.of(placed.ends().get(0)),
                    "",
                    Bridge.Join.LEFT)),
            Bridge.Ends.ANY,
            List.of(),
            CALENDAR,
            BridgeModel.CUSTOMER.names());
    VaultFixture vault = vault(bridge);
    this.land(
        vault,
        event("customers", TODAY - 9 * DAY, 0, "a"),
        event("customers", TODAY - 9 * DAY, 0, "b"),
        event("orders", TODAY - 9 * DAY, 1, "a"));
    VaultStep.run(vault.context(0), bridge);

    this.land(vault, event("orders", TODAY - 7 * DAY, 1, "b"));

    assertThat(VaultStep.run(vault.context(0), bridge).read())
        .as("of three snapshots: a row of each customer went, and one came")
        .isEqualTo(12);
    this.check(vault, bridge, 0);
  }

  @Test
  void anotherWalkMakesItAnew() throws Exception {
    Bridge both = BridgeModel.complete(CALENDAR);
    VaultFixture vault = vault(both);
    this.land(
        vault,
        event("orders", TODAY - 9 * DAY, 1, "a"),
        event("lines", TODAY - 9 * DAY, 1, "a"),
        event("lines", TODAY - 9 * DAY, 2, "a"));
    VaultStep.run(vault.context(0), both);
    Bridge one =
        Bridge.over(
            BridgeModel.tables(),
            both.name(),
            both.hub(),
            both.walk().subList(0, 1),
            both.ends(),
            List.of(),
            CALENDAR,
            both.names());

    assertThat(VaultStep.run(vault.context(0), one))
        .isEqualTo(new Loaded("bridge_complete", 0, 3, 0, 0));

    assertThat(vault.lake().rows("vault.bridge_complete").columns())
        .containsExactly("order_hk", "snapshot_time", "order_line_hk", "line", "product_hk");
    assertThat(VaultStep.run(vault.context(0), both).inserted()).isEqualTo(3);
    this.check(vault, both, 0);
  }

  private void check(VaultFixture vault, Bridge bridge, int night) throws Exception {
    for (Hub all : BridgeTest.NAMES) {
      VaultStep.run(vault.vault(all).context(), all);
    }
    VaultStep.run(vault.context(), BridgeModel.ORDER);
    BridgeTest.check(vault, bridge, night, this.landed, bridge.name());
  }

  @Test
  void whoIsMissingMayBeTheUnknownRecord() throws Exception {
    VaultRules ghosts =
        new VaultRules(Map.of(VaultRules.Ghost.UNKNOWN, Map.of("customer_id", "nobody")), Map.of());
    Hub customer =
        new Hub(
            "hub_customer",
            BridgeModel.CUSTOMER.businessKey(),
            List.of(source("customers")),
            BridgeModel.CUSTOMER.names(),
            ghosts);
    Link placed =
        new Link(
            "link_order_customer",
            List.of(BridgeModel.PLACED.ends().get(0), new Link.End("customer", customer)),
            List.of(),
            true,
            List.of(),
            List.of(source("orders")),
            BridgeModel.PLACED.names(),
            ghosts);
    Bridge bridge =
        Bridge.over(
            List.of(),
            "bridge_order",
            BridgeModel.ORDER,
            List.of(
                new Bridge.Step(
                    placed,
                    placed.ends().get(0),
                    "order_hk",
                    List.of(placed.ends().get(1)),
                    "",
                    Bridge.Join.UNKNOWN)),
            Bridge.Ends.IN_FORCE,
            List.of(BridgeModel.ORDER, customer),
            new SnapshotCalendar(1, 0, 0, 0),
            BridgeModel.ORDER.names());
    VaultFixture vault = vault(bridge);
    this.land(
        vault,
        event("orders", TODAY, 1, "a"),
        event("orders", TODAY, 2, "b"),
        event("customers", TODAY, 0, "a"));

    VaultStep.run(vault.context(0), bridge);

    List<String> rows =
        vault
            .lake()
            .spark()
            .sql(
                "SELECT b.order_id, b.customer_id, l.order_customer_hk IS NOT NULL, h.customer_id FROM %s AS b LEFT JOIN %s AS l USING (order_customer_hk) LEFT JOIN %s AS h ON h.customer_hk = b.customer_hk ORDER BY 1"
                    .formatted(
                        vault.lake().sqlName("vault.bridge_order"),
                        vault.lake().sqlName("vault.link_order_customer"),
                        vault.lake().sqlName("vault.hub_customer")))
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList();
    assertThat(rows).containsExactly("[1,a,true,a]", "[2,nobody,true,nobody]");
  }

  /** Tables that {@code run} reads. */
  private static List<String> scans(VaultFixture vault, Runnable run) throws Exception {
    SparkSession spark = vault.lake().spark();
    List<String> scans = Collections.synchronizedList(new ArrayList<>());
    QueryExecutionListener listener =
        new QueryExecutionListener() {
          @Override
          public void onSuccess(String function, QueryExecution query, long nanoseconds) {
            CollectionConverters.asJava(query.optimizedPlan().collectLeaves())
                .forEach(
                    leaf -> {
                      if (leaf instanceof DataSourceV2ScanRelation scan) {
                        scans.add(scan.relation().name());
                      }
                    });
          }

          @Override
          public void onFailure(String function, QueryExecution query, Exception failure) {}
        };
    spark.listenerManager().register(listener);
    try {
      run.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.listenerManager().unregister(listener);
    }
    return List.copyOf(scans);
  }
}
