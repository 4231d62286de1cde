package io.veralake.demo.store;

/** A table of the shop's database whose rows change one at a time, each in its own transaction. */
final class ShopTable {
  private final ChangeLog log;
  private final SourceTable table;

  ShopTable(ChangeLog log, SourceTable table) {
    this.log = log;
    this.table = table;
  }

  /** Inserts the row. */
  void insert(Object[] row) {
    this.log.begin(false);
    this.log.insert(this.table, row);
    this.log.commit();
  }

  /** Deletes the row. */
  void delete(Object[] row) {
    this.log.begin(false);
    this.log.delete(this.table, row);
    this.log.commit();
  }

  /** Updates the row to {@code values}, a column and its value in turn; gives it as it is then. */
  Object[] update(Object[] row, Object... values) {
    Object[] after = row.clone();
    for (int i = 0; i < values.length; i += 2) {
      after[(Integer) values[i]] = values[i + 1];
    }
    this.log.begin(false);
    this.log.update(this.table, row, after);
    this.log.commit();
    return after;
  }
}
