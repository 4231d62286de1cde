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

  /** A record ends at a line feed, in UTF-16 of a byte order. */
  static RecordEnd ofWideLines(boolean little) {
    return (buffer, from, to) -> {
      for (int at = from; at <= to - 2; at += 2) {
        if (wide(buffer, at, little) == '\n') {
          return at;
        }
      }
      return -1;
    };
  }

  /** The unit of UTF-16 at a place. */
  static int wide(byte[] buffer, int at, boolean little) {
    int first = buffer[at] & 0xFF;
    int second = buffer[at + 1] & 0xFF;
    return little ? second << 8 | first : first << 8 | second;
  }
}
