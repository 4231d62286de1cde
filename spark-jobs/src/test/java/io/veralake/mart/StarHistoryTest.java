package io.veralake.mart;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.Mart;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every mart of the store, brought up to date by what a night changed, holds what it holds when it
 * is built anew from the same vault. The vault is random: rows come late, repeat, and go.
 */
final class StarHistoryTest {
  private static final long SEED = Seed.of(20260322L);

  @BeforeAll
  static void zone() {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
  }

  @Test
  void aNightOfChangesIsABuildAnew() throws Exception {
    Lake lake = TestLake.fresh();
    RandomVault vault = new RandomVault(lake, tables(), SEED);
    vault.night(0, 40);
    build(lake, "first");
    List<String> before =
        new ArrayList<>(all(lake).values().stream().flatMap(List::stream).toList());
    vault.night(20, 12);
    build(lake, "second");
    Map<String, List<String>> incremental = all(lake);
    for (Mart mart : StoreModel.MODEL.marts()) {
      List<String> anew = anew(lake, mart);
      assertThat(anew).as("%s, seed %d", mart.name(), SEED).isNotEmpty();
      assertThat(incremental.get(mart.name())).as("%s, seed %d", mart.name(), SEED).isEqualTo(anew);
    }
    assertThat(incremental.values().stream().flatMap(List::stream).toList())
        .as("the night changed something")
        .isNotEqualTo(before);
  }

  /**
   * What the query of {@code mart} gives over the vault and the marts as they stand: those that it
   * reads were compared before it, since marts come after what they read.
   */
  private static List<String> anew(Lake lake, Mart mart) {
    Views views = new Views(StoreMartsTest.context(lake, "anew"), Map.of());
    return text(lake.spark().sql(views.query(mart.sql())));
  }

  /** The vault tables that marts and their checks read. */
  private static List<VaultTable> tables() {
    return StoreModel.MODEL.vault().stream()
        .filter(
            table ->
                StoreModel.MODEL.marts().stream()
                    .anyMatch(
                        mart ->
                            mart.reads().contains(table.name())
                                || mart.checks().stream()
                                    .anyMatch(check -> check.sql().contains(table.name()))))
        .toList();
  }

  /** Side by side where one doesn't wait for the other, as a night does. */
  private static void build(Lake lake, String run) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Mart> waiting = new ArrayList<>(StoreModel.MODEL.marts());
      while (!waiting.isEmpty()) {
        List<Mart> ready =
            waiting.stream()
                .filter(mart -> waiting.stream().noneMatch(other -> waitsFor(mart, other)))
                .toList();
        List<Callable<Object>> steps =
            ready.stream().map(mart -> Executors.callable(() -> build(lake, run, mart))).toList();
        for (Future<Object> step : threads.invokeAll(steps)) {
          step.get();
        }
        waiting.removeAll(ready);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static boolean waitsFor(Mart mart, Mart other) {
    return mart != other
        && (mart.reads().contains(other.name())
            || mart.checks().stream().anyMatch(check -> check.sql().contains(other.name())));
  }

  /** The checks are run once: what they find has tests of its own. */
  private static void build(Lake lake, String run, Mart mart) {
    Mart built =
        run.equals("second")
            ? mart
            : new Mart(
                mart.name(),
                mart.kind(),
                mart.sql(),
                mart.columns(),
                mart.grain(),
                mart.partitionBy(),
                mart.reads(),
                mart.refresh(),
                List.of());
    MartStep.run(StoreMartsTest.context(lake, run), built, 0, move -> {});
  }

  private static Map<String, List<String>> all(Lake lake) {
    Map<String, List<String>> result = new LinkedHashMap<>();
    for (Mart mart : StoreModel.MODEL.marts()) {
      result.put(mart.name(), text(lake.spark().table(lake.sqlName("mart." + mart.name()))));
    }
    return result;
  }

  private static List<String> text(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.mkString(",")).sorted().toList();
  }
}
