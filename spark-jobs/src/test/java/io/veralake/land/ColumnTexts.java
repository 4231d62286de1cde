package io.veralake.land;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Values of a raw table as Spark's SQL writes them, for comparison with a database's own texts. */
final class ColumnTexts {
  private ColumnTexts() {}

  /** Each column of a struct as text, by SQL. */
  static String of(String struct, StructType type) {
    List<String> texts = new ArrayList<>();
    for (StructField field : type.fields()) {
      String column = struct + "." + field.name();
      texts.add("coalesce(" + text(column, field) + ", 'null')");
    }
    return String.join(", ", texts);
  }

  private static String text(String column, StructField field) {
    boolean time =
        field.dataType().equals(DataTypes.TimestampType)
            || field.dataType().equals(DataTypes.TimestampNTZType);
    if (time) {
      return "date_format(" + column + ", 'yyyy-MM-dd HH:mm:ss.SSSSSS')";
    }
    if (field.dataType().equals(DataTypes.BinaryType)) {
      return "hex(" + column + ")";
    }
    return "cast(" + column + " as string)";
  }
}
