package io.veralake.vault;

/**
 * What one load of a vault table did.
 *
 * @param table name of the vault table
 * @param read raw rows that were appended to its sources since the last load; of a point-in-time
 *     table rows that late rows changed
 * @param inserted rows appended to the vault table
 * @param skipped raw rows that name no key: a business key column is null or could not be read
 * @param unreadable values that are in the raw rows but can't be cast to the declared type; they
 *     count as null
 * @param ghosted rows a null in whose key leads to a ghost record
 */
public record Loaded(
    String table, long read, long inserted, long skipped, long unreadable, long ghosted) {
  /** Without rows that lead to a ghost record. */
  public Loaded(String table, long read, long inserted, long skipped, long unreadable) {
    this(table, read, inserted, skipped, unreadable, 0);
  }
}
