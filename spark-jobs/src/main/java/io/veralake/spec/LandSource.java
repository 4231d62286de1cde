package io.veralake.spec;

import java.io.Serializable;
import java.util.List;

/** Where the records of a raw table are. */
public sealed interface LandSource extends Serializable {
  /**
   * A folder whose files are landed, once each.
   *
   * @param path relative to {@code veralake.input}, or a full URL
   */
  record Folder(String path) implements LandSource {}

  /**
   * Kafka topics whose records are landed by their offsets.
   *
   * @param names the topics, at least one
   * @param onGap what to do about records that were never landed and that a topic no longer has
   */
  record Topics(List<String> names, OnGap onGap) implements LandSource {
    /** Copies the list. */
    public Topics {
      names = List.copyOf(names);
    }
  }

  /** What to do about records that a source no longer has and that were never landed. */
  enum OnGap {
    /** Stop before anything of the table is landed. */
    STOP,
    /** Land what is there, and tell of the gap. */
    REPORT
  }
}
