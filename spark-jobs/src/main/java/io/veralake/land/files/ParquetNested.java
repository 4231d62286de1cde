package io.veralake.land.files;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What Parquet's fields that hold others land as; lists in all the forms that writers gave them.
 */
final class ParquetNested {
  private ParquetNested() {}

  /** What one value of {@code field} lands as. */
  static ParquetType of(GroupType field) {
    LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
    if (logical instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation) {
      return list(field);
    }
    boolean map =
        logical instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation
            || logical instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation;
    if (map) {
      return map(field);
    }
    return logical == null
        ? struct(field)
        : ParquetType.refused("a " + logical + " (it can't be landed)");
  }

  /** All values of {@code field}: one or none, or as many as there are. */
  static ParquetType values(Type field, @Nullable DataType declared) {
    ParquetType one = ParquetType.of(field, declared);
    DataType type = one.type();
    if (!field.isRepetition(Type.Repetition.REPEATED)) {
      return new ParquetType(
          type,
          (group, place, index) ->
              group.getFieldRepetitionCount(place) == 0 ? null : one.read(group, place, 0));
    }
    return new ParquetType(
        type == null ? null : DataTypes.createArrayType(type, true),
        (group, place, index) -> {
          @Nullable Object[] items = new Object[group.getFieldRepetitionCount(place)];
          for (int i = 0; i < items.length; i++) {
            items[i] = one.read(group, place, i);
          }
          return new GenericArrayData(items);
        });
  }

  /** The element is the repeated field or, unless an old writer left it out, what is inside it. */
  private static ParquetType list(GroupType list) {
    if (list.getFieldCount() != 1 || !list.getType(0).isRepetition(Type.Repetition.REPEATED)) {
      return ParquetType.refused("a list that has no repeated field");
    }
    Type repeated = list.getType(0);
    boolean element =
        repeated.isPrimitive()
            || repeated.asGroupType().getFieldCount() != 1
            || repeated.asGroupType().getType(0).isRepetition(Type.Repetition.REPEATED)
            || repeated.getName().equals("array")
            || repeated.getName().equals(list.getName() + "_tuple");
    ParquetType item =
        element ? ParquetType.of(repeated, null) : values(repeated.asGroupType().getType(0), null);
    DataType type = item.type();
    return new ParquetType(
        type == null ? null : DataTypes.createArrayType(type, true),
        (group, field, index) -> {
          Group found = group.getGroup(field, index);
          @Nullable Object[] items = new Object[found.getFieldRepetitionCount(0)];
          for (int i = 0; i < items.length; i++) {
            items[i] = element ? item.read(found, 0, i) : item.read(found.getGroup(0, i), 0, 0);
          }
          return new GenericArrayData(items);
        });
  }

  /** Spark compares no maps; the order of the entries is kept. */
  private static ParquetType map(GroupType map) {
    boolean entries =
        map.getFieldCount() == 1
            && !map.getType(0).isPrimitive()
            && map.getType(0).asGroupType().getFieldCount() == 2;
    if (!entries) {
      return ParquetType.refused("a map that has no keys and values");
    }
    GroupType entry = map.getType(0).asGroupType();
    ParquetType key = values(entry.getType(0), null);
    ParquetType value = values(entry.getType(1), null);
    DataType keyType = key.type();
    DataType valueType = value.type();
    if (keyType == null || valueType == null) {
      return ParquetType.refused("a map of values that can't be landed");
    }
    StructType type = new StructType().add("key", keyType).add("value", valueType);
    return new ParquetType(
        DataTypes.createArrayType(type, true),
        (group, field, index) -> {
          Group found = group.getGroup(field, index);
          Object[] items = new Object[found.getFieldRepetitionCount(0)];
          for (int i = 0; i < items.length; i++) {
            Group one = found.getGroup(0, i);
            items[i] =
                new GenericInternalRow(
                    new @Nullable Object[] {key.read(one, 0, 0), value.read(one, 1, 0)});
          }
          return new GenericArrayData(items);
        });
  }

  private static ParquetType struct(GroupType struct) {
    StructType type = new StructType();
    List<ParquetType> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Type field : struct.getFields()) {
      ParquetType found = values(field, null);
      fields.add(found);
      if (!names.add(field.getName().toLowerCase(Locale.ROOT))) {
        return ParquetType.refused("two fields " + field.getName() + " (case makes no difference)");
      }
      DataType held = found.type();
      type = held == null ? type : type.add(field.getName(), held);
    }
    int width = type.size();
    if (width == 0) {
      return ParquetType.refused("a struct of values that can't be landed");
    }
    return new ParquetType(
        type,
        (group, place, index) -> {
          Group found = group.getGroup(place, index);
          @Nullable Object[] values = new Object[width];
          int at = 0;
          for (int i = 0; i < fields.size(); i++) {
            Object value = fields.get(i).read(found, i, 0);
            if (fields.get(i).type() != null) {
              values[at++] = value;
            }
          }
          return new GenericInternalRow(values);
        });
  }
}
