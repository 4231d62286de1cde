package io.veralake.spec;

import java.io.Serializable;
import java.time.Duration;

/** How a source that keeps no log of its changes is read again and again. */
public sealed interface DumpMode extends Serializable {
  /**
   * All of it, every time: what it no longer has was deleted.
   *
   * @param maxDeletes how many of the rows that were there may be gone, in percent; more stop the
   *     run
   */
  record Full(int maxDeletes) implements DumpMode {}

  /**
   * What a column says to be new. Rows deleted at the source are not noticed.
   *
   * @param column grows with each change of a row: a date, a timestamp or a whole number
   * @param overlap how far behind the largest value seen a row may appear, for a column of times
   * @param behind the same for a column of whole numbers; negative: the model doesn't say
   */
  record Incremental(String column, Duration overlap, long behind) implements DumpMode {}
}
