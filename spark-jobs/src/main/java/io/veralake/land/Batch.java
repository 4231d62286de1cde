package io.veralake.land;

import io.veralake.land.BatchColumns.Fate;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The records of a batch ({@link BatchColumns}), good and bad ones, decoded once and kept until the
 * batch is landed. Rows stay in Spark's internal form from the decoder to the writer: through
 * external ones each value would be converted twice.
 */
final class Batch implements AutoCloseable {
  private final SparkSession spark;
  private final StructType rowType;
  private final JavaRDD<RowBlock> blocks;
  private @Nullable BatchReport report;

  private Batch(SparkSession spark, StructType rowType, JavaRDD<InternalRow> decoded) {
    StructType type = BatchColumns.type(RawTable.type(rowType));
    this.spark = spark;
    this.rowType = rowType;
    this.blocks =
        decoded
            .mapPartitions(own -> RowBlock.pack(own, type))
            .persist(StorageLevel.MEMORY_AND_DISK());
  }

  /** The records of files, cut into {@code tasks}. */
  static Batch read(
      SparkSession spark,
      List<List<Split>> tasks,
      Format format,
      RowMaker maker,
      Broadcast<SerializableConfiguration> hadoop) {
    return new Batch(
        spark,
        maker.rawType(),
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(tasks, Math.max(1, tasks.size()))
            .flatMap(task -> new Records(task, format, maker, hadoop.value().value())));
  }

  /** Records that were decoded elsewhere. */
  static Batch of(SparkSession spark, StructType rowType, JavaRDD<InternalRow> decoded) {
    return new Batch(spark, rowType, decoded);
  }

  /** What the batch holds. */
  BatchReport report() {
    BatchReport known = this.report;
    if (known == null) {
      known = BatchReport.of(this.blocks);
      this.report = known;
    }
    return known;
  }

  /** The records of one fate. */
  Dataset<Row> rows(Fate fate) {
    return frame(
        this.spark,
        this.blocks.flatMap(block -> block.rows(fate)),
        BatchColumns.type(RawTable.type(this.rowType)));
  }

  /** {@code rows} as a data set. */
  static Dataset<Row> frame(SparkSession spark, JavaRDD<InternalRow> rows, StructType type) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(rows.rdd(), type, false);
  }

  @Override
  public void close() {
    this.blocks.unpersist();
  }
}
