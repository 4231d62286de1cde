package io.veralake.vault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a stage gives of raw rows, by definition: image by image, in plain loops. */
final class StagedRowsOracle {
  /** Values of a row, or of a row and an item; null: there is none. */
  interface Image extends Function<List<@Nullable Object>, List<@Nullable Object>> {}

  private StagedRowsOracle() {}

  /** Rows of a stage that has a condition and columns. */
  static List<RawRow> rows(
      List<RawRow> raw, Predicate<List<@Nullable Object>> where, Image columns) {
    List<RawRow> result = new ArrayList<>();
    for (RawRow row : raw) {
      List<@Nullable Object> before = taken(row.before(), where, columns);
      List<@Nullable Object> after = taken(row.after(), where, columns);
      if (row.op().equals("t")) {
        result.add(row);
      } else if (before != null || after != null) {
        result.add(row(row, before, after));
      }
    }
    return result;
  }

  /**
   * Rows of a stage that explodes an array.
   *
   * @param items those of an image, with the row's columns in front
   * @param key place of the column that tells items apart
   */
  static List<RawRow> items(
      List<RawRow> raw,
      Function<List<@Nullable Object>, List<List<@Nullable Object>>> items,
      int key) {
    List<RawRow> result = new ArrayList<>();
    for (RawRow row : raw) {
      if (row.op().equals("t")) {
        result.add(row);
        continue;
      }
      List<List<@Nullable Object>> before =
          row.before() == null ? List.of() : items.apply(row.before());
      List<List<@Nullable Object>> after =
          row.after() == null ? List.of() : items.apply(row.after());
      for (List<@Nullable Object> item : after) {
        result.add(row(row, same(before, item, key), item));
      }
      for (List<@Nullable Object> old : before) {
        if (same(after, old, key) == null) {
          result.add(row(row, old, null));
        }
      }
    }
    return result;
  }

  /** The place of each item among {@code items}, from 1, by {@code order} and then as they are. */
  static int rank(
      List<List<@Nullable Object>> items,
      List<@Nullable Object> item,
      Comparator<List<@Nullable Object>> order) {
    int rank = 1;
    for (int i = 0; i < items.size(); i++) {
      int compared = order.compare(items.get(i), item);
      if (compared < 0 || compared == 0 && i < items.indexOf(item)) {
        rank++;
      }
    }
    return rank;
  }

  private static @Nullable List<@Nullable Object> same(
      List<List<@Nullable Object>> items, List<@Nullable Object> item, int key) {
    for (List<@Nullable Object> other : items) {
      if (Objects.equals(other.get(key), item.get(key))) {
        return other;
      }
    }
    return null;
  }

  private static @Nullable List<@Nullable Object> taken(
      @Nullable List<@Nullable Object> image,
      Predicate<List<@Nullable Object>> where,
      Image columns) {
    return image == null || !where.test(image) ? null : columns.apply(image);
  }

  private static RawRow row(
      RawRow row, @Nullable List<@Nullable Object> before, @Nullable List<@Nullable Object> after) {
    String op = row.op();
    if (after == null) {
      op = "d";
    } else if (before == null && row.before() != null && op.equals("u")) {
      op = "c";
    }
    return new RawRow(op, before, after, row.major(), row.second(), row.source());
  }
}
