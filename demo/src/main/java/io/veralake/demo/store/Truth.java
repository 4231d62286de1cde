package io.veralake.demo.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the files tell, replayed naively in memory: every version of every row, in the order of the
 * log. The marts' oracle.
 */
final class Truth implements Delivered {
  /** A row of a table from one change to the next; no row: deleted. */
  record Version(long lsn, int order, long commit, @Nullable Object @Nullable [] row) {}

  /** A row of a source without a log; no values: gone. */
  record Row(long order, @Nullable List<String> values) {}

  /** A stock level. */
  record Level(int quantity, long changed) {}

  /** A span in which a row's columns didn't change; {@code to} is null for the last. */
  record Span(long from, @Nullable Long to, @Nullable Object[] row) {}

  private static final Comparator<List<Long>> BY_KEY =
      Comparator.<List<Long>>comparingLong(key -> key.get(0)).thenComparingLong(key -> key.get(1));

  private final Map<SourceTable, TreeMap<List<Long>, List<Version>>> tables =
      new EnumMap<>(SourceTable.class);
  private final TreeMap<List<Long>, Level> stock = new TreeMap<>(BY_KEY);
  private final Map<String, Map<List<String>, List<Row>>> rows = new TreeMap<>();

  @Override
  public void change(ChangeEvent event) {
    @Nullable Object[] row = event.row();
    long second =
        event.table().keyColumns() == 2 ? ((Number) Objects.requireNonNull(row[1])).longValue() : 0;
    List<Long> key = List.of((Long) Objects.requireNonNull(row[0]), second);
    ChangeEvent.Place place = event.place();
    table(event.table())
        .computeIfAbsent(key, any -> new ArrayList<>())
        .add(new Version(place.lsn(), place.order(), place.commit(), event.after()));
  }

  @Override
  public void stock(long product, int warehouse, int quantity, long changed) {
    Level level = new Level(quantity, changed);
    this.stock.merge(
        List.of(product, (long) warehouse), level, (a, b) -> a.changed() > b.changed() ? a : b);
  }

  @Override
  public void row(String source, List<String> key, long order, @Nullable List<String> values) {
    this.rows
        .computeIfAbsent(source, any -> new LinkedHashMap<>())
        .computeIfAbsent(key, any -> new ArrayList<>())
        .add(new Row(order, values));
  }

  /** The rows of a source without a log by key, those of a key as they were delivered. */
  Map<List<String>, List<Row>> rows(String source) {
    return this.rows.getOrDefault(source, Map.of());
  }

  /** What a source without a log says last of a key; null: nothing, or that it is gone. */
  @Nullable List<String> last(String source, List<String> key) {
    List<Row> ordered = new ArrayList<>(rows(source).getOrDefault(key, List.of()));
    ordered.sort(Comparator.comparingLong(Row::order));
    return ordered.isEmpty() ? null : ordered.get(ordered.size() - 1).values();
  }

  /** All stock levels by product and warehouse. */
  Map<List<Long>, Level> stock() {
    return this.stock;
  }

  /** The keys that a table ever had. */
  Collection<List<Long>> keys(SourceTable table) {
    return table(table).keySet();
  }

  private TreeMap<List<Long>, List<Version>> table(SourceTable table) {
    return this.tables.computeIfAbsent(table, any -> new TreeMap<>(BY_KEY));
  }

  /** The versions of a row in the order of the log, none if the files don't know it. */
  List<Version> versions(SourceTable table, long first, long second) {
    List<Version> versions =
        new ArrayList<>(table(table).getOrDefault(List.of(first, second), List.of()));
    versions.sort(Comparator.comparingLong(Version::lsn).thenComparingInt(Version::order));
    return versions;
  }

  /** The row as it is now; null if it isn't there. */
  @Nullable Object @Nullable [] now(SourceTable table, long first, long second) {
    List<Version> versions = versions(table, first, second);
    return versions.isEmpty() ? null : versions.get(versions.size() - 1).row();
  }

  /** When the columns took the values that they have now. */
  long since(SourceTable table, List<Long> key, int... columns) {
    List<Version> versions = versions(table, key.get(0), key.get(1));
    int i = versions.size() - 1;
    while (i > 0 && same(versions.get(i - 1).row(), versions.get(i).row(), columns)) {
      i--;
    }
    return versions.get(i).commit();
  }

  /** The spans of a row as the given columns see it; the first one holds since ever. */
  List<Span> spans(SourceTable table, long key, int... columns) {
    List<Version> starts = new ArrayList<>();
    for (Version version : versions(table, key, 0)) {
      Version last = starts.isEmpty() ? null : starts.get(starts.size() - 1);
      if (last == null || !same(last.row(), version.row(), columns)) {
        starts.add(version);
      }
    }
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      Long to = i + 1 < starts.size() ? (Long) starts.get(i + 1).commit() : null;
      @Nullable Object[] row = starts.get(i).row();
      if (row != null) {
        spans.add(new Span(i == 0 ? 0 : starts.get(i).commit(), to, row));
      }
    }
    return spans;
  }

  private static boolean same(
      @Nullable Object @Nullable [] one, @Nullable Object @Nullable [] other, int... columns) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return Arrays.stream(columns).allMatch(column -> Objects.equals(one[column], other[column]));
  }
}
