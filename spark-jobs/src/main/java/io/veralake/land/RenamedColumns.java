package io.veralake.land;

import io.veralake.lake.DataException;
import io.veralake.land.decode.ColumnTypes;
import io.veralake.spec.LandTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table that its source renamed, as the model tells. The raw table has them under
 * the name of today; records that were written before the change still bring the earlier one.
 *
 * @param from earlier names by the name of today
 */
record RenamedColumns(Map<String, List<String>> from) implements Serializable {
  /** Those of {@code table}. */
  static RenamedColumns of(LandTable table) {
    return new RenamedColumns(table.renamedFrom());
  }

  /** Today's names by the earlier ones. */
  private Map<String, String> today() {
    Map<String, String> names = new HashMap<>();
    this.from.forEach((name, earlier) -> earlier.forEach(old -> names.put(old, name)));
    return names;
  }

  /** {@code names} as they are today. */
  List<String> today(List<String> names) {
    Map<String, String> today = this.today();
    return names.stream().map(name -> today.getOrDefault(name, name)).distinct().toList();
  }

  /** {@code byColumn} by the names of today. */
  <T> Map<String, T> today(Map<String, T> byColumn) {
    Map<String, String> today = this.today();
    Map<String, T> result = new TreeMap<>();
    byColumn.forEach((name, value) -> result.put(today.getOrDefault(name, name), value));
    return result;
  }

  /** The columns that sources declare, by the names of today. */
  List<StructType> types(List<StructType> sent) {
    return this.from.isEmpty() ? sent : sent.stream().map(this::type).distinct().toList();
  }

  private StructType type(StructType sent) {
    Map<String, String> today = this.today();
    StructType all = new StructType();
    for (StructField field : sent.fields()) {
      String name = today.getOrDefault(field.name(), field.name());
      all = ColumnTypes.union(all, new StructType().add(name, field.dataType(), true));
    }
    return all;
  }

  /**
   * How columns are to be renamed that {@code table} has: today's names by those that they have.
   *
   * @param held names of its columns
   * @throws DataException if one column of today is several in the table
   */
  Map<String, String> due(String table, List<String> held) {
    Map<String, String> due = new TreeMap<>();
    this.from.forEach(
        (name, earlier) -> {
          List<String> there = new ArrayList<>(earlier);
          there.add(name);
          there.retainAll(held);
          if (there.size() > 1) {
            throw new DataException(
                "Cannot rename a column of %s to %s: the table has %s (records were landed under each of these names: take %s out of renamed-from, and choose between the columns in the vault's models)"
                    .formatted(table, name, String.join(" and ", there), name));
          }
          if (!there.isEmpty() && !there.get(0).equals(name)) {
            due.put(there.get(0), name);
          }
        });
    return due;
  }
}
