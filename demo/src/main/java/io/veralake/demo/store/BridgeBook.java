package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The book of the orders' bridge: plain loops over what held at midnights. */
final class BridgeBook {
  static final String COLUMNS =
      "order_id snapshot_time customer_id product_id seller_id line_number";

  private static final int OTHERS = 3;

  private final Books books;

  BridgeBook(Books books) {
    this.books = books;
  }

  /** A row for each order that was there, with its customer, and with each of its lines. */
  Collection<String> rows(List<Long> midnights) {
    List<String> rows = new ArrayList<>();
    for (long midnight : midnights) {
      Set<String> orders = new HashSet<>();
      this.books.heldAt("sat_order", midnight).forEach(order -> orders.add(order.get(0)));
      this.books.heldAt("sat_order_status", midnight).forEach(order -> orders.add(order.get(0)));
      Collection<List<String>> customers = this.books.heldAt("sat_order_customer", midnight);
      Collection<List<String>> lines = this.books.heldAt("sat_order_line", midnight);
      for (String order : orders) {
        for (List<String> customer : of(order, customers, 1)) {
          for (List<String> line : of(order, lines, OTHERS)) {
            List<String> row = new ArrayList<>(List.of(order, Books.time(midnight)));
            row.addAll(customer);
            row.addAll(line);
            rows.add(String.join("\t", row));
          }
        }
      }
    }
    return rows;
  }

  /** What stands behind {@code order}, as many values as said; nulls if nothing does. */
  private static List<List<String>> of(String order, Collection<List<String>> all, int values) {
    List<List<String>> found =
        all.stream()
            .filter(one -> one.get(0).equals(order))
            .map(one -> one.subList(1, values + 1))
            .toList();
    return found.isEmpty() ? List.of(java.util.Collections.nCopies(values, Books.NULL)) : found;
  }
}
