package io.veralake.reconcile;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;

import io.veralake.lake.Lake;
import io.veralake.lake.RunContext;
import io.veralake.lake.VaultColumns;
import io.veralake.lake.VaultViews;
import io.veralake.spec.Mart;
import io.veralake.spec.Reconciliation;
import io.veralake.spec.Satellite;
import io.veralake.spec.VaultTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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
    this.registerVault();
    this.registerMarts();
    this.keys(rows).createOrReplaceTempView("keys");
    return this.context
        .lake()
        .spark()
        .sql(this.reconciliation.history())
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

  private Dataset<Row> keys(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < this.shape.key().size(); i++) {
      io.veralake.spec.Column column = this.shape.key().get(i);
      columns.add(
          Values.sparkValue(col("key").getItem(i), column.type()).as(column.name()));
    }
    return rows.select("key").distinct().select(columns.toArray(Column[]::new));
  }

  private void registerVault() {
    Lake lake = this.context.lake();
    VaultViews views = new VaultViews(this.context.model());
    for (VaultTable table : this.context.model().vault()) {
      String name = "vault." + table.name();
      if (!lake.exists(name)) {
        continue;
      }
      if (table instanceof Satellite satellite) {
        String sql = views.history(satellite, lake.sqlName(name));
        lake.spark().sql(sql).createOrReplaceTempView(table.name() + VaultViews.HISTORY);
        sql = views.current(satellite, lake.sqlName(name));
        lake.spark().sql(sql).createOrReplaceTempView(table.name() + VaultViews.CURRENT);
      } else {
        lake.rows(name).createOrReplaceTempView(table.name());
      }
    }
  }

  private void registerMarts() {
    Lake lake = this.context.lake();
    for (Mart mart : this.context.model().marts()) {
      if (lake.exists("mart." + mart.name())) {
        lake.rows("mart." + mart.name()).createOrReplaceTempView(mart.name());
      }
    }
  }
}
