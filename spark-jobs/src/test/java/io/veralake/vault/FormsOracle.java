package io.veralake.vault;

import io.veralake.lake.PlainHashText;
import io.veralake.lake.PlainHashText.Value;
import io.veralake.spec.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What satellites of all forms should show, by definition, from all raw rows at once: plain lists
 * and loops.
 */
final class FormsOracle {
  private static final String GONE = PlainHashText.deletion("MD5");

  private final List<String> columns;
  private final boolean byPosition;

  /** For raw rows with {@code columns}, ordered by position or by time. */
  FormsOracle(List<String> columns, boolean byPosition) {
    this.columns = columns;
    this.byPosition = byPosition;
  }

  /**
   * What a raw row says of a unit.
   *
   * @param unit texts of what has versions of its own
   * @param link of an effectivity satellite: the link's hash key; null: none
   * @param row the row; null: it is gone
   * @param updates whether the row was an update
   * @param tie what orders observations of one place
   */
  record Seen(
      List<String> unit,
      @Nullable String link,
      @Nullable List<@Nullable Object> row,
      boolean updates,
      String tie,
      long major,
      long second,
      String source) {}

  /** A version: what it shows, and of which observation it is. */
  record Version(String state, Seen seen, long from) {}

  /** Names the unit of a row; null: none. */
  interface Unit extends Function<List<@Nullable Object>, @Nullable List<String>> {}

  /** Hash of the values of {@code parts}; null if one of them that must be there isn't. */
  @Nullable String key(List<Column> ends, List<Column> others, List<@Nullable Object> row) {
    List<Value> parts = new ArrayList<>();
    for (Column column : ends) {
      if (this.value(column.name(), row) == null) {
        return null;
      }
      parts.add(new Value(column.type(), this.value(column.name(), row)));
    }
    others.forEach(c -> parts.add(new Value(c.type(), this.value(c.name(), row))));
    return PlainHashText.key("MD5", parts);
  }

  @Nullable Object value(String column, List<@Nullable Object> row) {
    return row.get(this.columns.indexOf(column));
  }

  /**
   * All observations.
   *
   * @param link the link's hash key in a row; null: none
   * @param tie hashdiff of a row that is there, with its operation
   */
  List<Seen> seen(
      Collection<List<RawRow>> sources,
      Unit unit,
      Function<List<@Nullable Object>, @Nullable String> link,
      BiFunction<List<@Nullable Object>, Boolean, String> tie) {
    List<Seen> result = new ArrayList<>();
    for (List<RawRow> rows : sources) {
      List<Seen> ofSource = new ArrayList<>();
      for (RawRow raw : rows) {
        List<@Nullable Object> row = raw.row();
        if (row == null) {
          continue;
        }
        List<String> now = unit.apply(row);
        boolean there = !raw.op().equals("d");
        boolean updates = raw.op().equals("u");
        if (now != null) {
          ofSource.add(
              new Seen(
                  now,
                  link.apply(row),
                  there ? row : null,
                  updates,
                  there ? tie.apply(row, updates) : GONE,
                  raw.major(),
                  raw.second(),
                  raw.source()));
        }
        if (updates && raw.before() != null) {
          List<String> old = unit.apply(raw.before());
          String oldLink = link.apply(raw.before());
          boolean moved = !Objects.equals(old, now) || !Objects.equals(oldLink, link.apply(row));
          if (old != null && moved) {
            ofSource.add(
                new Seen(old, oldLink, null, false, GONE, raw.major(), raw.second(), raw.source()));
          }
        }
      }
      result.addAll(ofSource);
      result.addAll(this.truncated(rows, ofSource));
    }
    return result;
  }

  private List<Seen> truncated(List<RawRow> rows, List<Seen> seen) {
    List<Seen> result = new ArrayList<>();
    for (RawRow raw : rows) {
      if (raw.op().equals("t")) {
        Map<String, List<String>> known = new TreeMap<>();
        for (Seen s : seen) {
          if (this.byPosition ? s.major() < raw.major() : s.second() < raw.second()) {
            known.put(s.unit().toString(), s.unit());
          }
        }
        known
            .values()
            .forEach(
                unit ->
                    result.add(
                        new Seen(
                            unit,
                            null,
                            null,
                            false,
                            GONE,
                            raw.major(),
                            raw.second(),
                            raw.source())));
      }
    }
    return result;
  }

  /**
   * The versions of each unit.
   *
   * @param state the state after an observation, from the state before it; empty: nothing is there
   *     and nothing was
   */
  Map<String, List<Version>> versions(List<Seen> all, BiFunction<String, Seen, String> state) {
    Comparator<Seen> order =
        this.byPosition
            ? Comparator.comparingLong(Seen::major).thenComparingLong(Seen::second)
            : Comparator.comparingLong(Seen::second).thenComparingLong(Seen::major);
    order = order.thenComparing(Seen::source).thenComparing(Seen::tie);
    Map<String, List<Seen>> byUnit = new HashMap<>();
    all.forEach(s -> byUnit.computeIfAbsent(s.unit().toString(), u -> new ArrayList<>()).add(s));
    Map<String, List<Version>> result = new TreeMap<>();
    for (Map.Entry<String, List<Seen>> unit : byUnit.entrySet()) {
      unit.getValue().sort(order);
      List<Version> versions = new ArrayList<>();
      String now = "";
      long from = Long.MIN_VALUE;
      for (Seen seen : unit.getValue()) {
        String next = state.apply(now, seen);
        if (!next.equals(now)) {
          from = Math.max(from, seen.second());
          versions.add(new Version(next, seen, from));
          now = next;
        }
      }
      result.put(unit.getKey(), versions);
    }
    return result;
  }

  /** Rows of the history view: what {@code shown} gives, and the times of the version. */
  List<String> history(Map<String, List<Version>> versions, Function<Version, List<String>> shown) {
    List<String> result = new ArrayList<>();
    versions
        .values()
        .forEach(
            list -> {
              for (int i = 0; i < list.size(); i++) {
                Version version = list.get(i);
                Long to = i + 1 < list.size() ? list.get(i + 1).from() : null;
                for (String text : shown.apply(version)) {
                  result.add(
                      "[%s,%s,%s,%s,%s]"
                          .formatted(
                              text,
                              version.from(),
                              to,
                              version.seen().second(),
                              version.seen().source()));
                }
              }
            });
    result.sort(Comparator.naturalOrder());
    return result;
  }

  /** Hashdiff of {@code payload} in {@code row}. */
  String difference(List<Column> payload, List<@Nullable Object> row) {
    return PlainHashText.difference("MD5", this.parts(payload, row));
  }

  Map<String, Value> parts(List<Column> payload, List<@Nullable Object> row) {
    Map<String, Value> parts = new LinkedHashMap<>();
    payload.forEach(c -> parts.put(c.name(), new Value(c.type(), this.value(c.name(), row))));
    return parts;
  }

  /** Observations of whole sets: rows of one unit, time and source are one. */
  List<Seen> together(List<Seen> all, Function<List<List<@Nullable Object>>, String> difference) {
    Map<String, List<Seen>> groups = new TreeMap<>();
    for (Seen seen : all) {
      String place = seen.unit() + " " + seen.second() + " " + seen.source();
      groups.computeIfAbsent(place, p -> new ArrayList<>()).add(seen);
    }
    List<Seen> result = new ArrayList<>();
    for (List<Seen> group : groups.values()) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      TreeSet<String> texts = new TreeSet<>();
      for (Seen seen : group) {
        if (seen.row() != null) {
          rows.add(seen.row());
        }
      }
      Seen one = group.get(0);
      result.add(
          new Seen(
              one.unit(),
              null,
              rows.isEmpty() ? null : Arrays.asList((Object) rows),
              false,
              rows.isEmpty() ? GONE : difference.apply(rows),
              0,
              one.second(),
              one.source()));
    }
    return result;
  }
}
