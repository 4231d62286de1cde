package io.veralake.demo.store;

import io.veralake.demo.store.SourceColumn.Type;
import java.util.List;

/**
 * The tables of the shop's database; replica identity full, so that every change shows the whole
 * row before it.
 */
enum SourceTable {
  USERS(
      "users",
      1,
      List.of(
          new SourceColumn("user_id", Type.BIGINT, false),
          new SourceColumn("email", Type.TEXT, true),
          new SourceColumn("full_name", Type.TEXT, true),
          new SourceColumn("phone", Type.TEXT, true),
          new SourceColumn("region", Type.TEXT, false),
          new SourceColumn("segment", Type.TEXT, false),
          new SourceColumn("created_at", Type.TIMESTAMPTZ, false),
          new SourceColumn("updated_at", Type.TIMESTAMPTZ, true))),
  SELLERS(
      "sellers",
      1,
      List.of(
          new SourceColumn("seller_id", Type.BIGINT, false),
          new SourceColumn("name", Type.TEXT, false),
          new SourceColumn("region", Type.TEXT, false),
          new SourceColumn("rating", Type.RATING, true))),
  PRODUCTS(
      "products",
      1,
      List.of(
          new SourceColumn("product_id", Type.BIGINT, false),
          new SourceColumn("sku", Type.TEXT, false),
          new SourceColumn("title", Type.TEXT, false),
          new SourceColumn("category", Type.TEXT, true),
          new SourceColumn("brand", Type.TEXT, true),
          new SourceColumn("price", Type.MONEY, false),
          new SourceColumn("seller_id", Type.BIGINT, false),
          new SourceColumn("created_at", Type.TIMESTAMPTZ, false),
          new SourceColumn("color", Type.TEXT, true))),
  ORDERS(
      "orders",
      1,
      List.of(
          new SourceColumn("order_id", Type.BIGINT, false),
          new SourceColumn("user_id", Type.BIGINT, false),
          new SourceColumn("status", Type.TEXT, false),
          new SourceColumn("channel", Type.TEXT, false),
          new SourceColumn("region", Type.TEXT, false),
          new SourceColumn("order_time", Type.TIMESTAMPTZ, false),
          new SourceColumn("updated_at", Type.TIMESTAMPTZ, true))),
  ORDER_ITEMS(
      "order_items",
      2,
      List.of(
          new SourceColumn("order_id", Type.BIGINT, false),
          new SourceColumn("line_number", Type.INT, false),
          new SourceColumn("product_id", Type.BIGINT, false),
          new SourceColumn("seller_id", Type.BIGINT, false),
          new SourceColumn("quantity", Type.INT, false),
          new SourceColumn("unit_price", Type.MONEY, false),
          new SourceColumn("discount", Type.MONEY, false))),
  TRANSACTIONS(
      "transactions",
      1,
      List.of(
          new SourceColumn("transaction_id", Type.BIGINT, false),
          new SourceColumn("order_id", Type.BIGINT, false),
          new SourceColumn("method", Type.TEXT, false),
          new SourceColumn("status", Type.TEXT, false),
          new SourceColumn("amount", Type.MONEY, false),
          new SourceColumn("refunded", Type.MONEY, false),
          new SourceColumn("created_at", Type.TIMESTAMPTZ, false),
          new SourceColumn("updated_at", Type.TIMESTAMPTZ, true))),
  DELIVERIES(
      "deliveries",
      1,
      List.of(
          new SourceColumn("delivery_id", Type.BIGINT, false),
          new SourceColumn("order_id", Type.BIGINT, false),
          new SourceColumn("parcel", Type.INT, false),
          new SourceColumn("carrier", Type.TEXT, false),
          new SourceColumn("tracking_code", Type.TEXT, true),
          new SourceColumn("status", Type.TEXT, false),
          new SourceColumn("shipped_at", Type.TIMESTAMPTZ, false),
          new SourceColumn("delivered_at", Type.TIMESTAMPTZ, true))),
  RETURNS(
      "returns",
      1,
      List.of(
          new SourceColumn("return_id", Type.BIGINT, false),
          new SourceColumn("order_id", Type.BIGINT, false),
          new SourceColumn("line_number", Type.INT, false),
          new SourceColumn("product_id", Type.BIGINT, false),
          new SourceColumn("seller_id", Type.BIGINT, false),
          new SourceColumn("quantity", Type.INT, false),
          new SourceColumn("reason", Type.TEXT, true),
          new SourceColumn("status", Type.TEXT, false),
          new SourceColumn("refund", Type.MONEY, true),
          new SourceColumn("requested_at", Type.TIMESTAMPTZ, false))),
  CREDENTIALS(
      "credentials",
      1,
      List.of(
          new SourceColumn("user_id", Type.BIGINT, false),
          new SourceColumn("password_hash", Type.TEXT, false),
          new SourceColumn("changed_at", Type.TIMESTAMPTZ, false))),
  CODES(
      "codes",
      1,
      List.of(
          new SourceColumn("code_id", Type.BIGINT, false),
          new SourceColumn("list", Type.TEXT, false),
          new SourceColumn("code", Type.TEXT, false),
          new SourceColumn("label", Type.TEXT, false)));

  private final String table;
  private final int keyColumns;
  private final List<SourceColumn> columns;

  SourceTable(String table, int keyColumns, List<SourceColumn> columns) {
    this.table = table;
    this.keyColumns = keyColumns;
    this.columns = columns;
  }

  /** The name in PostgreSQL. */
  String table() {
    return this.table;
  }

  /** How many of the first columns are the primary key. */
  int keyColumns() {
    return this.keyColumns;
  }

  /** The columns in their order, the one that is added on day 2 last. */
  List<SourceColumn> columns() {
    return this.columns;
  }
}
