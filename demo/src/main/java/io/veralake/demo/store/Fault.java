package io.veralake.demo.store;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * A difference between truth and stream that the reconciliation must find.
 *
 * @param day the day whose night must find it first
 * @param table the streaming layer's table
 * @param key the key columns' values
 * @param cause why
 * @param evidence what shows it, empty if the cause says all
 * @param partition day of the row in question; the day it is found for stock
 * @param columns what differs, empty for whole rows
 * @param delta what corrects the stream's sums: truth less stream
 */
record Fault(
    int day,
    String table,
    List<Long> key,
    Cause cause,
    String evidence,
    LocalDate partition,
    List<String> columns,
    Worth delta) {
  static final String LINES = "rt.order_lines";
  static final String STOCK = "rt.stock";
  static final String LOST_DELETE = "lost-delete";
  static final String NEVER_EXISTED = "never-existed";

  /** Why stream and truth differ. */
  enum Cause {
    MISSING,
    DUPLICATE,
    PHANTOM,
    STALE,
    OUT_OF_ORDER,
    WRONG_VALUE,
    LATE;

    /** The word in tables and files. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  Fault {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
  }

  /** What corrects the stream's number of rows. */
  int rows() {
    return switch (this.cause) {
      case MISSING, LATE -> 1;
      case DUPLICATE, PHANTOM -> -1;
      case STALE, OUT_OF_ORDER, WRONG_VALUE -> 0;
    };
  }

  /** The key as JSON, as reports show it. */
  String keyJson() {
    return this.table.equals(LINES)
        ? "{\"order_id\":" + this.key.get(0) + ",\"line_number\":" + this.key.get(1) + "}"
        : "{\"product_id\":" + this.key.get(0) + ",\"warehouse_id\":" + this.key.get(1) + "}";
  }

  /** Appends the fault as a line of JSON. */
  void line(ByteText out) {
    out.raw("{\"day\":").number(this.day).raw(",\"as_of\":\"");
    out.time(StoreCalendar.start(this.day + 1), 'T').raw("Z\",\"table\":").json(this.table);
    out.raw(",\"key\":").raw(keyJson()).raw(",\"cause\":").json(this.cause.word());
    out.raw(",\"evidence\":").json(this.evidence);
    out.raw(",\"partition\":").json(this.partition.toString()).raw(",\"columns\":[");
    for (int i = 0; i < this.columns.size(); i++) {
      out.raw(i == 0 ? "" : ",").json(this.columns.get(i));
    }
    out.raw("],\"quantity\":")
        .number(this.delta.quantity())
        .raw(",\"amount\":\"")
        .cents(this.delta.amount());
    out.raw("\",\"revenue\":\"").cents(this.delta.revenue()).raw("\"}\n");
  }
}
