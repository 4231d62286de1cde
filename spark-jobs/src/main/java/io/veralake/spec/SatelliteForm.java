package io.veralake.spec;

import java.util.List;

/** What a satellite says about the keys of its parent. */
public sealed interface SatelliteForm {
  /** One version at a time: the payload. */
  SatelliteForm PLAIN = new Plain();

  /** Whether its rows make versions, which history and current views show. */
  default boolean versions() {
    return true;
  }

  /** One version at a time: the payload. */
  record Plain() implements SatelliteForm {}

  /**
   * Several members at a time, each with versions of its own: every raw row is a change of one
   * member.
   *
   * @param key columns that tell a key's members apart
   */
  record Members(List<Column> key) implements SatelliteForm {
    /** Copies the list. */
    public Members {
      key = List.copyOf(key);
    }
  }

  /**
   * Several members at a time that make one version together: a set, which is observed as a whole.
   *
   * @param exploded whether a raw row brings the whole set, as an array; otherwise the rows of one
   *     key with one applied time and record source are the set
   */
  record Sets(boolean exploded) implements SatelliteForm {}

  /**
   * Which of a link's rows holds, where the driving key points to one at a time.
   *
   * @param driving ends of the link that belong to the driving key
   * @param dependent columns of the link's dependent key that belong to it
   */
  record Effectivity(List<Link.End> driving, List<Column> dependent) implements SatelliteForm {
    /** Copies the lists. */
    public Effectivity {
      driving = List.copyOf(driving);
      dependent = List.copyOf(dependent);
    }

    /** The link's columns that are the driving key. */
    public List<String> columns() {
      return java.util.stream.Stream.concat(
              this.driving.stream().map(Link.End::hashKey),
              this.dependent.stream().map(Column::name))
          .toList();
    }
  }

  /** Whether a key was created, updated or deleted. */
  record Status() implements SatelliteForm {}

  /** One row a key, which never changes: the first. */
  record Once() implements SatelliteForm {
    @Override
    public boolean versions() {
      return false;
    }
  }

  /**
   * In which periods a source named a key.
   *
   * @param period how long one is
   */
  record Sightings(Period period) implements SatelliteForm {
    @Override
    public boolean versions() {
      return false;
    }
  }

  /** Length of a period, by the clock in UTC. */
  enum Period {
    /** An hour. */
    HOUR,
    /** A day. */
    DAY,
    /** A month. */
    MONTH
  }
}
