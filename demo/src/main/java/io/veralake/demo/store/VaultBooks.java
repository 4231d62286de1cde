package io.veralake.demo.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The vault as it should be, a file of tab-separated text for each table, with a header, sorted;
 * null is {@code \N}, times are UTC. Hashes and bookkeeping are left out: a hub or link is its
 * business keys, a satellite its whole history by these.
 */
final class VaultBooks {
  private static final List<String> VALIDITY = List.of("deleted", "effective_from", "effective_to");

  /** What a key was from a place in its source's order on; no values: gone. */
  private record State(
      long major, long minor, long applied, @Nullable List<@Nullable String> values) {}

  /**
   * Columns of a source's table.
   *
   * @param text {@code today} or {@code today:atSource}, separated by blanks
   */
  private record Columns(String text) {
    List<String> names() {
      return words().map(name -> name.replaceFirst(":.*", "")).toList();
    }

    List<String> of(SourceTable table, @Nullable Object[] row) {
      List<String> values = new ArrayList<>();
      words()
          .map(name -> name.replaceFirst(".*:", ""))
          .forEach(
              name -> {
                int i = table.columns().stream().map(SourceColumn::name).toList().indexOf(name);
                values.add(table.columns().get(i).text(row[i]));
              });
      return values;
    }

    private Stream<String> words() {
      return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty());
    }
  }

  private final Truth truth;
  private final Map<String, Collection<String>> books = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();

  VaultBooks(Truth truth) {
    this.truth = truth;
  }

  /** Writes all tables into a folder. */
  void write(Path folder) throws IOException {
    this.shopKeys();
    this.shop();
    this.dumps();
    this.documents();
    Files.createDirectories(folder);
    for (Map.Entry<String, Collection<String>> book : this.books.entrySet()) {
      List<String> lines = new ArrayList<>(book.getValue());
      Collections.sort(lines);
      lines.add(0, Objects.requireNonNull(this.headers.get(book.getKey())));
      Files.write(folder.resolve(book.getKey() + ".tsv"), lines);
    }
  }

  private void shopKeys() {
    String line = "order_id product_id seller_id line_number";
    this.keys("hub_customer", "customer_id:user_id", SourceTable.USERS, SourceTable.ORDERS);
    this.keys("hub_product", "product_id", SourceTable.PRODUCTS, SourceTable.ORDER_ITEMS);
    this.keys("hub_product", "product_id", SourceTable.RETURNS);
    this.keys("hub_seller", "seller_id", SourceTable.SELLERS, SourceTable.PRODUCTS);
    this.keys("hub_seller", "seller_id", SourceTable.ORDER_ITEMS, SourceTable.RETURNS);
    this.keys("hub_order", "order_id", SourceTable.ORDERS, SourceTable.ORDER_ITEMS);
    this.keys("hub_order", "order_id", SourceTable.TRANSACTIONS, SourceTable.DELIVERIES);
    this.keys("hub_order", "order_id", SourceTable.RETURNS);
    this.keys("hub_payment", "payment_id:transaction_id", SourceTable.TRANSACTIONS);
    this.rowKeys("hub_payment", "pay_settlements", "payment_id", 0);
    this.keys("hub_delivery", "delivery_id", SourceTable.DELIVERIES);
    this.keys("hub_return", "return_id", SourceTable.RETURNS);
    this.keys("link_order_customer", "order_id customer_id:user_id", SourceTable.ORDERS);
    this.keys("link_order_line", line, SourceTable.ORDER_ITEMS);
    this.keys("link_payment_order", "payment_id:transaction_id order_id", SourceTable.TRANSACTIONS);
    this.keys("link_delivery_order", "delivery_id order_id", SourceTable.DELIVERIES);
    this.keys("link_return_order_line", "return_id " + line, SourceTable.RETURNS);
    this.rowKeys("link_stock", "erp_stock", "product_id warehouse_id", 0, 1);
  }

  private void shop() {
    String customer = "customer_id:user_id";
    String line = "order_id product_id seller_id line_number";
    this.satellite("sat_customer_personal", SourceTable.USERS, customer, "email full_name phone");
    this.satellite("sat_customer_profile", SourceTable.USERS, customer, "region segment");
    this.satellite("sat_seller", SourceTable.SELLERS, "seller_id", "name region rating");
    this.satellite(
        "sat_product_description",
        SourceTable.PRODUCTS,
        "product_id",
        "sku title category brand color");
    this.satellite("sat_product_price", SourceTable.PRODUCTS, "product_id", "price");
    this.satellite("sat_order", SourceTable.ORDERS, "order_id", "order_time channel region");
    this.satellite("sat_order_status", SourceTable.ORDERS, "order_id", "status");
    this.satellite("sat_order_line", SourceTable.ORDER_ITEMS, line, "quantity unit_price discount");
    this.satellite(
        "sat_payment",
        SourceTable.TRANSACTIONS,
        "payment_id:transaction_id",
        "method status amount refunded created_at");
    this.satellite(
        "sat_delivery",
        SourceTable.DELIVERIES,
        "delivery_id",
        "parcel carrier tracking_code status shipped_at delivered_at");
    this.satellite(
        "sat_return",
        SourceTable.RETURNS,
        "return_id",
        "quantity reason status refund requested_at");
  }

  private void dumps() {
    this.rowKeys("hub_product", "erp_stock", "product_id", 0);
    this.rowKeys("hub_warehouse", "erp_stock", "warehouse_id", 1);
    this.rowKeys("hub_warehouse", "erp_warehouses", "warehouse_id", 0);
    this.rowHistory("sat_warehouse", "erp_warehouses", "warehouse_id", "name region");
    this.rowHistory("sat_stock", "erp_stock", "product_id warehouse_id", "quantity");
    this.rowHistory(
        "sat_payment_settlement", "pay_settlements", "payment_id reference", "kind amount fee");
  }

  private void documents() {
    String event = "customer_id product_id session_id event_time interaction_type";
    for (String source : List.of("doc_interactions", "doc_reviews")) {
      this.rowKeys("hub_customer", source, "customer_id", 0);
      this.rowKeys("hub_product", source, "product_id", 1);
    }
    this.rowKeys("hub_product", "doc_product_metadata", "product_id", 0);
    this.rowKeys("hub_session", "doc_sessions", "session_id", 0);
    this.rowKeys("hub_session", "doc_interactions", "session_id", 2);
    this.rowHistory("sat_session", "doc_sessions", "session_id", "start_time end_time");
    this.events("link_interaction", "doc_interactions", event, "page action");
    this.events(
        "link_review",
        "doc_reviews",
        "customer_id product_id review_id",
        "rating review_text review_date");
  }

  private void book(String name, List<String> columns, Collection<String> rows) {
    this.headers.put(name, String.join("\t", columns));
    this.books.computeIfAbsent(name, any -> rows instanceof TreeSet ? new TreeSet<>() : rows);
    Collection<String> book = Objects.requireNonNull(this.books.get(name));
    if (book != rows) {
      book.addAll(rows);
    }
  }

  /** Keys that rows of the tables ever had. */
  private void keys(String name, String key, SourceTable... tables) {
    Columns columns = new Columns(key);
    TreeSet<String> rows = new TreeSet<>();
    for (SourceTable table : tables) {
      for (List<Long> id : this.truth.keys(table)) {
        for (Truth.Version version : this.truth.versions(table, id.get(0), id.get(1))) {
          @Nullable Object[] row = version.row();
          if (row != null) {
            rows.add(String.join("\t", columns.of(table, row)));
          }
        }
      }
    }
    this.book(name, columns.names(), rows);
  }

  /** Keys of rows of a source without a log: some of the values that its keys are made of. */
  private void rowKeys(String name, String source, String key, int... parts) {
    TreeSet<String> rows = new TreeSet<>();
    for (List<String> id : this.truth.rows(source).keySet()) {
      rows.add(String.join("\t", Arrays.stream(parts).mapToObj(id::get).toList()));
    }
    this.book(name, new Columns(key).names(), rows);
  }

  /** What never changes: the first row of each key. */
  private void events(String name, String source, String key, String payload) {
    List<String> lines = new ArrayList<>();
    this.truth
        .rows(source)
        .forEach(
            (id, rows) -> {
              List<String> line = new ArrayList<>(id);
              line.addAll(Objects.requireNonNull(rows.get(0).values()));
              line.add(time(rows.get(0).order()));
              lines.add(String.join("\t", line));
            });
    this.book(name, new Columns(key + " " + payload + " applied_time").names(), lines);
  }

  private void satellite(String name, SourceTable table, String key, String payload) {
    Columns keys = new Columns(key);
    Columns values = new Columns(payload);
    Map<List<String>, List<State>> states = new LinkedHashMap<>();
    for (List<Long> id : this.truth.keys(table)) {
      List<String> last = List.of();
      for (Truth.Version version : this.truth.versions(table, id.get(0), id.get(1))) {
        @Nullable Object[] row = version.row();
        last = row == null ? last : keys.of(table, row);
        states
            .computeIfAbsent(last, any -> new ArrayList<>())
            .add(
                new State(
                    version.lsn(),
                    version.order(),
                    version.commit(),
                    row == null ? null : List.copyOf(values.of(table, row))));
      }
    }
    this.history(name, keys.names(), values.names(), states);
  }

  private void rowHistory(String name, String source, String key, String payload) {
    Map<List<String>, List<State>> states = new LinkedHashMap<>();
    this.truth
        .rows(source)
        .forEach(
            (id, rows) -> {
              List<State> all = new ArrayList<>();
              for (Truth.Row row : rows) {
                all.add(new State(row.order(), all.size(), row.order(), row.values()));
              }
              states.put(id, all);
            });
    this.history(name, new Columns(key).names(), new Columns(payload).names(), states);
  }

  private void history(
      String name, List<String> key, List<String> payload, Map<List<String>, List<State>> states) {
    List<String> lines = new ArrayList<>();
    states.forEach(
        (id, all) -> {
          List<State> versions = versions(all);
          long from = Long.MIN_VALUE;
          for (int i = 0; i < versions.size(); i++) {
            from = Math.max(from, versions.get(i).applied());
            List<String> line = new ArrayList<>(id);
            List<@Nullable String> values = versions.get(i).values();
            payload.forEach(column -> line.add("\\N"));
            for (int j = 0; values != null && j < payload.size(); j++) {
              line.set(id.size() + j, Objects.requireNonNullElse(values.get(j), "\\N"));
            }
            line.add(Boolean.toString(values == null));
            line.add(time(from));
            line.add(
                i + 1 < versions.size()
                    ? time(Math.max(from, versions.get(i + 1).applied()))
                    : "\\N");
            lines.add(String.join("\t", line));
          }
        });
    List<String> columns = Stream.of(key, payload, VALIDITY).flatMap(List::stream).toList();
    this.book(name, columns, lines);
  }

  /** The states that differ from the one before, in the source's order. */
  private static List<State> versions(List<State> states) {
    List<State> sorted = new ArrayList<>(states);
    sorted.sort(Comparator.comparingLong(State::major).thenComparingLong(State::minor));
    List<State> versions = new ArrayList<>();
    for (State state : sorted) {
      if (versions.isEmpty()
          || !Objects.equals(versions.get(versions.size() - 1).values(), state.values())) {
        versions.add(state);
      }
    }
    return versions;
  }

  private static String time(long micros) {
    return new ByteText().time(micros, ' ').toString();
  }
}
