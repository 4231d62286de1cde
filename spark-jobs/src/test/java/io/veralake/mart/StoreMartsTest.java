package io.veralake.mart;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestEngine;
import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.spec.Engine;
import io.veralake.spec.HashRules;
import io.veralake.spec.Mart;
import io.veralake.spec.Secret;
import io.veralake.spec.VaultNaming;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The SQL of the store's marts on a vault that fits on a page. */
final class StoreMartsTest {
  @RegisterExtension static final TestLake LAKE = new TestLake();

  private static Instant at(String text) {
    return Instant.parse("2026-03-" + text + ":00Z");
  }

  static RunContext context(Lake lake, String run) {
    return new RunContext(
        run, Instant.parse("2026-04-01T00:00:00Z"), lake, engine(), StoreModel.MODEL);
  }

  static Engine engine() {
    return new Engine(
        "test",
        Path.of("."),
        "in",
        new Engine.Catalog(
            "c",
            Engine.CatalogType.JDBC,
            "",
            "",
            Secret.NONE,
            "w",
            Engine.FileAccess.HADOOP,
            Map.of()),
        new Engine.S3("", "", true, Secret.NONE, Secret.NONE),
        new Engine.Kafka("", Map.of()),
        Map.of(),
        new Engine.ClickHouseServer("", "", Secret.NONE, ""),
        Map.of(),
        new HashRules("MD5"),
        VaultNaming.DEFAULT,
        Engine.Privacy.NONE,
        new Engine.Publish(Engine.WritePath.PUSH, "", 2, List.of()),
        Path.of("reports"),
        TestEngine.MAINTAIN,
        TestEngine.NO_METRICS);
  }

  @Test
  void martsShowTheVault() {
    Lake lake = LAKE.lake();
    StoreVault vault = new StoreVault(lake);
    vault.customer(1, "north", "basic", at("01T10:00"));
    vault.customer(1, "south", "basic", at("03T10:00"));
    vault.customer(1, "south", "gold", at("03T10:00"));
    vault.customer(2, "east", "basic", at("01T10:00"));
    vault.customerDeleted(2, at("04T10:00"));
    vault.product(7, "Lamp", "home", at("01T00:00"));
    vault.price(7, "9.99", at("01T00:00"));
    vault.price(7, "12.00", at("05T00:00"));
    vault.seller(5, "Ann", "north", at("01T00:00"));
    vault.order(100, 1, at("02T10:00"), "north", at("02T10:00"));
    vault.status(100, "new", at("02T10:00"));
    vault.status(100, "shipped", at("03T11:00"));
    vault.line(100, 1, 7, 5, 2, "9.99", at("02T10:00"));
    vault.line(100, 2, 7, 5, 1, "5.00", at("02T10:00"));
    vault.lineDeleted(100, 2, 7, 5, at("02T11:00"));
    vault.order(101, 1, at("05T10:00"), "south", at("05T10:00"));
    vault.status(101, "cancelled", at("06T10:00"));
    vault.line(101, 1, 7, 5, 1, "12.00", at("05T10:00"));
    vault.order(102, 9, at("02T12:00"), "west", at("02T12:00"));
    vault.line(102, 1, 8, 6, 3, "1.00", at("02T12:00"));
    vault.order(103, 1, at("02T12:00"), "west", at("02T12:00"));
    vault.line(103, 1, 7, 5, 3, "1.00", at("02T12:00"));
    vault.orderDeleted(103, at("02T13:00"));
    vault.stock(7, 1, 10, at("02T12:00"));
    vault.stock(7, 1, 8, at("03T12:00"));
    vault.stock(8, 1, 8, at("03T12:00"));
    vault.flush();
    for (Mart mart : StoreModel.SALES) {
      Built built = MartStep.run(context(lake, "run1"), mart);
      assertThat(built.rows()).isPositive();
      assertThat(built.checks()).noneMatch(Checked::stops);
    }

    assertThat(
            rows(
                "SELECT customer_id, region, segment, effective_from, effective_to, is_current FROM mart.dim_customer"))
        .containsExactlyInAnyOrder(
            "-1,unknown,unknown,1970-01-01 00:00:00.0,null,true",
            "1,north,basic,1970-01-01 00:00:00.0,2026-03-03 10:00:00.0,false",
            "1,south,gold,2026-03-03 10:00:00.0,null,true",
            "2,east,basic,1970-01-01 00:00:00.0,2026-03-04 10:00:00.0,false");
    assertThat(
            rows(
                "SELECT product_id, title, price, effective_from, effective_to, is_current FROM mart.dim_product"))
        .containsExactlyInAnyOrder(
            "-1,unknown,null,1970-01-01 00:00:00.0,null,true",
            "7,Lamp,9.99,1970-01-01 00:00:00.0,2026-03-05 00:00:00.0,false",
            "7,Lamp,12.00,2026-03-05 00:00:00.0,null,true");
    assertThat(rows("SELECT * FROM mart.dim_seller"))
        .containsExactlyInAnyOrder(
            "-1,unknown,unknown,null", "5,Ann,north,4.50", "6,unknown,unknown,null");
    assertThat(
            rows(
                "SELECT order_id, line_number, order_date, c.region, p.price, f.customer_id, f.status, quantity, amount, revenue, last_change_time"
                    + " FROM mart.fact_sales f JOIN mart.dim_customer c USING (customer_key) JOIN mart.dim_product p USING (product_key)"))
        .containsExactlyInAnyOrder(
            "100,1,2026-03-02,north,9.99,1,shipped,2,19.98,19.98,2026-03-03 11:00:00.0",
            "101,1,2026-03-05,south,12.00,1,cancelled,1,12.00,0.00,2026-03-06 10:00:00.0",
            "102,1,2026-03-02,unknown,null,9,null,3,3.00,3.00,2026-03-02 12:00:00.0");
    assertThat(rows("SELECT * FROM mart.agg_daily_sales"))
        .containsExactlyInAnyOrder(
            "2026-03-02,7,5,north,1,2,19.98", "2026-03-02,8,6,west,1,3,3.00");
    assertThat(rows("SELECT * FROM mart.stock_level"))
        .containsExactlyInAnyOrder("7,1,8,2026-03-03 12:00:00.0", "8,1,8,2026-03-03 12:00:00.0");
    assertThat(
            rows(
                "SELECT weekday, weekday_name, week, is_weekend, quarter, month_name FROM mart.dim_date WHERE date = '2026-03-01'"))
        .containsExactly("7,Sunday,9,true,1,March");
  }

  private static List<String> rows(String sql) {
    Lake lake = LAKE.lake();
    return lake
        .spark()
        .sql(sql.replace("mart.", lake.catalog() + ".mart."))
        .collectAsList()
        .stream()
        .map(row -> row.mkString(","))
        .toList();
  }
}
