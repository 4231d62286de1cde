package io.veralake.lineage;

import java.util.Comparator;

/**
 * That a column, or the choice of rows, depends on a column.
 *
 * @param from the column depended on
 * @param kind how
 * @param masked whether all that comes through is a hash of it
 */
public record Dependency(ColumnRef from, Kind kind, boolean masked)
    implements Comparable<Dependency> {
  /** Ways to depend on a column; those of OpenLineage's column lineage. */
  public enum Kind {
    /** The value itself. */
    IDENTITY,
    /** A value made from it. */
    TRANSFORMATION,
    /** A value made from it in several rows. */
    AGGREGATION,
    /** Which of several values. */
    CONDITION,
    /** Which rows of a window, and their order. */
    WINDOW,
    /** Which rows come together. */
    JOIN,
    /** Which rows there are. */
    FILTER,
    /** Which rows become one. */
    GROUP_BY,
    /** Which rows are the first ones. */
    SORT;

    /** Whether a value comes from the column; otherwise it decides about values or rows. */
    public boolean direct() {
      return this.compareTo(CONDITION) < 0;
    }

    /** What becomes of a value of this kind that then goes through {@code next}. */
    Kind then(Kind next) {
      return this.direct() && next.compareTo(this) > 0 ? next : this;
    }
  }

  /** Unmasked. */
  public Dependency(ColumnRef from, Kind kind) {
    this(from, kind, false);
  }

  /** The same after {@code next}. */
  Dependency then(Kind next) {
    return new Dependency(this.from, this.kind.then(next), this.masked);
  }

  @Override
  public int compareTo(Dependency other) {
    return Comparator.comparing(Dependency::from)
        .thenComparing(Dependency::kind)
        .thenComparing(Dependency::masked)
        .compare(this, other);
  }
}
