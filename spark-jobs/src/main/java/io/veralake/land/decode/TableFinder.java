package io.veralake.land.decode;

import java.util.Optional;

/** Finds the table that a change event names as its source. Not thread-safe. */
@FunctionalInterface
public interface TableFinder {
  /**
   * The table, with its schema or else its database before it; empty if the record names none, or
   * can't be read up to there.
   */
  Optional<String> of(byte[] buffer, int from, int to);
}
