package io.veralake.spec;

/**
 * Where the bookkeeping values of a vault table's rows come from, if a source of it says otherwise
 * than its raw table: SQL over the raw row's columns; empty: as the raw table has them.
 *
 * @param loadTime when the vault learned of the row
 * @param appliedTime when the source committed the row
 * @param recordSource where the row comes from
 */
public record RowOrigins(String loadTime, String appliedTime, String recordSource) {
  /** All as the raw table has them. */
  public static final RowOrigins RAW = new RowOrigins("", "", "");
}
