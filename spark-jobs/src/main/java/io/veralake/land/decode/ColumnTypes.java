package io.veralake.land.decode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * How the types of a column that changes go together: by Iceberg's promotions, int to bigint, float
 * to double, more digits of a decimal at the same scale; structs get fields.
 */
public final class ColumnTypes {
  private ColumnTypes() {}

  /** Whether a table can have a column of that name: it is there, and has no control characters. */
  static boolean nameable(String name) {
    return !name.isEmpty() && name.chars().noneMatch(Character::isISOControl);
  }

  /**
   * {@code known} with the columns of {@code next} added and widened; where they can't go together
   * the known column stays. Nor is a column added whose name differs from a known one in its case
   * only: no engine could tell them apart.
   */
  public static StructType union(StructType known, StructType next) {
    Map<String, StructField> all = new LinkedHashMap<>();
    Set<String> folded = new HashSet<>();
    for (StructField field : known.fields()) {
      all.put(field.name(), field);
      folded.add(field.name().toLowerCase(Locale.ROOT));
    }
    for (StructField field : next.fields()) {
      if (!folded.add(field.name().toLowerCase(Locale.ROOT)) && !all.containsKey(field.name())) {
        continue;
      }
      all.merge(
          field.name(),
          field,
          (a, b) ->
              widest(a.dataType(), b.dataType())
                  .map(type -> DataTypes.createStructField(a.name(), type, true))
                  .orElse(a));
    }
    return new StructType(all.values().toArray(StructField[]::new));
  }

  /** The narrowest type that both promote to. */
  public static Optional<DataType> widest(DataType a, DataType b) {
    if (a instanceof StructType one && b instanceof StructType other) {
      return struct(one, other).map(type -> type);
    }
    if (a instanceof ArrayType one && b instanceof ArrayType other) {
      return widest(one.elementType(), other.elementType())
          .map(type -> DataTypes.createArrayType(type, true));
    }
    if (a.equals(b) || widening(b, a).isPresent()) {
      return Optional.of(a);
    }
    return widening(a, b).map(widen -> b);
  }

  /**
   * How a value of type {@code from} becomes one of type {@code to}; empty if it can't without
   * loss.
   */
  public static Optional<UnaryOperator<Object>> widening(DataType from, DataType to) {
    if (from.equals(to)) {
      return Optional.of(UnaryOperator.identity());
    }
    if (from.equals(DataTypes.IntegerType) && to.equals(DataTypes.LongType)) {
      return Optional.of(value -> (long) (int) value);
    }
    if (from.equals(DataTypes.FloatType) && to.equals(DataTypes.DoubleType)) {
      return Optional.of(value -> (double) (float) value);
    }
    if (from instanceof DecimalType narrow
        && to instanceof DecimalType wide
        && narrow.scale() == wide.scale()
        && narrow.precision() <= wide.precision()) {
      return Optional.of(
          value ->
              Decimal.apply(((Decimal) value).toJavaBigDecimal(), wide.precision(), wide.scale()));
    }
    if (from instanceof ArrayType narrow && to instanceof ArrayType wide) {
      return widening(narrow.elementType(), wide.elementType())
          .map(item -> value -> ConnectValues.each(value, item, narrow.elementType()));
    }
    if (from instanceof StructType narrow && to instanceof StructType wide) {
      return widening(narrow, wide);
    }
    return Optional.empty();
  }

  /** The fields of both, the first one's in front; empty if a field of both has no common type. */
  private static Optional<StructType> struct(StructType a, StructType b) {
    StructType all = union(a, b);
    for (StructType part : List.of(a, b)) {
      for (StructField field : part.fields()) {
        if (widening(field.dataType(), all.apply(field.name()).dataType()).isEmpty()) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(all);
  }

  /** Fields by name; those that aren't in {@code from} are null. */
  private static Optional<UnaryOperator<Object>> widening(StructType from, StructType to) {
    int[] targets = new int[from.size()];
    DataType[] types = new DataType[from.size()];
    List<UnaryOperator<Object>> fields = new ArrayList<>();
    List<String> names = List.of(to.fieldNames());
    for (int i = 0; i < targets.length; i++) {
      targets[i] = names.indexOf(from.fields()[i].name());
      types[i] = from.fields()[i].dataType();
      Optional<UnaryOperator<Object>> widen =
          targets[i] < 0
              ? Optional.empty()
              : widening(types[i], to.fields()[targets[i]].dataType());
      if (widen.isEmpty()) {
        return Optional.empty();
      }
      fields.add(widen.get());
    }
    int width = to.size();
    return Optional.of(
        value -> {
          InternalRow row = (InternalRow) value;
          @Nullable Object[] values = new Object[width];
          for (int i = 0; i < targets.length; i++) {
            values[targets[i]] = row.isNullAt(i) ? null : fields.get(i).apply(row.get(i, types[i]));
          }
          return new GenericInternalRow(values);
        });
  }
}
