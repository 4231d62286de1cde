package io.veralake.reconcile;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.veralake.lake.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The last reconciliation before this one.
 *
 * @param asOf microseconds of its as-of
 * @param snapshot of the mart that it compared
 * @param open partitions that it left with differences or with rows in flight
 */
record Previous(long asOf, long snapshot, List<@Nullable String> open) {
  /** The last one of {@code reconciliation} with an earlier as-of than the run's. */
  static Optional<Previous> of(RunContext context, String reconciliation) {
    // At most one row.
    List<Row> rows =
        context
            .lake()
            .rows(ReconTables.SUMMARY)
            .where(col("reconciliation").equalTo(reconciliation))
            .where(col("as_of").lt(lit(context.asOf())))
            .orderBy(col("as_of").desc())
            .limit(1)
            .selectExpr("unix_micros(as_of)", "mart_snapshot", "open_partitions")
            .collectAsList();
    return rows.stream()
        .findFirst()
        .map(row -> new Previous(row.getLong(0), row.getLong(1), new ArrayList<>(row.getList(2))));
  }
}
