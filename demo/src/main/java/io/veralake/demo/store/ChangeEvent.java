package io.veralake.demo.store;

import org.jspecify.annotations.Nullable;

/**
 * A row's change as the log holds it.
 *
 * @param table where
 * @param op {@code r} snapshot, {@code c} insert, {@code u} update, {@code d} delete
 * @param before the row before, null for {@code r} and {@code c}
 * @param after the row after, null for {@code d}
 * @param width how many columns the table had
 * @param place where in the log
 * @param held whether the record reaches the files a day late
 */
record ChangeEvent(
    SourceTable table,
    char op,
    @Nullable Object @Nullable [] before,
    @Nullable Object @Nullable [] after,
    int width,
    Place place,
    boolean held) {

  /**
   * A place in the log.
   *
   * @param lsn of the change
   * @param transaction its number
   * @param firstLsn of the transaction's first change, where the previous commit ended
   * @param order of the change in the transaction, from 1; 0 in a snapshot
   * @param tableOrder of the change among those of its table in the transaction
   * @param commit when the transaction was committed, micros since epoch
   * @param snapshot Debezium's snapshot marker
   */
  record Place(
      long lsn,
      long transaction,
      long firstLsn,
      int order,
      int tableOrder,
      long commit,
      String snapshot) {}

  /** The row that carries the key: the one after, for a delete the one before. */
  @Nullable Object[] row() {
    @Nullable Object[] row = this.after != null ? this.after : this.before;
    if (row == null) {
      throw new IllegalStateException("Invalid change of " + this.table + ": no row");
    }
    return row;
  }
}
