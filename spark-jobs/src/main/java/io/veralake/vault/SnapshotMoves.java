package io.veralake.vault;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.SnapshotCalendar;
import io.veralake.spec.VaultTable;
import java.time.LocalDate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.CommitMetadata;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings a table of snapshots up to its inputs and its calendar. Its moves, each a commit that says
 * what the table holds and which snapshots of its inputs that was made from, and that can be the
 * last one of a killed run:
 *
 * <ol>
 *   <li>Drop the snapshots that the calendar no longer has. A day that stays is one that is
 *       repaired.
 *   <li>Repair: what new rows of inputs changed at snapshots that the table holds.
 *   <li>Append the snapshots that the calendar has and the table hasn't.
 * </ol>
 */
final class SnapshotMoves {
  /** Summary property: the days of the snapshots that the table holds, by comma. */
  static final String SNAPSHOTS = "snapshots";

  /** In {@link Content#repairs}: whether the row is to go. Boolean. */
  static final String GONE = "_gone";

  /** What an input's snapshots do if no row that was there has changed. */
  private static final Set<String> ADDING = Set.of(DataOperations.APPEND, DataOperations.REPLACE);

  /** What a run does, in order; tests stop it after each. */
  enum Move {
    EMPTIED,
    DROPPED,
    REPAIRED,
    APPENDED
  }

  /** What a family of such tables holds. */
  interface Content {
    /** Columns that tell rows of one snapshot apart; nulls are values. The first is never null. */
    List<String> key();

    /** Whether an input that the table never read may have been empty then. */
    boolean mayGrowInputs();

    /**
     * Rows that new rows of the inputs changed at the snapshots {@code kept}: all columns of the
     * table and {@link #GONE}, once each; empty if nothing can have changed. Fixed: what to do must
     * not be worked out again once the table has changed.
     */
    Optional<Dataset<Row>> repairs(NavigableSet<LocalDate> kept);

    /** The rows at {@code days}. */
    Dataset<Row> rows(NavigableSet<LocalDate> days);
  }

  private final RunContext context;
  private final VaultTable table;
  private final SnapshotCalendar calendar;
  private final Lake lake;
  private final String name;
  private final Positions before;
  private final Map<String, OptionalLong> current = new LinkedHashMap<>();

  /** Of {@code table}, which is made from {@code inputs} as they stand. */
  SnapshotMoves(
      RunContext context,
      VaultTable table,
      SnapshotCalendar calendar,
      Collection<? extends VaultTable> inputs) {
    this.context = context;
    this.table = table;
    this.calendar = calendar;
    this.lake = context.lake();
    this.name = VaultTables.name(table);
    this.before = this.lake.positions(this.name);
    for (VaultTable input : inputs) {
      String of = VaultTables.name(input);
      this.current.put(of, this.lake.snapshot(of));
    }
  }

  /** The snapshot of {@code input} that the table is brought up to; empty: it has no rows. */
  OptionalLong now(VaultTable input) {
    return this.current.getOrDefault(VaultTables.name(input), OptionalLong.empty());
  }

  /** The snapshot of {@code input} that the table was made from. */
  OptionalLong last(VaultTable input) {
    return this.before.lastRead(VaultTables.name(input));
  }

  /** Rows that {@code input} got since; empty if there are none. */
  Optional<Dataset<Row>> appended(VaultTable input) {
    OptionalLong now = this.now(input);
    return now.isEmpty() || now.equals(this.last(input))
        ? Optional.empty()
        : Optional.of(
            this.lake.appended(VaultTables.name(input), this.last(input), now.getAsLong()));
  }

  /** Makes the moves that are due, and tells {@code after} of each. */
  Loaded run(Content content, Consumer<Move> after) {
    TreeSet<LocalDate> held = days(this.before);
    TreeSet<LocalDate> wanted = new TreeSet<>(this.calendar.at(this.context.asOf()));
    if (!held.isEmpty() && !this.comparable(content)) {
      // An input is new, or its rows of then are gone or have other hashes: all is made anew.
      held.clear();
      this.delete("true", held);
      after.accept(Move.EMPTIED);
    }
    if (!wanted.containsAll(held)) {
      TreeSet<LocalDate> dropped = new TreeSet<>(held);
      dropped.removeAll(wanted);
      held.retainAll(wanted);
      this.delete(VaultColumns.SNAPSHOT_TIME + " IN (" + literals(dropped) + ")", held);
      after.accept(Move.DROPPED);
    }
    TreeSet<LocalDate> added = new TreeSet<>(wanted);
    added.removeAll(held);
    long repaired = held.isEmpty() ? 0 : this.repair(content, held);
    if (repaired > 0) {
      after.accept(Move.REPAIRED);
    }
    long appended = 0;
    if (!added.isEmpty()) {
      held.addAll(added);
      appended = this.append(content.rows(added), held);
      after.accept(Move.APPENDED);
    } else if (!this.read().equals(this.readBefore())) {
      this.lake.advance(this.name, this.context.runId(), this.positions(held));
    }
    return new Loaded(this.table.name(), repaired, appended, 0, 0);
  }

  private boolean comparable(Content content) {
    return this.current.entrySet().stream()
        .allMatch(
            input ->
                this.comparable(
                    input.getKey(),
                    this.before.lastRead(input.getKey()),
                    input.getValue(),
                    content.mayGrowInputs()));
  }

  private boolean comparable(
      String input, OptionalLong last, OptionalLong now, boolean mayHaveBeenEmpty) {
    if (last.isEmpty() || now.isEmpty()) {
      return last.isEmpty() && (now.isEmpty() || mayHaveBeenEmpty);
    }
    Table stored = this.lake.table(input);
    return stored.snapshot(last.getAsLong()) != null
        && SnapshotUtil.isAncestorOf(stored, now.getAsLong(), last.getAsLong())
        && StreamSupport.stream(
                SnapshotUtil.ancestorsBetween(now.getAsLong(), last.getAsLong(), stored::snapshot)
                    .spliterator(),
                false)
            .allMatch(snapshot -> ADDING.contains(snapshot.operation()));
  }

  private long repair(Content content, NavigableSet<LocalDate> held) {
    if (this.read().equals(this.readBefore())) {
      return 0;
    }
    Optional<Dataset<Row>> repairs = content.repairs(held);
    if (repairs.isEmpty()) {
      return 0;
    }
    // Bounded: a row a snapshot.
    List<String> days =
        repairs.get().select(VaultColumns.SNAPSHOT_TIME).distinct().collectAsList().stream()
            .map(row -> "TIMESTAMP '" + row.getTimestamp(0).toInstant() + "'")
            .sorted()
            .toList();
    if (days.isEmpty()) {
      return 0;
    }
    this.merge(repairs.get(), content.key(), days, this.positions(held));
    return repairs.get().count();
  }

  private void merge(
      Dataset<Row> repairs, List<String> key, List<String> days, Map<String, String> positions) {
    String view = "_repairs_" + this.table.name();
    repairs.createOrReplaceTempView(view);
    List<String> columns = VaultTables.columns(this.table);
    String on = "t.%1$s = r.%1$s".formatted(quoted(key.get(0)));
    String rest =
        key.stream()
            .skip(1)
            .map(column -> " AND t.%1$s <=> r.%1$s".formatted(quoted(column)))
            .collect(Collectors.joining());
    this.commit(
        """
        MERGE INTO %1$s AS t USING %2$s AS r
        ON t.snapshot_time = r.snapshot_time AND %3$s%4$s AND t.snapshot_time IN (%5$s)
        WHEN MATCHED AND r._gone THEN DELETE
        WHEN MATCHED THEN UPDATE SET %6$s
        WHEN NOT MATCHED AND NOT r._gone THEN INSERT (%7$s) VALUES (%8$s)"""
            .formatted(
                this.lake.sqlName(this.name),
                view,
                on,
                rest,
                String.join(", ", days),
                listed(columns, "%1$s = r.%1$s"),
                listed(columns, "%s"),
                listed(columns, "r.%s")),
        positions);
  }

  /**
   * Rows of the query {@code now} that those of {@code old} don't have or have otherwise, and those
   * of {@code old} that have no successor, as {@link Content#repairs} gives them.
   */
  Dataset<Row> difference(String old, String now, List<String> key) {
    List<String> columns = VaultTables.columns(this.table);
    List<String> all =
        Stream.concat(Stream.of(VaultColumns.SNAPSHOT_TIME), key.stream()).distinct().toList();
    String values =
        columns.stream()
            .map(
                column ->
                    (all.contains(column) ? "coalesce(n.%1$s, o.%1$s) AS %1$s" : "n.%1$s")
                        .formatted(quoted(column)))
            .collect(Collectors.joining(", "));
    String on =
        all.stream()
            .map(
                column ->
                    (column.equals(VaultColumns.SNAPSHOT_TIME) || column.equals(key.get(0))
                            ? "n.%1$s = o.%1$s"
                            : "n.%1$s <=> o.%1$s")
                        .formatted(quoted(column)))
            .collect(Collectors.joining(" AND "));
    String differing =
        columns.stream()
            .map(column -> "n.%1$s <=> o.%1$s".formatted(quoted(column)))
            .collect(Collectors.joining(" AND ", "NOT (", ")"));
    return this.lake
        .spark()
        .sql(
            "SELECT %s, n.%s IS NULL AS %s FROM (%s) AS o FULL OUTER JOIN (%s) AS n ON %s WHERE %s"
                .formatted(values, quoted(key.get(0)), GONE, old, now, on, differing))
        .localCheckpoint();
  }

  private long append(Dataset<Row> rows, NavigableSet<LocalDate> held) {
    this.lake.append(rows, this.name, this.context.runId(), this.positions(held));
    return Long.parseLong(
        Objects.requireNonNull(this.lake.table(this.name).currentSnapshot())
            .summary()
            .getOrDefault(SnapshotSummary.ADDED_RECORDS_PROP, "0"));
  }

  /** Deletes; what is left was made from what the table read before. */
  private void delete(String condition, NavigableSet<LocalDate> left) {
    this.commit(
        "DELETE FROM %s WHERE %s".formatted(this.lake.sqlName(this.name), condition),
        Map.of(Positions.PREFIX + SNAPSHOTS, texts(left)));
  }

  /** Runs a statement whose commit carries {@code positions} over those that the table had. */
  private void commit(String sql, Map<String, String> positions) {
    Map<String, String> all = new LinkedHashMap<>(this.lake.positions(this.name).properties());
    all.putAll(positions);
    all.put(Positions.RUN, this.context.runId());
    CommitMetadata.withCommitProperties(
        all,
        () -> {
          this.lake.spark().sql(sql);
          return true;
        },
        RuntimeException.class);
  }

  private Map<String, String> positions(NavigableSet<LocalDate> held) {
    Map<String, String> positions = new LinkedHashMap<>(this.read());
    positions.put(Positions.PREFIX + SNAPSHOTS, texts(held));
    return positions;
  }

  private Map<String, String> read() {
    Map<String, String> read = new LinkedHashMap<>();
    this.current.forEach(
        (input, snapshot) ->
            snapshot.ifPresent(id -> read.put(Positions.READ + input, Long.toString(id))));
    return read;
  }

  private Map<String, String> readBefore() {
    Map<String, String> all = new LinkedHashMap<>(this.before.properties());
    all.keySet().retainAll(this.read().keySet());
    return all;
  }

  private static TreeSet<LocalDate> days(Positions positions) {
    TreeSet<LocalDate> days = new TreeSet<>();
    positions
        .value(SNAPSHOTS)
        .filter(text -> !text.isEmpty())
        .ifPresent(
            text -> {
              for (String day : text.split(",", -1)) {
                days.add(LocalDate.parse(day));
              }
            });
    return days;
  }

  private static String texts(NavigableSet<LocalDate> days) {
    return days.stream().map(LocalDate::toString).collect(Collectors.joining(","));
  }

  /** The instants of {@code days} as SQL, by comma. */
  static String literals(Collection<LocalDate> days) {
    return days.stream()
        .map(day -> "TIMESTAMP '" + day + " 00:00:00Z'")
        .collect(Collectors.joining(", "));
  }

  private static String listed(List<String> columns, String form) {
    return columns.stream()
        .map(column -> form.formatted(quoted(column)))
        .collect(Collectors.joining(", "));
  }

  static String quoted(String name) {
    return "`" + name + "`";
  }
}
