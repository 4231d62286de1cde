package io.veralake.demo.store;

import io.veralake.demo.store.Fault.Cause;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Orders whose stream rows go wrong, a few of every kind a day. A line has one fault at most, and
 * nothing happens to it after its fault. All happens before 23:00, save what is late, so that no
 * fault is near a night's cut.
 */
final class FaultFlow {
  private static final double PER_DAY = 3;
  private static final List<String> SUMS = List.of("amount", "revenue");
  private static final List<String> QUANTITY_AND_SUMS = List.of("quantity", "amount", "revenue");

  private final Agenda agenda;
  private final OrderDesk desk;
  private final OrderFlow orders;
  private final StreamConsumer stream;
  private final FaultLog faults;
  private final SplittableRandom random;
  private final int perDay;

  FaultFlow(Simulated simulated, OrderDesk desk, OrderFlow orders, SplittableRandom random) {
    this.agenda = simulated.agenda();
    this.stream = simulated.stream();
    this.faults = simulated.faults();
    this.desk = desk;
    this.orders = orders;
    this.random = random;
    this.perDay = (int) Math.max(1, Math.round(PER_DAY * simulated.scale()));
  }

  /** Plans the faults of a day. */
  void plan(int day) {
    for (int i = 0; i < this.perDay; i++) {
      at(day, this::missing);
      at(day, this::held);
      at(day, this::duplicate);
      at(day, this::lostDelete);
      at(day, this::lostDeleteNextDay);
      at(day, this::neverExisted);
      at(day, this::lostQuantity);
      at(day, this::lostCancellation);
      at(day, this::lostPriceNextDay);
      at(day, this::outOfOrder);
      at(day, this::wrongAmount);
      at(day, this::wrongQuantity);
      long late = StoreCalendar.start(day) + 22 * StoreCalendar.HOUR;
      this.agenda.at(late + between(0, 100 * StoreCalendar.MINUTE), this::late);
    }
    long eleven = StoreCalendar.start(day) + 23 * StoreCalendar.HOUR;
    this.agenda.at(eleven + between(0, 20 * StoreCalendar.MINUTE), this::inFlight);
  }

  private void at(int day, Runnable script) {
    this.agenda.at(
        StoreCalendar.start(day) + between(30 * StoreCalendar.MINUTE, 20 * StoreCalendar.HOUR),
        script);
  }

  /** No row of the line ever gets through. */
  private void missing() {
    Order order = this.orders.draft(this.orders.takeNumber(), false);
    Order.Line line = this.orders.anyLine(order);
    line.muted(true);
    this.desk.place(order);
    afterPayment(order, () -> report(order, line, Cause.MISSING, "", Worth.NOTHING));
  }

  /**
   * The stream misses the order; the log's file with it arrives a day late, and only then the truth
   * knows it.
   */
  private void held() {
    Order order = this.orders.place(true);
    afterPayment(
        order,
        () -> {
          for (Order.Line line : order.lines()) {
            this.faults.add(
                new Fault(
                    today() + 1,
                    Fault.LINES,
                    key(order, line),
                    Cause.MISSING,
                    "",
                    StoreCalendar.date(StoreCalendar.day(order.time())),
                    List.of(),
                    Worth.of(order, line)));
          }
        });
  }

  /** The consumer restarts and writes a row again under a new number. */
  private void duplicate() {
    Order order = this.orders.place(false);
    Order.Line line = this.orders.anyLine(order);
    this.agenda.in(
        between(StoreCalendar.MINUTE, 30 * StoreCalendar.MINUTE),
        () -> {
          long commit = this.desk.status(order, "paid");
          long again = line.received() + between(StoreCalendar.SECOND, 2 * StoreCalendar.MINUTE);
          this.stream.write(
              OrderLineRow.of(order, line, commit).seen(this.stream.nextIngest(), again));
          Worth once = Worth.of(order, line);
          report(order, line, Cause.DUPLICATE, "", once.plus(once));
        });
  }

  private void lostDelete() {
    loseDelete(40 * StoreCalendar.MINUTE);
  }

  private void lostDeleteNextDay() {
    loseDelete(StoreCalendar.DAY);
  }

  private void loseDelete(long wait) {
    Order order = this.orders.place(false);
    Order.Line line = this.orders.anyLine(order);
    afterPayment(
        order,
        () ->
            this.agenda.in(
                between(wait, wait + 30 * StoreCalendar.MINUTE),
                () -> {
                  Worth streamed = Worth.of(order, line);
                  line.muted(true);
                  if (this.random.nextBoolean()) {
                    this.desk.removeAll(order);
                  } else {
                    this.desk.remove(order, line);
                  }
                  report(order, line, Cause.PHANTOM, Fault.LOST_DELETE, streamed);
                }));
  }

  /**
   * The consumer reads a transaction that is rolled back: the order number is used up, the log
   * never shows it.
   */
  private void neverExisted() {
    Order order = this.orders.draft(this.orders.takeNumber(), false);
    Order.Line line = order.lines().get(0);
    long now = this.agenda.now();
    this.stream.deliver(OrderLineRow.of(order, line, now), line, this.stream.arrival(now, 0));
    Worth streamed = Worth.of(order, line);
    line.deleted(true);
    report(order, line, Cause.PHANTOM, Fault.NEVER_EXISTED, streamed);
  }

  private void lostQuantity() {
    loseChange(
        20 * StoreCalendar.MINUTE,
        QUANTITY_AND_SUMS,
        (order, line) ->
            this.desk.change(
                order, line, Order.QUANTITY, line.quantity() + 1 + this.random.nextInt(3)));
  }

  private void lostCancellation() {
    loseChange(
        30 * StoreCalendar.MINUTE,
        List.of("status", "revenue"),
        (order, line) -> this.desk.status(order, "cancelled"));
  }

  private void lostPriceNextDay() {
    loseChange(
        StoreCalendar.DAY,
        List.of("unit_price", "amount", "revenue"),
        (order, line) -> {
          long price = line.money(Order.PRICE);
          this.desk.change(order, line, Order.PRICE, price - price / 8 - 1);
        });
  }

  /** A change of an order's line. */
  private interface Change {
    void make(Order order, Order.Line line);
  }

  private void loseChange(long wait, List<String> columns, Change change) {
    Order order = this.orders.place(false);
    Order.Line line = this.orders.anyLine(order);
    afterPayment(
        order,
        () ->
            this.agenda.in(
                between(wait, wait + 30 * StoreCalendar.MINUTE),
                () -> {
                  Worth streamed = Worth.of(order, line);
                  line.muted(true);
                  change.make(order, line);
                  report(order, line, Cause.STALE, columns, streamed);
                }));
  }

  /** The older of two changes is written again after the newer one. */
  private void outOfOrder() {
    Order order = this.orders.place(false);
    Order.Line line = this.orders.anyLine(order);
    this.agenda.in(
        between(StoreCalendar.MINUTE, 10 * StoreCalendar.MINUTE),
        () -> {
          long older = this.desk.status(order, "paid");
          OrderLineRow old = OrderLineRow.of(order, line, older);
          this.agenda.in(
              between(StoreCalendar.MINUTE, 20 * StoreCalendar.MINUTE),
              () -> {
                long newer = this.desk.change(order, line, Order.QUANTITY, line.quantity() + 2);
                this.stream.deliver(old, line, newer + between(12, 60) * StoreCalendar.SECOND);
                report(order, line, Cause.OUT_OF_ORDER, QUANTITY_AND_SUMS, Worth.of(old));
              });
        });
  }

  /** A sum that went through a float: a few cents beside the truth. */
  private void wrongAmount() {
    Order order = this.orders.place(false);
    Order.Line line = this.orders.anyLine(order);
    this.agenda.in(
        between(StoreCalendar.MINUTE, 30 * StoreCalendar.MINUTE),
        () ->
            mistake(
                order, line, line.quantity(), line.amount() + 1 + this.random.nextInt(99), SUMS));
  }

  /** A quantity that was counted in dozens. */
  private void wrongQuantity() {
    Order order = this.orders.place(false);
    Order.Line line = this.orders.anyLine(order);
    this.agenda.in(
        between(StoreCalendar.MINUTE, 30 * StoreCalendar.MINUTE),
        () -> {
          int dozens = line.quantity() * 12;
          long amount = dozens * line.money(Order.PRICE) - line.money(Order.DISCOUNT);
          mistake(order, line, dozens, amount, QUANTITY_AND_SUMS);
        });
  }

  private void mistake(
      Order order, Order.Line line, int quantity, long amount, List<String> columns) {
    line.muted(true);
    long commit = this.desk.status(order, "paid");
    OrderLineRow row = OrderLineRow.of(order, line, commit).wrong(quantity, amount);
    this.stream.deliver(row, line, this.stream.arrival(commit, line.received()));
    report(order, line, Cause.WRONG_VALUE, columns, Worth.of(row));
  }

  /** The line's only row comes after midnight, when the day is already closed. */
  private void late() {
    Order order = this.orders.draft(this.orders.takeNumber(), false);
    Order.Line line = this.orders.anyLine(order);
    line.muted(true);
    long commit = this.desk.place(order);
    long midnight = StoreCalendar.start(today() + 1);
    this.stream.deliver(
        OrderLineRow.of(order, line, commit),
        line,
        midnight + between(30, 240) * StoreCalendar.SECOND);
    report(order, line, Cause.LATE, "", Worth.NOTHING);
  }

  /** Orders in motion while the night begins: never a fault. */
  private void inFlight() {
    Order changed = this.orders.place(false);
    Order removed = this.orders.place(false);
    Order dropped = this.orders.place(false);
    long midnight = StoreCalendar.start(today() + 1);
    this.agenda.at(midnight - 90 * StoreCalendar.SECOND, () -> this.orders.place(false));
    this.agenda.at(midnight + 10 * StoreCalendar.SECOND, () -> this.orders.place(false));
    this.agenda.at(midnight + 30 * StoreCalendar.SECOND, () -> this.desk.status(changed, "paid"));
    this.agenda.at(midnight + 60 * StoreCalendar.SECOND, () -> this.desk.removeAll(dropped));
    this.agenda.at(midnight + 3 * StoreCalendar.MINUTE, () -> this.desk.removeAll(removed));
    this.agenda.at(midnight + 4 * StoreCalendar.MINUTE, () -> this.desk.status(changed, "shipped"));
    this.agenda.at(midnight + 4 * StoreCalendar.MINUTE, () -> this.orders.place(false));
  }

  private void afterPayment(Order order, Runnable next) {
    this.agenda.in(
        between(StoreCalendar.MINUTE, 10 * StoreCalendar.MINUTE),
        () -> {
          this.desk.status(order, "paid");
          next.run();
        });
  }

  private void report(Order order, Order.Line line, Cause cause, String evidence, Worth streamed) {
    report(order, line, new Finding(cause, evidence, List.of()), streamed);
  }

  private void report(
      Order order, Order.Line line, Cause cause, List<String> columns, Worth streamed) {
    report(order, line, new Finding(cause, "", columns), streamed);
  }

  private record Finding(Cause cause, String evidence, List<String> columns) {}

  private void report(Order order, Order.Line line, Finding finding, Worth streamed) {
    Worth delta = Worth.of(order, line).minus(streamed);
    this.faults.add(
        new Fault(
            today(),
            Fault.LINES,
            key(order, line),
            finding.cause(),
            finding.evidence(),
            StoreCalendar.date(StoreCalendar.day(order.time())),
            finding.columns(),
            delta));
  }

  private static List<Long> key(Order order, Order.Line line) {
    return List.of(order.id(), (long) line.number());
  }

  private int today() {
    return StoreCalendar.day(this.agenda.now());
  }

  private long between(long from, long to) {
    return this.random.nextLong(from, to);
  }
}
