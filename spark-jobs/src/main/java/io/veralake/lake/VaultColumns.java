package io.veralake.lake;

import java.util.List;

/** Columns of vault tables beside their keys and payload. */
public final class VaultColumns {
  /**
   * When the vault learned of the row. Timestamp. Bookkeeping: may differ between two runs over the
   * same input.
   */
  public static final String LOAD_TIME = "load_time";

  /** Where the row comes from. String. */
  public static final String RECORD_SOURCE = "record_source";

  /** When the source committed the row. Timestamp. */
  public static final String APPLIED_TIME = "applied_time";

  /**
   * Place of the row in its source's order, as {@link RawColumns#POSITION} in three columns of
   * their own, which are read faster than a struct. Bigint.
   */
  public static final List<String> POSITION =
      List.of("position_major", "position_minor", "position_row");

  /** Hash of the payload. Binary. */
  public static final String HASHDIFF = "hashdiff";

  /** True if the row says that its key is gone; its payload is then null. Boolean. */
  public static final String DELETED = "deleted";

  /** In history views: the instant from which the version holds. Timestamp. */
  public static final String EFFECTIVE_FROM = "effective_from";

  /**
   * In history views: the instant from which it no longer holds; null for the last version.
   * Timestamp.
   */
  public static final String EFFECTIVE_TO = "effective_to";

  private VaultColumns() {}
}
