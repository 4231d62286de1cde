package io.veralake.demo.store;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Customers refuse parcels, or send lines of delivered orders back, and get their money. Some
 * withdraw the return: its row is deleted, and a few of these come again.
 */
final class ReturnFlow implements OrderDesk.Watcher {
  private static final int STATUS = 7;
  private static final int REFUND = 8;
  private static final List<String> REASONS =
      List.of("too small", "broken", "not as described", "changed my mind");
  private static final String REFUSED = "refused at the door";
  private static final int REFUSING = 15;
  private static final int RETURNED = 120;
  private static final int WITHDRAWN = 250;
  private static final int AGAIN = 400;
  private static final int REJECTED = 100;

  private final Agenda agenda;
  private final ShopTable table;
  private final PaymentFlow payments;
  private final SplittableRandom random;
  private long nextReturn = 300_001;
  private boolean refused;

  ReturnFlow(Simulated simulated, PaymentFlow payments, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.table = new ShopTable(simulated.log(), SourceTable.RETURNS);
    this.payments = payments;
    this.random = random;
  }

  @Override
  public void moved(Order order) {
    if (order.status().equals("delivered") && happens(RETURNED)) {
      String reason = happens(100) ? null : REASONS.get(this.random.nextInt(REASONS.size()));
      this.agenda.in(minutes(10, 240), () -> request(order, reason));
    } else if (order.status().equals("shipped") && refuses()) {
      this.agenda.in(minutes(10, 60), () -> request(order, REFUSED));
    }
  }

  /** The first parcel that the store ever sends is refused, so that there are always returns. */
  private boolean refuses() {
    boolean first = !this.refused;
    this.refused = true;
    return first || happens(REFUSING);
  }

  private void request(Order order, @Nullable String reason) {
    List<Order.Line> lines = order.liveLines();
    if (order.deleted() || lines.isEmpty()) {
      return;
    }
    Order.Line line = lines.get(this.random.nextInt(lines.size()));
    int quantity = 1 + this.random.nextInt(line.quantity());
    Object[] row = {
      this.nextReturn++,
      order.id(),
      line.number(),
      line.row()[Order.PRODUCT],
      line.row()[Order.SELLER],
      quantity,
      reason,
      "requested",
      null,
      this.agenda.now()
    };
    this.table.insert(row);
    if (happens(WITHDRAWN)) {
      this.agenda.in(minutes(5, 50), () -> withdraw(order, row));
    } else {
      this.agenda.in(minutes(60, 480), () -> receive(order, row));
    }
  }

  private void withdraw(Order order, Object[] row) {
    this.table.delete(row);
    if (happens(AGAIN)) {
      this.agenda.in(
          minutes(5, 300),
          () -> {
            this.table.insert(row);
            this.agenda.in(minutes(60, 480), () -> receive(order, row));
          });
    }
  }

  private void receive(Order order, Object[] requested) {
    Object[] received = this.table.update(requested, STATUS, "received");
    this.agenda.in(
        minutes(10, 60),
        () -> {
          if (happens(REJECTED)) {
            this.table.update(received, STATUS, "rejected");
            return;
          }
          long refund = worth(order, received);
          this.table.update(received, STATUS, "refunded", REFUND, refund);
          this.payments.refund(order, refund);
        });
  }

  private static long worth(Order order, Object[] row) {
    long worth = 0;
    for (Order.Line line : order.lines()) {
      if (row[2].equals(line.number())) {
        worth = line.amount() * (Integer) row[5] / line.quantity();
      }
    }
    return worth;
  }

  private boolean happens(int perMille) {
    return this.random.nextInt(1000) < perMille;
  }

  private long minutes(int from, int to) {
    return this.random.nextLong(from * StoreCalendar.MINUTE, to * StoreCalendar.MINUTE);
  }
}
