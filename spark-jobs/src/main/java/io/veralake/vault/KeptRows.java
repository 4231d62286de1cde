package io.veralake.vault;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Observations that are made once, kept in memory and on disk, and counted while they are made: one
 * job of one plan, where a cache needs a plan for itself, for the counts and for the keys. What is
 * made from them later is planned over ready rows.
 */
final class KeptRows {
  private final JavaRDD<InternalRow> made;
  private final Dataset<Row> rows;
  private @Nullable StagedTally tally;
  private boolean keyed;

  KeptRows(Dataset<Row> all) {
    SparkSession spark = (SparkSession) all.sparkSession();
    StructType type = all.schema();
    this.made =
        ((org.apache.spark.sql.classic.Dataset<Row>) all)
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .map(InternalRow::copy)
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    this.rows = spark.internalCreateDataFrame(this.made.rdd(), type, false);
  }

  /** The rows. */
  Dataset<Row> rows() {
    return this.rows;
  }

  /** Makes and counts them. */
  StagedRows.Counts count(Optional<SourceOrder> order, Staging staging) {
    StructType type = this.rows.schema();
    String key = staging.found().get(0);
    DataType keyType = type.apply(key).dataType();
    this.keyed = keyType instanceof BinaryType || keyType instanceof StringType;
    StagedTally none =
        new StagedTally(type, this.keyed ? Optional.of(key) : Optional.empty(), order, staging);
    StagedTally all = this.made.aggregate(none, StagedTally::with, StagedTally::with);
    this.tally = all;
    return all.counts();
  }

  /** The keys of those that name one, where keys are bytes or texts; once they are counted. */
  Optional<List<byte[]>> keys() {
    return this.keyed && this.tally != null ? Optional.of(this.tally.keys()) : Optional.empty();
  }

  /** Forgets them. */
  void close() {
    this.made.unpersist(false);
  }
}
