package io.veralake.publish;

import io.veralake.lake.Lake;
import io.veralake.spec.Column;
import io.veralake.spec.Mart;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows that a mart had, with the columns that it has today: a column that it didn't have is null.
 */
final class MartRows {
  private MartRows() {}

  /** Whether the mart's snapshot is still there. */
  static boolean known(Lake lake, Mart mart, long snapshot) {
    return lake.table("mart." + mart.name()).snapshot(snapshot) != null;
  }

  /** All rows of the snapshot. */
  static Dataset<Row> at(Lake lake, Mart mart, long snapshot) {
    Dataset<Row> all =
        lake.spark()
            .sql(
                "SELECT * FROM "
                    + lake.sqlName("mart." + mart.name())
                    + " VERSION AS OF "
                    + snapshot);
    List<String> there = Arrays.asList(all.columns());
    return all.selectExpr(
        mart.columns().stream().map(column -> today(column, there)).toArray(String[]::new));
  }

  /** The rows of the snapshot in {@code partitions}, at least one. */
  static Dataset<Row> at(Lake lake, Mart mart, long snapshot, Set<List<String>> partitions) {
    return Load.of(at(lake, mart, snapshot), mart, partitions);
  }

  private static String today(Column column, List<String> there) {
    String name = "`" + column.name() + "`";
    return (there.contains(column.name())
            ? "try_cast(" + name + " AS " + column.type().sql() + ")"
            : "CAST(NULL AS " + column.type().sql() + ")")
        + " AS "
        + name;
  }
}
