package io.veralake.spec;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * How the columns of a vault table are called, beside its business keys, its dependent key and its
 * payload. Each family has some of them. SQL doesn't tell upper case from lower: a table's columns
 * differ without regard to case.
 *
 * @param hashKey hash of the key. Binary
 * @param hashdiff hash of the payload. Binary
 * @param loadTime when the vault learned of the row. Timestamp. Bookkeeping: may differ between two
 *     runs over the same input
 * @param recordSource where the row comes from. String
 * @param appliedTime when the source committed the row. Timestamp
 * @param deleted true if the row says that its key is gone; its payload is then null. Boolean
 * @param position place of the row in its source's order, in three columns of their own, which are
 *     read faster than a struct. Bigint
 * @param effectiveFrom in history views: the instant from which the version holds. Timestamp
 * @param effectiveTo in history views: the instant from which it no longer holds; null for the last
 *     version. Timestamp
 */
public record VaultNames(
    String hashKey,
    String hashdiff,
    String loadTime,
    String recordSource,
    String appliedTime,
    String deleted,
    List<String> position,
    String effectiveFrom,
    String effectiveTo) {
  /** How many columns {@link #position} has. */
  static final int POSITION = 3;

  /** The names where nothing else is declared, as patterns. */
  static final VaultNames PATTERNS =
      new VaultNames(
          "{name}_hk",
          "hashdiff",
          "load_time",
          "record_source",
          "applied_time",
          "deleted",
          List.of("position_major", "position_minor", "position_row"),
          "effective_from",
          "effective_to");

  /** Copies the list. */
  public VaultNames {
    position = List.copyOf(position);
  }

  /** The same with another hash key. */
  VaultNames withHashKey(String other) {
    return new VaultNames(
        other,
        this.hashdiff,
        this.loadTime,
        this.recordSource,
        this.appliedTime,
        this.deleted,
        this.position,
        this.effectiveFrom,
        this.effectiveTo);
  }

  /**
   * These patterns as names: {@code {name}} and {@code {table}} replaced, in upper case where they
   * are written so.
   */
  VaultNames of(String name, String table) {
    UnaryOperator<String> filled = pattern -> filled(pattern, name, table);
    return new VaultNames(
        filled.apply(this.hashKey),
        filled.apply(this.hashdiff),
        filled.apply(this.loadTime),
        filled.apply(this.recordSource),
        filled.apply(this.appliedTime),
        filled.apply(this.deleted),
        this.position.stream().map(filled).toList(),
        filled.apply(this.effectiveFrom),
        filled.apply(this.effectiveTo));
  }

  /** {@code pattern} with what its placeholders stand for. */
  static String filled(String pattern, String name, String table) {
    return pattern
        .replace("{name}", name)
        .replace("{table}", table)
        .replace("{NAME}", name.toUpperCase(Locale.ROOT))
        .replace("{TABLE}", table.toUpperCase(Locale.ROOT));
  }
}
