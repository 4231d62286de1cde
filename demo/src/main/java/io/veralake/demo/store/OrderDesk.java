package io.veralake.demo.store;

import java.util.List;

/**
 * What can be done to orders: each is a transaction in the log that the stream's consumer hears of.
 */
final class OrderDesk {
  private final Agenda agenda;
  private final ChangeLog log;
  private final StreamConsumer stream;

  OrderDesk(Agenda agenda, ChangeLog log, StreamConsumer stream) {
    this.agenda = agenda;
    this.log = log;
    this.stream = stream;
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
    return commit(order, order.lines());
  }

  /** Sets the order's status. */
  long status(Order order, String status) {
    this.log.begin(order.held());
    changeStatus(order, status);
    return commit(order, order.liveLines());
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
    return commit(order, order.liveLines());
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
    return commit(order, lines);
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
