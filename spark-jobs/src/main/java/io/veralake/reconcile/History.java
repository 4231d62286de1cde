package io.veralake.reconcile;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;

import io.veralake.lake.RunContext;
import io.veralake.lake.VaultColumns;
import io.veralake.spec.Reconciliation;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Every version that the keys in question ever had, by the declared query over the vault. */
final class History {
  private final RunContext context;
  private final Reconciliation reconciliation;
  private final Shape shape;

  History(RunContext context, Reconciliation reconciliation, Shape shape) {
    this.context = context;
    this.reconciliation = reconciliation;
    this.shape = shape;
  }

  /** Versions of the keys of {@code rows} ({@link SideRow#TYPE}), in the same form. */
  Dataset<Row> versions(Dataset<Row> rows) {
    return this.query(rows)
        .select(
            lit(SideRow.Side.HISTORY.name()).as("side"),
            TruthRows.texts(this.shape.key()).as("key"),
            TruthRows.texts(this.shape.values()).as("values"),
            coalesce(
                    unix_micros(col(VaultColumns.EFFECTIVE_FROM).cast("timestamp")),
                    lit(SideRow.NO_TIME))
                .as("changed"),
            lit(SideRow.NO_TIME).as("received"),
            coalesce(col(VaultColumns.DELETED), lit(false)).as("deleted"));
  }

  private Dataset<Row> query(Dataset<Row> rows) {
    SparkSession spark = this.context.lake().spark();
    // Views are names of the session: between their registration and the query's analysis nobody
    // else may register others.
    synchronized (spark) {
      Dataset<Row> keys = this.keys(rows);
      keys.createOrReplaceTempView("keys");
      new KeyViews(this.context, this.reconciliation).register(keys);
      return spark.sql(this.reconciliation.history());
    }
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
