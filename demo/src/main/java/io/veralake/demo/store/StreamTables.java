package io.veralake.demo.store;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The streaming layer's tables in ClickHouse, over HTTP; rows are sent in batches, {@link #close} sends the rest. */
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

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final ByteText lines = new ByteText();
  private final ByteText stock = new ByteText();
  private long rows;

  /** The tables in the server at {@code url}, for example {@code http://127.0.0.1:8123}. */
  StreamTables(String url) {
    this.url = url;
  }

  /** Makes the database and its tables if they aren't there. */
  void create() throws IOException {
    execute("CREATE DATABASE IF NOT EXISTS rt");
    execute(LINES);
    execute(STOCK);
  }

  /** Removes the database, so that a store can begin again. */
  void drop() throws IOException {
    execute("DROP DATABASE IF EXISTS rt");
  }

  /** Removes the rows that were received from {@code from} (inclusive) to {@code to} (exclusive). */
  void clear(long from, long to) throws IOException {
    for (String table : new String[] {"rt.order_lines", "rt.stock"}) {
      var range = new ByteText().raw(" WHERE received_time >= '").time(from, ' ');
      range.raw("' AND received_time < '").time(to, ' ').raw("'");
      if (!query("SELECT count() FROM " + table + range).trim().equals("0")) {
        execute("ALTER TABLE " + table + " DELETE" + range + " SETTINGS mutations_sync = 2");
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
        post("INSERT INTO " + table + " FORMAT TabSeparated", text.toBytes());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      text.clear();
    }
  }

  private void execute(String sql) throws IOException {
    query(sql);
  }

  /** The answer to a query as tab-separated text. */
  String query(String sql) throws IOException {
    return post("", sql.getBytes(StandardCharsets.UTF_8));
  }

  private String post(String query, byte[] body) throws IOException {
    String target = this.url + "/?wait_end_of_query=1&query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(query.isEmpty() ? this.url + "/?wait_end_of_query=1" : target))
            .timeout(Duration.ofMinutes(5))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      HttpResponse<String> answer =
          this.client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() != 200) {
        throw new IOException("Failed to query ClickHouse at " + this.url + ": " + answer.body().trim());
      }
      return answer.body();
    } catch (java.net.ConnectException e) {
      throw new IOException(
          "Cannot reach ClickHouse at " + this.url + " (start it: the demo's clickhouse start)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Failed to query ClickHouse at " + this.url + ": interrupted", e);
    }
  }
}
