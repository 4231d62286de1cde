package io.veralake.demo.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The streaming layer's tables in ClickHouse; rows are sent in batches, {@link #close} sends the
 * rest.
 */
final class StreamTables implements StreamSink, AutoCloseable {
  private static final int BATCH = 4 << 20;
  private static final String LINES =
      """
      CREATE TABLE IF NOT EXISTS rt.order_lines (
        order_id Int64, line_number Int32, ingest_id UInt64, order_date Date, order_time DateTime64(6, 'UTC'),
        customer_id Int64, product_id Int64, seller_id Int64, region LowCardinality(String),
        channel LowCardinality(String), status LowCardinality(String), quantity Int32,
        unit_price Decimal(12, 2), discount Decimal(12, 2), amount Decimal(14, 2), revenue Decimal(14, 2),
        deleted Bool, commit_time DateTime64(6, 'UTC'), received_time DateTime64(6, 'UTC'))
      ENGINE = ReplacingMergeTree(received_time) ORDER BY (order_id, line_number, ingest_id)
      """;
  private static final String STOCK =
      """
      CREATE TABLE IF NOT EXISTS rt.stock (
        product_id Int64, warehouse_id Int32, ingest_id UInt64, quantity Int32, deleted Bool,
        commit_time DateTime64(6, 'UTC'), received_time DateTime64(6, 'UTC'))
      ENGINE = ReplacingMergeTree(received_time) ORDER BY (product_id, warehouse_id, ingest_id)
      """;

  private final ClickHouseHttp server;
  private final ByteText lines = new ByteText();
  private final ByteText stock = new ByteText();
  private long rows;

  StreamTables(ClickHouseHttp server) {
    this.server = server;
  }

  /** Makes the database and its tables if they aren't there. */
  void create() throws IOException {
    this.server.query("CREATE DATABASE IF NOT EXISTS rt");
    this.server.query(LINES);
    this.server.query(STOCK);
  }

  /** Removes the database, so that a store can begin again. */
  void drop() throws IOException {
    this.server.query("DROP DATABASE IF EXISTS rt");
  }

  /**
   * Removes the rows that were received from {@code from} (inclusive) to {@code to} (exclusive).
   */
  void clear(long from, long to) throws IOException {
    for (String table : List.of("rt.order_lines", "rt.stock")) {
      var range = new ByteText().raw(" WHERE received_time >= '").time(from, ' ');
      range.raw("' AND received_time < '").time(to, ' ').raw("'");
      if (!this.server.query("SELECT count() FROM " + table + range).trim().equals("0")) {
        this.server.query(
            "ALTER TABLE " + table + " DELETE" + range + " SETTINGS mutations_sync = 2");
      }
    }
  }

  @Override
  public void line(OrderLineRow row) {
    row.tsv(this.lines);
    this.rows++;
    if (this.lines.length() > BATCH) {
      send("rt.order_lines", this.lines);
    }
  }

  @Override
  public void stock(StockRow row) {
    row.tsv(this.stock);
    this.rows++;
    if (this.stock.length() > BATCH) {
      send("rt.stock", this.stock);
    }
  }

  /** Rows taken so far. */
  long rows() {
    return this.rows;
  }

  @Override
  public void close() {
    send("rt.order_lines", this.lines);
    send("rt.stock", this.stock);
  }

  private void send(String table, ByteText text) {
    if (text.length() > 0) {
      try {
        this.server.insert(table, text.toBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      text.clear();
    }
  }
}
