package io.veralake.mart;

import io.veralake.lake.Lake;
import io.veralake.spec.Mart;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * Small intermediate results of one build, kept until it ends under names that no other build uses.
 */
final class Scratch implements AutoCloseable {
  private final Lake lake;
  private final String prefix;
  private final List<String> names = new ArrayList<>();
  private final List<Dataset<Row>> kept = new ArrayList<>();

  Scratch(Lake lake, Mart mart) {
    this.lake = lake;
    this.prefix = "veralake_" + lake.catalog() + "_" + mart.name() + "_";
  }

  /** Computes {@code rows} at most once; a query that gives them. */
  String keep(String name, Dataset<Row> rows) {
    return this.view(name, this.keep(rows));
  }

  /**
   * Computes {@code rows} at most once. They are cut off from the query that they come from: what
   * is built upon them is planned as if they were a table. A lost executor therefore fails the
   * step, which a rerun repeats.
   */
  Dataset<Row> keep(Dataset<Row> rows) {
    Dataset<Row> result = rows.localCheckpoint(false, StorageLevel.MEMORY_AND_DISK());
    this.kept.add(result);
    return result;
  }

  /** A query that gives {@code rows}. */
  String view(String name, Dataset<Row> rows) {
    String view = this.prefix + name;
    rows.createOrReplaceTempView(view);
    this.names.add(view);
    return "SELECT * FROM `" + view + "`";
  }

  @Override
  public void close() {
    this.names.forEach(this.lake.spark().catalog()::dropTempView);
    for (Dataset<Row> rows : this.kept) {
      if (rows.queryExecution().logical() instanceof LogicalRDD kept) {
        kept.rdd().unpersist(false);
      }
    }
  }
}
