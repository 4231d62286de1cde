package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Customers order, pay, change their minds; the shop ships, corrects and takes back. */
final class OrderFlow {
  private static final List<String> CHANNELS = List.of("web", "mobile", "store", "marketplace");
  private static final int[] HOURS = {
    2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 11, 12, 11, 10, 10, 10, 11, 13, 14, 13, 10, 7, 4
  };
  private static final double HOURS_MEAN = 7.7;
  private static final int ORDERS_PER_DAY = 3000;

  private final Agenda agenda;
  private final OrderDesk desk;
  private final Population population;
  private final SplittableRandom random;
  private final double pause;
  private long nextOrder = 100_001;

  OrderFlow(
      Agenda agenda, OrderDesk desk, Population population, SplittableRandom random, double scale) {
    this.agenda = agenda;
    this.desk = desk;
    this.population = population;
    this.random = random;
    this.pause = StoreCalendar.DAY / (ORDERS_PER_DAY * scale);
  }

  /** Opens the shop: orders come one after the other from now on. */
  void open() {
    int hour = (int) (Math.floorMod(this.agenda.now(), StoreCalendar.DAY) / StoreCalendar.HOUR);
    double mean = this.pause * HOURS_MEAN / HOURS[hour];
    long gap =
        (long) Math.min(-Math.log(1 - this.random.nextDouble()) * mean, 2 * StoreCalendar.HOUR);
    this.agenda.in(
        1 + gap,
        () -> {
          live(place(false));
          open();
        });
  }

  /** Uses up an order number, as a transaction does that is rolled back. */
  long takeNumber() {
    return this.nextOrder++;
  }

  /** Places an order of a customer, one to four lines, and plans nothing else for it. */
  Order place(boolean held) {
    Order order = draft(takeNumber(), held);
    this.desk.place(order);
    return order;
  }

  /** An order that is not placed yet. */
  Order draft(long id, boolean held) {
    Object[] user = this.population.anyUser();
    long now = this.agenda.now();
    Object[] row = {
      id, user[0], "new", this.population.pick(CHANNELS), user[Population.USER_REGION], now, now
    };
    Order order = new Order(row, held);
    int lines = 1 + Math.min(this.random.nextInt(4), this.random.nextInt(4));
    for (int number = 1; number <= lines; number++) {
      order.lines().add(new Order.Line(line(id, number)));
    }
    return order;
  }

  private Object[] line(long order, int number) {
    Object[] product = this.population.anyProduct();
    int quantity = 1 + Math.min(this.random.nextInt(6), this.random.nextInt(6));
    long price = (Long) product[Population.PRODUCT_PRICE];
    long discount = this.random.nextInt(5) == 0 ? price * quantity / 10 : 0;
    return new Object[] {
      order, number, product[0], product[Population.PRODUCT_SELLER], quantity, price, discount
    };
  }

  private void live(Order order) {
    long minute = StoreCalendar.MINUTE;
    if (happens(50)) {
      plan(5 * minute, 60 * minute, order, () -> this.desk.status(order, "cancelled"));
      return;
    }
    if (happens(40)) {
      plan(minute, 2 * minute, order, () -> twice(order));
    }
    if (happens(10)) {
      plan(minute, 20 * minute, order, () -> this.desk.amend(order, anyLine(order), "paid"));
    } else {
      plan(minute, 30 * minute, order, () -> this.desk.status(order, "paid"));
    }
    if (happens(20)) {
      plan(30 * minute, 90 * minute, order, () -> removeLine(order));
    }
    if (happens(5)) {
      plan(30 * minute, 90 * minute, order, () -> removeOrder(order));
    }
    plan(2 * StoreCalendar.HOUR, 30 * StoreCalendar.HOUR, order, () -> ship(order));
    if (happens(15)) {
      plan(18 * StoreCalendar.HOUR, 40 * StoreCalendar.HOUR, order, () -> correct(order));
    }
    if (happens(7)) {
      plan(
          20 * StoreCalendar.HOUR,
          60 * StoreCalendar.HOUR,
          order,
          () -> this.desk.status(order, "cancelled"));
    }
  }

  private void twice(Order order) {
    Order.Line line = anyLine(order);
    this.desk.change(order, line, Order.QUANTITY, line.quantity() + 1);
    plan(
        200_000,
        600_000,
        order,
        () -> {
          if (!line.deleted()) {
            this.desk.change(order, line, Order.QUANTITY, line.quantity() + 1);
          }
        });
  }

  private void removeLine(Order order) {
    List<Order.Line> lines = order.liveLines();
    if (lines.size() < 2) {
      return;
    }
    Order.Line line = lines.get(lines.size() - 1);
    this.desk.remove(order, line);
    if (happens(400)) {
      plan(
          StoreCalendar.MINUTE,
          9 * StoreCalendar.MINUTE,
          order,
          () -> {
            this.desk.restore(order, line, line.quantity() + 1);
          });
    }
  }

  private void removeOrder(Order order) {
    this.desk.removeAll(order);
    if (happens(300)) {
      this.agenda.in(
          between(StoreCalendar.MINUTE, StoreCalendar.HOUR), () -> this.desk.place(order));
    }
  }

  private void ship(Order order) {
    this.desk.status(order, "shipped");
    plan(
        20 * StoreCalendar.HOUR,
        50 * StoreCalendar.HOUR,
        order,
        () -> this.desk.status(order, "delivered"));
  }

  private void correct(Order order) {
    Order.Line line = anyLine(order);
    if (happens(500)) {
      long discount = line.money(Order.DISCOUNT) + line.money(Order.PRICE) / 10 + 1;
      this.desk.change(order, line, Order.DISCOUNT, discount);
    } else {
      long price = line.money(Order.PRICE);
      this.desk.change(order, line, Order.PRICE, price - price / 12 - 1);
    }
  }

  Order.Line anyLine(Order order) {
    List<Order.Line> lines = new ArrayList<>(order.liveLines());
    return lines.get(this.random.nextInt(lines.size()));
  }

  long between(long from, long to) {
    return this.random.nextLong(from, to);
  }

  /** Plans a step that is left out if the order is gone, cancelled or empty by then. */
  private void plan(long from, long to, Order order, Runnable step) {
    this.agenda.in(
        between(from, to),
        () -> {
          if (!order.deleted() && !order.cancelled() && !order.liveLines().isEmpty()) {
            step.run();
          }
        });
  }

  private boolean happens(int perMille) {
    return this.random.nextInt(1000) < perMille;
  }
}
