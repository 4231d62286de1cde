package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The vault as it should be, a file of tab-separated text for each table, with a header, sorted;
 * null is {@code \N}, times are UTC. Hashes and bookkeeping are left out: a hub or link is its
 * business keys, a satellite its whole history by these.
 */
final class VaultBooks {
  private final Books books;
  private final int day;

  /** The books at the end of a day. */
  VaultBooks(Truth truth, int day) {
    this.books = new Books(truth);
    this.day = day;
  }

  /** Writes all tables into a folder. */
  void write(Path folder) throws IOException {
    this.shopKeys();
    this.shop();
    this.relations();
    this.dumps();
    this.purchases();
    this.campaigns();
    this.documents();
    this.books.book(
        "bridge_order",
        List.of(BridgeBook.COLUMNS.split(" ", -1)),
        new BridgeBook(this.books).rows(this.midnights().subList(0, 3)));
    this.books.write(folder);
  }

  private void shopKeys() {
    String line = "order_id product_id seller_id line_number";
    this.books.keys("hub_customer", "customer_id:user_id", SourceTable.USERS, SourceTable.ORDERS);
    this.books.keys("hub_product", "product_id", SourceTable.PRODUCTS, SourceTable.ORDER_ITEMS);
    this.books.keys("hub_product", "product_id", SourceTable.RETURNS);
    this.books.keys("hub_seller", "seller_id", SourceTable.SELLERS, SourceTable.PRODUCTS);
    this.books.keys("hub_seller", "seller_id", SourceTable.ORDER_ITEMS, SourceTable.RETURNS);
    this.books.keys("hub_order", "order_id", SourceTable.ORDERS, SourceTable.ORDER_ITEMS);
    this.books.keys("hub_order", "order_id", SourceTable.TRANSACTIONS, SourceTable.DELIVERIES);
    this.books.keys("hub_order", "order_id", SourceTable.RETURNS);
    this.books.keys("hub_payment", "payment_id:transaction_id", SourceTable.TRANSACTIONS);
    this.books.rowKeys("hub_payment", "pay_settlements", "payment_id", 0);
    this.books.keys("hub_delivery", "delivery_id", SourceTable.DELIVERIES);
    this.books.keys("hub_return", "return_id", SourceTable.RETURNS);
    this.books.keys("link_order_customer", "order_id customer_id:user_id", SourceTable.ORDERS);
    this.books.keys("link_order_line", line, SourceTable.ORDER_ITEMS);
    this.books.keys(
        "link_payment_order", "payment_id:transaction_id order_id", SourceTable.TRANSACTIONS);
    this.books.keys("link_delivery_order", "delivery_id order_id", SourceTable.DELIVERIES);
    this.books.keys("link_return_order_line", "return_id " + line, SourceTable.RETURNS);
    this.books.keys("hub_customer", "customer_id:user_id", SourceTable.CREDENTIALS);
    this.books.keys("link_product_seller", "product_id seller_id", SourceTable.PRODUCTS);
    this.books.rowKeys("link_stock", "erp_stock", "product_id warehouse_id", 0, 1);
  }

  private void shop() {
    String customer = "customer_id:user_id";
    String line = "order_id product_id seller_id line_number";
    this.books.satellite(
        "sat_customer_credentials", SourceTable.CREDENTIALS, customer, "has_credentials=true");
    this.books.satellite(
        "sat_customer_personal", SourceTable.USERS, customer, "email full_name phone");
    this.books.satellite("sat_customer_profile", SourceTable.USERS, customer, "region segment");
    this.books.satellite("sat_seller", SourceTable.SELLERS, "seller_id", "name region rating");
    this.books.satellite(
        "sat_product_description",
        SourceTable.PRODUCTS,
        "product_id",
        "sku title category brand color");
    this.books.satellite("sat_product_price", SourceTable.PRODUCTS, "product_id", "price");
    this.books.satellite("sat_order", SourceTable.ORDERS, "order_id", "order_time channel region");
    this.books.satellite("sat_order_status", SourceTable.ORDERS, "order_id", "status");
    this.books.satellite(
        "sat_order_line", SourceTable.ORDER_ITEMS, line, "quantity unit_price discount");
    this.books.satellite(
        "sat_payment",
        SourceTable.TRANSACTIONS,
        "payment_id:transaction_id",
        "method status amount refunded created_at");
    this.books.satellite(
        "sat_delivery",
        SourceTable.DELIVERIES,
        "delivery_id",
        "parcel carrier tracking_code status shipped_at delivered_at");
    this.books.satellite(
        "sat_return",
        SourceTable.RETURNS,
        "return_id",
        "quantity reason status refund requested_at");
  }

  private void relations() {
    this.books.effectivity("sat_product_seller", SourceTable.PRODUCTS, "product_id", "seller_id");
    this.books.effectivity(
        "sat_order_customer", SourceTable.ORDERS, "order_id", "customer_id:user_id");
    this.books.status("sat_return_state", SourceTable.RETURNS, "return_id");
    this.codes("ref_order_status", "status_code:code", "order_status");
    this.codes("ref_interaction_type", "interaction_type:code", "interaction_type");
  }

  private void codes(String name, String key, String list) {
    this.books.satellite(name, SourceTable.CODES, key, "label", row -> list.equals(row[1]));
  }

  private void purchases() {
    String line = "supplier_id product_id warehouse_id purchase_order line_number";
    this.books.rowKeys("hub_supplier", "erp_suppliers", "supplier_id", 0);
    this.books.rowKeys("hub_supplier", "erp_purchase_orders", "supplier_id", 0);
    this.books.rowKeys("hub_product", "erp_purchase_orders", "product_id", 1);
    this.books.rowKeys("hub_warehouse", "erp_purchase_orders", "warehouse_id", 2);
    this.books.rowKeys("link_purchase_order_line", "erp_purchase_orders", line, 0, 1, 2, 3, 4);
    this.books.rowHistory(
        "sat_purchase_order_line", "erp_purchase_orders", line, "quantity unit_cost status");
    this.books.rowHistory("sat_supplier", "erp_suppliers", "supplier_id", "name country lead_days");
    this.books.rowStatus("sat_supplier_state", "erp_suppliers", "supplier_id");
  }

  private void campaigns() {
    String touch = "customer_id campaign_id session_id touched_at";
    this.books.rowKeys("hub_campaign", "crm_campaigns", "campaign_id", 0);
    this.books.rowKeys("hub_campaign", "web_campaign_touches", "campaign_id", 1);
    this.books.rowKeys("hub_customer", "web_campaign_touches", "customer_id", 0);
    this.books.rowKeys("hub_session", "web_campaign_touches", "session_id", 2);
    this.books.rowHistory(
        "sat_campaign", "crm_campaigns", "campaign_id", "name channel status budget");
    this.books.events("link_campaign_touch", "web_campaign_touches", touch, "kind cost");
  }

  private void dumps() {
    this.books.rowKeys("hub_product", "erp_stock", "product_id", 0);
    this.books.rowKeys("hub_warehouse", "erp_stock", "warehouse_id", 1);
    this.books.rowKeys("hub_warehouse", "erp_warehouses", "warehouse_id", 0);
    this.books.rowHistory("sat_warehouse", "erp_warehouses", "warehouse_id", "name region");
    this.books.rowHistory("sat_stock", "erp_stock", "product_id warehouse_id", "quantity");
    this.books.rowHistory(
        "sat_payment_settlement", "pay_settlements", "payment_id reference", "kind amount fee");
  }

  private void documents() {
    String event = "customer_id product_id session_id event_time interaction_type";
    for (String source : List.of("doc_interactions", "doc_reviews")) {
      this.books.rowKeys("hub_customer", source, "customer_id", 0);
      this.books.rowKeys("hub_product", source, "product_id", 1);
    }
    this.books.rowKeys("hub_product", "doc_product_metadata", "product_id", 0);
    this.books.rowHistory(
        "sat_product_specification",
        "doc_product_metadata",
        "product_id",
        "battery_life water_resistant bluetooth_version");
    this.books.sets("sat_product_image", "doc_product_images", "product_id", "url alt_text");
    this.books.sets("sat_product_tag", "doc_product_tags", "product_id", "tag");
    this.books.pit(
        "pit_product",
        "product_id",
        this.midnights(),
        "sat_product_description",
        "sat_product_price",
        "sat_product_specification",
        "sat_product_image",
        "sat_product_tag");
    this.books.rowKeys("hub_session", "doc_sessions", "session_id", 0);
    this.books.rowKeys("hub_session", "doc_interactions", "session_id", 2);
    this.books.rowHistory("sat_session", "doc_sessions", "session_id", "start_time end_time");
    this.books.rowKeys(
        "link_session_customer", "doc_session_customers", "session_id customer_id", 0, 1);
    this.books.sets(
        "sat_session_page", "doc_session_pages", "session_id", "page_name visit_time product_id");
    this.books.sets(
        "sat_session_action",
        "doc_session_actions",
        "session_id",
        "action action_time product_id status");
    this.books.events("link_interaction", "doc_interactions", event, "page action");
    this.books.events(
        "link_review",
        "doc_reviews",
        "customer_id product_id review_id",
        "rating review_text review_date");
  }

  /** The last seven, and first days of twelve months. */
  private List<Long> midnights() {
    LocalDate today = StoreCalendar.date(this.day + 1);
    return Stream.concat(
            IntStream.range(0, 7).mapToObj(today::minusDays),
            IntStream.range(0, 12).mapToObj(i -> today.withDayOfMonth(1).minusMonths(i)))
        .distinct()
        .map(date -> date.toEpochDay() * StoreCalendar.DAY)
        .toList();
  }
}
