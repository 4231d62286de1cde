package io.veralake.land.files;

import io.veralake.land.decode.ColumnTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** What Avro's types that hold others land as. */
final class AvroNested {
  private AvroNested() {}

  static AvroType of(Schema schema, Set<String> records) {
    return switch (schema.getType()) {
      case ARRAY -> array(schema, records);
      case MAP -> map(schema, records);
      case UNION -> union(schema, records);
      default -> struct(schema, records);
    };
  }

  private static AvroType array(Schema schema, Set<String> records) {
    AvroType item = AvroType.of(schema.getElementType(), records);
    DataType type = item.type();
    if (type == null) {
      return AvroType.refused(schema, "an array of " + name(schema.getElementType()));
    }
    int least = AvroSkip.least(schema.getElementType());
    return new AvroType(
        DataTypes.createArrayType(type, true),
        in -> {
          List<@Nullable Object> items = new ArrayList<>();
          for (long left = in.items(least); left > 0; left = in.items(least)) {
            for (long i = 0; i < left; i++) {
              items.add(item.read(in));
            }
          }
          return new GenericArrayData(items.toArray());
        });
  }

  /** Spark compares no maps; the order of the entries is kept. */
  private static AvroType map(Schema schema, Set<String> records) {
    AvroType value = AvroType.of(schema.getValueType(), records);
    AvroType key = AvroType.of(Schema.create(Schema.Type.STRING), records);
    DataType type = value.type();
    if (type == null) {
      return AvroType.refused(schema, "a map of " + name(schema.getValueType()));
    }
    StructType entry = new StructType().add("key", DataTypes.StringType).add("value", type);
    return new AvroType(
        DataTypes.createArrayType(entry, true),
        in -> {
          List<Object> entries = new ArrayList<>();
          for (long left = in.items(1); left > 0; left = in.items(1)) {
            for (long i = 0; i < left; i++) {
              entries.add(
                  new GenericInternalRow(new @Nullable Object[] {key.read(in), value.read(in)}));
            }
          }
          return new GenericArrayData(entries.toArray());
        });
  }

  private static AvroType struct(Schema schema, Set<String> records) {
    Set<String> inside = new HashSet<>(records);
    if (!inside.add(schema.getFullName())) {
      return AvroType.refused(schema, schema.getFullName() + " inside itself");
    }
    StructType struct = new StructType();
    List<AvroType> types = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Schema.Field field : schema.getFields()) {
      AvroType type = AvroType.of(field.schema(), inside);
      types.add(type);
      if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
        return AvroType.refused(
            schema, "two fields " + field.name() + " (case makes no difference)");
      }
      if (type.type() != null) {
        struct = struct.add(field.name(), Objects.requireNonNull(type.type()));
      }
    }
    int width = struct.size();
    if (width == 0) {
      return AvroType.refused(schema, "a record without values");
    }
    return new AvroType(
        struct,
        in -> {
          @Nullable Object[] values = new Object[width];
          int at = 0;
          for (AvroType type : types) {
            Object value = type.read(in);
            if (type.type() != null) {
              values[at++] = value;
            }
          }
          return new GenericInternalRow(values);
        });
  }

  /** One type beside null, or such as one of them holds exactly. */
  private static AvroType union(Schema schema, Set<String> records) {
    List<AvroType> branches =
        schema.getTypes().stream().map(branch -> AvroType.of(branch, records)).toList();
    DataType widest = null;
    for (int i = 0; i < branches.size(); i++) {
      DataType type = branches.get(i).type();
      boolean unusable = type == null && schema.getTypes().get(i).getType() != Schema.Type.NULL;
      Optional<DataType> next =
          type == null || widest == null
              ? Optional.ofNullable(type == null ? widest : type)
              : ColumnTypes.widest(widest, type);
      if (unusable || (type != null && next.isEmpty())) {
        return AvroType.refused(
            schema, "a union of " + name(schema) + " (one type beside null, or number types)");
      }
      widest = next.orElse(null);
    }
    DataType type = widest;
    int count = branches.size();
    if (type == null) {
      return new AvroType(null, in -> branches.get(AvroSkip.index(in, count, "branch")).read(in));
    }
    List<UnaryOperator<Object>> widen =
        branches.stream()
            .map(
                branch ->
                    branch.type() == null
                        ? UnaryOperator.<Object>identity()
                        : ColumnTypes.widening(branch.type(), type).orElseThrow())
            .toList();
    return new AvroType(
        type,
        in -> {
          int index = AvroSkip.index(in, count, "branch");
          Object value = branches.get(index).read(in);
          return value == null ? null : widen.get(index).apply(value);
        });
  }

  private static String name(Schema schema) {
    return schema.getType() == Schema.Type.UNION
        ? schema.getTypes().stream().map(AvroNested::name).collect(Collectors.joining(" and "))
        : schema.getType().getName();
  }
}
