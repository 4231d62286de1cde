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
 * @param filtered rows, or items of arrays, of which a condition left nothing
 * @param shared of a hub with collision codes: business keys of this load that are claimed under
 *     another code too
 * @param absent of a link that counts them: keys of its ends that this load names and their hubs
 *     don't have
 */
public record Loaded(
    String table,
    long read,
    long inserted,
    long skipped,
    long unreadable,
    long ghosted,
    long filtered,
    long shared,
    long absent) {
  /** Without rows that lead to a ghost record or are left out. */
  public Loaded(String table, long read, long inserted, long skipped, long unreadable) {
    this(table, read, inserted, skipped, unreadable, 0, 0, 0, 0);
  }

  /** Of a table that counts nothing else. */
  public Loaded(
      String table,
      long read,
      long inserted,
      long skipped,
      long unreadable,
      long ghosted,
      long filtered) {
    this(table, read, inserted, skipped, unreadable, ghosted, filtered, 0, 0);
  }
}
