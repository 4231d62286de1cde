package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Customers pay what they ordered: attempts that fail and are made again, captures, refunds. The
 * gateway settles what moved and sends a file a day; now and then it takes money back.
 */
final class PaymentFlow implements OrderDesk.Watcher {
  private static final int STATUS = 3;
  private static final int AMOUNT = 4;
  private static final int REFUNDED = 5;
  private static final int UPDATED = 7;
  private static final List<String> METHODS = List.of("card", "card", "wallet", "invoice");
  private static final int FAILING = 80;
  private static final int CHARGED_BACK = 6;
  private static final int WON = 300;

  /** A transaction of an order as it stands. */
  private static final class Payment {
    private Object[] row;

    Payment(Object[] row) {
      this.row = row;
    }

    long id() {
      return (Long) this.row[0];
    }

    long money(int column) {
      return (Long) this.row[column];
    }

    boolean is(String status) {
      return this.row[STATUS].equals(status);
    }
  }

  private final Agenda agenda;
  private final ShopTable table;
  private final SettlementFile settlements;
  private final SplittableRandom random;
  private final Map<Long, List<Payment>> payments = new HashMap<>();
  private long nextPayment = 500_001;

  PaymentFlow(Simulated simulated, SettlementFile settlements, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.table = new ShopTable(simulated.log(), SourceTable.TRANSACTIONS);
    this.settlements = settlements;
    this.random = random;
  }

  @Override
  public void placed(Order order) {
    this.agenda.in(seconds(5, 50), () -> attempt(order));
  }

  @Override
  public void moved(Order order) {
    if (order.cancelled()) {
      this.agenda.in(seconds(2, 20), () -> giveBack(order));
    } else if (order.status().equals("paid")) {
      this.agenda.in(seconds(0, 2), () -> capture(order));
    }
  }

  @Override
  public void removed(Order order) {
    this.agenda.in(
        seconds(2, 20),
        () -> {
          List<Payment> all = of(order);
          all.stream()
              .filter(payment -> payment.is("pending"))
              .forEach(payment -> this.table.delete(payment.row));
          all.removeIf(payment -> payment.is("pending"));
          giveBack(order);
        });
  }

  /** Pays back part of what was paid for the order; nothing if nothing was. */
  void refund(Order order, long amount) {
    Payment payment = last(order, "captured", "partly-refunded");
    if (payment == null) {
      return;
    }
    long refund = Math.min(amount, payment.money(AMOUNT) - payment.money(REFUNDED));
    if (refund > 0) {
      long refunded = payment.money(REFUNDED) + refund;
      String status = refunded == payment.money(AMOUNT) ? "refunded" : "partly-refunded";
      change(payment, STATUS, status, REFUNDED, refunded);
      this.settlements.add(payment.id(), "refund", -refund, 0, this.agenda.now());
    }
  }

  private void attempt(Order order) {
    if (order.deleted() || order.cancelled()) {
      return;
    }
    long now = this.agenda.now();
    String method = METHODS.get(this.random.nextInt(METHODS.size()));
    Object[] row = {this.nextPayment++, order.id(), method, "pending", worth(order), 0L, now, now};
    Payment payment = new Payment(row);
    this.table.insert(row);
    of(order).add(payment);
    if (this.random.nextInt(1000) < FAILING) {
      this.agenda.in(seconds(1, 8), () -> fail(order, payment));
    } else if (!order.status().equals("new")) {
      this.agenda.in(seconds(0, 2), () -> capture(order));
    }
  }

  private void fail(Order order, Payment payment) {
    if (payment.is("pending") && of(order).contains(payment)) {
      change(payment, STATUS, "failed");
      this.agenda.in(seconds(20, 90), () -> attempt(order));
    }
  }

  private void capture(Order order) {
    Payment payment = last(order, "pending");
    if (payment == null || order.deleted()) {
      return;
    }
    long amount = worth(order);
    change(payment, STATUS, "captured", AMOUNT, amount);
    this.settlements.add(
        payment.id(), "capture", amount, 25 + amount * 14 / 1000, this.agenda.now());
    if (this.random.nextInt(1000) < CHARGED_BACK) {
      this.agenda.in(
          StoreCalendar.HOUR + this.random.nextLong(40 * StoreCalendar.HOUR),
          () -> chargeBack(payment));
    }
  }

  private void chargeBack(Payment payment) {
    long amount = payment.money(AMOUNT) - payment.money(REFUNDED);
    if (amount == 0) {
      return;
    }
    long reference =
        this.settlements.add(payment.id(), "chargeback", -amount, 15_00, this.agenda.now());
    change(payment, STATUS, "charged-back");
    if (this.random.nextInt(1000) < WON) {
      this.agenda.in(
          StoreCalendar.HOUR + this.random.nextLong(12 * StoreCalendar.HOUR),
          () -> {
            this.settlements.change(
                reference, payment.id(), "chargeback-won", 0, 0, this.agenda.now());
            change(payment, STATUS, "captured");
          });
    }
  }

  private void giveBack(Order order) {
    Payment pending = last(order, "pending");
    if (pending != null) {
      change(pending, STATUS, "voided");
    }
    refund(order, Long.MAX_VALUE);
  }

  private void change(Payment payment, Object... values) {
    Object[] all = java.util.Arrays.copyOf(values, values.length + 2);
    all[values.length] = UPDATED;
    all[values.length + 1] = this.agenda.now();
    payment.row = this.table.update(payment.row, all);
  }

  private @Nullable Payment last(Order order, String... statuses) {
    Payment last = null;
    for (Payment payment : of(order)) {
      if (List.of(statuses).contains((String) payment.row[STATUS])) {
        last = payment;
      }
    }
    return last;
  }

  private List<Payment> of(Order order) {
    return this.payments.computeIfAbsent(order.id(), any -> new ArrayList<>());
  }

  private static long worth(Order order) {
    return order.liveLines().stream().mapToLong(Order.Line::amount).sum();
  }

  private long seconds(int from, int to) {
    return this.random.nextLong(from * StoreCalendar.SECOND + 1, to * StoreCalendar.SECOND);
  }
}
