package io.veralake.reconcile;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;

import io.veralake.lake.RunContext;
import io.veralake.lake.VersionColumns;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.jdk.javaapi.CollectionConverters;

/** Every version that the keys in question ever had, by the declared query over the vault. */
final class History {
  private final RunContext context;
  private final Reconciliation reconciliation;
  private final Shape shape;
  private final UnaryOperator<Dataset<Row>> keep;

  /**
   * @param keep keeps rows in memory once they have been read, until the versions have been used
   */
  History(
      RunContext context,
      Reconciliation reconciliation,
      Shape shape,
      UnaryOperator<Dataset<Row>> keep) {
    this.context = context;
    this.reconciliation = reconciliation;
    this.shape = shape;
    this.keep = keep;
  }

  /** Versions of the keys of {@code rows} ({@link SideRow#TYPE}), in the same form. */
  Dataset<Row> versions(Dataset<Row> rows) {
    Wanted keys = Wanted.of(this.keep.apply(this.keys(rows)));
    if (keys.isEmpty()) {
      return rows.limit(0);
    }
    return this.query(keys)
        .select(
            lit(SideRow.Side.HISTORY.name()).as("side"),
            TruthRows.texts(this.shape.key()).as("key"),
            TruthRows.texts(this.shape.values()).as("values"),
            coalesce(
                    unix_micros(col(VersionColumns.EFFECTIVE_FROM).cast("timestamp")),
                    lit(SideRow.NO_TIME))
                .as("changed"),
            lit(SideRow.NO_TIME).as("received"),
            coalesce(col(VersionColumns.DELETED), lit(false)).as("deleted"));
  }

  private Dataset<Row> query(Wanted keys) {
    SparkSession spark = this.context.lake().spark();
    KeyViews views = new KeyViews(this.context, this.reconciliation, keys, this.keep);
    // Views are names of the session: between their registration and the query's analysis nobody
    // else may register others.
    synchronized (spark) {
      keys.rows().createOrReplaceTempView("keys");
      views.register();
      Dataset<Row> query = spark.sql(this.reconciliation.history());
      List<String> repeated = repeated(query);
      if (repeated.isEmpty()) {
        return query;
      }
      views.keep(repeated);
      views.register();
      return spark.sql(this.reconciliation.history());
    }
  }

  /** Tables (with namespace) that {@code query} reads more than once. */
  private static List<String> repeated(Dataset<Row> query) {
    Map<String, Integer> reads = new TreeMap<>();
    LogicalPlan plan = query.queryExecution().optimizedPlan();
    List<LogicalPlan> plans = new ArrayList<>(CollectionConverters.asJava(plan.subqueriesAll()));
    plans.add(plan);
    for (LogicalPlan part : plans) {
      for (LogicalPlan leaf : CollectionConverters.asJava(part.collectLeaves())) {
        if (leaf instanceof DataSourceV2ScanRelation scan
            && scan.relation().identifier().isDefined()) {
          Identifier table = scan.relation().identifier().get();
          reads.merge(table.namespace()[0] + "." + table.name(), 1, Integer::sum);
        }
      }
    }
    return reads.entrySet().stream()
        .filter(table -> table.getValue() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Dataset<Row> keys(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < this.shape.key().size(); i++) {
      io.veralake.spec.Column column = this.shape.key().get(i);
      columns.add(Values.sparkValue(col("key").getItem(i), column.type()).as(column.name()));
    }
    return rows.select("key").distinct().select(columns.toArray(Column[]::new));
  }
}
