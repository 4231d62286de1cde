package io.veralake.land.files;

import io.veralake.land.decode.BadRecordException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a Parquet file says of its rows.
 *
 * @param type their type
 * @param notes what its writer noted beside that changes what values mean
 */
record ParquetSchema(MessageType type, Map<String, String> notes) {
  private static final String SPARK = "org.apache.spark.version";

  /** Times and days that Spark wrote in the calendar that was in use at their time. */
  private static final List<String> JULIAN =
      List.of("org.apache.spark.legacyINT96", "org.apache.spark.legacyDateTime");

  static ParquetSchema of(FileMetaData file) {
    Map<String, String> notes = new TreeMap<>(file.getKeyValueMetaData());
    notes.keySet().removeIf(key -> !key.equals(SPARK) && !JULIAN.contains(key));
    return new ParquetSchema(file.getSchema(), notes);
  }

  /** Its columns. */
  List<Type> fields() throws BadRecordException {
    Columns.distinct(this.type.getFields().stream().map(Type::getName).toList());
    if (this.notes.keySet().stream().anyMatch(JULIAN::contains)) {
      throw new BadRecordException(
          "Invalid dates and times of the file: in the Julian calendar before 1582 (write it with spark.sql.parquet.datetimeRebaseModeInWrite and int96RebaseModeInWrite = CORRECTED)");
    }
    return this.type.getFields();
  }

  /** How the values of {@code field} become those of a column. */
  ParquetType values(Type field, StructType declared) {
    int place = List.of(declared.fieldNames()).indexOf(field.getName());
    @Nullable DataType known = place < 0 ? null : declared.fields()[place].dataType();
    boolean time = field.isPrimitive() && is96(field);
    // Spark's are instants in UTC; of others' nobody knows.
    boolean instant = time && this.notes.containsKey(SPARK);
    return ParquetNested.values(field, instant ? DataTypes.TimestampType : known);
  }

  private static boolean is96(Type field) {
    return !(field instanceof GroupType)
        && field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT96;
  }
}
