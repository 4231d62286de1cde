package io.veralake.mart;

import io.veralake.lake.RunContext;
import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A mart's inputs cut down to what the affected keys need, each scanned once against the broadcast
 * keys and kept: the anchor and its links, the hubs at the links' other ends, satellites of all
 * these, and dimensions that are looked up by those hubs' keys. What can't be cut down, or is
 * small, is left whole.
 */
final class RestrictedInputs {
  private final RunContext context;
  private final Mart mart;
  private final Set<String> large;
  private final Scratch scratch;

  /** Inputs that hold what the keys need and little more: cut down, or small. */
  private final Set<String> restricted = new HashSet<>();

  private final Map<String, String> narrowed;

  private Views views;

  RestrictedInputs(RunContext context, Mart mart, Set<String> large, Views views, Scratch scratch) {
    this(context, mart, large, views, scratch, Map.of());
  }

  /**
   * Cut down further to rows of hubs and links that have the values of {@code narrowed} (literals
   * by column) where a key of theirs has such a column.
   */
  RestrictedInputs(
      RunContext context,
      Mart mart,
      Set<String> large,
      Views views,
      Scratch scratch,
      Map<String, String> narrowed) {
    this.narrowed = Map.copyOf(narrowed);
    this.context = context;
    this.mart = mart;
    this.large = Set.copyOf(large);
    this.views = views;
    this.scratch = scratch;
  }

  /** The views for the rows of the keys that the query {@code keys} gives. */
  Views of(String keys) {
    this.views = this.views.with("keys", keys);
    Anchor.of(this.mart, this.context.model()).ifPresent(this::vault);
    this.marts();
    return this.views;
  }

  /** The inputs that were cut down, or are small enough to be left as they are. */
  Set<String> restricted() {
    return Set.copyOf(this.restricted);
  }

  private void vault(Anchor anchor) {
    List<VaultTable> reads =
        this.context.model().vault().stream()
            .filter(table -> this.mart.reads().contains(table.name()))
            .toList();
    this.cut(anchor.table().name(), anchor.table().hashKey(), "keys", Anchor.HASH);
    for (Link link : anchor.links()) {
      List<Link.End> ends = anchor.ends(link).toList();
      if (ends.size() == 1) {
        this.cut(link.name(), ends.get(0).hashKey(), "keys", Anchor.HASH);
      }
    }
    for (VaultTable table : reads) {
      if (table instanceof Hub hub && !this.restricted.contains(hub.name())) {
        this.referenced(hub, anchor.links())
            .ifPresent(found -> this.cut(hub.name(), hub.hashKey(), found, Anchor.HASH));
      }
    }
    for (VaultTable table : reads) {
      if (table instanceof Satellite satellite
          && this.restricted.contains(satellite.parent().name())) {
        this.described(satellite);
      } else if (table instanceof Pit pit && this.restricted.contains(pit.parent().name())) {
        this.cut(pit.name(), pit.hashKey(), pit.parent().name(), pit.parent().hashKey());
      } else if (table instanceof Bridge bridge && this.restricted.contains(bridge.hub().name())) {
        this.cut(bridge.name(), bridge.hashKey(), bridge.hub().name(), bridge.hub().hashKey());
      }
    }
  }

  private void described(Satellite satellite) {
    String parent = satellite.parent().name();
    if (satellite.form() instanceof SatelliteForm.Effectivity effectivity) {
      // What ends a link is found by the driving key.
      this.cut(satellite.name(), effectivity.columns(), parent);
    } else {
      this.cut(satellite.name(), satellite.hashKey(), parent, satellite.parent().hashKey());
    }
  }

  /**
   * Query for the hash keys of {@code hub} that restricted links refer to; empty if the hub is
   * reached otherwise too.
   */
  private Optional<String> referenced(Hub hub, List<Link> links) {
    List<Link> on =
        links.stream().filter(link -> Anchor.roles(link, hub).findAny().isPresent()).toList();
    boolean all =
        !on.isEmpty() && on.stream().allMatch(link -> this.restricted.contains(link.name()));
    return all
        ? Optional.of(
            on.stream()
                .flatMap(
                    link ->
                        Anchor.roles(link, hub)
                            .map(
                                end ->
                                    "SELECT `%s` AS %s FROM %s"
                                        .formatted(end.hashKey(), Anchor.HASH, link.name())))
                .collect(Collectors.joining(" UNION ", "(", ")")))
        : Optional.empty();
  }

  private void marts() {
    for (Mart upstream : this.context.model().marts()) {
      if (!this.mart.reads().contains(upstream.name())) {
        continue;
      }
      Mart.Lookup lookup = this.mart.refresh().lookups().get(upstream.name());
      List<String> columns = upstream.columns().stream().map(Column::name).toList();
      if (lookup != null) {
        this.context.model().vault().stream()
            .filter(Hub.class::isInstance)
            .filter(hub -> this.restricted.contains(hub.name()))
            .filter(hub -> named(((Hub) hub).businessKey(), lookup.match()))
            .findFirst()
            .ifPresent(hub -> this.cut(upstream.name(), lookup.match(), hub.name()));
      } else if (!this.mart.refresh().changes().containsKey(upstream.name())
          && columns.containsAll(this.mart.refresh().keyOf(upstream.name()))) {
        this.cutOn(upstream.name(), "keys", this.onKey(upstream.name()));
      }
    }
  }

  private String onKey(String input) {
    List<String> key = this.mart.refresh().key();
    List<String> there = this.mart.refresh().keyOf(input);
    return IntStream.range(0, key.size())
        .mapToObj(i -> "t.`%s` = k.`%s`".formatted(there.get(i), key.get(i)))
        .collect(Collectors.joining(" AND "));
  }

  private static boolean named(List<Column> columns, List<String> names) {
    return columns.stream()
        .map(column -> column.name().toLowerCase(Locale.ROOT))
        .toList()
        .equals(names);
  }

  private void cut(String name, List<String> columns, String by) {
    String on =
        columns.stream()
            .map(column -> "t.`%s` = k.`%s`".formatted(column, column))
            .collect(Collectors.joining(" AND "));
    this.cutOn(name, by, on);
  }

  private void cut(String name, String column, String by, String byColumn) {
    this.cutOn(name, by, "t.`%s` = k.`%s`".formatted(column, byColumn));
  }

  private void cutOn(String name, String by, String on) {
    this.restricted.add(name);
    if (!this.large.contains(name)) {
      return;
    }
    String query =
        "SELECT /*+ BROADCAST(k) */ t.* FROM %s AS t LEFT SEMI JOIN %s AS k ON %s"
                .formatted(name, by, on)
            + this.narrowing(name);
    String rows = this.scratch.keep(name, this.context.lake().spark().sql(this.views.query(query)));
    this.views = this.views.with(name, rows);
  }

  private String narrowing(String name) {
    return this.context.model().vault().stream()
        .filter(table -> table.name().equals(name))
        .flatMap(RestrictedInputs::keyColumns)
        .filter(column -> this.narrowed.containsKey(column.name()))
        .map(
            column -> " AND t.`%s` = %s".formatted(column.name(), this.narrowed.get(column.name())))
        .collect(Collectors.joining("", " WHERE true", ""));
  }

  private static Stream<Column> keyColumns(VaultTable table) {
    return table instanceof Hub hub
        ? hub.businessKey().stream()
        : table instanceof Link link ? link.dependentKey().stream() : Stream.empty();
  }
}
