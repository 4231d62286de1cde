package io.veralake.lake;

/** Columns that only some forms of satellites have. */
public final class FormColumns {
  /** Of a multi-active satellite of sets: the set, its members' payload. Array of structs. */
  public static final String MEMBERS = "members";

  /** Of a multi-active satellite of sets: how many members the set has. Int. */
  public static final String MEMBER_COUNT = "member_count";

  /** Of a status satellite: {@code created}, {@code updated} or {@code deleted}. String. */
  public static final String STATUS = "status";

  /** Of a record tracking satellite: the instant at which the period began. Timestamp. */
  public static final String SEEN_IN = "seen_in";

  /**
   * Of a satellite that carries values on: names of the payload columns whose values the source
   * kept back because they hadn't changed; null: none. Array of strings.
   */
  public static final String UNSENT = "unsent";

  private FormColumns() {}
}
