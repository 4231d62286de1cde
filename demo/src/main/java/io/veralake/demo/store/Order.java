package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.List;

/** An order while something can still happen to it. */
final class Order {
  static final int ID = 0;
  static final int USER = 1;
  static final int STATUS = 2;
  static final int CHANNEL = 3;
  static final int REGION = 4;
  static final int TIME = 5;
  static final int UPDATED = 6;

  static final int PRODUCT = 2;
  static final int SELLER = 3;
  static final int QUANTITY = 4;
  static final int PRICE = 5;
  static final int DISCOUNT = 6;

  private final List<Line> lines = new ArrayList<>();
  private final boolean held;
  private Object[] row;
  private boolean deleted;

  /** A line of an order and what the stream's consumer remembers of it. */
  static final class Line {
    private Object[] row;
    private boolean deleted;
    private boolean muted;
    private long ingest;
    private long received;

    Line(Object[] row) {
      this.row = row;
    }

    Object[] row() {
      return this.row;
    }

    void row(Object[] value) {
      this.row = value;
    }

    int number() {
      return (Integer) this.row[1];
    }

    int quantity() {
      return (Integer) this.row[QUANTITY];
    }

    long money(int column) {
      return (Long) this.row[column];
    }

    /** Quantity times price less discount, in cents. */
    long amount() {
      return quantity() * money(PRICE) - money(DISCOUNT);
    }

    boolean deleted() {
      return this.deleted;
    }

    void deleted(boolean value) {
      this.deleted = value;
    }

    /** Whether the stream loses what happens to this line from now on. */
    boolean muted() {
      return this.muted;
    }

    void muted(boolean value) {
      this.muted = value;
    }

    long ingest() {
      return this.ingest;
    }

    void ingest(long value) {
      this.ingest = value;
    }

    long received() {
      return this.received;
    }

    void received(long value) {
      this.received = value;
    }
  }

  /**
   * An order as it is placed; a held one is missed by the stream and reaches the files a day late.
   */
  Order(Object[] row, boolean held) {
    this.row = row;
    this.held = held;
  }

  Object[] row() {
    return this.row;
  }

  void row(Object[] value) {
    this.row = value;
  }

  long id() {
    return (Long) this.row[ID];
  }

  String status() {
    return (String) this.row[STATUS];
  }

  long time() {
    return (Long) this.row[TIME];
  }

  boolean cancelled() {
    return status().equals("cancelled");
  }

  List<Line> lines() {
    return this.lines;
  }

  List<Line> liveLines() {
    return this.lines.stream().filter(line -> !line.deleted()).toList();
  }

  boolean held() {
    return this.held;
  }

  boolean deleted() {
    return this.deleted;
  }

  void deleted(boolean value) {
    this.deleted = value;
  }

  /** What the line brings in, in cents: nothing when the order is cancelled or the line deleted. */
  long revenue(Line line) {
    return cancelled() || line.deleted() || this.deleted ? 0 : line.amount();
  }
}
