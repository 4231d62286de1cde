package io.veralake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The simulated store's own books of its marts against the marts that the engine built, row by row,
 * in Iceberg or in ClickHouse: the queries are the same. A fact's versions of dimensions are known
 * by when they began; unknown members have no book.
 */
final class MartBooks {
  /** Which dimensions a fact has versions of. */
  private enum Dimensions {
    CUSTOMER,
    PRODUCT,
    BOTH
  }

  private static final Map<String, String> QUERIES = new TreeMap<>();

  static {
    fact(
        "fact_sales",
        Dimensions.BOTH,
        "order_id, line_number, order_date, order_time, customer_id, product_id, seller_id, region, channel, status",
        "quantity, unit_price, discount, amount, revenue, last_change_time");
    fact(
        "fact_order_status",
        Dimensions.CUSTOMER,
        "order_id, step, status, previous_status, change_date, changed_at, customer_id",
        "seconds_since_previous, is_current");
    fact(
        "fact_payments",
        Dimensions.CUSTOMER,
        "payment_id, order_id, payment_date, created_at, customer_id, method, status, amount, refunded, net_amount",
        "settlements, settled_amount, fees, last_change_time");
    fact(
        "fact_deliveries",
        Dimensions.CUSTOMER,
        "delivery_id, order_id, parcel, shipped_date, shipped_at, delivered_at, customer_id, carrier, tracking_code",
        "status, seconds_to_ship, seconds_under_way, last_change_time");
    fact(
        "fact_returns",
        Dimensions.BOTH,
        "return_id, order_id, line_number, requested_date, requested_at, order_date, customer_id, product_id",
        "seller_id, quantity, reason, status, refund, last_change_time");
    fact(
        "fact_daily_stock",
        Dimensions.PRODUCT,
        "product_id, warehouse_id, stock_date, opening_quantity, closing_quantity, lowest_quantity, highest_quantity",
        "quantity_change, changes, last_change_time");
    fact(
        "fact_sessions",
        Dimensions.CUSTOMER,
        "session_id, session_date, start_time, end_time, customer_id, duration_seconds, page_views",
        "products_viewed, interactions, cart_additions, checkout_attempts, is_abandoned, campaign_touches");
    fact(
        "fact_interactions",
        Dimensions.BOTH,
        "session_id, event_date, event_time, customer_id, product_id, interaction_type, page, action");
    fact(
        "fact_reviews",
        Dimensions.BOTH,
        "review_id, review_date, reviewed_at, customer_id, product_id, rating, review_text");
    fact(
        "fact_campaign_touches",
        Dimensions.CUSTOMER,
        "campaign_id, session_id, touch_date, touched_at, customer_id, kind, cost");
    plain(
        "fact_attribution",
        "order_id, order_date, order_time, customer_id, revenue, touches",
        "first_campaign_id, first_touched_at, last_campaign_id, last_touched_at");
    plain("data_day", "day");
    plain(
        "agg_campaign_effectiveness",
        "date, campaign_id, touches, clicks, customers, cost",
        "first_touch_orders, first_touch_revenue, last_touch_orders, last_touch_revenue");
    plain(
        "agg_order_funnel",
        "date, product_id, viewers, carters, buyers, returners, units_bought, units_returned");
    plain(
        "agg_customer_segments",
        "customer_id, first_order_date, last_order_date, orders, orders_365_days, revenue_365_days",
        "recency_score, frequency_score, monetary_score, segment, stands_until");
    plain(
        "agg_stock_cover",
        "product_id, on_hand, warehouses, empty_warehouses, on_order, lead_days",
        "sold_28_days, cover_days, risk, stands_until");
    plain(
        "agg_daily_sales", "order_date, product_id, seller_id, region, orders, quantity, revenue");
    plain("stock_level", "product_id, warehouse_id, quantity, last_change_time");
    dimension(
        "dim_customer", "customer_id", "region, segment, effective_from, effective_to, is_current");
    dimension(
        "dim_product",
        "product_id",
        "sku, title, category, brand, color, price, effective_from, effective_to, is_current");
    dimension("dim_seller", "seller_id", "name, region, rating");
    dimension("dim_warehouse", "warehouse_id", "name, region");
    plain("dim_campaign", "campaign_id, name, channel, status, budget");
    QUERIES.computeIfPresent("dim_campaign", (name, sql) -> sql + " WHERE campaign_id <> '-1'");
  }

  private final Path folder;

  /** The books in {@code folder}. */
  MartBooks(Path folder) {
    this.folder = folder;
  }

  private static void plain(String mart, String... columns) {
    QUERIES.put(mart, "SELECT " + String.join(", ", columns) + " FROM mart." + mart);
  }

  private static void dimension(String mart, String key, String columns) {
    QUERIES.put(mart, "SELECT %s, %s FROM mart.%s WHERE %1$s <> -1".formatted(key, columns, mart));
  }

  private static void fact(String mart, Dimensions dimensions, String... columns) {
    List<String> shown =
        new ArrayList<>(
            Stream.of(String.join(", ", columns).split(", ")).map(name -> "f." + name).toList());
    String from = "";
    if (dimensions != Dimensions.PRODUCT) {
      shown.add("IF(f.customer_key = -1, NULL, c.effective_from) AS customer_from");
      from += " LEFT JOIN mart.dim_customer AS c ON c.customer_key = f.customer_key";
    }
    if (dimensions != Dimensions.CUSTOMER) {
      shown.add("IF(f.product_key = -1, NULL, p.effective_from) AS product_from");
      from += " LEFT JOIN mart.dim_product AS p ON p.product_key = f.product_key";
    }
    QUERIES.put(
        mart, "SELECT %s FROM mart.%s AS f%s".formatted(String.join(", ", shown), mart, from));
  }

  /** The marts that must have a book. */
  static List<String> names() {
    return List.copyOf(QUERIES.keySet());
  }

  /**
   * Compares all marts with their books.
   *
   * @param rows gives the rows of a query as tab-separated text: null as {@code \N}, line ends as
   *     {@code \n}, times with six decimals
   * @param least each book has at least so many rows
   */
  void compare(Function<String, List<String>> rows, int least) {
    QUERIES.forEach(
        (mart, sql) -> {
          List<String> book = this.book(mart);
          List<String> expected = book.subList(1, book.size()).stream().sorted().toList();
          assertThat(expected).as("the book of %s", mart).hasSizeGreaterThanOrEqualTo(least);
          assertThat(rows.apply(sql).stream().sorted().toList())
              .as("mart.%s, row by row: %s", mart, book.get(0))
              .isEqualTo(expected);
        });
  }

  private List<String> book(String mart) {
    try {
      return Files.readAllLines(this.folder.resolve(mart + ".tsv"));
    } catch (IOException e) {
      throw new UncheckedIOException("The store keeps no book of " + mart, e);
    }
  }
}
