package io.veralake.lake;

import io.veralake.spec.LandTable;
import io.veralake.spec.Model;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import io.veralake.spec.VaultSource;
import io.veralake.spec.VaultTable;
import io.veralake.spec.VersionOrder;
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
      SELECT {columns}{deleted}, {from},
        lead({from}) OVER ({window}) AS {to},
        {applied}, {source}
      FROM (
        SELECT *, max({applied}) OVER ({window} ROWS UNBOUNDED PRECEDING) AS {from}
        FROM ({changes}))""";

  private final Map<String, String> systems;

  /** For satellites of {@code model}. */
  public VaultViews(Model model) {
    this.systems =
        model.land().stream().collect(Collectors.toMap(LandTable::name, LandTable::system));
  }

  /**
   * Whether all sources of {@code table} are of one system, so that their positions order its rows,
   * and nothing else is declared. Rows that are a set together are told by their time.
   */
  public boolean orderedByPosition(VaultTable table) {
    if (table instanceof Satellite satellite
        && (satellite.order() == VersionOrder.APPLIED_TIME
            || satellite.form() instanceof SatelliteForm.Sets sets && !sets.exploded())) {
      return false;
    }
    Function<VaultSource, String> system =
        source -> this.systems.getOrDefault(source.from(), source.from());
    return table.sources().stream().map(system).distinct().count() == 1;
  }

  /** Which rows of {@code satellite} are its versions. */
  public VersionRules rules(Satellite satellite) {
    Stream<String> position = satellite.names().position().stream();
    Stream<String> applied = Stream.of(satellite.names().appliedTime());
    return new VersionRules(
        satellite,
        this.orderedByPosition(satellite)
            ? Stream.concat(position, applied).toList()
            : Stream.concat(applied, position).toList());
  }

  /**
   * All versions of all keys in {@code rows}: hash key, payload, {@code deleted}, {@code
   * effective_from}, {@code effective_to}, {@code applied_time}, {@code record_source}, by the
   * satellite's own names. A version overtaken at the very instant of its birth has {@code
   * effective_from = effective_to}. Sets have a row for each member, an empty one a row without
   * any; of an effectivity satellite only what holds is shown, without {@code deleted}.
   *
   * @param rows what to select from: the satellite's table, or a view that holds all rows of some
   *     keys
   */
  public String history(Satellite satellite, String rows) {
    VersionRules rules = this.rules(satellite);
    SatelliteForm form = satellite.form();
    VaultNames names = satellite.names();
    String deleted = VersionRules.quoted(names.deleted());
    String versions = this.versions(satellite, rows, rules.shown());
    String last =
        Stream.of(
                names.effectiveFrom(),
                names.effectiveTo(),
                names.appliedTime(),
                names.recordSource())
            .map(VersionRules::quoted)
            .collect(Collectors.joining(", "));
    if (form instanceof SatelliteForm.Effectivity) {
      return "SELECT %s%s FROM (%s) WHERE NOT %s".formatted(rules.shown(), last, versions, deleted);
    }
    if (form instanceof SatelliteForm.Sets) {
      return "SELECT %s, %s member_count, %s, %s FROM (%s) LATERAL VIEW OUTER explode(members) AS member"
          .formatted(
              VersionRules.quoted(satellite.hashKey()),
              satellite.payload().stream()
                  .map(column -> "member.`%1$s` AS `%1$s`,".formatted(column.name()))
                  .collect(Collectors.joining(" ")),
              deleted,
              last,
              versions);
    }
    return versions;
  }

  /**
   * When each version held, one row for each: hash key, {@code deleted}, {@code effective_from},
   * {@code effective_to}, {@code applied_time}, {@code record_source}.
   */
  public String intervals(Satellite satellite, String rows) {
    return this.versions(satellite, rows, VersionRules.quoted(satellite.hashKey()) + ", ");
  }

  /**
   * From when to when each version held that says that its key was there: hash key, {@code
   * effective_from}, {@code effective_to}. Says of an instant what {@link
   * io.veralake.spec.AtInstant} does.
   */
  public String held(Satellite satellite, String rows) {
    VaultNames names = satellite.names();
    SatelliteForm form = satellite.form();
    String key = VersionRules.quoted(satellite.hashKey());
    String shown = key + ", ";
    String there = "NOT " + VersionRules.quoted(names.deleted());
    if (form instanceof SatelliteForm.Status) {
      shown += VersionRules.STATE + " AS status, ";
      there = "status <> 'deleted'";
    } else if (form instanceof SatelliteForm.Sets) {
      shown += "member_count, ";
      there = "member_count > 0";
    }
    return "SELECT %s, %s, %s FROM (%s) WHERE %s"
        .formatted(
            key,
            VersionRules.quoted(names.effectiveFrom()),
            VersionRules.quoted(names.effectiveTo()),
            this.versions(satellite, rows, shown),
            there);
  }

  private String versions(Satellite satellite, String rows, String shown) {
    VersionRules rules = this.rules(satellite);
    VaultNames names = satellite.names();
    return HISTORY_SQL
        .replace("{columns}", shown)
        .replace("{deleted}", VersionRules.quoted(names.deleted()))
        .replace("{from}", VersionRules.quoted(names.effectiveFrom()))
        .replace("{to}", VersionRules.quoted(names.effectiveTo()))
        .replace("{applied}", VersionRules.quoted(names.appliedTime()))
        .replace("{source}", VersionRules.quoted(names.recordSource()))
        .replace("{window}", rules.window())
        .replace("{changes}", rules.changes(rows));
  }

  /**
   * The last versions of all keys in {@code rows} that aren't deleted: the columns of the history.
   * Of a status satellite the deleted ones too.
   */
  public String current(Satellite satellite, String rows) {
    SatelliteForm form = satellite.form();
    String there = " AND NOT " + VersionRules.quoted(satellite.names().deleted());
    if (form instanceof SatelliteForm.Status || form instanceof SatelliteForm.Effectivity) {
      there = "";
    } else if (form instanceof SatelliteForm.Sets) {
      there = " AND member_count > 0";
    }
    return "SELECT * FROM (\n%s)\nWHERE %s IS NULL%s"
        .formatted(
            this.history(satellite, rows),
            VersionRules.quoted(satellite.names().effectiveTo()),
            there);
  }
}
