package io.veralake.vault;

import static io.veralake.vault.SnapshotMoves.quoted;

import io.veralake.lake.Lake;
import io.veralake.spec.Bridge;
import io.veralake.spec.InForce;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where the rows of a bridge can differ at snapshots that it holds since its inputs got rows.
 *
 * <p>First each hub and link by itself: of the keys that new rows are about those that were in
 * force then and aren't now, or the other way round. There are none after a night without late
 * rows, and that is the end. Else the walk is gone backwards from them to the keys of its hub: over
 * the links that were there before, since a link that is new is itself among those that differ.
 */
final class BridgeChanges {
  /** So many keys of 16 to 32 bytes are sent to each worker; more are sorted to each other. */
  private static final long FEW = 1_000_000;

  private final Lake lake;
  private final Bridge bridge;
  private final SnapshotMoves moves;
  private final BridgeRows before;
  private final BridgeRows now;
  private final TreeSet<LocalDate> days = new TreeSet<>();
  private int views;

  BridgeChanges(Lake lake, Bridge bridge, SnapshotMoves moves, BridgeRows before, BridgeRows now) {
    this.lake = lake;
    this.bridge = bridge;
    this.moves = moves;
    this.before = before;
    this.now = now;
  }

  /** The snapshots of {@code kept} at which something differs. After {@link #keys}. */
  NavigableSet<LocalDate> days() {
    return this.days;
  }

  /** Keys of the walk's hub whose rows can differ at {@code kept}; empty: there are none. */
  Optional<BridgeRows.Keys> keys(NavigableSet<LocalDate> kept) {
    Map<String, List<String>> at = new HashMap<>();
    Map<String, Optional<BridgeRows.Keys>> differing = new HashMap<>();
    List<Bridge.Step> walk = this.bridge.walk();
    for (int i = walk.size() - 1; i >= 0; i--) {
      Bridge.Step step = walk.get(i);
      String from = "SELECT %s AS k FROM %s".formatted(quoted(step.from().hashKey()), "%s");
      List<String> found = at.computeIfAbsent(step.at(), column -> new ArrayList<>());
      this.differing(step.link(), kept, true, differing)
          .map(keys -> from.formatted(this.now.stored(step.link(), Optional.of(keys))))
          .ifPresent(found::add);
      for (Link.End end : step.to()) {
        boolean inForce = this.bridge.ends() == Bridge.Ends.IN_FORCE;
        List<String> ends = at.computeIfAbsent(step.endKey(end), column -> new ArrayList<>());
        if (inForce || this.bridge.names(end.hub())) {
          this.differing(end.hub(), kept, inForce, differing)
              .map(keys -> "SELECT k FROM " + keys.view())
              .ifPresent(ends::add);
        }
        this.kept(ends)
            .map(keys -> keys.of(this.before.stored(step.link(), Optional.empty()), end.hashKey()))
            .ifPresent(rows -> found.add(from.formatted(rows)));
      }
    }
    List<String> root =
        at.computeIfAbsent(this.bridge.hub().hashKey(), column -> new ArrayList<>());
    this.differing(this.bridge.hub(), kept, true, differing)
        .map(keys -> "SELECT k FROM " + keys.view())
        .ifPresent(root::add);
    return this.kept(root);
  }

  /** The keys that {@code keys} of the hub lead to, of each step. */
  BridgeRows.Scope scope(BridgeRows.Keys keys) {
    Map<String, BridgeRows.Keys> reached = new LinkedHashMap<>();
    reached.put(this.bridge.hub().hashKey(), keys);
    Map<String, BridgeRows.Keys> steps = new HashMap<>();
    for (Bridge.Step step : this.bridge.walk()) {
      BridgeRows.Keys start = java.util.Objects.requireNonNull(reached.get(step.at()));
      String columns =
          step.to().stream()
              .map(end -> ", t." + quoted(end.hashKey()))
              .collect(Collectors.joining());
      String rows = start.of(this.now.stored(step.link(), Optional.empty()), step.from().hashKey());
      Dataset<Row> entered =
          this.lake
              .spark()
              .sql(
                  "SELECT t.%s%s FROM %s AS t"
                      .formatted(quoted(step.link().hashKey()), columns, rows))
              .localCheckpoint();
      String view = this.view(entered);
      boolean few = entered.count() <= FEW;
      steps.put(step.linkKey(), this.column(view, step.link().hashKey(), few));
      for (Link.End end : step.to()) {
        BridgeRows.Keys ends = this.column(view, end.hashKey(), few);
        steps.put(step.endKey(end), ends);
        reached.put(step.endKey(end), ends);
      }
    }
    return new BridgeRows.Scope(Optional.of(keys), steps);
  }

  private BridgeRows.Keys column(String rows, String column, boolean few) {
    return new BridgeRows.Keys(
        this.view(
            this.lake
                .spark()
                .sql("SELECT DISTINCT %s AS k FROM %s".formatted(quoted(column), rows))),
        few);
  }

  /**
   * Keys of {@code table} that were in force at one of {@code kept} before and aren't now, or the
   * other way round; of all rows if they needn't be in force. Once for each table.
   */
  private Optional<BridgeRows.Keys> differing(
      VaultTable table,
      NavigableSet<LocalDate> kept,
      boolean inForce,
      Map<String, Optional<BridgeRows.Keys>> done) {
    return done.computeIfAbsent(
        table.name() + " " + inForce, name -> this.differing(table, kept, inForce));
  }

  private Optional<BridgeRows.Keys> differing(
      VaultTable table, NavigableSet<LocalDate> kept, boolean inForce) {
    Optional<BridgeRows.Keys> changed = this.kept(this.changed(table, inForce));
    if (changed.isEmpty()) {
      return Optional.empty();
    }
    boolean timed = inForce && this.now.isTimed(table);
    String key = quoted(table.hashKey());
    String time = timed ? BridgeRows.TIME : "CAST(NULL AS timestamp)";
    List<String> both = new ArrayList<>();
    for (BridgeRows rows : List.of(this.before, this.now)) {
      both.add(
          "SELECT %s AS k, %s AS %s, %d AS _side FROM (%s)"
              .formatted(
                  key,
                  time,
                  BridgeRows.TIME,
                  rows == this.now ? 1 : -1,
                  rows.present(table, List.of(table.hashKey()), kept, changed, inForce)));
    }
    Dataset<Row> differing =
        this.lake
            .spark()
            .sql(
                "SELECT k, %1$s FROM (%2$s) GROUP BY k, %1$s HAVING sum(_side) <> 0"
                    .formatted(BridgeRows.TIME, String.join(" UNION ALL ", both)))
            .localCheckpoint();
    // Bounded: a row a snapshot.
    List<Row> found = differing.select(BridgeRows.TIME).distinct().collectAsList();
    for (Row row : found) {
      if (row.isNullAt(0)) {
        this.days.addAll(kept);
      } else {
        this.days.add(
            row.getTimestamp(0).toInstant().atZone(java.time.ZoneOffset.UTC).toLocalDate());
      }
    }
    return found.isEmpty()
        ? Optional.empty()
        : this.kept(List.of("SELECT k FROM " + this.view(differing)));
  }

  /** Queries for keys {@code k} of {@code table} that new rows say something of. */
  private List<String> changed(VaultTable table, boolean inForce) {
    List<String> queries = new ArrayList<>();
    this.moves.appended(table).ifPresent(rows -> queries.add(this.keysOf(rows, table.hashKey())));
    if (!inForce) {
      return queries;
    }
    for (List<Satellite> group : InForce.groups(table, this.bridge.satellites())) {
      for (Satellite satellite : group) {
        this.moves.appended(satellite).ifPresent(rows -> queries.add(this.keysOf(satellite, rows)));
      }
    }
    return queries;
  }

  private String keysOf(Dataset<Row> rows, String column) {
    return "SELECT %s AS k FROM %s".formatted(quoted(column), this.view(rows));
  }

  private String keysOf(Satellite satellite, Dataset<Row> rows) {
    if (!(satellite.form() instanceof SatelliteForm.Effectivity driven)) {
      return this.keysOf(rows, satellite.hashKey());
    }
    // A row of a driving key moves all relations that it ever pointed to.
    String on =
        driven.columns().stream()
            .map(column -> "t.%1$s <=> n.%1$s".formatted(quoted(column)))
            .collect(Collectors.joining(" AND "));
    return "SELECT /*+ BROADCAST(n) */ t.%s AS k FROM %s AS t LEFT SEMI JOIN %s AS n ON %s"
        .formatted(
            quoted(satellite.hashKey()),
            this.now.stored(satellite, Optional.empty()),
            this.view(rows),
            on);
  }

  /** The keys that {@code queries} give together, worked out; empty: there are none. */
  private Optional<BridgeRows.Keys> kept(List<String> queries) {
    if (queries.isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> keys =
        this.lake
            .spark()
            .sql(
                "SELECT DISTINCT k FROM (%s) WHERE k IS NOT NULL"
                    .formatted(String.join(" UNION ALL ", queries)))
            .localCheckpoint();
    long count = keys.count();
    return count == 0
        ? Optional.empty()
        : Optional.of(new BridgeRows.Keys(this.view(keys), count <= FEW));
  }

  private String view(Dataset<Row> rows) {
    this.views++;
    String view = "_bridge_%s_%d".formatted(this.bridge.name(), this.views);
    rows.createOrReplaceTempView(view);
    return view;
  }
}
