package io.veralake.land;

import io.veralake.land.decode.Change;
import io.veralake.land.decode.InTransaction;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts changes that are missing between others of their transaction, where the connector numbers
 * each table's. For records in the order in which the connector sent them.
 */
final class TransactionChain implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int MOST_TABLES = 1000;

  /** The last change of each table. */
  private final Map<String, InTransaction> last = new HashMap<>();

  private @Nullable SourceOrder highest;

  /**
   * How many changes of the table must have been between {@code change} and the one before it. What
   * is sent again, as after a restart of the connector, begins anywhere: it tells nothing.
   */
  long missing(Change change) {
    InTransaction at = change.inTransaction();
    long[] place = change.order();
    if (at == null || place.length == 0) {
      return 0;
    }
    SourceOrder order = new SourceOrder(place[0], place[1], place[2]);
    if (this.highest != null && order.compareTo(this.highest) < 0) {
      return 0;
    }
    this.highest = order;
    InTransaction before = this.last.get(at.table());
    if (before != null || this.last.size() < MOST_TABLES) {
      this.last.put(at.table(), at);
    }
    if (before == null) {
      return 0;
    }
    long known = before.id().equals(at.id()) ? before.order() : 0;
    return Math.max(0, at.order() - known - 1);
  }

  /** Notes a record that can't be read: it may be a change of any table. */
  void broken() {
    this.last.clear();
  }
}
