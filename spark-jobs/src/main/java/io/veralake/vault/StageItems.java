package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_repeat;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import io.veralake.spec.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Items of an array, as structs: their columns, their ranks, and their place. All of it is made
 * from the one array.
 */
final class StageItems {
  /** Field of an image: {@link #TAKEN} items and how many were {@link #LOST}. */
  private static final String ITEMS = "_items";

  private static final String TAKEN = "_taken";
  private static final String LOST = "_lost";
  private static final String PLACE = "_place";

  private StageItems() {}

  /** Columns of an item. */
  static List<String> names(Stage.Explode explode) {
    return Stream.concat(
            explode.columns().stream().map(Stage.Derived::name),
            explode.ranks().stream().map(Stage.Rank::name))
        .toList();
  }

  /** The items over a row whose columns go by their names. */
  static Column of(Stage.Explode explode, StageExpressions expressions) {
    Column all = expr(all(explode, expressions));
    // A lambda over an array of one: so that what it holds is computed once.
    Column split =
        once(
            all,
            items -> {
              Column taken = filter(items, item -> item.getField(TAKEN));
              Column lost = filter(items, item -> not(item.getField(TAKEN)));
              return struct(taken.as(TAKEN), size(lost).as(LOST));
            });
    return once(
            split,
            parts ->
                struct(
                    ranked(explode, parts.getField(TAKEN)).as(TAKEN),
                    parts.getField(LOST).as(LOST)))
        .as(ITEMS);
  }

  private static Column once(Column value, java.util.function.Function<Column, Column> use) {
    return get(transform(array(value), bound -> use.apply(bound)), lit(0));
  }

  private static String all(Stage.Explode explode, StageExpressions expressions) {
    List<String> fields = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    for (Stage.Derived column : explode.columns()) {
      String value = "(" + column.expression() + ")";
      String cast = value;
      if (column.type().isPresent()) {
        String type = column.type().get().sql();
        if (!expressions.item(column.name()).equals(DataType.fromDDL(type))) {
          cast = "try_cast(%s AS %s)".formatted(value, type);
          misfits.add(
              "if(%s IS NOT NULL AND %s IS NULL, '%s', NULL)"
                  .formatted(value, cast, column.name()));
        }
      }
      fields.add("'%s', %s".formatted(column.name(), cast));
    }
    fields.add("'%s', item_number".formatted(PLACE));
    fields.add(
        "'%s', CAST(array_compact(array(%s)) AS array<string>)"
            .formatted(StageColumns.MISFIT, String.join(", ", misfits)));
    fields.add("'%s', coalesce((%s), false)".formatted(TAKEN, explode.where()));
    return "transform(%s, (item, item_number) -> named_struct(%s))"
        .formatted(explode.array(), String.join(", ", fields));
  }

  private static Column ranked(Stage.Explode explode, Column taken) {
    return explode.ranks().isEmpty()
        ? taken
        : once(
            taken,
            items ->
                transform(
                    items,
                    item -> {
                      List<Column> fields = new ArrayList<>();
                      explode
                          .columns()
                          .forEach(
                              column -> fields.add(item.getField(column.name()).as(column.name())));
                      for (Stage.Rank rank : explode.ranks()) {
                        Column before = filter(items, other -> precedes(rank, other, item));
                        fields.add(size(before).plus(lit(1)).as(rank.name()));
                      }
                      fields.add(item.getField(PLACE).as(PLACE));
                      fields.add(item.getField(StageColumns.MISFIT).as(StageColumns.MISFIT));
                      return struct(fields.toArray(Column[]::new));
                    }));
  }

  private static Column precedes(Stage.Rank rank, Column other, Column item) {
    Column result = other.getField(PLACE).lt(item.getField(PLACE));
    for (int i = rank.order().size() - 1; i >= 0; i--) {
      Stage.Term term = rank.order().get(i);
      Column left = (term.descending() ? item : other).getField(field(term.column()));
      Column right = (term.descending() ? other : item).getField(field(term.column()));
      Column less = left.isNull().and(right.isNotNull()).or(coalesce(left.lt(right), lit(false)));
      result = less.or(left.eqNullSafe(right).and(result));
    }
    return rank.within().stream()
        .map(name -> other.getField(name).eqNullSafe(item.getField(name)))
        .reduce(result, (all, same) -> same.and(all));
  }

  private static String field(String name) {
    return name.equals(io.veralake.spec.VaultSource.ITEM_NUMBER) ? PLACE : name;
  }

  /**
   * Pairs of an item {@code before} and {@code after}, of which one may be missing; both are for an
   * item that isn't taken.
   *
   * @param image the type of the images
   */
  static Column pairs(Stage.Explode explode, StructType image, Column before, Column after) {
    DataType type = ((StructType) image.apply(ITEMS).dataType()).apply(TAKEN).dataType();
    Column none = array().cast(type);
    Column split =
        struct(
            coalesce(after.getField(ITEMS).getField(TAKEN), none).as("after"),
            coalesce(before.getField(ITEMS).getField(TAKEN), none).as("before"),
            coalesce(after.getField(ITEMS).getField(LOST), lit(0)).as(LOST));
    return once(
        split,
        all -> {
          Column a = all.getField("after");
          Column b = all.getField("before");
          Column nothing = get(a, lit(-1));
          return concat(
              transform(
                  a,
                  item ->
                      struct(
                          item.as("after"),
                          get(filter(b, old -> same(explode, old, item)), lit(0)).as("before"))),
              transform(
                  filter(b, old -> not(exists(a, item -> same(explode, old, item)))),
                  old -> struct(nothing.as("after"), old.as("before"))),
              array_repeat(
                  struct(nothing.as("after"), get(b, lit(-1)).as("before")), all.getField(LOST)));
        });
  }

  private static Column same(Stage.Explode explode, Column one, Column other) {
    List<String> key = explode.key().isEmpty() ? List.of(PLACE) : explode.key();
    return key.stream()
        .map(name -> one.getField(name).eqNullSafe(other.getField(name)))
        .reduce(Column::and)
        .orElseThrow();
  }
}
