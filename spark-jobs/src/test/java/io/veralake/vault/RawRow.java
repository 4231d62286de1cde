package io.veralake.vault;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A raw row to be landed by a test.
 *
 * @param op the operation
 * @param before the row before, values in the order of the table's columns
 * @param after the row after
 * @param major first part of the position; the others are 0
 * @param second when it was committed, in seconds since the epoch
 * @param source its record source
 * @param unavailable columns whose values the source didn't send
 */
record RawRow(
    String op,
    @Nullable List<@Nullable Object> before,
    @Nullable List<@Nullable Object> after,
    long major,
    long second,
    String source,
    List<String> unavailable) {
  RawRow(
      String op,
      @Nullable List<@Nullable Object> before,
      @Nullable List<@Nullable Object> after,
      long major,
      long second,
      String source) {
    this(op, before, after, major, second, source, List.of());
  }

  /** The row that an observer sees: after, else before. */
  @Nullable List<@Nullable Object> row() {
    return this.after != null ? this.after : this.before;
  }
}
