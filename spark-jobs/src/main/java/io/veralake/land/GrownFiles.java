package io.veralake.land;

import static org.apache.spark.sql.functions.bool_and;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.veralake.lake.Lake;
import io.veralake.lake.RawColumns;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Files that were landed and then written on: what they held before is still their beginning,
 * record by record. That beginning says nothing new. Landed again as of the file's new time it
 * would repeat, after what came later, each version that it has of a key.
 */
final class GrownFiles {
  private static final String NUMBER = "_number";
  private static final String URL = "_url";
  private static final String HELD = "_held";
  private static final String SENT = "_sent";
  private static final String GROWN = "_grown";
  private static final List<String> CONTENT =
      List.of(
          RawColumns.OP,
          RawColumns.RECORD_SOURCE,
          RawColumns.BEFORE,
          RawColumns.AFTER,
          RawColumns.UNAVAILABLE);

  private GrownFiles() {}

  /**
   * {@code rows} without those at the beginning of files that {@code table} has. A file in which
   * anything else changed keeps all of its rows: they are a later version of it.
   *
   * @param rewritten addresses of the files that were landed before in another form
   */
  static Dataset<Row> grown(Lake lake, String table, Dataset<Row> rows, List<String> rewritten) {
    if (rewritten.isEmpty()) {
      return rows;
    }
    Column ofThem = col(RawColumns.FILE).isin(rewritten.toArray());
    Dataset<Row> held =
        lake.rows(table)
            .where(ofThem)
            .groupBy(col(RawColumns.FILE).as(URL), col(RawColumns.ROW).as(NUMBER))
            .agg(max_by(content(), col(RawColumns.POSITION)).as(HELD));
    Dataset<Row> sent =
        rows.where(ofThem)
            .select(
                col(RawColumns.FILE).as(URL), col(RawColumns.ROW).as(NUMBER), content().as(SENT));
    Dataset<Row> before =
        held.join(
                sent,
                held.col(URL)
                    .equalTo(sent.col(URL))
                    .and(held.col(NUMBER).equalTo(sent.col(NUMBER))),
                "full")
            .select(
                functions.coalesce(held.col(URL), sent.col(URL)).as(URL),
                functions.coalesce(held.col(NUMBER), sent.col(NUMBER)).as(NUMBER),
                col(HELD),
                col(SENT))
            .groupBy(URL)
            .agg(
                bool_and(col(HELD).isNull().or(col(HELD).eqNullSafe(col(SENT)))).as(GROWN),
                max(when(col(HELD).isNotNull(), col(NUMBER))).as(HELD),
                min(when(col(HELD).isNull(), col(NUMBER))).as(SENT))
            // A record before the end that wasn't landed then is followed by others of its key.
            .where(col(GROWN).and(col(SENT).isNull().or(col(SENT).gt(col(HELD)))))
            .select(col(URL), col(HELD).as(NUMBER));
    Column beginning =
        col(RawColumns.FILE).equalTo(col(URL)).and(col(RawColumns.ROW).leq(col(NUMBER)));
    return rows.join(functions.broadcast(before), beginning, "left_anti");
  }

  private static Column content() {
    return struct(CONTENT.stream().map(name -> col(name)).toArray(Column[]::new));
  }
}
