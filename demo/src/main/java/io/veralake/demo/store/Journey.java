package io.veralake.demo.store;

import io.veralake.demo.store.Fault.Cause;
import java.util.List;

/**
 * Order 4711, the same whatever the seed: Ada orders headphones and two cables on day 1, makes it
 * two and then three headphones within a second, and pays. On day 2 the shop keeps its price
 * promise, but the stream loses the correction. On day 3 Ada returns the cables; the stream loses
 * the delete.
 */
final class Journey {
  static final long ORDER = 4711;

  private final Agenda agenda;
  private final OrderDesk desk;
  private final FaultLog faults;
  private final Order order;

  Journey(Simulated simulated, OrderDesk desk) {
    this.agenda = simulated.agenda();
    this.faults = simulated.faults();
    this.desk = desk;
    long time =
        StoreCalendar.start(1) + 9 * StoreCalendar.HOUR + 15 * StoreCalendar.MINUTE + 120_000;
    Object[] row = {ORDER, Population.JOURNEY_CUSTOMER, "new", "web", "north", time, time};
    this.order = new Order(row, false);
    Object[] headphones = {
      ORDER, 1, Population.JOURNEY_PRODUCT, Population.JOURNEY_SELLER, 1, 59_90L, 0L
    };
    Object[] cables = {
      ORDER, 2, Population.JOURNEY_CABLE, Population.JOURNEY_SELLER, 2, 9_95L, 1_00L
    };
    this.order.lines().add(new Order.Line(headphones));
    this.order.lines().add(new Order.Line(cables));
  }

  /** Plans the whole story. */
  void plan() {
    Order.Line headphones = this.order.lines().get(0);
    Order.Line cables = this.order.lines().get(1);
    long ordered = this.order.time();
    this.agenda.at(ordered, () -> this.desk.place(this.order));
    long second = ordered + 150 * StoreCalendar.SECOND;
    this.agenda.at(second, () -> this.desk.change(this.order, headphones, Order.QUANTITY, 2));
    this.agenda.at(
        second + 500_000, () -> this.desk.change(this.order, headphones, Order.QUANTITY, 3));
    this.agenda.at(ordered + 5 * StoreCalendar.MINUTE, () -> this.desk.status(this.order, "paid"));
    this.agenda.at(StoreCalendar.start(2) + 16 * StoreCalendar.HOUR, () -> keepPromise(headphones));
    this.agenda.at(StoreCalendar.start(3) + 10 * StoreCalendar.HOUR, () -> takeBack(cables));
  }

  private void keepPromise(Order.Line headphones) {
    Worth streamed = Worth.of(this.order, headphones);
    headphones.muted(true);
    this.desk.change(this.order, headphones, Order.PRICE, 54_90L);
    List<String> columns = List.of("unit_price", "amount", "revenue");
    this.faults.add(
        fault(2, 1, Cause.STALE, "", columns, Worth.of(this.order, headphones).minus(streamed)));
  }

  private void takeBack(Order.Line cables) {
    Worth streamed = Worth.of(this.order, cables);
    cables.muted(true);
    this.desk.remove(this.order, cables);
    this.faults.add(
        fault(3, 2, Cause.PHANTOM, Fault.LOST_DELETE, List.of(), Worth.NOTHING.minus(streamed)));
  }

  private static Fault fault(
      int day, long line, Cause cause, String evidence, List<String> columns, Worth delta) {
    return new Fault(
        day,
        Fault.LINES,
        List.of(ORDER, line),
        cause,
        evidence,
        StoreCalendar.date(1),
        columns,
        delta);
  }
}
