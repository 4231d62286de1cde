package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * Keys that rows are wanted for. A few thousand are written into the query, where the table's files
 * can be left out by them; more are joined.
 */
final class Wanted {
  private static final int MOST_LISTED = 5_000;

  private final Dataset<Row> rows;
  private final @Nullable List<Row> listed;

  private Wanted(Dataset<Row> rows, @Nullable List<Row> listed) {
    this.rows = rows;
    this.listed = listed;
  }

  /** The keys in {@code rows}: distinct, and at hand (they are read more than once). */
  static Wanted of(Dataset<Row> rows) {
    // Few, or none of them is used.
    List<Row> first = rows.limit(MOST_LISTED + 1).collectAsList();
    return first.size() > MOST_LISTED
        ? new Wanted(rows, null)
        : new Wanted(rows.sparkSession().createDataFrame(first, rows.schema()), first);
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return this.listed != null && this.listed.isEmpty();
  }

  /** The keys. */
  Dataset<Row> rows() {
    return this.rows;
  }

  /** Rows of {@code table} whose {@code columns} are among the keys' {@code names}. */
  Dataset<Row> among(Dataset<Row> table, List<String> names, List<String> columns) {
    if (this.listed == null || columns.size() > 1) {
      Dataset<Row> all = this.listed == null ? table : this.filtered(table, names, columns);
      return this.joined(all, names, columns);
    }
    return this.filtered(table, names, columns);
  }

  /** Rows each of whose {@code columns} is among the keys, though perhaps not of one key. */
  private Dataset<Row> filtered(Dataset<Row> table, List<String> names, List<String> columns) {
    Dataset<Row> few = table;
    for (int i = 0; i < columns.size(); i++) {
      int place = this.rows.schema().fieldIndex(names.get(i));
      List<@Nullable Object> values = new ArrayList<>();
      for (Row key : Objects.requireNonNull(this.listed)) {
        values.add(key.get(place));
      }
      boolean none = values.removeIf(Objects::isNull);
      Column column = col("`" + columns.get(i) + "`");
      Column among = values.isEmpty() ? lit(false) : column.isin(values.toArray());
      few = few.where(none ? among.or(column.isNull()) : among);
    }
    return few;
  }

  private Dataset<Row> joined(Dataset<Row> table, List<String> names, List<String> columns) {
    List<Column> keys = new ArrayList<>();
    Column same = lit(true);
    for (int i = 0; i < columns.size(); i++) {
      String key = "wanted_" + i;
      keys.add(this.rows.col("`" + names.get(i) + "`").as(key));
      same = same.and(table.col("`" + columns.get(i) + "`").eqNullSafe(col(key)));
    }
    return table.join(this.rows.select(keys.toArray(Column[]::new)), same, "left_semi");
  }
}
