package io.veralake.land.decode;

/** Finds where records end. */
@FunctionalInterface
public interface RecordEnd {
  /** A record ends at a line feed. */
  RecordEnd LINE_FEED = LineFeeds::find;

  /**
   * The line feed that ends the record which begins at {@code from}; -1 if it isn't before {@code
   * to}.
   */
  int find(byte[] buffer, int from, int to);
}
