package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The database's write-ahead log: transactions one after the other, positions that grow, nothing
 * lost.
 */
final class ChangeLog {
  private static final int WIDTH_BEFORE_COLOR = 8;

  private final Agenda agenda;
  private final SplittableRandom random;
  private final Consumer<ChangeEvent> files;
  private final List<ChangeEvent> open = new ArrayList<>();
  private final Map<SourceTable, Integer> tableOrder = new EnumMap<>(SourceTable.class);
  private long lsn = 23_393_536;
  private long transaction = 954;
  private long commit;
  private boolean held;
  private boolean colored;

  /** A log that hands committed changes to {@code files}. */
  ChangeLog(Agenda agenda, SplittableRandom random, Consumer<ChangeEvent> files) {
    this.agenda = agenda;
    this.random = random;
    this.files = files;
  }

  /** Writes the rows that were there when the connector started, all at one position. */
  void snapshot(SourceTable table, Object[] row, String marker) {
    this.commit = this.agenda.now();
    var place =
        new ChangeEvent.Place(this.lsn, this.transaction, this.lsn, 0, 0, this.commit, marker);
    this.files.accept(new ChangeEvent(table, 'r', null, row, width(table), place, false));
  }

  /** Adds the column {@code color} to the products. */
  void addColor() {
    this.lsn += 2_378;
    this.transaction++;
    this.colored = true;
  }

  /** Begins a transaction; a held one reaches the files a day late. */
  void begin(boolean held) {
    this.transaction++;
    this.lsn += this.lsn == 23_393_536 ? 208 : 0;
    this.commit = Math.max(this.agenda.now(), this.commit + 1);
    this.held = held;
  }

  void insert(SourceTable table, Object[] row) {
    change(table, 'c', null, row);
  }

  void update(SourceTable table, Object[] before, Object[] after) {
    change(table, 'u', before, after);
  }

  void delete(SourceTable table, Object[] row) {
    change(table, 'd', row, null);
  }

  private void change(
      SourceTable table,
      char op,
      @Nullable Object @Nullable [] before,
      @Nullable Object @Nullable [] after) {
    long first = this.open.isEmpty() ? this.lsn : this.open.get(0).place().lsn();
    int inTable = this.tableOrder.merge(table, 1, Integer::sum);
    var place =
        new ChangeEvent.Place(
            this.lsn, this.transaction, first, this.open.size() + 1, inTable, this.commit, "false");
    this.open.add(new ChangeEvent(table, op, before, after, width(table), place, this.held));
    this.lsn += 64 + 8L * this.random.nextInt(1, 60);
  }

  /** Commits the transaction and gives its commit time. */
  long commit() {
    this.lsn += 48;
    this.open.forEach(this.files);
    this.open.clear();
    this.tableOrder.clear();
    return this.commit;
  }

  private int width(SourceTable table) {
    return table == SourceTable.PRODUCTS && !this.colored
        ? WIDTH_BEFORE_COLOR
        : table.columns().size();
  }
}
