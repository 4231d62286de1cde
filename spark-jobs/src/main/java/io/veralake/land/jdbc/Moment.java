package io.veralake.land.jdbc;

import java.io.Serializable;
import java.util.List;

/**
 * When a dump is of, by its database.
 *
 * @param kind what the position is: {@code lsn}, {@code binlog} or {@code time}
 * @param position three numbers; all that was committed before them is in the dump
 * @param time the database's clock, microseconds since the epoch
 * @param snapshot name of the snapshot that sessions may share; empty: there is none
 */
public record Moment(String kind, List<Long> position, long time, String snapshot)
    implements Serializable {
  /** Copies the list. */
  public Moment {
    position = List.copyOf(position);
  }
}
