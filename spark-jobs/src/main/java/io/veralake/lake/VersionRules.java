package io.veralake.lake;

import io.veralake.spec.Column;
import io.veralake.spec.Satellite;
import io.veralake.spec.SatelliteForm;
import io.veralake.spec.VaultNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which rows of a satellite are its versions, as SQL over any rows that have its columns: views use
 * it on the table, loads on what they compare.
 *
 * <p>Rows of one unit (a key, a member, a driving key) are taken in their order. Each leaves the
 * unit in a state; those that change it are the versions. A row that doesn't change the state may
 * be there or not: the states are the same.
 */
public final class VersionRules {
  /** Working column: the state in which a row leaves its unit; null if nothing is left. */
  public static final String STATE = "_state";

  private static final String BEFORE = "_state_before";
  private static final String STORED = "_stored";

  private static final String PLAIN = "SELECT *, {hashdiff} AS _state FROM {rows}";

  // What ends a link that the driving key doesn't point to ends nothing.
  private static final String EFFECTIVITY =
      """
      SELECT *, CASE WHEN NOT {deleted} THEN {key} END AS _state
      FROM (SELECT *, last(CASE WHEN NOT {deleted} THEN {key} END, true) OVER ({before}) AS _pointed
        FROM {rows})
      WHERE NOT {deleted} OR {key} IS NULL OR {key} = _pointed""";

  // Seen again, a key that was updated isn't new.
  private static final String TRACKED =
      """
      SELECT *, CASE WHEN status = 'created' AND _told = 'updated' THEN 'updated' ELSE status END
        AS _state
      FROM (SELECT *, last(CASE WHEN status <> 'created' THEN status END, true) OVER ({before}) AS _told
        FROM {rows})""";

  private static final String SETS =
      """
      SELECT *, {hashdiff} AS _state
      FROM (SELECT *, max(struct(member_count, {hashdiff}))
          OVER (PARTITION BY {unit}, {applied}, {source}) AS _whole{stored}
        FROM {rows})
      WHERE {hashdiff} = _whole.{hashdiff}""";

  private static final String STORED_SET =
      """
      , max(CASE WHEN NOT {fresh} THEN struct(member_count, {hashdiff}) END)
          OVER (PARTITION BY {unit}, {applied}, {source}) AS _stored""";

  // In a struct: a value that was sent may be null.
  private static final String CARRIED =
      """
      last(CASE WHEN {unsent} IS NULL OR NOT array_contains({unsent}, {name}) THEN struct({column}) END, true)
          OVER ({window} ROWS UNBOUNDED PRECEDING).{column} AS {column}""";

  private final Satellite satellite;
  private final VaultNames names;
  private final List<String> order;

  /** Of {@code satellite}, whose rows have {@code place} as the first part of their order. */
  VersionRules(Satellite satellite, List<String> place) {
    this.satellite = satellite;
    this.names = satellite.names();
    this.order = new ArrayList<>();
    if (this.rowSets()) {
      this.order.addAll(
          List.of(
              this.names.appliedTime(),
              this.names.recordSource(),
              FormColumns.MEMBER_COUNT,
              this.names.hashdiff()));
      return;
    }
    this.order.addAll(place);
    this.order.add(this.names.recordSource());
    if (satellite.form() instanceof SatelliteForm.Effectivity) {
      // Of one place: what ends first, so that what begins then stands.
      this.order.add("NOT " + quoted(this.names.deleted()));
      this.order.add(quoted(satellite.hashKey()));
    } else {
      this.order.add(this.names.hashdiff());
    }
  }

  /** Columns that the rules read. */
  public List<String> columns() {
    List<String> result = new ArrayList<>(this.satellite.unit());
    for (String column : this.order) {
      String name = column.replace("NOT ", "").replace("`", "");
      if (!result.contains(name)) {
        result.add(name);
      }
    }
    if (this.satellite.form() instanceof SatelliteForm.Status) {
      result.add(FormColumns.STATUS);
    }
    return result;
  }

  /**
   * Query for the rows of {@code rows} that change the state, with all columns and {@link #STATE}.
   */
  String changes(String rows) {
    return "SELECT * FROM (%s) WHERE %s".formatted(this.compared(rows, ""), this.changed());
  }

  /**
   * Query for those of {@code rows} that are to be appended to the satellite's table.
   *
   * @param fresh boolean column: the row is new, not one of the table's
   */
  public String appended(String rows, String fresh) {
    String wanted = this.changed();
    if (this.rowSets()) {
      // A set of which a part was stored before: the whole takes its place.
      wanted += " OR %1$s.`%2$s` <> `%2$s`".formatted(STORED, this.names.hashdiff());
    }
    return "SELECT * FROM (%s) WHERE %s AND (%s)"
        .formatted(this.compared(rows, fresh), fresh, wanted);
  }

  /** Window over a unit's rows in their order. */
  String window() {
    return this.window("");
  }

  private boolean rowSets() {
    return this.satellite.form() instanceof SatelliteForm.Sets sets && !sets.exploded();
  }

  private String changed() {
    return "NOT (%s <=> %s)".formatted(BEFORE, STATE);
  }

  private String compared(String rows, String last) {
    return "SELECT *, lag(%s) OVER (%s) AS %s FROM (%s)"
        .formatted(STATE, this.window(last), BEFORE, this.states(rows, last));
  }

  private String states(String rows, String last) {
    SatelliteForm form = this.satellite.form();
    String sql = PLAIN;
    if (form instanceof SatelliteForm.Effectivity) {
      sql = EFFECTIVITY;
    } else if (form instanceof SatelliteForm.Status) {
      sql = TRACKED;
    } else if (this.rowSets()) {
      sql = last.isEmpty() ? SETS : SETS.replace("{stored}", STORED_SET);
    }
    return sql.replace("{stored}", "")
        .replace("{rows}", rows)
        .replace(
            "{before}", this.window(last) + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING")
        .replace("{unit}", this.quotedUnit())
        .replace("{fresh}", last)
        .replace("{key}", quoted(this.satellite.hashKey()))
        .replace("{deleted}", quoted(this.names.deleted()))
        .replace("{hashdiff}", quoted(this.names.hashdiff()))
        .replace("{applied}", quoted(this.names.appliedTime()))
        .replace("{source}", quoted(this.names.recordSource()));
  }

  private String window(String last) {
    String order =
        Stream.concat(this.order.stream(), last.isEmpty() ? Stream.of() : Stream.of(last))
            .collect(Collectors.joining(", "));
    return "PARTITION BY " + this.quotedUnit() + " ORDER BY " + order;
  }

  private String quotedUnit() {
    return this.satellite.unit().stream()
        .map(VersionRules::quoted)
        .collect(Collectors.joining(", "));
  }

  /** Columns of the history view that say what holds. */
  String shown() {
    SatelliteForm form = this.satellite.form();
    String key = quoted(this.satellite.hashKey()) + ", ";
    if (form instanceof SatelliteForm.Effectivity) {
      return key + this.quotedUnit() + ", ";
    }
    if (form instanceof SatelliteForm.Status) {
      return key + "_state AS status, ";
    }
    if (form instanceof SatelliteForm.Sets) {
      return key + "members, member_count, ";
    }
    List<String> members =
        form instanceof SatelliteForm.Members found
            ? found.key().stream().map(Column::name).toList()
            : List.of();
    String columns =
        Stream.concat(members.stream(), this.satellite.payload().stream().map(Column::name))
            .map(name -> (this.satellite.carries() ? this.carried(name) : quoted(name)) + ", ")
            .collect(Collectors.joining());
    return key + columns + (this.satellite.carries() ? quoted(FormColumns.UNSENT) + ", " : "");
  }

  /** The value of {@code name} in the last version so far whose source sent it. */
  private String carried(String name) {
    return CARRIED
        .replace("{column}", quoted(name))
        .replace("{name}", "'" + name + "'")
        .replace("{unsent}", quoted(FormColumns.UNSENT))
        .replace("{window}", this.window());
  }

  static String quoted(String name) {
    return "`" + name + "`";
  }
}
