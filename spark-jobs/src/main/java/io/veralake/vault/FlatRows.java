package io.veralake.vault;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.RawColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Raw rows as source expressions see them: the source's columns side by side, with the metadata
 * columns.
 */
final class FlatRows {
  /** Metadata columns that expressions may use. A source column of such a name is hidden by it. */
  static final List<String> METADATA =
      List.of(
          RawColumns.OP,
          RawColumns.POSITION,
          RawColumns.COMMIT_TIME,
          RawColumns.RECORD_SOURCE,
          RawColumns.LOAD_TIME,
          RawColumns.FILE,
          RawColumns.ROW,
          RawColumns.BATCH);

  /**
   * Working column: whether the source kept back a value that matters, so that nobody knows it.
   * Boolean.
   */
  static final String UNSENT = "_unsent";

  /** Working column: names of the columns that matter and whose values nobody knows. */
  static final String UNKNOWN = "_unknown";

  private FlatRows() {}

  /** Columns of the flat rows of a raw table with schema {@code raw}. */
  static StructType columns(StructType raw) {
    StructType result = new StructType();
    Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : METADATA) {
      result = result.add(raw.apply(name));
      taken.add(name);
    }
    for (StructField field : ((StructType) raw.apply(RawColumns.AFTER).dataType()).fields()) {
      if (taken.add(field.name())) {
        result = result.add(field);
      }
    }
    return result;
  }

  /**
   * The names that {@code columns} have, of columns that an expression spelled {@code written}: it
   * may spell them as it likes. Metadata isn't among them.
   */
  static Set<String> own(List<String> written, String[] columns) {
    Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List.of(columns).forEach(name -> names.put(name, name));
    Set<String> own = new TreeSet<>();
    written.forEach(name -> own.add(names.getOrDefault(name, name)));
    METADATA.forEach(own::remove);
    return own;
  }

  /**
   * Each row as it is after its change, or, if it is gone then, as it was before; with {@link
   * #UNSENT} and {@link #UNKNOWN}. A value that the source didn't send because it hadn't changed is
   * taken from the row before, if that has it: a row before may have no more than the columns that
   * identify it, and nothing, or an empty text, in the place of others. No value that is kept back
   * is null or empty.
   *
   * @param needed columns without whose values the row can't be loaded
   * @param described columns whose values may be unknown
   */
  static Dataset<Row> latest(Dataset<Row> raw, Set<String> needed, Set<String> described) {
    Column there = col(RawColumns.AFTER).isNotNull();
    Column some = col(RawColumns.UNAVAILABLE).isNotNull().and(there);
    Column any =
        needed.stream().map(name -> unknown(raw, name)).reduce(Column::or).orElse(lit(false));
    List<Column> names = new ArrayList<>();
    for (String name : described) {
      names.add(when(unknown(raw, name), lit(name)));
    }
    Column unknown =
        names.isEmpty() ? lit(null) : array_compact(array(names.toArray(Column[]::new)));
    return flat(
        raw.withColumn(UNSENT, when(some, any).otherwise(lit(false)))
            .withColumn(UNKNOWN, when(some, unknown).cast("array<string>")),
        List.of(UNSENT, UNKNOWN),
        name -> {
          Column before = field(RawColumns.BEFORE, name);
          return when(there, latestValue(name)).otherwise(before);
        });
  }

  /** Whether the source kept back the value of {@code name}, and it isn't known otherwise. */
  static Column unknown(Dataset<Row> raw, String name) {
    Column known = sent(raw, name).and(not(unavailable("before." + name)));
    return unavailable(name).and(not(known));
  }

  /** The value of {@code name} after the change, or before it if it wasn't sent again. */
  static Column latestValue(String name) {
    return coalesce(
        field(RawColumns.AFTER, name), when(unavailable(name), field(RawColumns.BEFORE, name)));
  }

  /** Whether the row before holds a value that can have been kept back. */
  private static Column sent(Dataset<Row> raw, String name) {
    Column before = field(RawColumns.BEFORE, name);
    StructType row = (StructType) raw.schema().apply(RawColumns.BEFORE).dataType();
    DataType type = row.apply(name).dataType();
    boolean lengthy = type.equals(DataTypes.StringType) || type.equals(DataTypes.BinaryType);
    Column there = before.isNotNull();
    return lengthy ? there.and(octet_length(before).gt(0)) : there;
  }

  /**
   * {@code raw} with the names of today in the list of columns whose values weren't sent, which
   * holds names as they were when the row was landed.
   *
   * @param from earlier names of columns by the name of today
   */
  static Dataset<Row> named(Dataset<Row> raw, Map<String, List<String>> from) {
    if (from.isEmpty()) {
      return raw;
    }
    Column names = transform(col(RawColumns.UNAVAILABLE), name -> today(name, from));
    return raw.withColumn(RawColumns.UNAVAILABLE, names);
  }

  private static Column today(Column name, Map<String, List<String>> from) {
    Column today = name;
    for (Map.Entry<String, List<String>> column : from.entrySet()) {
      for (String old : column.getValue()) {
        today =
            when(name.equalTo(old), column.getKey())
                .when(name.equalTo("before." + old), "before." + column.getKey())
                .otherwise(today);
      }
    }
    return today;
  }

  private static Column unavailable(String name) {
    return array_contains(col(RawColumns.UNAVAILABLE), name);
  }

  /** Each row as it is after its change, with the columns {@code keep} of {@code raw}. */
  static Dataset<Row> after(Dataset<Row> raw, List<String> keep) {
    return flat(raw, keep, name -> field(RawColumns.AFTER, name));
  }

  /** Each row as it was before its change, with the columns {@code keep} of {@code raw}. */
  static Dataset<Row> before(Dataset<Row> raw, List<String> keep) {
    return flat(raw, keep, name -> field(RawColumns.BEFORE, name));
  }

  private static Dataset<Row> flat(
      Dataset<Row> raw, List<String> keep, Function<String, Column> value) {
    Set<String> taken = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    List<Column> columns = new ArrayList<>();
    for (String name : METADATA) {
      columns.add(col(name));
      taken.add(name);
    }
    for (String name : keep) {
      columns.add(col(name));
      taken.add(name);
    }
    StructType row = (StructType) raw.schema().apply(RawColumns.AFTER).dataType();
    for (String name : row.fieldNames()) {
      if (taken.add(name)) {
        columns.add(value.apply(name).as(name));
      }
    }
    return raw.select(columns.toArray(Column[]::new));
  }

  private static Column field(String struct, String name) {
    return col(struct).getField(name);
  }
}
