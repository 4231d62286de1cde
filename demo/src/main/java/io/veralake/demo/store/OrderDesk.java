package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What can be done to orders: each is a transaction in the log that the stream's consumer hears of.
 */
final class OrderDesk {
  /** Hears of orders once what happened to them is committed. */
  interface Watcher {
    /** The order was placed, for the first time or again after it was deleted. */
    default void placed(Order order) {}

    /** The order has another status. */
    void moved(Order order);

    /** The order was deleted with all its lines. */
    default void removed(Order order) {}
  }

  private final Agenda agenda;
  private final ChangeLog log;
  private final StreamConsumer stream;
  private final List<Watcher> watchers = new ArrayList<>();

  OrderDesk(Agenda agenda, ChangeLog log, StreamConsumer stream) {
    this.agenda = agenda;
    this.log = log;
    this.stream = stream;
  }

  /** Tells {@code watcher} of all orders from now on. */
  void tell(Watcher watcher) {
    this.watchers.add(watcher);
  }

  /** Inserts the order and its lines. */
  long place(Order order) {
    order.deleted(false);
    this.log.begin(order.held());
    this.log.insert(SourceTable.ORDERS, order.row());
    for (Order.Line line : order.lines()) {
      line.deleted(false);
      this.log.insert(SourceTable.ORDER_ITEMS, line.row());
    }
    long commit = commit(order, order.lines());
    this.watchers.forEach(watcher -> watcher.placed(order));
    return commit;
  }

  /** Sets the order's status. */
  long status(Order order, String status) {
    this.log.begin(order.held());
    changeStatus(order, status);
    return moved(order);
  }

  /** Sets a column of a line. */
  long change(Order order, Order.Line line, int column, Object value) {
    this.log.begin(order.held());
    changeLine(line, column, value);
    return commit(order, List.of(line));
  }

  /** Sets the quantity twice and the status once, in one transaction. */
  long amend(Order order, Order.Line line, String status) {
    this.log.begin(order.held());
    changeLine(line, Order.QUANTITY, line.quantity() + 2);
    changeStatus(order, status);
    changeLine(line, Order.QUANTITY, line.quantity() - 1);
    return moved(order);
  }

  /** Deletes a line. */
  long remove(Order order, Order.Line line) {
    this.log.begin(order.held());
    this.log.delete(SourceTable.ORDER_ITEMS, line.row());
    line.deleted(true);
    return commit(order, List.of(line));
  }

  /** Inserts a deleted line again with another quantity. */
  long restore(Order order, Order.Line line, int quantity) {
    this.log.begin(order.held());
    line.row(with(line.row(), Order.QUANTITY, quantity));
    line.deleted(false);
    this.log.insert(SourceTable.ORDER_ITEMS, line.row());
    return commit(order, List.of(line));
  }

  /** Deletes the order with all its lines. */
  long removeAll(Order order) {
    this.log.begin(order.held());
    List<Order.Line> lines = order.liveLines();
    for (Order.Line line : lines) {
      this.log.delete(SourceTable.ORDER_ITEMS, line.row());
      line.deleted(true);
    }
    this.log.delete(SourceTable.ORDERS, order.row());
    order.deleted(true);
    long commit = commit(order, lines);
    this.watchers.forEach(watcher -> watcher.removed(order));
    return commit;
  }

  private long moved(Order order) {
    long commit = commit(order, order.liveLines());
    this.watchers.forEach(watcher -> watcher.moved(order));
    return commit;
  }

  private void changeStatus(Order order, String status) {
    Object[] before = order.row();
    order.row(with(with(before, Order.STATUS, status), Order.UPDATED, this.agenda.now()));
    this.log.update(SourceTable.ORDERS, before, order.row());
  }

  private void changeLine(Order.Line line, int column, Object value) {
    Object[] before = line.row();
    line.row(with(before, column, value));
    this.log.update(SourceTable.ORDER_ITEMS, before, line.row());
  }

  private long commit(Order order, List<Order.Line> lines) {
    long commit = this.log.commit();
    for (Order.Line line : lines) {
      this.stream.line(order, line, commit);
    }
    return commit;
  }

  /** A copy of a row with one value replaced. */
  static Object[] with(Object[] row, int column, Object value) {
    Object[] copy = row.clone();
    copy[column] = value;
    return copy;
  }
}
