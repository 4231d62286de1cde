package io.veralake.lake;

import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Queries that give a satellite's versions. A satellite table holds rows that may repeat the
 * version before them; in these queries they don't show. The order of a key's versions is total: by
 * source position where all sources of the satellite are of one system, else by the time at which
 * the source committed them.
 */
public final class VaultViews {
  /** Suffix of the view of all versions. */
  public static final String HISTORY = "_history";

  /** Suffix of the view of the versions that hold now. */
  public static final String CURRENT = "_current";

  private static final String HISTORY_SQL =
      """
      SELECT {columns}, {from},
        lead({from}) OVER ({window}) AS {to},
        {applied}, {source}
      FROM (
        SELECT *, max({applied}) OVER ({window} ROWS UNBOUNDED PRECEDING) AS {from}
        FROM (
          SELECT {columns}, {applied},
            {position}, {source}, {hashdiff},
            lag({hashdiff}) OVER ({window}) AS _hashdiff_before
          FROM {rows})
        WHERE _hashdiff_before IS NULL OR _hashdiff_before <> {hashdiff})""";

  private final Map<String, String> systems;

  /** For satellites of {@code model}. */
  public VaultViews(Model model) {
    this.systems =
        model.land().stream().collect(Collectors.toMap(LandTable::name, LandTable::system));
  }

  /**
   * Whether all sources of {@code table} are of one system, so that their positions order its rows.
   */
  public boolean orderedByPosition(VaultTable table) {
    Function<VaultSource, String> system =
        source -> this.systems.getOrDefault(source.from(), source.from());
    return table.sources().stream().map(system).distinct().count() == 1;
  }

  /**
   * Columns by which the versions of one key are ordered, ties included: rows equal in all of them
   * are one row.
   */
  public List<String> order(Satellite satellite) {
    VaultNames names = satellite.names();
    Stream<String> position = names.position().stream();
    Stream<String> first =
        this.orderedByPosition(satellite)
            ? Stream.concat(position, Stream.of(names.appliedTime()))
            : Stream.concat(Stream.of(names.appliedTime()), position);
    return Stream.concat(first, Stream.of(names.recordSource(), names.hashdiff())).toList();
  }

  /**
   * All versions of all keys in {@code rows}: hash key, payload, {@code deleted}, {@code
   * effective_from}, {@code effective_to}, {@code applied_time}, {@code record_source}, by the
   * satellite's own names. A version overtaken at the very instant of its birth has {@code
   * effective_from = effective_to}.
   *
   * @param rows what to select from: the satellite's table, or a view that holds all rows of some
   *     keys
   */
  public String history(Satellite satellite, String rows) {
    VaultNames names = satellite.names();
    String key = quoted(names.hashKey());
    String order =
        this.order(satellite).stream().map(VaultViews::quoted).collect(Collectors.joining(", "));
    String position =
        names.position().stream().map(VaultViews::quoted).collect(Collectors.joining(", "));
    return HISTORY_SQL
        .replace("{rows}", rows)
        .replace("{window}", "PARTITION BY " + key + " ORDER BY " + order)
        .replace("{columns}", key + ", " + payload(satellite) + quoted(names.deleted()))
        .replace("{from}", quoted(names.effectiveFrom()))
        .replace("{to}", quoted(names.effectiveTo()))
        .replace("{applied}", quoted(names.appliedTime()))
        .replace("{position}", position)
        .replace("{source}", quoted(names.recordSource()))
        .replace("{hashdiff}", quoted(names.hashdiff()));
  }

  /**
   * The last versions of all keys in {@code rows} that aren't deleted: the columns of the history.
   */
  public String current(Satellite satellite, String rows) {
    VaultNames names = satellite.names();
    return "SELECT * FROM (\n%s)\nWHERE %s IS NULL AND NOT %s"
        .formatted(
            this.history(satellite, rows), quoted(names.effectiveTo()), quoted(names.deleted()));
  }

  private static String payload(Satellite satellite) {
    return satellite.payload().stream()
        .map(column -> quoted(column.name()) + ", ")
        .collect(Collectors.joining());
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }
}
