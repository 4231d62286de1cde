package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import io.veralake.land.decode.ColumnTypes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** How a column of a container's rows gets into a raw table's column. */
final class Columns {
  /**
   * One column.
   *
   * @param target its place in the raw table's rows; -1 if it has none
   * @param refusal why its values can't be landed; null if they can
   */
  record Bound(String name, int target, UnaryOperator<Object> widen, @Nullable String refusal) {
    Object widened(Object value) {
      return this.widen.apply(value);
    }
  }

  private Columns() {}

  /** The column {@code name} of {@code type} into rows of {@code rowType}. */
  static Bound bound(String name, @Nullable DataType type, StructType rowType) {
    int target = List.of(rowType.fieldNames()).indexOf(name);
    if (type == null || target < 0) {
      return new Bound(name, -1, UnaryOperator.identity(), null);
    }
    DataType held = rowType.apply(target).dataType();
    return ColumnTypes.widening(type, held)
        .map(widen -> new Bound(name, target, widen, null))
        .orElseGet(
            () ->
                new Bound(
                    name,
                    target,
                    UnaryOperator.identity(),
                    "its type is " + type.sql() + " (the table holds " + held.sql() + ")"));
  }

  /** Passes if no two of {@code names} differ only in case. */
  static void distinct(List<String> names) throws BadRecordException {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new BadRecordException(
            "Invalid schema of the file: column " + name + " twice (case makes no difference)");
      }
    }
  }
}
