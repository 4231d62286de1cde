package io.veralake.land;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.veralake.lake.RawColumns;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a batch holds, in numbers.
 *
 * @param rows records to be landed
 * @param repeats tombstones
 * @param others lines that are no records of the table
 * @param bad records that can't be landed
 * @param highCommitTime the latest commit time, microseconds since the epoch; the smallest number if there is none
 */
record BatchReport(long rows, long repeats, long others, long bad, long highCommitTime) {
  /** Counts {@code batch}. */
  static BatchReport of(Dataset<Row> batch) {
    // Bounded: one row for each fate.
    List<Row> counted =
        batch
            .groupBy(BatchColumns.FATE)
            .agg(
                count(lit(1)),
                max(org.apache.spark.sql.functions.unix_micros(col(RawColumns.COMMIT_TIME))))
            .collectAsList();
    long[] counts = new long[BatchColumns.Fate.values().length];
    long high = Long.MIN_VALUE;
    for (Row row : counted) {
      counts[row.getInt(0)] = row.getLong(1);
      high = row.isNullAt(2) ? high : Math.max(high, row.getLong(2));
    }
    return new BatchReport(counts[0], counts[1], counts[2], counts[3], high);
  }
}
