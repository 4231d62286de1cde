package io.veralake.vault;

import io.veralake.lake.PlainHashText;
import io.veralake.lake.PlainHashText.Value;
import io.veralake.spec.Column;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the vault should hold, by definition, from all raw rows at once: plain lists and loops. */
final class VaultOracle {
  private final List<String> columns;

  /** For raw rows with {@code columns}, in that order. */
  VaultOracle(List<String> columns) {
    this.columns = columns;
  }

  /**
   * An observation of a key.
   *
   * @param key hash key
   * @param values payload; null: the key is gone
   */
  record Seen(
      String key,
      @Nullable List<@Nullable Object> values,
      String hashdiff,
      long major,
      long second,
      String source) {}

  /** What is taken from a raw row. */
  record Shape(List<Column> ends, List<Column> dependent, List<Column> payload) {}

  /** Hash keys of all rows, old ones included. */
  TreeSet<String> keys(Shape shape, Collection<List<RawRow>> sources) {
    TreeSet<String> keys = new TreeSet<>();
    sources.forEach(rows -> this.seen(shape, rows).forEach(seen -> keys.add(seen.key())));
    return keys;
  }

  /** Rows of a satellite's history view. */
  List<String> history(Shape shape, Collection<List<RawRow>> sources, boolean byPosition) {
    List<String> result = new ArrayList<>();
    this.versions(shape, sources, byPosition)
        .forEach(
            (key, versions) -> {
              for (int i = 0; i < versions.size(); i++) {
                Long to = i + 1 < versions.size() ? versions.get(i + 1).from() : null;
                result.add(versions.get(i).text(to));
              }
            });
    result.sort(Comparator.naturalOrder());
    return result;
  }

  /** What is known of each key at the instant {@code second}: key, and its values or gone. */
  List<String> at(Map<String, List<Version>> versions, long second) {
    List<String> result = new ArrayList<>();
    versions.forEach(
        (key, list) -> {
          Version found = null;
          for (Version version : list) {
            if (version.from() <= second) {
              found = version;
            }
          }
          if (found != null) {
            result.add(key + " " + found.seen().values());
          }
        });
    result.sort(Comparator.naturalOrder());
    return result;
  }

  /** A change, and the instant from which it shows. */
  record Version(Seen seen, long from, int width) {
    String text(@Nullable Long to) {
      List<@Nullable Object> values =
          this.seen.values() != null
              ? this.seen.values()
              : new ArrayList<>(java.util.Collections.nCopies(this.width, null));
      return "%s %s deleted=%s %s..%s applied %s %s"
          .formatted(
              this.seen.key(),
              values,
              this.seen.values() == null,
              this.from,
              to,
              this.seen.second(),
              this.seen.source());
    }
  }

  /** The changes of each key, in order. */
  Map<String, List<Version>> versions(
      Shape shape, Collection<List<RawRow>> sources, boolean byPosition) {
    Map<String, List<Seen>> byKey = new TreeMap<>();
    for (List<RawRow> rows : sources) {
      List<Seen> seen = this.seen(shape, rows);
      seen.addAll(truncated(rows, seen, byPosition));
      seen.forEach(s -> byKey.computeIfAbsent(s.key(), k -> new ArrayList<>()).add(s));
    }
    Comparator<Seen> order =
        byPosition
            ? Comparator.comparingLong(Seen::major).thenComparingLong(Seen::second)
            : Comparator.comparingLong(Seen::second).thenComparingLong(Seen::major);
    order = order.thenComparing(Seen::source).thenComparing(Seen::hashdiff);
    Map<String, List<Version>> result = new TreeMap<>();
    for (Map.Entry<String, List<Seen>> entry : byKey.entrySet()) {
      entry.getValue().sort(order);
      List<Version> versions = new ArrayList<>();
      String last = "";
      long from = Long.MIN_VALUE;
      for (Seen seen : entry.getValue()) {
        if (!seen.hashdiff().equals(last)) {
          from = Math.max(from, seen.second());
          versions.add(new Version(seen, from, shape.payload().size()));
          last = seen.hashdiff();
        }
      }
      result.put(entry.getKey(), versions);
    }
    return result;
  }

  /** Rows of a non-historised link: the first of each key. */
  List<String> events(Shape shape, Collection<List<RawRow>> sources, boolean byPosition) {
    Comparator<Seen> order =
        byPosition
            ? Comparator.comparingLong(Seen::major).thenComparingLong(Seen::second)
            : Comparator.comparingLong(Seen::second).thenComparingLong(Seen::major);
    order =
        order
            .thenComparing(Seen::source)
            .thenComparing(
                Seen::values,
                (a, b) -> {
                  for (int i = 0; i < shape.payload().size(); i++) {
                    int c =
                        compare(Objects.requireNonNull(a).get(i), Objects.requireNonNull(b).get(i));
                    if (c != 0) {
                      return c;
                    }
                  }
                  return 0;
                });
    Map<String, Seen> first = new TreeMap<>();
    for (List<RawRow> rows : sources) {
      for (Seen seen : this.seen(shape, rows.stream().filter(r -> r.after() != null).toList())) {
        if (seen.values() != null) {
          first.merge(seen.key(), seen, java.util.function.BinaryOperator.minBy(order));
        }
      }
    }
    return first.values().stream()
        .map(
            s -> s.key() + " " + s.values() + " " + s.second() + " " + s.major() + " " + s.source())
        .toList();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(@Nullable Object a, @Nullable Object b) {
    return Comparator.nullsFirst((Comparator) Comparator.naturalOrder()).compare(a, b);
  }

  private static List<Seen> truncated(List<RawRow> rows, List<Seen> seen, boolean byPosition) {
    List<Seen> result = new ArrayList<>();
    for (RawRow row : rows) {
      if (row.op().equals("t")) {
        TreeSet<String> known = new TreeSet<>();
        for (Seen s : seen) {
          if (byPosition ? s.major() < row.major() : s.second() < row.second()) {
            known.add(s.key());
          }
        }
        known.forEach(
            key ->
                result.add(
                    new Seen(
                        key,
                        null,
                        PlainHashText.deletion("MD5"),
                        row.major(),
                        row.second(),
                        row.source())));
      }
    }
    return result;
  }

  private List<Seen> seen(Shape shape, List<RawRow> rows) {
    List<Seen> result = new ArrayList<>();
    for (RawRow row : rows) {
      if (row.row() == null) {
        continue;
      }
      String key = this.key(shape, Objects.requireNonNull(row.row()));
      if (key != null) {
        result.add(this.seen(shape, key, row, row.op().equals("d") ? null : row.row()));
      }
      if (row.op().equals("u") && row.before() != null) {
        String old = this.key(shape, row.before());
        if (old != null && !old.equals(key)) {
          result.add(this.seen(shape, old, row, null));
        }
      }
    }
    return result;
  }

  private Seen seen(Shape shape, String key, RawRow row, @Nullable List<@Nullable Object> from) {
    if (from == null) {
      String gone = PlainHashText.deletion("MD5");
      return new Seen(key, null, gone, row.major(), row.second(), row.source());
    }
    List<@Nullable Object> values = new ArrayList<>();
    Map<String, Value> parts = new LinkedHashMap<>();
    for (Column column : shape.payload()) {
      Object value = this.value(column, from);
      values.add(value);
      parts.put(column.name(), new Value(column.type(), value));
    }
    String hashdiff = PlainHashText.difference("MD5", parts);
    return new Seen(key, values, hashdiff, row.major(), row.second(), row.source());
  }

  private @Nullable String key(Shape shape, List<@Nullable Object> row) {
    List<Value> parts = new ArrayList<>();
    for (Column column : shape.ends()) {
      Object value = this.value(column, row);
      if (value == null) {
        return null;
      }
      parts.add(new Value(column.type(), value));
    }
    shape.dependent().forEach(c -> parts.add(new Value(c.type(), this.value(c, row))));
    return PlainHashText.key("MD5", parts);
  }

  private @Nullable Object value(Column column, List<@Nullable Object> row) {
    return row.get(this.columns.indexOf(column.name()));
  }
}
