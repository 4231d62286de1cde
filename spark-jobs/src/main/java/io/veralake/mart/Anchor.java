package io.veralake.mart;

import io.veralake.spec.Bridge;
import io.veralake.spec.Column;
import io.veralake.spec.Hub;
import io.veralake.spec.Link;
import io.veralake.spec.Mart;
import io.veralake.spec.Model;
import io.veralake.spec.Pit;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hub or link that a mart reads and whose business columns are the mart's refresh key: through
 * it changed rows of the vault lead to keys, and keys to the vault's rows.
 *
 * @param table the hub or link
 * @param key the mart's refresh key
 * @param links links that the mart reads
 */
record Anchor(VaultTable table, List<String> key, List<Link> links) {
  /** Name of the hash key's column in what {@link #paths} gives. */
  static final String HASH = "_hash";

  /** The anchor of {@code mart}, empty if no table that it reads has exactly its key. */
  static Optional<Anchor> of(Mart mart, Model model) {
    List<VaultTable> reads =
        model.vault().stream().filter(table -> mart.reads().contains(table.name())).toList();
    List<Link> links = only(reads, Link.class).toList();
    Stream<VaultTable> candidates =
        Stream.<VaultTable>concat(only(reads, Hub.class), links.stream());
    return candidates
        .filter(table -> isKey(businessColumns(table), mart.refresh().key()))
        .findFirst()
        .map(table -> new Anchor(table, mart.refresh().key(), links));
  }

  /**
   * Queries that together give the hash keys of this anchor that rows in the view {@code changes},
   * new rows of {@code input}, lead to; no query: such rows move nothing by themselves; empty: it
   * can't be told.
   */
  Optional<List<String>> paths(VaultTable input) {
    if (input.name().equals(this.table.name())) {
      return Optional.of(List.of(direct(this.table.hashKey())));
    }
    if (input instanceof Link link) {
      List<String> paths = this.ends(link).map(end -> direct(end.hashKey())).toList();
      return paths.isEmpty() ? Optional.empty() : Optional.of(paths);
    }
    if (input instanceof Satellite satellite) {
      return this.satellitePaths(satellite);
    }
    if (input instanceof Pit pit) {
      return this.describedPaths(pit.parent(), pit.hashKey());
    }
    if (input instanceof Bridge bridge) {
      return this.describedPaths(bridge.hub(), bridge.hashKey());
    }
    return Optional.of(List.of());
  }

  private Optional<List<String>> satellitePaths(Satellite satellite) {
    VaultTable parent = satellite.parent();
    String changed = satellite.hashKey();
    if (satellite.form() instanceof SatelliteForm.Effectivity effectivity) {
      return this.drivenPaths((Link) parent, effectivity.columns());
    }
    return this.describedPaths(parent, changed);
  }

  /** Paths from rows that name keys of {@code parent} in their column {@code changed}. */
  private Optional<List<String>> describedPaths(VaultTable parent, String changed) {
    if (parent.name().equals(this.table.name())) {
      return Optional.of(List.of(direct(changed)));
    }
    List<String> paths;
    if (parent instanceof Link link) {
      paths =
          this.ends(link)
              .map(end -> through(link, end.hashKey(), link.hashKey(), changed))
              .toList();
    } else if (this.table instanceof Link own) {
      paths =
          roles(own, parent)
              .map(end -> through(own, own.hashKey(), end.hashKey(), changed))
              .toList();
    } else {
      paths =
          this.links.stream()
              .flatMap(
                  link ->
                      this.ends(link)
                          .flatMap(
                              end ->
                                  roles(link, parent)
                                      .map(
                                          other ->
                                              through(
                                                  link, end.hashKey(), other.hashKey(), changed))))
              .toList();
    }
    return paths.isEmpty() ? Optional.empty() : Optional.of(paths);
  }

  /** A row of a driving key moves all links that it ever pointed to. */
  private Optional<List<String>> drivenPaths(Link link, List<String> driving) {
    Stream<String> wanted =
        link.name().equals(this.table.name())
            ? Stream.of(link.hashKey())
            : this.ends(link).map(Link.End::hashKey);
    String on =
        driving.stream()
            .map(column -> "t.`%1$s` = c.`%1$s`".formatted(column))
            .collect(Collectors.joining(" AND "));
    List<String> paths =
        wanted
            .map(
                gives ->
                    "SELECT /*+ BROADCAST(c) */ t.`%s` AS %s FROM %s AS t LEFT SEMI JOIN changes AS c ON %s"
                        .formatted(gives, HASH, link.name(), on))
            .toList();
    return paths.isEmpty() ? Optional.empty() : Optional.of(paths);
  }

  /**
   * Query that gives the key's columns and {@link #HASH} for the hash keys in the view {@code
   * hashes}.
   */
  String keysOfHashes() {
    String name = this.table.name();
    String hash = this.table.hashKey();
    if (this.table instanceof Hub) {
      return "SELECT /*+ BROADCAST(x) */ %s, t.`%s` AS %s FROM %s AS t LEFT SEMI JOIN hashes AS x ON t.`%s` = x.%s"
          .formatted(columns("t", this.key), hash, HASH, name, hash, HASH);
    }
    Link link = (Link) this.table;
    String hubs =
        link.ends().stream()
            .map(
                end ->
                    " JOIN %s AS %s ON %s.`%s` = t.`%s`"
                        .formatted(
                            end.hub().name(),
                            end.hub().name() + "_",
                            end.hub().name() + "_",
                            end.hub().hashKey(),
                            end.hashKey()))
            .collect(Collectors.joining());
    return "SELECT /*+ BROADCAST(t) */ %s, t.`%s` AS %s FROM (SELECT /*+ BROADCAST(x) */ l.* FROM %s AS l LEFT SEMI JOIN hashes AS x ON l.`%s` = x.%s) AS t%s"
        .formatted(
            this.key.stream().map(column -> "`" + column + "`").collect(Collectors.joining(", ")),
            hash,
            HASH,
            name,
            hash,
            HASH,
            hubs);
  }

  /**
   * Query that gives the key's columns and {@link #HASH} for the keys in the view {@code named}; a
   * key that the vault doesn't know has none.
   */
  String keysOfNames() {
    String all;
    if (this.table instanceof Hub) {
      all = this.table.name();
    } else {
      Link link = (Link) this.table;
      all =
          link.ends().stream()
              .map(
                  end ->
                      " JOIN %s ON %s.`%s` = %s.`%s`"
                          .formatted(
                              end.hub().name(),
                              end.hub().name(),
                              end.hub().hashKey(),
                              link.name(),
                              end.hashKey()))
              .collect(Collectors.joining("", "(SELECT * FROM " + link.name(), ")"));
    }
    String on =
        this.key.stream()
            .map(column -> "t.`%s` = n.`%s`".formatted(column, column))
            .collect(Collectors.joining(" AND "));
    return "SELECT %s, t.`%s` AS %s FROM named AS n LEFT JOIN (SELECT /*+ BROADCAST(n) */ t.* FROM %s AS t LEFT SEMI JOIN named AS n ON %s) AS t ON %s"
        .formatted(columns("n", this.key), this.table.hashKey(), HASH, all, on, on);
  }

  /** Ends of {@code link} on this anchor's hub; none if the anchor is a link. */
  Stream<Link.End> ends(Link link) {
    return this.table instanceof Hub ? roles(link, this.table) : Stream.empty();
  }

  /** Ends of {@code link} on {@code hub}. */
  static Stream<Link.End> roles(Link link, VaultTable hub) {
    return link.ends().stream().filter(end -> end.hub().name().equals(hub.name()));
  }

  private static String direct(String column) {
    return "SELECT `%s` AS %s FROM changes".formatted(column, HASH);
  }

  private static String through(Link link, String gives, String on, String changed) {
    return "SELECT /*+ BROADCAST(c) */ t.`%s` AS %s FROM %s AS t LEFT SEMI JOIN changes AS c ON t.`%s` = c.`%s`"
        .formatted(gives, HASH, link.name(), on, changed);
  }

  private static String columns(String alias, List<String> columns) {
    return columns.stream()
        .map(column -> alias + ".`" + column + "`")
        .collect(Collectors.joining(", "));
  }

  private static List<String> businessColumns(VaultTable table) {
    if (table instanceof Hub hub) {
      return hub.businessKey().stream().map(Column::name).toList();
    }
    Link link = (Link) table;
    return Stream.concat(
            link.ends().stream().flatMap(end -> businessColumns(end.hub()).stream()),
            link.dependentKey().stream().map(Column::name))
        .toList();
  }

  private static boolean isKey(List<String> columns, List<String> key) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(columns);
    return columns.size() == key.size() && names.size() == key.size() && names.containsAll(key);
  }

  private static <T extends VaultTable> Stream<T> only(List<VaultTable> tables, Class<T> kind) {
    return tables.stream().filter(kind::isInstance).map(kind::cast);
  }
}
