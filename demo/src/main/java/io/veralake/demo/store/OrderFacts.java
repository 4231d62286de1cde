package io.veralake.demo.store;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Books of what happens to orders: their status, payments, parcels and returns. */
final class OrderFacts {
  private static final Set<String> CAPTURED = Set.of("captured", "partly-refunded", "refunded");

  private final Truth truth;
  private final Versions versions;

  OrderFacts(Truth truth) {
    this.truth = truth;
    this.versions = new Versions(truth);
  }

  /** Writes all of them into a folder. */
  void write(Path folder) throws IOException {
    status().write(folder);
    payments().write(folder);
    deliveries().write(folder);
    returns().write(folder);
  }

  private record Step(String status, long from) {}

  private MartBook status() {
    var book =
        new MartBook(
            "fact_order_status",
            "order_id step status previous_status change_date changed_at customer_id seconds_since_previous is_current customer_from");
    for (List<Long> key : this.truth.keys(SourceTable.ORDERS)) {
      long order = key.get(0);
      long customer = customer(order);
      List<Step> steps = steps(order);
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        @Nullable Step before = i == 0 ? null : steps.get(i - 1);
        book.row(
            order,
            i + 1,
            step.status(),
            before == null ? null : before.status(),
            MartBook.date(step.from()),
            MartBook.time(step.from()),
            customer,
            before == null ? null : seconds(before.from(), step.from()),
            i + 1 == steps.size(),
            this.versions.customer(customer, step.from()));
      }
    }
    return book;
  }

  /** What the status was after each instant at which it changed. */
  private List<Step> steps(long order) {
    List<Step> steps = new ArrayList<>();
    long from = Long.MIN_VALUE;
    for (Truth.Version version : this.truth.versions(SourceTable.ORDERS, order, 0)) {
      @Nullable Object[] row = version.row();
      String status = row == null ? "deleted" : (String) Objects.requireNonNull(row[Order.STATUS]);
      from = Math.max(from, version.commit());
      int last = steps.size() - 1;
      if (last >= 0 && steps.get(last).from() == from) {
        steps.remove(last--);
      }
      if (last < 0 || !steps.get(last).status().equals(status)) {
        steps.add(new Step(status, from));
      }
    }
    return steps;
  }

  private record Settled(int lines, BigDecimal amount, BigDecimal fees, long changed) {
    Settled plus(Settled other) {
      return new Settled(
          this.lines + other.lines,
          this.amount.add(other.amount),
          this.fees.add(other.fees),
          Math.max(this.changed, other.changed));
    }
  }

  private MartBook payments() {
    var book =
        new MartBook(
            "fact_payments",
            "payment_id order_id payment_date created_at customer_id method status amount refunded net_amount"
                + " settlements settled_amount fees last_change_time customer_from");
    Map<Long, Settled> settled = settled();
    var nothing = new Settled(0, new BigDecimal("0.00"), new BigDecimal("0.00"), 0);
    for (List<Long> key : this.truth.keys(SourceTable.TRANSACTIONS)) {
      @Nullable Object[] row = this.truth.now(SourceTable.TRANSACTIONS, key.get(0), 0);
      if (row == null) {
        continue;
      }
      long created = number(row[6]);
      long customer = customer(number(row[1]));
      Settled sum = settled.getOrDefault(key.get(0), nothing);
      long net = CAPTURED.contains((String) row[3]) ? number(row[4]) - number(row[5]) : 0;
      long changed = this.truth.since(SourceTable.TRANSACTIONS, key, 2, 3, 4, 5, 6);
      book.row(
          row[0],
          row[1],
          MartBook.date(created),
          MartBook.time(created),
          customer,
          row[2],
          row[3],
          MartBook.money(row[4]),
          MartBook.money(row[5]),
          MartBook.money(net),
          sum.lines(),
          sum.amount(),
          sum.fees(),
          MartBook.time(Math.max(changed, sum.changed())),
          this.versions.customer(customer, created));
    }
    return book;
  }

  private Map<Long, Settled> settled() {
    Map<Long, Settled> sums = new HashMap<>();
    this.truth
        .rows("pay_settlements")
        .forEach(
            (key, rows) -> {
              List<Truth.Row> ordered = new ArrayList<>(rows);
              ordered.sort(Comparator.comparingLong(Truth.Row::order));
              int i = ordered.size() - 1;
              List<String> now = Objects.requireNonNull(ordered.get(i).values());
              while (i > 0 && now.equals(ordered.get(i - 1).values())) {
                i--;
              }
              var line =
                  new Settled(
                      1,
                      new BigDecimal(now.get(1)),
                      new BigDecimal(now.get(2)),
                      ordered.get(i).order());
              sums.merge(Long.valueOf(key.get(0)), line, Settled::plus);
            });
    return sums;
  }

  private MartBook deliveries() {
    var book =
        new MartBook(
            "fact_deliveries",
            "delivery_id order_id parcel shipped_date shipped_at delivered_at customer_id carrier tracking_code status"
                + " seconds_to_ship seconds_under_way last_change_time customer_from");
    for (List<Long> key : this.truth.keys(SourceTable.DELIVERIES)) {
      @Nullable Object[] row = this.truth.now(SourceTable.DELIVERIES, key.get(0), 0);
      if (row == null) {
        continue;
      }
      long shipped = number(row[6]);
      long customer = customer(number(row[1]));
      @Nullable Object[] order = this.truth.now(SourceTable.ORDERS, number(row[1]), 0);
      book.row(
          row[0],
          row[1],
          row[2],
          MartBook.date(shipped),
          MartBook.time(shipped),
          MartBook.time(row[7]),
          customer,
          row[3],
          row[4],
          row[5],
          order == null ? null : seconds(number(order[Order.TIME]), shipped),
          row[7] == null ? null : seconds(shipped, number(row[7])),
          MartBook.time(this.truth.since(SourceTable.DELIVERIES, key, 2, 3, 4, 5, 6, 7)),
          this.versions.customer(customer, shipped));
    }
    return book;
  }

  private MartBook returns() {
    var book =
        new MartBook(
            "fact_returns",
            "return_id order_id line_number requested_date requested_at order_date customer_id product_id seller_id"
                + " quantity reason status refund last_change_time customer_from product_from");
    for (List<Long> key : this.truth.keys(SourceTable.RETURNS)) {
      @Nullable Object[] row = last(SourceTable.RETURNS, key.get(0));
      if (row == null) {
        continue;
      }
      boolean there = this.truth.now(SourceTable.RETURNS, key.get(0), 0) != null;
      long requested = number(row[9]);
      long customer = customer(number(row[1]));
      @Nullable Object[] order = this.truth.now(SourceTable.ORDERS, number(row[1]), 0);
      book.row(
          row[0],
          row[1],
          row[2],
          MartBook.date(requested),
          MartBook.time(requested),
          order == null ? null : MartBook.date(order[Order.TIME]),
          customer,
          row[3],
          row[4],
          row[5],
          row[6],
          there ? row[7] : "withdrawn",
          MartBook.money(there && row[8] != null ? row[8] : Long.valueOf(0)),
          MartBook.time(this.truth.since(SourceTable.RETURNS, key, 5, 6, 7, 8, 9)),
          this.versions.customer(customer, requested),
          this.versions.product(number(row[3]), requested));
    }
    return book;
  }

  /** The row as it was last there. */
  private @Nullable Object @Nullable [] last(SourceTable table, long key) {
    @Nullable Object @Nullable [] last = null;
    for (Truth.Version version : this.truth.versions(table, key, 0)) {
      last = version.row() == null ? last : version.row();
    }
    return last;
  }

  /** Whose an order is: the largest of all customers that it ever had; -1: nobody knows. */
  long customer(long order) {
    long customer = -1;
    for (Truth.Version version : this.truth.versions(SourceTable.ORDERS, order, 0)) {
      @Nullable Object[] row = version.row();
      customer = row == null ? customer : Math.max(customer, number(row[Order.USER]));
    }
    return customer;
  }

  private static long number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).longValue();
  }

  private static long seconds(long from, long to) {
    return Math.floorDiv(to, StoreCalendar.SECOND) - Math.floorDiv(from, StoreCalendar.SECOND);
  }
}
