package io.veralake.vault;

import io.veralake.catalog.Positions;
import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultColumns;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.CommitMetadata;
import org.apache.iceberg.util.SnapshotUtil;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Brings a point-in-time table up to its satellites and its calendar. Its moves, each a commit that
 * says what it did and can be the last one of a killed run:
 *
 * <ol>
 *   <li>Repair: what new rows of satellites changed at snapshots that the table holds. It is found
 *       by comparing the histories of their keys before and after these rows; the table isn't read.
 *   <li>Append the snapshots that the calendar has and the table hasn't.
 *   <li>Drop those that the calendar no longer has.
 * </ol>
 *
 * <p>A version gives its rows by itself: the snapshots between its ends. Nothing is joined by
 * {@code <=}, and no more rows are made than the table gets.
 */
final class PitStep {
  /** Summary property: the days of the snapshots that the table holds, by comma. */
  static final String SNAPSHOTS = "snapshots";

  /** What a satellite's snapshots do if no row that was there has changed. */
  private static final Set<String> ADDING = Set.of(DataOperations.APPEND, DataOperations.REPLACE);

  private final RunContext context;
  private final Pit pit;
  private final Lake lake;
  private final VaultViews views;
  private final String name;
  private final Map<Satellite, OptionalLong> current = new LinkedHashMap<>();

  PitStep(RunContext context, Pit pit) {
    this.context = context;
    this.pit = pit;
    this.lake = context.lake();
    this.views = new VaultViews(context.model());
    this.name = VaultTables.name(pit);
    for (Satellite satellite : pit.satellites()) {
      this.current.put(satellite, this.lake.snapshot(VaultTables.name(satellite)));
    }
  }

  /** Makes the moves that are due. */
  Loaded run() {
    Positions before = this.lake.positions(this.name);
    TreeSet<LocalDate> held = days(before);
    TreeSet<LocalDate> wanted = new TreeSet<>(this.pit.calendar().at(this.context.asOf()));
    boolean comparable = this.current.keySet().stream().allMatch(s -> this.comparable(s, before));
    if (!comparable && !held.isEmpty()) {
      // A satellite is new, or its rows of then are gone or have other hashes: all is made anew.
      this.delete("true", new TreeSet<>(), Map.of());
      held.clear();
    }
    TreeSet<LocalDate> kept = new TreeSet<>(held);
    kept.retainAll(wanted);
    TreeSet<LocalDate> added = new TreeSet<>(wanted);
    added.removeAll(held);
    long repaired = kept.isEmpty() ? 0 : this.repair(before, held, kept);
    long appended = added.isEmpty() ? 0 : this.append(held, added);
    held.addAll(added);
    if (!wanted.containsAll(held)) {
      TreeSet<LocalDate> dropped = new TreeSet<>(held);
      dropped.removeAll(wanted);
      this.delete(
          VaultColumns.SNAPSHOT_TIME + " IN (" + literals(dropped) + ")", wanted, this.read());
    } else if (!this.read().equals(this.readBefore())) {
      this.lake.advance(this.name, this.context.runId(), this.positions(held));
    }
    return new Loaded(this.pit.name(), repaired, appended, 0, 0);
  }

  private boolean comparable(Satellite satellite, Positions before) {
    OptionalLong last = before.lastRead(VaultTables.name(satellite));
    OptionalLong now = this.current.getOrDefault(satellite, OptionalLong.empty());
    if (last.isEmpty() || now.isEmpty()) {
      return last.isEmpty() && now.isEmpty();
    }
    Table stored = this.lake.table(VaultTables.name(satellite));
    return stored.snapshot(last.getAsLong()) != null
        && SnapshotUtil.isAncestorOf(stored, now.getAsLong(), last.getAsLong())
        && StreamSupport.stream(
                SnapshotUtil.ancestorsBetween(now.getAsLong(), last.getAsLong(), stored::snapshot)
                    .spliterator(),
                false)
            .allMatch(snapshot -> ADDING.contains(snapshot.operation()));
  }

  /** Puts right what the satellites' new rows changed at the snapshots {@code kept}. */
  private long repair(Positions before, TreeSet<LocalDate> held, TreeSet<LocalDate> kept) {
    Optional<String> changed = this.changedKeys(before);
    if (changed.isEmpty()) {
      return 0;
    }
    String keys = "_keys_" + this.pit.name();
    this.sql(changed.get()).createOrReplaceTempView(keys);
    Map<Satellite, OptionalLong> then = new LinkedHashMap<>();
    this.pit.satellites().forEach(s -> then.put(s, before.lastRead(VaultTables.name(s))));
    Dataset<Row> repairs =
        this.repairs(this.rows(then, kept, keys), this.rows(this.current, kept, keys));
    // Bounded: a row a snapshot.
    List<String> days =
        repairs.select("_time").distinct().collectAsList().stream()
            .map(row -> "TIMESTAMP '" + row.getTimestamp(0).toInstant() + "'")
            .sorted()
            .toList();
    if (!days.isEmpty()) {
      this.merge(repairs, days, this.positions(held));
    }
    return days.isEmpty() ? 0 : repairs.count();
  }

  /** Query for the keys {@code k} of the satellites' new rows; empty if there are none. */
  private Optional<String> changedKeys(Positions before) {
    List<String> changed = new ArrayList<>();
    for (Satellite satellite : this.pit.satellites()) {
      OptionalLong last = before.lastRead(VaultTables.name(satellite));
      OptionalLong now = this.current.getOrDefault(satellite, OptionalLong.empty());
      if (now.isPresent() && !now.equals(last)) {
        String view = "_new_" + this.pit.name() + "_" + satellite.name();
        this.lake
            .appended(VaultTables.name(satellite), last, now.getAsLong())
            .select(satellite.hashKey())
            .createOrReplaceTempView(view);
        changed.add("SELECT %s AS k FROM %s".formatted(quoted(satellite.hashKey()), view));
      }
    }
    return changed.isEmpty() ? Optional.empty() : Optional.of(String.join(" UNION ", changed));
  }

  /**
   * Rows of the query {@code now} that those of {@code old} don't have, and keys and times of those
   * of {@code old} that have no successor. Fixed: what to do must not be worked out again once the
   * table has changed.
   */
  private Dataset<Row> repairs(String old, String now) {
    String key = quoted(this.pit.hashKey());
    String differing =
        this.columns().stream()
            .map(column -> "n.%1$s <=> o.%1$s".formatted(quoted(column)))
            .collect(Collectors.joining(" AND ", "NOT (", ")"));
    String values =
        this.columns().stream()
            .map(column -> "n.%1$s AS %1$s".formatted(quoted(column)))
            .collect(Collectors.joining(", "));
    return this.sql(
            """
            SELECT coalesce(n.%1$s, o.%1$s) AS _key,
              coalesce(n.snapshot_time, o.snapshot_time) AS _time, n.%1$s IS NULL AS _gone, %2$s
            FROM (%3$s) AS o
            FULL OUTER JOIN (%4$s) AS n ON n.%1$s = o.%1$s AND n.snapshot_time = o.snapshot_time
            WHERE %5$s"""
                .formatted(key, values, old, now, differing))
        .localCheckpoint();
  }

  private void merge(Dataset<Row> repairs, List<String> days, Map<String, String> positions) {
    String view = "_repairs_" + this.pit.name();
    repairs.createOrReplaceTempView(view);
    String sets =
        this.columns().stream()
            .map(column -> "%1$s = r.%1$s".formatted(quoted(column)))
            .collect(Collectors.joining(", "));
    String all = this.columns().stream().map(PitStep::quoted).collect(Collectors.joining(", "));
    String inserted =
        this.columns().stream()
            .map(column -> "r." + quoted(column))
            .collect(Collectors.joining(", "));
    this.commit(
        """
        MERGE INTO %1$s AS t USING %2$s AS r
        ON t.snapshot_time = r._time AND t.%3$s = r._key AND t.snapshot_time IN (%4$s)
        WHEN MATCHED AND r._gone THEN DELETE
        WHEN MATCHED THEN UPDATE SET %5$s
        WHEN NOT MATCHED AND NOT r._gone THEN INSERT (%6$s) VALUES (%7$s)"""
            .formatted(
                this.lake.sqlName(this.name),
                view,
                quoted(this.pit.hashKey()),
                String.join(", ", days),
                sets,
                all,
                inserted),
        positions);
  }

  private long append(TreeSet<LocalDate> held, TreeSet<LocalDate> added) {
    TreeSet<LocalDate> then = new TreeSet<>(held);
    then.addAll(added);
    this.lake.append(
        this.sql(this.rows(this.current, added, "")),
        this.name,
        this.context.runId(),
        this.positions(then));
    return Long.parseLong(
        java.util.Objects.requireNonNull(this.lake.table(this.name).currentSnapshot())
            .summary()
            .getOrDefault(org.apache.iceberg.SnapshotSummary.ADDED_RECORDS_PROP, "0"));
  }

  private void delete(String condition, TreeSet<LocalDate> left, Map<String, String> read) {
    Map<String, String> positions = new LinkedHashMap<>(read);
    positions.put(Positions.PREFIX + SNAPSHOTS, texts(left));
    this.commit(
        "DELETE FROM %s WHERE %s".formatted(this.lake.sqlName(this.name), condition), positions);
  }

  /** Runs a statement whose commit carries {@code positions} over those that the table had. */
  private void commit(String sql, Map<String, String> positions) {
    Map<String, String> all = new LinkedHashMap<>(this.lake.positions(this.name).properties());
    all.putAll(positions);
    all.put(Positions.RUN, this.context.runId());
    CommitMetadata.withCommitProperties(
        all,
        () -> {
          this.sql(sql);
          return true;
        },
        RuntimeException.class);
  }

  private Map<String, String> positions(TreeSet<LocalDate> held) {
    Map<String, String> positions = new LinkedHashMap<>(this.read());
    positions.put(Positions.PREFIX + SNAPSHOTS, texts(held));
    return positions;
  }

  private Map<String, String> read() {
    Map<String, String> read = new LinkedHashMap<>();
    this.current.forEach(
        (satellite, snapshot) ->
            snapshot.ifPresent(
                id -> read.put(Positions.READ + VaultTables.name(satellite), Long.toString(id))));
    return read;
  }

  private Map<String, String> readBefore() {
    Map<String, String> all = new LinkedHashMap<>(this.lake.positions(this.name).properties());
    all.keySet().retainAll(this.read().keySet());
    return all;
  }

  /**
   * Query for the table's rows at {@code days}.
   *
   * @param at the satellites' snapshots
   * @param keys view of the keys {@code k} that are wanted; empty: all
   */
  private String rows(Map<Satellite, OptionalLong> at, TreeSet<LocalDate> days, String keys) {
    String key = quoted(this.pit.hashKey());
    String literals = "array(" + literals(days) + ")";
    List<String> parts = new ArrayList<>();
    for (Satellite satellite : this.pit.satellites()) {
      OptionalLong snapshot = at.getOrDefault(satellite, OptionalLong.empty());
      if (snapshot.isEmpty()) {
        continue;
      }
      String own = quoted(satellite.hashKey());
      String table =
          this.lake.sqlName(VaultTables.name(satellite)) + " VERSION AS OF " + snapshot.getAsLong();
      String some =
          keys.isEmpty()
              ? "(SELECT * FROM %s)".formatted(table)
              : "(SELECT /*+ BROADCAST(k) */ t.* FROM (SELECT * FROM %s) AS t LEFT SEMI JOIN %s AS k ON t.%s = k.k)"
                  .formatted(table, keys, own);
      String from = quoted(satellite.names().effectiveFrom());
      String to = quoted(satellite.names().effectiveTo());
      String columns =
          this.pit.satellites().stream()
              .map(
                  other ->
                      "%s AS %s"
                          .formatted(
                              other.equals(satellite) ? from : "CAST(NULL AS timestamp)",
                              quoted(Pit.from(other))))
              .collect(Collectors.joining(", "));
      parts.add(
          "SELECT %s AS %s, explode(filter(%s, s -> s >= %s AND (%s IS NULL OR s < %s))) AS snapshot_time, %s FROM (%s) WHERE NOT %s"
              .formatted(
                  own,
                  key,
                  literals,
                  from,
                  to,
                  to,
                  columns,
                  this.views.intervals(satellite, some),
                  quoted(satellite.names().deleted())));
    }
    String froms =
        this.pit.satellites().stream()
            .map(s -> "max(%1$s) AS %1$s".formatted(quoted(Pit.from(s))))
            .collect(Collectors.joining(", "));
    if (parts.isEmpty()) {
      return "SELECT * FROM " + this.lake.sqlName(this.name) + " LIMIT 0";
    }
    return "SELECT %1$s, snapshot_time, %2$s FROM (%3$s) GROUP BY %1$s, snapshot_time"
        .formatted(key, froms, String.join(" UNION ALL ", parts));
  }

  private List<String> columns() {
    return VaultTables.columns(this.pit);
  }

  private Dataset<Row> sql(String text) {
    return this.lake.spark().sql(text);
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

  private static String texts(TreeSet<LocalDate> days) {
    return days.stream().map(LocalDate::toString).collect(Collectors.joining(","));
  }

  private static String literals(TreeSet<LocalDate> days) {
    return days.stream()
        .map(day -> "TIMESTAMP '" + day + " 00:00:00Z'")
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }
}
