package io.veralake.land.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one record says. Values are Spark's internal ones, in the order of the raw table's columns.
 */
public final class Change {
  /** What is to be done with a record. */
  public enum Kind {
    /** It is landed. */
    ROW,
    /** It says nothing that another record doesn't say: the tombstone that follows a delete. */
    REPEAT,
    /**
     * It is no change of a row of the table: a transaction marker, a logical message, a heartbeat,
     * an event of another table.
     */
    OTHER
  }

  /** What repeats another record. */
  public static final Change REPEAT =
      new Change(Kind.REPEAT, "", null, null, List.of(), new long[0], 0, null, null);

  /** What is no record of the table. */
  public static final Change OTHER =
      new Change(Kind.OTHER, "", null, null, List.of(), new long[0], 0, null, null);

  private final Kind kind;
  private final String op;
  private final @Nullable Object @Nullable [] before;
  private final @Nullable Object @Nullable [] after;
  private final List<String> unavailable;
  private final long[] order;
  private final long commitTime;
  private final @Nullable Binlog binlog;
  private final @Nullable InTransaction inTransaction;

  private Change(
      Kind kind,
      String op,
      @Nullable Object @Nullable [] before,
      @Nullable Object @Nullable [] after,
      List<String> unavailable,
      long[] order,
      long commitTime,
      @Nullable Binlog binlog,
      @Nullable InTransaction inTransaction) {
    this.kind = kind;
    this.op = op;
    this.before = before;
    this.after = after;
    this.unavailable = unavailable;
    this.order = order;
    this.commitTime = commitTime;
    this.binlog = binlog;
    this.inTransaction = inTransaction;
  }

  /** A change that its source describes. */
  static Change of(
      String op,
      @Nullable Object @Nullable [] before,
      @Nullable Object @Nullable [] after,
      List<String> unavailable,
      SourcePosition source) {
    return new Change(
        Kind.ROW,
        op,
        before,
        after,
        unavailable,
        source.order(),
        source.commitTime(),
        source.binlog(),
        source.inTransaction());
  }

  /** A row read from a file that says no more than the row. */
  public static Change ofFile(@Nullable Object[] row) {
    return new Change(Kind.ROW, "r", null, row, List.of(), new long[0], 0, null, null);
  }

  /** A row as it was at a moment of its database. */
  static Change ofDump(@Nullable Object[] row, long[] order, long commitTime) {
    return new Change(Kind.ROW, "r", null, row, List.of(), order, commitTime, null, null);
  }

  /** The same change with other rows. */
  public Change with(
      @Nullable Object @Nullable [] otherBefore, @Nullable Object @Nullable [] otherAfter) {
    return new Change(
        this.kind,
        this.op,
        otherBefore,
        otherAfter,
        this.unavailable,
        this.order,
        this.commitTime,
        this.binlog,
        this.inTransaction);
  }

  /** Whether there is anything to land. */
  public Kind kind() {
    return this.kind;
  }

  /** What happened, as raw tables say it; empty unless something is landed. */
  public String op() {
    return this.op;
  }

  /** The row before, or null. */
  public @Nullable Object @Nullable [] before() {
    return this.before;
  }

  /** The row after, or null. */
  public @Nullable Object @Nullable [] after() {
    return this.after;
  }

  /**
   * Columns whose values the source didn't send; {@code before.<name>} if missing in the row
   * before.
   */
  public List<String> unavailable() {
    return this.unavailable;
  }

  /**
   * The source's own position: three numbers; empty if it has none beside the record's place in its
   * file.
   */
  public long[] order() {
    return this.order;
  }

  /**
   * The source's own commit time, microseconds since the epoch; 0 if it has none beside its file's.
   */
  public long commitTime() {
    return this.commitTime;
  }

  /** Which binlog the change was read from; null if it is from none. */
  public @Nullable Binlog binlog() {
    return this.binlog;
  }

  /** Which of a transaction's changes it is; null if it isn't told. */
  public @Nullable InTransaction inTransaction() {
    return this.inTransaction;
  }

  /** The row that the record speaks about: after, else before; null for a truncate. */
  public @Nullable Object @Nullable [] row() {
    return this.after == null ? this.before : this.after;
  }
}
