package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The streaming layer: writes each change within two seconds of its commit, in the order of each
 * key, unless told to err.
 */
final class StreamConsumer {
  private static final long LATEST = 1_900_000;

  private final SplittableRandom random;
  private List<OrderLineRow> laterLines = new ArrayList<>();
  private List<StockRow> laterStock = new ArrayList<>();
  private StreamSink sink = StreamSink.NOTHING;
  private long cut;
  private long ingests;

  StreamConsumer(SplittableRandom random) {
    this.random = random;
  }

  /** Turns to the rows received before {@code cut}; those received later wait for the next call. */
  void open(StreamSink sink, long cut) {
    this.sink = sink;
    this.cut = cut;
    List<OrderLineRow> lines = this.laterLines;
    List<StockRow> stock = this.laterStock;
    this.laterLines = new ArrayList<>();
    this.laterStock = new ArrayList<>();
    lines.forEach(this::write);
    stock.forEach(this::write);
  }

  /**
   * The instant at which an event is received that was committed at {@code commit}, after {@code
   * previous}.
   */
  long arrival(long commit, long previous) {
    return Math.max(previous + 1, commit + this.random.nextLong(40_000, LATEST));
  }

  long nextIngest() {
    return ++this.ingests;
  }

  /** Streams a line of an order as it is now. */
  void line(Order order, Order.Line line, long commit) {
    if (order.held() || line.muted()) {
      return;
    }
    deliver(OrderLineRow.of(order, line, commit), line, arrival(commit, line.received()));
  }

  /** Streams a row of a line, received when the caller says. */
  void deliver(OrderLineRow row, Order.Line line, long received) {
    if (line.ingest() == 0) {
      line.ingest(nextIngest());
    }
    line.received(received);
    write(row.seen(line.ingest(), received));
  }

  void write(OrderLineRow row) {
    if (row.receivedTime() < this.cut) {
      this.sink.line(row);
    } else {
      this.laterLines.add(row);
    }
  }

  void write(StockRow row) {
    if (row.receivedTime() < this.cut) {
      this.sink.stock(row);
    } else {
      this.laterStock.add(row);
    }
  }
}
