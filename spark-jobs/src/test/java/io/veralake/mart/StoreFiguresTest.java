package io.veralake.mart;

import static org.assertj.core.api.Assertions.assertThat;

import io.veralake.fixture.TestLake;
import io.veralake.lake.Lake;
import io.veralake.spec.Mart;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the store's figures say at their limits: windows of days, scores, and what a new day does to
 * those who did nothing.
 */
final class StoreFiguresTest {
  private static final String SALES =
      """
      order_id bigint, line_number int, order_date date, order_time timestamp, customer_id bigint,
      product_id bigint, status string, quantity int, revenue decimal(14,2), last_change_time timestamp""";

  private final Lake lake = TestLake.fresh();

  @BeforeAll
  static void zone() {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
  }

  @Test
  void segmentsFollowTheDay() {
    this.table("fact_sales", SALES);
    // The data's day is 2026-03-31.
    this.sale(1, "2026-03-31", 9, "50.00");
    this.sale(2, "2026-03-01", 1, "99.99"); // 30 days ago, and the only one ever
    this.sale(3, "2026-02-28", 2, "100.00"); // 31 days ago
    this.sale(4, "2025-04-01", 3, "400.00"); // the last day that is within 365 days
    this.sale(5, "2025-03-31", 4, "400.00"); // the first that isn't
    for (int i = 0; i < 6; i++) {
      this.sale(10 + i, "2026-03-20", 5, "400.00");
    }
    this.sale(20, "2026-12-31", 6, "10.00"); // dated in the future
    this.build("data_day", "agg_customer_segments");

    String columns =
        "SELECT customer_id, orders, orders_365_days, revenue_365_days, recency_score, frequency_score, monetary_score, segment, stands_until FROM mart.agg_customer_segments ORDER BY 1";
    assertThat(this.rows("SELECT * FROM mart.data_day")).containsExactly("2026-03-31");
    assertThat(this.rows(columns))
        .containsExactly(
            "1,1,1,99.99,5,1,1,new,2026-04-01",
            "2,1,1,100.00,4,1,2,new,2026-04-30",
            "3,1,1,400.00,1,1,3,hibernating,2026-04-01",
            "4,1,0,0.00,1,1,1,lapsed,null",
            "5,6,6,2400.00,5,4,5,champions,2026-04-20",
            "6,0,0,0.00,1,1,1,lapsed,2026-12-31",
            "9,1,1,50.00,5,1,1,new,2026-05-01");
    // Somebody buys on the day after; two others did nothing, and move all the same.
    this.sale(30, "2026-04-01", 9, "50.00");
    Built built = this.build("data_day", "agg_customer_segments");

    assertThat(built.rows()).isEqualTo(7);
    assertThat(this.rows(columns))
        .containsExactly(
            "1,1,1,99.99,4,1,1,new,2026-05-01",
            "2,1,1,100.00,4,1,2,new,2026-04-30",
            "3,1,0,0.00,1,1,1,lapsed,null",
            "4,1,0,0.00,1,1,1,lapsed,null",
            "5,6,6,2400.00,5,4,5,champions,2026-04-20",
            "6,0,0,0.00,1,1,1,lapsed,2026-12-31",
            "9,2,2,100.00,5,2,2,promising,2026-05-02");
    // The sale was an error: the data's day goes back, and all that followed from it.
    this.lake
        .spark()
        .sql("DELETE FROM " + this.lake.sqlName("mart.fact_sales") + " WHERE order_id = 30");
    this.build("data_day", "agg_customer_segments");

    assertThat(this.rows(columns))
        .contains(
            "1,1,1,99.99,5,1,1,new,2026-04-01",
            "3,1,1,400.00,1,1,3,hibernating,2026-04-01",
            "9,1,1,50.00,5,1,1,new,2026-05-01");
  }

  @Test
  void anOrderIsAttributedToTouchesOfThirtyDays() {
    this.table("fact_sales", SALES);
    this.table(
        "fact_campaign_touches",
        "campaign_id string, customer_id bigint, touch_date date, touched_at timestamp, kind string, cost decimal(12,2)");
    this.table("dim_campaign", "campaign_id string");
    this.insert("dim_campaign", "('a'), ('b'), ('c')");
    this.sale(1, "2026-03-31", 1, "10.00");
    this.sale(1, "2026-03-31", 1, "5.50");
    this.sale(2, "2026-03-31", 2, "7.00");
    this.sale(3, "2026-03-31", 3, "9.00");
    this.lake
        .spark()
        .sql(
            "UPDATE %s SET status = 'cancelled', revenue = 0 WHERE order_id = 3"
                .formatted(this.lake.sqlName("mart.fact_sales")));
    this.touch("a", 1, "2026-03-01 12:00:00"); // thirty days to the second: too long ago
    this.touch("b", 1, "2026-03-01 12:00:01");
    this.touch("c", 1, "2026-03-31 11:00:00");
    this.touch("b", 1, "2026-03-31 11:00:00"); // in one instant: by name
    this.touch("a", 1, "2026-03-31 12:00:01"); // after the order
    this.touch("a", 2, "2026-03-31 12:00:00"); // at its instant
    this.touch("a", 3, "2026-03-31 11:00:00"); // cancelled
    this.build("fact_attribution", "agg_campaign_effectiveness");

    assertThat(
            this.rows(
                "SELECT order_id, revenue, touches, first_campaign_id, last_campaign_id FROM mart.fact_attribution ORDER BY 1"))
        .containsExactly("1,15.50,3,b,c", "2,7.00,1,a,a");
    String effects = "SELECT * FROM mart.agg_campaign_effectiveness ORDER BY 1, 2";
    assertThat(this.rows(effects))
        .containsExactly(
            "2026-03-01,a,1,1,1,0.35,0,0.00,0,0.00",
            "2026-03-01,b,1,1,1,0.35,0,0.00,0,0.00",
            "2026-03-31,a,3,3,3,1.05,1,7.00,1,7.00",
            "2026-03-31,b,1,1,1,0.35,1,15.50,0,0.00",
            "2026-03-31,c,1,1,1,0.35,0,0.00,1,15.50");
    // A touch that comes late takes the first place.
    this.touch("a", 1, "2026-03-02 08:00:00");
    this.touch("c", 1, "2026-03-01 12:00:00.5");
    this.build("fact_attribution", "agg_campaign_effectiveness");

    assertThat(
            this.rows(
                "SELECT order_id, revenue, touches, first_campaign_id, last_campaign_id FROM mart.fact_attribution ORDER BY 1"))
        .containsExactly("1,15.50,5,c,c", "2,7.00,1,a,a");
    assertThat(this.rows(effects))
        .contains(
            "2026-03-01,c,1,1,1,0.35,0,0.00,0,0.00",
            "2026-03-02,a,1,1,1,0.35,0,0.00,0,0.00",
            "2026-03-31,b,1,1,1,0.35,0,0.00,0,0.00",
            "2026-03-31,c,1,1,1,0.35,1,15.50,1,15.50");
  }

  @Test
  void theWayToAnOrderCountsCustomersOncePerDay() {
    this.table("fact_sales", SALES);
    this.table(
        "fact_interactions",
        "event_date date, product_id bigint, customer_id bigint, interaction_type string");
    this.table(
        "fact_returns",
        "order_date date, product_id bigint, customer_id bigint, quantity int, status string");
    this.table("agg_daily_sales", "order_date date, product_id bigint, quantity bigint");
    this.insert(
        "fact_interactions",
        """
        (DATE '2026-03-01', 1, 1, 'browse'), (DATE '2026-03-01', 1, 1, 'search'), (DATE '2026-03-01', 1, 2, 'browse'),
        (DATE '2026-03-01', 1, 2, 'cart'), (DATE '2026-03-01', 1, 3, 'purchase')""");
    this.sale(1, "2026-03-01", 1, "10.00");
    this.sale(1, "2026-03-01", 1, "10.00");
    this.sale(2, "2026-03-01", 2, "10.00");
    this.insert("agg_daily_sales", "(DATE '2026-03-01', 1, 3)");
    this.insert(
        "fact_returns",
        """
        (DATE '2026-03-01', 1, 1, 2, 'refunded'), (DATE '2026-03-01', 1, 2, 1, 'withdrawn'),
        (DATE '2026-03-01', 1, 2, 1, 'rejected'), (CAST(NULL AS date), 1, 2, 1, 'requested')""");
    this.build("agg_order_funnel");
    assertThat(this.rows("SELECT * FROM mart.agg_order_funnel"))
        .containsExactly("2026-03-01,1,2,1,2,1,3,2");
    // It is taken back later: the day of the order changes.
    this.insert("fact_returns", "(DATE '2026-03-01', 1, 2, 1, 'requested')");
    this.build("agg_order_funnel");
    assertThat(this.rows("SELECT * FROM mart.agg_order_funnel"))
        .containsExactly("2026-03-01,1,2,1,2,2,3,3");
  }

  /** A table in the place of a mart, with those of its columns that matter. */
  private void table(String mart, String columns) {
    this.lake
        .spark()
        .sql(
            "CREATE TABLE %s (%s) USING iceberg"
                .formatted(this.lake.sqlName("mart." + mart), columns));
  }

  private void insert(String mart, String rows) {
    this.lake
        .spark()
        .sql("INSERT INTO %s VALUES %s".formatted(this.lake.sqlName("mart." + mart), rows));
  }

  private int lines;

  /** A line of an order of product 1, one piece, at noon; it was last changed at that day's end. */
  private void sale(long order, String date, long customer, String revenue) {
    String changed = date.startsWith("2026-12") ? "2026-03-31" : date;
    this.insert(
        "fact_sales",
        "(%d, %d, DATE '%s', TIMESTAMP '%s 12:00:00', %d, 1, 'paid', 1, %s, TIMESTAMP '%s 23:00:00')"
            .formatted(order, ++this.lines, date, date, customer, revenue, changed));
  }

  private void touch(String campaign, long customer, String time) {
    this.insert(
        "fact_campaign_touches",
        "('%s', %d, DATE '%s', TIMESTAMP '%s', 'click', 0.35)"
            .formatted(campaign, customer, time.substring(0, 10), time));
  }

  private Built build(String... marts) {
    Built last = null;
    if (!this.lake.exists("mart.dim_date")) {
      Mart dates = StoreModel.mart("dim_date");
      MartStep.run(StoreMartsTest.context(this.lake, "run"), dates, 0, move -> {});
    }
    for (String name : marts) {
      last =
          MartStep.run(
              StoreMartsTest.context(this.lake, "run"), StoreModel.mart(name), 0, move -> {});
    }
    return java.util.Objects.requireNonNull(last);
  }

  private List<String> rows(String sql) {
    return this.lake
        .spark()
        .sql(sql.replace("mart.", this.lake.catalog() + ".mart."))
        .collectAsList()
        .stream()
        .map(
            row ->
                Stream.iterate(0, i -> i < row.size(), i -> i + 1)
                    .map(i -> String.valueOf(row.get(i)))
                    .collect(Collectors.joining(",")))
        .toList();
  }
}
