package io.veralake.vault;

import static io.veralake.vault.SnapshotMoves.quoted;

import io.veralake.lake.HashText;
import io.veralake.lake.Lake;
import io.veralake.lake.VaultColumns;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.InForce;
import io.veralake.spec.Link;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultRules;
import io.veralake.spec.VaultTable;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Queries over what a bridge is made from, as it was at given snapshots of the tables.
 *
 * <p>What was in force is first said of each table by itself: a version gives the snapshots between
 * its ends, so that the walk joins equal keys and instants only.
 */
final class BridgeRows {
  /** Column of what {@link #present} gives: the instant, if it depends on that. */
  static final String TIME = VaultColumns.SNAPSHOT_TIME;

  private static final String FROM = "_from";

  private final Lake lake;
  private final VaultViews views;
  private final HashText hash;
  private final Bridge bridge;
  private final Function<VaultTable, OptionalLong> at;

  /** Over inputs {@code at} their snapshots; empty for one that had no rows. */
  BridgeRows(
      Lake lake,
      VaultViews views,
      HashText hash,
      Bridge bridge,
      Function<VaultTable, OptionalLong> at) {
    this.lake = lake;
    this.views = views;
    this.hash = hash;
    this.bridge = bridge;
    this.at = at;
  }

  /**
   * Which keys are wanted, of the hub where the walk begins and of the links and hubs of each step;
   * empty: all.
   *
   * @param root keys of the hub
   * @param steps keys of the links and of the hubs by the bridge's column
   */
  record Scope(Optional<Keys> root, Map<String, Keys> steps) {
    /** All keys. */
    static final Scope ALL = new Scope(Optional.empty(), Map.of());

    /** The keys that are wanted of {@code column}. */
    Optional<Keys> of(String column) {
      return Optional.ofNullable(this.steps.get(column));
    }
  }

  /** Query for the bridge's rows at {@code days}. */
  String rows(Collection<LocalDate> days, Scope scope) {
    Hub hub = this.bridge.hub();
    Map<String, String> reached = new LinkedHashMap<>();
    List<String> select = new ArrayList<>();
    select.add("r." + quoted(hub.hashKey()));
    select.add("r." + TIME);
    reached.put(hub.hashKey(), "r");
    if (this.bridge.names(hub)) {
      hub.businessKey().forEach(column -> select.add("r." + quoted(column.name())));
    }
    StringBuilder from = new StringBuilder("(" + this.root(days, scope.root()) + ") AS r");
    for (int i = 0; i < this.bridge.walk().size(); i++) {
      Bridge.Step step = this.bridge.walk().get(i);
      String alias = "s" + i;
      from.append(
          " %s JOIN (%s) AS %s ON %s.%s = %s.%s%s"
              .formatted(
                  step.join() == Bridge.Join.INNER ? "INNER" : "LEFT",
                  this.step(step, days, scope),
                  alias,
                  alias,
                  FROM,
                  reached.get(step.at()),
                  quoted(step.at()),
                  this.timed(step) ? " AND %s.%s = r.%s".formatted(alias, TIME, TIME) : ""));
      this.bridge.shown(step).forEach(column -> select.add(this.shown(step, alias, column)));
      step.to().forEach(end -> reached.put(step.endKey(end), alias));
    }
    return "SELECT %s FROM %s".formatted(String.join(", ", select), from);
  }

  private String root(Collection<LocalDate> days, Optional<Keys> keys) {
    Hub hub = this.bridge.hub();
    String present = this.present(hub, keyColumns(hub), days, keys, true);
    return this.isTimed(hub)
        ? present
        : "SELECT *, explode(array(%s)) AS %s FROM (%s)"
            .formatted(SnapshotMoves.literals(days), TIME, present);
  }

  /** The step's columns as the bridge calls them, {@code _from} and, if it is timed, the time. */
  private String step(Bridge.Step step, Collection<LocalDate> days, Scope scope) {
    Link link = step.link();
    boolean timed = this.isTimed(link);
    List<String> select = new ArrayList<>();
    select.add("l.%s AS %s".formatted(quoted(step.from().hashKey()), FROM));
    select.add("l.%s AS %s".formatted(quoted(link.hashKey()), quoted(step.linkKey())));
    for (Column column : link.dependentKey()) {
      select.add("l.%s AS %s".formatted(quoted(column.name()), quoted(step.column(column.name()))));
    }
    StringBuilder from =
        new StringBuilder(
            "(%s) AS l"
                .formatted(
                    this.present(link, keyColumns(link), days, scope.of(step.linkKey()), true)));
    String time = timed ? "l." + TIME : "";
    for (int i = 0; i < step.to().size(); i++) {
      Link.End end = step.to().get(i);
      Hub hub = end.hub();
      select.add("l.%s AS %s".formatted(quoted(end.hashKey()), quoted(step.endKey(end))));
      boolean inForce = this.bridge.ends() == Bridge.Ends.IN_FORCE;
      if (!inForce && !this.bridge.names(hub)) {
        continue;
      }
      String alias = "h" + i;
      boolean timedHub = inForce && this.isTimed(hub);
      String on = "%s.%s = l.%s".formatted(alias, quoted(hub.hashKey()), quoted(end.hashKey()));
      if (timedHub && !time.isEmpty()) {
        on += " AND %s.%s = %s".formatted(alias, TIME, time);
      } else if (timedHub) {
        time = alias + "." + TIME;
      }
      from.append(
          " %s JOIN (%s) AS %s ON %s"
              .formatted(
                  inForce ? "INNER" : "LEFT",
                  this.present(hub, keyColumns(hub), days, scope.of(step.endKey(end)), inForce),
                  alias,
                  on));
      if (this.bridge.names(hub)) {
        for (Column column : hub.businessKey()) {
          select.add(
              "%s.%s AS %s"
                  .formatted(alias, quoted(column.name()), quoted(step.column(column.name()))));
        }
      }
    }
    if (!time.isEmpty()) {
      select.add(time + " AS " + TIME);
    }
    return "SELECT %s FROM %s".formatted(String.join(", ", select), from);
  }

  private boolean timed(Bridge.Step step) {
    return this.isTimed(step.link())
        || this.bridge.ends() == Bridge.Ends.IN_FORCE
            && step.to().stream().anyMatch(end -> this.isTimed(end.hub()));
  }

  private String shown(Bridge.Step step, String alias, Bridge.Shown column) {
    String value = alias + "." + quoted(column.name());
    if (step.join() != Bridge.Join.UNKNOWN) {
      return value;
    }
    return "IF(%s.%s IS NULL, %s, %s) AS %s"
        .formatted(alias, FROM, this.unknown(column), value, quoted(column.name()));
  }

  /** What the unknown record has in {@code column}. */
  private String unknown(Bridge.Shown column) {
    if (column.type().isEmpty()) {
      return this.hash.ghostKey(VaultRules.Ghost.UNKNOWN);
    }
    String type = column.type().get().sql();
    return Optional.ofNullable(column.table().rules().ghosts().get(VaultRules.Ghost.UNKNOWN))
        .map(values -> values.get(column.column()))
        .map(value -> "try_cast('%s' AS %s)".formatted(value.replace("'", "\\'"), type))
        .orElse("CAST(NULL AS " + type + ")");
  }

  /** Whether it depends on the instant which keys of {@code table} are there. */
  boolean isTimed(VaultTable table) {
    return isEvents(table) || !InForce.groups(table, this.bridge.satellites()).isEmpty();
  }

  private static boolean isEvents(VaultTable table) {
    return table instanceof Link link && !link.historised();
  }

  private static List<String> keyColumns(VaultTable table) {
    List<Column> own = table instanceof Hub hub ? hub.businessKey() : ((Link) table).dependentKey();
    Stream<String> ends =
        table instanceof Link link ? link.ends().stream().map(Link.End::hashKey) : Stream.empty();
    return Stream.of(Stream.of(table.hashKey()), ends, own.stream().map(Column::name))
        .flatMap(names -> names)
        .toList();
  }

  /**
   * Query for {@code columns} of the rows of {@code table} that were in force at {@code days}, once
   * for each with {@link #TIME}; without that if it doesn't depend on the instant.
   *
   * @param inForce false for all rows, whether they were in force or not
   */
  String present(
      VaultTable table,
      List<String> columns,
      Collection<LocalDate> days,
      Optional<Keys> keys,
      boolean inForce) {
    String listed =
        columns.stream().map(column -> "t." + quoted(column)).collect(Collectors.joining(", "));
    String rows = this.stored(table, keys);
    String literals = "array(" + SnapshotMoves.literals(days) + ")";
    List<List<Satellite>> groups =
        inForce ? InForce.groups(table, this.bridge.satellites()) : List.of();
    boolean events = inForce && isEvents(table);
    String applied = "t." + quoted(table.names().appliedTime());
    if (groups.isEmpty()) {
      return "SELECT %s%s FROM %s AS t"
          .formatted(
              listed,
              events
                  ? ", explode(filter(%s, s -> s >= %s)) AS %s".formatted(literals, applied, TIME)
                  : "",
              rows);
    }
    return "SELECT %s, p.%s FROM %s AS t JOIN (%s) AS p ON p._key = t.%s%s"
        .formatted(
            listed,
            TIME,
            rows,
            this.said(groups, literals, keys),
            quoted(table.hashKey()),
            events ? " WHERE p.%s >= %s".formatted(TIME, applied) : "");
  }

  /** Query for {@code _key} and time of what at least one satellite of each group says is there. */
  private String said(List<List<Satellite>> groups, String literals, Optional<Keys> keys) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      for (Satellite satellite : groups.get(i)) {
        parts.add(
            "SELECT %1$s AS _key, %2$d AS _group, explode(filter(%3$s, s -> s >= %4$s AND (%5$s IS NULL OR s < %5$s))) AS %6$s FROM (%7$s)"
                .formatted(
                    quoted(satellite.hashKey()),
                    i,
                    literals,
                    quoted(satellite.names().effectiveFrom()),
                    quoted(satellite.names().effectiveTo()),
                    TIME,
                    this.views.held(satellite, this.some(satellite, keys))));
      }
    }
    if (parts.size() == 1 && !(groups.get(0).get(0).form() instanceof SatelliteForm.Members)) {
      return parts.get(0);
    }
    return "SELECT _key, %1$s FROM (%2$s) GROUP BY _key, %1$s%3$s"
        .formatted(
            TIME,
            String.join(" UNION ALL ", parts),
            groups.size() == 1 ? "" : " HAVING count(DISTINCT _group) = " + groups.size());
  }

  /** All rows of {@code satellite} that decide about {@code keys}. */
  private String some(Satellite satellite, Optional<Keys> keys) {
    String all = this.stored(satellite, Optional.empty());
    if (keys.isEmpty() || !(satellite.form() instanceof SatelliteForm.Effectivity driven)) {
      return this.stored(satellite, keys);
    }
    // What ends a relation is found by the driving key.
    String columns =
        driven.columns().stream().map(SnapshotMoves::quoted).collect(Collectors.joining(", "));
    String on =
        driven.columns().stream()
            .map(column -> "t.%1$s <=> u.%1$s".formatted(quoted(column)))
            .collect(Collectors.joining(" AND "));
    return "(SELECT %s t.* FROM %s AS t LEFT SEMI JOIN (SELECT DISTINCT %s FROM %s) AS u ON %s)"
        .formatted(keys.get().hint("u"), all, columns, this.stored(satellite, keys), on);
  }

  /** The rows of {@code table} that have one of {@code keys}, to select from. */
  String stored(VaultTable table, Optional<Keys> keys) {
    OptionalLong snapshot = this.at.apply(table);
    String all;
    if (snapshot.isEmpty()) {
      String none =
          VaultColumns.types(table, this.hash.sqlType()).entrySet().stream()
              .map(
                  column ->
                      "CAST(NULL AS %s) AS %s"
                          .formatted(column.getValue(), quoted(column.getKey())))
              .collect(Collectors.joining(", "));
      all = "(SELECT " + none + " WHERE false)";
    } else {
      all =
          "(SELECT * FROM %s VERSION AS OF %d)"
              .formatted(this.lake.sqlName(VaultTables.name(table)), snapshot.getAsLong());
    }
    return keys.map(some -> some.of(all, table.hashKey())).orElse(all);
  }

  /**
   * Keys that are wanted.
   *
   * @param view a view with the column {@code k}
   * @param few whether they fit into the memory of each worker
   */
  record Keys(String view, boolean few) {
    /** Those of {@code rows}, something to select from, whose {@code column} is one of these. */
    String of(String rows, String column) {
      return "(SELECT %s t.* FROM %s AS t LEFT SEMI JOIN %s AS k ON t.%s = k.k)"
          .formatted(this.hint("k"), rows, this.view, quoted(column));
    }

    /** The hint for a join with {@code alias}, which has no more rows than these. */
    String hint(String alias) {
      return this.few ? "/*+ BROADCAST(" + alias + ") */" : "";
    }
  }
}
