package io.veralake.demo.store;

/** A row of {@code rt.order_lines}; money in cents, times in micros since epoch. */
record OrderLineRow(
    long orderId,
    int lineNumber,
    long ingestId,
    long orderTime,
    long customerId,
    long productId,
    long sellerId,
    String region,
    String channel,
    String status,
    int quantity,
    long unitPrice,
    long discount,
    long amount,
    long revenue,
    boolean deleted,
    long commitTime,
    long receivedTime) {

  /** The row as the consumer writes it for a line as it is now; received and ingested later. */
  static OrderLineRow of(Order order, Order.Line line, long commitTime) {
    boolean gone = line.deleted() || order.deleted();
    return new OrderLineRow(
        order.id(),
        line.number(),
        0,
        order.time(),
        (Long) order.row()[Order.USER],
        (Long) line.row()[Order.PRODUCT],
        (Long) line.row()[Order.SELLER],
        (String) order.row()[Order.REGION],
        (String) order.row()[Order.CHANNEL],
        order.status(),
        line.quantity(),
        line.money(Order.PRICE),
        line.money(Order.DISCOUNT),
        line.amount(),
        order.cancelled() ? 0 : line.amount(),
        gone,
        commitTime,
        0);
  }

  /** The same at another place in the stream. */
  OrderLineRow seen(long ingest, long received) {
    return new OrderLineRow(
        orderId,
        lineNumber,
        ingest,
        orderTime,
        customerId,
        productId,
        sellerId,
        region,
        channel,
        status,
        quantity,
        unitPrice,
        discount,
        amount,
        revenue,
        deleted,
        commitTime,
        received);
  }

  /** The same with other numbers; revenue is the amount. */
  OrderLineRow wrong(int wrongQuantity, long wrongAmount) {
    return new OrderLineRow(
        orderId,
        lineNumber,
        ingestId,
        orderTime,
        customerId,
        productId,
        sellerId,
        region,
        channel,
        status,
        wrongQuantity,
        unitPrice,
        discount,
        wrongAmount,
        wrongAmount,
        deleted,
        commitTime,
        receivedTime);
  }

  /** Appends the row as tab-separated text. */
  void tsv(ByteText out) {
    out.number(orderId).raw('\t').number(lineNumber).raw('\t').number(ingestId).raw('\t');
    out.date(orderTime).raw('\t').time(orderTime, ' ').raw('\t');
    out.number(customerId).raw('\t').number(productId).raw('\t').number(sellerId).raw('\t');
    out.raw(region).raw('\t').raw(channel).raw('\t').raw(status).raw('\t').number(quantity);
    out.raw('\t').cents(unitPrice).raw('\t').cents(discount).raw('\t').cents(amount).raw('\t');
    out.cents(revenue).raw('\t').raw(deleted ? '1' : '0').raw('\t').time(commitTime, ' ');
    out.raw('\t').time(receivedTime, ' ').raw('\n');
  }
}
