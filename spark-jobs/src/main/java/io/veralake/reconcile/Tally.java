package io.veralake.reconcile;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * Findings of one cause that have their partitions in common, counted and summed.
 *
 * @param cause the cause
 * @param streamed what the stream shows for them; null if it shows nothing
 * @param corrected what is true of them; null if nothing is
 * @param elsewhere of phantoms: the partition where their keys should be by what the vault knows
 * @param count how many they are
 */
record Tally(
    Cause cause,
    @Nullable Side streamed,
    @Nullable Side corrected,
    @Nullable String elsewhere,
    long count) {
  /**
   * One side.
   *
   * @param partition where the rows are counted
   * @param sums of the measures, in the order of {@link Shape#measureNames}
   */
  record Side(@Nullable String partition, List<BigDecimal> sums) {}

  /** The tallies of {@code findings}: about as many as there are partitions and causes. */
  static List<Tally> of(Dataset<Row> findings, Shape shape) {
    int measures = shape.measureNames().size();
    List<Column> numbers = new ArrayList<>();
    for (String side : List.of("streamed", "corrected")) {
      for (int i = 0; i < measures; i++) {
        Column value = col(side + ".measures").getItem(i);
        numbers.add(coalesce(sum(value), lit(0).cast(Finding.AMOUNT)));
      }
    }
    Dataset<Row> sums =
        findings
            .groupBy(
                col("cause"),
                col("streamed").isNotNull().as("has_streamed"),
                col("streamed.partition").as("streamed_partition"),
                col("corrected").isNotNull().as("has_corrected"),
                col("corrected.partition").as("corrected_partition"),
                col("elsewhere"))
            .agg(functions.count(lit(1)), numbers.toArray(Column[]::new));
    List<Tally> tallies = new ArrayList<>();
    for (Row row : sums.collectAsList()) {
      tallies.add(
          new Tally(
              Cause.valueOf(row.getString(0)),
              row.getBoolean(1) ? side(row, 2, 7, measures) : null,
              row.getBoolean(3) ? side(row, 4, 7 + measures, measures) : null,
              row.getString(5),
              row.getLong(6)));
    }
    return tallies;
  }

  private static Side side(Row row, int partition, int first, int measures) {
    List<BigDecimal> sums = new ArrayList<>();
    for (int i = 0; i < measures; i++) {
      sums.add(row.getDecimal(first + i));
    }
    return new Side(row.getString(partition), sums);
  }
}
