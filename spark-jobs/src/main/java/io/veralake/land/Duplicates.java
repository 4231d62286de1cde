package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Drops rows that were landed before. Two rows are the same if place in the source's order, operation, record source, and all values before and after are equal; the same place with other
 * values is another row, so that the order in which files arrive doesn't decide which one is kept.
 */
final class Duplicates {
  private static final String HASH = "_hash";
  private static final String[] ORDER = {"_p1", "_p2", "_p3"};

  private Duplicates() {}

  /** {@code rows} without those that {@code table} has, once each, sorted by position. */
  static Dataset<Row> drop(Lake lake, String table, Dataset<Row> rows, int partitions) {
    String[] columns = rows.columns();
    Dataset<Row> fresh = keyed(rows);
    Dataset<Row> known = keyed(lake.rows(table));
    Column same = col("l._hash").equalTo(col("r._hash"));
    for (String order : ORDER) {
      same = same.and(col("l." + order).equalTo(col("r." + order)));
    }
    for (String column : identity()) {
      same = same.and(col("l." + column).eqNullSafe(col("r." + column)));
    }
    fresh = fresh.as("l").join(known.as("r"), same, "left_anti");
    return once(fresh, partitions).selectExpr(quoted(columns));
  }

  private static Dataset<Row> once(Dataset<Row> rows, int partitions) {
    Column[] place = {col(ORDER[0]), col(ORDER[1]), col(ORDER[2]), col(HASH)};
    Column[] same = new Column[place.length + identity().length];
    System.arraycopy(place, 0, same, 0, place.length);
    for (int i = 0; i < identity().length; i++) {
      same[place.length + i] = col(identity()[i]);
    }
    return rows.repartitionByRange(partitions, place)
        .withColumn(
            "_n",
            row_number()
                .over(
                    Window.partitionBy(same)
                        .orderBy(col(RawColumns.FILE), col(RawColumns.ROW))))
        .where("_n = 1");
  }

  private static Dataset<Row> keyed(Dataset<Row> rows) {
    String position = RawColumns.POSITION;
    return rows.withColumn(ORDER[0], col(position + ".major"))
        .withColumn(ORDER[1], col(position + ".minor"))
        .withColumn(ORDER[2], col(position + ".row"))
        .withColumn(
            HASH,
            xxhash64(col(RawColumns.OP), col(RawColumns.BEFORE), col(RawColumns.AFTER)));
  }

  private static String[] identity() {
    return new String[] {
      RawColumns.OP,
      RawColumns.RECORD_SOURCE,
      RawColumns.BEFORE,
      RawColumns.AFTER,
      RawColumns.UNAVAILABLE
    };
  }

  private static String[] quoted(String[] columns) {
    String[] quoted = new String[columns.length];
    for (int i = 0; i < columns.length; i++) {
      quoted[i] = "`" + columns[i] + "`";
    }
    return quoted;
  }
}
