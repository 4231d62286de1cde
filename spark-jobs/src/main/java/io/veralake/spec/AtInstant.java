package io.veralake.spec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Queries for what the vault held at an instant: {@code sat_x_at(instant)} is the versions that
 * held then, {@code hub_x_at(instant)} and {@code link_x_at(instant)} are the keys that were there
 * then, with what each of their satellites said.
 */
public final class AtInstant {
  /** What follows a table's name. */
  public static final String SUFFIX = "_at";

  private static final Pattern NOT_CODE =
      Pattern.compile("--[^\\n]*|/\\*.*?\\*/|'(?:[^'\\\\]|''|\\\\.)*'", Pattern.DOTALL);

  private final Map<String, VaultTable> tables = new TreeMap<>();

  /** Over {@code tables}. */
  public AtInstant(Collection<VaultTable> tables) {
    tables.forEach(table -> this.tables.put(table.name().toLowerCase(Locale.ROOT), table));
  }

  /** The tables that can be asked, by name. */
  public List<VaultTable> asked() {
    return this.tables.values().stream().filter(AtInstant::canBeAsked).toList();
  }

  private static boolean canBeAsked(VaultTable table) {
    return table instanceof Hub
        || table instanceof Link
        || table instanceof Satellite satellite && satellite.versions();
  }

  /**
   * Query for what {@code table} held.
   *
   * @param instant SQL of a timestamp
   * @param rows what to select a table's rows from
   * @param histories what to select a satellite's versions from
   */
  public String query(
      VaultTable table,
      String instant,
      Function<VaultTable, String> rows,
      Function<Satellite, String> histories) {
    if (table instanceof Satellite satellite) {
      return "SELECT * FROM %s WHERE %s"
          .formatted(histories.apply(satellite), holds(satellite, instant));
    }
    List<Satellite> described = this.describing(table);
    StringBuilder columns = new StringBuilder("k.*");
    StringBuilder joins = new StringBuilder();
    for (Satellite satellite : described) {
      String name = quoted(satellite.name());
      columns.append(", ").append(name).append('.').append(name);
      joins.append(
          " LEFT JOIN (%s) AS %s ON %s.%s = k.%s"
              .formatted(
                  said(satellite, instant, histories),
                  name,
                  name,
                  quoted(satellite.hashKey()),
                  quoted(table.hashKey())));
    }
    return "SELECT %s FROM %s AS k%s WHERE %s"
        .formatted(columns, rows.apply(table), joins, inForce(table, described, instant));
  }

  /** Satellites of {@code table} that say something of an instant. */
  private List<Satellite> describing(VaultTable table) {
    List<Satellite> result = new ArrayList<>();
    for (VaultTable other : this.tables.values()) {
      if (other instanceof Satellite satellite && InForce.describes(satellite, table)) {
        result.add(satellite);
      }
    }
    return result;
  }

  /**
   * Whether a version of the history view held: of its key it is then the last one that has begun.
   * Deleted ones don't hold, but for a status satellite, which says so itself.
   */
  public static String holds(Satellite satellite, String instant) {
    VaultNames names = satellite.names();
    String condition =
        "%1$s <= %3$s AND (%2$s IS NULL OR %2$s > %3$s)"
            .formatted(quoted(names.effectiveFrom()), quoted(names.effectiveTo()), instant);
    SatelliteForm form = satellite.form();
    if (form instanceof SatelliteForm.Status || form instanceof SatelliteForm.Effectivity) {
      return condition;
    }
    return condition
        + (form instanceof SatelliteForm.Sets
            ? " AND member_count > 0"
            : " AND NOT " + quoted(names.deleted()));
  }

  /** Query for a row a key: a struct, or an array of them where there are several members. */
  private static String said(
      Satellite satellite, String instant, Function<Satellite, String> histories) {
    SatelliteForm form = satellite.form();
    Stream<String> own = satellite.payload().stream().map(Column::name);
    if (form instanceof SatelliteForm.Status) {
      own = Stream.of("status");
    } else if (form instanceof SatelliteForm.Members several) {
      own = Stream.concat(several.key().stream().map(Column::name), own);
    }
    String fields =
        Stream.concat(own, Stream.of(satellite.names().effectiveFrom()))
            .map(AtInstant::quoted)
            .collect(Collectors.joining(", "));
    boolean several = form instanceof SatelliteForm.Members || form instanceof SatelliteForm.Sets;
    String key = quoted(satellite.hashKey());
    return "SELECT %s, %s AS %s FROM %s WHERE %s%s"
        .formatted(
            key,
            several ? "sort_array(collect_list(struct(" + fields + ")))" : "struct(" + fields + ")",
            quoted(satellite.name()),
            histories.apply(satellite),
            holds(satellite, instant),
            several ? " GROUP BY " + key : "");
  }

  /** Whether a key was there, see {@link InForce}. */
  private static String inForce(VaultTable table, List<Satellite> described, String instant) {
    List<String> all = new ArrayList<>();
    for (List<Satellite> group : InForce.groups(table, described)) {
      if (group.get(0).form() instanceof SatelliteForm.Effectivity) {
        all.add(says(group.get(0)));
      } else {
        all.add(
            group.stream()
                .map(satellite -> "coalesce(" + says(satellite) + ", false)")
                .collect(Collectors.joining(" OR ", "(", ")")));
      }
    }
    if (table instanceof Link link && !link.historised()) {
      all.add("k." + quoted(link.names().appliedTime()) + " <= " + instant);
    }
    return all.isEmpty() ? "true" : String.join(" AND ", all);
  }

  /** Whether {@code satellite} says that the key was there. */
  private static String says(Satellite satellite) {
    String value = quoted(satellite.name()) + "." + quoted(satellite.name());
    return satellite.form() instanceof SatelliteForm.Status
        ? value + ".status <> 'deleted'"
        : value + " IS NOT NULL";
  }

  /**
   * {@code sql} over the views of marts in which {@code x_at(instant)} is what it stands for.
   *
   * @throws IllegalArgumentException if a call has no instant; says which
   */
  public String expanded(String sql) {
    String names =
        this.asked().stream()
            .map(table -> Pattern.quote(table.name()))
            .collect(Collectors.joining("|"));
    if (names.isEmpty()) {
      return sql;
    }
    Pattern call = Pattern.compile("(?i)(?<![\\w`.])(" + names + ")" + SUFFIX + "\\s*\\(");
    String text = sql;
    while (true) {
      String code = code(text);
      // From the back: what stands in the brackets of a call is done before it.
      Matcher matcher = call.matcher(code);
      int start = -1;
      int open = -1;
      String name = "";
      while (matcher.find()) {
        start = matcher.start();
        open = matcher.end();
        name = matcher.group(1).toLowerCase(Locale.ROOT);
      }
      if (start < 0) {
        return text;
      }
      int close = closing(code, open);
      String instant = close < 0 ? "" : text.substring(open, close).strip();
      Optional<VaultTable> table = Optional.ofNullable(this.tables.get(name));
      if (instant.isEmpty() || table.isEmpty()) {
        throw new IllegalArgumentException(name + SUFFIX + "()");
      }
      String query =
          this.query(
              table.get(),
              "CAST((" + instant + ") AS timestamp)",
              VaultTable::name,
              satellite -> satellite.name() + "_history");
      text = text.substring(0, start) + "(" + query + ")" + text.substring(close + 1);
    }
  }

  /** {@code sql} with blanks in place of comments and texts. */
  private static String code(String sql) {
    return NOT_CODE.matcher(sql).replaceAll(found -> " ".repeat(found.group().length()));
  }

  /** Where the bracket that was opened before {@code from} is closed; -1 if nowhere. */
  private static int closing(String code, int from) {
    int depth = 1;
    for (int i = from; i < code.length(); i++) {
      depth += code.charAt(i) == '(' ? 1 : code.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private static String quoted(String name) {
    return "`" + name + "`";
  }
}
