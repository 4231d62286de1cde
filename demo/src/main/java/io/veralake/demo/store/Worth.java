package io.veralake.demo.store;

/**
 * What rows sum up to, or a difference of such sums.
 *
 * @param quantity pieces
 * @param amount in cents
 * @param revenue in cents
 */
record Worth(long quantity, long amount, long revenue) {
  static final Worth NOTHING = new Worth(0, 0, 0);

  /** What a line is worth in truth as it is now. */
  static Worth of(Order order, Order.Line line) {
    return line.deleted() || order.deleted()
        ? NOTHING
        : new Worth(line.quantity(), line.amount(), order.revenue(line));
  }

  /** What a row of the stream shows. */
  static Worth of(OrderLineRow row) {
    return new Worth(row.quantity(), row.amount(), row.revenue());
  }

  /** What is stocked. */
  static Worth of(int quantity) {
    return new Worth(quantity, 0, 0);
  }

  Worth plus(Worth other) {
    return new Worth(
        this.quantity + other.quantity, this.amount + other.amount, this.revenue + other.revenue);
  }

  Worth minus(Worth other) {
    return new Worth(
        this.quantity - other.quantity, this.amount - other.amount, this.revenue - other.revenue);
  }
}
