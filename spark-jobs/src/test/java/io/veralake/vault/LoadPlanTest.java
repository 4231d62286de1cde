package io.veralake.vault;

import static io.veralake.vault.VaultFixture.column;
import static io.veralake.vault.VaultFixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.spec.Hub;
import io.veralake.spec.Prejoin;
import io.veralake.spec.Satellite;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** Promise 7, as far as plans show it: which tables and columns a load scans. */
final class LoadPlanTest {
  private static final Hub CUSTOMER =
      new Hub("hub_customer", List.of(column("id", "bigint")), List.of(source("users")));
  private static final Satellite PROFILE =
      new Satellite(
          "sat_profile",
          CUSTOMER,
          List.of(column("name", "string")),
          List.of(),
          List.of(source("users")));

  @Test
  void loadReadsNoColumnThatItDoesNotNeed() throws Exception {
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string, unused string")
            .raw("shop", "users")
            .vault(CUSTOMER, PROFILE);
    vault.land("users", List.of(row(1L, "A", 10), row(2L, "B", 11)));
    List<String> first = this.scans(vault);
    assertThat(first).isNotEmpty().allMatch(scan -> scan.contains("raw.users"));
    assertThat(first).noneMatch(scan -> scan.contains("unused"));

    vault.land("users", List.of(row(1L, "B", 20)));
    List<String> night = this.scans(vault);
    // History is looked up by the night's keys: no plan scans, joins or exchanges it.
    assertThat(night)
        .as("history is looked up by the night's keys: no plan scans, joins or exchanges it")
        .noneMatch(scan -> scan.contains(".vault."));

    assertThat(this.scans(vault)).as("nothing new, nothing read").isEmpty();
  }

  @Test
  void nightOfAJoinReadsWhatIsNewAndWhatWaits() throws Exception {
    Prejoin prejoin =
        new Prejoin(
            "order_users",
            source("orders"),
            List.of(
                new Prejoin.Partner(
                    "user",
                    source("users"),
                    List.of(new Prejoin.Pair("id", "id")),
                    List.of(new Prejoin.Pair("user_name", "name")))));
    VaultFixture vault =
        new VaultFixture(TestLake.fresh(), "id bigint, name string, unused string")
            .raw("shop", "orders", "users");
    vault.land("users", List.of(row(1L, "A", 10), row(2L, "B", 11)));
    vault.land("orders", List.of(row(1L, "x", 20), row(2L, "y", 21)));
    PrejoinStep.run(vault.context(), prejoin);

    vault.land("orders", List.of(row(1L, "z", 30), row(3L, "w", 31)));
    assertThat(this.scans(vault, () -> PrejoinStep.run(vault.context(), prejoin)))
        .as("partners are looked up, rows that were joined aren't read")
        .isNotEmpty()
        .allMatch(scan -> scan.contains(".raw.orders"));

    vault.land("users", List.of(row(3L, "C", 40)));
    List<String> met = this.scans(vault, () -> PrejoinStep.run(vault.context(), prejoin));
    assertThat(met)
        .as("rows that wait are read, those of the source aren't")
        .anyMatch(scan -> scan.contains(".stage.order_users:"))
        .noneMatch(scan -> scan.contains(".raw.orders"));
    assertThat(met)
        .filteredOn(scan -> scan.contains(".stage.order_users:"))
        .as("files are chosen by whether their rows wait")
        .allMatch(scan -> scan.contains("_waiting = true"));

    assertThat(this.scans(vault, () -> PrejoinStep.run(vault.context(), prejoin)))
        .as("nothing new, nothing read")
        .isEmpty();
  }

  private List<String> scans(VaultFixture vault) throws Exception {
    return this.scans(vault, vault::load);
  }

  /** Tables and columns that a load reads. */
  private List<String> scans(VaultFixture vault, Runnable load) throws Exception {
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
                        scans.add(
                            "%s: %s by %s"
                                .formatted(
                                    scan.relation().name(),
                                    scan.scan().readSchema().toDDL(),
                                    scan.scan().description()));
                      }
                    });
          }

          @Override
          public void onFailure(String function, QueryExecution query, Exception failure) {}
        };
    spark.listenerManager().register(listener);
    try {
      load.run();
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.listenerManager().unregister(listener);
    }
    return List.copyOf(scans);
  }

  private static RawRow row(long id, String name, long at) {
    return new RawRow("c", null, List.of(id, name, "x"), at, at, "shop");
  }
}
