package io.veralake.mart;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.Seed;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.Mart;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Built night by night, built at once, and worked out in plain Java, the marts are the same. */
final class MartHistoryTest {
  private static final long SEED = Seed.of(20260301L);
  private static final List<String> NAMES =
      List.of(
          "dim_customer", "dim_product", "dim_seller", "dim_date", "fact_sales", "agg_daily_sales");

  @BeforeAll
  static void zone() {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
  }

  @Test
  void nightByNightIsAllAtOnceIsTheOracle() {
    Lake lake = TestLake.fresh();
    StoreHistory history = new StoreHistory(new StoreVault(lake), SEED);
    for (int night = 1; night <= 4; night++) {
      history.night(night == 1 ? 60 : 18);
      build(lake, "night" + night, night % 3 == 0 ? MartStep.SMALL_ROWS : 0);
      compare(lake, history, "seed " + SEED + ", night " + night);
    }
    List<String> incremental = all(lake);
    NAMES.forEach(name -> lake.spark().sql("DROP TABLE " + lake.sqlName("mart." + name)));
    build(lake, "anew", 0);
    assertThat(all(lake)).as("seed %d", SEED).isEqualTo(incremental);
  }

  private static void build(Lake lake, String run, long smallRows) {
    for (String name : NAMES) {
      Mart mart = StoreModel.mart(name);
      MartStep.run(StoreMartsTest.context(lake, run), mart, smallRows, move -> {});
    }
  }

  private static void compare(Lake lake, StoreHistory history, String when) {
    assertThat(
            rows(
                lake,
                "SELECT customer_id, region, segment, effective_from, effective_to FROM mart.dim_customer"))
        .as("dim_customer, %s", when)
        .isEqualTo(history.dimCustomer());
    assertThat(
            rows(
                lake,
                "SELECT product_id, title, price, effective_from, effective_to FROM mart.dim_product"))
        .as("dim_product, %s", when)
        .isEqualTo(history.dimProduct());
    assertThat(
            rows(
                lake,
                """
                SELECT order_id, line_number, order_date, f.customer_id,
                  IF(customer_key = -1, TIMESTAMP '1971-01-01 00:00:00', c.effective_from),
                  f.product_id, IF(product_key = -1, TIMESTAMP '1971-01-01 00:00:00', p.effective_from),
                  f.region, status, quantity, amount, revenue, last_change_time
                FROM mart.fact_sales f JOIN mart.dim_customer c USING (customer_key) JOIN mart.dim_product p USING (product_key)"""))
        .as("fact_sales, %s", when)
        .isEqualTo(history.factSales());
    assertThat(rows(lake, "SELECT * FROM mart.agg_daily_sales"))
        .as("agg_daily_sales, %s", when)
        .isEqualTo(history.aggDailySales());
  }

  private static List<String> all(Lake lake) {
    return NAMES.stream()
        .flatMap(name -> rows(lake, "SELECT '" + name + "', * FROM mart." + name).stream())
        .toList();
  }

  private static List<String> rows(Lake lake, String sql) {
    return lake
        .spark()
        .sql(sql.replace("mart.", lake.catalog() + ".mart."))
        .collectAsList()
        .stream()
        .map(row -> row.mkString(","))
        .sorted()
        .toList();
  }
}
