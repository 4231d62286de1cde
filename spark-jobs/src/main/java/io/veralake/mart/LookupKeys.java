package io.veralake.mart;

import io.veralake.lake.RunContext;
import io.veralake.lake.VersionColumns;
import io.veralake.spec.Mart;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Keys of a mart whose rows look a version of a dimension up that came, went or changed. Only the
 * stretches of time in which another version holds than before count: where a version merely ends
 * earlier, that is from the new end on.
 */
final class LookupKeys {
  private static final String FOREVER = "TIMESTAMP '9999-12-31 00:00:00Z'";
  private static final String SINCE = "_since";
  private static final String UNTIL = "_until";

  /** The dimension's column that says whether a version holds now; follows from its end. */
  private static final String IS_CURRENT = "is_current";

  private static final int MOST_BOXES = 64;

  private final RunContext context;
  private final Mart mart;
  private final Mart.Lookup lookup;

  LookupKeys(RunContext context, Mart mart, Mart.Lookup lookup) {
    this.context = context;
    this.mart = mart;
    this.lookup = lookup;
  }

  /** The keys that {@code changes} of the dimension lead to. */
  Dataset<Row> of(Changes changes, Scratch scratch) {
    Dataset<Row> stretches = scratch.keep(this.stretches(changes.rows()));
    Dataset<Row> rows =
        this.context
            .lake()
            .rows(MartTable.name(this.mart.name()))
            .where(this.boxes(stretches))
            .as("t");
    Column same =
        this.lookup.match().stream()
            .map(column -> functions.col("t." + column).equalTo(functions.col("s." + column)))
            .reduce(Column::and)
            .orElseThrow();
    Column at = functions.col("t." + this.lookup.at());
    return rows.join(
            functions.broadcast(stretches.as("s")),
            same.and(at.geq(functions.col("s." + SINCE))).and(at.lt(functions.col("s." + UNTIL))),
            "left_semi")
        .select(this.mart.refresh().key().stream().map(functions::col).toArray(Column[]::new));
  }

  private Dataset<Row> stretches(Dataset<Row> changed) {
    Set<String> follows =
        Set.of(
            VersionColumns.EFFECTIVE_FROM, VersionColumns.EFFECTIVE_TO, IS_CURRENT, Changes.COUNT);
    Column content =
        functions.struct(
            Stream.of(changed.columns())
                .filter(column -> !follows.contains(column))
                .map(functions::col)
                .toArray(Column[]::new));
    Column end =
        functions.coalesce(functions.col(VersionColumns.EFFECTIVE_TO), functions.expr(FOREVER));
    Column moved =
        functions
            .count_distinct(functions.col(Changes.COUNT))
            .equalTo(2)
            .and(functions.min(content).equalTo(functions.max(content)));
    Column[] version =
        Stream.concat(this.lookup.match().stream(), Stream.of(VersionColumns.EFFECTIVE_FROM))
            .map(functions::col)
            .toArray(Column[]::new);
    return changed
        .groupBy(version)
        .agg(
            functions
                .when(moved, functions.min(end))
                .otherwise(functions.min(functions.col(VersionColumns.EFFECTIVE_FROM)))
                .as(SINCE),
            functions.max(end).as(UNTIL))
        .drop(VersionColumns.EFFECTIVE_FROM);
  }

  /**
   * A condition that the rows in question meet, and few others: what tells files that can't hold
   * any. One stretch of keys and times a month in which stretches begin.
   */
  private String boxes(Dataset<Row> stretches) {
    String match = this.lookup.match().get(0);
    // At most one row more than are used.
    List<Row> boxes =
        stretches
            .groupBy(functions.date_trunc("MONTH", functions.col(SINCE)))
            .agg(
                functions.min(SINCE),
                functions.max(UNTIL),
                functions.min(match),
                functions.max(match))
            .limit(MOST_BOXES + 1)
            .collectAsList();
    if (boxes.size() > MOST_BOXES) {
      return "true";
    }
    return boxes.isEmpty()
        ? "false"
        : boxes.stream()
            .map(
                box ->
                    "(`%s` >= %s AND `%s` < %s AND `%s` BETWEEN %s AND %s)"
                        .formatted(
                            this.lookup.at(),
                            Literal.of(box.get(1)),
                            this.lookup.at(),
                            Literal.of(box.get(2)),
                            match,
                            Literal.of(box.get(3)),
                            Literal.of(box.get(4))))
            .collect(Collectors.joining(" OR "));
  }
}
