package io.veralake.land;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** The records of a batch's files as a data set ({@link BatchColumns}), good and bad ones. */
final class Batch {
  private Batch() {}

  static Dataset<Row> read(
      SparkSession spark,
      List<List<Split>> tasks,
      Format format,
      StructType rowType,
      RowMaker maker,
      SerializableConfiguration hadoop) {
    JavaRDD<InternalRow> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(tasks, Math.max(1, tasks.size()))
            .flatMap(task -> new Records(task, format, rowType, maker, hadoop.value()));
    return rows(spark, rows, rowType);
  }

  /** Internal rows go in as they are: through external ones each value would be converted twice. */
  static Dataset<Row> rows(SparkSession spark, JavaRDD<InternalRow> rows, StructType rowType) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(
            rows.rdd(), BatchColumns.type(RawTable.type(rowType)), false);
  }
}
