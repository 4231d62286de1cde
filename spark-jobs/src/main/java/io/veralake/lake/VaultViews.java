package io.veralake.lake;

import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
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
    Stream<String> position = VaultColumns.POSITION.stream();
    Stream<String> first =
        this.orderedByPosition(satellite)
            ? Stream.concat(position, Stream.of(VaultColumns.APPLIED_TIME))
            : Stream.concat(Stream.of(VaultColumns.APPLIED_TIME), position);
    return Stream.concat(first, Stream.of(VaultColumns.RECORD_SOURCE, VaultColumns.HASHDIFF))
        .toList();
  }

  /**
   * All versions of all keys in {@code rows}: hash key, payload, {@code deleted}, {@code
   * effective_from}, {@code effective_to}, {@code applied_time}, {@code record_source}. A version
   * overtaken at the very instant of its birth has {@code effective_from = effective_to}.
   *
   * @param rows what to select from: the satellite's table, or a view that holds all rows of some
   *     keys
   */
  public String history(Satellite satellite, String rows) {
    String key = quoted(satellite.hashKey());
    String window = "PARTITION BY " + key + " ORDER BY " + String.join(", ", this.order(satellite));
    String columns = key + ", " + payload(satellite);
    return """
        SELECT %1$s deleted, effective_from,
          lead(effective_from) OVER (%3$s) AS effective_to,
          applied_time, record_source
        FROM (
          SELECT *, max(applied_time) OVER (%3$s ROWS UNBOUNDED PRECEDING) AS effective_from
          FROM (
            SELECT %1$s deleted, applied_time,
              position_major, position_minor, position_row, record_source, hashdiff,
              lag(hashdiff) OVER (%3$s) AS hashdiff_before
            FROM %2$s)
          WHERE hashdiff_before IS NULL OR hashdiff_before <> hashdiff)"""
        .formatted(columns, rows, window);
  }

  /**
   * The last versions of all keys in {@code rows} that aren't deleted: the columns of the history.
   */
  public String current(Satellite satellite, String rows) {
    return "SELECT * FROM (\n%s)\nWHERE effective_to IS NULL AND NOT deleted"
        .formatted(this.history(satellite, rows));
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
