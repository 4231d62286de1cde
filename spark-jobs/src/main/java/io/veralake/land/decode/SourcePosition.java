package io.veralake.land.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where and when an envelope's source block says that the change was made. */
final class SourcePosition {
  /** The last number of a position: the record's offset in its topic is the order. */
  static final long BY_PLACE = -1;

  private long lsn = -1;
  private long totalOrder;
  private long file = -1;
  private String binlog = "";
  private long server;
  private long sent = -1;
  private long offset = -1;
  private long row;
  private long increment = -1;
  private boolean transaction;
  private boolean ordered;
  private String table = "";
  private String transactionId = "";
  private long ofTable;
  private long millis = -1;
  private long micros = -1;
  private long nanos = -1;

  void readSource(JsonParser parser) throws IOException, BadRecordException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NUMBER_INT) {
        this.number(name, parser);
      } else if (token == JsonToken.VALUE_STRING && name.equals("file")) {
        this.file(parser.getText());
      } else if (token == JsonToken.VALUE_STRING && name.equals("table")) {
        this.table = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
  }

  private void number(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "lsn" -> this.lsn = parser.getLongValue();
      case "ts_ms" -> this.millis = parser.getLongValue();
      case "ts_us" -> this.micros = parser.getLongValue();
      case "ts_ns" -> this.nanos = parser.getLongValue();
      case "pos" -> this.offset = parser.getLongValue();
      case "row" -> this.row = parser.getLongValue();
      case "server_id" -> this.server = parser.getLongValue();
      case "ord" -> this.increment = parser.getLongValue();
      case "txnNumber" -> this.transaction = true;
      default -> {}
    }
  }

  void readTransaction(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_NUMBER_INT && name.equals("total_order")) {
        this.totalOrder = parser.getLongValue();
        this.ordered = true;
      } else if (token == JsonToken.VALUE_NUMBER_INT && name.equals("data_collection_order")) {
        this.ofTable = parser.getLongValue();
      } else if (token == JsonToken.VALUE_STRING && name.equals("id")) {
        this.transactionId = parser.getText();
      } else {
        parser.skipChildren();
      }
    }
  }

  /** Reads when the connector sent the event, by its own clock. */
  void readSent(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      this.sent = parser.getLongValue();
    }
  }

  /** Which of a transaction's changes it is; null if it isn't told. */
  @Nullable InTransaction inTransaction() {
    // PostgreSQL's names the change's own place behind the transaction's number.
    int colon = this.lsn >= 0 ? this.transactionId.indexOf(':') : -1;
    String id = colon < 0 ? this.transactionId : this.transactionId.substring(0, colon);
    return this.ofTable <= 0 ? null : new InTransaction(id, this.table, this.ofTable);
  }

  /** Which binlog the change is from; null if it is from none. */
  @Nullable Binlog binlog() {
    return this.file < 0 || this.lsn >= 0 ? null : new Binlog(this.binlog, this.server, this.sent);
  }

  /**
   * PostgreSQL: log sequence number and order in the transaction. MySQL: number of the binlog file,
   * offset, and the order in the transaction, or else the row: where transactions are written as a
   * whole, all of their changes have one offset. MongoDB: milliseconds, number in the cluster's
   * second, and the order in the transaction, whose changes have one number; {@link #BY_PLACE} if
   * it isn't told. The milliseconds are the server's clock, not the cluster's: the connector tells
   * no more.
   */
  long[] order() {
    if (this.increment >= 0 && this.lsn < 0 && this.file < 0) {
      long within = this.ordered ? this.totalOrder : this.transaction ? BY_PLACE : 0;
      return new long[] {this.millis, this.increment, within};
    }
    return this.lsn >= 0
        ? new long[] {this.lsn, this.totalOrder, 0}
        : new long[] {this.file, this.offset, this.ordered ? this.totalOrder : this.row};
  }

  /** Microseconds since the epoch. */
  long commitTime() {
    if (this.micros >= 0) {
      return this.micros;
    }
    return this.nanos >= 0 ? this.nanos / 1000 : this.millis * 1000;
  }

  void check() throws BadRecordException {
    if (this.lsn < 0 && (this.file < 0 || this.offset < 0) && this.increment < 0) {
      throw new BadRecordException(
          "Missing position in the envelope's source (lsn, or file and pos, or ord)");
    }
    if (this.micros < 0 && this.nanos < 0 && this.millis < 0) {
      throw new BadRecordException("Missing commit time in the envelope's source (ts_ms)");
    }
  }

  /** Files of a binlog have its name and a number, which MySQL keeps below 2^31. */
  private void file(String name) throws BadRecordException {
    int dot = name.lastIndexOf('.');
    String digits = name.substring(dot + 1);
    if (dot < 0 || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw invalid(name);
    }
    long number = digits.isEmpty() ? Long.MAX_VALUE : Long.parseLong(digits);
    if (number > Integer.MAX_VALUE) {
      throw invalid(name);
    }
    this.file = number;
    this.binlog = name.substring(0, dot);
  }

  private static BadRecordException invalid(String name) {
    return new BadRecordException(
        "Invalid file in the envelope's source: " + name + " (a name that ends in a number)");
  }
}
