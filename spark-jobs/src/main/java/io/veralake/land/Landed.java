package io.veralake.land;

import java.util.List;
import java.util.stream.Stream;

/**
 * What landing one table did. Every record that says something about a row was appended, is a
 * duplicate, or is quarantined.
 *
 * @param table the raw table's name
 * @param files files that were read; files landed before don't count
 * @param read records in them
 * @param appended rows that are new in the table
 * @param duplicate records whose rows were in the table or in the batch already, and tombstones,
 *     which only repeat the delete before them
 * @param quarantined records that can't be landed, kept with their bytes and the reason
 * @param skipped what is no record of the table: transaction markers, logical messages, heartbeats,
 *     where tables share a source the records of others; not in {@code read}
 * @param absent deletes of rows that a whole dump no longer has; not in {@code read}
 * @param gaps what the source lost before it was landed, in words; empty as a rule
 */
public record Landed(
    String table,
    long files,
    long read,
    long appended,
    long duplicate,
    long quarantined,
    long skipped,
    long absent,
    List<String> gaps) {
  /** Checks that the numbers add up. */
  public Landed {
    gaps = List.copyOf(gaps);
    if (read != appended + duplicate + quarantined) {
      throw new IllegalArgumentException(
          "Invalid counts of "
              + table
              + ": "
              + read
              + " read (appended "
              + appended
              + " + duplicate "
              + duplicate
              + " + quarantined "
              + quarantined
              + ")");
    }
  }

  /** Counts of a source that lost nothing. */
  Landed(
      String table,
      long files,
      long read,
      long appended,
      long duplicate,
      long quarantined,
      long skipped) {
    this(table, files, read, appended, duplicate, quarantined, skipped, 0, List.of());
  }

  /** Nothing was new. */
  static Landed nothing(String table) {
    return new Landed(table, 0, 0, 0, 0, 0, 0);
  }

  /** The account of both, one after the other. */
  Landed plus(Landed later) {
    return new Landed(
        this.table,
        this.files + later.files,
        this.read + later.read,
        this.appended + later.appended,
        this.duplicate + later.duplicate,
        this.quarantined + later.quarantined,
        this.skipped + later.skipped,
        this.absent + later.absent,
        Stream.concat(this.gaps.stream(), later.gaps.stream()).distinct().toList());
  }
}
