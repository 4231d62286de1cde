package io.veralake.land.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one record says. Values are Spark's internal ones, in the order of the raw table's columns.
 *
 * @param kind whether there is anything to land
 * @param op what happened, as raw tables say it; empty unless something is landed
 * @param before the row before, or null
 * @param after the row after, or null
 * @param unavailable columns whose values the source didn't send; {@code before.<name>} if missing in the row before
 * @param order the source's own position: three numbers; empty if it has none beside the record's place in its file
 * @param commitTime the source's own commit time, microseconds since the epoch; 0 if it has none beside its file's
 */
public record Change(
    Kind kind,
    String op,
    @Nullable Object @Nullable [] before,
    @Nullable Object @Nullable [] after,
    List<String> unavailable,
    long[] order,
    long commitTime) {
  /** What is to be done with a record. */
  public enum Kind {
    /** It is landed. */
    ROW,
    /** It says nothing that another record doesn't say: the tombstone that follows a delete. */
    REPEAT,
    /** It is no change of a row: a transaction marker, a logical message, a heartbeat. */
    OTHER
  }

  static final Change REPEAT = of(Kind.REPEAT);
  static final Change OTHER = of(Kind.OTHER);

  /** A row read from a file that says no more than the row. */
  static Change ofFile(@Nullable Object[] row) {
    return new Change(Kind.ROW, "r", null, row, List.of(), new long[0], 0);
  }

  private static Change of(Kind kind) {
    return new Change(kind, "", null, null, List.of(), new long[3], 0);
  }

  /** The row that the record speaks about: after, else before; null for a truncate. */
  public @Nullable Object @Nullable [] row() {
    return this.after == null ? this.before : this.after;
  }
}
