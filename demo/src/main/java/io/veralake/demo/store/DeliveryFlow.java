package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Orders are shipped, in one parcel or two; labels are printed wrongly and voided, parcels are lost
 * and sent again, or come back when the order is cancelled.
 */
final class DeliveryFlow implements OrderDesk.Watcher {
  private static final int PARCEL = 2;
  private static final int STATUS = 5;
  private static final int DELIVERED = 7;
  private static final String UNDER_WAY = "shipped";
  private static final List<String> CARRIERS = List.of("Swift", "Parcel & Co", "Örtlich");
  private static final int IN_TWO = 150;
  private static final int WRONG_LABEL = 15;
  private static final int LOST = 20;

  private final Agenda agenda;
  private final ShopTable table;
  private final SplittableRandom random;
  private final Map<Long, List<Object[]>> deliveries = new HashMap<>();
  private long nextDelivery = 8_000_001;

  DeliveryFlow(Simulated simulated, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.table = new ShopTable(simulated.log(), SourceTable.DELIVERIES);
    this.random = random;
  }

  @Override
  public void moved(Order order) {
    if (order.status().equals("shipped")) {
      this.agenda.in(seconds(1, 60), () -> ship(order, 1));
      if (order.liveLines().size() > 1 && happens(IN_TWO)) {
        this.agenda.in(hours(4, 20), () -> ship(order, 2));
      }
    } else if (order.status().equals("delivered")) {
      this.agenda.in(seconds(0, 30), () -> arrive(order, 1));
      this.agenda.in(hours(1, 20), () -> arrive(order, 2));
    } else if (order.cancelled()) {
      this.agenda.in(hours(1, 4), () -> comeBack(order));
    }
  }

  private void ship(Order order, int parcel) {
    if (order.deleted() || order.cancelled()) {
      return;
    }
    long id = this.nextDelivery++;
    String carrier = CARRIERS.get(this.random.nextInt(CARRIERS.size()));
    String code =
        happens(30)
            ? null
            : String.format(Locale.ROOT, "%s%08X", carrier.charAt(0), id * 2_654_435L);
    Object[] row = {id, order.id(), parcel, carrier, code, UNDER_WAY, this.agenda.now(), null};
    this.table.insert(row);
    if (happens(WRONG_LABEL)) {
      this.agenda.in(seconds(60, 600), () -> this.table.delete(row));
      this.agenda.in(seconds(700, 900), () -> ship(order, parcel));
      return;
    }
    of(order).add(row);
    if (happens(LOST)) {
      this.agenda.in(hours(3, 20), () -> lose(order, parcel));
    }
  }

  private void arrive(Order order, int parcel) {
    change(order, parcel, STATUS, "delivered", DELIVERED, this.agenda.now());
  }

  private void lose(Order order, int parcel) {
    if (change(order, parcel, STATUS, "lost")) {
      this.agenda.in(hours(1, 6), () -> ship(order, parcel));
    }
  }

  private void comeBack(Order order) {
    change(order, 1, STATUS, "returned-to-sender");
    change(order, 2, STATUS, "returned-to-sender");
  }

  /** Changes the parcel if it is under way. */
  private boolean change(Order order, int parcel, Object... values) {
    List<Object[]> rows = of(order);
    for (int i = 0; i < rows.size(); i++) {
      Object[] row = rows.get(i);
      if (row[PARCEL].equals(parcel) && row[STATUS].equals(UNDER_WAY)) {
        rows.set(i, this.table.update(row, values));
        return true;
      }
    }
    return false;
  }

  private List<Object[]> of(Order order) {
    return this.deliveries.computeIfAbsent(order.id(), any -> new ArrayList<>());
  }

  private boolean happens(int perMille) {
    return this.random.nextInt(1000) < perMille;
  }

  private long seconds(int from, int to) {
    return this.random.nextLong(from * StoreCalendar.SECOND + 1, to * StoreCalendar.SECOND);
  }

  private long hours(int from, int to) {
    return this.random.nextLong(from * StoreCalendar.HOUR, to * StoreCalendar.HOUR);
  }
}
