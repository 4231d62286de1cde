package io.veralake.land;

import java.io.Serializable;

/**
 * A place in a source's order, compared number by number: log sequence number and order in the
 * transaction; binlog file, offset and row; time, partition and offset; file's time and row.
 *
 * @param major the first number
 * @param minor the second
 * @param row the third
 */
public record SourceOrder(long major, long minor, long row)
    implements Comparable<SourceOrder>, Serializable {
  @Override
  public int compareTo(SourceOrder other) {
    return compare(this.major, this.minor, this.row, other);
  }

  /** As {@link #compareTo}, of a place that is no object yet. */
  static int compare(long major, long minor, long row, SourceOrder other) {
    int order = Long.compare(major, other.major);
    order = order == 0 ? Long.compare(minor, other.minor) : order;
    return order == 0 ? Long.compare(row, other.row) : order;
  }

  /** The three numbers. */
  @Override
  public String toString() {
    return this.major + "/" + this.minor + "/" + this.row;
  }
}
