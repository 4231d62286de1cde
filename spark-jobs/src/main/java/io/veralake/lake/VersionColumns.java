package io.veralake.lake;

/**
 * Columns by which a query tells when its rows held: of dimensions that are looked up by time, and
 * of the histories that reconciliations declare.
 */
public final class VersionColumns {
  /** The instant from which the version holds. Timestamp. */
  public static final String EFFECTIVE_FROM = "effective_from";

  /** The instant from which it no longer holds; null for the last version. Timestamp. */
  public static final String EFFECTIVE_TO = "effective_to";

  /** True if the row says that its key is gone. Boolean. */
  public static final String DELETED = "deleted";

  private VersionColumns() {}
}
