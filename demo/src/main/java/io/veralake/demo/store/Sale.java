package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line that is sold now, with its order; money is in cents.
 *
 * @param key order and number
 * @param line its row
 * @param order its order's row
 */
record Sale(List<Long> key, Object[] line, Object[] order) {
  /** All of them. */
  static List<Sale> all(Truth truth) {
    List<Sale> sales = new ArrayList<>();
    for (List<Long> key : truth.keys(SourceTable.ORDER_ITEMS)) {
      @Nullable Object[] line = truth.now(SourceTable.ORDER_ITEMS, key.get(0), key.get(1));
      @Nullable Object[] order = truth.now(SourceTable.ORDERS, key.get(0), 0);
      if (line != null && order != null) {
        sales.add(new Sale(key, full(line), full(order)));
      }
    }
    return sales;
  }

  /** A row without nulls. */
  static Object[] full(@Nullable Object[] row) {
    return Arrays.stream(row).map(Objects::requireNonNull).toArray();
  }

  boolean cancelled() {
    return order[Order.STATUS].equals("cancelled");
  }

  int quantity() {
    return (Integer) line[Order.QUANTITY];
  }

  long amount() {
    return quantity() * (Long) line[Order.PRICE] - (Long) line[Order.DISCOUNT];
  }

  long revenue() {
    return cancelled() ? 0 : amount();
  }

  long time() {
    return (Long) order[Order.TIME];
  }

  long customer() {
    return (Long) order[Order.USER];
  }

  long product() {
    return (Long) line[Order.PRODUCT];
  }

  /** When the source last changed the order, its status or the line. */
  long lastChange(Truth truth) {
    List<Long> id = List.of(key.get(0), 0L);
    long placed = truth.since(SourceTable.ORDERS, id, Order.TIME, Order.CHANNEL, Order.REGION);
    long status = truth.since(SourceTable.ORDERS, id, Order.STATUS);
    long changed =
        truth.since(SourceTable.ORDER_ITEMS, key, Order.QUANTITY, Order.PRICE, Order.DISCOUNT);
    return Math.max(placed, Math.max(status, changed));
  }
}
