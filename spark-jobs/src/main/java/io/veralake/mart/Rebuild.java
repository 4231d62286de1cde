package io.veralake.mart;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a build writes.
 *
 * @param rows the new content of the partitions
 * @param partitions the partitions that are overwritten; none: nothing differs
 */
record Rebuild(Dataset<Row> rows, PartitionSet partitions) {}
