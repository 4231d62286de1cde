package io.veralake.spec;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much of a table a publication may change without approval. A limit that isn't declared (null)
 * allows everything.
 *
 * @param rows rows added, removed and changed together
 * @param added rows added
 * @param removed rows removed
 * @param changed rows of which a value changed
 * @param partitions partitions in which anything changes
 * @param emptied partitions that lose all their rows
 * @param measures by measure, how far its totals may move, all partitions' movements added up
 */
public record Limits(
    @Nullable Limit rows,
    @Nullable Limit added,
    @Nullable Limit removed,
    @Nullable Limit changed,
    @Nullable Limit partitions,
    @Nullable Limit emptied,
    Map<String, Limit> measures) {
  /** Everything is allowed. */
  public static final Limits NONE = new Limits(null, null, null, null, null, null, Map.of());

  /**
   * A limit.
   *
   * @param most the most that is allowed: a number, or per cent of what readers see
   * @param relative whether it is per cent
   */
  public record Limit(BigDecimal most, boolean relative) {
    /** Whether {@code change} of {@code whole}, neither negative, is over the limit. */
    public boolean isExceeded(BigDecimal change, BigDecimal whole) {
      return this.relative
          ? change.movePointRight(2).compareTo(this.most.multiply(whole)) > 0
          : change.compareTo(this.most) > 0;
    }

    @Override
    public String toString() {
      return this.most.toPlainString() + (this.relative ? " %" : "");
    }
  }

  /** Copies the map. */
  public Limits {
    measures = Map.copyOf(measures);
  }

  /** Whether the number of rows that are added, removed or changed is limited. */
  public boolean ofRows() {
    return this.rows != null || this.added != null || this.removed != null || this.changed != null;
  }
}
