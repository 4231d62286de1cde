package io.veralake.land.decode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How the types of a column that changes go together: by Iceberg's promotions, int to bigint, float
 * to double, more digits of a decimal at the same scale.
 */
public final class ColumnTypes {
  private ColumnTypes() {}

  /**
   * {@code known} with the columns of {@code next} added and widened; where they can't go together
   * the known column stays.
   */
  public static StructType union(StructType known, StructType next) {
    Map<String, StructField> all = new LinkedHashMap<>();
    for (StructField field : known.fields()) {
      all.put(field.name(), field);
    }
    for (StructField field : next.fields()) {
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
    return Optional.empty();
  }
}
