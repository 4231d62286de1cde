package io.veralake.vault;

import static io.veralake.vault.SnapshotMoves.quoted;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultColumns;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a point-in-time table holds, see {@link SnapshotMoves}. What new rows of satellites changed
 * is found by comparing the histories of their keys before and after these rows; the table isn't
 * read.
 *
 * <p>A version gives its rows by itself: the snapshots between its ends. Nothing is joined by
 * {@code <=}, and no more rows are made than the table gets.
 */
final class PitStep implements SnapshotMoves.Content {
  private final Pit pit;
  private final Lake lake;
  private final VaultViews views;
  private final String name;
  private final SnapshotMoves moves;

  PitStep(RunContext context, Pit pit) {
    this.pit = pit;
    this.lake = context.lake();
    this.views = new VaultViews(context.model());
    this.name = VaultTables.name(pit);
    this.moves = new SnapshotMoves(context, pit, pit.calendar(), pit.satellites());
  }

  /** Makes the moves that are due. */
  Loaded run() {
    return this.moves.run(this, move -> {});
  }

  @Override
  public List<String> key() {
    return List.of(this.pit.hashKey());
  }

  /** One that is new may be new to the table. */
  @Override
  public boolean mayGrowInputs() {
    return false;
  }

  @Override
  public Optional<Dataset<Row>> repairs(NavigableSet<LocalDate> kept) {
    Optional<String> changed = this.changedKeys();
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    String keys = "_keys_" + this.pit.name();
    this.lake.spark().sql(changed.get()).createOrReplaceTempView(keys);
    return Optional.of(
        this.moves.difference(
            this.rows(this.moves::last, kept, keys),
            this.rows(this.moves::now, kept, keys),
            this.key()));
  }

  /** Query for the keys {@code k} of the satellites' new rows; empty if there are none. */
  private Optional<String> changedKeys() {
    List<String> changed = new ArrayList<>();
    for (Satellite satellite : this.pit.satellites()) {
      this.moves
          .appended(satellite)
          .ifPresent(
              rows -> {
                String view = "_new_" + this.pit.name() + "_" + satellite.name();
                rows.select(satellite.hashKey()).createOrReplaceTempView(view);
                changed.add("SELECT %s AS k FROM %s".formatted(quoted(satellite.hashKey()), view));
              });
    }
    return changed.isEmpty() ? Optional.empty() : Optional.of(String.join(" UNION ", changed));
  }

  @Override
  public Dataset<Row> rows(NavigableSet<LocalDate> days) {
    return this.lake.spark().sql(this.rows(this.moves::now, days, ""));
  }

  /**
   * Query for the table's rows at {@code days}.
   *
   * @param at the satellites' snapshots
   * @param keys view of the keys {@code k} that are wanted; empty: all
   */
  private String rows(
      Function<Satellite, OptionalLong> at, NavigableSet<LocalDate> days, String keys) {
    String key = quoted(this.pit.hashKey());
    String literals = "array(" + SnapshotMoves.literals(days) + ")";
    List<String> parts = new ArrayList<>();
    for (Satellite satellite : this.pit.satellites()) {
      OptionalLong snapshot = at.apply(satellite);
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
    return "SELECT %1$s, %2$s, %3$s FROM (%4$s) GROUP BY %1$s, %2$s"
        .formatted(key, VaultColumns.SNAPSHOT_TIME, froms, String.join(" UNION ALL ", parts));
  }
}
