package io.veralake.spec;

import java.io.Serializable;
import java.util.List;

/** Where the records of a raw table are. */
public sealed interface LandSource extends Serializable {
  /**
   * A folder whose files are landed, once each.
   *
   * @param path relative to {@code veralake.input}, or a full URL
   * @param files which files
   * @param encoding of their text, as Java names it
   */
  record Folder(String path, FileRules files, String encoding) implements LandSource {
    /** All files of a folder, in UTF-8. */
    public Folder(String path) {
      this(path, FileRules.DEFAULT, "UTF-8");
    }
  }

  /**
   * Kafka topics whose records are landed by their offsets.
   *
   * @param names the topics; none if there is a pattern
   * @param pattern a regular expression that the whole names of topics match; empty: none
   * @param onGap what to do about records that were never landed and that a topic no longer has
   */
  record Topics(List<String> names, String pattern, OnGap onGap) implements LandSource {
    /** Copies the list. */
    public Topics {
      names = List.copyOf(names);
    }

    /** Topics of which each is named. */
    public Topics(List<String> names, OnGap onGap) {
      this(names, "", onGap);
    }

    @Override
    public String toString() {
      return this.pattern.isEmpty() ? String.join(", ", this.names) : this.pattern;
    }
  }

  /**
   * A folder in which each file, or each folder, is all that the source had at its time.
   *
   * @param folder where they are
   * @param mode that they are whole
   */
  record Dumps(Folder folder, DumpMode.Full mode) implements LandSource {}

  /**
   * A table or a query of a database.
   *
   * @param connection name of the server
   * @param table the table; empty: {@code query} is there
   * @param query a query that gives the rows; empty: {@code table} is there
   * @param ranges how it is cut, to be read side by side
   * @param fetchSize rows that are fetched at once
   * @param mode all rows or new ones
   */
  record Jdbc(
      String connection, String table, String query, KeyRanges ranges, int fetchSize, DumpMode mode)
      implements LandSource {}

  /**
   * A MongoDB collection.
   *
   * @param connection name of the server
   * @param database its database
   * @param collection the collection
   * @param pipeline stages of an aggregation that the documents go through; empty: none
   * @param partitions how many tasks read it
   * @param mode all documents or new ones
   */
  record Mongo(
      String connection,
      String database,
      String collection,
      String pipeline,
      int partitions,
      DumpMode mode)
      implements LandSource {}

  /**
   * How a table is cut.
   *
   * @param column by whose values; empty: not at all
   * @param count into how many ranges at most; 0: as many as there are cores
   * @param snapshot whether they are read as of one moment
   */
  record KeyRanges(String column, int count, SnapshotOf snapshot) implements Serializable {}

  /** What is of one moment. */
  enum SnapshotOf {
    /** All rows; a database whose sessions can't share a snapshot is read by one. */
    DUMP,
    /** The rows of each range. */
    RANGE
  }

  /**
   * A list that a server gives by HTTP.
   *
   * @param api how it is asked for
   */
  record Rest(RestApi api) implements LandSource {}

  /** What to do about records that a source no longer has and that were never landed. */
  enum OnGap {
    /** Stop before anything of the table is landed. */
    STOP,
    /** Land what is there, and tell of the gap. */
    REPORT
  }
}
